"""Where none of a place's own law is encoded, a replay says so: in the rows, on the page and in the pictures, with the law's version."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

import comity
from comity.api import load
from comity.law.register import local_law_lacking
from comity.present.page import as_text
from comity.records.page import page_of
from comity.records.plot import draw_pictures
from tests.commands.running import run

LIBRARY = load()
NO_CLAIM = {"subject.citizenship": "none_claimed"}
ROWS = [
    *(("us/pa/lehigh", "2014-06-02"), ("us/pa/lehigh", "2013-06-02"), ("us/pa/adams", "2014-06-02")),
    *(("us/nowhere", "2014-06-02"), ("us/fl/miami-dade", "2014-06-02")),
]
TABLE = pa.table({"place": [place for place, _ in ROWS], "date": [day for _, day in ROWS]})


def words(text: str) -> str:
    return " ".join(text.split())


def test_each_row_says_whether_law_of_its_place_is_encoded() -> None:
    replay = comity.replay(TABLE, assume=NO_CLAIM, library=LIBRARY)
    found = replay.table.column("local_law").to_pylist()
    for (place, day), says in zip(ROWS, found, strict=True):
        if place == "us/nowhere":
            assert says is None
        else:  # as `decide` says it
            lacking = local_law_lacking(LIBRARY, place, date.fromisoformat(day))
            assert says == ("none encoded" if lacking else "encoded"), place
            decision = comity.decide(
                {"place": place, "request.received_on": day}, at=f"{day}T12:00:00-04:00", library=LIBRARY
            )
            assert bool(decision.not_encoded) == bool(lacking)
    assert found == ["encoded", "none encoded", "none encoded", None, "encoded"]
    assert replay.none_encoded == replay.to_dict()["no_local_law_encoded"] == 2


def test_the_page_says_for_how_many_and_has_a_sentence_to_quote() -> None:
    replay = comity.replay(TABLE, assume=NO_CLAIM, library=LIBRARY)
    page = words(as_text(page_of(replay)))
    assert "For 2 of 4 requests decided, none of the law of the county, city or State" in page
    outcomes = replay.tally("hold", replay.counted()).outcomes
    assert f"no rule applies in {outcomes['unaddressed']}" in page
    assert f"Source: table; comity, law version {LIBRARY.version}." in page
    all_encoded = comity.replay(TABLE.slice(0, 1), library=LIBRARY)
    assert "none of the law of" not in words(as_text(page_of(all_encoded)))


def test_a_day_to_which_no_law_was_followed_is_said() -> None:
    frame = pa.table({"date": ["2014-06-02", "2041-06-02"], "place": ["us/pa/lehigh"] * 2})
    replay = comity.replay(frame, library=LIBRARY)
    assert replay.findings == {"later-than-researched": 1} and replay.decided == 2
    assert replay.examples["later-than-researched"].startswith("row 2: the day is later than 2026-")


def test_with_one_law_named_it_is_that_law_that_counts() -> None:
    for law, says in (("us/pa/adams@2014-06-02", "none encoded"), ("us/pa/lehigh@2014-06-02", "encoded")):
        replay = comity.replay(TABLE, law=law, library=LIBRARY)
        assert set(replay.table.column("local_law").to_pylist()) == {says}


def test_a_comparison_says_it_of_both_laws(tmp_path: Path) -> None:
    laws = ("us/pa/lehigh@2014-06-02", "us/pa/adams@2014-06-02")
    comparison = comity.compare(TABLE, *laws, library=LIBRARY)
    assert comparison.local_law == ("encoded", "none encoded")
    first, second = (comparison.table.column(f"local_law_{name}").to_pylist() for name in ("first", "second"))
    assert set(first) == {"encoded"} and set(second) == {"none encoded"}
    source = tmp_path / "a.csv"
    source.write_text("date\n2014-06-02\n")
    printed = words(run(f"compare {source} --law {laws[0]} --law {laws[1]}").stdout)
    assert "None of the law of Adams County, Pennsylvania itself is encoded; the law around it is applied." in printed
    assert "Of 1 request, the two laws certainly treat a hold alike in" in printed


def test_pictures_name_the_law_the_source_and_the_places_without_law() -> None:
    replay = comity.replay(TABLE, assume=NO_CLAIM, library=LIBRARY)
    files = {name: content.decode("utf-8", "replace") for name, content in draw_pictures(replay, {}).items()}
    for name in ("holds-by-month", "holds-by-county"):
        for ending in ("svg", "md"):
            text = words(files[f"{name}.{ending}"])
            assert f"law version {LIBRARY.version}" in text and "Source: table" in text
    by_county = files["holds-by-county.md"]
    assert "| us/pa/adams \\* |" in by_county and "| us/fl/miami-dade |" in by_county
    assert "For 2 of 4 requests decided, none of the place's own law is encoded." in files["holds-by-month.md"]


def test_the_time_that_a_picture_shows_is_bounded() -> None:
    days = ["1905-01-05", *(f"{year}-06-02" for year in range(1990, 2020)), "2190-01-01"]
    frame = pa.table({"date": days, "place": ["us/pa/lehigh"] * len(days)})
    files = draw_pictures(comity.replay(frame, library=LIBRARY), {})
    table = files["holds-by-month.md"].decode()
    assert table.count("\n| 1") + table.count("\n| 2") <= 600
    assert "Not shown: the requests of 2 other months, from 1905-01 to 2190-01." in table


@pytest.mark.parametrize("command", ["replay TABLE --law LAW", "compare TABLE --law LAW --law us/pa/lehigh@2014-06-02"])
def test_a_codebook_quotes_no_cell_and_the_findings_file_does(command: str, tmp_path: Path) -> None:
    """A name in the wrong column stood in the codebook, which is passed on with the rows."""
    source, out = tmp_path / "a.csv", tmp_path / "rows.csv"
    cells = [
        "subject.age",
        "detainer_type",
        "msc_charge_code",
        "biometric_match_yes_no",
        "custody.arrested_on",
        "convictions",
        "duplicate_likely",
    ]
    name = "Subject 0017"
    lines = [["date", *cells], ["2014-06-02", *[name] * len(cells)], [name, *[""] * len(cells)]]
    with source.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    done = run(
        command.replace("TABLE", str(source)).replace("LAW", "us/fl/miami-dade@2015-01-01", 1) + f" --out {out} --json"
    )
    assert done.exit_code == 0, done.stderr
    codebook = (tmp_path / "rows.codebook.md").read_text()
    codes = json.loads(done.stdout)["findings"]
    assert name not in codebook and all(f"- {code}: " in codebook for code in codes) and len(codes) >= 6
    assert "subject.age is …" in codebook
    with (tmp_path / "rows.findings.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert {row["code"] for row in found} == {*codes}
    assert all(name in row["message"] or row["code"] == "not-a-record" for row in found)
    kinds = {row["code"]: (row["row"], row["kind"]) for row in found}
    assert kinds["no-day"] == ("3", "refused") and kinds["not-a-number"] == ("2", "found")
