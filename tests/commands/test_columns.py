"""`comity columns`, and the options for a table with headings of its own, on the command line and in Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import comity
from comity.finding import InputFault

from .running import run

JAIL = "Booking #;Book Date;Jail;State;ICE Form\nB1;03/02/2015;Leon County Jail;FL;I-247 (12/12)\nB2;03/14/2015;Leon County Jail;FL;I-247 (12/12)\n"
HOLDS = "Inmate ID,In,Out\nP1,11/02/2017,11/04/2017\nP2,11/02/2017,11/03/2017\nP2,11/02/2017,11/03/2017\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jail.csv").write_text(JAIL, encoding="utf-8")
    (tmp_path / "holds.csv").write_text(HOLDS, encoding="utf-8")
    return tmp_path


def replayed(arguments: str) -> dict[str, Any]:
    done = run(f"replay jail.csv {arguments} --json")
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_a_jails_table_is_read_through_the_reviewed_map(folder: Path) -> None:
    assert run("columns jail.csv --out map.yaml").exit_code == 0
    path = folder / "map.yaml"
    open_map = run("replay jail.csv --columns map.yaml")
    assert (open_map.exit_code, open_map.stdout) == (2, "") and '"Book Date" is still open' in open_map.stderr
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('fact: "?"', "fact: request.received_on"), encoding="utf-8")
    document = replayed("--columns map.yaml")
    assert (document["decided"], len(document["refused"])) == (2, 0)
    assert [law["law"] for law in document["by_law"]] == ["us/fl@1997-04-01"]
    assert any("read through the map map.yaml (SHA-256" in note for note in document["reading"]["notes"])


def test_without_out_the_map_is_printed_and_with_json_it_is_a_value() -> None:
    printed, document = run("columns jail.csv").stdout, json.loads(run("columns jail.csv --json").stdout)
    assert printed == document["map"] and document["open"] == 1
    assert {column["heading"]: column["fact"] for column in document["columns"]}["Jail"] == "facility"


def test_a_file_that_exists_is_not_written_over(folder: Path) -> None:
    (folder / "map.yaml").write_text("reviewed", encoding="utf-8")
    done = run("columns jail.csv --out map.yaml")
    assert (done.exit_code, done.stdout) == (2, "") and "somebody may have reviewed it" in done.stderr
    assert (folder / "map.yaml").read_text(encoding="utf-8") == "reviewed"
    assert run("columns jail.csv --out map.csv").exit_code == 2
    assert run("columns jail.csv --out nowhere/map.yaml").exit_code == 2
    assert run("columns missing.csv").exit_code == 2


def test_columns_and_days_are_given_by_hand() -> None:
    document = replayed('--column "Book Date=request.received_on" --column Jail=facility --days mdy')
    assert document["decided"] == 2
    [note] = [note for note in document["reading"]["notes"] if "columns are read" in note]
    assert note == "columns are read as given: Book Date as request.received_on; Jail as facility; days written mdy"
    done = run('replay jail.csv --column "Book Date"')
    assert done.exit_code == 2 and "--column" in done.stderr


def test_ambiguous_days_are_refused_unless_their_order_is_given() -> None:
    document = json.loads(
        run('replay jail.csv --column "Book Date=request.received_on" --column Jail=facility --json').stdout
    )
    assert document["decided"] == 0
    assert "it is written mdy or dmy" in document["refused"][0]["message"]


@pytest.mark.parametrize("columns", [
    {"days": "mdy", "columns": {"Book Date": "request.received_on", "Jail": "facility"}},
    {"columns": {"Book Date": {"fact": "request.received_on", "days": "mdy"}, "Jail": "facility"}},
    {"Book Date": {"fact": "request.received_on", "days": "mdy"}, "Jail": "facility"},
])  # fmt: skip
def test_python_takes_a_mapping(columns: dict[str, Any]) -> None:
    assert comity.replay("jail.csv", columns=columns).decided == 2
    assert comity.replay(pd.read_csv("jail.csv", sep=";"), columns=columns).decided == 2
    laws = ("us/fl/miami-dade@2017-01-25", "us/fl/miami-dade@2017-01-26")
    assert comity.compare("jail.csv", *laws, columns=columns).rows == 2


def test_python_says_what_is_wrong_with_a_mapping() -> None:
    with pytest.raises(InputFault, match="unknown-fact"):
        comity.replay("jail.csv", columns={"Book Date": "request.recieved_on"})
    with pytest.raises(InputFault, match="no-column"):
        comity.replay("jail.csv", columns={"Book Day": "request.received_on"})


def test_a_table_that_is_not_read_names_the_option() -> None:
    assert "or name it with --columns [no-day]" in run("replay jail.csv").stderr
    assert "name one with --columns" in run('replay jail.csv --column "Book Date=request.received_on"').stderr


def test_the_place_of_a_map_is_checked(folder: Path) -> None:
    (folder / "map.yaml").write_text(
        "place: us/fl/lion\ndays: mdy\ncolumns: {Book Date: request.received_on}\n", encoding="utf-8"
    )
    done = run("replay jail.csv --columns map.yaml")
    assert done.exit_code == 2 and done.stderr.startswith('map.yaml: place: there is no place "us/fl/lion"')


def test_holds_of_a_table_of_its_own_are_costed() -> None:
    options = '--column "In=held_from" --column "Out=held_until" --column "Inmate ID=person" --days mdy'
    done = run(f"cost holds.csv --place us/fl/miami-dade --json {options}")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert (document["holds"], document["people"]) == (3, 2)
    assert [finding["code"] for finding in document["findings"]] == ["doubled-hold", "column-map"]
    page = run(f"cost holds.csv --place us/fl/miami-dade {options}")
    assert "columns are read as given: In as held_from" in " ".join(page.stdout.split())


def test_the_clock_of_a_table_of_its_own(folder: Path) -> None:
    (folder / "clock.csv").write_text(
        "Eligible,Paper\n2017-09-01T15:00:00-04:00,A\n2017-09-02T15:00:00-04:00,A\n", encoding="utf-8"
    )
    columns = {
        "place": "us/fl/miami-dade",
        "booking": "Paper",
        "columns": {
            "Eligible": "custody.release_eligible_at",
            "Paper": {"fact": "request.form", "codes": {"A": "i247a"}},
        },
    }
    table = comity.clock_holds("clock.csv", columns=columns)
    assert table.num_rows == 2 and table.column("until").null_count == 0


def test_two_laws_are_compared_for_a_board_through_a_map(folder: Path) -> None:
    (folder / "map.yaml").write_text(
        "days: mdy\ncolumns: {Book Date: request.received_on, ICE Form: request.form}\n", encoding="utf-8"
    )
    laws = "--law us/fl/miami-dade@2017-01-25 --law us/fl/miami-dade@2017-01-26"
    done = run(f"cost compare jail.csv {laws} --columns map.yaml --days 2 --json")
    assert done.exit_code == 0, done.output
    (folder / "direct.csv").write_text(
        "request.received_on,request.form\n2015-03-02,i247_2012\n2015-03-14,i247_2012\n", encoding="utf-8"
    )
    direct = json.loads(run(f"cost compare direct.csv {laws} --days 2 --json").stdout)
    mapped = json.loads(done.stdout)
    of_the_file = {"source", "reading", "findings", "examples"}  # how each was read, which the map makes different
    assert {**mapped, **dict.fromkeys(of_the_file)} == {**direct, **dict.fromkeys(of_the_file)}
    assert mapped["findings"] == {"read-as": 2}
