"""Budgets, settlements and assumptions as they are read: each with its source, exact, and what is wrong said in one line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from comity.finding import Finding
from comity.law.places import read_gazetteer
from comity.money.assumptions import HOLD_DAYS, Assumptions, parse_number, read_assumptions
from comity.money.assumptions import SHEET as ASSUMPTION
from comity.money.budgets import SHEET as BUDGET
from comity.money.budgets import Budgets, read_budgets
from comity.money.settlements import SHEET as SETTLEMENT
from comity.money.settlements import Settlements, read_settlements
from comity.money.sourced import Sheet
from tests.house.tree import ROOT

POLICIES = ROOT / "policies"
GAZETTEER = read_gazetteer(POLICIES)[0]
TABLES: dict[str, tuple[Sheet, Callable[..., tuple[Any, list[Finding]]]]] = {
    "budgets": (BUDGET, read_budgets), "settlements": (SETTLEMENT, read_settlements), "assumptions": (ASSUMPTION, read_assumptions),
}  # fmt: skip
A_BUDGET = {
    "place": "us/fl/miami-dade", "from": "2016-10-01", "until": "2017-10-01", "federal": "355", "total": "7000", "percent": "",
    "source": "the county", "evidence": "verified", "note": "",
}  # fmt: skip
A_CASE = {
    "place": "us/pa/lehigh", "name": "One v. Another", "kind": "settlement", "amount": "95000", "people": "1", "days": "3", "from": "2008-11",
    "until": "2008-11", "decided_on": "2014", "public_on": "", "source": "a newspaper", "evidence": "partly", "note": "",
}  # fmt: skip
AN_ASSUMPTION = {
    "place": "us/fl/miami-dade", "what": "hold_days", "at": "middle", "value": "260/100", "unit": "days a hold", "from": "2016-01-01",
    "until": "2018-01-01", "source": "the county", "evidence": "verified", "note": "",
}  # fmt: skip
EVERY = [
    (name, number)
    for name in TABLES
    for number in range((POLICIES / f"{name}.csv").read_text(encoding="utf-8").count("\n") - 1)
]


def written(folder: Path, sheet: Sheet, rows: list[dict[str, str]]) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, sheet.columns)
    writer.writeheader()
    writer.writerows(rows)
    folder.mkdir(exist_ok=True)
    (folder / sheet.file).write_text(out.getvalue(), encoding="utf-8")
    return folder


def shipped(name: str) -> list[dict[str, str]]:
    with (POLICIES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("name", TABLES)
def test_what_ships_is_sound_and_each_figure_has_its_source(name: str) -> None:
    figures, findings = TABLES[name][1]([POLICIES], GAZETTEER)
    assert not findings and len(figures.all) == len(shipped(name)) > 1
    assert all(figure.source.source for figure in figures.all)


@pytest.mark.parametrize(("name", "number"), EVERY)
def test_a_figure_whose_source_is_taken_away_is_refused(name: str, number: int, tmp_path: Path) -> None:
    sheet, read = TABLES[name]
    rows = shipped(name)
    rows[number]["source"] = ""
    figures, [finding] = read([written(tmp_path, sheet, rows)], GAZETTEER)
    assert (finding.code, finding.place.line) == (sheet.what, number + 2)
    assert finding.message.endswith(f" {sheet.what} needs a source") and len(figures.all) == len(rows) - 1


@pytest.mark.parametrize(("change", "words"), [
    ({"place": "us/fl/miami-dad"}, 'there is no place "us/fl/miami-dad"; did you mean "us/fl/miami-dade"? [budget]'),
    ({"federal": "-1"}, "-1 is negative; write dollars and cents, as in 5082.52 or $5,082.52 [negative-amount]"),
    ({"federal": "8000"}, "the federal money is more than the total of the budget; are federal and total the right way round? [budget]"),
    ({"percent": "5"}, "5 is not a share that fits these amounts; write a whole number up to 100, and only where no total was published [budget]"),
    ({"total": "", "percent": "101"}, "101 is not a share that fits these amounts; write a whole number up to 100, and only where no total was published [budget]"),
    ({"until": "2016-10-01"}, "a budget holds from a day until a later one; write both as YYYY-MM-DD; until is the first day on which it is not known [budget]"),
    ({"evidence": "sure"}, '"sure" is not a mark of evidence; one of verified, partly, recalled-high, recalled-medium, recalled-low [budget]'),
])  # fmt: skip
def test_each_fault_of_a_budget_is_one_line(change: dict[str, str], words: str, tmp_path: Path) -> None:
    folder = written(tmp_path, BUDGET, [{**A_BUDGET, **change}])
    budgets, [finding] = read_budgets([folder], GAZETTEER)
    assert budgets == Budgets() and finding.line() == f"{folder / 'budgets.csv'}:2: {words}"


@pytest.mark.parametrize(("change", "words"), [
    ({"kind": "gift"}, '"gift" is not a kind of case; one of settlement, verdict, judgment [settlement]'),
    ({"people": ""}, "a settlement needs people; write how many people were held [settlement]"),
    ({"people": "0"}, '"0" is not a number of people; write a whole number from 1, or leave the cell empty where none is known [settlement]'),
    ({"days": "1.5"}, '"1.5" is not a number of days; write a whole number from 1, or leave the cell empty where none is known [settlement]'),
    ({"decided_on": "soon"}, '"soon" is not a day [decided_on]; write a day, a month or a year, as in 2017-01 [settlement]'),
    ({"name": ""}, "a settlement needs name; write the name of the case [settlement]"),
])  # fmt: skip
def test_each_fault_of_a_settlement_is_one_line(change: dict[str, str], words: str, tmp_path: Path) -> None:
    folder = written(tmp_path, SETTLEMENT, [{**A_CASE, **change}])
    settlements, [finding] = read_settlements([folder], GAZETTEER)
    assert settlements == Settlements() and finding.line() == f"{folder / 'settlements.csv'}:2: {words}"


def test_hidden_characters_in_a_table_are_shown(tmp_path: Path) -> None:
    row = {**A_CASE, "name": "One\x1b[2J v. \u202eAnother"}
    settlements, findings = read_settlements([written(tmp_path, SETTLEMENT, [row])], GAZETTEER)
    assert [finding.code for finding in findings] == ["hidden-character"]
    assert [case.name for case in settlements.all] == ["One\\x1b[2J v. U+202EAnother"]


def test_two_figures_of_one_thing_do_not_stand_beside_each_other(tmp_path: Path) -> None:
    later = {**A_BUDGET, "from": "2017-10-01", "until": "2018-10-01"}
    assert not read_budgets([written(tmp_path, BUDGET, [A_BUDGET, later])], GAZETTEER)[1]
    _, [finding] = read_budgets([written(tmp_path, BUDGET, [A_BUDGET, {**later, "from": "2017-09-30"}])], GAZETTEER)
    assert finding.message == "us/fl/miami-dade has two figures for 2017-09-30"
    _, [finding] = read_settlements([written(tmp_path, SETTLEMENT, [A_CASE, A_CASE])], GAZETTEER)
    assert finding.message == "One v. Another is in the table twice"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_lacks_a_column_says_which(name: str, tmp_path: Path) -> None:
    sheet, read = TABLES[name]
    (tmp_path / sheet.file).write_text("place,note\n", encoding="utf-8")
    _, [finding] = read([tmp_path], GAZETTEER)
    assert finding.message == f"{sheet.file} lacks the column {sheet.columns[1]}"


def test_the_figure_of_a_county_replaces_that_of_its_place_and_no_other(tmp_path: Path) -> None:
    budgets, _ = read_budgets([POLICIES, written(tmp_path, BUDGET, [A_BUDGET])], GAZETTEER)
    assert {budget.place: budget.federal for budget in budgets.all} == {
        "us/fl/miami-dade": 355_00,
        "us/ca/santa-clara": 3_600_000_000_00,
    }
    row = {**A_CASE, "name": "Galarza v. Szalczyk", "amount": "90000"}
    settlements, _ = read_settlements([POLICIES, written(tmp_path, SETTLEMENT, [row])], GAZETTEER)
    assert [case.cents for case in settlements.all if case.place == "us/pa/lehigh"] == [90_000_00]
    assert len(settlements.all) == len(shipped("settlements"))


def test_a_budget_holds_from_its_first_day_to_the_one_before_its_last(tmp_path: Path) -> None:
    budgets, _ = read_budgets([written(tmp_path, BUDGET, [A_BUDGET])], GAZETTEER)
    here = GAZETTEER.containing("us/fl/miami-dade")
    found = [budgets.on(here, date(*day)) for day in ((2016, 9, 30), (2016, 10, 1), (2017, 9, 30), (2017, 10, 1))]
    assert [budget is not None for budget in found] == [False, True, True, False]
    assert budgets.on(GAZETTEER.containing("us/fl/alachua"), date(2017, 1, 1)) is None


def test_a_share_is_exact_and_never_worked_out_of_a_total_that_nobody_published() -> None:
    shares = {budget.place: (budget.share, budget.total) for budget in read_budgets([POLICIES], GAZETTEER)[0].all}
    assert shares["us/fl/miami-dade"] == (Fraction(355, 7000), 7_000_000_000_00)
    assert shares["us/ca/santa-clara"] == (Fraction(3, 10), None)


def test_what_a_case_came_to_a_person_and_a_day_is_exact() -> None:
    cases = {case.place: case for case in read_settlements([POLICIES], GAZETTEER)[0].all}
    city = cases["us/ny/new-york-city"]
    assert (city.a_person, city.a_day) == (Fraction(4625_00), Fraction(92_500_000_00, 166_000))
    assert cases["us/ca/los-angeles"].a_day is None
    assert city.known_on(date(2024, 12, 18)) and not city.known_on(date(2024, 12, 17))
    assert not cases["us/nm/san-juan"].known_on(date(2017, 8, 30))  # only the month is known: surely by its last day


@pytest.mark.parametrize(("change", "words"), [
    ({"what": "hold_day"}, 'there is no figure "hold_day"; one of hold_days [assumption]'),
    ({"unit": "hours"}, 'hold_days is not counted in "hours"; write days a hold [assumption]'),
    ({"at": "most"}, '"most" is not one of the lowest, the middle and the highest; one of low, middle, high [assumption]'),
    ({"value": "0"}, '"0" is not a number of days a hold; a number above 0, as in 3, 2.6 or 260/100 [assumption]'),
    ({"value": "260/0"}, '"260/0" is not a number of days a hold; a number above 0, as in 3, 2.6 or 260/100 [assumption]'),
    ({"value": "1e3"}, '"1e3" is not a number of days a hold; a number above 0, as in 3, 2.6 or 260/100 [assumption]'),
    ({"until": ""}, "an assumption holds from a day until a later one; write both as YYYY-MM-DD; until is the first day on which it is not known [assumption]"),
])  # fmt: skip
def test_each_fault_of_an_assumption_is_one_line(change: dict[str, str], words: str, tmp_path: Path) -> None:
    folder = written(tmp_path, ASSUMPTION, [{**AN_ASSUMPTION, **change}])
    assumptions, [finding] = read_assumptions([folder], GAZETTEER)
    assert assumptions == Assumptions() and finding.line() == f"{folder / 'assumptions.csv'}:2: {words}"


def test_a_number_is_exact_as_it_was_published() -> None:
    assert [parse_number(text) for text in ("260/100", "2.6", "3", "227/192")] == [
        Fraction(13, 5),
        Fraction(13, 5),
        Fraction(3),
        Fraction(227, 192),
    ]
    assert [parse_number(text) for text in ("", "-1", "0", "0/5", "two", "1,000", "\u0663")] == [None] * 7


def test_of_an_assumption_the_nearest_place_gives_each_bound_and_without_a_middle_there_is_none(tmp_path: Path) -> None:
    assumptions, _ = read_assumptions([POLICIES], GAZETTEER)
    here = assumptions.on(HOLD_DAYS, GAZETTEER.containing("us/fl/miami-dade"), date(2017, 1, 26))
    assert [(assumption.at, assumption.value) for assumption in here] == [
        ("middle", Fraction(13, 5)),
        ("low", Fraction(227, 192)),
        ("high", Fraction(5)),
    ]
    assert assumptions.on(HOLD_DAYS, GAZETTEER.containing("us/pa/lehigh"), date(2017, 1, 26)) == ()
    folder = written(tmp_path, ASSUMPTION, [{**AN_ASSUMPTION, "at": "high", "value": "4"}])
    assumptions, _ = read_assumptions([POLICIES, folder], GAZETTEER)
    assert [
        assumption.value
        for assumption in assumptions.on(HOLD_DAYS, GAZETTEER.containing("us/fl/miami-dade"), date(2017, 1, 26))
    ][2] == 4
