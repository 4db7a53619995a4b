"""Functions of a vocabulary and one more value, each computed once for a vocabulary, however many stacks ask for it.

The stacks of one law consist of the same few hundred conditions: at other places, on other days, in other company. What
depends on a condition alone is therefore shared by all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, partial
from typing import TypeVar

from comity.facts.vocabulary import Vocabulary

ENTRIES_MAX = 10_000  # of one function: some hundred are used by the shipped law
Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")


def cached_for(
    vocabulary: Vocabulary, compute: Callable[[Vocabulary, Key], Result], most: int = ENTRIES_MAX
) -> Callable[[Key], Result]:
    """The function with its vocabulary filled in and its latest results cached; an exception is not cached."""
    name = f"{compute.__module__} {compute.__qualname__}"
    known = vocabulary.prepared.get(name)
    if known is None:
        known = vocabulary.prepared.setdefault(name, lru_cache(most)(partial(compute, vocabulary)))
    cached: Callable[[Key], Result] = known
    return cached
