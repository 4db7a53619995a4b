"""Writes text into Markdown so that it is shown as it is: no text from outside becomes a heading, a link, HTML or a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from comity.present.clean import cleaned

# Within a word, an underscore is no mark; so names of facts and files stay as they are.
MARKS = re.compile(r"[\\`*<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
# Brackets alone are shown as they are, and so they stay readable; with one of these they are a link, a note or a box to tick.
BRACKETS, LINK = re.compile(r"[\[\]]"), re.compile(r"\]\s*[(\[:]|\[\^|^\s*\[[ xX]?\]", re.MULTILINE)
BEGINNINGS = re.compile(  # of a heading, a list, and the rule that makes a heading of the line before
    r"^(?:(?P<mark>\#(?=\#{0,5}(?:\s|$))|[-+](?=\s|$)|[-=](?=[-= ]*$))|(?P<number>[0-9]{1,9})(?P<point>[.)])(?=\s|$))",
    re.MULTILINE,
)
TICKS = re.compile("`+")


def escape_markdown(text: str, *, lines: bool = False, brackets: bool = False) -> str:
    """The text with its marks escaped and its hidden characters shown; on one line, unless `lines` is true.

    Brackets are escaped where they would make a link, or always with `brackets`.
    The text may stand anywhere: at the beginning of a line it begins no list, heading or rule.
    """
    shown = MARKS.sub(r"\\\g<0>", cleaned(text, lines=lines).strip(" "))
    if brackets or LINK.search(shown):
        shown = BRACKETS.sub(r"\\\g<0>", shown)
    return BEGINNINGS.sub(_escape_beginning, re.sub(r"\n[ \t]+", "\n", shown))


def _escape_beginning(found: re.Match[str]) -> str:
    return f"\\{found['mark']}" if found["mark"] else f"{found['number']}\\{found['point']}"


def code_span(text: str) -> str:
    """The text as code on one line, whatever backticks it has."""
    shown = cleaned(text)
    ticks = "`" * (1 + max(map(len, TICKS.findall(shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def table_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """A table, a line for each row; the first row is its head. A line end within a cell becomes a line break."""
    head, *others = [[escape_markdown(cell, lines=True).replace("\n", "<br>") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *others)]


def image(description: str, path: str) -> str:
    """A picture with the text that describes it."""
    return f"![{escape_markdown(description, brackets=True)}]({path})"
