"""Each stack of a check is prepared once, and a prepared stack gives the same answers as a new one."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from comity.api import load
from comity.authoring.required_claims import check_claims
from comity.claims.prepared import PreparedLaw
from comity.claims.prover import Prover
from comity.decision.cases import moment_of, run_cases, values_of
from comity.engine.questions.questions import questions
from comity.engine.solver.solver import Solver
from comity.facts.request import Request
from comity.law.in_force import Agency, in_force, of_instrument

LIBRARY = load()
PLACE, DAY = "us/fl/miami-dade", date(2017, 1, 26)
INSTRUMENT = LIBRARY.instruments["us/pa/philadelphia/eo-7-15"]


def test_a_stack_is_prepared_once_for_each_place_day_agency_and_day_of_knowledge() -> None:
    prepared = PreparedLaw(LIBRARY)
    first = prepared.in_force(PLACE, DAY)
    assert prepared.in_force(PLACE, DAY, Agency()) is first and first.explainer is first.explainer
    others = [
        prepared.in_force("us/fl", DAY),
        prepared.in_force(PLACE, date(2017, 1, 27)),
        prepared.in_force(PLACE, DAY, Agency("sheriff")),
        prepared.in_force(PLACE, DAY, known_on=date(2016, 1, 1)),
        prepared.alone(INSTRUMENT),
    ]
    assert len({id(stack) for stack in (first, *others)}) == 6
    assert first.stack == in_force(LIBRARY, PLACE, DAY)
    assert others[3].stack == in_force(LIBRARY, PLACE, DAY, None, date(2016, 1, 1))
    assert prepared.alone(INSTRUMENT, INSTRUMENT.first_sure_day) is others[4]
    assert others[4].stack == of_instrument(LIBRARY, INSTRUMENT)


def test_a_case_runs_under_its_instrument_alone_unless_it_asks_for_the_stack() -> None:
    prepared = PreparedLaw(LIBRARY)
    for case in INSTRUMENT.cases:
        values, _ = values_of(LIBRARY, INSTRUMENT, case)
        assert values is not None
        expected = (
            in_force(LIBRARY, INSTRUMENT.jurisdiction, case.at or INSTRUMENT.first_sure_day)
            if case.stack
            else of_instrument(LIBRARY, INSTRUMENT, case.at)
        )
        assert prepared.of_case(INSTRUMENT, case, values).stack == expected
    assert {case.stack for case in INSTRUMENT.cases} == {True, False}


def test_a_prover_takes_the_questions_that_its_stack_has_already() -> None:
    prepared = PreparedLaw(LIBRARY).in_force(PLACE, DAY)
    assert prepared.explainer.asked.splits is prepared.prover().asked.splits
    assert prepared.prover().asked == Prover(prepared.stack).asked == questions(prepared.prover().stack)


def test_prepared_stacks_change_no_finding() -> None:
    wrong = {"hold": "required", "notify": "forbidden"}
    cases = tuple(structs.replace(case, then=wrong) for case in INSTRUMENT.cases)
    mistaken = structs.replace(INSTRUMENT, cases=cases)
    prepared = PreparedLaw(LIBRARY)
    found = run_cases(LIBRARY, [mistaken], explainer_of=lambda *case: prepared.of_case(*case).explainer)
    assert found and found == run_cases(LIBRARY, [mistaken])
    assert check_claims(LIBRARY, mistaken, prepared) == check_claims(LIBRARY, mistaken)


@pytest.mark.parametrize("id", ["us/pa/philadelphia/eo-7-15", "us/il/trust-2017", "us/ca/ab668-2019"])
def test_outcomes_alone_are_those_of_the_decision(id: str) -> None:
    instrument = LIBRARY.instruments[id]
    prepared = PreparedLaw(LIBRARY)
    for case in instrument.cases:
        values, _ = values_of(LIBRARY, instrument, case)
        assert values is not None
        request = Request(instrument.jurisdiction, moment_of(LIBRARY, instrument, case), values)
        explainer = prepared.of_case(instrument, case, values).explainer
        decided = {action: answer.possible for action, answer in explainer.decide(request).actions.items()}
        assert explainer.possible(request, decided.keys()) == decided
        assert explainer.possible(request, ["hold"]) == {"hold": decided["hold"]}


def test_a_changed_instrument_is_closed_anew_though_that_of_the_library_is_cached() -> None:
    before = of_instrument(LIBRARY, INSTRUMENT)
    changed = structs.replace(INSTRUMENT, provisions=INSTRUMENT.provisions[:1])
    after = of_instrument(LIBRARY, changed)
    assert {effect.provision for effect in after.standing} == {INSTRUMENT.provisions[0].id}
    assert of_instrument(LIBRARY, INSTRUMENT) == before != after


def test_stacks_of_two_days_share_their_conditions() -> None:
    first, second = (in_force(LIBRARY, PLACE, day) for day in (DAY, date(2017, 1, 27)))
    pairs = list(zip(questions(first).conditions, questions(second).conditions, strict=True))
    assert pairs and all(one is other for one, other in pairs)


def test_a_prover_of_which_nothing_is_asked_makes_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """A context of the solver takes 18 MB, and most instruments have no duty that could yield."""
    monkeypatch.setattr("comity.engine.solver.solver.z3.Context", lambda: pytest.fail("a context was created"))
    every = Solver(in_force(LIBRARY, PLACE, DAY))
    assert every.of_action("hold")
