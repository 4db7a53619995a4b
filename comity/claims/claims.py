"""The closed list of claims about a stack of law, and how each is proved or refuted.

A claim is about every complete request. It is proved, or refuted by a request that is a counterexample, or not settled
within the time limit; the last proves nothing. `equivalent` and `differs` are in `differences`, `meets` is in the room
`classification`, and `covered` is in `boundaries`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.claims.prover import Prover, ShowsOf, WantedOf
from comity.claims.witness import Values, confirm
from comity.engine.outcome import Outcome
from comity.engine.questions.questions import DECIDING
from comity.engine.solver.logic import Truth, all_of, negated
from comity.engine.solver.views import View
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.connect import ALWAYS
from comity.language.logic import Kleene, disjunction
from comity.law.closing import ASKS
from comity.law.instrument import DUTIES
from comity.law.precedence import HIGHER, PROTECTED

Claim: TypeAlias = Literal[
    "total",
    "unambiguous",
    "dutiful",
    "live",
    "equivalent",
    "differs",
    "implies",
    "never",
    "conflicts",
    "covered",
    "meets",
]
CLAIMS: tuple[Claim, ...] = get_args(Claim)
IN_FULL: dict[str, Claim] = {
    "no duty to do what is forbidden": "dutiful",
    "conflicts with higher law": "conflicts",
    "meets a definition": "meets",
    "boundary cases are covered": "covered",
    "boundary cases covered": "covered",
}


def claim_named(name: str) -> Claim | None:
    """The claim with this name, short or in full.

    Spaces, hyphens and underscores are alike.
    """
    words = name.strip().lower().replace("-", " ").replace("_", " ")
    return next((claim for claim in CLAIMS if claim == words), IN_FULL.get(words))


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether a claim `holds` of one action or provision.

    None if that was not settled in time. `example` is a request reduced to the facts that matter: a counterexample, or
    for a live provision a witness. `provisions` are those that the example rests on.
    """

    claim: Claim
    about: str
    holds: bool | None
    example: Values | None = None
    provisions: tuple[str, ...] = ()


def asks_for(action: str) -> syntax.Condition:
    """Whether the request asks for an action."""
    return syntax.Member(syntax.Text(action), syntax.Fact(ASKS))


def total(prover: Prover) -> Iterator[Verdict]:
    """Whether some provision decides each action whenever a request asks for it."""
    for action in prover.actions:
        yield _never("total", prover, action, "unaddressed", asks_for(action))


def unambiguous(prover: Prover) -> Iterator[Verdict]:
    """Whether the law never both requires and forbids an action."""
    for action in prover.actions:
        yield _never("unambiguous", prover, action, "in_conflict")


def dutiful(prover: Prover) -> Iterator[Verdict]:
    """Whether no obligation demands what the law forbids, nor forgoes what it requires, while it stands itself."""
    for index, effect in enumerate(prover.stack.standing):
        for action, kind in effect.demands:
            yield _dutiful(prover, index, action, "forbidden" if kind == "requires" else "required")


def _dutiful(prover: Prover, index: int, action: str, contrary: Outcome) -> Verdict:
    def wanted(view: View) -> Truth:
        return all_of((view.stands(index), view.outcome(action, contrary)))

    def shows(values: Mapping[str, Value]) -> bool:
        return prover.surely_stands(index, values) and prover.possible(action, values) == (contrary,)

    found = prover.find(prover.asked.deciding_whether_stands(index), wanted)
    example = prover.shown(found, shows)
    return Verdict(
        claim="dutiful",
        about=prover.stack.standing[index].provision,
        holds=found.never if found.settled else None,
        example=example,
        provisions=prover.determining(action, example) if example is not None else (),
    )


def never(prover: Prover, *, action: str, outcome: Outcome, when: syntax.Condition = ALWAYS) -> Verdict:
    """Whether an action never has an outcome, under any request that meets a condition."""
    return _never("never", prover, action, outcome, when)


def implies(prover: Prover, *, when: syntax.Condition, action: str, outcome: Outcome) -> Verdict:
    """Whether an action has an outcome under every request that meets a condition."""

    def wanted(view: View) -> Truth:
        return all_of((view.truth(when), negated(view.outcome(action, outcome))))

    def shows(values: Mapping[str, Value]) -> bool:
        return prover.surely(when, values) and outcome not in prover.possible(action, values)

    found = prover.find(prover.solver.of_action(action), wanted, (when,))
    example = prover.shown(found, shows)
    rests = prover.determining(action, example) if example is not None else ()
    return Verdict(
        claim="implies", about=action, holds=found.never if found.settled else None, example=example, provisions=rests
    )


