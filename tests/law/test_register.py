"""What is known of and not encoded is named where it may bear on a place, and nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from comity.law.instrument import BEYOND_ACTIONS
from comity.law.library import Library
from comity.law.register import lacking_at, read_register

from .small_law import act, gazetteer, vocabulary

ROWS = """id,place,title,kind,citation,enacted,effective,ended,evidence,summary,encoded,why_not
a,us/fl,A state act,statute,,,2015-01-01,2016,verified,,,not yet encoded
b,us/fl,A done act,statute,,,2015-01-01,,verified,,us/fl/done,
c,us/fl,A report,report,,,2015-01-01,,verified,,,has no provision a request can feel: a report
d,us/fl/miami-dade,A county act,ordinance,,,2015-06,,verified,,,not yet encoded
e,us,A federal act,statute,,,,,verified,,,not yet encoded
"""
COUNTY, ALACHUA, STATE = "us/fl/miami-dade", "us/fl/alachua", "us/fl"
OF_STATE = "A state act, which is known of and not encoded"
OF_COUNTY = "A county act, which is known of and not encoded"


def lacking(folder: Path, place: str, day: str, *encoded: str) -> tuple[str, ...]:
    (folder / "register.csv").write_text(ROWS, encoding="utf-8")
    acts = {f"{path}/one": act(f"{path}/one", "statute", "requires hold") for path in encoded}
    return lacking_at(
        read_register([folder]), Library(vocabulary(), gazetteer(), {}, acts), place, date.fromisoformat(day)
    )


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        (COUNTY, "2014-12-31", ("law of Miami-Dade County itself, of which none is encoded",)),
        (COUNTY, "2015-05-31", ("law of Miami-Dade County itself, of which none is encoded", OF_STATE)),
        (COUNTY, "2015-06-01", (OF_STATE, OF_COUNTY)),
        (COUNTY, "2016-12-30", (OF_STATE, OF_COUNTY)),
        (COUNTY, "2016-12-31", (OF_COUNTY,)),
        (STATE, "2015-06-01", (OF_STATE,)),
        (ALACHUA, "2014-06-01", ("law of Alachua County itself, of which none is encoded",)),
        (ALACHUA, "2015-06-01", ("law of Alachua County itself, of which none is encoded", OF_STATE)),
    ],
)
def test_it_names_what_may_be_in_force_there(tmp_path: Path, place: str, day: str, expected: tuple[str, ...]) -> None:
    assert lacking(tmp_path, place, day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2014-12-31", ("law of Alachua County itself before 2015-01-01, of which nothing certain is encoded",)),
        ("2016-12-31", ()),
    ],
)
def test_a_place_whose_own_law_is_encoded_lacks_none_from_then_on(
    tmp_path: Path, day: str, expected: tuple[str, ...]
) -> None:
    assert lacking(tmp_path, ALACHUA, day, ALACHUA) == expected


def test_law_about_buildings_alone_answers_nothing_about_a_detainer(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text(ROWS, encoding="utf-8")
    acts = {f"{ALACHUA}/{name}": act(f"{ALACHUA}/{name}", "ordinance", f"forbids {name}") for name in BEYOND_ACTIONS}
    library = Library(vocabulary(), gazetteer(), {}, acts)
    assert lacking_at(read_register([tmp_path]), library, ALACHUA, date(2016, 12, 31)) == (
        "law of Alachua County itself, of which none is encoded",
    )


def test_a_folder_without_a_register_names_nothing(tmp_path: Path) -> None:
    assert read_register([tmp_path]) == ()
