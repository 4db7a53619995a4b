"""A choice through the whole house: every row accounted for, what is open stays open, and no figure without its source."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import comity
from comity.api import load
from comity.board.figures import Exposure, SourcedValue
from comity.board.inputs import GivenFigures
from comity.board.plot import draw_pictures
from comity.board.weighing import ChoiceOptions, compare_laws
from comity.finding import InputFault
from comity.money.sourced import Source
from tests.house.tree import ROOT

HERE = "us/fl/miami-dade"
BEFORE, AFTER = f"{HERE}@2017-01-25", f"{HERE}@2017-01-26"
PHILADELPHIA = "us/pa/philadelphia@2014-06-01"
POLICIES = ROOT / "policies"
DEMO = POLICIES / "demo" / "requests-2016.csv"
LIBRARY = load()
HOLD, NOTICE = (
    "I247D - Immigration Detainer - Request for Action",
    "I247N - Immigration Advisal - Request for Notification",
)
NO_CLAIM = {"subject.citizenship": "none_claimed"}
TABLES = ("rates", "assumptions", "budgets", "settlements")


def weigh(table: Any, first: str = BEFORE, second: str = AFTER, **named: Any) -> Any:
    return comity.weigh(table, first, second, library=LIBRARY, **named)


def requests(
    *rows: tuple[str | None, ...], names: tuple[str, ...] = ("detainer_prepare_date", "detainer_type")
) -> pa.Table:
    return pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})


def test_a_hundred_requests_of_2016_are_none_held_and_then_all_for_what_was_published() -> None:
    choice = weigh(DEMO)
    document = choice.to_dict()
    assert (document["rows"], document["requests"], document["refused"], document["pairs"]) == (
        100,
        100,
        [],
        {"forbidden to required": 100},
    )
    assert (
        document["first"]["people"] == {"low": 0, "middle": 0, "high": 0} and document["second"]["people"]["low"] == 100
    )
    assert (document["second"]["days"]["middle"], document["second"]["cost_cents"]["middle"]) == (260, 52_000_00)
    assert document["second"]["charged_cents"]["middle"] == 0 and document["more"]["net_cents"]["middle"] == 52_000_00
    assert (document["funding"]["amount_cents"], document["funding"]["share"]) == (355_000_000_00, "71/1400")
    assert document["break_even"]["middle"] == {"exact": "13/88750", "shown": "0.015%"}


def test_the_demos_people_are_made_up_and_its_days_are_of_2016() -> None:
    with DEMO.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["unique_identifier"] for row in rows] == [f"Subject {number:04d}" for number in range(101, 201)]
    assert all(row["detainer_prepare_date"].startswith("2016-") for row in rows)
    assert [row["detainer_prepare_date"] for row in rows] == sorted({row["detainer_prepare_date"] for row in rows})


def test_the_same_law_twice_has_no_difference_and_no_break_even() -> None:
    for law in (AFTER, PHILADELPHIA):
        choice = weigh(DEMO, law, law, place=HERE, on="2017-01-26")
        document = choice.to_dict()
        assert document["holds_more"] == "neither" and document["break_even"] is None and not document["drivers"]
        assert {*document["more"]["people"].values(), *document["more"]["net_cents"].values()} == {0}


def test_with_the_laws_swapped_the_break_even_chance_is_the_same() -> None:
    there, back = weigh(DEMO, on="2017-01-26").to_dict(), weigh(DEMO, AFTER, BEFORE, on="2017-01-26").to_dict()
    assert there["break_even"] == back["break_even"] and (there["holds_more"], back["holds_more"]) == (
        "second",
        "first",
    )
    assert back["more"]["net_cents"]["middle"] == -there["more"]["net_cents"]["middle"]


def test_a_request_that_asks_for_no_hold_is_held_under_no_law_and_one_that_may_ask_perhaps() -> None:
    rows = requests(("2016-01-05", HOLD), ("2016-01-06", NOTICE), ("2016-01-07", None))
    document = weigh(rows, assume=NO_CLAIM).to_dict()
    assert document["first"]["people"] == {"low": 0, "middle": 0, "high": 0}
    assert document["second"]["people"] == {"low": 1, "middle": "3/2", "high": 2}
    sure = weigh(requests(("2016-01-07", None)), assume={"request.asks": '["hold"]', **NO_CLAIM}).to_dict()
    assert sure["second"]["people"]["low"] == 1


def test_a_person_who_may_be_a_citizen_is_perhaps_held_and_a_citizen_is_not() -> None:
    rows = requests(("2016-01-05", HOLD), ("2016-01-06", HOLD))
    people = {
        citizenship: weigh(rows, assume=assumed).to_dict()["second"]["people"]
        for citizenship, assumed in (
            ("", None),
            ("none_claimed", NO_CLAIM),
            ("us_proven", {"subject.citizenship": "us_proven"}),
        )
    }
    assert {name: (bounds["low"], bounds["high"]) for name, bounds in people.items()} == {
        "": (0, 2),
        "none_claimed": (2, 2),
        "us_proven": (0, 0),
    }


def test_what_no_law_decides_is_as_it_is_said() -> None:
    law = "us/fl/alachua@2014-06-01"
    named = {"place": HERE, "on": "2017-01-26"}
    people = {
        how: weigh(DEMO, law, AFTER, undecided=how, **named).to_dict()["first"]["people"]
        for how in ("either", "held", "not-held")
    }
    assert [(bounds["low"], bounds["high"]) for bounds in people.values()] == [(0, 100), (100, 100), (0, 0)]
    with pytest.raises(comity.InputFault, match='"hold" is not a known value; did you mean "held"'):
        weigh(DEMO, undecided="hold")


def test_the_days_that_a_table_tells_go_before_what_is_assumed(tmp_path: Path) -> None:
    names = ("detainer_prepare_date", "detainer_type", "held_from", "held_until")
    rows = requests(
        ("2016-05-02", HOLD, "2016-05-04", "2016-05-08"), ("2016-05-03", HOLD, None, None), ("2016-05-04", HOLD, "2016-05-09", "2016-05-01"),
        ("2016-05-05", HOLD, "2016-05-09", "2016-05-09"), ("2016-05-06", HOLD, "2016-05-09", None), names=names,
    )  # fmt: skip
    document = weigh(rows, assume=NO_CLAIM).to_dict()
    assert (document["rows"], document["requests"], [(row["row"], row["code"]) for row in document["refused"]]) == (
        5,
        4,
        [(3, "ends-before-it-starts")],
    )
    assert (
        document["second"]["days"]["middle"] == "51/5" and document["second"]["people"]["high"] == 4
    )  # 4 days, 1 day, and twice 2.6
    assert document["pairs"] == {"forbidden to required": 4}


cells = st.tuples(
    st.sampled_from(["2016-01-05", "2016-02-30", "", "2016-12-31"]), st.sampled_from([HOLD, NOTICE, None, "another paper"]),
    st.sampled_from([None, "2016-03-01", "never"]), st.sampled_from([None, "2016-03-01", "2016-03-04", "2016-02-01"]),
)  # fmt: skip


@settings(max_examples=30)
@given(st.lists(cells, min_size=1, max_size=12))
def test_rows_in_are_requests_counted_and_rows_refused(rows: list[tuple[str | None, ...]]) -> None:
    table = requests(
        *rows,
        ("2016-01-05", HOLD, None, None),
        names=("detainer_prepare_date", "detainer_type", "held_from", "held_until"),
    )
    document = weigh(table).to_dict()
    assert document["rows"] == len(rows) + 1 == document["requests"] + len(document["refused"]) and document[
        "requests"
    ] == sum(document["pairs"].values())
    assert document["first"]["people"]["high"] == 0 and 0 < document["second"]["people"]["high"] <= document["requests"]
    assert document["more"] == document["second"]


def test_a_table_may_stand_for_more_requests_than_it_has() -> None:
    one, many = weigh(DEMO).to_dict(), weigh(DEMO, requests=1_400).to_dict()
    assert many["scale"] == "14" and many["second"]["people"]["low"] == 1_400
    assert many["second"]["cost_cents"]["middle"] == 14 * one["second"]["cost_cents"]["middle"]


def test_what_is_given_goes_before_what_is_published_and_is_named_so() -> None:
    document = weigh(DEMO, days=3, day_cost_cents=150_00, at_stake_cents=1_000_000_00, not_billed=True).to_dict()
    assert document["second"]["cost_cents"] == dict.fromkeys(("low", "middle", "high"), 100 * 3 * 150_00)
    assert document["break_even"]["middle"]["exact"] == "9/200"
    said = [figure["said"][0]["source"] for figure in document["assumptions"].values()]
    assert said == ["the county's own figure for 2017-01-26, no source given"] * 3
    assert document["funding"]["source"] == "the county's own figure for 2017-01-26, no source given"


def test_only_what_could_be_known_on_a_day_is_shown_where_that_is_asked() -> None:
    document = weigh(DEMO, known_on="2017-01-26").to_dict()
    assert {case["name"] for case in document["liability"]} == {
        "Galarza v. Szalczyk"
    }  # what Clackamas paid was reported in March
    assert all(case["known_then"] for case in document["liability"])
    assert {
        said["since"].year for name in ("day_cents", "paid_cents") for said in document["assumptions"][name]["said"]
    } == {2014, 2016}
    assert "No case decided by 2010-01-01 was published" in weigh(DEMO, known_on="2010-01-01")._repr_html_()


def test_a_payout_is_people_by_what_each_came_to_and_days_by_what_each_did() -> None:
    [city] = [case for case in weigh(DEMO).to_dict()["liability"] if case["place"] == "us/ny/new-york-city"]
    assert city["by_person_cents"]["second"]["middle"] == 100 * 92_500_000_00 // 20_000
    assert (
        city["by_day_cents"]["second"]["middle"] == round(260 * 92_500_000_00 / 166_000)
        and city["by_day_cents"]["first"]["high"] == 0
    )


@pytest.mark.parametrize("name", TABLES)
def test_every_source_that_is_shown_is_needed(name: str, tmp_path: Path) -> None:
    with (POLICIES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        head, *rows = list(csv.reader(lines))
    for number, row in enumerate(rows):
        bare = [*row]
        bare[head.index("source")] = ""
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([head, *rows[:number], bare, *rows[number + 1 :]])
        with pytest.raises(comity.InputFault, match=rf"{name}\.csv:{number + 2}: an? {name[:-1]} needs a source"):
            weigh(DEMO, folders=[tmp_path])


def test_everything_assumed_is_shown_with_its_source_and_its_days() -> None:
    choice = weigh(DEMO)
    shown = choice._repr_html_()
    for figure in choice.to_dict()["assumptions"].values():
        assert figure["said"] and all(said["source"] and said["since"] for said in figure["said"])
    for word in (
        "Associated Press, 2017-01-26",
        "8 CFR 287.7(d)",
        "Business Wire, 2024-12-18",
        "from 2016-10-01 to 2017-09-30",
    ):
        assert word in shown


def test_whose_figures_count_must_be_said_where_two_places_stand_beside_each_other() -> None:
    with pytest.raises(
        comity.InputFault,
        match="the place whose figures count must be named; say where the people are held with `place`",
    ):
        weigh(DEMO, PHILADELPHIA, AFTER)
    choice = weigh(DEMO, PHILADELPHIA, AFTER, place=HERE)
    assert (choice.place, str(choice.on)) == (HERE, "2017-01-26")


def test_every_figure_that_is_missing_is_one_line() -> None:
    with pytest.raises(comity.InputFault) as raised:
        weigh(DEMO, "us/pa/lehigh@2014-01-25", "us/pa/lehigh@2015-01-26")
    lines = str(raised.value).splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == [
        "[missing-days]",
        "[missing-rate]",
        "[missing-federal-rate]",
        "[missing-budget]",
    ]
    assert lines[3].startswith(
        "at_stake_cents: no federal money in a budget of us/pa/lehigh is known for 2015-01-26; add it to budgets.csv"
    )


@pytest.mark.parametrize(("given", "words"), [
    ({"days": "3"}, "days: '3' is not a number of days; give a number above 0, as in 3 or 2.6 [not-days]"),
    ({"days": 0}, "days: 0 is not a number of days; give a number above 0, as in 3 or 2.6 [not-days]"),
    ({"days": float("nan")}, "days: nan is not a number of days; give a number above 0, as in 3 or 2.6 [not-days]"),
    ({"days": float("inf")}, "days: inf is not a number of days; give a number above 0, as in 3 or 2.6 [not-days]"),
    ({"days": True}, "days: True is not a number of days; give a number above 0, as in 3 or 2.6 [not-days]"),
    ({"days": 10**12}, "days: 1000000000000 is not a number of days; give a number above 0, as in 3 or 2.6 [not-days]"),
    ({"at_stake_cents": -5}, "at_stake_cents: -5 is not an amount in cents; give whole cents, from 0 to 10000000000000, as in 15000 for $150 [negative-amount]"),
    ({"day_cost_cents": "$150"}, "day_cost_cents: '$150' is not an amount in cents; give whole cents, from 0 to 10000000000000, as in 15000 for $150 [not-an-amount]"),
    ({"day_cost_cents": 150.5}, "day_cost_cents: 150.5 is not an amount in cents; give whole cents, from 0 to 10000000000000, as in 15000 for $150 [not-an-amount]"),
    ({"basis": "dayly"}, 'basis: there is no basis "dayly"; one of average, marginal, federal [unknown-word]'),
    ({"place": "us/fl/miami-dad"}, 'place: there is no place "us/fl/miami-dad"; did you mean "us/fl/miami-dade"? [unknown-place]'),
])  # fmt: skip
def test_each_fault_in_what_is_given_is_one_line(given: dict[str, str], words: str) -> None:
    with pytest.raises(comity.InputFault) as raised:
        weigh(DEMO, **given)
    assert str(raised.value) == words


def test_no_request_is_nothing_to_weigh() -> None:
    with pytest.raises(comity.InputFault, match="no request could be counted"):
        weigh(requests(("never", HOLD)))


def test_nothing_at_stake_and_no_settled_difference_are_said(tmp_path: Path) -> None:
    assert "no federal money is at stake to compare" in weigh(DEMO, at_stake_cents=0)._repr_html_()
    assert "costs more than the federal money at stake" in weigh(DEMO, at_stake_cents=100_00)._repr_html_()
    assert "costs the county nothing" in weigh(DEMO, basis="federal")._repr_html_()


def test_above_one_there_is_no_break_even_chance() -> None:
    choice = weigh(DEMO, at_stake_cents=1_000_000_00)
    document = choice.to_dict()
    assert (document["break_even"]["low"]["shown"], document["break_even"]["high"]["shown"]) == ("1.0%", "no chance")
    curve = {one["name"]: one["turns_at"] for one in document["curve"]}
    assert curve["Roy v. County of Los Angeles"]["1"]["exact"] == str(
        Fraction(52_000 * 185 + 140_000 * 100, 185_000_000)
    )
    assert curve["a class of people held v. Suffolk County"]["1/10"]["shown"] == "no chance"
    assert {*draw_pictures(choice)} > {"break-even-curve.svg"} and not draw_pictures(weigh(DEMO, at_stake_cents=100_00))


def test_what_conditions_put_at_stake_goes_before_the_budget_and_may_have_a_least() -> None:
    source = Source("the county", "verified")
    value = SourcedValue(words="two programmes", source=source, since=date(2016, 10, 1), until=date(2017, 10, 1))
    exposure = Exposure(
        cents=10_000_000_00, condition="a certificate that is not given", value=value, least=1_000_000_00
    )
    wanted = ChoiceOptions(laws=(BEFORE, AFTER), given=GivenFigures(exposure=exposure))
    choice, findings = compare_laws(DEMO, wanted, LIBRARY)
    assert choice and not findings and choice.inputs.exposure == exposure
    document = choice.to_dict()
    assert (document["funding"]["amount_cents"], document["funding"]["least_cents"]) == (1_000_000_000, 100_000_000)
    [stake] = [driver for driver in document["drivers"] if driver["input"] == "stake"]
    assert (stake["low"]["exact"], stake["high"]["exact"]) == ("13/2500", "13/250")
    shown = choice._repr_html_()
    assert "From $1,000,000 up to $10,000,000." in shown and "A certificate that is not given." in shown


@pytest.mark.parametrize("days", [2.6, Decimal("2.6"), Fraction(13, 5), np.float64(2.6)])
def test_days_are_taken_as_a_number_and_stay_exact(days: Any) -> None:
    assert weigh(DEMO, days=days).to_dict()["assumptions"]["days"]["middle"] == "13/5"


def test_pennsylvanias_detainers_are_all_counted(records: Path) -> None:
    table = records / "pennsylvania" / "pa_detainers.csv"
    given = {
        "place": "us/pa/philadelphia",
        "days": 2,
        "day_cost_cents": 100_00,
        "at_stake_cents": 1_000_000_00,
        "not_billed": True,
    }
    document = weigh(table, PHILADELPHIA, "us/pa/philadelphia@2016-06-01", **given).to_dict()
    assert document["requests"] + len(document["refused"]) == document["rows"] == 32_757
    both = comity.compare(table, PHILADELPHIA, "us/pa/philadelphia@2016-06-01", library=LIBRARY)
    assert document["pairs"] == both.changes("hold")


@pytest.mark.parametrize("number", [0, -1, 1.5, True, 10**12, "40"])
def test_what_is_no_number_of_requests_is_a_fault(number: Any) -> None:
    with pytest.raises(InputFault, match=r"requests: .*give a whole number from 1 to 10,000,000 \[not-a-number\]"):
        weigh(DEMO, requests=number)


def test_a_number_of_numpy_is_one() -> None:
    assert weigh(DEMO, requests=np.int64(40)).sums == weigh(DEMO, requests=40).sums


def test_days_that_contradict_the_first_and_the_last_are_refused() -> None:
    names = ("date", "detainer_type", "held_from", "held_until", "days")
    rows = [("2017-01-10", HOLD, "2017-01-10", "2017-01-12", days) for days in ("2", "70")]
    choice = weigh(requests(*rows, names=names), assume=NO_CLAIM)
    assert choice.sums[1].days.middle == 2 and [(row.row, row.code) for row in choice.refused] == [(2, "days-and-end")]
    with pytest.raises(InputFault, match="no request could be counted; row 1 was refused because days says 70"):
        weigh(requests(rows[1], names=names), assume=NO_CLAIM)
