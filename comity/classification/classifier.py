"""Whether the law of a place on a day meets a definition: each criterion by itself, then all together."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import product
from typing import assert_never

from msgspec import Struct, structs

from comity.claims.prover import Prover
from comity.classification.criteria import Met, Witness, shown_by_law
from comity.classification.definition import Criterion, Definition, target_of
from comity.engine.questions.questions import DECIDING
from comity.engine.questions.splits import facts_of
from comity.engine.solver.solver import MILLISECONDS_MAX
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene, conjunction, disjunction, negation
from comity.law.in_force import Stack
from comity.law.life import FORCE, is_force
from comity.period import LAST_DAY

UNCERTAIN_MAX = 4  # instruments that may or may not be in force on one day; with more the answer is not known


class Answer(Struct, frozen=True, kw_only=True):
    """Whether a definition is met, and each of its criteria.

    `score` is the least and the most that its score can be.
    """

    definition: Definition
    meets: Kleene
    criteria: dict[str, Met]
    score: tuple[int, int] | None = None


class Classifier:
    """Applies definitions to the law of one place on one day.

    `here` are the place and all that contain it; `lacking` are the laws that may affect it and are not encoded. Every request
    is taken with the facts of the place, so that an example is what can happen there.
    """

    def __init__(
        self,
        stack: Stack,
        definitions: Mapping[str, Definition],
        here: tuple[str, ...] = (),
        lacking: tuple[str, ...] = (),
        milliseconds_max: int = MILLISECONDS_MAX,
    ) -> None:
        self.stack, self.definitions = stack, definitions
        self.here, self.lacking = here or (stack.place,), lacking
        self.milliseconds_max = milliseconds_max
        self.met_by_question: dict[Hashable, Met] = {}
        self.provers: dict[Hashable, Prover] = {}

    def uncertain(self, actions: tuple[str, ...]) -> tuple[str, ...]:
        """The facts for the force of each uncertain instrument that decides the actions."""
        deciding = [
            effect.when for effect in self.stack.standing if effect.kind in DECIDING and effect.action in actions
        ]
        return tuple(sorted({path for when in deciding for path in facts_of(when) if is_force(path)}))

    def prover(self, force: Mapping[str, Value]) -> Prover:
        """Proves claims about the law with uncertain instruments in force as `force` says."""
        key = tuple(force.items())
        if key not in self.provers:
            self.provers[key] = Prover(
                self.stack, milliseconds_max=self.milliseconds_max, facts={**self.stack.facts, **force}
            )
        return self.provers[key]

    def answer(self, definition: Definition) -> Answer:
        """Whether the law here meets one definition."""
        criteria = {name: self.met(criterion) for name, criterion in definition.criteria.items()}
        truths = {name: met.met for name, met in criteria.items()}
        if definition.score is None:
            return Answer(definition=definition, meets=_truth(definition.meets, truths), criteria=criteria)
        counted = [truths[name] for name in definition.score.of]
        least, most = counted.count(True), len(counted) - counted.count(False)
        meets = True if least >= definition.score.at_least else None if most >= definition.score.at_least else False
        return Answer(definition=definition, meets=meets, criteria=criteria, score=(least, most))

    def met(self, criterion: Criterion) -> Met:
        """Whether one criterion is met.

        A criterion that several definitions share is decided once.
        """
        asked = (
            criterion.sort,
            criterion.actions,
            criterion.outcomes,
            *criterion.when.values(),
            criterion.so,
            criterion.places,
            criterion.since,
            criterion.until,
            criterion.fact,
            criterion.like,
        )
        if asked not in self.met_by_question:
            self.met_by_question[asked] = self._met(criterion)
        return self.met_by_question[asked]

    def _met(self, criterion: Criterion) -> Met:
        match criterion.sort:
            case "some" | "every" | "rule_against":
                return self.by_law(criterion)
            case "place":
                return self.by_facts(criterion)
            case "listed":
                return self.by_list(criterion)
            case "beyond":
                return Met(met=None, lacking=(criterion.fact,))
            case "as":
                return self.by_likeness(criterion)
            case _:
                assert_never(criterion.sort)

    def by_law(self, criterion: Criterion) -> Met:
        """A criterion decided by law.

        What is not shown stays open if law that may affect it is not encoded.
        """
        uncertain = self.uncertain(criterion.actions)
        if len(uncertain) > UNCERTAIN_MAX:
            return Met(met=None, lacking=self.in_force_then(uncertain))
        forces = [dict(zip(uncertain, so, strict=True)) for so in product((True, False), repeat=len(uncertain))]
        found = [shown_by_law(criterion, self.prover(force)) for force in forces]
        if len({met_then.met for met_then in found}) > 1:
            return Met(met=None, lacking=self.in_force_then(uncertain))
        met = found[0]
        if any(met_then != met for met_then in found):
            met = structs.replace(met, witnesses=tuple(_with_force(forces, found)))
        shown = met.met is True and criterion.sort != "every"
        if self.lacking and met.settled and not shown:
            return Met(met=None, lacking=self.lacking)
        return met

    def in_force_then(self, uncertain: tuple[str, ...]) -> tuple[str, ...]:
        """Which instruments may or may not be in force, in words."""
        titles = [path.removeprefix(FORCE).partition("#")[0] for path in uncertain]
        return tuple(f"whether {self.stack.instruments[id].title} was in force by then" for id in dict.fromkeys(titles))

    def by_facts(self, criterion: Criterion) -> Met:
        """A criterion decided by the recorded facts of the place.

        A fact that is not recorded is not known.
        """
        read = facts_of(criterion.so)
        met = truth(criterion.so, Known(self.stack.facts, self.stack.vocabulary))
        if met is not None:
            return Met(met=met, facts=tuple(path for path in read if path in self.stack.facts))
        entries = [self.stack.vocabulary.entries[path] for path in read if path not in self.stack.facts]
        return Met(
            met=None,
            lacking=tuple(f"a recorded answer for this place and day to: {entry.question}" for entry in entries),
        )

    def by_list(self, criterion: Criterion) -> Met:
        """Whether the place, or a place that contains it, is on a closed list."""
        if not criterion.since <= self.stack.day < criterion.until:
            return Met(met=None, lacking=(_days_of_list(criterion),))
        found = next((path for path in self.here if path in criterion.places), "")
        return Met(met=bool(found), on_list=found)

    def by_likeness(self, asked: Criterion) -> Met:
        """Whether another definition, or a criterion of it, is met."""
        definition, criterion = target_of(asked.like, self.definitions)
        if definition is None:
            return Met(met=None, lacking=(f"the definition {asked.like}",))
        if criterion:
            return self.met(criterion)
        answer = self.answer(definition)
        inner = answer.criteria.values()
        witnesses = [witness for met in inner if met.met is answer.meets for witness in met.witnesses]
        lacking = [reason for met in inner if met.met is None for reason in met.lacking] if answer.meets is None else []
        settled = answer.meets is not None or all(met.settled for met in inner)
        return Met(met=answer.meets, witnesses=tuple(witnesses), lacking=tuple(lacking), settled=settled)


def _with_force(forces: Sequence[Mapping[str, Value]], found: Sequence[Met]) -> Iterator[Witness]:
    """The examples for an answer, each with the uncertain instruments that it assumes to be in force or not."""
    for force, met in zip(forces, found, strict=True):
        yield from (structs.replace(shown, values={**shown.values, **force}) for shown in met.witnesses)


def _days_of_list(criterion: Criterion) -> str:
    until = f" and before {criterion.until}" if criterion.until < LAST_DAY else ""
    return f"the list on that day: the one recorded here is that from {criterion.since}{until}"


def _truth(meets: syntax.Condition, truths: Mapping[str, Kleene]) -> Kleene:
    """Whether the criteria, joined, are met; a criterion that is not known makes this Unknown where it matters."""
    match meets:
        case syntax.Term(name):
            return truths.get(name)
        case syntax.Not(body):
            return negation(_truth(body, truths))
        case syntax.And(parts):
            return conjunction(_truth(part, truths) for part in parts)
        case syntax.Or(parts):
            return disjunction(_truth(part, truths) for part in parts)
        case _:
            return None  # a finding when the file is read
