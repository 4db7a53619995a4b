"""Terms of the law called by their names in what people read, each with its meaning told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.nodes import nodes_in
from comity.language.sentence import clause
from comity.law.instrument import Instrument
from comity.law.terms import NamedTerm, by_meaning, terms_of
from comity.present.page import Block, Heading, Text

LONG = 400  # characters: a condition that takes more in full is told by the names of its terms


class Meaning(Struct, frozen=True):
    """A term that was called by its name: what it means, and where it is defined."""

    name: str
    words: str
    instrument: str


def speaking(instruments: Iterable[Instrument], all_instruments: Mapping[str, Instrument]) -> list[Instrument]:
    """Some instruments and those that lend them terms: no law is told in the words of other places."""
    own = list(instruments)
    lenders = (all_instruments[id] for each in own for id in each.uses if id in all_instruments)
    return list({each.id: each for each in (*own, *lenders)}.values())


def meaning_of(term: NamedTerm, vocabulary: Vocabulary, instruments: Mapping[str, Instrument]) -> Meaning:
    """What a term means, in plain English."""
    over = _list_of(term, vocabulary) if term.parameter else ""
    words = clause(term.meaning, vocabulary, {"it": over} if over else {})
    own = instruments.get(term.instrument)
    return Meaning(term.name.replace("_", " "), words, own.citation or own.title if own else term.instrument)


def _list_of(term: NamedTerm, vocabulary: Vocabulary) -> str:
    """The list whose records a term is said of: the one that has most of the fields it reads."""
    fields = {node.name for node in nodes_in(term.meaning) if isinstance(node, syntax.Field)}
    lists: dict[str, int] = {}
    for path in vocabulary.entries:
        over, sign, name = path.partition("[].")
        if sign and name in fields:
            lists[over] = lists.get(over, 0) + 1
    return max(lists, key=lambda path: lists[path], default="")


class Naming:
    """Puts the conditions of a law in words, the long ones by the names of its terms, and keeps which names it used."""

    def __init__(
        self,
        instruments: Iterable[Instrument],
        all_instruments: Mapping[str, Instrument],
        day: date,
        vocabulary: Vocabulary,
    ) -> None:
        self.all_instruments, self.vocabulary = all_instruments, vocabulary
        self.terms = by_meaning(terms_of(speaking(instruments, all_instruments), all_instruments, day))
        self.used: dict[str, NamedTerm] = {}

    def words(self, condition: syntax.Condition) -> str:
        """A condition as one sentence."""
        whole = clause(condition, self.vocabulary)
        if len(whole) <= LONG:
            return whole
        named = self.terms.put_back(condition)
        self.used |= {term.name: term for term in self.terms.used(named)}
        return clause(named, self.vocabulary)

    def meanings(self) -> tuple[Meaning, ...]:
        """What each name that was used means, in the order of their use."""
        return tuple(meaning_of(term, self.vocabulary, self.all_instruments) for term in self.used.values())


def glossary_of(terms: Iterable[Meaning]) -> Iterable[Block]:
    """The names that were used and what they mean, as a part of a page."""
    told = [Text(f'"{own.name}" ({own.instrument}): {own.words}', "", 1, "-") for own in terms]
    if told:
        yield Heading("Words that the law defines")
        yield from told
