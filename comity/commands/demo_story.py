"""The requests of the demo's story, each with its decisions on the two days."""

from __future__ import annotations

from msgspec import Struct

from comity.decision.decision import Decision


class Told(Struct, frozen=True):
    """One request of the story: what it asks for, and its decisions on the two days."""

    subject: str
    about: str
    asks: tuple[str, ...]
    before: Decision
    after: Decision

    def changed(self) -> tuple[str, ...]:
        """The actions asked for on which the two days differ."""
        return tuple(own for own in self.asks if self.before.outcome(own) != self.after.outcome(own))
