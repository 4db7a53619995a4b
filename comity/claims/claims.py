"""The closed list of claims about a stack of law, and how each is proved or refuted.

A claim is about every complete request. It is proved, or refuted by a request that is a counterexample, or not settled
within the time limit; the last proves nothing. `equivalent` and `differs` are in `differences`, `meets` is in the room
`classification`, and `covered` is in `boundaries`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.claims.prover import Prover
from comity.claims.witness import Values, confirm
from comity.engine.outcome import Outcome
from comity.engine.questions.questions import DECIDING
from comity.engine.solver.logic import Truth, all_of, negated
from comity.engine.solver.views import View
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.connect import ALWAYS
from comity.law.closing import ASKS
from comity.law.instrument import DUTIES
from comity.law.precedence import HIGHER, PROTECTED

Claim: TypeAlias = Literal[
    "total", "unambiguous", "live", "equivalent", "differs", "implies", "never", "conflicts", "covered", "meets"
]
CLAIMS: tuple[Claim, ...] = get_args(Claim)
IN_FULL: dict[str, Claim] = {
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
    that shows one provision to be live usually shows several. Without `examples`, such a provision is not looked at
    again; with it, each gets an example.
    """
    effects: dict[str, list[int]] = {}
    for index, effect in enumerate(prover.stack.standing):
        effects.setdefault(effect.provision, []).append(index)
    seen: set[int] = set()
    for provision, indices in effects.items():
        if not examples and any(index in seen for index in indices):
            yield Verdict(claim="live", about=provision, holds=True)
        else:
            yield _live(prover, provision, indices, seen, examples)


def _live(prover: Prover, provision: str, indices: list[int], seen: set[int], examples: bool) -> Verdict:
    settled = True
    for index in indices:
        found = prover.find(_slice(prover, index), partial(_matters, prover, index))
        settled = settled and found.settled
        if found.values is not None:
            seen |= _seen_live(prover, index, found.values)
            shows = partial(_surely_matters, prover, index)
            if examples:
                return Verdict(claim="live", about=provision, holds=True, example=prover.shown(found, shows))
            confirm(found.values, shows)
            return Verdict(claim="live", about=provision, holds=True)
    return Verdict(claim="live", about=provision, holds=False if settled else None)


def _slice(prover: Prover, index: int) -> list[int]:
    effect = prover.stack.standing[index]
    return prover.solver.of_action(effect.action) if effect.kind in DECIDING else [index]


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


def _seen_live(prover: Prover, index: int, values: Mapping[str, Value]) -> set[int]:
    """The duties on the same action that prevail for the same request."""
    effect = prover.stack.standing[index]
    if effect.kind not in DECIDING:
        return {index}
    standing = prover.standing(effect.action, values)
    return {index, *(at for at, so in standing.items() if so is True and prover.stack.standing[at].kind in DUTIES)}


def conflicts(prover: Prover, instrument: str = "") -> Iterator[Verdict]:
    """Whether each duty that higher law could defeat prevails for some request.

    One that never does conflicts with it. With `instrument`, an id, only the duties of that instrument are looked at.
    """
    for index, effect in enumerate(prover.stack.standing):
        if instrument and effect.instrument != instrument:
            continue
        higher = [yielding.to for yielding in effect.yields_to if yielding.reason in (HIGHER, PROTECTED)]
        if higher:
            yield _conflicts(prover, index, higher)


def _conflicts(prover: Prover, index: int, higher: list[int]) -> Verdict:
    effect = prover.stack.standing[index]
    stands = prover.find(_slice(prover, index), lambda view: view.stands(index))
    if stands.values is not None or not stands.settled:
        return Verdict(claim="conflicts", about=effect.provision, holds=True if stands.settled else None)
    applies = prover.find(_slice(prover, index), lambda view: view.applies(index))
    example = prover.shown(applies, lambda values: prover.surely_applies(index, values))
    if example is None:  # it never applies; the claim `live` reports that
        return Verdict(claim="conflicts", about=effect.provision, holds=True if applies.settled else None)
    standing = prover.standing(effect.action, applies.values or {})
    to = [prover.stack.standing[at].provision for at in higher if standing.get(at) is not False]
    return Verdict(
        claim="conflicts", about=effect.provision, holds=False, example=example, provisions=tuple(dict.fromkeys(to))
    )
