"""Asks definitions of a contested word about the law of a place on a day, and puts what comes of it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from comity.claims.describe import request_in_words
from comity.classification.definition import Criterion, Definition
from comity.classification.read_definitions import read_definitions
from comity.classification.view import UNKNOWN, Classified, CriterionAnswer, DefinitionAnswer, Rests, Shown
from comity.decision.incoming import name_of
from comity.facts.document import document_of
from comity.finding import Finding, Place, did_you_mean
from comity.language.logic import Kleene
from comity.law.cache import shipped, shipped_definitions
from comity.law.in_force import Agency, in_force
from comity.law.instrument import short
from comity.law.library import DEFINITIONS, Library
from comity.law.life import is_force
from comity.law.places import Jurisdiction
from comity.law.register import lacking_at, read_register
from comity.lawview.view import TrueHere

if TYPE_CHECKING:
    from comity.classification.classifier import Answer, Classifier
    from comity.classification.criteria import Met, Witness

NOON = time(12)
PREFIX = "def-"


def definitions_of(folders: Sequence[Path], library: Library) -> tuple[dict[str, Definition], list[Finding]]:
    """The definitions that ship, with those in a county's own folders of law laid over them."""
    return read_definitions(
        [shipped_definitions(), *(folder / DEFINITIONS for folder in folders)], library.vocabulary, library.gazetteer
    )


def chosen(named: str, definitions: Mapping[str, Definition]) -> tuple[dict[str, Definition], list[Finding]]:
    """The definition that a name stands for, with or without `def-`; all of them where none is named."""
    if not named:
        return dict(definitions), []
    id = next((own for own in definitions if named in (own, own.removeprefix(PREFIX))), "")
    if id:
        return {id: definitions[id]}, []
    help = did_you_mean(named, definitions) or f"one of {', '.join(definitions)}"
    return {}, [Finding("unknown-definition", Place("definition"), f'there is no definition "{named}"', help)]


class Asking:
    """The law and the definitions, from which any number of places and days are answered."""

    def __init__(self, library: Library, definitions: Mapping[str, Definition], folders: Sequence[Path] = ()) -> None:
        self.library, self.definitions = library, definitions
        self.register = read_register([shipped(), *folders])

    def classified(
        self, where: Jurisdiction, day: date, wanted: Iterable[str], agency: Agency | None = None
    ) -> Classified:
        """Some of the definitions, asked of a place on a local day."""
        from comity.classification.classifier import Classifier  # noqa: PLC0415  definitions are read without a solver

        stack = in_force(self.library, where.path, day, agency)
        here = self.library.gazetteer.containing(where.path)
        lacking = lacking_at(self.register, self.library, where.path, day)
        telling = Telling(Classifier(stack, self.definitions, here, lacking), where, self.library)
        answers = {id: telling.definition(self.definitions[id]) for id in wanted}
        facts = tuple(telling.true_here(path) for path in sorted(stack.fact_sources))
        return Classified(where.path, name_of(where, self.library), day, stack.version, lacking, facts, answers)


class Telling:
    """Puts the answers for one place and day in words."""

    def __init__(self, asked: Classifier, where: Jurisdiction, library: Library) -> None:
        self.asked, self.stack, self.library = asked, asked.stack, library
        moment = datetime.combine(asked.stack.day, NOON, ZoneInfo(where.zone))
        self.envelope = {"place": where.path, "at": moment.isoformat()}

    def definition(self, own: Definition) -> DefinitionAnswer:
        answer: Answer = self.asked.answer(own)
        return DefinitionAnswer(
            own.title,
            own.by,
            own.evidence,
            _known(own.in_use(self.stack.day)),
            _known(answer.meets),
            tuple(self.criterion(own.criteria[name], met) for name, met in answer.criteria.items()),
            own.citation,
            own.summary,
            answer.score,
            own.score.at_least if own.score else 0,
            self.library.gazetteer.places[own.within].name if own.within and own.within not in self.asked.here else "",
        )

    def criterion(self, own: Criterion, met: Met) -> CriterionAnswer:
        return CriterionAnswer(
            own.name,
            own.plain,
            own.sort,
            _known(met.met),
            tuple(self.shown(one) for one in met.witnesses),
            met.lacking,
            met.settled,
            tuple(self.true_here(path) for path in met.facts),
            self.library.gazetteer.places[met.on_list].name if met.on_list else "",
            own.like,
        )

    def shown(self, own: Witness) -> Shown:
        words = request_in_words(own.values, self.stack.vocabulary, self.stack.instruments)
        rests = tuple(self.rests(provision) for provision in own.provisions)
        facts = {path: value for path, value in own.values.items() if not is_force(path)}
        return Shown(own.action, own.outcome, {**self.envelope, **document_of(facts)}, tuple(words), rests, own.facts)

    def rests(self, provision: str) -> Rests:
        return Rests(provision, short(provision, self.stack.instruments), self.stack.provisions[provision].evidence)

    def true_here(self, path: str) -> TrueHere:
        """A fact of the place, with its source."""
        known = self.stack.fact_sources[path]
        words = request_in_words({path: self.stack.facts[path]}, self.stack.vocabulary, self.stack.instruments)
        return TrueHere(path, "; ".join(words), known.source, known.evidence)


def _known(truth: Kleene) -> bool | str:
    return UNKNOWN if truth is None else truth
