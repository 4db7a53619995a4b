"""Whether the law of a place on a day meets a definition of a contested word: each criterion by itself, then all together."""

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

UNCERTAIN_MAX = 4  # instruments whose force is uncertain on one day; of more nothing is said


class Answer(Struct, frozen=True):
    """What came of a definition: whether it is met, each criterion, and the least and the most that a score can be."""

    definition: Definition
    meets: Kleene
    criteria: dict[str, Met]
    score: tuple[int, int] | None = None


class Classifier:
    """One place on one day, about which definitions are asked.

    `here` are the place and all that contain it; `lacking` is what may bear on it and is not encoded. Requests are taken
    with the facts of the place, so that what is shown is what can happen there.
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
        self.kept: dict[Hashable, Met] = {}
        self.provers: dict[Hashable, Prover] = {}

    def uncertain(self, actions: tuple[str, ...]) -> tuple[str, ...]:
        """What stands for the force of each instrument that may or may not be in force on the day, and bears on some actions."""
        deciding = [own.when for own in self.stack.standing if own.kind in DECIDING and own.action in actions]
        return tuple(sorted({path for when in deciding for path in facts_of(when) if is_force(path)}))

    def prover(self, way: Mapping[str, Value]) -> Prover:
        """The law with each of these in force or not."""
        key = tuple(way.items())
        if key not in self.provers:
            self.provers[key] = Prover(self.stack, self.milliseconds_max, {**self.stack.facts, **way})
        return self.provers[key]

    def answer(self, own: Definition) -> Answer:
        """What one definition comes to here."""
        criteria = {name: self.met(criterion) for name, criterion in own.criteria.items()}
        truths = {name: met.met for name, met in criteria.items()}
        if own.score is None:
            return Answer(own, _truth(own.meets, truths), criteria)
        counted = [truths[name] for name in own.score.of]
        least, most = counted.count(True), len(counted) - counted.count(False)
        meets = True if least >= own.score.at_least else None if most >= own.score.at_least else False
        return Answer(own, meets, criteria, (least, most))

    def met(self, own: Criterion) -> Met:
        """One criterion; what several definitions ask in the same way is found once."""
        asked = (
            own.sort,
            own.actions,
            own.outcomes,
            *own.when.values(),
            own.so,
            own.places,
            own.since,
            own.until,
            own.fact,
            own.like,
        )
        if asked not in self.kept:
            self.kept[asked] = self._met(own)
        return self.kept[asked]

    def _met(self, own: Criterion) -> Met:
        match own.sort:
            case "some" | "every" | "rule_against":
                return self.by_law(own)
            case "place":
                return self.by_facts(own)
            case "listed":
                return self.by_list(own)
            case "beyond":
                return Met(None, lacking=(own.fact,))
            case "as":
                return self.by_likeness(own)
            case _:
                assert_never(own.sort)

    def by_law(self, own: Criterion) -> Met:
        """What law shows; what it does not show is open where law that may bear on it is not encoded."""
        uncertain = self.uncertain(own.actions)
        if len(uncertain) > UNCERTAIN_MAX:
            return Met(None, lacking=self.in_force_then(uncertain))
        ways = [dict(zip(uncertain, so, strict=True)) for so in product((True, False), repeat=len(uncertain))]
        found = [shown_by_law(own, self.prover(way)) for way in ways]
        if len({one.met for one in found}) > 1:
            return Met(None, lacking=self.in_force_then(uncertain))
        met = found[0]
        if any(one != met for one in found):
            met = structs.replace(met, witnesses=tuple(_told(ways, found)))
        shown = met.met is True and own.sort != "every"
        if self.lacking and met.settled and not shown:
            return Met(None, lacking=self.lacking)
        return met

    def in_force_then(self, uncertain: tuple[str, ...]) -> tuple[str, ...]:
        """What is uncertain of the law itself, in words."""
        titles = [path.removeprefix(FORCE).partition("#")[0] for path in uncertain]
        return tuple(f"whether {self.stack.instruments[id].title} was in force by then" for id in dict.fromkeys(titles))

    def by_facts(self, own: Criterion) -> Met:
        """What the recorded facts of the place show. A fact that is not recorded is not known: never none."""
        read = facts_of(own.so)
        met = truth(own.so, Known(self.stack.facts, self.stack.vocabulary))
        if met is not None:
            return Met(met, facts=tuple(path for path in read if path in self.stack.facts))
        entries = [self.stack.vocabulary.entries[path] for path in read if path not in self.stack.facts]
        return Met(
            None, lacking=tuple(f"a recorded answer for this place and day to: {entry.question}" for entry in entries)
        )

    def by_list(self, own: Criterion) -> Met:
        """Whether the place is on a closed list, by its own name or by that of a place that contains it."""
        if not own.since <= self.stack.day < own.until:
            return Met(None, lacking=(_days_of_list(own),))
        found = next((path for path in self.here if path in own.places), "")
        return Met(bool(found), on_list=found)

    def by_likeness(self, own: Criterion) -> Met:
        """Whether another definition, or a criterion of it, is met."""
        definition, criterion = target_of(own.like, self.definitions)
        if definition is None:
            return Met(None, lacking=(f"the definition {own.like}",))
        if criterion:
            return self.met(criterion)
        answer = self.answer(definition)
        inner = answer.criteria.values()
        witnesses = [one for met in inner if met.met is answer.meets for one in met.witnesses]
        lacking = [one for met in inner if met.met is None for one in met.lacking] if answer.meets is None else []
        settled = answer.meets is not None or all(met.settled for met in inner)
        return Met(answer.meets, tuple(witnesses), tuple(lacking), settled)


def _told(ways: Sequence[Mapping[str, Value]], found: Sequence[Met]) -> Iterator[Witness]:
    """The requests that show an answer, each with what it takes to be in force where that is uncertain."""
    for way, met in zip(ways, found, strict=True):
        yield from (structs.replace(own, values={**own.values, **way}) for own in met.witnesses)


def _days_of_list(own: Criterion) -> str:
    until = f" and before {own.until}" if own.until < LAST_DAY else ""
    return f"the list on that day: it is known here as it stood from {own.since}{until}"


def _truth(meets: syntax.Condition, truths: Mapping[str, Kleene]) -> Kleene:
    """Criteria joined, with Unknown."""
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
