"""The outcomes that an action can have. Every engine answers with these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

Outcome: TypeAlias = Literal["required", "permitted", "forbidden", "unaddressed", "in_conflict", "undetermined"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
CERTAIN: tuple[Outcome, ...] = OUTCOMES[:-1]
UNDETERMINED: Outcome = "undetermined"


def outcome_of(possible: Sequence[Outcome]) -> Outcome:
    """The one outcome that is open, or `undetermined`."""
    return possible[0] if len(possible) == 1 else UNDETERMINED
