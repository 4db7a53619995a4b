"""How an answer is shown: the class of its colour and pattern, its word, and the letter that stands for it in scripts of data."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from comity.decision.card import COMMANDS
from comity.engine.outcome import Outcome

UNRESEARCHED = "unresearched"
UNRESEARCHED_WORDS = "not researched"
# In the order of legends and tables.
LETTERS: dict[str, str] = {
    "required": "r", "permitted": "p", "forbidden": "f", "undetermined": "d", "in_conflict": "c", "unaddressed": "u",
    UNRESEARCHED: "n",
}  # fmt: skip
WORDS: dict[str, str] = {**COMMANDS, UNRESEARCHED: UNRESEARCHED_WORDS}


class Badge(Struct, frozen=True):
    """An answer as it is shown: `outcome` ends the name of its class, and `words` are the word on it, as MUST NOT."""

    outcome: str
    words: str


def badge_of(possible: Sequence[Outcome], *, is_researched: bool = True) -> Badge:
    """The badge of the possible outcomes of an action: several are DEPENDS; no rule at a place not researched says so."""
    outcome = outcome_of(possible, is_researched=is_researched)
    return Badge(outcome, WORDS[outcome])


def outcome_of(possible: Sequence[Outcome], *, is_researched: bool = True) -> str:
    """The one outcome, `undetermined` where several are possible, and `unresearched` for no rule at a place not researched."""
    outcome = possible[0] if len(possible) == 1 else "undetermined"
    return UNRESEARCHED if outcome == "unaddressed" and not is_researched else outcome
