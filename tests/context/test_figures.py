"""Counts of people as they are read: each with its source, time, maker and mark, or refused in one line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from comity.context.figures import SHEET, Count, read_counts
from comity.finding import Finding
from comity.law.places import read_gazetteer
from tests.house.tree import ROOT

POLICIES = ROOT / "policies"
GAZETTEER = read_gazetteer(POLICIES)[0]
A_COUNT = {
    "place": "us/fl/miami-dade", "what": "foreign_born", "figure": "1000", "of": "2000", "from": "2012", "until": "2016", "area": "",
    "by": "a bureau", "published": "", "source": "a table", "evidence": "verified", "note": "",
}  # fmt: skip


def read(folder: Path, *rows: dict[str, str]) -> tuple[tuple[Count, ...], list[Finding]]:
    out = io.StringIO()
    writer = csv.DictWriter(out, SHEET.columns)
    writer.writeheader()
    writer.writerows(rows)
    folder.mkdir(exist_ok=True)
    (folder / SHEET.file).write_text(out.getvalue(), encoding="utf-8")
    return read_counts([folder], GAZETTEER)


def test_the_shipped_table_has_no_fault() -> None:
    counts, findings = read_counts([POLICIES], GAZETTEER)
    assert findings == [] and len(counts) > 3000
    assert all(count.source.source and count.by and count.since.first <= count.until.last for count in counts)
    assert {count.what for count in counts} == {"foreign_born", "unauthorized", "detainers"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": ""}, "a count needs a source; say who published it, and when [count]"),
        ({"by": ""}, "a count needs a by; say who counted or estimated [count]"),
        ({"from": ""}, "a count needs a from; say the first year, month or day that it is about [count]"),
        ({"until": ""}, "a count needs a until; say the last year, month or day that it is about [count]"),
        ({"figure": ""}, "a count needs a figure; say how many people it counts [count]"),
        ({"evidence": "sure"}, '"sure" is not a mark of evidence; one of'),
        ({"from": "lately"}, '"lately" is not a day [from]; write a day, a month or a year, as in 2017-01 [count]'),
        ({"from": "2017"}, "the count ends before it begins; write from before until [count]"),
        ({"figure": "many"}, '"many" is not a number of figure'),
        ({"of": "999"}, "more people are counted than there are residents; are figure and of the right way round? [count]"),
        ({"what": "foreignborn"}, '"foreignborn" is not counted here; did you mean "foreign_born"? [count]'),
        ({"place": "us/fl/nowhere"}, 'there is no place "us/fl/nowhere"'),
    ],
)  # fmt: skip
def test_a_row_that_says_too_little_is_refused(change: dict[str, str], message: str, tmp_path: Path) -> None:
    counts, findings = read(tmp_path, {**A_COUNT, **change})
    assert counts == () and [finding.grave for finding in findings] == [True]
    assert findings[0].line().startswith(f"{tmp_path / SHEET.file}:2: {message}")


def test_one_maker_counts_once_for_one_time(tmp_path: Path) -> None:
    counts, findings = read(tmp_path, A_COUNT, {**A_COUNT, "from": "2017", "until": "2021"})
    assert len(counts) == 2 and findings == []
    _, [finding] = read(tmp_path, A_COUNT, {**A_COUNT, "figure": "1001"})
    assert "us/fl/miami-dade has two figures of foreign_born by a bureau for the same time" in finding.line()


def test_a_county_replaces_what_the_same_maker_counted_of_it(tmp_path: Path) -> None:
    read(tmp_path, {**A_COUNT, "by": "U.S. Census Bureau"})
    counts, findings = read_counts([POLICIES, tmp_path], GAZETTEER)
    found = [count for count in counts if count.place == "us/fl/miami-dade" and count.what == "foreign_born"]
    assert findings == [] and [count.number for count in found] == [1000]
    assert len(counts) == len(read_counts([POLICIES], GAZETTEER)[0])


def test_the_shipped_table_is_what_the_published_lists_make(
    records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "lists"))
    import people

    counties = records / "context" / "foreign_born_by_county_2012_2016.csv"
    jails = records / "texas" / "texas_jails_immigrant_detainer_2011_2017.csv"
    out = tmp_path / SHEET.file
    assert people.main([str(counties), str(jails), "--out", str(out)]) == 0
    assert out.read_bytes() == (POLICIES / SHEET.file).read_bytes()
