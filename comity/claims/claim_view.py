"""What came of a proof, as values to print, to write as JSON or to look at in a notebook."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from comity.present.result import Presentable


class Example(Struct, frozen=True):
    """A request that shows something: whatever else is so of it, the same follows. `document` can be decided as it is.

    `assuming` says what cannot stand in a request: which instruments of uncertain days are in force.
    """

    document: dict[str, Any]
    words: tuple[str, ...]
    assuming: tuple[str, ...] = ()


class Proof(Struct, frozen=True):
    """One thing that was claimed: whether it holds, None where that was not settled in time, and the example for it."""

    about: str
    holds: bool | None
    words: str
    example: Example | None = None
    provisions: tuple[str, ...] = ()


class Proofs(Presentable, Struct, frozen=True):
    """A claim about a law, and what came of it for each action or provision that it is about."""

    claim: str
    law: str
    place: str
    day: date
    law_version: str
    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool | None:
        """Whether the claim holds of everything that it is about; None where nothing is against it but not all is settled."""
        if any(own.holds is False for own in self.proofs):
            return False
        return None if any(own.holds is None for own in self.proofs) else True

    def to_dict(self) -> dict[str, Any]:
        """The proofs as plain JSON values."""
        made: dict[str, Any] = {**msgspec.to_builtins(self), "holds": self.holds}
        return made
