"""Measures comity beside other engines, in one run, and writes docs/performance.md: python3 start.py bench [--quick] [--only PART]

Every engine must first give the same answers; a peer that differs stops the run. Then each is timed in turn, round by round,
so that a machine that slows down slows all of them. The page shows the median of the rounds. `--quick` measures less, prints
the page and writes nothing. `--only` measures one part again and leaves the others as they are.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import re
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from checks import checks
from clock import holds
from door import iter_lines
from many import beside_others, growth_of_tables, memory
from money import costs
from peers import ByOpenfisca, by_cel, by_zen, documents
from proofs import growth_of_proofs
from replays import files, nation
from stacks import ACTIONS, PLACE, growing, requests, twelve, unknown

from comity.decision.explain import Explainer
from comity.engine.compiled.compiled import Compiled
from comity.engine.questions.questions import questions
from comity.facts.request import Request

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
MOMENT = datetime(2016, 6, 1, 12, tzinfo=UTC)
MISSING = 0.4
GROWTH = (10, 30, 100, 300, 1000)
ATOMS = 40
PARTS = ("door", "inner loop", "growth", "unknown", "cold", "tables", "proofs", "holds", "replays", "costs", "checks")
PEERS = ("zen-engine", "cel-expr-python", "openfisca-core", "polars", "numpy")
HEADING, SECTION = re.compile(r"^## (.+)$", re.MULTILINE), re.compile(r"^## .+?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
SAMPLE = ROOT / "policies" / "demo" / "subject-0001.json"


class Rounds:
    """Functions timed in turn; `rates` returns for each the median of its rounds, in items a second."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self.timed: dict[str, tuple[Callable[[], object], int]] = {}

    def add(self, name: str, count: int, run: Callable[[], object]) -> None:
        self.timed[name] = run, count

    def rates(self) -> dict[str, float]:
        found: dict[str, list[float]] = {name: [] for name in self.timed}
        for run, _ in self.timed.values():
            run()
        for _ in range(self.rounds):
            for name, (run, count) in self.timed.items():
                found[name].append(count / seconds(run))
        return {name: median(measured) for name, measured in found.items()}


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def each(decide: Callable[[Any], object], rows: Sequence[Any]) -> Callable[[], object]:
    def run() -> None:
        for row in rows:
            decide(row)

    return run


def each_of(decide: Callable[[Any], object], batches: Iterator[Sequence[Any]]) -> Callable[[], object]:
    """A function that decides the next batch at each call."""

    def run() -> None:
        for row in next(batches):
            decide(row)

    return run


