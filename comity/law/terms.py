"""Puts the names of defined terms back into closed conditions, for readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from comity.language import syntax
from comity.language.nodes import called, nodes_in, replaced
from comity.law.closing import body_of_term, scope_of
from comity.law.instrument import Instrument

VARIABLE = "it"


class NamedTerm(Struct, frozen=True):
    """A term as an instrument defines it on a day; `meaning` is closed, its parameter renamed to VARIABLE."""

    name: str
    parameter: str
    meaning: syntax.Condition
    instrument: str


class Terms(Struct, frozen=True):
    """Terms by their meaning. Two terms with one name and different meanings are both left out."""

    by_meaning: Mapping[syntax.Condition, NamedTerm]

    def put_back(self, condition: syntax.Condition) -> syntax.Condition:
        """The condition with term names in place of their meanings, widest first; small meanings stay written out."""
        found: syntax.Condition = replaced(condition, self.named)
        return found

    def named(self, node: Any) -> syntax.Term | None:
        if not isinstance(node, (syntax.And, syntax.Or, syntax.Among, syntax.Exists, syntax.All, syntax.Count)):
            return None
        variables = {part.variable for part in nodes_in(node) if isinstance(part, (syntax.Field, syntax.Item))}
        inside = isinstance(node, (syntax.And, syntax.Or, syntax.Among)) and len(variables) == 1
        term = (self.by_meaning.get(called(node, VARIABLE)) if inside else None) or self.by_meaning.get(node)
        return syntax.Term(term.name, next(iter(variables)) if term.parameter else "") if term else None

    def used(self, condition: syntax.Condition) -> list[NamedTerm]:
        """The terms named in a condition, each once."""
        names = {node.name for node in nodes_in(condition) if isinstance(node, syntax.Term)}
        return [term for term in self.by_meaning.values() if term.name in names]


def terms_of(
    instruments: Iterable[Instrument], all_instruments: Mapping[str, Instrument], day: date
) -> list[NamedTerm]:
    """The terms that the instruments define, closed for a day."""
    named = []
    for instrument in instruments:
        scope = scope_of(instrument, all_instruments, day)
        for name, term in instrument.terms.items():
            body = body_of_term(name, scope)  # without a parameter, its variables belong to its quantifiers
            named.append(
                NamedTerm(name, term.parameter, called(body, VARIABLE) if term.parameter else body, instrument.id)
            )
    return named


def by_meaning(terms: Iterable[NamedTerm]) -> Terms:
    """The terms by meaning, without those whose names are ambiguous."""
    meanings: dict[str, set[syntax.Condition]] = {}
    listed = list(terms)
    for term in listed:
        meanings.setdefault(term.name, set()).add(term.meaning)
    return Terms({term.meaning: term for term in reversed(listed) if len(meanings[term.name]) == 1})
