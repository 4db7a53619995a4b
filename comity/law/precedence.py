"""What yields to what: duties in the order in which they are settled, each with those that could defeat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


class Yielding(Struct, frozen=True):
    """An effect that defeats another, by its place in the stack, and why."""

    to: int
    reason: str


class Standing(Struct, frozen=True):
    """One effect of a provision as it stands in a stack: on which action, when, and to what it yields.

    It applies when `when`, a closed condition, is so; a duty stands when it applies and nothing that it yields to
    stands.
    """

    provision: str
    kind: EffectKind
    action: str
    when: syntax.Condition
    yields_to: tuple[Yielding, ...] = ()

    @property
    def instrument(self) -> str:
        return self.provision.partition("#")[0]


class Sides(Struct, frozen=True):
    """What ranks are read from: every instrument, present or not, and the names of the federal courts."""

    instruments: Mapping[str, Instrument]
    federal_courts: frozenset[str]

    def rank(self, own: Instrument) -> Rank:
        return rank_of(own, self.instruments, self.federal_courts)


def is_lower(own: Instrument, other: Instrument, sides: Sides) -> bool:
    """Whether an instrument is of lower rank than another."""
    return sides.rank(own) > sides.rank(other)


def ordered(standing: Sequence[Standing], instruments: Mapping[str, Instrument], sides: Sides) -> tuple[Standing, ...]:
    """The effects with what each yields to, so ordered that whatever defeats comes before what it defeats."""
    defeats = _defeaters(standing, instruments, sides)
    order = _settling_order(defeats, range(len(standing)))
    position = {old: new for new, old in enumerate(order)}
    return tuple(
        structs.replace(
            standing[old],
            yields_to=tuple(
                Yielding(position[other], reason)
                for other, reason in sorted(defeats.get(old, {}).items(), key=lambda pair: position[pair[0]])
                if position[other] < position[old]
            ),
        )
        for old in order
    )


def _defeaters(
    standing: Sequence[Standing], instruments: Mapping[str, Instrument], sides: Sides
) -> dict[int, dict[int, str]]:
    """For each duty the effects that defeat it, by their places, with the reason.

    The reason depends on the two instruments and kinds alone, so it is looked up once for each two groups of effects.
    """
    groups: dict[str, dict[tuple[str, EffectKind], list[int]]] = {}
    for position, effect in enumerate(standing):
        groups.setdefault(effect.action, {}).setdefault((effect.instrument, effect.kind), []).append(position)
    defeats: dict[int, dict[int, str]] = {index: {} for index, effect in enumerate(standing) if effect.kind in DUTIES}
    for of_action in groups.values():
        for (_, kind), duties in of_action.items():
            against = (CONTRARY[kind], "protects") if kind in CONTRARY else ()
            for (_, other_kind), others in of_action.items():
                if other_kind in against and (
                    reason := _why(standing[duties[0]], standing[others[0]], instruments, sides)
                ):
                    for duty in duties:
                        defeats[duty] |= dict.fromkeys(others, reason)
    return defeats


def _why(own: Standing, other: Standing, instruments: Mapping[str, Instrument], sides: Sides) -> str:
    """Why a duty yields to another effect on the same action; empty where it does not."""
    mine, theirs = instruments[own.instrument], instruments[other.instrument]
    if mine.id in theirs.subject_to and theirs.id not in mine.subject_to:
        return ""
    higher = sides.rank(theirs) < sides.rank(mine)
    if other.kind == "protects":
        return PROTECTED if own.kind == "forbids" and higher else ""
    if theirs.id in mine.subject_to and mine.id not in theirs.subject_to:
        return BY_ITS_WORDS
    if higher:
        return HIGHER
    return _later(mine, theirs, sides)


def _later(mine: Instrument, theirs: Instrument, sides: Sides) -> str:
    """At one place and rank, the later effective prevails, else the later enacted; else no order is left."""
    same_rank = sides.rank(theirs) == sides.rank(mine)
    if not same_rank or home_of(mine, sides.instruments) != home_of(theirs, sides.instruments):
        return ""
    if theirs.effective.last != mine.effective.last:  # an uncertain day counts as its last
        return LATER_EFFECTIVE if theirs.effective.last > mine.effective.last else ""
    return LATER_ENACTED if theirs.made.last > mine.made.last else ""


def _settling_order(defeats: Mapping[int, Mapping[int, str]], indices: Sequence[int]) -> list[int]:
    """Defeaters first. Where effects defeat each other in a circle no order is left, and the edge that closes it falls."""
    order: list[int] = []
    state: dict[int, int] = {}
    for start in indices:
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
