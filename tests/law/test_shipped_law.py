"""The shipped law: its own cases on each engine, and the register of all that is known of."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from comity.api import load
from comity.decision.cases import run_cases
from comity.decision.explain import decide, decide_by_definition
from comity.law.instrument import EVIDENCE

POLICIES = Path(__file__).parents[2] / "policies"
LIBRARY = load()
REGISTER = list(csv.DictReader((POLICIES / "register.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "compiled"])
@pytest.mark.parametrize("id", sorted(LIBRARY.instruments))
def test_cases(id: str, plain: bool) -> None:
    findings = run_cases(LIBRARY, [LIBRARY.instruments[id]], decide_by_definition if plain else decide)
    assert [finding.line() for finding in findings] == []


def test_every_instrument_with_a_provision_has_a_case() -> None:
    assert [
        instrument.id for instrument in LIBRARY.instruments.values() if instrument.provisions and not instrument.cases
    ] == []


def test_every_provision_that_can_decide_has_a_citation() -> None:
    deciding = ("requires", "forbids", "permits", "protects")
    lacking = [
        provision.id
        for provision in LIBRARY.provisions.values()
        if any(effect.kind in deciding for effect in provision.effects) and not provision.cite
    ]
    assert lacking == []


def test_the_register_lists_every_known_instrument() -> None:
    assert len(REGISTER) == len({row["id"] for row in REGISTER}) >= 186
    assert {row["evidence"] for row in REGISTER} <= set(EVIDENCE)
    assert [row["id"] for row in REGISTER if not row["summary"].endswith(".")] == []


def test_what_the_register_calls_encoded_is_there_and_the_rest_has_its_reason() -> None:
    for row in REGISTER:
        named = row["encoded"].split()
        assert [id for id in named if id not in LIBRARY.instruments] == [], row["id"]
        assert bool(named) != bool(row["why_not"]), row["id"]


def test_every_encoded_instrument_names_its_rows_in_the_register() -> None:
    rows = {row["id"] for row in REGISTER}
    assert [instrument.id for instrument in LIBRARY.instruments.values() if not set(instrument.register) <= rows] == []
