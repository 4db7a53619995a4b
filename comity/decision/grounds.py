"""What an answer rests on: the provisions that determine it, those that yield, what is owed, and the decisive facts.

All of it follows from the truths of the atoms alone, so that requests alike in these have the same grounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from comity.decision.decision import Warned, Yielded
from comity.engine.outcome import Outcome
from comity.engine.questions.questions import DECIDING, Questions, standing_of
from comity.engine.questions.splits import Atom, Split
from comity.engine.search.search import open_truths, stands_at_all
from comity.language import syntax
from comity.language.connect import ALWAYS, all_of
from comity.language.logic import Kleene, conjunction
from comity.law.instrument import DUTIES, Effect, EffectKind
from comity.law.precedence import Standing

Truths: TypeAlias = Mapping[Atom, bool]
Left: TypeAlias = Callable[[str, Truths], tuple[Outcome, ...]]
SUPPORT: dict[Outcome, tuple[EffectKind, ...]] = {
    "required": ("requires",),
    "forbidden": ("forbids",),
    "in_conflict": ("requires", "forbids"),
    "permitted": ("permits",),
    "unaddressed": (),
    "undetermined": (*DUTIES, "permits"),
}


def determining(asked: Questions, action: str, truths: Truths, possible: Sequence[Outcome]) -> tuple[str, ...]:
    """The provisions that support the outcome and stand whatever is missing; if there are none, those that may."""
    kinds = {kind for outcome in possible for kind in SUPPORT[outcome]}
    supporting = [index for index in asked.of_action(action) if asked.standing[index].kind in kinds]
    stands = {index: stands_at_all(asked, index, truths) for index in supporting}
    certain = [index for index, (_, always) in stands.items() if always]
    if not certain or len(possible) > 1:
        certain = [index for index, (some, _) in stands.items() if some]
    return _provisions(asked, certain)


def _provisions(asked: Questions, indices: Sequence[int]) -> tuple[str, ...]:
    return tuple(sorted({asked.standing[index].provision for index in indices}))


def yielding(asked: Questions, action: str, truths: Truths) -> tuple[Yielded, ...]:
    """Every duty that gives way, to what and why; then the provisions that are set aside, suspended or yet to come."""
    found: dict[tuple[str, str], Yielded] = {}
    for index in asked.of_action(action):
        own = asked.standing[index]
        for other in own.yields_to:
            some, always = _defeated_by(asked, index, other.to, truths)
            if some:
                to = asked.standing[other.to].provision
                found.setdefault((own.provision, to), Yielded(own.provision, to, other.reason, not always))
    return (*_clearest(list(found.values())), *_set_aside(asked, action))


def _clearest(entries: Sequence[Yielded]) -> list[Yielded]:
    """Of what certainly yields, one reason is enough; of what may yield, each is shown."""
    certain: dict[str, Yielded] = {}
    for own in entries:
        if not own.maybe:
            certain.setdefault(own.provision, own)
    return [*certain.values(), *(own for own in entries if own.provision not in certain)]


def _defeated_by(asked: Questions, index: int, other: int, truths: Truths) -> tuple[bool, bool]:
    """Whether an effect applies and yields to another that stands: under some completion, and under every one."""
    indices = asked.of_action(asked.standing[index].action)

    def yields(applies: Sequence[Kleene]) -> Kleene:
        stands = standing_of(asked, indices, applies)
        return conjunction((applies[indices.index(index)], stands[other]))

    return open_truths(asked, [asked.conditions[i] for i in indices], yields, truths)


def _set_aside(asked: Questions, action: str) -> list[Yielded]:
    stack = asked.stack
    return [
        Yielded(own.provision, own.to, own.reason)
        for own in stack.set_aside
        if any(_on_action(effect, action) for effect in stack.provisions[own.provision].effects)
    ]


def _on_action(effect: Effect, action: str) -> bool:
    return effect.action == action and effect.kind in DECIDING


def bearing(asked: Questions, action: str) -> list[syntax.Condition]:
    """The conditions on which the answer about an action rests, its warnings included."""
    own = [
        condition for condition, effect in zip(asked.conditions, asked.standing, strict=True) if effect.action == action
    ]
    return [*own, *(warning.when for warning in asked.stack.warnings)]


def beside(asked: Questions) -> list[syntax.Condition]:
    """The conditions of what goes with the answers: obligations and limits."""
    pairs = zip(asked.conditions, asked.standing, strict=True)
    return [condition for condition, effect in pairs if effect.kind in ("obliges", "limits")]


def warnings(asked: Questions, action: str, truths: Truths) -> tuple[Warned, ...]:
    """Standing warnings of the instruments that speak of an action, then what the law advises about it."""
    speaking = {own.instrument for own in asked.standing if own.action == action and own.kind != "limits"}
    found = []
    for warning in asked.stack.warnings:
        if warning.provision in speaking:
            some, always = applies(asked, warning.when, truths)
            if some:
                found.append(Warned(warning.provision, warning.text, not always))
    for index, own in enumerate(asked.standing):
        if own.kind == "advises" and own.action == action:
            some, always = applies(asked, asked.conditions[index], truths)
            if some:
                found.append(Warned(own.provision, asked.stack.provisions[own.provision].text, not always))
    return tuple(found)


def applies(asked: Questions, condition: syntax.Condition, truths: Truths) -> tuple[bool, bool]:
    """Whether a condition is so under some completion, and whether under every one."""
    if condition == ALWAYS:
        return True, True
    return open_truths(asked, [condition], lambda decided: decided[0], truths)


def decisive(asked: Questions, action: str, truths: Truths, left: Left) -> tuple[Split, ...]:
    """Of what is known, a least part that alone leaves open what all of it leaves open, in the vocabulary's order."""
    goal = left(action, truths)
    needed = [own for own in asked.splits_of_action(action) if any(atom in truths for atom in own.atoms)]
    kept = {atom: truths[atom] for own in needed for atom in own.atoms if atom in truths}
    for own in reversed(needed):
        fewer = {atom: so for atom, so in kept.items() if atom not in own.atoms}
        if left(action, fewer) == goal:
            kept = fewer
    return tuple(own for own in needed if any(atom in kept for atom in own.atoms))


def of_kind(asked: Questions, kind: EffectKind, truths: Truths) -> Iterator[tuple[Standing, syntax.Condition, bool]]:
    """The effects of a kind that apply or may, each with its condition and whether it surely applies."""
    for index, own in enumerate(asked.standing):
        if own.kind == kind:
            some, always = applies(asked, asked.conditions[index], truths)
            if some:
                yield own, all_of([own.when]), always
