"""The public door, as users call it: a dict in, a decision out, on the law of real places and beside other engines at their best."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import zen
from cel_expr_python import cel
from peers import Document, Outcome, _zen, documents, effects_of, outcomes
from stacks import ACTIONS, DAY, requests, twelve

import comity
from comity.decision.explain import Explainer
from comity.engine.compiled.reader import RequestReader
from comity.facts import kinds
from comity.facts.document import document_of
from comity.law.in_force import in_force
from comity.law.instrument import BEYOND_ACTIONS

PLACES = (
    "us/fl/miami-dade", "us/ca/los-angeles", "us/ny/new-york-city", "us/tx/harris", "us/dc", "us/il/cook",
)  # fmt: skip
AT, ON = "2025-06-02T09:00:00-05:00", date(2025, 6, 2)
NOT_OF_A_DETAINER = ("agency.", "decision.", "place.", "visit.", "encounter.", "certification.")
MISSING = 0.4
WARM, TIMED, FIRST = 4_000, 4_000, 1_000
ZONE = "America/New_York"
BEFORE = {  # the same requests, with the library held, measured on 2026-11-25 before the law was held open
    "us/fl/miami-dade": (133, 108), "us/ca/los-angeles": (69, 33), "us/ny/new-york-city": (78, 56),
    "us/tx/harris": (163, 142), "us/dc": (138, 116), "us/il/cook": (None, None),
}  # fmt: skip


class Requests:
    """Requests for the facts that the law of a place asks about, all different."""

    def __init__(self, law: comity.Law, place: str, seed: int) -> None:
        self.place, self.random, self.vocabulary = place, Random(f"{place} {seed}"), law.library.vocabulary
        asked = Explainer(in_force(law.library, place, ON)).asked
        facts = {fact for split in asked.splits for fact in split.facts if self.vocabulary.kind(fact)}
        self.facts = sorted(fact for fact in facts if not fact.startswith(NOT_OF_A_DETAINER))

    def __call__(self, count: int, missing: float) -> list[dict[str, Any]]:
        return [self.one(missing) for _ in range(count)]

    def one(self, missing: float) -> dict[str, Any]:
        document: dict[str, Any] = {"place": self.place, "at": AT}
        for path in self.facts:
            if self.random.random() >= missing:
                section, _, name = path.rpartition(".")
                inside = document.setdefault(section, {}) if section else document
                inside[name] = self.value(self.vocabulary.kind(path), missing)
        return document

    def value(self, kind: Any, missing: float) -> Any:
        random = self.random
        match kind:
            case kinds.Truth():
                return random.random() < 0.5
            case kinds.Choice(members):
                return random.choice(members)
            case kinds.Number():
                return random.randint(15, 70)
            case kinds.Day():
                return str(ON - timedelta(random.randint(0, 9_000)))
            case kinds.Set(members):
                return [member for member in members if member not in BEYOND_ACTIONS and random.random() < 0.3]
            case kinds.Records():
                return [self.record(kind, missing) for _ in range(random.choice((0, 1, 1, 2, 3)))]
        return "a name"

    def record(self, kind: kinds.Records, missing: float) -> dict[str, Any]:
        fields = {name: field for name, field in kind.fields.items() if not isinstance(field, kinds.Moment)}
        chosen = (name for name in fields if name != "classes" and self.random.random() >= missing)
        return {name: self.value(fields[name], 0) for name in chosen}


def rate(run: Callable[[Any], object], documents: Sequence[Any]) -> float:
    """Documents a second of CPU time."""
    start = time.process_time()
    for document in documents:
        run(document)
    return len(documents) / (time.process_time() - start)


def rates_of(law: comity.Law, place: str, rounds: int) -> dict[str, float]:
    """Decisions a second at one place: explained, outcomes alone, and the whole answer as JSON."""
    runs: dict[str, Callable[[Any], object]] = {
        "decide": law.decide,
        "outcomes": law.outcomes,
        "json": lambda document: law.decide(document).to_json(),
    }
    found: dict[str, float] = {}
    for missing, label in ((0.0, "complete"), (MISSING, "missing")):
        fresh = Requests(law, place, int(missing * 10))
        cold = comity.open()
        found[f"first {label}"] = rate(cold.decide, fresh(FIRST, missing))
        for name, run in runs.items():
            for document in fresh(WARM, missing):  # each door has tables of its own
                run(document)
            found[f"{name} {label}"] = median(rate(run, fresh(TIMED, missing)) for _ in range(rounds))
    return found


def door(rounds: int) -> list[str]:
    """The first table: six real places."""
    law = comity.open()
    found = {place: rates_of(law, place, rounds) for place in PLACES}
    lines = [
        "## The public door",
        "",
        f"`law = comity.open()`, then a dict in and an answer out, under the law in force on {ON} at six real places. Requests are made up for",
        f"the facts that the law there asks about, complete or with {MISSING:.0%} of facts and fields missing, drawn at random. Answers a",
        f"second of CPU time, on one thread; median of {rounds} rounds of {TIMED:,}, after {WARM:,} others by the same function. *Before* is `comity.decide` with the library",
        "held, measured on 2026-11-25 before the law was held open, as wall time on an idle machine.",
        "",
        f"| place | explained, complete | before | explained, {MISSING:.0%} missing | before | outcomes alone, complete | whole answer as JSON, complete |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    columns = ("decide complete", "decide missing", "outcomes complete", "json complete")
    for place, rates in found.items():
        before = ["-" if figure is None else f"{figure:,}" for figure in BEFORE[place]]
        cells = [f"{rates[name]:,.0f}" for name in columns]
        lines.append(f"| {place} | {cells[0]} | {before[0]} | {cells[1]} | {before[1]} | {cells[2]} | {cells[3]} |")
    medians = [f"{median(rates[name] for rates in found.values()):,.0f}" for name in columns]
    lines.append(f"| **median** | {medians[0]} | | {medians[1]} | | {medians[2]} | {medians[3]} |")
    first = [f"{median(rates[f'first {label}'] for rates in found.values()):,.0f}" for label in ("complete", "missing")]
    lines += [
        "",
        f"The first {FIRST:,} requests of a law just opened, while its tables fill, median of the places: {first[0]} a second complete, {first[1]} with facts",
        "missing. Each combination of answers to the questions that decide an action is explained once; a new one costs about a millisecond.",
        "",
    ]
    return [*lines, *many_records(law), *threads_and_memory(law)]


def many_records(law: comity.Law) -> list[str]:
    """Long lists in one request."""
    lines = ["| one request with | median of the places, ms | slowest, ms |", "|---|---:|---:|"]
    for count in (30, 500, 50_000):
        took = []
        for place in PLACES:
            fresh = Requests(law, place, count)
            kind = law.library.vocabulary.kind("convictions")
            document = {**fresh.one(0.0), "convictions": [fresh.record(kind, 0.5) for _ in range(count)]}
            start = time.process_time()
            law.decide(document)
            took.append(1e3 * (time.process_time() - start))
        lines.append(
            f"| {count:,} convictions, half of their fields unknown | {median(took):,.1f} | {max(took):,.1f} |"
        )
    return [*lines, ""]


def threads_and_memory(law: comity.Law, count: int = 200_000) -> list[str]:
    """The same answers by eight threads, and how memory grows over many different requests."""
    documents = [document for place in PLACES for document in Requests(law, place, 8)(300, MISSING)]
    alone = [law.decide(document) for document in documents]
    cold = comity.open()  # nothing is prepared yet, so that the threads fill the tables together
    with ThreadPoolExecutor(8) as threads:
        if list(threads.map(cold.decide, documents)) != alone:
            raise SystemExit("eight threads decide otherwise than one; nothing is measured")
    fresh = Requests(law, PLACES[1], 9)
    sizes = []
    for _ in range(4):
        for _ in range(count // 4):
            law.outcomes(fresh.one(MISSING))
        sizes.append(resident_megabytes())
    return [
        f"Eight threads on a law just opened gave the same answers as one to {len(documents):,} requests. Memory of the process after each quarter",
        f"of {count:,} different requests for outcomes at Los Angeles: {', '.join(f'{size:,} MB' for size in sizes)}.",
        "",
    ]


def resident_megabytes() -> int:
    """The memory that this process has now; its peak where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return pages * resource.getpagesize() // 2**20