def _never(claim: Claim, prover: Prover, action: str, outcome: Outcome, when: syntax.Condition = ALWAYS) -> Verdict:
    def shows(values: Mapping[str, Value]) -> bool:
        return prover.surely(when, values) and prover.possible(action, values) == (outcome,)

    found = prover.solver.outcome(action, outcome, when)
    example = prover.shown(found, shows)
    rests = prover.determining(action, example) if example is not None else ()
    return Verdict(
        claim=claim, about=action, holds=found.never if found.settled else None, example=example, provisions=rests
    )


def live(prover: Prover, examples: bool = True) -> Iterator[Verdict]:
    """Whether each provision affects some request.

    It does if it determines an outcome, makes another provision yield, or for other effects, if it applies. A request
    that shows one provision to be live usually shows several. The law of the place itself comes first. Without `examples`,
    such a provision is not looked at again, and a request built from a condition is tried before the solver; with it, each
    gets an example.
    """
    effects: dict[str, list[int]] = {}
    nearness = {index: prover.stack.nearness(effect.instrument) for index, effect in enumerate(prover.stack.standing)}
    for index, effect in sorted(enumerate(prover.stack.standing), key=lambda pair: nearness[pair[0]]):
        effects.setdefault(effect.provision, []).append(index)
    if not examples:
        yield from _live_without_examples(prover, effects)
        return
    for provision, indices in effects.items():
        yield _live(prover, provision, indices)


def _live(prover: Prover, provision: str, indices: list[int]) -> Verdict:
    settled = True
    for index in indices:
        found = prover.find(_slice(prover, index), partial(_matters, prover, index))
        settled = settled and found.settled
        if found.values is not None:
            example = prover.shown(found, partial(_surely_matters, prover, index))
            return Verdict(claim="live", about=provision, holds=True, example=example)
    return Verdict(claim="live", about=provision, holds=False if settled else None)


def _live_without_examples(prover: Prover, effects: Mapping[str, list[int]]) -> Iterator[Verdict]:
    plainly = {index: _plainly_matters(prover, index) for indices in effects.values() for index in indices}
    shown = {provision for provision, indices in effects.items() if any(plainly[index] is True for index in indices)}
    undecided = [
        index
        for provision, indices in effects.items()
        if provision not in shown
        for index in indices
        if plainly[index] is None
    ]
    matters = plainly | _find_each(prover, undecided, partial(_matters, prover), partial(_surely_matters, prover))
    for provision, indices in effects.items():
        answers = [True] if provision in shown else [matters[index] for index in indices]
        yield Verdict(claim="live", about=provision, holds=disjunction(answers))


def _find_each(prover: Prover, indices: Iterable[int], wanted: WantedOf, shows: ShowsOf) -> dict[int, Kleene]:
    """The same as `Prover.find_each`, for effects on several actions."""
    slices: dict[tuple[int, ...], list[int]] = {}
    for index in indices:
        slices.setdefault(tuple(_slice(prover, index)), []).append(index)
    return {
        index: answer
        for effects, members in slices.items()
        for index, answer in prover.find_each(effects, members, wanted, shows).items()
    }


def _slice(prover: Prover, index: int) -> list[int]:
    effect = prover.stack.standing[index]
    return prover.solver.of_action(effect.action) if effect.kind in DECIDING else [index]


def _plainly_matters(prover: Prover, index: int) -> Kleene:
    """Whether an effect matters, as far as the plain interpreter shows it for the request built for it; None if it does not.

    A permission never matters if the duty that prevails for this request prevails wherever the permission applies.
    """
    effect, values = prover.stack.standing[index], prover.built(index)
    plain = prover.plain(values)
    if effect.kind in DUTIES:
        return plain.stands(index) is True or None
    applies = plain.applies(index) is True
    if effect.kind != "permits":
        return applies or None
    duty = prover.standing_duty(effect.action, values)
    if duty is None:
        return applies or None
    return False if prover.always_defeats(duty, index) else None


def _matters(prover: Prover, index: int, view: View) -> Truth:
    """Whether an effect matters: a duty if it prevails, a permission if no duty does, any other if it applies."""
    effect = prover.stack.standing[index]
    if effect.kind in DUTIES:
        return view.stands(index)
    permitted = view.outcome(effect.action, "permitted") if effect.kind == "permits" else True
    return all_of((view.applies(index), permitted))


