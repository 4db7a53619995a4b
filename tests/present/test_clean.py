"""Text from outside as it is shown: nothing hidden, nothing endless, nothing that a spreadsheet would run."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.finding import Finding, Place
from comity.present.clean import as_cell, cleaned, first_hidden
from comity.present.page import Heading, Table, Text, as_html, as_markdown, as_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Subject 0017", "Subject 0017"),
        ("", ""),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\x00b", "a\\x00b"),
        ("a\x7fb", "a\\x7fb"),
        ("a\x9bb", "aU+009Bb"),
        ("\u202egnp.exe", "U+202Egnp.exe"),
        ("a\u2066b\u2069", "aU+2066bU+2069"),
        ("one\ntwo\r\tthree", "one\\ntwo\\r\\tthree"),
        ("line\u2028separator", "lineU+2028separator"),
        ("\ufeffmark", "U+FEFFmark"),
        ("soft\u00adhyphen", "softU+00ADhyphen"),
        ("tag\U000e0041", "tagU+E0041"),
        ("half \ud800", "half U+D800"),
        ("José Ñandú, 王小明, Ольга", "José Ñandú, 王小明, Ольга"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d⚖️", "👩\u200d⚖️"),
        ("us\u200b/fl", "usU+200B/fl"),
        ("us\u200d/fl", "usU+200D/fl"),
    ],
)
def test_hidden_characters_are_shown(text: str, shown: str) -> None:
    assert cleaned(text) == shown


def test_a_long_text_is_cut() -> None:
    assert cleaned("x" * 2_000_000, 20) == "x" * 19 + "…"
    assert cleaned("x" * 20, 20) == "x" * 20


def test_line_ends_stay_where_lines_are_wanted() -> None:
    assert cleaned("one\ntwo\x07", lines=True) == "one\ntwo\\x07"
    assert cleaned("a\\n b\n\x07", lines=True) == "a\\n b\n\\x07"


@given(st.text(st.characters()))
def test_what_is_cleaned_holds_nothing_hidden(text: str) -> None:
    shown = cleaned(text)
    assert first_hidden(shown, allowed="") is None
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "-A1", "＝1", "-1e5|x"]
)
def test_a_formula_is_disarmed(text: str) -> None:
    assert as_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-226.00", "-1", "-$1,250.00", "-1,250", "Subject 0017", "", "2017-11-02", "a=b", "'=1"]
)
def test_what_is_no_formula_stays(text: str) -> None:
    assert as_cell(text) == text


def test_a_finding_shows_what_is_hidden_and_cuts_what_it_quotes() -> None:
    value = "\x1b[2J" + "9" * 2_000_000
    finding = Finding("not-a-day", Place("a\nb.md", 3, 1), f'from is "{value}", which is no day', "write YYYY-MM-DD")
    assert finding.line().startswith('a\\nb.md:3:1: from is "\\x1b[2J999')
    assert finding.line().endswith('…", which is no day; write YYYY-MM-DD [not-a-day]') and len(finding.line()) < 300


def test_an_excerpt_is_cut_around_its_column() -> None:
    finding = Finding("syntax", Place("a.md", 3, 50_001), "wrong", excerpt="x" * 50_000 + "\x07" + "y" * 50_000)
    _, excerpt, caret = finding.lines().split("\n")
    assert len(excerpt) < 200 and excerpt[caret.index("^")] == "\\" and "xxx\\x07yyy" in excerpt


def test_a_page_shows_what_is_hidden_on_paper_in_a_notebook_and_in_markdown() -> None:
    page = (Heading("One\x1b"), Text("two\u202e", label="3\x00"), Table(("four\x07",), (("five\x08",),)))
    assert "3\\x00 two" in as_text(page)
    for shown in (as_text(page), as_html(page), as_markdown(page)):
        assert first_hidden(shown) is None
        assert all(escape in shown for escape in ("\\x1b", "U+202E", "\\x07", "\\x08"))
