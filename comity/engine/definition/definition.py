"""Decides by listing every completion of a request. This is the definition of what the law decides.

The possible outcomes of an action are its outcomes under every completion of the missing facts. So each completion is
listed, and two things are found for it: which conditions are true (`language.evaluate`), and which effects prevail over
the others (`law.precedence`). Nothing is simplified or cached, and no code of another engine is used. This is slow, and
many requests have too many completions to list. The other engines decide those, and tests hold them to this one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from comity.engine.definition.completions import COMPLETIONS_MAX, completions
from comity.engine.outcome import CERTAIN, Outcome
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.law.in_force import Stack
from comity.law.instrument import DUTIES, EffectKind
from comity.law.precedence import OrderedEffect

DECIDING: tuple[EffectKind, ...] = (*DUTIES, "permits", "protects")
SUPPORTING: dict[Outcome, tuple[EffectKind, ...]] = {
    "required": ("requires",),
    "forbidden": ("forbids",),
    "in_conflict": DUTIES,
    "permitted": ("permits",),
    "unaddressed": (),
}


class Yielding(Struct, frozen=True, order=True):
    """A provision that applies and yields to another, in some completion or, where `always`, in all of them."""

    provision: str
    to: str
    reason: str
    always: bool


class Answer(Struct, frozen=True):
    """The possible outcomes of an action, what determines them and what yields, found in `completions` completions."""

    possible: tuple[Outcome, ...]
    determining: tuple[str, ...]
    yielding: tuple[Yielding, ...]
    completions: int


def decide(stack: Stack, action: str, values: Mapping[str, Value], completions_max: int = COMPLETIONS_MAX) -> Answer:
    """Decides one action of a request. The facts of the place are used where the request is silent.

    The determining provisions are those that support a possible outcome and prevail in some completion; if one outcome
    is possible and some of them prevail in every completion, only those. Raises `TooManyCompletions`.
    """
    effects = {
        index: effect
        for index, effect in enumerate(stack.standing)
        if effect.action == action and effect.kind in DECIDING
    }
    conditions = [effect.when for effect in effects.values()]
    decided = []
    for facts in completions(conditions, {**stack.facts, **values}, stack.vocabulary, completions_max):
        known = Known(facts, stack.vocabulary)
        applying = {index for index, effect in effects.items() if _is_true(effect.when, known)}
        decided.append((applying, find_prevailing(effects, applying)))
    outcomes = {outcome_of({effects[index].kind for index in prevailing}) for _, prevailing in decided}
    possible = tuple(outcome for outcome in CERTAIN if outcome in outcomes)
    return Answer(
        possible,
        _determining(effects, possible, [prevailing for _, prevailing in decided]),
        tuple(_yielding(effects, decided)),
        len(decided),
    )


def _is_true(condition: syntax.Condition, known: Known) -> bool:
    """Whether a condition is true of a complete request, in which nothing that it asks about is Unknown."""
    found = truth(condition, known)
    assert found is not None, f"a completion lacks a fact of {condition}"
    return found


def find_prevailing(effects: Mapping[int, OrderedEffect], applying: Collection[int]) -> set[int]:
    """The effects that apply and do not yield to an effect that prevails.

    The effects are in order of precedence: each comes after those that it can yield to.
    """
    prevailing: set[int] = set()
    for index, effect in effects.items():
        if index in applying and not any(other.to in prevailing for other in effect.yields_to):
            prevailing.add(index)
    return prevailing


def outcome_of(kinds: Collection[EffectKind]) -> Outcome:
    """The outcome of an action on which effects of these kinds prevail."""
    if "requires" in kinds:
        return "in_conflict" if "forbids" in kinds else "required"
    if "forbids" in kinds:
        return "forbidden"
    return "permitted" if "permits" in kinds else "unaddressed"


def _determining(
    effects: Mapping[int, OrderedEffect], possible: Sequence[Outcome], decided: Sequence[set[int]]
) -> tuple[str, ...]:
    supporting = {kind for outcome in possible for kind in SUPPORTING[outcome]}
    some = {index for index in set.union(*decided) if effects[index].kind in supporting}
    always = some.intersection(*decided)
    chosen = always if always and len(possible) == 1 else some
    return tuple(sorted({effects[index].provision for index in chosen}))


def _yielding(effects: Mapping[int, OrderedEffect], decided: Sequence[tuple[set[int], set[int]]]) -> Iterator[Yielding]:
    """Each pair of provisions of which, in some completion, one applies and the other makes it yield."""
    for index, effect in effects.items():
        for other in effect.yields_to:
            yields = [index in applying and other.to in prevailing for applying, prevailing in decided]
            if any(yields):
                yield Yielding(effect.provision, effects[other.to].provision, other.reason, all(yields))
