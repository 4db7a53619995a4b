"""Doubled and overlapping holds of one person: named, and billed once unless the caller asks for twice."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import comity
from comity.api import load
from comity.money.invoice import build_invoice
from comity.money.overlaps import NAMED_MAX

LIBRARY = load()
TWICE = """person,held_from,held_until
Subject 0017,2017-11-02,2017-11-04
Subject 0017,2017-11-02,2017-11-04
Subject 0017,2017-11-03,2017-11-06
"""


def cost(rows: str, **options: Any) -> Any:
    table = arrow_csv.read_csv(io.BytesIO(rows.encode()))
    return comity.cost(table, place="us/fl/miami-dade", library=LIBRARY, **options)


def test_a_day_of_one_person_is_billed_once_and_each_overlap_is_named() -> None:
    costs = cost(TWICE)
    assert (costs.rows, costs.holds, costs.days, costs.charged) == (3, 3, 4, 4 * 113_00)
    assert costs.table["days"].to_pylist() == [2, 0, 2]
    assert [(finding.code, finding.place.source, finding.message) for finding in costs.findings] == [
        (
            "doubled-hold",
            "table: row 2",
            "repeats the hold of the same person in row 1: 2017-11-02 to 2017-11-03, counted once",
        ),
        ("overlapping-hold", "table: row 3", "overlaps the hold of the same person in row 1: 2017-11-03, counted once"),
    ]
    assert not any(finding.grave for finding in costs.findings)
    assert len(costs.to_dict()["findings"]) == 2 and "Doubled and overlapping holds" in costs.to_markdown()


def test_the_invoice_has_no_line_for_a_doubled_hold() -> None:
    invoice, _ = build_invoice(cost(TWICE), "2017-11")
    assert invoice and [(line.hold, line.first.day, line.last.day, line.days) for line in invoice.lines] == [
        (1, 2, 3, 2),
        (3, 4, 5, 2),
    ]


def test_the_days_are_billed_twice_where_the_caller_asks_for_it() -> None:
    costs = cost(TWICE, bill_overlaps=True)
    assert (costs.days, costs.charged, costs.table["days"].to_pylist()) == (7, 7 * 113_00, [2, 2, 3])
    assert [finding.message.rpartition(", ")[2] for finding in costs.findings] == ["counted twice"] * 2


@pytest.mark.parametrize(
    "rows",
    [
        TWICE.replace("Subject 0017", ""),
        TWICE.replace("person,", "cell,"),
        "period,days,person\n2017-11,5,Subject 0017\n2017-11,5,Subject 0017\n",
    ],
)
def test_without_a_key_of_a_person_nothing_is_merged_and_a_repeated_row_is_named(rows: str) -> None:
    costs = cost(rows)
    assert costs.days in (7, 10)
    [finding] = costs.findings
    assert (finding.code, finding.place.source, finding.grave) == ("repeated-row", "table: row 2", False)
    assert finding.message == "has the same days as row 1; all are counted, as they may be of different people"


def test_holds_that_follow_each_other_and_holds_of_two_people_do_not_overlap() -> None:
    rows = "person,held_from,held_until\nA,2017-11-02,2017-11-04\nA,2017-11-04,2017-11-06\nB,2017-11-02,2017-11-04\n"
    costs = cost(rows)
    assert (costs.days, costs.findings) == (6, ())


def test_a_hold_that_cannot_be_costed_takes_no_days_from_another() -> None:
    rows = "person,held_from,held_until\nA,2018-01-08,2018-01-12\nA,2018-01-09,2018-01-10\n"
    costs = cost(rows, leave_out=True)
    assert (len(costs.refused), costs.days, costs.findings) == (1, 1, ())


def test_many_overlaps_are_named_up_to_a_bound_and_then_counted() -> None:
    rows = "person,held_from,held_until\n" + "A,2017-11-02,2017-11-04\n" * (NAMED_MAX + 8)
    costs = cost(rows)
    assert (costs.days, len(costs.findings)) == (2, NAMED_MAX + 1)
    assert costs.findings[-1].message == "7 more rows overlap a hold of the same person"


@pytest.mark.parametrize("keys", [
    ("Doe, Ana", "DOE, ANA", "doe, ana"), ("Doe, Ana", " Doe,  Ana", "Doe, Ana "), ("Jos\u00e9", "Jose\u0301", "JOS\u00c9"),
    ("P\u00a01", "P 1", "p 1"), ("\uff21\uff11", "A1", "a1"),
])  # fmt: skip
def test_a_key_is_the_same_whatever_its_case_its_spaces_and_the_form_of_its_accents(keys: tuple[str, ...]) -> None:
    days = (("2017-11-02", "2017-11-04"), ("2017-11-02", "2017-11-04"), ("2017-11-03", "2017-11-06"))
    columns = {"person": [*keys], "held_from": [day for day, _ in days], "held_until": [day for _, day in days]}
    costs = comity.cost(pa.table(columns), place="us/fl/miami-dade", library=LIBRARY)
    assert (costs.people, costs.days, [finding.code for finding in costs.findings]) == (
        1, 4, ["doubled-hold", "overlapping-hold"],
    )  # fmt: skip
    assert "the hold of the same person, whose key is spelled otherwise, in row 1" in costs.findings[0].message
    twice = comity.cost(pa.table(columns), place="us/fl/miami-dade", library=LIBRARY, bill_overlaps=True)
    assert twice.days == 7 and len(twice.findings) == 2


@pytest.mark.parametrize(
    "nobody",
    ["-", "nan", "N/A", "unknown", "UNK", "[REDACTED]", "(b)(6)", "John Doe", "DOE, JANE", "?", "none", " ", "***"],
)
def test_words_for_nobody_are_no_key(nobody: str) -> None:
    columns = {"person": [nobody, nobody], "held_from": ["2017-11-02"] * 2, "held_until": ["2017-11-04"] * 2}
    costs = comity.cost(pa.table(columns), place="us/fl/miami-dade", library=LIBRARY)
    assert (costs.people, costs.days, [finding.code for finding in costs.findings]) == (0, 4, ["repeated-row"])


@pytest.mark.parametrize(
    "heading",
    [
        "Person,Held From,Held Until",
        "PERSON,HELD_FROM,HELD_UNTIL",
        "person,held-from,Held_until ",
        "Unique Identifier,Start,End",
    ],
)
def test_headings_are_read_whatever_their_case_and_spaces(heading: str) -> None:
    costs = cost(TWICE.replace("person,held_from,held_until", heading))
    assert (costs.people, costs.days, len(costs.findings)) == (1, 4, 2)


def test_a_heading_as_it_should_be_goes_before_other_spellings() -> None:
    costs = cost("person,Person,held_from,held_until\nA,X,2017-11-02,2017-11-04\nB,X,2017-11-02,2017-11-04\n")
    assert (costs.people, costs.days) == (2, 4)


@pytest.mark.parametrize(("heading", "named"), [("Inmate ID", True), ("name", True), ("cell", False), ("note", False)])
def test_a_column_that_may_name_the_person_is_named_and_not_taken_for_it(heading: str, named: bool) -> None:
    costs = cost(TWICE.replace("person,", f"{heading},"))
    assert (costs.people, costs.days) == (None, 7)
    found = [finding for finding in costs.findings if finding.code == "no-person"]
    assert [f'"{heading}" may name the person' in finding.message and not finding.grave for finding in found] == [
        True
    ] * named
    assert "repeated-row" in [finding.code for finding in costs.findings]


HOLD = st.tuples(st.sampled_from(["A", "B", None]), st.integers(0, 20), st.integers(0, 6))


@settings(max_examples=80)
@given(st.lists(HOLD, min_size=1, max_size=12))
def test_the_days_billed_are_the_days_on_which_each_person_was_held(holds: list[tuple[str | None, int, int]]) -> None:
    first = date(2017, 10, 20)
    spans = [(person, first + timedelta(day), first + timedelta(day + length)) for person, day, length in holds]
    columns = zip(*((person, str(since), str(until)) for person, since, until in spans), strict=True)
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=["person", "held_from", "held_until"])
    days = {
        (person if person else number, day)
        for number, (person, since, until) in enumerate(spans)
        for day in range(since.toordinal(), max(until, since + timedelta(1)).toordinal())
    }
    costs = comity.cost(table, place="us/fl/miami-dade", library=LIBRARY)
    assert costs.days == len(days) == sum(costs.table["days"].to_pylist())
    assert costs.charged == len(days) * 113_00 and costs.holds == costs.rows == len(holds)
    twice = comity.cost(table, place="us/fl/miami-dade", library=LIBRARY, bill_overlaps=True)
    assert twice.days == sum(max(length, 1) for _, _, length in holds)
    assert len(costs.findings) >= (costs.days < twice.days)
