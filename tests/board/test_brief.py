"""A brief for a board: one page, tagged, whole, the same bytes in another process, however long what it says."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from msgspec.structs import replace

from comity import api as calls
from comity.board.brief_pdf import Brief, as_pdf
from comity.board.briefing import build_brief
from comity.board.comparison import Choice
from comity.board.figures import Held
from tests.house.tree import ROOT

LIBRARY = calls.load()
MIAMI, FLORIDA = "us/fl/miami-dade", "us/fl/alachua"
TABLE = ROOT / "policies" / "demo" / "requests-2016.csv"
CODE = (
    "import hashlib, sys; from comity import api as calls\n"
    f"choice = calls.weigh({str(TABLE)!r}, '{MIAMI}@2017-01-25', '{MIAMI}@2017-01-26', known_on='2017-01-26')\n"
    "sys.stdout.write(hashlib.sha256(calls.brief(choice)).hexdigest())"
)


def weigh(first: str = f"{MIAMI}@2017-01-25", second: str = f"{MIAMI}@2017-01-26", **options: Any) -> Choice:
    return calls.weigh(TABLE, first, second, library=LIBRARY, **options)


@pytest.fixture(scope="module")
def january() -> Brief:
    return build_brief(
        calls.weigh(TABLE, f"{MIAMI}@2017-01-25", f"{MIAMI}@2017-01-26", known_on="2017-01-26", library=LIBRARY),
        LIBRARY,
    )


def words_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF, with the end of each page marked; skipped where poppler is not at hand."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on this machine")
    path = folder / "brief.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, encoding="utf-8").stdout


def test_it_says_what_the_board_of_january_2017_could_know(january: Brief) -> None:
    rows = {row[0]: row[1:] for row in january.choices}
    assert rows["People held past release, of 100"] == ("0", "100")
    assert rows["Borne by the county"] == ("nothing", "$52,000 ($24,000 to $100,000)")
    assert january.money[0].startswith("At most $355 million, 5.07 % of the budget")
    assert "more than the 5 % of South Dakota v. Dole and less than the 10 %" in january.money[0]
    assert all("either law: does not breach it" in one and "Courts decide" in one for one in january.money[1:])
    assert "0.015% (about 1 in 6,800)" in january.break_even


def test_its_first_sentence_is_the_result(january: Brief) -> None:
    assert january.bottom_line == (
        "Of 100 requests, the law of 2017-01-26 holds 100 more people than the law of 2017-01-25, at a cost to the county of $52,000 "
        "($24,000 to $100,000); payouts aside, it is the cheaper law only if the other adds a chance above 0.015% (about 1 in 6,800) of "
        "losing $355 million in federal money."
    )


def test_a_table_that_stands_for_more_requests_is_said_to_do_so() -> None:
    brief = build_brief(weigh(requests=400, day_cost_cents=100_00), LIBRARY)
    assert brief.choices[0] == (
        "People held past release, of 400 a year, as in the 100 requests of the table",
        "0",
        "400",
    )
    assert brief.question.startswith("400 requests a year by immigration officers, ") and brief.bottom_line.startswith(
        "Of 400 requests a year, "
    )
    assert "every figure is for that many, in the proportions of the 100 requests of the table" in brief.choices_note
    assert "400 requests a year: the county's own figure for 2017-01-26, no source given" in brief.sources
    assert "$100 a day: the county's own figure for 2017-01-26, no source given" in brief.sources


def test_what_the_page_says_of_middle_values_and_of_years_is_in_the_brief_too() -> None:
    halfway = "Where the number of people held is not known, the middle is halfway between the lowest and the highest."
    unknown = weigh(f"{FLORIDA}@2014-06-01", place=MIAMI, on="2017-01-26")
    assert halfway in build_brief(unknown, LIBRARY).choices_note and halfway in unknown.to_markdown()
    assert halfway not in build_brief(weigh(), LIBRARY).choices_note


@pytest.mark.parametrize(("first", "options", "reason", "bottom"), [
    ("2017-01-26", {}, "both laws hold the same people, so their costs do not differ", "both laws hold the same people (100)"),
    ("2017-01-25", {"at_stake_cents": 0}, "no federal money is at stake to compare", "; no federal money is at stake."),
    ("2017-01-25", {"at_stake_cents": 1_000}, "holding costs more than the $10 that could be lost", "which is more than the $10 in federal money"),
    ("2017-01-25", {"basis": "federal"}, "is 0%", "any chance of losing $355 million"),
])  # fmt: skip
def test_each_reason_why_no_chance_settles_it_has_its_own_words(
    first: str, options: dict[str, int | str], reason: str, bottom: str
) -> None:
    brief = build_brief(weigh(f"{MIAMI}@{first}", **options), LIBRARY)
    assert reason in brief.break_even and bottom in brief.bottom_line


def test_which_law_holds_more_may_be_open() -> None:
    choice = weigh(f"{FLORIDA}@2014-06-01", place=MIAMI, on="2017-01-26")
    counted = replace(choice.counted, more=Held(without_days=(-20, 100)))
    brief = build_brief(replace(choice, counted=counted), LIBRARY)
    assert "which law holds more people depends on facts that are not known" in brief.break_even
    assert brief.bottom_line == (
        "Which law holds more people cannot be said, because it depends on facts that are not known: of 100 requests, the law of Alachua "
        "County, Florida on 2014-06-01 holds 0 to 100 and the law of Miami-Dade County, Florida on 2017-01-26 holds 100."
    )


def test_nothing_in_it_could_not_be_known_by_then(january: Brief) -> None:
    assert [row[0] for row in january.liability] == ["Galarza v. Szalczyk, settlement"]
    assert "2018" not in january.sources and "2017-03" not in january.sources


def test_it_is_tagged_and_has_no_hour_in_it_and_is_the_same_in_another_process(january: Brief) -> None:
    pdf = as_pdf(january)
    assert pdf.startswith(b"%PDF-") and b"/StructTreeRoot" in pdf and b"/MarkInfo" in pdf and b"pdfuaid:part" in pdf
    assert b"CreationDate" not in pdf and b"CreateDate" not in pdf
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == hashlib.sha256(pdf).hexdigest()


def test_it_is_one_page_and_its_words_can_be_read_out(january: Brief, tmp_path: Path) -> None:
    said = words_of(as_pdf(january), tmp_path)
    assert said.count("\f") == 1
    for words in (
        "Immigration detainers: a choice between two laws",
        "$52,000 ($24,000 to $100,000)",
        "Break-even",
        "Sources",
    ):
        assert words in said


def test_however_much_it_says_it_is_one_page(january: Brief, tmp_path: Path) -> None:
    long = replace(january, money=january.money * 4, sources=january.sources * 6)
    assert words_of(as_pdf(long), tmp_path).count("\f") == 1


def test_what_comes_in_is_text_and_never_layout(january: Brief, tmp_path: Path) -> None:
    marked = replace(january, question="#emph[all] *of* it = #panic()")
    assert "#emph[all] *of* it = #panic()" in words_of(as_pdf(marked), tmp_path)


def test_what_fits_on_no_page_at_all_is_a_fault_of_ours(january: Brief) -> None:
    with pytest.raises(OverflowError):
        as_pdf(replace(january, sources=january.sources * 40))


def test_it_is_written_whatever_characters_it_has(january: Brief) -> None:
    strange = replace(january, county="\u738b County \x1b\x00", liability=(("\U0001f600 v. \ud55c", "$1", "$2"),))
    assert as_pdf(strange).startswith(b"%PDF-")


def test_it_shows_payouts_of_the_people_held_whichever_law_comes_first() -> None:
    first, second = (
        build_brief(weigh(*laws), LIBRARY) for laws in ((), (f"{MIAMI}@2017-01-26", f"{MIAMI}@2017-01-25"))
    )
    assert first.liability == second.liability and first.liability_head == second.liability_head


def test_an_amount_that_the_county_names_is_not_called_all_federal_money() -> None:
    brief = build_brief(weigh(at_stake_cents=100), LIBRARY)
    assert brief.money[0] == "At most $1: the amount that the county names."


def test_where_the_federal_government_pays_more_than_holds_cost_no_chance_is_named() -> None:
    brief = build_brief(weigh(second=f"{MIAMI}@2017-01-27", day_cost_cents=100), LIBRARY)
    assert "the second law is the cheaper one whatever the chance of losing" in brief.break_even
    assert "it is the cheaper law, whatever the chance of losing $355 million" in brief.bottom_line


def test_a_table_of_counts_is_not_shown_as_so_many_requests_without_a_word() -> None:
    counts = pa.table({"date": ["2016-01-10", "2016-01-11"], "detainers": ["40", "30"]})
    choice = calls.weigh(counts, f"{MIAMI}@2017-01-25", f"{MIAMI}@2017-01-26", library=LIBRARY)
    words = "row 1: the column detainers has whole numbers up to 40: these rows look like counts"
    assert choice.findings == {"looks-like-counts": 2} and words in choice._repr_html_()
    assert f"In 2 rows the table looks odd; {words}" in build_brief(choice, LIBRARY).choices_note


@pytest.mark.filterwarnings("error")
def test_without_a_break_even_chance_there_is_no_picture_and_no_word_of_one() -> None:
    for options, drawn in (({}, True), ({"requests": 10_000_000}, False), ({"at_stake_cents": 0}, False)):
        brief = build_brief(weigh(**options), LIBRARY)
        assert bool(brief.chart) is drawn and ("picture shows" in " ".join(brief.unknowns)) is drawn
