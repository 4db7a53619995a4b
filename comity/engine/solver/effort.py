"""How much work the solver may still do for one stack, in its own steps, which are the same on every machine."""

from __future__ import annotations

from typing import Any

READ_STEPS = 200  # what it costs to read one part of a model, or to name it as given, in the same measure
PART_STEPS = 1_000  # what a part of a formula costs before the solver sees it, in steps that take as long


class Effort:
    """The steps that were spent, and how many may be; with `steps_max` of 0 there is no bound.

    The solver counts its own steps for all questions about one stack together.
    """

    def __init__(self, steps_max: int = 0) -> None:
        self.steps_max = steps_max
        self.of_solver = self.of_formulas = 0

    @property
    def left(self) -> int:
        """The steps that may still be spent; 0 if none, or if there is no bound."""
        return max(0, self.steps_max - self.of_solver - self.of_formulas)

    @property
    def exhausted(self) -> bool:
        """Whether no step may be spent any more."""
        return self.steps_max > 0 and not self.left

    def steps_for(self, steps_max: int) -> int:
        """The bound on the steps of one question that has a bound of its own; 0 for none."""
        return min(filter(None, (steps_max, self.left)), default=0)

    def note(self, solver: Any) -> None:
        """Notes what a solver has spent, after it was asked."""
        self.of_solver = max(self.of_solver, solver.statistics().get_key_value("rlimit count"))

    def read(self, parts: int) -> None:
        """Counts that so many parts of a model were read."""
        self.of_formulas += parts * READ_STEPS

    def affords(self, parts: int) -> bool:
        """Whether formulas of so many parts may be built; if so, they count as spent."""
        if self.steps_max and parts * PART_STEPS > self.left:
            return False
        self.of_formulas += parts * PART_STEPS
        return True
