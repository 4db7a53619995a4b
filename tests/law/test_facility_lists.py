"""The real lists of facilities: how many are placed, how many rightly, and none in another State or county."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from bench.facilities import DAY, RIGHT, WRONG_COUNTY, WRONG_STATE, compared, lists_of
from comity.api import load
from comity.law.facilities import Facilities

LIBRARY = load()
RIGHT_MIN = 0.85
# The facilities that a list puts in another county than their names: they stand outside their county, or the list is wrong.
ELSEWHERE = {
    "GILPIN COUNTY SHERIFF", "HENRICO COUNTY JAIL", "OTERO COUNTY PRISON FACILITY", "ROANOKE COUNTY JAIL", "ROCKINGHAM COUNTY JAIL",
    "PRINCE WILLIAM COUNTY CORRECTIONAL FACILITY", "SENECA COUNTY JAIL", "YANKTON COUNTY JAIL", "BRISTOL BAY BOROUGH JAIL",
    *(f"{city} CITY JAIL" for city in ("CRAIG", "HOMER", "SITKA", "VALDEZ", "UNALASKA", "DILLINGHAM", "CORDOVA", "WRANGELL", "KODIAK")),
}  # fmt: skip


@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize("name", ["federal list to 2017", "federal list of 2015", "local jails"])
def test_most_facilities_are_placed_rightly_and_none_in_another_place(name: str, coded: bool, records: Path) -> None:
    rows = lists_of(records, LIBRARY.gazetteer.states)[name]
    found = [*compared(rows, LIBRARY.facilities, coded=coded)]
    verdicts = Counter(verdict for _, _, verdict in found)
    assert verdicts[RIGHT] >= RIGHT_MIN * len(rows) > 100, verdicts
    assert verdicts[WRONG_STATE] == 0
    assert {row.name for row, _, verdict in found if verdict == WRONG_COUNTY} <= ELSEWHERE


@pytest.mark.parametrize(("name", "least"), [("federal list to 2017", 0.83), ("local jails", 0.94)])
def test_names_alone_place_most_without_the_table_made_from_a_list(name: str, least: float, records: Path) -> None:
    rows = lists_of(records, LIBRARY.gazetteer.states)[name]
    by_words = Facilities(LIBRARY.aliases, LIBRARY.gazetteer)
    found = [*compared(rows, by_words, coded=False)]
    verdicts = Counter(verdict for _, _, verdict in found)
    assert verdicts[RIGHT] >= least * len(rows) and verdicts[WRONG_STATE] == 0, verdicts
    assert {row.name for row, _, verdict in found if verdict == WRONG_COUNTY} <= ELSEWHERE


def test_a_code_that_is_not_listed_never_leads_into_another_state(records: Path) -> None:
    rows = lists_of(records, LIBRARY.gazetteer.states)["federal list to 2017"]
    by_words = Facilities(LIBRARY.aliases, LIBRARY.gazetteer)
    found = [(row.state.lower(), by_words.found(row.name, "", "", DAY, row.code).place) for row in rows]
    placed = [(state, place) for state, place in found if place]
    assert len(placed) > 600 and not [pair for pair in placed if pair[1].split("/")[1] != pair[0]]


def test_the_jail_of_each_of_the_hundred_largest_counties_is_placed(records: Path) -> None:
    with (records / "facilities" / "county_aor.csv").open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: -int(row["estimate"] or 0))[:100]
    for row in rows:
        county, _, state = row["name"].rpartition(", ")
        found = LIBRARY.facilities.found(f"{county} jail", "", state, DAY)
        where = LIBRARY.gazetteer.named(row["name"])
        assert where is not None and found.place == where.path, row["name"]
