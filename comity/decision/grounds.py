"""The grounds of an answer: determining provisions, provisions that yield, warnings, and the decisive facts.

They depend only on the truths of the atoms, so requests with the same truths have the same grounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.decision.answer import Ground, Warned, Yielded
from comity.decision.reasoner import Reasoner, Truths
from comity.engine.outcome import Outcome
from comity.engine.questions.questions import Questions
from comity.engine.questions.splits import Split
from comity.language import syntax
from comity.law.in_force import Stack
from comity.law.instrument import DUTIES, EffectKind

SUPPORT: dict[Outcome, tuple[EffectKind, ...]] = {
    "required": ("requires",),
    "forbidden": ("forbids",),
    "in_conflict": ("requires", "forbids"),
    "permitted": ("permits",),
    "unaddressed": (),
    "undetermined": (*DUTIES, "permits"),
}


def determining(reasoner: Reasoner, action: str, truths: Truths, possible: Sequence[Outcome]) -> tuple[str, ...]:
    """The provisions that support the outcome and prevail whatever the unknown facts are; if none do, those that may."""
    asked = reasoner.asked
    kinds = {kind for outcome in possible for kind in SUPPORT[outcome]}
    supporting = [index for index in asked.of_action(action) if asked.standing[index].kind in kinds]
    stands = {index: reasoner.stands(index, truths) for index in supporting}
    certain = [index for index, (_, always) in stands.items() if always]
    if not certain or len(possible) > 1:
        certain = [index for index, (some, _) in stands.items() if some]
    return tuple(sorted({asked.standing[index].provision for index in certain}))


def yielding(reasoner: Reasoner, action: str, truths: Truths) -> tuple[Yielded, ...]:
    """Each duty that yields, to what and why; then the provisions that are overridden, suspended or not yet in force."""
    asked = reasoner.asked
    found: dict[tuple[str, str], Yielded] = {}
    for index in asked.of_action(action):
        effect = asked.standing[index]
        for other in effect.yields_to:
            some, always = reasoner.yields(index, other.to, truths)
            if some:
                to = asked.standing[other.to].provision
                found.setdefault((effect.provision, to), Yielded(effect.provision, to, other.reason, not always))
    return (*_clearest(list(found.values())), *_set_aside(asked, action))


def _clearest(entries: Sequence[Yielded]) -> list[Yielded]:
    """One reason for each provision that certainly yields, and every reason for one that may yield."""
    certain: dict[str, Yielded] = {}
    for entry in entries:
        if not entry.maybe:
            certain.setdefault(entry.provision, entry)
    return [*certain.values(), *(entry for entry in entries if entry.provision not in certain)]


def _set_aside(asked: Questions, action: str) -> list[Yielded]:
    return [Yielded(entry.provision, entry.to, entry.reason) for entry in asked.set_aside.get(action, ())]


def deciding(asked: Questions, action: str) -> list[syntax.Condition]:
    """The conditions that decide the outcome of an action."""
    return [asked.conditions[index] for index in asked.of_action(action)]


def decisive(reasoner: Reasoner, action: str, truths: Truths) -> tuple[Split, ...]:
    """A minimal set of known answers that gives the same outcomes as all of them, in the vocabulary's order."""
    goal = reasoner.left(action, truths)
    needed = [split for split in reasoner.asked.splits_of_action(action) if any(atom in truths for atom in split.atoms)]
    remaining = {atom: truths[atom] for split in needed for atom in split.atoms if atom in truths}
    pending = [needed[::-1]]
    while pending:  # many can be left out together if they can one after the other, since what is left out only widens
        block = pending.pop()
        atoms = {atom for split in block for atom in split.atoms}
        fewer = {atom: so for atom, so in remaining.items() if atom not in atoms}
        if reasoner.left(action, fewer) == goal:
            remaining = fewer
        elif len(block) > 1:
            pending += [block[len(block) // 2 :], block[: len(block) // 2]]
    return tuple(split for split in needed if any(atom in remaining for atom in split.atoms))


def grounds_of(stack: Stack, named: Iterable[str]) -> dict[str, Ground]:
    """The citation and evidence mark of each named provision and instrument."""
    return {name: ground for name in sorted(named) if (ground := ground_of(stack, name))}


def ground_of(stack: Stack, name: str) -> Ground | None:
    """The citation and evidence mark of a provision or an instrument; None for what is neither."""
    provision, instrument = stack.provisions.get(name), stack.instruments.get(name)
    if provision:
        cite = provision.cite or stack.instruments[provision.instrument].title
        return Ground(name, cite, provision.evidence, provision.plain)
    return Ground(name, instrument.title, instrument.evidence, instrument.summary) if instrument else None


def names_in(determining: Iterable[str], yielding: Iterable[Yielded], warnings: Iterable[Warned]) -> set[str]:
    """The provisions and instruments that an answer names."""
    yields = {name for entry in yielding for name in (entry.provision, entry.to)}
    return {*determining, *yields, *(warning.provision for warning in warnings)}
