"""Context in a brief: shown where asked, as published by then, and chosen without a look at which way a finding points."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from msgspec.structs import replace

from comity import api as calls
from comity.board.beside import Wanted, describe_beside
from comity.board.briefing import build_brief
from comity.board.comparison import Choice
from comity.context.trust import FINDINGS_MAX, SHEET, read_studies
from comity.finding import InputFault
from tests.house.tree import ROOT

LIBRARY = calls.load()
MIAMI = "us/fl/miami-dade"
TABLE = ROOT / "policies" / "demo" / "requests-2016.csv"
OTHER = {"against": "for", "for": "against", "neither": "neither"}
BOTH = Wanted(people=True, trust=True)


@pytest.fixture(scope="module")
def january() -> Choice:
    return calls.weigh(TABLE, f"{MIAMI}@2017-01-25", f"{MIAMI}@2017-01-26", known_on="2017-01-26", library=LIBRARY)


@pytest.fixture(scope="module")
def today(january: Choice) -> Choice:
    return replace(january, known_on=None)


@pytest.fixture
def turned(tmp_path: Path) -> Path:
    """A folder whose table of studies points the other way in every row."""
    with (ROOT / "policies" / SHEET.file).open(encoding="utf-8", newline="") as lines:
        rows = [{**row, "direction": OTHER[row["direction"]]} for row in csv.DictReader(lines)]
    with (tmp_path / SHEET.file).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SHEET.columns)
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path


def test_nothing_is_shown_that_was_not_asked_for(january: Choice) -> None:
    assert describe_beside(january, Wanted(), LIBRARY).lines == ()
    assert build_brief(january, LIBRARY).beside == ()


def test_it_shows_at_most_three_findings_with_method_limits_and_source(today: Choice) -> None:
    beside = describe_beside(today, Wanted(trust=True), LIBRARY)
    assert len(beside.lines) == len(beside.sources) == FINDINGS_MAX == 3
    assert all("Method: " in line and "Limits: " in line for line in beside.lines)
    count = len(read_studies([ROOT / "policies"], LIBRARY.gazetteer)[0])
    assert beside.note.startswith(f"At most 3 of {count} findings")


def test_what_was_published_later_is_not_shown(january: Choice, today: Choice) -> None:
    then, now = (describe_beside(choice, BOTH, LIBRARY) for choice in (january, today))
    assert "1,391,622 foreign-born residents" in now.lines[0] and "number 2 of the" in now.lines[0]
    assert then.lines[0] == "No count of foreign-born residents that is recorded here was published by then."
    assert "2024" not in " ".join((*then.lines, *then.sources)) and "NBER working paper 32109" in " ".join(now.sources)
    assert then.lines[1:] != now.lines[1:]


def test_the_brief_is_the_same_where_every_finding_points_the_other_way(today: Choice, turned: Path) -> None:
    shipped = calls.brief(today, library=LIBRARY, trust=True)
    assert shipped == calls.brief(today, library=LIBRARY, trust=True, folders=[turned])
    assert shipped != calls.brief(today, library=LIBRARY)


def test_a_table_with_a_fault_is_refused(today: Choice, turned: Path) -> None:
    table = turned / SHEET.file
    table.write_text(table.read_text(encoding="utf-8").replace("survey,", "dream,", 1), encoding="utf-8")
    with pytest.raises(InputFault, match='"dream" is not a design'):
        calls.brief(today, library=LIBRARY, trust=True, folders=[turned])
