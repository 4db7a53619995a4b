"""Applies definitions to the law of a place on a day, and puts the answers in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from comity.claims.describe import request_in_words
from comity.classification.definition import Criterion, Definition
from comity.classification.read_definitions import read_definitions
from comity.classification.view import (
    UNKNOWN,
    CitedProvision,
    Classified,
    CriterionAnswer,
    DefinitionAnswer,
    ExampleRequest,
)
from comity.decision.incoming import name_of
from comity.facts.document import document_of
from comity.finding import Finding, Place, did_you_mean
from comity.language.logic import Kleene
from comity.law.cache import shipped, shipped_definitions
from comity.law.in_force import Agency, in_force
from comity.law.instrument import citation_of
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


def read_all_definitions(folders: Sequence[Path], library: Library) -> tuple[dict[str, Definition], list[Finding]]:
    """The shipped definitions and those in a county's folders of law.

    A county's file replaces a shipped one of the same name.
    """
    return read_definitions(
        [shipped_definitions(), *(folder / DEFINITIONS for folder in folders)], library.vocabulary, library.gazetteer
    )


def definitions_named(named: str, definitions: Mapping[str, Definition]) -> tuple[dict[str, Definition], list[Finding]]:
    """The definition with this id, with or without `def-`.

    All definitions if no id is given.
    """
    if not named:
        return dict(definitions), []
    id = next((known_id for known_id in definitions if named in (known_id, known_id.removeprefix(PREFIX))), "")
    if id:
        return {id: definitions[id]}, []
    help = did_you_mean(named, definitions) or f"one of {', '.join(definitions)}"
    return {}, [Finding("unknown-definition", Place("definition"), f'there is no definition "{named}"', help)]


class PlaceClassifier:
    """A library of law and a set of definitions, to classify places on days."""

    def __init__(self, library: Library, definitions: Mapping[str, Definition], folders: Sequence[Path] = ()) -> None:
        self.library, self.definitions = library, definitions
        self.register = read_register([shipped(), *folders])

    def classify(
        self, where: Jurisdiction, day: date, wanted: Iterable[str], agency: Agency | None = None
    ) -> Classified:
        """The answers of some definitions for a place on a local day."""
        from comity.classification.classifier import Classifier  # noqa: PLC0415  definitions are read without a solver

        stack = in_force(self.library, where.path, day, agency)
        here = self.library.gazetteer.containing(where.path)
        lacking = lacking_at(self.register, self.library, where.path, day)
        telling = AnswerWriter(Classifier(stack, self.definitions, here, lacking), where, self.library)
        answers = {id: telling.definition(self.definitions[id]) for id in wanted}
        facts = tuple(telling.true_here(path) for path in sorted(stack.fact_sources))
        return Classified(
            place=where.path,
            name=name_of(where, self.library),
            on=day,
            law_version=stack.version,
            not_encoded=lacking,
            facts=facts,
            definitions=answers,
        )


class AnswerWriter:
    """Puts the answers for one place and day in words."""

    def __init__(self, asked: Classifier, where: Jurisdiction, library: Library) -> None:
        self.asked, self.stack, self.library = asked, asked.stack, library
        moment = datetime.combine(asked.stack.day, NOON, ZoneInfo(where.zone))
        self.envelope = {"place": where.path, "at": moment.isoformat()}

    def definition(self, definition: Definition) -> DefinitionAnswer:
        answer: Answer = self.asked.answer(definition)
        return DefinitionAnswer(
            title=definition.title,
            by=definition.by,
            evidence=definition.evidence,
            in_use=_known(definition.in_use(self.stack.day)),
            meets=_known(answer.meets),
            criteria=tuple(self.criterion(definition.criteria[name], met) for name, met in answer.criteria.items()),
            citation=definition.citation,
            summary=definition.summary,
            score=answer.score,
            at_least=definition.score.at_least if definition.score else 0,
            within=self.library.gazetteer.places[definition.within].name
            if definition.within and definition.within not in self.asked.here
            else "",
        )

    def criterion(self, criterion: Criterion, met: Met) -> CriterionAnswer:
        return CriterionAnswer(
            name=criterion.name,
            words=criterion.plain,
            sort=criterion.sort,
            met=_known(met.met),
            witnesses=tuple(self.example(example) for example in met.witnesses),
            lacking=met.lacking,
            settled=met.settled,
            facts=tuple(self.true_here(path) for path in met.facts),
            on_list=self.library.gazetteer.places[met.on_list].name if met.on_list else "",
            like=criterion.like,
        )

    def example(self, example: Witness) -> ExampleRequest:
        words = request_in_words(example.values, self.stack.vocabulary, self.stack.instruments)
        cited = tuple(self.cited(provision) for provision in example.provisions)
        facts = {path: value for path, value in example.values.items() if not is_force(path)}
        return ExampleRequest(
            action=example.action,
            outcome=example.outcome,
            request={**self.envelope, **document_of(facts)},
            words=tuple(words),
            provisions=cited,
            facts=example.facts,
        )

    def cited(self, provision: str) -> CitedProvision:
        return CitedProvision(
            provision, citation_of(provision, self.stack.instruments), self.stack.provisions[provision].evidence
        )

    def true_here(self, path: str) -> TrueHere:
        """A fact of the place, with its source."""
        known = self.stack.fact_sources[path]
        words = request_in_words({path: self.stack.facts[path]}, self.stack.vocabulary, self.stack.instruments)
        return TrueHere(fact=path, value="; ".join(words), source=known.source, evidence=known.evidence)


def _known(truth: Kleene) -> bool | str:
    return UNKNOWN if truth is None else truth
