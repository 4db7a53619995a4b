"""The list of agreements as facts of places: who is listed, from when, and what may be said of those who are not."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import comity
from comity.facts.kinds import KnownSet
from comity.law.agreements import read_agreements
from comity.law.cache import load
from comity.law.calendar import outermost_with_same_law
from comity.law.in_force import Agency, in_force
from comity.law.library import Library, read_library

from .small_law import POLICIES, gazetteer, vocabulary

HEAD = "place,agency,kind,model,signed,until,source\n"
ROWS = """us,,,,2026-05-18,2026-05-19,the list
us/ca,,,,2026-05-18,2026-05-19,the list
us/ca/kern,Kern County Sheriff's Office,sheriff,jail_enforcement,2020-03-01,2026-05-19,the list
us/ca/kern,Kern County Sheriff's Office,sheriff,task_force,2025-03-01,2026-05-19,the list
us/ca/kern,Delano Police Department,police_department,task_force,2025-04-01,2025-09-02,the list
us/fl/bay,Bay County Sheriff's Office,sheriff,task_force,2025-03-01,2026-05-19,the list
us/fl/bay,Bay County Sheriff's Annex,sheriff,task_force,2025-03-01,2026-05-19,the list
us/fl/polk,Polk Corrections,corrections_department,task_force,2025-03-01,2025-03-02,the list
us/fl/polk,Polk Jail,corrections_department,warrant_service_officer,2025-04-01,2026-05-19,the list
us/fl/polk,Polk County Sheriff's Office,sheriff,task_force,2025-04-01,2026-05-19,the list
"""
SHERIFF, OFFICE = Agency("sheriff"), Agency("", "Kern County Sheriff's Office")
NAMED, POLICE = (
    Agency("sheriff", "Kern County Sheriff's Office"),
    Agency("police_department", "Delano Police Department"),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    path = tmp_path_factory.mktemp("law") / "agreements.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    agreements, findings = read_agreements(path, gazetteer(), vocabulary())
    assert not findings
    return Library(vocabulary(), gazetteer(), agreements=agreements)


def known(library: Library, place: str, day: str, agency: Agency = Agency()) -> set[str] | str:
    """The agreements known of an agency: a whole set, one followed by a question mark, or nothing."""
    value = in_force(library, place, date.fromisoformat(day), agency).facts.get("agency.agreements_287g")
    if value is None:
        return "unknown"
    assert isinstance(value, KnownSet)
    return set(value.members) if value.whole else " ".join([*sorted(value.members), "and perhaps more"])


@pytest.mark.parametrize(
    ("day", "agency", "expected"),
    [
        ("2020-02-29", SHERIFF, "unknown"),
        ("2020-03-01", SHERIFF, "jail_enforcement and perhaps more"),
        ("2025-02-28", NAMED, "jail_enforcement and perhaps more"),
        ("2025-03-01", OFFICE, "jail_enforcement task_force and perhaps more"),
        ("2026-05-17", OFFICE, "jail_enforcement task_force and perhaps more"),
        ("2026-05-18", OFFICE, {"jail_enforcement", "task_force"}),
        ("2026-05-19", OFFICE, "unknown"),
        ("2026-05-18", Agency(), "unknown"),
        ("2026-05-18", Agency("", "Shafter Police Department"), "unknown"),
        ("2025-09-01", POLICE, "task_force and perhaps more"),
        ("2025-09-02", POLICE, "unknown"),
        ("2026-05-18", POLICE, set()),
    ],
)
def test_an_agency_that_is_listed(library: Library, day: str, agency: Agency, expected: set[str] | str) -> None:
    assert known(library, "us/ca/kern", day, agency) == expected


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        ("us/ca/fresno", "2026-05-17", "unknown"),
        ("us/ca/fresno", "2026-05-18", set()),
        ("us/ca/fresno", "2026-05-19", "unknown"),
        ("us/fl/gulf", "2026-05-18", "unknown"),  # where the list is not complete for the State
    ],
)
def test_where_nobody_is_listed_there_are_none_only_when_and_where_the_list_is_complete(
    library: Library, place: str, day: str, expected: set[str] | str
) -> None:
    assert known(library, place, day, SHERIFF) == known(library, place, day) == expected


def test_where_two_are_of_a_kind_the_kind_does_not_tell_which(library: Library) -> None:
    assert known(library, "us/fl/bay", "2026-05-18", SHERIFF) == "unknown"
    assert known(library, "us/fl/bay", "2026-05-18", Agency("sheriff", "Bay County Sheriff's Annex")) == {"task_force"}


def test_a_county_has_one_corrections_department_under_whatever_name_the_list_has_it(library: Library) -> None:
    jail = Agency("corrections_department")
    assert known(library, "us/fl/polk", "2025-03-01", jail) == "task_force and perhaps more"
    assert known(library, "us/fl/polk", "2025-03-02", jail) == "unknown"
    assert known(library, "us/fl/polk", "2026-05-18", jail) == {"warrant_service_officer"}
    assert known(library, "us/fl/polk", "2026-05-18", SHERIFF) == {"task_force"}
    assert known(library, "us/fl/polk", "2026-05-18", Agency("", "Polk Corrections")) == set()


def test_a_name_that_the_facts_of_a_place_know_finds_the_agreements_of_its_kind() -> None:
    named = Agency("", "Miami-Dade Corrections and Rehabilitation Department")  # the list has it without Department
    assert known(load()[0], "us/fl/miami-dade", "2026-05-18", named) == {"warrant_service_officer"}
    assert known(load()[0], "us/fl/miami-dade", "2025-02-25", named) == "unknown"


def test_a_listed_name_tells_the_kind_and_each_fact_its_source(library: Library) -> None:
    stack = in_force(library, "us/ca/kern", date(2025, 6, 1), OFFICE)
    assert stack.facts["agency.kind"] == "sheriff"
    assert {fact.source for fact in stack.fact_sources.values()} == {"the list"}
    assert stack.fact_sources["agency.agreements_287g"].evidence == "partly"


def test_counties_share_a_calendar_where_the_list_says_nothing_of_them(library: Library) -> None:
    assert (
        outermost_with_same_law(library, "us/ca/fresno", Agency()) == "us/ca"
        and outermost_with_same_law(library, "us/ca/kern", Agency()) == "us/ca/kern"
    )
    assert (
        outermost_with_same_law(library, "us/fl/bay", Agency()) == "us"
        and outermost_with_same_law(library, "us/fl/bay", POLICE) == "us"
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("us/fl/baay,Bay,sheriff,task_force,2025-03-01,2026-05-19,s", 'no place "us/fl/baay"'),
        ("us/fl/bay,Bay,sherif,task_force,2025-03-01,2026-05-19,s", 'no kind of agency "sherif"'),
        (
            "us/fl/bay,Bay,sheriff,task_forse,2025-03-01,2026-05-19,s",
            'no model "task_forse"; did you mean "task_force"?',
        ),
        ("us/fl/bay,Bay,sheriff,task_force,2026-05-19,2026-05-19,s", "signed and until must be days"),
        ("us/fl/bay,Bay,sheriff,task_force,soon,2026-05-19,s", "signed and until must be days"),
        ("us/fl/bay,Bay,sheriff", "has 3 cells"),
    ],
)
def test_a_faulty_row_is_a_finding(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "agreements.csv"
    path.write_text(f"{HEAD}{line}\n", encoding="utf-8")
    found, [fault] = read_agreements(path, gazetteer(), vocabulary())
    assert not found.listed and says in fault.line() and "agreements.csv:2" in fault.line()


def test_a_file_of_facts_that_says_otherwise_overlaps(tmp_path: Path) -> None:
    folder = tmp_path / "us" / "fl" / "broward"
    folder.mkdir(parents=True)
    block = "fact: agency.agreements_287g\nvalue: []\nfrom: 2025-01-01\nsource: somebody\nevidence: partly\n"
    (folder / "facts.md").write_text(
        f"# Facts\n\n## One\n\nPlain words.\n\n```yaml fact\n{block}```\n", encoding="utf-8"
    )
    _, findings = read_library([POLICIES, tmp_path])
    assert {finding.code for finding in findings} == {"overlap"} and "us/fl/broward has two values" in findings[
        0
    ].message


def test_the_shipped_list_says_of_a_county_what_it_says() -> None:
    view = comity.law_at("us/mn/crow-wing", on="2026-05-18")
    assert [
        (fact.fact, fact.value) for fact in view.agencies if fact.agency == "Crow Wing County Sheriff's Office"
    ] == [
        ("agency.agreements_287g", "task_force, warrant_service_officer"),
        ("agency.kind", "sheriff"),
    ]
    assert not view.facts and comity.law_at("us/mn/hennepin", on="2026-05-18").facts[0].value == "none"


def test_the_shipped_table_has_one_sheriff_a_county() -> None:
    listed = comity.load().agreements.listed
    sheriffs = {
        place: {row.agency for row in rows if row.kind == "sheriff"}
        for place, rows in listed.items()
        if place.count("/") > 1
    }
    assert sum(map(bool, sheriffs.values())) > 700 and not {
        place for place, names in sheriffs.items() if len(names) > 1
    }


def test_the_shipped_table_is_what_the_published_list_makes(records: Path, tmp_path: Path) -> None:
    [workbook] = (records / "agreements").glob("*.xlsx")
    command = [
        str(POLICIES.parent / "lists" / "agreements.py"),
        str(workbook),
        "--on",
        workbook.stem.rpartition("_")[2],
    ]
    subprocess.run(
        [sys.executable, *command, "--out", str(tmp_path / "agreements.csv")], check=True, capture_output=True
    )
    assert (tmp_path / "agreements.csv").read_bytes() == (POLICIES / "agreements.csv").read_bytes()