def peers_at_their_best(count: int, rounds: int) -> list[str]:
    """Twelve provisions from the same dicts: each engine in its quickest form, held to the same answers."""
    stack = twelve()
    rows = requests(stack, count)
    ours, papers = [json_of(row) for row in rows], documents(rows)
    explainer = Explainer(stack)
    reader = RequestReader(explainer.asked, ZONE, explainer.deciding)
    decide = reader.outcomes
    runs: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
        "comity, from the dict to the outcomes": (lambda paper: decide(paper, DAY), ours),
        "zen-engine, one compiled expression": (zen_at_best(stack), papers),
        "cel-expr-python, one typed expression": (cel_at_best(stack), papers),
    }
    answers = [
        {action: outcome for action in ACTIONS for [outcome] in [explainer.outcomes(reader.read(paper, DAY))[action]]}
        for paper in ours
    ]
    for name, (run, papers_of) in list(runs.items())[1:]:
        if [run(paper) for paper in papers_of] != answers:
            raise SystemExit(f"{name} decides otherwise; nothing is measured")
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds + 1):
        for name, (run, papers_of) in runs.items():
            found[name].append(rate(run, papers_of))
    base = median(found["comity, from the dict to the outcomes"][1:])
    lines = [
        "## Beside other engines at their best",
        "",
        f"Twelve provisions, from {count:,} made-up requests as dicts to the outcome of five actions, complete, since the peers know no Unknown. Each peer",
        "evaluates all conditions as one compiled expression whose bits name those that are so; precedence is applied to each combination of bits",
        "once, and kept. Days reach the peers as numbers, and how far the law looks back is calculated for them beforehand; comity reads days",
        "as text. All gave the same answers before they were timed, in turn, round by round.",
        "",
        "| engine | decisions a second of CPU time | comity's, in ratio |",
        "|---|---:|---:|",
    ]
    return [
        *lines,
        *(f"| {name} | {median(times[1:]):,.0f} | {base / median(times[1:]):,.2f} |" for name, times in found.items()),
        "",
    ]


