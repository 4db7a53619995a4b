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
