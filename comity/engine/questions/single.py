"""Conditions that turn on one question alone, as the answers that make them so: a number with a bit for each answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from comity.engine.questions.answer_table import columns_of
from comity.engine.questions.cached import ENTRIES_MAX
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import Atom, Split
from comity.language import syntax


@lru_cache(ENTRIES_MAX)
def _columns(split: Split) -> tuple[int, ...]:
    return columns_of(split.answers)


class SingleQuestions:
    """The questions of a stack, each seen by itself and by its place among the splits."""

    def __init__(self, asked: Questions) -> None:
        self.asked = asked

    def columns(self, split: int) -> tuple[int, ...]:
        """For each atom of a question the answers that make it true."""
        return _columns(self.asked.splits[split])

    def answers_to(self, atom: Atom) -> tuple[int, int]:
        """The question that settles an atom, and the answers that make it true."""
        split = self.asked.places[atom]
        return split, self.columns(split)[self.asked.of_atom[atom][1]]

    def open_answers(self, split: int, truths: Mapping[Atom, bool]) -> Sequence[int] | None:
        """The places of the answers to a question that agree with some truths; None for every answer."""
        left = every = -1
        for atom, column in zip(self.asked.splits[split].atoms, self.columns(split), strict=True):
            so = truths.get(atom)
            if so is not None:
                left &= column if so else ~column
        if left == every:
            return None
        return [place for place in range(len(self.asked.splits[split].answers)) if left >> place & 1]

    def of_condition(self, condition: syntax.Condition) -> tuple[int, int] | None:
        """The only question on which a condition turns, and the answers that make it so; None if there is not just one."""
        match condition:
            case syntax.Truth():
                return None
            case syntax.Not(body):
                return (found[0], ~found[1]) if (found := self.of_condition(body)) else None
            case syntax.And(parts) | syntax.Or(parts):
                only, answers = self.of_condition(parts[0]) or (-1, 0)
                for part in parts[1:] if only >= 0 else ():
                    split, others = self.of_condition(part) or (-1, 0)
                    if split != only:
                        return None
                    answers = answers & others if isinstance(condition, syntax.And) else answers | others
                return (only, answers) if only >= 0 else None
            case _:
                return self.answers_to(condition)
