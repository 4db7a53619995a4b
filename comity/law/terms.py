"""The names of defined terms put back where a closed condition holds what they stand for, for readers."""

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
    """A term as one instrument defines it on a day; `meaning` is closed, its parameter called VARIABLE."""

    name: str
    parameter: str
    meaning: syntax.Condition
    instrument: str


class Terms(Struct, frozen=True):
    """Terms by what they mean. Of two that share a name and mean different things neither is used."""

    by_meaning: Mapping[syntax.Condition, NamedTerm]

    def put_back(self, condition: syntax.Condition) -> syntax.Condition:
        """The condition with the name of a term for what it means, the widest first; small meanings stay written out."""
        found: syntax.Condition = replaced(condition, self.named)
        return found

    def named(self, node: Any) -> syntax.Term | None:
        if not isinstance(node, (syntax.And, syntax.Or, syntax.Among, syntax.Exists, syntax.All, syntax.Count)):
            return None
        variables = {own.variable for own in nodes_in(node) if isinstance(own, (syntax.Field, syntax.Item))}
        inside = isinstance(node, (syntax.And, syntax.Or, syntax.Among)) and len(variables) == 1
        own = (self.by_meaning.get(called(node, VARIABLE)) if inside else None) or self.by_meaning.get(node)
        return syntax.Term(own.name, next(iter(variables)) if own.parameter else "") if own else None

    def used(self, condition: syntax.Condition) -> list[NamedTerm]:
        """The terms that a condition names, each once."""
        names = {own.name for own in nodes_in(condition) if isinstance(own, syntax.Term)}
        return [own for own in self.by_meaning.values() if own.name in names]


def terms_of(
    instruments: Iterable[Instrument], all_instruments: Mapping[str, Instrument], day: date
) -> list[NamedTerm]:
    """The terms that some instruments define themselves, as they stand on a day."""
    made = []
    for own in instruments:
        scope = scope_of(own, all_instruments, day)
        for name, term in own.terms.items():
            body = body_of_term(name, scope)  # without a parameter its variables are those of its own quantifiers
            made.append(NamedTerm(name, term.parameter, called(body, VARIABLE) if term.parameter else body, own.id))
    return made


def by_meaning(terms: Iterable[NamedTerm]) -> Terms:
    """Terms to be put back, without those whose names are ambiguous."""
    meanings: dict[str, set[syntax.Condition]] = {}
    own = list(terms)
    for term in own:
        meanings.setdefault(term.name, set()).add(term.meaning)
    return Terms({term.meaning: term for term in reversed(own) if len(meanings[term.name]) == 1})
