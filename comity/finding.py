"""One fault in a law file or in an input, as a value. Reading and checking return findings and never raise them.

A message may quote what a request says of a person, and a log must not keep that. `phrase` puts quoted values into a message
and keeps the text without them, which `Finding.without_values` and `InputFault.without_values` give.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import msgspec

from comity.present.clean import ELLIPSIS, cleaned

MESSAGE_MAX, QUOTED_MAX = 2_000, 120  # characters of a message, and of a value that it quotes
EXCERPT_BEFORE, EXCERPT_MAX = 60, 160  # characters of an excerpt before its column, and in all
WORD_MAX = 200  # of a word that may be misspelt; a longer one is near to nothing
FIELDS = {"source": "place"}  # the field of a finding that holds a text of another name
LONG_QUOTE = re.compile(rf'"([^"]{{{QUOTED_MAX + 1},}})"')


class Phrase(str):
    """A text for people, made by `phrase`, and `without_values`: the same text without the values that it quotes."""

    without_values: str

    def __new__(cls, text: str, without_values: str) -> Phrase:
        self = super().__new__(cls, text)
        self.without_values = without_values
        return self


def phrase(template: str, /, *values: object, **known: object) -> Phrase:
    """A text with values put into a template, such as `phrase('{fact} is "{}", which is no day', raw, fact=path)`.

    Values without a name come from an input, and `without_values` shows an ellipsis for each; those with a name are words of the
    law or of this program, and stay in it. A value that is a phrase itself gives its own text without values.
    """
    if not values and not known:
        return Phrase(template, template)
    hidden = [value.without_values if isinstance(value, Phrase) else ELLIPSIS for value in values]
    plain = {name: value.without_values if isinstance(value, Phrase) else value for name, value in known.items()}
    return Phrase(template.format(*values, **known), template.format(*hidden, **plain))


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a fault is: a file or input name, a line and a column (both from 1; 0 where there is none)."""

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.source, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Finding(msgspec.Struct, frozen=True, dict=True):
    """A fault: a stable `code`, the `place`, what is wrong (`message`) and what would be right (`help`).

    `grave` distinguishes an error (the file or input cannot be relied on) from a warning. `excerpt` is the faulty line
    of a law file, without its line end; the caret is placed by the column. A long value quoted in the message is cut.
    """

    code: str
    place: Place
    message: str
    help: str = ""
    grave: bool = True
    excerpt: str = ""

    def __post_init__(self) -> None:
        for name in ("message", "help"):
            text = getattr(self, name)
            if isinstance(text, Phrase):
                self._plain[name] = _shortened(text.without_values)
                text = str(text)
                msgspec.structs.force_setattr(self, name, text)
            if len(text) > QUOTED_MAX:
                msgspec.structs.force_setattr(self, name, _shortened(text))
        source = self.place.source
        if isinstance(source, Phrase):
            self._plain["source"] = source.without_values
            place = msgspec.structs.replace(self.place, source=str(source))
            msgspec.structs.force_setattr(self, "place", place)

    @cached_property
    def _plain(self) -> dict[str, str]:
        """The texts without values, of those that are phrases. They are no part of the finding as JSON, nor of a copy."""
        return {}

    def changed(self, **changes: Any) -> Finding:
        """The finding with some of its fields changed; what it knows of the others stays."""
        finding = msgspec.structs.replace(self, **changes)
        same = {name: text for name, text in self._plain.items() if FIELDS.get(name, name) not in changes}
        finding._plain.update({**same, **finding._plain})
        return finding

    def without_values(self) -> Finding:
        """The same finding, quoting nothing that an input said, no file and no line of it: what a log may keep.

        It names the code, the fact where the vocabulary has it, and what would be right. A message or help that was not made by
        `phrase` may quote anything, so the code stands for the one, and the other is left out.
        """
        place = msgspec.structs.replace(self.place, source=phrase(self._plain.get("source", ELLIPSIS)))
        message = self._plain.get("message", self.code.replace("-", " "))
        return Finding(self.code, place, phrase(message), phrase(self._plain.get("help", "")), self.grave)

    def line(self, *, graded: bool = False) -> str:
        """The fault in one line for people: where, what, and what would be right; hidden characters are shown.

        `graded` says before the message whether it is an error or a warning.
        """
        tail = f"; {self.help}" if self.help else ""
        grade = f"{'error' if self.grave else 'warning'}: " if graded else ""
        return cleaned(f"{self.place}: {grade}{self.message}{tail} [{self.code}]")

    def lines(self, *, graded: bool = False) -> str:
        """The one line and, below it, the faulty line of the file with a caret under the column."""
        if not self.excerpt:
            return self.line(graded=graded)
        column = min(max(self.place.column - 1, 0), len(self.excerpt))
        start = max(column - EXCERPT_BEFORE, 0) if len(self.excerpt) > EXCERPT_MAX else 0
        before, after = self.excerpt[start:column], self.excerpt[column : start + EXCERPT_MAX]
        before = cleaned((ELLIPSIS if start else "") + before)
        more = ELLIPSIS if start + EXCERPT_MAX < len(self.excerpt) else ""
        return f"{self.line(graded=graded)}\n    {before}{cleaned(after)}{more}\n    {' ' * len(before)}^"


def _shortened(text: str) -> str:
    """A message in which each long value in quotes is cut, and the whole if that is not enough."""
    text = LONG_QUOTE.sub(lambda found: f'"{found[1][: QUOTED_MAX - 1]}{ELLIPSIS}"', text)
    return text if len(text) <= MESSAGE_MAX else text[: MESSAGE_MAX - 1] + ELLIPSIS


class InputFault(Exception):
    """Raised by the API and the commands when an input has grave findings; its text is one line for each of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.lines() for finding in self.findings))

    def without_values(self) -> InputFault:
        """The same fault, quoting nothing that an input said: what a log may keep, as `str(fault.without_values())`."""
        return InputFault(finding.without_values() for finding in self.findings)


def grave(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Only the errors among the findings."""
    return tuple(finding for finding in findings if finding.grave)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help text with the nearest known word, or the empty text where none is near."""
    if len(word) > WORD_MAX:
        return ""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else ""
