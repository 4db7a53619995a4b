"""Names of the law's terms in what people read, and the meaning of each name that was used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.nodes import nodes_in
from comity.language.sentence import clause
from comity.law.instrument import Instrument
from comity.law.terms import NamedTerm, Terms, by_meaning, terms_of
from comity.present.page import Block, Heading, Text

LONG = 400  # characters: a condition that is longer in full is written with the names of its terms
SHORT_MEANING = 160  # characters: a term that means less is written out all the same


class Meaning(Struct, frozen=True):
    """A term that was named in a text: what it means, and where it is defined."""

    name: str
    words: str
    instrument: str


def with_lenders(instruments: Iterable[Instrument], all_instruments: Mapping[str, Instrument]) -> list[Instrument]:
    """Some instruments and those that lend them terms.

    The terms of other instruments are not used, so that no law is described in the terms of another place.
    """
    speakers = list(instruments)
    lenders = (all_instruments[id] for instrument in speakers for id in instrument.uses if id in all_instruments)
    return list({instrument.id: instrument for instrument in (*speakers, *lenders)}.values())


def meaning_of(term: NamedTerm, vocabulary: Vocabulary, instruments: Mapping[str, Instrument]) -> Meaning:
    """What a term means, in plain English."""
    over = list_of(term, vocabulary) if term.parameter else ""
    words = clause(term.meaning, vocabulary, {"it": over} if over else {})
    instrument = instruments.get(term.instrument)
    return Meaning(
        term.name.replace("_", " "), words, instrument.citation or instrument.title if instrument else term.instrument
    )


def list_of(term: NamedTerm, vocabulary: Vocabulary) -> str:
    """The list whose records a term is about: the one with most of the fields that it reads."""
    fields = {node.name for node in nodes_in(term.meaning) if isinstance(node, syntax.Field)}
    lists: dict[str, int] = {}
    for path in vocabulary.entries:
        over, sign, name = path.partition("[].")
        if sign and name in fields:
            lists[over] = lists.get(over, 0) + 1
    return max(lists, key=lambda path: lists[path], default="")


class TermNames:
    """Puts the conditions of a law in words, long ones with the names of its terms.

    It records which names were used.
    """

    def __init__(
        self,
        instruments: Iterable[Instrument],
        *,
        all_instruments: Mapping[str, Instrument],
        day: date,
        vocabulary: Vocabulary,
    ) -> None:
        self.all_instruments, self.vocabulary = all_instruments, vocabulary
        self.terms = by_meaning(terms_of(with_lenders(instruments, all_instruments), all_instruments, day))
        self.used: dict[str, NamedTerm] = {}
        self.long_terms = Terms({
            meaning: term
            for meaning, term in self.terms.by_meaning.items()
            if len(meaning_of(term, vocabulary, all_instruments).words) > SHORT_MEANING
        })  # fmt: skip

    def words(self, condition: syntax.Condition) -> str:
        """A condition as one sentence."""
        whole = clause(condition, self.vocabulary)
        if len(whole) <= LONG:
            return whole
        named = self.terms.put_back(condition)
        self.used |= {term.name: term for term in self.terms.used(named)}
        return clause(named, self.vocabulary)

    def spell_out(self, condition: syntax.Condition) -> str:
        """A condition in words, with the meaning of each named term beside its name; a short term is not named."""
        whole = clause(condition, self.vocabulary)
        if len(whole) <= LONG:
            return whole
        text = clause(self.long_terms.put_back(condition), self.vocabulary)
        for term in self.long_terms.used(self.long_terms.put_back(condition)):
            meaning = meaning_of(term, self.vocabulary, self.all_instruments)
            named = re.compile(f'"{re.escape(meaning.name)}"( applies| does not apply)?')
            text = named.sub(lambda found, words=meaning.words: f"{found[0]} (that is: {words})", text, count=1)  # type: ignore[misc]
        return text

    def meanings(self) -> tuple[Meaning, ...]:
        """The meaning of each name that was used, in order of first use."""
        return tuple(meaning_of(term, self.vocabulary, self.all_instruments) for term in self.used.values())


def glossary_of(terms: Iterable[Meaning]) -> Iterable[Block]:
    """The names that were used and their meanings, as part of a page."""
    lines = [Text(f'"{term.name}" ({term.instrument}): {term.words}', "", 1, "-") for term in terms]
    if lines:
        yield Heading("Terms that the law defines")
        yield from lines
