"""A page for people, as headings, paragraphs and tables; rendered as plain text, HTML or Markdown.

A page has the same content on paper, on a terminal and in a notebook; only style differs, and no meaning depends on style.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Literal, TypeAlias, assert_never, get_args

from msgspec import Struct, structs

from comity.present.clean import cleaned
from comity.present.markdown import escape_markdown, table_lines

Style: TypeAlias = Literal["", "heading", "strong", "quiet", "alarm", "open"]
STYLES: tuple[Style, ...] = get_args(Style)
WIDTH = 100
NARROWEST, LAST_COLUMN = 8, 36


class Heading(Struct, frozen=True, tag="heading"):
    """A heading; level 1 is the title of the page."""

    text: str
    level: int = 2


class Text(Struct, frozen=True, tag="text"):
    """A paragraph, indented by `indent` steps; `label` precedes it, and further lines align with its first word."""

    text: str
    style: Style = ""
    indent: int = 0
    label: str = ""


class Table(Struct, frozen=True, tag="table"):
    """Rows of cells below a head; `styles` are those of the columns, in order."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    styles: tuple[Style, ...] = ()
    indent: int = 0


Block: TypeAlias = Heading | Text | Table
Page: TypeAlias = tuple[Block, ...]
Line: TypeAlias = tuple[tuple[str, Style], ...]


def as_text(page: Iterable[Block], width: int = WIDTH) -> str:
    """The page as text with at most `width` characters a line, and a line end after the last line."""
    lines = ("".join(text for text, _ in line).rstrip() for line in lay_out(page, width))
    return "".join(f"{line}\n" for line in lines)


def lay_out(page: Iterable[Block], width: int = WIDTH) -> list[Line]:
    """The page as lines of styled pieces, for output in colour."""
    lines: list[Line] = []
    for block in map(_shown, page):
        match block:
            case Heading(text, level):
                lines += [()] if lines else []
                lines += [((row, "heading"),) for row in _wrapped(text.upper() if level == 1 else text, width)]
            case Text():
                lines += _paragraph(block, width)
            case Table():
                lines += _table(block, width)
            case _:
                assert_never(block)
    return lines


def _shown(block: Block) -> Block:
    """The block with its hidden characters as visible escapes: every way of laying out a page begins here."""
    match block:
        case Heading(text):
            return structs.replace(block, text=cleaned(text, lines=True))
        case Text(text, _, _, label):
            return structs.replace(block, text=cleaned(text, lines=True), label=cleaned(label))
        case Table(head, rows):
            shown = tuple(tuple(cleaned(cell, lines=True) for cell in row) for row in rows)
            return structs.replace(block, head=tuple(map(cleaned, head)), rows=shown)
        case _:
            assert_never(block)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters; a word is broken only if it is longer than a line."""
    return textwrap.wrap(text, max(width, NARROWEST), break_on_hyphens=False) or [""]


def _paragraph(block: Text, width: int) -> list[Line]:
    margin = "  " * block.indent
    label = f"{block.label} " if block.label else ""
    rows = _wrapped(block.text, width - len(margin) - len(label))
    first: Line = ((margin + label, ""), (rows[0], block.style))
    return [first, *(((margin + " " * len(label), ""), (row, block.style)) for row in rows[1:])]


def _table(table: Table, width: int) -> list[Line]:
    margin = "  " * table.indent
    widths = _widths(table, width - len(margin))
    heads: list[Style] = ["quiet" for _ in widths]
    styles: list[Style] = ["" for _ in widths]
    styles[: len(table.styles)] = table.styles
    lines = [_ruled(margin, line) for line in _row(table.head, widths, heads)] if any(table.head) else []
    for row in table.rows:
        lines += [_ruled(margin, line) for line in _row(row, widths, styles)]
    return lines


def _ruled(margin: str, line: Line) -> Line:
    return ((margin, ""), *line)


def _row(cells: Sequence[str], widths: Sequence[int], styles: Sequence[Style]) -> list[Line]:
    columns = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return [
        tuple((f"{text:<{width}}  ", style) for text, width, style in zip(texts, widths, styles, strict=True))
        for texts in zip_longest(*columns, fillvalue="")
    ]


def _widths(table: Table, width: int) -> list[int]:
    """The width of each column: what its cells need; if that is too much, the last column is narrowed, then the widest."""
    count = len(table.head)
    widths = [max(len(row[index]) for row in (table.head, *table.rows)) for index in range(count)]
    while (over := sum(widths) + 2 * count - width) > 0 and max(widths) > NARROWEST:
        if widths[-1] > LAST_COLUMN:
            widths[-1] = max(widths[-1] - over, LAST_COLUMN)
        else:
            widths[widths.index(max(widths))] -= 1
    return widths


def as_html(page: Iterable[Block]) -> str:
    """The page as HTML to embed in another page; it sets no styles but bold."""
    return "\n".join(_html(_shown(block)) for block in page)


def _html(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level + 2}>{html.escape(text)}</h{level + 2}>"
        case Text():
            body = html.escape(f"{block.label} {block.text}".strip())
            strong = f"<strong>{body}</strong>" if block.style in ("strong", "alarm", "open") else body
            return f'<p style="margin: 0 0 .3em {2 * block.indent}em">{strong}</p>'
        case Table():
            head = "".join(f'<th style="text-align: left">{html.escape(cell)}</th>' for cell in block.head)
            rows = "".join(f"<tr>{_cells(row)}</tr>" for row in block.rows)
            return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        case _:
            assert_never(block)


def _cells(row: Sequence[str]) -> str:
    return "".join(f'<td style="text-align: left; vertical-align: top">{html.escape(cell)}</td>' for cell in row)


def as_markdown(page: Iterable[Block]) -> str:
    """The page as Markdown, for a board packet or a pull request: headings, lists by indent, and tables."""
    return "\n".join(line for block in page for line in _markdown(block)).strip() + "\n"


def _markdown(block: Block) -> list[str]:
    match block:
        case Heading(text, level):
            return ["", f"{'#' * level} {escape_markdown(text)}", ""]
        case Text():
            return _markdown_text(block)
        case Table():
            return ["", *table_lines([block.head, *block.rows]), ""]
        case _:
            assert_never(block)


def _markdown_text(block: Text) -> list[str]:
    if not block.text.strip():
        return [""]
    text, label = escape_markdown(block.text, lines=True), block.label.strip()
    words = f"**{text}**" if block.style in ("strong", "alarm", "open") else text
    if not (label or block.indent):
        return ["", words]
    return ["  " * max(block.indent - 1, 0) + _markdown_mark(label) + words]


def _markdown_mark(label: str) -> str:
    """What begins an item: its number, or a bullet and its label, where that is not one itself."""
    if label.rstrip(".").isdigit():
        return f"{label} "
    return f"- {escape_markdown(label)} " if label not in ("", "-") else "- "
