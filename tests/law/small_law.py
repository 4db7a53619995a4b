"""Builds small stacks of law from a few words each, for tests of what yields to what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from comity.decision.decision import Decision
from comity.decision.explain import decide, decide_by_definition
from comity.facts.request import Request, read_values
from comity.facts.vocabulary import Vocabulary, read_vocabulary
from comity.law.front_matter import read_instrument
from comity.law.in_force import Agency, Stack, in_force
from comity.law.instrument import Instrument
from comity.law.library import Court, Library
from comity.law.places import Gazetteer, read_gazetteer

POLICIES = Path(__file__).parents[2] / "policies"
COURTS = {
    "11th Cir.": Court("11th Cir.", "federal", True, ("us/fl", "us/ga", "us/al")),
    "S.D. Fla.": Court("S.D. Fla.", "federal", False, ("us/fl/miami-dade",)),
    "Fla. 3d DCA": Court("Fla. 3d DCA", "state", True, ("us/fl/miami-dade", "us/fl/monroe")),
    "Fla. Cir. Ct.": Court("Fla. Cir. Ct.", "state", False, ("us/fl/miami-dade",)),
}


@cache
def gazetteer() -> Gazetteer:
    return read_gazetteer(POLICIES)[0]


@cache
def vocabulary() -> Vocabulary:
    return read_vocabulary(POLICIES)[0]


def act(id: str, kind: str, *effects: str, **front: Any) -> Instrument:
    """An instrument from its path, its kind and its effects: `forbids hold`, `permits hold when request.signed`.

    `front` may give any key of the front matter, in YAML; `effective` is 2015-01-01 unless it does.
    """
    keys = {"title": id, "kind": kind, "effective": "2015-01-01", "evidence": "verified", **front}
    lines = ["---", *(f"{key}: {value}" for key, value in keys.items()), "---", ""]
    for number, effect in enumerate(effects, 1):
        lines += [f"## {number} One", "", "Plain words.", "", "```yaml provision", *_block(effect), "```", ""]
    instrument, _, findings = read_instrument("\n".join(lines), f"{id}.md", id)
    assert instrument and not findings, [finding.line() for finding in findings]
    return instrument


def _block(effect: str) -> Iterable[str]:
    said, _, when = effect.partition(" when ")
    kind, _, actions = said.partition(" ")
    if kind in ("obliges", "asks"):  # `obliges give_notice does notify when request.signed`
        deed, *keys = actions.split()
        yield from (f"{kind}: {deed}", "bearer: agency")
        yield from (f"{key}: {value}" for key, value in zip(keys[::2], keys[1::2], strict=True))
    else:
        yield f"{kind}: [{actions}]"
    if when:
        yield from ("when: |", f"  {when}")
    if kind in ("permits", "only"):
        yield "decider: sheriff"
    if kind == "advises":
        yield "text: Mind this."
    if kind == "penalty":
        yield "text: Pay this."


def stack_of(
    *acts: Instrument,
    place: str = "us/fl/miami-dade",
    day: str = "2016-06-01",
    agency: Agency | None = None,
    known_on: str = "",
) -> Stack:
    library = Library(vocabulary(), gazetteer(), COURTS, {instrument.id: instrument for instrument in acts})
    return in_force(library, place, date.fromisoformat(day), agency, date.fromisoformat(known_on) if known_on else None)


def decision_of(stack: Stack, plain: bool = False, **facts: Any) -> Decision:
    """The decision on a request that has these facts (dots written as double underscores)."""
    values, findings = read_values(
        {key.replace("__", "."): value for key, value in facts.items()}, stack.vocabulary, "test"
    )
    assert not findings, findings
    at = datetime.combine(stack.day, datetime.min.time(), UTC)
    decided = decide_by_definition if plain else decide
    return decided(stack, Request(stack.place, at, values))
