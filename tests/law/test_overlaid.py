"""A county's own tables are laid over the shipped ones by key: a row of its own replaces one row, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.api import load
from comity.law.library import LAID_BY_KEY, Library, read_library

POLICIES = Path(__file__).parents[2] / "policies"
SHIPPED = load()
TABLES = {
    name: (lines[0], lines[1:])
    for name in LAID_BY_KEY
    for lines in [(POLICIES / name).read_text(encoding="utf-8").splitlines()]
}


def with_tables(folder: Path, **tables: list[str]) -> tuple[Library, list[str]]:
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text("\n".join([TABLES[f"{name}.csv"][0], *rows, ""]), encoding="utf-8")
    library, findings = read_library([POLICIES, folder])
    return library, [finding.line() for finding in findings if finding.grave]


def same_tables(one: Library, other: Library) -> bool:
    return (one.gazetteer.places, one.gazetteer.aliases, one.courts, one.offenses, one.aliases, one.researched) == (
        other.gazetteer.places, other.gazetteer.aliases, other.courts, other.offenses, other.aliases, other.researched
    )  # fmt: skip


@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_rows_that_are_shipped_already_change_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chosen = {
        name.removesuffix(".csv"): data.draw(st.lists(st.sampled_from(rows), max_size=5, unique=True), label=name)
        for name, (_, rows) in TABLES.items()
        if name
        not in ("agreements.csv", "facilities.csv")  # of these a key has several rows, which are replaced together
    }
    library, grave = with_tables(tmp_path_factory.mktemp("law"), **chosen)
    assert grave == [] and same_tables(library, SHIPPED)


def test_one_row_of_ones_own_replaces_one_row(tmp_path: Path) -> None:
    row = "us/fl/monroe,The Keys,county,America/New_York,us/fl,"
    library, grave = with_tables(
        tmp_path, places=[row, "us/fl/monroe/harbor,Harbor,city,America/New_York,us/fl/monroe,"]
    )
    assert grave == []
    changed = {path for path, place in library.gazetteer.places.items() if SHIPPED.gazetteer.places.get(path) != place}
    assert changed == {"us/fl/monroe", "us/fl/monroe/harbor"}
    assert library.gazetteer.places["us/fl/monroe"].name == "The Keys"
    assert library.digest != SHIPPED.digest


def test_a_row_given_twice_in_one_table_is_an_error_still(tmp_path: Path) -> None:
    row = "us/fl/monroe,The Keys,county,America/New_York,us/fl,"
    _, grave = with_tables(tmp_path, places=[row, row])
    assert len(grave) == 1 and 'the place "us/fl/monroe" has no path, or is given twice' in grave[0]


def test_agreements_of_an_agency_are_replaced_together(tmp_path: Path) -> None:
    place, listed = next(
        (place, rows) for place, rows in SHIPPED.agreements.listed.items() if len({r.agency for r in rows}) == 1
    )
    agency = listed[0].agency
    library, grave = with_tables(
        tmp_path, agreements=[f'{place},"{agency}",sheriff,task_force,2020-01-01,2021-01-01,our own list']
    )
    assert grave == []
    assert [row.source for row in library.agreements.listed[place]] == ["our own list"]
    others = {key: rows for key, rows in library.agreements.listed.items() if key != place}
    assert others == {key: rows for key, rows in SHIPPED.agreements.listed.items() if key != place}
