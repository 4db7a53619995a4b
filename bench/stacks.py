"""The law that the benches run: a stack of twelve provisions, growing stacks, and requests for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from comity.api import load
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.law.front_matter import read_instrument
from comity.law.in_force import Stack, in_force
from comity.law.instrument import BEYOND_ACTIONS
from comity.law.library import Library

HERE = Path(__file__).parent
PLACE, DAY = "us/fl/miami-dade", date(2016, 6, 1)
ACTIONS = ("hold", "notify", "transfer", "interview", "share_status")
FOLDERS = {"statute": "us/fl", "ordinance": PLACE, "resolution": PLACE, "memo": PLACE}
READ = (
    *("request.asks", "request.priority", "request.reimbursement_agreed", "request.received_on", "request.warrants"),
    *(
        "subject.age",
        "subject.citizenship",
        "subject.consented_to_interview",
        "subject.counsel_present",
        "subject.counsel_waived",
    ),
    *("custody.stage", "custody.arrested_on", "convictions", "charges"),
)
FIELDS = {
    "request.warrants": ("kind", "signed"),
    "convictions": ("offense", "grade", "convicted_on"),
    "charges": ("pending",),
}
EFFECTS = ("requires notify", "forbids hold, notify", "permits transfer", "permits hold")
ORDER = tuple(FOLDERS)


def twelve() -> Stack:
    """The stack of the four files in `law`."""
    texts = {f"{FOLDERS[name]}/{name}": (HERE / "law" / f"{name}.md").read_text(encoding="utf-8") for name in FOLDERS}
    return _stack(texts)


def growing(count: int) -> Stack:
    """A stack of `count` provisions in four acts, no two about the same family of offense, grade and look-back."""
    shipped = load()
    kind = shipped.vocabulary.kind("convictions[].offense")
    assert isinstance(kind, kinds.Choice)
    offenses = kind.members
    parts: dict[str, list[str]] = {name: [] for name in ORDER}
    for place in range(count):
        offense, round_ = offenses[place % len(offenses)], place // len(offenses)
        grade, years = ("felony", "misdemeanor")[round_ % 2], 1 + round_ // 2
        age = "subject.age >= 18 && " if place % 4 == 3 else ""
        recent = f"c.convicted_on >= request.received_on - years({years})"
        when = f'{age}convictions.exists(c, c.offense == "{offense}" && c.grade == "{grade}" && {recent})'
        parts[ORDER[place % 4]].append(_provision(len(parts[ORDER[place % 4]]) + 1, EFFECTS[place % 4], when))
    return _stack(
        {
            f"{FOLDERS[name]}/{name}": "\n".join([_front(name), *provisions])
            for name, provisions in parts.items()
            if provisions
        }
    )


def unknown(atoms: int) -> Stack:
    """A stack whose one condition has `atoms` questions, each of which matters."""
    asked = [
        f"(subject.age != {2 * number} || convictions.count(c, c.days_incarcerated > {number}) >= 2)"
        for number in range(atoms // 2)
    ]
    return _stack(
        {f"{PLACE}/ordinance": "\n".join([_front("ordinance"), _provision(1, "only hold", " && ".join(asked))])}
    )


def _front(name: str) -> str:
    return (
        f"---\ntitle: A {name}\nkind: {name}\neffective: 2015-01-01\nevidence: verified\n---\nMade up for the bench.\n"
    )


def _provision(number: int, effect: str, when: str) -> str:
    kind, _, actions = effect.partition(" ")
    decider = "decider: sheriff\n" if kind in ("permits", "only") else ""
    actions = actions if kind == "only" else f"[{actions}]"
    return f"## {number} One\n\n```yaml provision\n{kind}: {actions}\nwhen: |\n  {when}\n{decider}```\n"


def _stack(texts: dict[str, str]) -> Stack:
    shipped, instruments = load(), {}
    for id, text in texts.items():
        instrument, _, findings = read_instrument(text, f"{id}.md", id)
        if instrument is None or findings:
            raise SystemExit("\n".join(finding.line() for finding in findings))
        instruments[id] = instrument
    return in_force(Library(shipped.vocabulary, shipped.gazetteer, {}, instruments), PLACE, DAY)


def requests(stack: Stack, count: int, missing: float = 0.0) -> list[dict[str, Value]]:
    """Made-up requests. Each fact is left out with a chance of `missing`; lists and sets are then often known in part."""
    random = Random(f"{count} {missing}")
    return [dict(_facts(stack, random, missing)) for _ in range(count)]


def _facts(stack: Stack, random: Random, missing: float) -> Iterator[tuple[str, Value]]:
    for path in READ:
        if random.random() >= missing:
            kind = stack.vocabulary.kind(path)
            assert kind
            yield path, _value(kind, path, random, missing)


def _value(kind: kinds.Kind, path: str, random: Random, missing: float) -> Any:
    match kind:
        case kinds.Truth():
            return random.random() < 0.5
        case kinds.Choice(members):
            return random.choice(members)
        case kinds.Number():
            return random.randint(15, 70)
        case kinds.Day():
            return date(2016, 6, 1) - timedelta(random.randint(0, 9_000 if path.endswith("convicted_on") else 700))
        case kinds.Set(members):
            return KnownSet(
                frozenset(member for member in members if member not in BEYOND_ACTIONS and random.random() < 0.3),
                random.random() >= missing,
            )
        case kinds.Records(fields):
            items = [
                {
                    name: _value(fields[name], f"{path}.{name}", random, missing)
                    for name in FIELDS[path]
                    if random.random() >= missing
                }
                for _ in range(random.choice((0, 1, 1, 2, 3)))
            ]
            return KnownList(tuple(items), random.random() >= missing)
    raise AssertionError(kind)
