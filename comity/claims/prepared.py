"""Stacks of one library with what is prepared for them, so that a stack is prepared once however often it is used.

Preparing a stack takes far longer than deciding one request under it: its conditions are put in normal form, and its
diagrams are built and compiled. `comity check` decides several cases under most stacks and proves claims about them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from comity.decision.explain import Explainer
from comity.engine.questions.bounds import TooLarge, checked_branches_max
from comity.facts.kinds import Value
from comity.law.in_force import Agency, Stack, agency_of, in_force, of_instrument
from comity.law.instrument import Case, Instrument
from comity.law.library import Library

if TYPE_CHECKING:
    from comity.claims.prover import Prover

ANY_AGENCY = Agency()
# The id of an instrument alone, or empty for all law of a place; then the place, the day, the agency, and `known_on`.
Key: TypeAlias = tuple[str, str, date, Agency, date | None]


class PreparedStack:
    """One stack, with an explainer that is prepared when first needed, within the bounds of a check."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    @property
    def explainer(self) -> Explainer:
        """Decides requests under the stack. Raises `TooLarge` where its conditions are, without trying again."""
        if isinstance(self._explainer, TooLarge):
            raise self._explainer
        return self._explainer

    @cached_property
    def _explainer(self) -> Explainer | TooLarge:
        try:
            return Explainer(self.stack, checked_branches_max(len(self.stack.standing)))
        except TooLarge as fault:
            return fault

    def prover(self, any_day: bool = False, steps_max: int = 0) -> Prover:
        """Proves claims about the stack, in at most `steps_max` steps of the solver if that is not 0.

        Each call makes a new one, since a prover holds 18 MB of solver memory.
        """
        from comity.claims.prover import Prover  # noqa: PLC0415  cases are decided without a solver

        prepared = self.__dict__.get("_explainer")
        known = prepared if isinstance(prepared, Explainer) else None
        return Prover(
            self.stack,
            any_day=any_day,
            asked=known.asked if known else None,
            diagrams=known.diagrams if known else None,
            too_large=isinstance(prepared, TooLarge),
            steps_max=steps_max,
        )


class PreparedLaw:
    """The prepared stacks of one library, by place, day, agency and `known_on`.

    Nothing is dropped: an instance lives as long as one check, and holds only the stacks that this check uses.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.stacks: dict[Key, PreparedStack] = {}

    def in_force(
        self, place: str, day: date, agency: Agency = ANY_AGENCY, known_on: date | None = None
    ) -> PreparedStack:
        """All law in force at a place, as `law.in_force.in_force` gives it."""
        key = ("", place, day, agency, known_on)
        if key not in self.stacks:
            self.stacks[key] = PreparedStack(in_force(self.library, place, day, agency, known_on))
        return self.stacks[key]

    def alone(self, instrument: Instrument, day: date | None = None) -> PreparedStack:
        """One instrument without any other law, as `law.in_force.of_instrument` gives it."""
        on = day or instrument.first_sure_day
        key = (instrument.id, instrument.jurisdiction, on, ANY_AGENCY, None)
        if key not in self.stacks:
            self.stacks[key] = PreparedStack(of_instrument(self.library, instrument, on))
        return self.stacks[key]

    def of_case(self, instrument: Instrument, case: Case, values: Mapping[str, Value]) -> PreparedStack:
        """The stack of a case: all law of its place, or the instrument alone."""
        day = case.at or instrument.first_sure_day
        if case.stack:
            return self.in_force(instrument.jurisdiction, day, agency_of(values))
        return self.alone(instrument, day)
