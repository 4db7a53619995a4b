"""What holds cost, through the whole house: every row accounted for, every cent the same as one by one, the ledger in balance."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import comity
from comity.api import load
from comity.money.cost import Hold, Unpriced, price_hold
from comity.money.ledger import ACCOUNTS
from comity.money.page import bottom_line, page_of
from comity.money.rates import COLUMNS, read_rates
from tests.house.tree import ROOT

HERE = "us/fl/miami-dade"
POLICIES = ROOT / "policies"
LIBRARY = load()
RATES = read_rates([POLICIES], LIBRARY.gazetteer)[0]
AVERAGE, FEDERAL = RATES.of("average", [HERE]), RATES.of("federal", [HERE])


def table(*rows: tuple[Any, ...], names: tuple[str, ...] = ("held_from", "held_until")) -> pa.Table:
    return pa.table(
        {name: [None if row[at] is None else str(row[at]) for row in rows] for at, name in enumerate(names)}
    )


def cost(rows: Any, **named: Any) -> Any:
    return comity.cost(rows, place=HERE, library=LIBRARY, **named)


ROW = st.tuples(
    st.dates(date(2015, 12, 20), date(2018, 1, 20)),
    st.integers(-1, 60),
    st.one_of(st.none(), st.integers(-1, 40)),
).map(lambda drawn: (drawn[0], drawn[0] + timedelta(drawn[1]), drawn[2]))


@settings(max_examples=60)
@given(st.lists(ROW, min_size=1, max_size=12))
def test_the_table_comes_to_what_each_hold_comes_to(rows: list[tuple[date, date, int | None]]) -> None:
    costs = cost(table(*rows, names=("held_from", "held_until", "days")), leave_out=True)
    total = charged = good = 0
    for since, until, days in rows:
        if until < since or (days is not None and days < 1):
            continue
        hold = Hold(since, max(until, since + timedelta(1)), days or 0)
        pieces, charges = price_hold(hold, AVERAGE), price_hold(hold, FEDERAL)
        if isinstance(pieces, Unpriced) or isinstance(charges, Unpriced):
            continue
        good += 1
        total += sum(piece.cents for piece in pieces)
        charged += sum(piece.cents for piece in charges)
    assert (costs.holds, costs.cost, costs.charged) == (good, total, charged)
    assert costs.rows == len(rows) == costs.holds + len(costs.refused)
    assert sum(costs.ledger.balance(account) for account in ACCOUNTS) == 0
    assert (costs.table.schema.field("cost_cents").type, sum(costs.table["cost_cents"].to_pylist())) == (
        pa.int64(),
        total,
    )


def test_months_and_the_sum_and_who_pays() -> None:
    costs = cost(table(("2017-01-24", "2017-02-03"), ("2017-11-30", "2017-12-02")))
    document = costs.to_dict()
    assert [(period["period"], period["days"], period["cost_cents"], period["charged_cents"]) for period in document["periods"]] == [
        ("2017-01", 8, 175_852, 56_500), ("2017-02", 2, 46_341, 22_600), ("2017-11", 1, 23_170, 11_300), ("2017-12", 1, 23_171, 11_300),
    ]  # fmt: skip
    assert document["cost_cents"] == document["borne_cents"] + document["owed_cents"] + document["paid_cents"]
    assert [(entry.on.isoformat(), entry.deed) for entry in costs.ledger.entries][:3] == [
        ("2017-01-31", "accrued"), ("2017-02-01", "billed"), ("2017-02-28", "accrued"),
    ]  # fmt: skip


def test_what_is_paid_and_given_up_is_booked() -> None:
    paid = table(("2018-02-01", "2017-11", "100.00", "6.00"), names=("on", "period", "paid", "written_off"))
    costs = cost(table(("2017-11-30", "2017-12-01")), payments=paid)
    assert (costs.cost, costs.ledger.balance("paid"), costs.ledger.owed, costs.ledger.borne) == (
        23_170,
        10_000,
        700,
        12_470,
    )


def test_without_a_bill_the_county_bears_it_all() -> None:
    costs = cost(table(("2017-11-30", "2017-12-01")), not_billed=True)
    assert (costs.charged, costs.ledger.borne) == (0, 23_170)
    none_agreed = cost(table(("2016-11-29", "2016-12-01")))
    assert (none_agreed.charged, none_agreed.ledger.borne, none_agreed.ledger.owed) == (0, 40_000, 0)


@pytest.mark.parametrize(("names", "row"), [
    (("held_from", "held_until"), ("2017-11-02", "2017-11-04")),
    (("start", "days"), ("2017-11-02", "2")),
    (("custody.release_eligible_at", "end"), ("2017-11-03T03:30:00Z", "2017-11-05T03:30:00Z")),
    (("period", "days"), ("2017-11", "2")),
    (("held_from", "held_until", "days"), ("2017-11-01", "2017-12-01", "2")),
])  # fmt: skip
def test_a_hold_is_given_in_several_ways(names: tuple[str, ...], row: tuple[str, ...]) -> None:
    costs = cost(table(row, names=names))
    assert [(period.name, period.days, period.cost) for period in costs.periods] == [("2017-11", 2, 46_341)]


def test_a_hold_within_a_day_is_one_day_and_people_are_counted_once() -> None:
    rows = table(
        ("2017-11-02", "2017-11-02", "Subject 0017"),
        ("2017-11-09", "2017-11-10", "Subject 0017"),
        names=("held_from", "held_until", "person"),
    )
    costs = cost(rows)
    assert (costs.days, costs.holds, costs.people) == (2, 2, 1)


@pytest.mark.parametrize(("names", "row", "code"), [
    (("held_from", "held_until"), ("2017-11-04", "2017-11-02"), "ends-before-it-starts"),
    (("held_from", "held_until"), ("2017-11-31", "2017-12-02"), "not-a-day"),
    (("held_from", "held_until"), ("2017-11-02", None), "no-days"),
    (("held_from", "held_until"), (None, "2017-11-02"), "no-days"),
    (("held_from", "days"), ("2017-11-02", "1.5"), "not-days"),
    (("held_from", "days"), ("2017-11-02", "0"), "not-days"),
    (("period", "days"), ("2017-13", "3"), "not-a-day"),
    (("period", "days"), ("2017", "3"), "rate-changes"),
    (("held_from", "held_until"), ("2019-11-02", "2019-11-04"), "missing-rate"),
    (("held_from", "held_until"), ("2018-01-08", "2018-01-11"), "missing-rate"),
    (("held_from", "held_until"), ("1017-11-02", "2017-11-04"), "not-a-day"),
])  # fmt: skip
def test_what_cannot_be_costed_is_a_fault_or_is_left_out_and_counted(
    names: tuple[str, ...], row: tuple[Any, ...], code: str
) -> None:
    with pytest.raises(comity.InputFault) as fault:
        cost(table(row, names=names))
    assert [item.code for item in fault.value.findings] == [code] and "\n" not in str(fault.value)
    costs = cost(table(row, names=names), leave_out=True)
    assert (costs.rows, costs.holds, [item.code for item in costs.refused]) == (1, 0, [code])
    assert costs.cost == 0 and not costs.periods


def test_a_cut_row_is_refused_and_the_rest_keeps_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "holds.csv"
    path.write_text(
        "held_from,held_until\n2017-11-02,2017-11-04\n2017-11-05\n2017-11-06,2017-11-07\n", encoding="utf-8"
    )
    costs = cost(path, leave_out=True)
    assert (costs.rows, costs.holds) == (3, 2)
    assert [(refusal.row, refusal.code) for refusal in costs.refused] == [(3, "cut-row")]
    assert costs.table["row"].to_pylist() == [2, 4]


def test_kinds_of_rate_are_kept_apart(tmp_path: Path) -> None:
    with pytest.raises(comity.InputFault, match="no marginal rate of us/fl/miami-dade is known for 2017-11-02"):
        cost(table(("2017-11-02", "2017-11-04")), basis="marginal")
    with (tmp_path / "rates.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [COLUMNS, (HERE, "marginal", "30", "1", "2017-01-01", "2018-01-01", "the county", "verified", "")]
        )
    costs = cost(table(("2017-11-02", "2017-11-04")), basis="marginal", folders=[tmp_path])
    assert (costs.cost, costs.charged, costs.ledger.borne) == (6_000, 22_600, -16_600)


def test_who_pays_must_be_known_or_nothing_is_billed(tmp_path: Path) -> None:
    with (tmp_path / "rates.csv").open("w", encoding="utf-8", newline="") as out:
        rows_of_county = [
            ("us/fl/alachua", kind, "90", "1", since, "2018-01-01", "the county", "verified", "")
            for kind, since in (("average", "2016-01-01"), ("federal", "2017-01-01"))
        ]
        csv.writer(out).writerows([COLUMNS, *rows_of_county])
    named = {"place": "us/fl/alachua", "folders": [tmp_path], "library": LIBRARY}
    rows = table(("2016-12-30", "2017-01-02"), ("2017-01-01", "2017-01-03"))
    with pytest.raises(comity.InputFault, match="row 1: no federal rate of us/fl/alachua is known for 2016-12-30"):
        comity.cost(rows, **named)
    left = comity.cost(rows, leave_out=True, **named)
    assert (left.holds, left.days, left.cost, left.charged, [refusal.code for refusal in left.refused]) == (
        1,
        2,
        18_000,
        18_000,
        ["missing-federal-rate"],
    )
    assert (comity.cost(rows, not_billed=True, **named).cost, comity.cost(rows, not_billed=True, **named).charged) == (
        45_000,
        0,
    )


def test_a_notebook_shows_the_page() -> None:
    shown = cost(table(("2017-11-30", "2017-12-01")))._repr_html_()
    assert "<h3>What 1 hold cost us/fl/miami-dade</h3>" in shown and "$231.70" in shown


def test_a_yearly_payment_is_shown_and_never_set_against_a_hold(tmp_path: Path) -> None:
    with (tmp_path / "rates.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [COLUMNS, ("us/mi/oakland", "average", "90", "1", "2008-01-01", "2010-01-01", "the county", "partly", "")]
        )
    named = {"place": "us/mi/oakland", "folders": [tmp_path], "not_billed": True, "library": LIBRARY}
    costs = comity.cost(table(("2009-01-01", "2009-01-03")), **named)
    assert [rate.cents for rate in costs.used(costs.yearly)] == [6_618_700]
    assert (costs.cost, costs.ledger.borne) == (18_000, 18_000)
    assert not comity.cost(table(("2009-08-01", "2009-08-03")), **named).to_dict()["scaap"]


def test_frames_are_read_and_words_that_are_not_known_refused() -> None:
    frame = polars.DataFrame({"held_from": [date(2017, 11, 2)], "held_until": [date(2017, 11, 4)]})
    assert cost(frame).cost == 46_341
    for named in ({"basis": "mean"}, {"rounding": "nearest"}):
        with pytest.raises(comity.InputFault, match="there is no (basis|rounding)"):
            cost(frame, **named)


def test_payments_that_cannot_be_read_are_faults() -> None:
    holds = table(("2017-11-30", "2017-12-01"))
    for row, code in (
        ((None, "2017-11", "1"), "not-a-day"),
        (("2018-01-01", None, "1"), "no-period"),
        (("2018-01-01", "2017-11", "-1"), "negative-amount"),
    ):
        with pytest.raises(comity.InputFault) as fault:
            cost(holds, payments=table(row, names=("on", "period", "paid")))
        assert [finding.code for finding in fault.value.findings] == [code]
    given_up = table(("2018-01-01", "2017-11", "1", "-1"), names=("on", "period", "paid", "written_off"))
    with pytest.raises(comity.InputFault, match="-1 is negative"):
        cost(holds, payments=given_up)
    with pytest.raises(comity.InputFault, match="lacks the column period"):
        cost(holds, payments=table(("2018-01-01", "1"), names=("on", "paid")))


@pytest.mark.parametrize(("options", "sentence"), [
    ({}, "1 hold cost $463.41 for 2 inmate-days; $226.00 is charged to the federal government, and the county bears $237.41."),
    ({"not_billed": True}, "1 hold cost $463.41 for 2 inmate-days; nothing is charged to the federal government, so the county bears all of it."),
])  # fmt: skip
def test_the_page_begins_with_the_result_in_one_sentence(options: dict[str, bool], sentence: str) -> None:
    table = pa.table({"held_from": ["2017-11-02"], "held_until": ["2017-11-04"]})
    costs = comity.cost(table, place="us/fl/miami-dade", library=LIBRARY, **options)  # type: ignore[arg-type]
    assert bottom_line(costs) == sentence
    assert bottom_line(costs) in costs.to_markdown()


TWO = {"Held From": ["2017-03-01", "2017-03-10"], "Held Until": ["2017-03-04", "2017-03-12"]}


@pytest.mark.parametrize("form", [pa.table, lambda rows: pa.table(rows).to_reader(), polars.DataFrame])
def test_a_stream_is_read_although_its_headings_are_spelled_otherwise(form: Any) -> None:
    assert (cost(form(TWO)).holds, cost(form(TWO)).days) == (2, 5)


@pytest.mark.parametrize("unit", ["s", "us", "ns"])
def test_a_duration_in_days_is_as_many_days(unit: str) -> None:
    begins = pandas.Series(pandas.to_datetime(TWO["Held From"])).dt.as_unit(unit)
    lengths = pandas.Series(pandas.to_datetime(TWO["Held Until"])).dt.as_unit(unit) - begins
    assert cost(pandas.DataFrame({"held_from": begins, "days": lengths})).days == 5
    part = cost(pandas.DataFrame({"held_from": begins, "days": lengths / 2}), leave_out=True)
    assert part.days == 1 and part.refused[0].code == "not-days"  # a day and a half is no number of days


def test_numbers_and_periods_as_pandas_writes_them() -> None:
    months = pandas.PeriodIndex(["2017-03", "2017-04"], freq="M")
    assert [period.name for period in cost(pandas.DataFrame({"period": months, "days": [10, 20]})).periods] == [
        "2017-03",
        "2017-04",
    ]
    for text in ("3", "3.0", "3 days", "3 days 00:00:00"):
        assert cost(table(("2017-03-01", text), names=("held_from", "days"))).days == 3


@pytest.mark.parametrize(
    "until", ["2099-12-31", "9999-12-31", "9999-12-31T23:00:00-12:00", "0001-01-01T00:00:00+14:00", "1970-01-01"]
)
def test_a_day_that_programs_write_for_none_ends_no_hold(until: str, tmp_path: Path) -> None:
    rates = [(HERE, kind, "100.00", "1", "1900-01-01", "2199-01-01", "made up", "verified", "") for kind in ("average", "federal")]  # fmt: skip
    with (tmp_path / "rates.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *rates])
    costs = cost(table(("2017-03-01", until), ("2017-03-01", "2017-03-02")), leave_out=True, folders=tmp_path)
    assert [(row.row, row.code) for row in costs.refused] == [(1, "not-a-day")] and costs.cost == 100_00


def test_the_days_of_one_person_are_no_sum_over_several_people() -> None:
    names = ("held_from", "held_until", "days", "person")
    rows = [
        ("2017-03-01", "2017-03-10", 9, "a"),
        ("2017-03-05", "2017-03-12", 7, "A"),
        ("2017-03-01", "2017-03-03", 40, "a"),
    ]
    costs = cost(table(*rows, names=names), leave_out=True)
    assert costs.days == 11 and [finding.code for finding in costs.findings] == ["overlapping-hold"]
    assert [(row.row, row.code) for row in costs.refused] == [(3, "days-and-end")]
    assert "days says 40, and from 2017-03-01 to 2017-03-03 are 2" in costs.refused[0].message
    assert cost(table(("2017-03-01", "2017-03-03", 40, "unknown"), names=names)).days == 40  # of several people


def test_sentences_are_true_where_nobody_is_named_and_nothing_is_costed() -> None:
    def title(costs: Any) -> str:
        return str(page_of(costs)[0].text)

    names = ("held_from", "held_until", "person")
    days = ("2017-03-01", "2017-03-02")
    assert title(cost(table((*days, None), names=names))) == f"What 1 hold cost {HERE}"
    some = cost(table((*days, "a"), (*days, "unknown"), names=names))
    assert (
        title(some) == f"What 2 holds of at least 1 person cost {HERE}" and some.to_dict()["holds_without_person"] == 1
    )
    assert bottom_line(cost(table())) == "Nothing was costed: the table has no holds."
    assert bottom_line(cost(table(("x", "y")), leave_out=True)) == "Nothing was costed: the row was refused."


def test_payments_are_read_as_frames_have_them() -> None:
    paid = pandas.DataFrame(
        {"on": pandas.to_datetime(["2017-04-03"]), "period": pandas.PeriodIndex(["2017-03"], freq="M"), "paid": [Decimal("100.1000")]}
    )  # fmt: skip
    assert cost(table(("2017-03-01", "2017-03-03")), payments=paid).ledger.balance("paid") == 100_10


def test_midnight_in_utc_that_is_another_day_is_said() -> None:
    costs = cost(table(("2017-03-01T00:00:00Z", "2017-03-03T00:00:00+00:00"), ("2017-03-01", "2017-03-02")))
    assert [(finding.code, finding.grave) for finding in costs.findings] == [("midnight-utc", False)]
    assert [period.name for period in costs.periods] == ["2017-02", "2017-03"]
    assert "1 row has midnight of UTC, which is another day at the place" in costs._repr_html_()
    assert not cost(table(("2017-03-01T05:00:00Z", "2017-03-03 00:00:00"))).findings
