"""The closed list of what can be claimed about a stack of law, and what comes of each claim.

A claim is about every complete request. It is proved, or refuted by a request that shows why not, or not settled within
the time limit: that is a third answer and proves nothing. `equivalent` and `differs` are in `differences`, what a
definition asks in `definitions`, and whether cases cover the boundaries in `boundaries`.
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
    """The claim that a name stands for, short or in full, whatever stands between its words."""
    words = name.strip().lower().replace("-", " ").replace("_", " ")
    return next((own for own in CLAIMS if own == words), IN_FULL.get(words))


class Verdict(Struct, frozen=True):
    """What came of a claim about an action or a provision: `holds` is None where it was not settled in time.

    `example` is a request, reduced to what matters: one against the claim, or of a live provision one for it.
    `provisions` are those that it rests on.
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
    """Whether law answers each action whenever it is asked for."""
    for action in prover.actions:
        yield _never("total", prover, action, "unaddressed", asks_for(action))


def unambiguous(prover: Prover) -> Iterator[Verdict]:
    """Whether law never both requires and forbids an action."""
    for action in prover.actions:
        yield _never("unambiguous", prover, action, "in_conflict")


def never(prover: Prover, action: str, outcome: Outcome, when: syntax.Condition = ALWAYS) -> Verdict:
    """Whether an action never has an outcome, of all requests or of those of which a condition is so."""
    return _never("never", prover, action, outcome, when)


def implies(prover: Prover, when: syntax.Condition, action: str, outcome: Outcome) -> Verdict:
    """Whether every request of which a condition is so has an outcome."""

    def wanted(view: View) -> Truth:
        return all_of((view.truth(when), negated(view.outcome(action, outcome))))

    def shows(values: Mapping[str, Value]) -> bool:
        return prover.surely(when, values) and outcome not in prover.possible(action, values)

    found = prover.find(prover.every.of_action(action), wanted, (when,))
    example = prover.shown(found, shows)
    rests = prover.determining(action, example) if example is not None else ()
    return Verdict("implies", action, found.never if found.settled else None, example, rests)


def _never(claim: Claim, prover: Prover, action: str, outcome: Outcome, when: syntax.Condition = ALWAYS) -> Verdict:
    def shows(values: Mapping[str, Value]) -> bool:
        return prover.surely(when, values) and prover.possible(action, values) == (outcome,)

    found = prover.every.outcome(action, outcome, when)
    example = prover.shown(found, shows)
    rests = prover.determining(action, example) if example is not None else ()
    return Verdict(claim, action, found.never if found.settled else None, example, rests)


def live(prover: Prover, examples: bool = True) -> Iterator[Verdict]:
    """Whether each provision determines an outcome, makes another yield, or applies, for some request.

    A request that shows one provision to be live mostly shows several; `examples` asks for one of its own for each.
    """
    effects: dict[str, list[int]] = {}
    for index, own in enumerate(prover.stack.standing):
        effects.setdefault(own.provision, []).append(index)
    seen: set[int] = set()
    for provision, indices in effects.items():
        if not examples and any(index in seen for index in indices):
            yield Verdict("live", provision, True)
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
                return Verdict("live", provision, True, prover.shown(found, shows))
            confirm(found.values, shows)
            return Verdict("live", provision, True)
    return Verdict("live", provision, False if settled else None)


def _slice(prover: Prover, index: int) -> list[int]:
    own = prover.stack.standing[index]
    return prover.every.of_action(own.action) if own.kind in DECIDING else [index]


def _matters(prover: Prover, index: int, view: View) -> Truth:
    """A duty matters where it stands, a permission where no duty does; what is about other law, time or money where it applies."""
    own = prover.stack.standing[index]
    if own.kind in DUTIES:
        return view.stands(index)
    permitted = view.outcome(own.action, "permitted") if own.kind == "permits" else True
    return all_of((view.applies(index), permitted))


def _surely_matters(prover: Prover, index: int, values: Mapping[str, Value]) -> bool:
    own = prover.stack.standing[index]
    if own.kind in DUTIES:
        return prover.surely_stands(index, values)
    return prover.surely_applies(index, values) and (
        own.kind != "permits" or prover.possible(own.action, values) == ("permitted",)
    )


def _seen_live(prover: Prover, index: int, values: Mapping[str, Value]) -> set[int]:
    """The duties on the same action that the same request shows to stand."""
    own = prover.stack.standing[index]
    if own.kind not in DECIDING:
        return {index}
    standing = prover.standing(own.action, values)
    return {index, *(at for at, so in standing.items() if so is True and prover.stack.standing[at].kind in DUTIES)}


def conflicts(prover: Prover, instrument: str = "") -> Iterator[Verdict]:
    """Whether each duty that higher law could defeat prevails for some request; one that never does conflicts with it.

    With `instrument`, an id, only the duties of that instrument are looked at.
    """
    for index, own in enumerate(prover.stack.standing):
        if instrument and own.instrument != instrument:
            continue
        higher = [to.to for to in own.yields_to if to.reason in (HIGHER, PROTECTED)]
        if higher:
            yield _conflicts(prover, index, higher)


def _conflicts(prover: Prover, index: int, higher: list[int]) -> Verdict:
    own = prover.stack.standing[index]
    stands = prover.find(_slice(prover, index), lambda view: view.stands(index))
    if stands.values is not None or not stands.settled:
        return Verdict("conflicts", own.provision, True if stands.settled else None)
    applies = prover.find(_slice(prover, index), lambda view: view.applies(index))
    example = prover.shown(applies, lambda values: prover.surely_applies(index, values))
    if example is None:  # it never applies at all: that is another claim's matter
        return Verdict("conflicts", own.provision, True if applies.settled else None)
    standing = prover.standing(own.action, applies.values or {})
    to = [prover.stack.standing[at].provision for at in higher if standing.get(at) is not False]
    return Verdict("conflicts", own.provision, False, example, tuple(dict.fromkeys(to)))