def _surely_matters(prover: Prover, index: int, values: Mapping[str, Value]) -> bool:
    effect = prover.stack.standing[index]
    if effect.kind in DUTIES:
        return prover.surely_stands(index, values)
    return prover.surely_applies(index, values) and (
        effect.kind != "permits" or prover.possible(effect.action, values) == ("permitted",)
    )


def conflicts(prover: Prover, instrument: str = "", examples: bool = True) -> Iterator[Verdict]:
    """Whether each duty that higher law could defeat prevails for some request to which that law does not apply.

    One that never does conflicts with it. Where the contrary law applies and itself yields to still higher law, as every duty
    to hold does for a proven citizen, a lower duty only repeats that law. With `instrument`, an id, only the duties of that
    instrument are looked at. Without `examples` no verdict has one, and a request built from a condition is tried before the
    solver.
    """
    higher = {
        index: defeating
        for index, effect in enumerate(prover.stack.standing)
        if not instrument or effect.instrument == instrument
        if (defeating := [yielding.to for yielding in effect.yields_to if yielding.reason in (HIGHER, PROTECTED)])
    }
    if examples:
        yield from (_conflicts(prover, index, defeating) for index, defeating in higher.items())
    else:
        yield from _conflicts_without_examples(prover, higher)


def _conflicts(prover: Prover, index: int, higher: list[int]) -> Verdict:
    effect = prover.stack.standing[index]
    stands = prover.find(
        _slice(prover, index), lambda view: all_of((view.stands(index), *(negated(view.applies(at)) for at in higher)))
    )
    if stands.values is not None or not stands.settled:
        return Verdict(claim="conflicts", about=effect.provision, holds=True if stands.settled else None)
    applies = prover.find(
        _slice(prover, index), lambda view: all_of((view.applies(index), negated(view.stands(index))))
    )
    example = prover.shown(applies, lambda values: prover.surely_applies(index, values))
    if example is None:  # it never applies, which the claim `live` reports, or never yields
        return Verdict(claim="conflicts", about=effect.provision, holds=True if applies.settled else None)
    return _always_yields(prover, index, higher, applies.values or {}, example)


def _conflicts_without_examples(prover: Prover, higher: Mapping[int, list[int]]) -> Iterator[Verdict]:
    def alone(index: int, view: View) -> Truth:
        return all_of((view.stands(index), *(negated(view.applies(at)) for at in higher[index])))

    def surely_alone(index: int, values: Mapping[str, Value]) -> bool:
        return prover.surely_stands(index, values) and not any(
            prover.surely_applies(at, values) for at in higher[index]
        )

    applying = {index: prover.built(index) for index in higher}
    left = [index for index, values in applying.items() if not _plainly_alone(prover, index, higher[index], values)]
    stands = _find_each(prover, left, alone, surely_alone)
    for index, defeating in higher.items():
        about, stand = prover.stack.standing[index].provision, stands.get(index, True)
        if stand is not False:
            yield Verdict(claim="conflicts", about=about, holds=stand)
            continue
        plain = prover.plain(applying[index])
        if plain.applies(index) is True and plain.stands(index) is False:
            yield _always_yields(prover, index, defeating, applying[index])
            continue
        found = prover.find(
            _slice(prover, index),
            lambda view, index=index: all_of((view.applies(index), negated(view.stands(index)))),  # type: ignore[misc]
        )
        if found.values is None:  # it never applies, which the claim `live` reports, or never yields
            yield Verdict(claim="conflicts", about=about, holds=True if found.settled else None)
        else:
            confirm(found.values, partial(prover.surely_applies, index))
            yield _always_yields(prover, index, defeating, found.values)


def _plainly_alone(prover: Prover, index: int, defeating: list[int], values: Mapping[str, Value]) -> bool:
    """Whether the plain interpreter alone shows that a duty prevails where no law that could defeat it applies."""
    plain = prover.plain(values)
    return plain.stands(index) is True and all(plain.applies(at) is False for at in defeating)


def _always_yields(
    prover: Prover, index: int, higher: list[int], applying: Mapping[str, Value], example: Values | None = None
) -> Verdict:
    """The verdict on a duty that never prevails, with what it yields to in a request to which it applies."""
    plain = prover.plain(applying)
    to = [prover.stack.standing[at].provision for at in higher if plain.stands(at) is not False]
    about = prover.stack.standing[index].provision
    return Verdict(claim="conflicts", about=about, holds=False, example=example, provisions=tuple(dict.fromkeys(to)))
