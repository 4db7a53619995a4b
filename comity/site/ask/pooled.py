"""Documents of one place with what they share written once: citations, questions, warnings, duties.

`static/ask/law.js` puts a document together again. A pooled document has numbers of the pool where the document has
entries; the entries of an obligation, a limit or a warning have beside them where their diagram starts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from comity.law.life import is_force

Json: TypeAlias = Any
TextAddress: TypeAlias = Callable[[str, str], str]  # from a citation, and the provision or instrument that it is of
WHEN = "when"
OF_DIAGRAMS = ("stands", "yields")
NOT_POOLED = ("day", "given", "outcomes", "nodes")
POOLED = ("facts", "questions", "effects", "obligations", "limits", "cites", "warnings")


class Pool:
    """Values in the order in which they first came, each once. Citations get the `address` of their text, where one is known."""

    def __init__(self, text_address: TextAddress) -> None:
        self.text_address = text_address
        self.values: list[Json] = []
        self._number_of: dict[str, int] = {}

    def number(self, value: Json) -> int:
        """The number of a value in the pool, where it is added if it is new."""
        text = json.dumps(value, sort_keys=True)
        if text not in self._number_of:
            self._number_of[text] = len(self.values)
            self.values.append(value)
        return self._number_of[text]

    def pooled(self, document: Mapping[str, Json]) -> dict[str, Json]:
        """A document with the numbers of what it shares with others."""
        rest = {name: value for name, value in document.items() if name not in (*NOT_POOLED, *POOLED)}
        return {
            **{name: document[name] for name in NOT_POOLED},
            "rest": self.number(rest),
            # A fact of the vocabulary by its path: a page has the vocabulary.
            "facts": [fact if is_force(fact["path"]) else fact["path"] for fact in document["facts"]],
            "questions": [self.number(question) for question in document["questions"]],
            "effects": [self._effect(effect) for effect in document["effects"]],
            "obligations": self._conditional(document["obligations"]),
            "limits": self._conditional(document["limits"]),
            "cites": [self.number([name, self._cite(name, cite)]) for name, cite in document["cites"].items()],
            "warnings": {action: self._conditional(warnings) for action, warnings in document["warnings"].items()},
        }

    def _cite(self, name: str, cite: Mapping[str, Json]) -> Mapping[str, Json]:
        address = self.text_address(cite["cite"], name)
        return {**cite, "address": address} if address else cite

    def _effect(self, effect: Mapping[str, Json]) -> list[Json]:
        """The number of what an effect says; then, if it decides an action, its diagrams."""
        number = self.number({name: value for name, value in effect.items() if name not in OF_DIAGRAMS})
        return [number, *(effect[name] for name in OF_DIAGRAMS if name in effect)]

    def _conditional(self, entries: Iterable[Mapping[str, Json]]) -> list[list[int]]:
        return [
            [self.number({name: value for name, value in entry.items() if name != WHEN}), entry[WHEN]]
            for entry in entries
        ]
