"""Finds the facts that would narrow an answer through cached tables. Gives the same result as `missing`, faster.

What is missing depends on the answers to the questions that decide the action, on which facts are there, and on the kinds
of record in a list. Each combination is worked out once; records alike are one kind with a count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from comity.decision.answer import Missing
from comity.decision.facts_known import FactsKnown
from comity.decision.missing import place_of, question_about, rank_of
from comity.decision.reasoner import Outcomes, Reasoner, Truths
from comity.engine.compiled.lists import Key, ListQuestions, Tally
from comity.engine.compiled.typed import Table
from comity.engine.questions.answers import UNKNOWN
from comity.facts.kinds import KnownSet

Answers: TypeAlias = tuple[int, ...]
Detail: TypeAlias = tuple[tuple[str, object], ...]  # distinguishes records beside their keys
Figures: TypeAlias = tuple[int, float]  # outcomes removed by the worst answer, and on average
KINDS_MAX = 200  # kinds of record that are cached for one undetermined answer, of which there are many


class OpenFacts:
    """The facts that would narrow the answer for one action, given the answers to its deciding questions."""

    def __init__(
        self,
        reasoner: Reasoner,
        lists: dict[str, ListQuestions],
        *,
        action: str,
        places: Sequence[int],
        answers: Answers,
        truths: Truths,
        left: Callable[[Answers], Outcomes],
    ) -> None:
        self.reasoner, self.lists, self.action, self.truths = reasoner, lists, action, truths
        self.answers, self.left = answers, left
        self.now = left(answers)
        asked = reasoner.asked
        self.place = {place: index for index, place in enumerate(places)}
        self.open = sorted(reasoner.turns_on(action, truths))
        self.splits = {place: asked.splits[place] for place in self.open}
        self.vocabulary = asked.stack.vocabulary
        facts = {fact for split in self.splits.values() for fact in split.facts}
        self.facts = sorted(facts, key=lambda fact: place_of(fact, self.vocabulary))
        self.reading = {fact: [place for place in self.open if fact in self.splits[place].facts] for fact in self.facts}
        self.asking: dict[tuple[str, tuple[int, ...]], Missing | None] = {}
        self.kinds = {fact: self._kinds(fact) for fact in self.facts if fact in lists}

    def missing(self, known: FactsKnown) -> tuple[Missing, ...]:
        """The facts on which the outcome depends for a request, most decisive first."""
        found: list[Missing] = []
        for fact in self.facts:
            listed = known.records(fact) if fact in self.lists else None
            if listed is not None:
                found += self._of_records(fact, listed[0], listed[1], known)
                is_open = not listed[1]
            else:
                value = known.get(fact)
                is_open = value is None or (isinstance(value, KnownSet) and not value.whole)
            if is_open:
                asked = self._of_fact(fact, known)
                found += [asked] if asked else []
        return tuple(sorted(found, key=lambda missing: rank_of(missing, self.vocabulary)))

    def _of_fact(self, fact: str, known: FactsKnown) -> Missing | None:
        """The outcomes that the answer about a whole fact can remove."""
        settled = tuple(place for place in self.reading[fact] if self._settles(place, fact, known))
        if (fact, settled) not in self.asking:
            after = self.reasoner.after(self.action, self.truths, [self.splits[place] for place in settled])
            figures = self._figures(after)
            question = question_about(fact, self.reasoner.asked.stack)
            self.asking[fact, settled] = Missing(fact, question, *figures) if figures else None
        return self.asking[fact, settled]

    def _settles(self, place: int, fact: str, known: FactsKnown) -> bool:
        """Whether the fact settles a question, because every other fact that it reads is known."""
        others = [other for other in self.splits[place].facts if other != fact]
        return all(known.has(other) for other in others)

    def _figures(self, after: Iterable[Outcomes]) -> Figures | None:
        removed = [len(self.now) - len(still) for still in after]
        return (min(removed), round(sum(removed) / len(removed), 2)) if removed else None

    def _of_records(
        self, fact: str, records: Sequence[Mapping[str, object]], whole: bool, known: FactsKnown
    ) -> Iterable[Missing]:
        """The missing fields in the records of a list, one entry for all equal records."""
        questions = self.lists[fact]
        tally = questions.tallies[tuple([known.get(path) for path in questions.context])]
        first: dict[object, tuple[int, Key, Detail]] = {}
        counts: dict[object, int] = {}
        total = 0
        for index, record in enumerate(records):
            key = questions.key_of(record, tally)
            detail = questions.detail(record, key) if questions.of_several else ()
            total += questions.increments[key]
            alike: object = (questions.likeness[key], detail)
            first.setdefault(alike, (index, key, detail))
            counts[alike] = counts.get(alike, 0) + 1
        for alike, (index, key, detail) in first.items():
            for name, least, average in self.kinds[fact][total, whole, key, detail, tally.shape or tally]:
                path = f"{fact}[{index}].{name}"
                yield Missing(path, question_about(path, self.reasoner.asked.stack), least, average, counts[alike])

    def _kinds(self, fact: str) -> Table:
        """Each unknown field that matters, with its figures, for the sum of a list, its completeness and one kind of record."""
        questions, reading = self.lists[fact], self.reading[fact]
        positions = [(questions.places.index(place), self.place[place]) for place in reading]

        def figures(entry: tuple[int, bool, Key, Detail, Tally]) -> tuple[tuple[str, int, float], ...]:
            total, whole, key, detail, tally = entry
            rest = total - questions.increments[key]
            bodies = questions.bodies[key]
            read = {name for at, _ in positions if bodies[at] is None for name in questions.read_by[at]}
            found = []
            for index, name in enumerate(questions.fields):
                if name in read and questions.is_open(name, key[index]):
                    after = {
                        self._left_with(questions, positions, rest + questions.increments[changed], whole)
                        for changed in questions.changed(key, detail, name, tally)
                    }
                    removed = self._figures(sorted(after))
                    found += [(name, *removed)] if removed else []
            return tuple(found)

        return Table(figures, most=KINDS_MAX)

    def _left_with(
        self, questions: ListQuestions, positions: Sequence[tuple[int, int]], total: int, whole: bool
    ) -> Outcomes:
        """The outcomes left if the sum of a list changes."""
        fresh = questions.answers[total * 2 + whole]
        answers = list(self.answers)
        for at, place in positions:
            if fresh[at] != UNKNOWN:
                answers[place] = fresh[at]
        return self.left(tuple(answers))
