"""One fault in a law file or in an input, as a value: nothing here is ever raised by reading or checking."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import msgspec


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a fault stands: a file or input name, a line and a column (both from 1; 0 where there is none)."""

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.source, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Finding(msgspec.Struct, frozen=True):
    """A fault: a stable `code`, the `place`, what is wrong (`message`) and what would be right (`help`).

    `grave` tells an error (the file or input cannot be relied on) from a warning.
    `excerpt` is the faulty line of a law file, without its line end; the caret is drawn from the place's column.
    """

    code: str
    place: Place
    message: str
    help: str = ""
    grave: bool = True
    excerpt: str = ""

    def line(self) -> str:
        """The fault in one line: where, what, and what would be right."""
        tail = f"; {self.help}" if self.help else ""
        return f"{self.place}: {self.message}{tail} [{self.code}]"

    def lines(self) -> str:
        """The one line and, below it, the faulty line of the file with a caret under the column."""
        if not self.excerpt:
            return self.line()
        caret = " " * max(self.place.column - 1, 0) + "^"
        return f"{self.line()}\n    {self.excerpt}\n    {caret}"


class InputFault(Exception):
    """Raised at a door, for a person, when an input has grave findings; its text is one line for each of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.lines() for finding in self.findings))


def grave(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Only the errors among the findings."""
    return tuple(finding for finding in findings if finding.grave)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help text naming the nearest known word, or the empty text where none is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else ""
