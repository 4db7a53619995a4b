"""What two laws treat differently, as values to print, to write as JSON or Markdown, or to look at in a notebook."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from comity.claims.claim_view import Example
from comity.claims.sentences import OUTCOMES
from comity.decision.page import ACTION_WORDS
from comity.engine.outcome import Outcome
from comity.lawview.term_names import Meaning
from comity.present.result import Presentable


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


class Diff(Presentable, Struct, frozen=True):
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


def _plain(own: Class) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(own)
    provisions = [cited.provision for cited in (*own.before, *own.after)]
    example = {"witness": own.witness.document, "witness_words": own.witness.words, "assuming": own.witness.assuming}
    return {**made, "words": own.words, "provisions": provisions, **example}
