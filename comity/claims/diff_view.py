"""What two laws treat differently, as values to print, to write as JSON or Markdown, or to look at in a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import msgspec
from msgspec import Struct

from comity.claims.claim_view import Example, example_blocks
from comity.claims.sentences import OUTCOMES
from comity.decision.decision import Outcome
from comity.decision.page import ACTION_WORDS
from comity.lawview.term_names import Meaning, glossary_of
from comity.present.page import Block, Heading, Text, as_html, as_markdown

PROVED = "Every other request is treated alike: this is proved, not sampled."
SAME = "Every request that there could be is treated alike under both: this is proved, not sampled."
UNSETTLED = (
    "Whether further requests are treated differently was not settled in time, which proves nothing either way; about"
)
LEFT = "in further requests, which no short sentence tells apart"


class Cited(Struct, frozen=True):
    """A provision that an outcome rests on, with its citation."""

    provision: str
    cite: str


class Counted(Struct, frozen=True):
    """How many stored requests are surely in a class, and how many may be."""

    surely: int
    at_most: int


class Class(Struct, frozen=True):
    """Requests that two laws treat differently: what becomes of which action, for whom, and by which provisions.

    `condition` is in plain English, `asked` false where it is about requests that do not ask for the action.
    """

    action: str
    from_: Outcome = msgspec.field(name="from")
    to: Outcome
    condition: str
    witness: Example
    before: tuple[Cited, ...]
    after: tuple[Cited, ...]
    asked: bool = True
    stored: Counted | None = None

    @property
    def words(self) -> str:
        """The class as one sentence."""
        deed = ACTION_WORDS.get(self.action, self.action.replace("_", " "))
        return f"{deed}: {OUTCOMES[self.from_]} before and {OUTCOMES[self.to]} after, {self.condition}."


class Diff(Struct, frozen=True):
    """Two laws beside each other; `equivalent` is None where that was not settled in time."""

    first: str
    second: str
    law_version: str
    equivalent: bool | None
    classes: tuple[Class, ...]
    unsettled: tuple[str, ...] = ()
    terms: tuple[Meaning, ...] = ()
    table: str = ""
    rows: int = 0

    @property
    def holds(self) -> bool | None:
        """Whether the two are equivalent."""
        return self.equivalent

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain JSON values; a witness is a request that can be decided as it is."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        made["classes"] = [_plain(own) for own in self.classes]
        return made

    def page(self) -> list[Block]:
        return page_of(self)

    def to_markdown(self) -> str:
        """The comparison as Markdown, for a board packet or a pull request."""
        return as_markdown(page_of(self))

    def _repr_html_(self) -> str:
        return as_html(page_of(self))


def _plain(own: Class) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(own)
    provisions = [cited.provision for cited in (*own.before, *own.after)]
    example = {"witness": own.witness.document, "witness_words": own.witness.words, "assuming": own.witness.assuming}
    return {**made, "words": own.words, "provisions": provisions, **example}


def page_of(own: Diff) -> list[Block]:
    """The whole comparison, by action; what is asked for comes first."""
    blocks: list[Block] = [Heading("What is treated differently", 1)]
    blocks += [
        Text(f"Before: {own.first}.", "quiet"),
        Text(f"After: {own.second}. Law version {own.law_version}.", "quiet"),
        Text(""),
    ]
    if own.equivalent:
        return [*blocks, Text(SAME, "strong")]
    count = "One class of requests is" if len(own.classes) == 1 else f"{len(own.classes)} classes of requests are"
    blocks.append(Text(f"{count} treated differently.", "strong"))
    unsettled = ", ".join(ACTION_WORDS.get(action, action) for action in own.unsettled)
    blocks.append(Text(f"{UNSETTLED}: {unsettled}." if unsettled else PROVED, "open" if unsettled else "strong"))
    if own.table:
        blocks.append(Text(f"Stored requests counted: {own.rows:,} of {own.table}."))
    number = 0
    for action, of_action in groupby(own.classes, lambda each: each.action):
        blocks.append(Heading(f"{ACTION_WORDS.get(action, action)} [{action}]"))
        for each in of_action:
            number += 1
            blocks += _class(number, each)
    return [*blocks, *glossary_of(own.terms)]


def _class(number: int, own: Class) -> Iterable[Block]:
    change = f"{OUTCOMES[own.from_].upper()} before, {OUTCOMES[own.to].upper()} after"
    yield Text(f"{change}, {own.condition}.", "", 1, f"{number}.")
    yield from _rests("Before", own.before)
    yield from _rests("After", own.after)
    if own.stored:
        surely, at_most = own.stored.surely, own.stored.at_most
        yield Text(f"{surely:,}{'' if surely == at_most else f' to {at_most:,}'} stored requests", "open", 2)
    yield from example_blocks(own.witness, 2)


def _rests(when: str, cited: tuple[Cited, ...]) -> Iterable[Block]:
    named = "; ".join(f"{own.cite} ({own.provision})" for own in cited)
    yield Text(f"{when} by {named}" if named else f"{when}: no law decides it", "quiet", 2)
