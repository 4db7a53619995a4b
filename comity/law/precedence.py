"""Orders the effects of a stack: each duty comes after the effects that can defeat it, and names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct, structs

from comity.language import syntax
from comity.law.instrument import DUTIES, EffectKind, Instrument
from comity.law.rank import Rank, home_of, rank_of

CONTRARY: dict[EffectKind, EffectKind] = {"requires": "forbids", "forbids": "requires"}
BY_ITS_WORDS = "yields by its own words"
HIGHER = "yields to higher law"
PROTECTED = "yields to a higher law that protects this"
LATER_EFFECTIVE = "yields to what took effect later"
LATER_ENACTED = "yields to what was enacted later"
PROVISIONS_MAX = 20_000  # of which the instrument is cached


class Yielding(Struct, frozen=True):
    """An effect that defeats another, by its position in the stack, and the reason."""

    to: int
    reason: str


class OrderedEffect(Struct, frozen=True):
    """One effect of a provision in a stack: its action, its condition, and the effects that it yields to.

    It applies when `when`, a closed condition, is true. A duty stands when it applies and no effect that it yields to
    stands. `demands` are the duties that an obligation amounts to: it yields to whatever one of them would yield to.
    """

    provision: str
    kind: EffectKind
    action: str
    when: syntax.Condition
    yields_to: tuple[Yielding, ...] = ()
    demands: tuple[tuple[str, EffectKind], ...] = ()

    @property
    def instrument(self) -> str:
        return _instrument_of(self.provision)


@lru_cache(PROVISIONS_MAX)  # stacks are ordered again and again of the same provisions
def _instrument_of(provision: str) -> str:
    return provision.partition("#")[0]


class Ranking(Struct, frozen=True):
    """The data that ranks depend on: every instrument, in the stack or not, and the names of the federal courts."""

    instruments: Mapping[str, Instrument]
    federal_courts: frozenset[str]

    def rank(self, instrument: Instrument) -> Rank:
        return rank_of(instrument, self.instruments, self.federal_courts)


def is_lower(instrument: Instrument, other: Instrument, ranking: Ranking) -> bool:
    """Whether an instrument is of lower rank than another."""
    return ranking.rank(instrument) > ranking.rank(other)


def ordered(
    standing: Sequence[OrderedEffect], instruments: Mapping[str, Instrument], ranking: Ranking
) -> tuple[OrderedEffect, ...]:
    """The effects with what each yields to, in an order in which an effect comes before those that it defeats."""
    defeats = _defeaters(standing, instruments, ranking)
    order = _settling_order(defeats, range(len(standing)))
    position = {old: new for new, old in enumerate(order)}
    return tuple([_with_defeaters(standing[old], position[old], defeats.get(old, {}), position) for old in order])


def _with_defeaters(
    effect: OrderedEffect, at: int, defeaters: Mapping[int, str], position: Mapping[int, int]
) -> OrderedEffect:
    """An effect at its position in the order, with those of its defeaters that come before it."""
    if not defeaters:  # most effects, which are then shared by all stacks
        return effect
    before = sorted((position[other], reason) for other, reason in defeaters.items() if position[other] < at)
    return structs.replace(effect, yields_to=tuple([Yielding(other, reason) for other, reason in before]))


def _defeaters(
    standing: Sequence[OrderedEffect], instruments: Mapping[str, Instrument], ranking: Ranking
) -> dict[int, dict[int, str]]:
    """For each duty the effects that defeat it, by position, with the reason.

    The reason depends only on the two instruments and kinds, so it is computed once for each pair of groups of effects.
    """
    groups: dict[str, dict[tuple[str, EffectKind], list[int]]] = {}
    for position, effect in enumerate(standing):
        of_action = groups.get(effect.action)
        if of_action is None:
            of_action = groups[effect.action] = {}
        of_action.setdefault((_instrument_of(effect.provision), effect.kind), []).append(position)
    defeats: dict[int, dict[int, str]] = {index: {} for index, effect in enumerate(standing) if effect.kind in DUTIES}
    for of_action in groups.values():
        for (_, kind), duties in of_action.items():
            against = (CONTRARY[kind], "protects") if kind in CONTRARY else ()
            for (_, other_kind), others in of_action.items():
                if other_kind in against and (
                    reason := _why(standing[duties[0]], standing[others[0]], instruments, ranking)
                ):
                    for duty in duties:
                        defeats[duty] |= dict.fromkeys(others, reason)
    for position, effect in enumerate(standing):
        if effect.demands:
            defeats[position] = _defeating(effect, groups, standing, instruments, ranking)
    return defeats


def _defeating(
    obligation: OrderedEffect,
    groups: Mapping[str, Mapping[tuple[str, EffectKind], Sequence[int]]],
    standing: Sequence[OrderedEffect],
    instruments: Mapping[str, Instrument],
    ranking: Ranking,
) -> dict[int, str]:
    """The effects that defeat an obligation: those that would defeat a duty to do what it demands."""
    found: dict[int, str] = {}
    for action, kind in obligation.demands:
        duty = structs.replace(obligation, kind=kind, action=action)
        for (_, other_kind), others in groups.get(action, {}).items():
            if other_kind in (CONTRARY[kind], "protects"):
                reason = _why(duty, standing[others[0]], instruments, ranking)
                found |= dict.fromkeys(others, reason) if reason else {}
    return found


def _why(duty: OrderedEffect, other: OrderedEffect, instruments: Mapping[str, Instrument], ranking: Ranking) -> str:
    """The reason why a duty yields to another effect on the same action; empty where it does not yield."""
    mine, theirs = instruments[duty.instrument], instruments[other.instrument]
    if mine.id in theirs.subject_to and theirs.id not in mine.subject_to:
        return ""
    higher = ranking.rank(theirs) < ranking.rank(mine)
    if other.kind == "protects":
        return PROTECTED if duty.kind == "forbids" and higher else ""
    if theirs.id in mine.subject_to and mine.id not in theirs.subject_to:
        return BY_ITS_WORDS
    if higher:
        return HIGHER
    return _later(mine, theirs, ranking)


def _later(mine: Instrument, theirs: Instrument, ranking: Ranking) -> str:
    """At one place and rank the later effective prevails, else the later enacted; otherwise they are not ordered."""
    same_rank = ranking.rank(theirs) == ranking.rank(mine)
    if not same_rank or home_of(mine, ranking.instruments) != home_of(theirs, ranking.instruments):
        return ""
    if theirs.effective.last != mine.effective.last:  # an uncertain day counts as its last
        return LATER_EFFECTIVE if theirs.effective.last > mine.effective.last else ""
    return LATER_ENACTED if theirs.enactment.last > mine.enactment.last else ""


def _settling_order(defeats: Mapping[int, Mapping[int, str]], indices: Sequence[int]) -> list[int]:
    """The positions, defeaters first. Where effects defeat each other in a circle, the edge that closes it is dropped."""
    order: list[int] = []
    state: dict[int, int] = {}
    for start in indices:
        if start not in state and not defeats.get(start):
            order.append(start)
            state[start] = 2
        stack = [(start, iter(sorted(defeats.get(start, ()))))] if start not in state else []
        while stack:
            node, inner = stack[-1]
            state[node] = 1
            following = next((other for other in inner if other not in state), None)
            if following is None:
                stack.pop()
                if state[node] != 2:
                    order.append(node)
                    state[node] = 2
            else:
                stack.append((following, iter(sorted(defeats.get(following, ())))))
    return order
