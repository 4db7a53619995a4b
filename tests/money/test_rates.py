"""Rates as they are read: each with its source, no two for one day, and what is wrong said in one line."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from comity.law.places import Gazetteer, read_gazetteer
from comity.money.rates import COLUMNS, KINDS, SCAAP, Rates, first_day_without, rate_on, read_rates
from tests.house.tree import ROOT

POLICIES = ROOT / "policies"
GAZETTEER = read_gazetteer(POLICIES)[0]
GOOD = {
    "place": "us/fl/miami-dade", "kind": "average", "amount": "200.00", "days": "1", "from": "2016-01-01", "until": "2017-01-01",
    "source": "the county", "evidence": "verified", "note": "",
}  # fmt: skip


def written(folder: Path, rows: list[dict[str, str]]) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    folder.mkdir(exist_ok=True)
    (folder / "rates.csv").write_text(out.getvalue(), encoding="utf-8")
    return folder


def shipped() -> list[dict[str, str]]:
    with (POLICIES / "rates.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_what_ships_is_sound_and_each_rate_has_its_source() -> None:
    rates, findings = read_rates([POLICIES], GAZETTEER)
    assert not findings and len(rates.all) == len(shipped()) > 5
    assert all(rate.source for rate in rates.all)


@pytest.mark.parametrize("number", range(len(shipped())))
def test_a_rate_whose_source_is_taken_away_is_refused(number: int, tmp_path: Path) -> None:
    rows = shipped()
    rows[number]["source"] = ""
    rates, findings = read_rates([written(tmp_path, rows)], GAZETTEER)
    assert [(finding.code, finding.place.line) for finding in findings] == [("rate", number + 2)]
    assert len(rates.all) == len(rows) - 1


@pytest.mark.parametrize(("change", "words"), [
    ({"place": "us/fl/miami-dad"}, 'there is no place "us/fl/miami-dad"; did you mean "us/fl/miami-dade"? [rate]'),
    ({"kind": "daily"}, '"daily" is not a kind of rate; one of average, marginal, federal, scaap [rate]'),
    ({"amount": "-200"}, "-200 is negative; write dollars and cents, as in 5082.52 or $5,082.52 [negative-amount]"),
    ({"amount": "200.005"}, '"200.005" is not an amount; write dollars and cents, as in 5082.52 or $5,082.52 [not-an-amount]'),
    ({"days": "0"}, '"0" is not the number of days that the amount is for; write a number from 1, or nothing for scaap [rate]'),
    ({"kind": "scaap"}, '"1" is not the number of days that the amount is for; write a number from 1, or nothing for scaap [rate]'),
    ({"until": "2016-01-01"}, "a rate holds from a day until a later one; write both as YYYY-MM-DD; until is the first day on which it is not known [rate]"),
    ({"amount": "20001", "days": "2"}, "$20,001.00 for 2 days is too much for a jail; at most $10,000.00 a day; are amount and days of the same span? [rate]"),
    ({"days": "1000001"}, '"1000001" is not the number of days that the amount is for; write a number from 1, or nothing for scaap [rate]'),
    ({"evidence": "sure"}, '"sure" is not a mark of evidence; one of verified, partly, recalled-high, recalled-medium, recalled-low [rate]'),
])  # fmt: skip
def test_each_fault_is_one_line(change: dict[str, str], words: str, tmp_path: Path) -> None:
    folder = written(tmp_path, [{**GOOD, **change}])
    rates, [finding] = read_rates([folder], GAZETTEER)
    assert rates == Rates() and finding.line() == f"{folder / 'rates.csv'}:2: {words}"


def test_no_day_has_two_rates_of_one_kind(tmp_path: Path) -> None:
    rows = [GOOD, {**GOOD, "from": "2016-12-31", "until": "2018-01-01"}]
    _, [finding] = read_rates([written(tmp_path, rows)], GAZETTEER)
    assert finding.message == "us/fl/miami-dade has two rates of the kind average for 2016-12-31"
    for beside in ([GOOD, {**rows[1], "from": "2017-01-01"}], [{**rows[1], "from": "2017-01-01"}, GOOD]):
        assert not read_rates([written(tmp_path, beside)], GAZETTEER)[1]


def test_the_rates_of_a_county_replace_those_of_its_kind_and_no_others(tmp_path: Path) -> None:
    county = written(tmp_path, [{**GOOD, "amount": "90", "from": "2020-01-01", "until": "2021-01-01"}])
    rates, _ = read_rates([POLICIES, county], GAZETTEER)
    assert [rate.words for rate in rates.of("average", ["us/fl/miami-dade"])] == ["$90.00 a day"]
    assert len(rates.of("federal", ["us/fl/miami-dade"])) == 2


def test_the_nearest_place_that_has_a_rate_gives_it(tmp_path: Path) -> None:
    rates, _ = read_rates(
        [written(tmp_path, [{**GOOD, "place": "us/fl"}, {**GOOD, "place": "us", "kind": "federal"}])], GAZETTEER
    )
    here = GAZETTEER.containing("us/fl/alachua")
    assert [rate.place for kind in KINDS for rate in rates.of(kind, here)] == ["us/fl", "us"]
    assert not rates.of(SCAAP, here)


def test_a_rate_holds_from_its_first_day_to_the_one_before_its_last() -> None:
    rates = read_rates([POLICIES], GAZETTEER)[0].of("average", ["us/fl/miami-dade"])
    change = rates[1].since
    assert rate_on(rates, change) == rates[1] and rate_on(rates, change - timedelta(1)) == rates[0]
    assert rate_on(rates, rates[1].until) is None and rate_on(rates, rates[0].since - timedelta(1)) is None
    assert first_day_without(rates, rates[0].since, rates[1].until) is None
    assert first_day_without(rates, rates[0].since, date.max) == rates[1].until


def test_a_table_that_lacks_a_column_says_which(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("place,kind\n", encoding="utf-8")
    _, [finding] = read_rates([tmp_path], Gazetteer())
    assert finding.message == "rates.csv lacks the column amount"
