"""Text in Markdown: whatever it is, a reader of the rendered page sees the text and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from comity.present.clean import cleaned
from comity.present.markdown import code_span, escape_markdown, image, table_lines
from comity.present.page import Heading, Table, Text, as_markdown

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = (
    "# heading", "- list", "+ list", "* list", "1. list", "2) list", "> quote", "    code", "`code`", "``", "```", "~~~", "~~gone~~",
    "*emphasis*", "_emphasis_", "__strong__", "snake_case_name", "[link](javascript:alert(1))", "![picture](x)", "<b>html</b>",
    "<!-- hidden -->", "<https://example.org>", "&lt;script&gt;", "&#35;", "a | b", "|", "---", "===", "- - -", "***", "___", "\\", "\\*",
    "two\nlines", "two\n\n# lines", "a\n---", "a\n===", "=1+1", "-$26,000", "\x1b[2J", "\u202eevil", "\ttab", "", " ", "[x]: y", "[x]", "[ ] y", "[^1]", "[a][b]", "[a]\n(b)", "#", "-", "1.",
)  # fmt: skip
texts = st.text(st.sampled_from("ab1 #-+=*_`~[]()<>!&;|\\.\n\t\x1b\u738b\u202e")) | st.sampled_from(HOSTILE)


def kinds_and_text(source: str) -> tuple[set[str], str]:
    """The kinds of everything in a rendered text but paragraphs and line ends, and the words that a reader sees."""

    def flat(tokens: list[Token]) -> list[Token]:
        return [each for token in tokens for each in ([token] if token.children is None else flat(token.children))]

    tokens = flat(READER.parse(source))
    shown = "".join("\n" if token.type == "softbreak" else token.content for token in tokens)
    return {token.type for token in tokens} - {"paragraph_open", "paragraph_close", "text", "softbreak"}, shown


def words(text: str) -> list[str]:
    """The words of a text as it is shown; spaces mean nothing in Markdown."""
    return cleaned(text, lines=True).split()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    kinds, shown = kinds_and_text(escape_markdown(text))
    assert not kinds and shown.split() == cleaned(text).split()


@given(texts)
def test_no_text_becomes_anything_else(text: str) -> None:
    for lines in (False, True):
        kinds, shown = kinds_and_text(escape_markdown(text, lines=lines))
        assert not kinds and "".join(shown.split()) == "".join(cleaned(text, lines=lines).split())


@given(texts)
def test_code_is_shown_as_it_is(text: str) -> None:
    kinds, shown = kinds_and_text(f"of {code_span(text)}.")
    assert kinds == {"code_inline"} and shown.split() == f"of {cleaned(text)}.".split() or not text.strip()


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_a_table_keeps_its_cells(rows: list[tuple[str, str]]) -> None:
    tokens = READER.parse("\n".join(table_lines([("one", "two"), *rows])))
    cells = [tokens[at + 1] for at, token in enumerate(tokens) if token.type == "td_open"]
    assert [token.type for token in tokens].count("table_open") == 1 and len(cells) == 2 * len(rows)
    for cell, text in zip(cells, (text for row in rows for text in row), strict=True):
        children = cell.children or []
        assert {child.type for child in children} <= {"text", "html_inline"}
        assert {child.content for child in children if child.type == "html_inline"} <= {"<br>"}
        shown = "".join(child.content for child in children if child.type == "text")
        assert "".join(shown.split()) == "".join(words(text))


@given(texts)
def test_a_page_has_the_blocks_that_it_was_made_of(text: str) -> None:
    page = (
        Heading(f"x{text}"),
        Text(f"x{text}"),
        Text(f"x{text}", label="-"),
        Text(f"x{text}", "strong"),
        Table(("head",), ((text,),)),
    )
    opened = [
        token.type for token in READER.parse(as_markdown(page)) if token.type.endswith("_open") and token.level == 0
    ]
    assert opened[0] == "heading_open" and opened[-1] == "table_open"
    assert {*opened} == {"heading_open", "paragraph_open", "bullet_list_open", "table_open"} and opened.count(
        "heading_open"
    ) == 1


def test_a_picture_is_described_on_one_line() -> None:
    [paragraph] = [token for token in READER.parse(image("a] (b)\n\n# c", "a.png")) if token.type == "inline"]
    [picture] = paragraph.children or []
    described = "".join(part.content for part in picture.children or [])
    assert (picture.type, described, picture.attrs["src"]) == ("image", "a] (b)\\n\\n# c", "a.png")


def test_a_label_is_not_lost() -> None:
    page = (Text("$100 a day", label="Cost of a day:"), Text("first", label="1."), Text("item", "", 1, "-"))
    assert as_markdown(page) == "- Cost of a day: $100 a day\n1. first\n- item\n"


def test_what_needs_no_escape_has_none() -> None:
    for text in (
        "us/fl/miami-dade@2017-01-26",
        "request.reimbursement_agreed",
        "$52,000 (-$26,000 to $100,000)",
        "O'Neil & Sons",
        "a rule [hold]",
        "3.5",
    ):
        assert escape_markdown(text) == text
