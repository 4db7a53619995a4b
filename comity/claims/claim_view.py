"""The proofs of a claim as values: to print, to write as JSON or to show in a notebook."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from comity.present.result import Presentable


class Example(Struct, frozen=True):
    """A request that proves or refutes a claim, whatever its other facts are.

    `document` can be decided as it is. `assuming` says what a request cannot: which instruments are in force where
    their days are uncertain.
    """

    document: dict[str, Any]
    words: tuple[str, ...]
    assuming: tuple[str, ...] = ()


class Proof(Struct, frozen=True, kw_only=True):
    """One part of a claim: whether it holds, and the example for the answer.

    `holds` is None if that was not settled in time.
    """

    about: str
    holds: bool | None
    words: str
    example: Example | None = None
    provisions: tuple[str, ...] = ()


class Proofs(Presentable, Struct, frozen=True, kw_only=True):
    """A claim about a law, with a proof for each action or provision that it is about."""

    claim: str
    law: str
    place: str
    day: date
    law_version: str
    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool | None:
        """Whether every part holds; None if no part fails but not all are settled."""
        if any(proof.holds is False for proof in self.proofs):
            return False
        return None if any(proof.holds is None for proof in self.proofs) else True

    def to_dict(self) -> dict[str, Any]:
        """The proofs as plain JSON values."""
        return {**super().to_dict(), "holds": self.holds}