def json_of(row: Any) -> Document:
    """A request as JSON has it: days as text."""
    return json.loads(json.dumps(document_of(row)))


def by_bits(stack: Any) -> tuple[list[Any], Callable[[int], Outcome]]:
    """The distinct conditions of a stack, and the outcomes by the bits of those that are so, each combination worked out once."""
    effects = effects_of(stack)
    conditions = list({repr(when): when for _, _, _, when, _ in effects}.values())
    at = [next(place for place, when in enumerate(conditions) if when == effect[3]) for effect in effects]
    known: dict[int, Outcome] = {}

    def outcome(bits: int) -> Outcome:
        if bits not in known:
            known[bits] = outcomes(
                {effect[0]: bool(bits >> place & 1) for effect, place in zip(effects, at, strict=True)}, effects
            )
        return known[bits]

    return conditions, outcome


def zen_at_best(stack: Any) -> Callable[[Document], Outcome]:
    conditions, outcome = by_bits(stack)
    expression = zen.compile_expression(
        " + ".join(f"(({_zen(when)}) ? {1 << place} : 0)" for place, when in enumerate(conditions))
    )
    return lambda document: outcome(int(expression.evaluate(document)))


def cel_at_best(stack: Any) -> Callable[[Document], Outcome]:
    from comity.language.show import show  # noqa: PLC0415  beside its only use

    conditions, outcome = by_bits(stack)
    kind = cel.Type
    records, facts = kind.List(kind.Map(kind.STRING, kind.DYN)), kind.Map(kind.STRING, kind.DYN)
    variables = {"request": facts, "subject": facts, "custody": facts, "convictions": records, "charges": records}
    text = " + ".join(f"(({show(when)}) ? {1 << place} : 0)" for place, when in enumerate(conditions))
    compiled = cel.NewEnv(variables=variables).compile(text)
    return lambda document: outcome(compiled.eval(data=document).value())


def iter_lines(rounds: int, count: int) -> Iterator[str]:
    """Both sections of the page. The peers are first, in a process that holds nothing else yet."""
    beside = peers_at_their_best(count, rounds)
    yield from door(rounds)
    yield from beside
