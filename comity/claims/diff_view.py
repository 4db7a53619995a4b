"""A comparison of two laws as values: to print, to write as JSON or Markdown, or to show in a notebook."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from comity.claims.claim_view import Example
from comity.decision.words import OUTCOME_WORDS, describe_action
from comity.engine.outcome import Outcome
from comity.lawview.term_names import Meaning
from comity.present.result import Presentable


class Cited(Struct, frozen=True):
    """A provision that an outcome rests on, with its citation."""

    provision: str
    cite: str


class Counted(Struct, frozen=True):
    """How many stored requests are surely in a class, and how many are at most."""

    surely: int
    at_most: int


class Class(Struct, frozen=True, kw_only=True):
    """A class of requests for which two laws give an action different outcomes.

    `condition` describes the class in plain English; `asked` is false if its requests do not ask for the action.
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
        before, after = OUTCOME_WORDS[self.from_], OUTCOME_WORDS[self.to]
        return f"{describe_action(self.action)}: {before} before and {after} after, {self.condition}."


class Diff(Presentable, Struct, frozen=True, kw_only=True):
    """Two laws compared; `equivalent` is None if that was not settled in time.

    `rows` of the `table` were counted. `table_read` says in sentences what became of its lines, and `table_findings` counts by code
    the rows refused and what was odd or not understood, with the first of each in `table_examples`.
    """

    first: str
    second: str
    law_version: str
    equivalent: bool | None
    classes: tuple[Class, ...]
    unsettled: tuple[str, ...] = ()
    terms: tuple[Meaning, ...] = ()
    table: str = ""
    rows: int = 0
    table_read: tuple[str, ...] = ()
    table_findings: dict[str, int] = {}
    table_examples: dict[str, str] = {}

    @property
    def holds(self) -> bool | None:
        """Whether the two are equivalent."""
        return self.equivalent

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain JSON values.

        Each witness is a request that can be decided as it is.
        """
        return {**super().to_dict(), "classes": [_plain(of_class) for of_class in self.classes]}


def _plain(of_class: Class) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(of_class)
    provisions = [cited.provision for cited in (*of_class.before, *of_class.after)]
    example = {
        "witness": of_class.witness.document,
        "witness_words": of_class.witness.words,
        "assuming": of_class.witness.assuming,
    }
    return {**document, "words": of_class.words, "provisions": provisions, **example}
