"""Whose law decides a row that names a facility, by `comity.replay`: the county's, the city's, the State's, or not known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

import comity
from comity.api import load
from comity.law.facilities import Facilities
from comity.present.page import as_text
from comity.records.codebook import build_codebook
from comity.records.page import page_of

LIBRARY = load()
ROWS = [
    ("NYC DEPARTMENT OF CORRECTIONS", "East Elmhurst", "NEW YORK", "us/ny/new-york-city"),
    ("LAPD METRO DET CTR", "Los Angeles", "CALIFORNIA", "us/ca/los-angeles-city"),
    ("BERNALILLO COUNTY METROPOLITAN DETENTION CENTER", "Albuquerque", "NEW MEXICO", "us/nm/bernalillo"),
    ("SANTA ANA CITY JAIL", "Santa Ana", "CALIFORNIA", "us/ca/santa-ana"),
    ("COMAL CITY JAIL", "NEW BRAUNFELS", "TEXAS", "us/tx"),
    ("PIEDMONT REGIONAL JAIL", "FARMVILLE", "VIRGINIA", "us/va"),
    ("SCI MUNCY", "MUNCY", "PENNSYLVANIA", "us/pa"),
    ("FCI MCKEAN", "BRADFORD", "PENNSYLVANIA", None),
    ("COUNTY HOSPITAL", "DENVER", "COLORADO", None),
    ("THE PLACE", "NOWHERE", "TEXAS", None),
]
PLACED = {"county": 1, "city": 3, "state_only": 2, "state_prison": 1, "federal": 1, "hospital": 1, "unknown": 1}


def frame(rows: list[tuple[str, str, str, str | None]]) -> pa.Table:
    names, cities, states, _ = zip(*rows, strict=True)
    return pa.table({"date": ["2019-05-01"] * len(rows), "det_facility": names, "city": cities, "state": states})


def test_a_local_name_wins_and_what_is_not_known_is_not_beyond_local_law() -> None:
    replay = comity.replay(frame(ROWS), library=LIBRARY)
    assert replay.table is not None
    assert replay.table.column("place").to_pylist() == [place for *_, place in ROWS]
    assert (replay.decided, replay.placed) == (7, PLACED)
    assert replay.beyond == {"federal_prison": 1, "hospital": 1, "unknown": 1}
    assert replay.not_placed == {"hospital": 1, "unknown": 1}


def test_the_share_that_was_placed_is_printed_and_is_in_the_json() -> None:
    replay = comity.replay(frame(ROWS), library=LIBRARY)
    result = json.loads(json.dumps(replay.to_dict()))
    assert (result["facilities_placed"], result["place_not_known"]) == (PLACED, {"hospital": 1, "unknown": 1})
    page = " ".join(as_text(page_of(replay), width=100).split())
    assert "7 rows decided, 1 beyond local law, 2 whose place is not known" in page
    assert "Facilities recognized: 90.0% of 10 rows (county 1; city 3; local, only the State known 2;" in page
    assert page.index("Beyond local law") < page.index("Place not known")
    assert "place not known 2" in build_codebook(replay)


def test_a_lock_up_without_its_city_is_decided_under_its_state_and_the_citys_law_is_named_as_open() -> None:
    replay = comity.replay(frame(ROWS), library=LIBRARY)
    assert replay.findings["local-law-open"] == 2
    assert replay.examples["local-law-open"] == (
        '"COMAL CITY JAIL, NEW BRAUNFELS, TEXAS": only its State is known, so a law of its county or city is not applied'
    )


def test_a_lock_up_whose_city_is_in_counties_with_different_law_is_decided_under_its_state() -> None:
    library = load()
    several = [
        path
        for path in library.gazetteer.cities.of_state("va") + library.gazetteer.cities.of_state("il")
        if "us/il/cook" in library.gazetteer.places[path].within and len(library.gazetteer.places[path].within) > 1
    ]
    place = library.gazetteer.places[several[0]]
    replay = comity.replay(frame([(f"{place.name} POLICE DEPARTMENT", place.name, "IL", None)]), library=library)
    assert replay.table is not None and replay.table.column("place").to_pylist() == ["us/il"]
    assert replay.placed == {"state_only": 1} and replay.findings["local-law-open"] == 1


@pytest.mark.parametrize("heading", ["detention_facility_code", "Detention Facility Code", "DETLOC"])
def test_a_code_places_a_row_whose_name_is_redacted_or_missing(heading: str) -> None:
    codes = pa.table({"date": ["2025-03-03"] * 2, heading: ["LEHIGPA", "BUTLEOH"]})
    replay = comity.replay(codes, library=LIBRARY)
    assert replay.table is not None
    assert replay.table.column("place").to_pylist() == ["us/pa/lehigh", "us/oh/butler"]
    redacted = codes.append_column("det_facility", pa.array(["(B)(6)", None]))
    assert comity.replay(redacted, library=LIBRARY).placed == {"county": 2}


def test_no_figure_where_no_facility_was_looked_up() -> None:
    replay = comity.replay(frame(ROWS), place="us/pa/lehigh", library=LIBRARY)
    assert replay.placed == {} and "Facilities recognized" not in as_text(page_of(replay), width=100)


def test_rows_of_ones_own_replace_those_of_the_shipped_list(tmp_path: Path) -> None:
    rows = "LEHIGPA,LEHIGH COUNTY JAIL,,pa,county_jail,us/pa/bucks,,,our own\n,THE PLACE,,tx,city_lockup,us/tx/austin,2019-01-01,2019-06-01,our own\n"
    (tmp_path / "jails.csv").write_text("code,name,city,state,class,place,from,until,source\n" + rows)
    library = load([Path(__file__).parents[2] / "policies", tmp_path])
    table = pa.table(
        {
            "date": ["2019-05-01", "2019-05-01", "2019-06-01", "2019-05-01"],
            "det_facility": [None, "The Place", "The Place", None],
            "state": [None, "TX", "TX", None],
            "detloc": ["LEHIGPA", None, None, "BUTLEOH"],
        }
    )
    replay = comity.replay(table, library=library)
    assert replay.table is not None
    assert replay.table.column("place").to_pylist() == ["us/pa/bucks", "us/tx/austin", None, "us/oh/butler"]


def test_nothing_is_open_where_one_law_is_named_for_all_rows() -> None:
    replay = comity.replay(frame(ROWS), law="us/ca@2019-05-01", library=LIBRARY)
    both = comity.compare(frame(ROWS), "us/ca@2019-05-01", "us/tx@2019-05-01", library=LIBRARY)
    assert "local-law-open" not in {*replay.findings, *replay.examples, *both.findings, *both.examples}
    assert (replay.decided, replay.placed) == (len(ROWS), PLACED)


def test_a_name_is_read_once_however_many_rows_and_pieces_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = Facilities(LIBRARY.aliases, LIBRARY.gazetteer, LIBRARY.jail_tables)
    reads: list[str] = []
    read = finder._read
    monkeypatch.setattr(finder, "_read", lambda name, city, postal: reads.append(name) or read(name, city, postal))
    for _ in range(3):
        for name, city, state, place in ROWS:
            assert finder.found(name, city, state, date(2019, 5, 1)).place == (place or "")
    assert sorted(reads) == sorted(name for name, *_ in ROWS)


def test_a_place_that_is_not_that_of_the_facility_is_said() -> None:
    rows = frame([("LEHIGH COUNTY JAIL", "", "PENNSYLVANIA", None)] * 5)
    places = ["us/fl/miami-dade", "us/pa/lehigh", "us/pa/allentown", "us/pa", None]
    replay = comity.replay(rows.append_column("place", pa.array(places)), library=LIBRARY)
    assert replay.findings["places-differ"] == 1
    assert replay.examples["places-differ"] == (
        "the place is us/fl/miami-dade, and the facility is one of us/pa/lehigh; the law of the place is applied"
    )
