"""A brief for a board: one page, tagged, whole, the same bytes in another process, however long what it says."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from comity import api as calls
from comity.board.brief_pdf import Brief, as_pdf
from comity.board.briefing import build_brief
from tests.house.tree import ROOT

LIBRARY = calls.load()
MIAMI = "us/fl/miami-dade"
TABLE = ROOT / "policies" / "demo" / "requests-2016.csv"
CODE = (
    "import hashlib, sys; from comity import api as calls\n"
    f"choice = calls.weigh({str(TABLE)!r}, '{MIAMI}@2017-01-25', '{MIAMI}@2017-01-26', known_on='2017-01-26')\n"
    "sys.stdout.write(hashlib.sha256(calls.brief(choice)).hexdigest())"
)


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
