"""A count of people decides nothing, and no condition can read one."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import grimp
import pytest

import comity
from comity.facts.vocabulary import Vocabulary
from comity.finding import Place
from comity.language.check import Known, check
from comity.language.parse import parse
from comity.program import ROOMS
from tests.house.tree import ROOT

REQUEST = {
    "place": "us/fl/miami-dade",
    "at": "2017-01-25T12:00:00-05:00",
    "request": {"form": "i247d", "asks": ["hold", "notify"]},
    "subject": {"citizenship": "none_claimed"},
}
OF_PEOPLE = re.compile(r"foreign.?born|unauthorized|population|residents|rank|census|estimate")


def vocabulary() -> Vocabulary:
    return comity.load().vocabulary


def test_no_fact_of_the_vocabulary_is_a_count_of_people() -> None:
    entries = vocabulary().entries
    assert entries and not [path for path in entries if OF_PEOPLE.search(path)]


@pytest.mark.parametrize(
    "condition",
    [
        "place.foreign_born > 1000000",
        "place.unauthorized > 1",
        "context.detainers > 1",
        "people.rank = 2",
        "foreign_born >= 1",
    ],
)
def test_no_condition_can_name_one(condition: str) -> None:
    parsed, findings = parse(condition, Place("test"))
    found = findings if parsed is None else [*findings, *check(parsed, Known(vocabulary(), {}, {}))]
    assert [finding for finding in found if finding.grave]


def test_nothing_that_decides_imports_what_reads_them() -> None:
    graph = grimp.build_graph("comity", cache_dir=None)
    context = {name for name in graph.modules if name.startswith("comity.context")}
    assert context
    for room in (*ROOMS, "lawview", "hold_clock", "records", "claims", "classification"):
        above = graph.find_upstream_modules(f"comity.{room}", as_package=True)
        assert not above & context, room


def test_other_counts_give_the_same_decision(tmp_path: Path) -> None:
    with (ROOT / "policies" / "context.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = [row for row in reader if row["place"] in ("us", "us/fl/miami-dade")]
    with (tmp_path / "context.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows({**row, "figure": "1", "of": ""} for row in rows)
    other = comity.load([tmp_path])
    assert comity.describe_context("us/fl/miami-dade", library=other, folders=[tmp_path]).foreign_born[0].number == 1
    before, after = (comity.decide(REQUEST, library=library).to_dict() for library in (comity.load(), other))
    assert before.pop("law_version") != after.pop("law_version")
    assert before.pop("proof") and after.pop("proof")
    assert before == after
