"""Requests that are not about a detainer, which the compiled reader leaves to the general one."""

from __future__ import annotations

from comity.engine.compiled.typed import Unusual
from comity.facts.kinds import KnownSet
from comity.law.instrument import BEYOND_ACTIONS

BEYOND = frozenset(("place", "visit", "encounter", "certification"))  # the sections of their facts


def section_of(path: str) -> str:
    """The section that a fact is in, such as `request`; empty for a list."""
    return path.rpartition(".")[0]


def jail_set(known: KnownSet) -> KnownSet:
    """A set that names no action beyond the jail: a request that asks for one is left to the general reader."""
    if known.members.isdisjoint(BEYOND_ACTIONS):
        return known
    raise Unusual(known)
