"""The requests of the demo, each with its decisions on the two days."""

from __future__ import annotations

from msgspec import Struct

from comity.decision.decision import Decision


class StoryRequest(Struct, frozen=True, kw_only=True):
    """One request of the demo: who it is about, what it asks for, and its decisions on the two days."""

    subject: str
    about: str
    asks: tuple[str, ...]
    before: Decision
    after: Decision

    def changed(self) -> tuple[str, ...]:
        """The actions asked for whose outcome differs between the two days."""
        return tuple(action for action in self.asks if self.before.outcome(action) != self.after.outcome(action))
