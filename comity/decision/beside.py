"""What goes with the answers of a decision: what is owed, what a form asks, and how long a hold may last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct, structs

from comity.clock.durations import due, in_words
from comity.decision.answer import Limited, Owed
from comity.decision.decision import Decision
from comity.decision.reasoner import Either, Reasoner, Truths
from comity.engine.questions.questions import Questions
from comity.language import syntax
from comity.language.sentence import clause
from comity.law.instrument import DEEDS, RECEIVING, EffectKind, Obligation
from comity.law.life import name_forces
from comity.period import day_of

StatusKey: TypeAlias = syntax.Condition | int  # a condition, or an effect that may yield by its place in the stack


class Beside(Struct, frozen=True):
    """What goes with the answers: what is owed, what a form asks, and how long a hold may last."""

    obligations: tuple[Owed, ...]
    asked_by_form: tuple[Owed, ...]
    limits: tuple[Limited, ...]
    named: frozenset[str]


def status_key(asked: Questions, index: int) -> StatusKey:
    """What tells whether an effect beside the actions is in effect: its condition, or where it may yield, itself."""
    return index if asked.standing[index].yields_to else asked.conditions[index]


def either_of(reasoner: Reasoner, key: StatusKey, truths: Truths) -> Either:
    """Whether a condition is so, or an effect stands."""
    return reasoner.stands(key, truths) if isinstance(key, int) else reasoner.applies(key, truths)


def beside_of(asked: Questions, says: Callable[[int], Either]) -> Beside:
    """What goes with the answers; `says` tells whether an effect, by its place in the stack, is in effect."""
    obligations, in_order = (tuple(deeds_of(asked, kind, says)) for kind in DEEDS)
    asked_by_form = tuple(sorted(in_order, key=lambda item: not _is_of_form(item, asked)))  # the form in hand first
    limits = tuple(limits_of(asked, says))
    named = frozenset({item.provision for item in (*obligations, *asked_by_form)} | {item.provision for item in limits})
    return Beside(obligations, asked_by_form, limits, named)


def _describe_condition(condition: syntax.Condition, asked: Questions) -> str:
    return name_forces(clause(condition, asked.stack.vocabulary), asked.stack.instruments)


def _is_of_form(item: Owed, asked: Questions) -> bool:
    return asked.stack.instruments[item.provision.partition("#")[0]].kind == "form"


def with_beside(decision: Decision, beside: Beside) -> Decision:
    """The decision with what goes with its answers."""
    return structs.replace(
        decision, obligations=beside.obligations, asked_by_form=beside.asked_by_form, limits=beside.limits
    )


def deeds_of(asked: Questions, kind: EffectKind, says: Callable[[int], Either]) -> Iterator[Owed]:
    """What is owed or may be, or what the form asks."""
    for index, effect in enumerate(asked.standing):
        owed = asked.stack.provisions[effect.provision].obligation
        if effect.kind == kind and owed:
            some, always = says(index)
            if some:
                words = "" if always else _describe_condition(effect.when, asked)
                yield owed_in_words(effect.provision, owed, words)


def owed_in_words(provision: str, owed: Obligation, condition: str) -> Owed:
    """An obligation, or what a form asks, as a decision shows it."""
    return Owed(
        provision, owed.bearer, owed.deed, owed.to, due(owed), condition, owed.bearer in RECEIVING,
        actions=(*owed.does, *owed.refuses), sentence=owed.sentence, after=owed.after,
        calendar=bool(owed.every or owed.by) and not (owed.after or owed.within), last_day=owed.by if day_of(owed.by) else "",
    )  # fmt: skip


def limits_of(asked: Questions, says: Callable[[int], Either]) -> Iterator[Limited]:
    """The limits on a hold that apply, or may."""
    for index, effect in enumerate(asked.standing):
        limit = asked.stack.provisions[effect.provision].limit
        if effect.kind == "limits" and limit and effect.action == "hold":
            some, always = says(index)
            if some:
                words = "" if always else _describe_condition(effect.when, asked)
                yield Limited(effect.provision, "", in_words(limit), words)