def one_by_one(count: int, rounds: int) -> list[str]:
    """Requests under twelve provisions, decided one by one by comity and by the others."""
    stack = twelve()
    complete = requests(stack, count)
    partial = iter_fresh(requests(stack, count * (rounds + 1), MISSING), count)
    compiled, explainer = Compiled(questions(stack), ACTIONS), Explainer(stack)
    papers = documents(complete)
    zen, cel, openfisca = by_zen(stack), by_cel(stack), ByOpenfisca(stack)
    hold_to_the_same(compiled, complete, papers, {"zen-engine": zen, "cel-expr-python": cel}, openfisca)
    few = papers[: max(20, count // 200)]
    timed = Rounds(rounds)
    timed.add("comity, outcome", count, each(compiled.decide, complete))
    timed.add(f"comity, outcome, {MISSING:.0%} of the facts missing", count, each_of(compiled.decide, partial))
    explained = iter_fresh(as_requests(requests(stack, count * (rounds + 1))), count)
    in_part = iter_fresh(as_requests(requests(stack, count // 10 * (rounds + 1), MISSING)), count // 10)
    timed.add("comity, with the full explanation", count, each_of(explainer.decide, explained))
    name = f"comity, with the full explanation, {MISSING:.0%} of the facts missing"
    timed.add(name, count // 10, each_of(explainer.decide, in_part))
    timed.add("zen-engine, outcome", len(papers) // 4, each(zen, papers[: len(papers) // 4]))
    timed.add("cel-expr-python, outcome", len(papers) // 4, each(cel, papers[: len(papers) // 4]))
    timed.add(
        "openfisca-core, outcome, one at a time", len(few), each(lambda document: openfisca.decide([document]), few)
    )
    timed.add("openfisca-core, outcome, all in one simulation", count, lambda: openfisca.decide(papers))
    rates = timed.rates()
    base = rates["comity, outcome"]
    provisions = len({effect.provision for effect in stack.standing})
    lines = [
        "## The inner loop",
        "",
        "Typed rows in, bits out: no request is read here, and the peers are not in their best form.",
        "",
        f"{provisions} provisions of four acts, with lists and days, in `bench/law`; five actions answered for each of {count:,}",
        "made-up requests. The peers have no Unknown, so they get complete requests only. They get days as numbers, and how far",
        "the law looks back is calculated for them. All gave the same answers as comity to every request before they were timed.",
        "In the rows with the explanation or with missing facts, no request is decided twice.",
        "",
        "| engine | decisions a second | comity's outcome, in ratio |",
        "|---|---:|---:|",
    ]
    return [*lines, *(f"| {name} | {rate:,.0f} | {base / rate:,.2f} |" for name, rate in rates.items()), ""]


def iter_fresh(rows: Sequence[Any], count: int) -> Iterator[Sequence[Any]]:
    """Batches of different requests, since what requests have in common is computed only once."""
    return (rows[at : at + count] for at in range(0, len(rows), count))


def as_requests(rows: Sequence[dict[str, Any]]) -> list[Request]:
    return [Request(PLACE, MOMENT, row) for row in rows]


def hold_to_the_same(
    compiled: Compiled,
    rows: Sequence[Any],
    papers: Sequence[Any],
    peers: dict[str, Callable[[Any], Any]],
    openfisca: ByOpenfisca,
) -> None:
    ours = [
        {action: outcomes[0] for action, outcomes in compiled.outcomes(compiled.decide(row)).items()} for row in rows
    ]
    for name, decide in peers.items():
        if [decide(document) for document in papers] != ours:
            raise SystemExit(f"{name} decides otherwise; nothing is measured")
    if openfisca.decide(papers) != ours:
        raise SystemExit("openfisca-core decides otherwise; nothing is measured")


def growth(sizes: Sequence[int], rounds: int) -> list[str]:
    """How the cost of preparing a stack, and of deciding under it, grows with its provisions."""
    lines = [
        "## Growth",
        "",
        "Growing stacks of provisions in four acts, no two about the same family of offense, grade and look-back, so",
        "that no two ask the same question. Prepared: once for each stack, from its conditions to compiled diagrams. Then one request with",
        "every fact known, and one with no fact known.",
        "",
        "| provisions | prepared, ms | everything known, µs | nothing known, µs |",
        "|---:|---:|---:|---:|",
    ]
    for size in sizes:
        stack = growing(size)
        times = rounds if size < 300 else 1  # a larger stack takes long enough for one measurement to be steady
        prepared = median(seconds(lambda stack=stack: Compiled(questions(stack), ACTIONS)) for _ in range(times))
        compiled = Compiled(questions(stack), ACTIONS)
        rows = requests(stack, 200)
        timed = Rounds(rounds)
        timed.add("known", len(rows), each(compiled.decide, rows))
        timed.add("nothing", 1, lambda compiled=compiled: (compiled.cache.clear(), compiled.decide({})))
        rates = timed.rates()
        lines.append(
            f"| {size:,} | {1e3 * prepared:,.1f} | {1e6 / rates['known']:,.1f} | {1e6 / rates['nothing']:,.1f} |"
        )
    return [
        *lines,
        "",
        "Each question is asked of a request at most once, so the time of a decision grows with the provisions. Preparing grows with",
        "the size of the diagrams, which here is between the provisions and their square.",
        "",
    ]


def many_unknown(rounds: int) -> list[str]:
    """One condition of many atoms, none of them known."""
    stack = unknown(ATOMS)
    empty = Request(PLACE, MOMENT, {})
    prepared = median(seconds(lambda: Explainer(stack)) for _ in range(rounds))
    explainers = [Explainer(stack) for _ in range(rounds)]
    outcome = median(seconds(lambda explainer=explainer: explainer.compiled.decide({})) for explainer in explainers)
    first = median(seconds(lambda explainer=explainer: explainer.decide(empty)) for explainer in explainers)
    again = median(seconds(lambda explainer=explainer: explainer.decide(empty)) for explainer in explainers)
    return [
        f"## {ATOMS} Unknown atoms",
        "",
        f"One condition of {ATOMS} atoms, half about a person's age and half counts over the convictions, with nothing known.",
        "",
        "| | ms |",
        "|---|---:|",
        f"| prepared, once for the stack | {1e3 * prepared:,.1f} |",
        f"| the outcomes still open | {1e3 * outcome:,.2f} |",
        f"| with the whole explanation, the first time | {1e3 * first:,.1f} |",
        f"| with the whole explanation, again | {1e3 * again:,.3f} |",
        "",
    ]


def cold(rounds: int) -> list[str]:
    """Whole processes, from start to end, beside a Python interpreter that does nothing."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache, "PYTHONPATH": str(ROOT)}
        decide = [sys.executable, "-m", "comity", "decide", str(SAMPLE)]
        first = seconds(lambda: started(decide, environment))
        commands = {
            "python, doing nothing": [sys.executable, "-c", "pass"],
            "comity --help": [sys.executable, "-m", "comity", "--help"],
            "comity decide, with the law stored": decide,
        }
        timed = Rounds(rounds)
        for name, command in commands.items():
            timed.add(name, 1, lambda command=command: started(command, environment))
        took = {name: 1 / rate for name, rate in timed.rates().items()}
    took["comity decide, the first time: every law file read"] = first
    base = took["python, doing nothing"]
    lines = [
        "## From cold",
        "",
        "Whole processes, start to end.",
        "",
        "| process | seconds | in ratio |",
        "|---|---:|---:|",
    ]
    return [
        *lines,
        *(f"| {name} | {time_taken:.2f} | {time_taken / base:.1f} |" for name, time_taken in took.items()),
        "",
    ]


def started(command: Sequence[str], environment: dict[str, str]) -> None:
    subprocess.run(command, env=environment, check=True, capture_output=True)


def head() -> list[str]:
    peers = ", ".join(f"{name} {version(name)}" for name in PEERS)
    return [
        "# Performance",
        "",
        "Written by `python3 start.py bench`. The figures are of one run on one machine, so read the ratios rather than the figures.",
        f"{datetime.now(UTC).date()}, Python {platform.python_version()} on {platform.system()} ({platform.machine()}),",
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start; at commit {_commit()}; beside {peers}.",
        "",
    ]


def _commit() -> str:
    """The commit that is measured."""
    asked = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def main(arguments: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(description="Measures comity beside other engines.")
    asked.add_argument("--quick", action="store_true", help="measure less, print the page, and write nothing")
    asked.add_argument("--only", action="append", choices=PARTS, help="measure this part again; may be repeated")
    given = asked.parse_args(arguments)
    quick = given.quick
    count, rounds, sizes = (1_000, 3, GROWTH[:3]) if quick else (20_000, 7, GROWTH)
    rows, long = (200_000, 20_000) if quick else (10_000_000, 600_000)
    parts: dict[str, Callable[[], list[str]]] = {
        "door": lambda: [*iter_lines(min(rounds, 3), count)],
        "inner loop": lambda: one_by_one(count, rounds),
        "growth": lambda: growth(sizes, rounds),
        "unknown": lambda: many_unknown(rounds),
        "cold": lambda: cold(rounds),
        "tables": lambda: [
            *beside_others(rows, lambda: Rounds(rounds)),
            *memory((rows // 10, rows)),
            *growth_of_tables(sizes, seconds),
        ],
        "proofs": lambda: growth_of_proofs((50,) if quick else (50, 200), min(rounds, 3), seconds),
        "holds": lambda: holds(rows // 10, count, lambda: Rounds(min(rounds, 5))),
        "replays": lambda: [*files(long, (rows // 10, rows)), *nation(rows // 10, lambda: Rounds(min(rounds, 3)))],
        "costs": lambda: costs(rows // 10, seconds),
        "checks": lambda: checks(("5000-disjuncts",) if quick else ()),
    }
    compile_all()
    page = "" if quick else PAGE.read_text(encoding="utf-8")
    lines = [*page.partition("\n## ")[0].splitlines(), ""] if given.only else head()
    for name in given.only or parts:
        section = parts[name]()
        print("\n".join(section), flush=True)
        lines += section
        if not quick:  # written as it is measured, so that a run that ends early loses nothing
            PAGE.write_text(with_others("\n".join(lines), page), encoding="utf-8", newline="\n")
    return 0


def compile_all() -> None:
    """Compiles this package and the installed ones, as an installer leaves them: whole processes are timed as users have them."""
    for folder in (str(ROOT / "comity"), sysconfig.get_path("purelib")):
        compileall.compile_dir(folder, quiet=2, workers=os.cpu_count() or 1)


def with_others(measured: str, page: str) -> str:
    """The page with what was measured in the place of the sections of the same names; all others stay as they are."""
    fresh = {HEADING.findall(section)[0]: section for section in SECTION.findall(measured)}
    sections = [fresh.pop(HEADING.findall(section)[0], section) for section in SECTION.findall(page)]
    texts = (measured.partition("\n## ")[0], *sections, *fresh.values())
    return "\n\n".join(text.strip() for text in texts) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
