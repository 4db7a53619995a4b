"""Truth with Unknown: the tables of strong Kleene logic, which every engine follows.

Unknown is None. `and` and `or` are decided as soon as one side decides them; the negation of Unknown is Unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Kleene: TypeAlias = bool | None


def negation(truth: Kleene) -> Kleene:
    """True of false, false of true, Unknown of Unknown."""
    return None if truth is None else not truth


def conjunction(truths: Iterable[Kleene]) -> Kleene:
    """False if any is false, else Unknown if any is Unknown, else true (also of none)."""
    unknown = False
    for truth in truths:
        if truth is False:
            return False
        unknown = unknown or truth is None
    return None if unknown else True


def disjunction(truths: Iterable[Kleene]) -> Kleene:
    """True if any is true, else Unknown if any is Unknown, else false (also of none)."""
    unknown = False
    for truth in truths:
        if truth is True:
            return True
        unknown = unknown or truth is None
    return None if unknown else False
