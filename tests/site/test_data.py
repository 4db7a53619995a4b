"""The tables to download: their answers are those of decisions, each format holds the same rows, and the bytes are the same each time."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from comity.session import open_folders
from comity.site.about.table_files import FORMATS, as_csv, as_parquet, files_of, package_of
from comity.site.about.tables import KINDS, Column, Table
from comity.site.standard_requests import form_of_day, standard_requests
from tests.site.conftest import DAY

NAMES = [kind.name for kind in KINDS]
SMALL = Table(
    "small",
    "Small",
    "A table.",
    (Column("a", "text", "a text"), Column("b", "day", "a day"), Column("c", "flag", "a flag")),
    (("=1+1", date(2017, 1, 26), True), ("", None, False)),
)


@pytest.mark.parametrize("name", NAMES)
def test_each_format_holds_the_same_rows(name: str, site: Path) -> None:
    with (site / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        head, *rows = csv.reader(lines)
    document = json.loads((site / "data" / f"{name}.json").read_bytes())
    table = parquet.read_table(site / "data" / f"{name}.parquet")
    assert head == document["columns"] == table.column_names
    assert len(rows) == len(document["rows"]) == table.num_rows > 0
    of_parquet = [[as_text(row[column]) for column in head] for row in table.to_pylist()]
    of_json = [[as_text(cell) for cell in row] for row in document["rows"]]
    assert of_parquet == of_json


def as_text(cell: object) -> str:
    return "" if cell is None else str(cell)


def test_outcomes_are_those_of_decisions(site: Path) -> None:
    law = open_folders([])
    requests = {request.id: request for request in standard_requests()}
    with (site / "data" / "outcomes.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    checked = 0
    for row in [row for row in rows if row["place"] in ("us/fl/miami-dade", "us/ca")][::7]:
        place, day = row["place"], date.fromisoformat(row["since"])
        zone = law.library.gazetteer.places[place].zone
        request = requests[row["request"]].at(place, day, zone, form_of_day(law.library, day))
        assert list(law.outcomes(request).get(row["action"], ("unaddressed",))) == row["possible"].split("; ")
        checked += 1
    assert checked > 20


def test_outcomes_of_a_place_have_no_gap(site: Path) -> None:
    with (site / "data" / "outcomes.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    by_key: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in rows:
        by_key.setdefault((row["place"], row["request"], row["action"]), []).append(row)
    for spans in by_key.values():
        assert spans[0]["since"] == "2007-01-01" and spans[-1]["until"] == ""
        assert [span["until"] for span in spans[:-1]] == [span["since"] for span in spans[1:]]


def test_a_cell_of_csv_starts_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(SMALL).decode())))
    assert rows[0] == ["a", "b", "c"] and rows[2] == ["", "", "false"]
    assert rows[1][0] != "=1+1" and rows[1][1:] == ["2017-01-26", "true"]


def test_the_same_rows_make_the_same_bytes() -> None:
    assert files_of(SMALL) == files_of(SMALL) and [*files_of(SMALL)] == [f"small.{format}" for format in FORMATS]
    described = parquet.read_schema(io.BytesIO(as_parquet(SMALL)))
    assert described.field("b").metadata == {b"description": b"a day"}


def test_the_package_describes_every_column(site: Path) -> None:
    package = json.loads((site / "data" / "datapackage.json").read_bytes())
    assert {resource["path"] for resource in package["resources"]} == {
        f"{name}.{format}" for name in NAMES for format in ("csv", "parquet")
    }
    for resource in package["resources"]:
        assert (site / "data" / resource["path"]).is_file()
        assert all(field["description"] for field in resource["schema"]["fields"])
    assert package_of([SMALL], version="v", on=DAY) == package_of([SMALL], version="v", on=DAY)
