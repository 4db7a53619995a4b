"""Whether the law of a place meets one criterion, with the requests that show it, or what is missing to know.

A criterion about law is a claim about every complete request: the solver finds an example, the reference engine confirms it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import cast

from msgspec import Struct

from comity.claims.prover import Prover
from comity.claims.witness import Values
from comity.classification.definition import Criterion
from comity.engine.outcome import CERTAIN, Outcome, outcome_of
from comity.engine.questions.splits import facts_of
from comity.engine.solver.logic import Truth, all_of, negated
from comity.engine.solver.views import View
from comity.facts.kinds import Value
from comity.language import syntax
from comity.language.logic import Kleene, conjunction, disjunction
from comity.law.rank import FEDERAL, ORDERS, level_of

RULINGS = ("precedent", "ruling", *ORDERS)


class Witness(Struct, frozen=True, kw_only=True):
    """A request reduced to the facts that matter, with the outcome of an action.

    `provisions` are those that the outcome rests on. `against` is true if it refutes a criterion about every request.
    `facts` are the facts of the place that these provisions ask about; they complete the request.
    """

    action: str
    outcome: Outcome
    values: Values
    provisions: tuple[str, ...] = ()
    against: bool = False
    facts: tuple[str, ...] = ()


class Met(Struct, frozen=True, kw_only=True):
    """Whether a criterion is met.

    If None, `lacking` says what is not known, or it was not `settled` in time. `facts` are the facts of the place that
    the answer rests on; `on_list` is the place found on a list.
    """

    met: Kleene
    witnesses: tuple[Witness, ...] = ()
    lacking: tuple[str, ...] = ()
    settled: bool = True
    facts: tuple[str, ...] = ()
    on_list: str = ""


def shown_by_law(criterion: Criterion, prover: Prover) -> Met:
    """Decides a criterion about what the law does, under the law of one stack."""
    match criterion.sort:
        case "some":
            found = [_some(prover, action, criterion.outcomes, criterion.when[action]) for action in criterion.actions]
            return _joined(disjunction(met.met for met in found), found)
        case "rule_against":
            found = [_rule_against(prover, action, criterion.when[action]) for action in criterion.actions]
            return _joined(disjunction(met.met for met in found), found)
        case _:
            found = [_each(prover, action, criterion.outcomes, criterion.when[action]) for action in criterion.actions]
            return _joined(conjunction(met.met for met in found), found)


def _joined(met: Kleene, found: list[Met]) -> Met:
    """The answers for each action joined into one, with only the examples that show it."""
    shows = [part for part in found if part.met is met or met is None]
    settled = met is not None or all(part.settled for part in found)
    return Met(met=met, witnesses=tuple(example for part in shows for example in part.witnesses), settled=settled)


def _some(prover: Prover, action: str, outcomes: tuple[str, ...], when: syntax.Condition) -> Met:
    settled = True
    for outcome in outcomes:
        wanted = cast(Outcome, outcome)
        found = prover.solver.outcome(action, wanted, when)
        settled = settled and found.settled
        values = prover.shown(found, partial(_has, prover, action, wanted, when))
        if values is not None:
            return Met(
                met=True, witnesses=(_witness(prover, action, wanted, values, prover.determining(action, values)),)
            )
    return Met(met=False if settled else None, settled=settled)


def _has(prover: Prover, action: str, outcome: Outcome, when: syntax.Condition, values: Mapping[str, Value]) -> bool:
    return prover.surely(when, values) and prover.possible(action, values) == (outcome,)


def _each(prover: Prover, action: str, outcomes: tuple[str, ...], when: syntax.Condition) -> Met:
    """Whether all requests have one of the outcomes; false if no such request is possible."""

    def wanted(view: View) -> Truth:
        return all_of(
            (view.truth(when), *(negated(view.outcome(action, outcome)) for outcome in CERTAIN if outcome in outcomes))
        )

    def shows(values: Mapping[str, Value]) -> bool:
        return prover.surely(when, values) and not {*outcomes} & {*prover.possible(action, values)}

    found = prover.find(prover.solver.of_action(action), wanted, (when,))
    values = prover.shown(found, shows)
    if values is not None:
        outcome = outcome_of(prover.possible(action, values))
        return Met(
            met=False,
            witnesses=(_witness(prover, action, outcome, values, prover.determining(action, values), against=True),),
        )
    return _some(prover, action, outcomes, when) if found.never else Met(met=None, settled=False)


def _rule_against(prover: Prover, action: str, when: syntax.Condition) -> Met:
    settled = True
    for index in _rules_against(prover, action):
        found = prover.find([index], partial(_applies, index, when), (when,))
        settled = settled and found.settled
        values = prover.shown(found, partial(_surely_applies, prover, index, when))
        if values is not None:
            outcome = outcome_of(prover.possible(action, values))
            return Met(
                met=True,
                witnesses=(_witness(prover, action, outcome, values, (prover.stack.standing[index].provision,)),),
            )
    return Met(met=False if settled else None, settled=settled)


def _witness(
    prover: Prover, action: str, outcome: Outcome, values: Values, provisions: tuple[str, ...], against: bool = False
) -> Witness:
    asked = {
        path for effect in prover.stack.standing if effect.provision in provisions for path in facts_of(effect.when)
    }
    facts = tuple(sorted(asked & prover.stack.fact_sources.keys()))
    return Witness(action=action, outcome=outcome, values=values, provisions=provisions, against=against, facts=facts)


def _rules_against(prover: Prover, action: str) -> Iterator[int]:
    """The prohibitions that a place or its state adopted; a court's ruling is a policy of neither."""
    for index, effect in enumerate(prover.stack.standing):
        instrument = prover.stack.instruments[effect.instrument]
        if (
            (effect.kind, effect.action) == ("forbids", action)
            and level_of(instrument) != FEDERAL
            and instrument.kind not in RULINGS
        ):
            yield index


def _applies(index: int, when: syntax.Condition, view: View) -> Truth:
    return all_of((view.truth(when), view.applies(index)))


def _surely_applies(prover: Prover, index: int, when: syntax.Condition, values: Mapping[str, Value]) -> bool:
    return prover.surely(when, values) and prover.surely_applies(index, values)
