"""Which effects of a stack apply to one request, and which prevail, by the plain interpreter of the language alone."""

from __future__ import annotations

from collections.abc import Mapping

from comity.engine.questions.questions import completed
from comity.facts.kinds import Value
from comity.language.evaluate import Known, truth
from comity.language.logic import Kleene, conjunction, disjunction, negation
from comity.law.in_force import Stack


class PlainStanding:
    """Answers for one request; an effect is looked at when it is first asked for, and only once."""

    def __init__(self, stack: Stack, values: Mapping[str, Value]) -> None:
        self.standing = stack.standing
        self.known = Known(completed(stack, values), stack.vocabulary)
        self.cached: dict[int, Kleene] = {}

    def applies(self, index: int) -> Kleene:
        """Whether an effect applies."""
        return truth(self.standing[index].when, self.known)

    def stands(self, index: int) -> Kleene:
        """Whether an effect applies and nothing that it yields to stands."""
        if index not in self.cached:
            applies = self.applies(index)
            if applies is not False and self.standing[index].yields_to:
                defeated = disjunction(self.stands(to.to) for to in self.standing[index].yields_to)
                applies = conjunction((applies, negation(defeated)))
            self.cached[index] = applies
        return self.cached[index]
