"""Orders the questions of a diagram so that those joined by a condition are close to each other.

Far apart, each would have to be remembered until the other is asked, and the diagram would hold every combination
of them. The order begins with that in which the conditions first ask, and is improved by the FORCE heuristic (Aloul,
Markov and Sakallah, 2003): each question moves to the centre of the groups it belongs to, while that shortens the groups.
One question that many conditions share would draw the others apart, so such questions may also be asked before all others.
Of these orders the one is taken under which the fewest questions have to be remembered at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate

from comity.engine.questions.cached import ENTRIES_MAX
from comity.engine.questions.implications import direct_pairs
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import atoms_of
from comity.language import syntax

ROUNDS_MAX = 30
ORDERS_MAX = 500  # in the cache
JOINING = (syntax.And, syntax.Or, syntax.Truth)  # what is no atom
SHARED_MIN = 8  # groups of which a question is a member, for it to be asked first
GROUPS_MAX = 20_000  # of a law larger than any, so that finding an order stays cheap


def order_of(asked: Questions) -> list[int]:
    """The places of the questions, in the order in which a diagram asks them."""
    place, written = asked.places, cache(repr)
    first: dict[int, None] = {}
    for atom in dict.fromkeys(atom for condition in dict.fromkeys(asked.conditions) for atom in atoms_of(condition)):
        related = {*asked.implied.get(atom, ()), *asked.implying.get(atom, ())}
        for each in (atom, *(sorted(related, key=written) if related else ())):
            first.setdefault(place[each])
    groups = {frozenset([place[atom] for atom in group]) for group in _groups(asked)}
    joined = tuple([tuple(group) for group in groups if len(group) > 1][:GROUPS_MAX])
    return [*_best_order(tuple(first), joined)]


@lru_cache(ORDERS_MAX)
def _best_order(first: tuple[int, ...], joined: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """The order that is chosen, beginning with `first`. Stacks of neighbouring days and places often have the same groups."""
    best = min(_candidates([*first], joined), key=lambda order: remembered(order, joined))
    return tuple(best)


def _candidates(first: list[int], groups: Sequence[tuple[int, ...]]) -> Iterator[list[int]]:
    """The order improved, the same with the questions that many groups share asked before the others, and the first order."""
    yield improved(first, groups)
    sharing = Counter(place for group in groups for place in group)
    shared = [place for place in first if sharing[place] > SHARED_MIN]
    if shared:
        apart = {*shared}
        rest = [tuple(place for place in group if place not in apart) for group in groups]
        yield shared + improved(
            [place for place in first if place not in apart], [group for group in rest if len(group) > 1]
        )
    yield first


def remembered(order: Sequence[int], groups: Iterable[tuple[int, ...]]) -> int:
    """How many questions at most have been asked, and belong to a group of which another is still to be asked."""
    at = {place: position for position, place in enumerate(order)}
    last: dict[int, int] = {}
    for group in groups:
        end = max(at[place] for place in group)
        for place in group:
            last[place] = max(last.get(place, 0), end)
    changes = [0] * (len(order) + 1)
    for place, end in last.items():
        changes[at[place]] += 1
        changes[end] -= 1
    return max(accumulate(changes), default=0)


def improved(order: Sequence[int], groups: Sequence[tuple[int, ...]]) -> list[int]:
    """The order with the shortest groups that the heuristic finds; never worse than the given one."""
    best, least = list(order), _length(order, groups)
    current = list(order)
    members: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        for place in group:
            members.setdefault(place, []).append(number)
    for _ in range(ROUNDS_MAX):
        at = {place: position for position, place in enumerate(current)}
        centres = [sum(at[place] for place in group) / len(group) for group in groups]
        pull = {
            place: _centre([(centres[number], len(groups[number])) for number in members[place]]) for place in members
        }
        current = sorted(current, key=lambda place: (pull.get(place, at[place]), at[place]))
        length = _length(current, groups)
        if length >= least:
            break
        best, least = current, length
    return best


def _centre(pulls: Sequence[tuple[float, int]]) -> float:
    """The mean of some centres, weighted by the inverse of the group's size: a large group binds its members loosely."""
    weights = [1 / (size - 1) for _, size in pulls]
    return sum(centre * weight for (centre, _), weight in zip(pulls, weights, strict=True)) / sum(weights)


def _length(order: Sequence[int], groups: Iterable[tuple[int, ...]]) -> int:
    """The sum over all groups of the distance between their outermost members."""
    at = {place: position for position, place in enumerate(order)}
    return sum(max(at[place] for place in group) - min(at[place] for place in group) for group in groups)


def _groups(asked: Questions) -> Iterable[Sequence[syntax.Condition]]:
    """The atoms that a condition joins directly, and those of which one implies another."""
    for condition in dict.fromkeys(reversed(asked.conditions)):
        yield from _joined_directly(condition)
    for one, other in direct_pairs(asked.reached, range(len(asked.quantified))):
        yield (asked.quantified[one], asked.quantified[other])


@lru_cache(ENTRIES_MAX)
def _joined_directly(condition: syntax.Condition) -> tuple[tuple[syntax.Condition, ...], ...]:
    """For each `&&` and `||` of a condition, the atoms that it joins."""
    found: list[tuple[syntax.Condition, ...]] = []
    pending = [condition]
    while pending:
        match pending.pop():
            case syntax.Not(body):
                pending.append(body)
            case syntax.And(parts) | syntax.Or(parts):
                plain = map(_plain, parts)
                found.append(tuple([part for part in plain if not isinstance(part, JOINING)]))
                pending += parts
            case _:
                pass
    return tuple(found)


def _plain(part: syntax.Condition) -> syntax.Condition:
    return part.body if isinstance(part, syntax.Not) else part
