"""Definitions asked of small stacks of law: each sort of criterion met, not met and not known, and how they are joined."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from comity.claims.prover import Prover
from comity.classification.classifier import Classifier
from comity.classification.criteria import Met
from comity.classification.definition import Definition
from comity.classification.read_definitions import read_definition
from comity.engine.solver.solver import Found, Solver
from comity.facts.kinds import KnownSet
from comity.law.in_force import Stack
from tests.classification.test_read_definitions import file
from tests.law.small_law import act, gazetteer, stack_of, vocabulary

COUNTY = "us/fl/miami-dade"
ANY_HOLD = "some: hold\noutcome: forbidden\nwhen: asked"
EVERY_HOLD = "every: hold\noutcome: forbidden\nwhen: asked"
RULE = "rule_against: share_status\nwhen: asked"
AGREEMENT = 'place: |\n  "task_force" in agency.agreements_287g'


def definition(*criteria: str, meets: str = "", front: str = "", id: str = "def-one") -> Definition:
    """A definition whose criteria are called a, b, c; not all of them have to be used."""
    named = [f"name: {'abcdefg'[at]}\n{criterion}" for at, criterion in enumerate(criteria)]
    text = file(*named, meets=meets or ("" if front else "a"), front=f"title: One\nby: us\nevidence: verified\n{front}")
    read, findings = read_definition(text, "one.md", id, vocabulary(), gazetteer())
    assert read and {finding.code for finding in findings} <= {"unused-criterion"}, [
        finding.line() for finding in findings
    ]
    return read


def met(criterion: str, stack: Stack, **given: Any) -> Met:
    return Classifier(stack, {}, **given).answer(definition(criterion)).criteria["a"]


def ordinance(*effects: str, **front: Any) -> Stack:
    return stack_of(act(f"{COUNTY}/one", "ordinance", *effects, **front))


def test_some_request_has_an_outcome_and_is_shown_with_the_provision() -> None:
    found = met(ANY_HOLD, ordinance("forbids hold when subject.age < 18"))
    assert found.met is True and len(found.witnesses) == 1
    witness = found.witnesses[0]
    assert (witness.action, witness.outcome, witness.provisions) == ("hold", "forbidden", (f"{COUNTY}/one#1",))
    assert witness.values["subject.age"] < 18 and witness.values["request.asks"] == KnownSet(
        frozenset({"hold"}), whole=False
    )


@pytest.mark.parametrize("effect", ["requires hold", "forbids notify", "forbids hold when !('hold' in request.asks)"])
def test_where_no_request_has_it_some_is_not_met(effect: str) -> None:
    assert met(ANY_HOLD, ordinance(effect.replace("'", '"'))) == Met(met=False)


def test_several_actions_are_any_of_them_and_each_that_is_met_is_shown() -> None:
    found = met(
        "some: [hold, notify, transfer]\noutcome: [forbidden, required]", ordinance("forbids hold", "requires notify")
    )
    assert found.met is True
    assert [(witness.action, witness.outcome) for witness in found.witnesses] == [
        ("hold", "forbidden"),
        ("notify", "required"),
    ]


def test_every_request_has_it_or_one_shows_otherwise() -> None:
    assert met(EVERY_HOLD, ordinance("forbids hold")).met is True
    found = met(EVERY_HOLD, ordinance("forbids hold when subject.age < 18"))
    assert found.met is False
    assert [(witness.outcome, witness.against) for witness in found.witnesses] == [("unaddressed", True)]
    assert found.witnesses[0].values["subject.age"] >= 18


def test_every_of_several_actions_is_each_of_them() -> None:
    found = met("every: [hold, notify]\noutcome: forbidden", ordinance("forbids hold"))
    assert found.met is False and [witness.action for witness in found.witnesses] == ["notify"]


def test_every_one_of_no_requests_shows_nothing() -> None:
    stack = structs.replace(ordinance("forbids hold"), facts={"request.asks": KnownSet(frozenset())})
    assert met(EVERY_HOLD, stack) == Met(met=False)


def test_a_rule_counts_even_where_it_yields_to_higher_law() -> None:
    federal = act("us/statute", "statute", "protects share_status")
    stack = stack_of(federal, act(f"{COUNTY}/one", "ordinance", "forbids share_status"))
    found = met(RULE, stack)
    assert found.met is True
    assert [(witness.outcome, witness.provisions) for witness in found.witnesses] == [
        ("unaddressed", (f"{COUNTY}/one#1",))
    ]
    assert met("some: share_status\noutcome: forbidden\nwhen: asked", stack) == Met(met=False)


def test_federal_law_and_rulings_are_no_rule_of_the_place() -> None:
    court = act(
        "us/fl/miami-dade/case", "precedent", "forbids share_status", court="11th Cir.", construes="us/fl/miami-dade/x"
    )
    assert met(RULE, stack_of(act("us/one", "statute", "forbids share_status"), court)) == Met(met=False)
    assert met(RULE, stack_of(act("us/fl/one", "statute", "forbids share_status"))).met is True


def test_facts_of_the_place_complete_every_request() -> None:
    stack = ordinance("forbids hold when !request.reimbursement_agreed")
    assert met(EVERY_HOLD, stack).met is False
    assert met(EVERY_HOLD, structs.replace(stack, facts={"request.reimbursement_agreed": False})).met is True


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"task_force"}, True), (set(), False), ({"jail_enforcement"}, False)],
)
def test_a_fact_of_the_place_is_read_as_recorded(value: set[str], expected: bool) -> None:
    stack = structs.replace(ordinance(), facts={"agency.agreements_287g": KnownSet(frozenset(value))})
    assert met(AGREEMENT, stack) == Met(met=expected, facts=("agency.agreements_287g",))


def test_a_fact_that_is_not_recorded_is_not_known_and_never_none() -> None:
    found = met(AGREEMENT, ordinance())
    assert found.met is None and "287(g)" in found.lacking[0]
    partly = structs.replace(ordinance(), facts={"agency.agreements_287g": KnownSet(frozenset(), whole=False)})
    assert met(AGREEMENT, partly).met is None


LISTED = "listed: [us/fl, us/il/cook]\nfrom: 2016-05-31\nuntil: 2017-01-01"


@pytest.mark.parametrize(
    ("here", "day", "expected"),
    [
        ((COUNTY, "us/fl", "us"), "2016-05-31", Met(met=True, on_list="us/fl")),
        (("us/ga/fulton", "us/ga", "us"), "2016-12-31", Met(met=False)),
        ((COUNTY, "us/fl", "us"), "2016-05-30", None),
        ((COUNTY, "us/fl", "us"), "2017-01-01", None),
    ],
)
def test_a_closed_list_speaks_of_its_own_days_alone(here: tuple[str, ...], day: str, expected: Met | None) -> None:
    stack = structs.replace(ordinance(), day=date.fromisoformat(day))
    found = met(LISTED, stack, here=here)
    assert found == expected or (expected is None and found.met is None and "2016-05-31" in found.lacking[0])


def test_what_law_cannot_show_is_not_known_and_named() -> None:
    assert met("beyond: whether the Secretary named it", ordinance()) == Met(
        met=None, lacking=("whether the Secretary named it",)
    )


@pytest.mark.parametrize(
    ("criterion", "effect"), [(ANY_HOLD, "requires hold"), (RULE, "requires hold"), (EVERY_HOLD, "forbids hold")]
)
def test_where_law_is_missing_what_is_not_shown_is_not_known(criterion: str, effect: str) -> None:
    stack = ordinance(effect)
    assert met(criterion, stack, lacking=("the law of Dade",)) == Met(met=None, lacking=("the law of Dade",))
    assert met(criterion, stack).met is not None


def test_what_is_shown_stays_shown_where_law_is_missing() -> None:
    assert met(ANY_HOLD, ordinance("forbids hold"), lacking=("the law of Dade",)).met is True


def test_uncertain_days_make_an_answer_open_only_where_it_turns_on_them() -> None:
    uncertain = ordinance("forbids hold", effective="{between: [2016-01-01, 2016-12-31]}", title="An ordinance")
    assert met(ANY_HOLD, uncertain) == Met(met=None, lacking=("whether An ordinance was in force by then",))
    assert met("some: notify\noutcome: forbidden", uncertain) == Met(met=False)


def test_requests_that_rest_on_what_is_uncertain_say_so() -> None:
    certain = act(f"{COUNTY}/one", "ordinance", "forbids hold when subject.age < 18")
    uncertain = act(f"{COUNTY}/two", "ordinance", "forbids hold", effective="2016", title="Another")
    found = met("every: hold\noutcome: [forbidden, unaddressed]", stack_of(certain, uncertain))
    assert found.met is True
    assert [witness.values.get(f"force of {COUNTY}/two") for witness in found.witnesses] == [True, False]


def test_what_is_uncertain_of_another_action_is_left_aside() -> None:
    certain = act(f"{COUNTY}/one", "ordinance", "forbids hold")
    found = met(ANY_HOLD, stack_of(certain, act(f"{COUNTY}/two", "ordinance", "forbids notify", effective="2016")))
    assert found.met is True and len(found.witnesses) == 1


def test_where_too_much_is_uncertain_nothing_is_said() -> None:
    acts = [act(f"{COUNTY}/{name}", "ordinance", "forbids hold", effective="2016", title=name) for name in "abcde"]
    found = met(ANY_HOLD, stack_of(*acts))
    assert found.met is None and len(found.lacking) == 5


@pytest.mark.parametrize("criterion", [ANY_HOLD, EVERY_HOLD, "rule_against: hold"])
def test_too_little_time_is_no_answer(criterion: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Solver, "outcome", lambda *_: Found(None, settled=False))
    monkeypatch.setattr(Prover, "find", lambda *_: Found(None, settled=False))
    assert met(criterion, ordinance("forbids hold")) == Met(met=None, settled=False)


@pytest.mark.parametrize(
    ("meets", "expected"),
    [
        ("a", True),
        ("b", False),
        ("c", None),
        ("!b", True),
        ("!c", None),
        ("a && c", None),
        ("b && c", False),
        ("a || c", True),
        ("b || c", None),
        ("a && !(b || c)", None),
    ],
)
def test_criteria_are_joined_with_what_is_not_known(meets: str, expected: bool | None) -> None:
    joined = definition(ANY_HOLD, "some: notify\noutcome: forbidden", "beyond: it", meets=f"|\n  {meets}")
    assert Classifier(ordinance("forbids hold"), {}).answer(joined).meets is expected


@pytest.mark.parametrize(("at_least", "expected"), [(1, True), (2, None), (3, False)])
def test_a_score_is_met_from_its_line_on(at_least: int, expected: bool | None) -> None:
    scored = definition(
        ANY_HOLD,
        "some: notify\noutcome: forbidden",
        "beyond: it",
        front=f"score: {{of: [a, b, c], at_least: {at_least}}}\n",
    )
    answer = Classifier(ordinance("forbids hold"), {}).answer(scored)
    assert (answer.score, answer.meets) == ((1, 2), expected)


@pytest.mark.parametrize(
    ("like", "expected"), [("def-two", None), ("def-two#a", True), ("def-two#b", None), ("def-three", None)]
)
def test_one_definition_can_be_as_another(like: str, expected: bool | None) -> None:
    two = definition(ANY_HOLD, "beyond: it", meets="a && b", id="def-two")
    likened = definition(f"as: {like}")
    found = Classifier(ordinance("forbids hold"), {"def-two": two}).answer(likened)
    assert found.meets is expected
    if expected is None:
        assert found.criteria["a"].lacking


def test_what_two_definitions_ask_alike_is_found_once() -> None:
    classifier = Classifier(ordinance("forbids hold"), {})
    first, second = (
        classifier.answer(definition(ANY_HOLD)),
        classifier.answer(definition("beyond: it", ANY_HOLD, meets="a || b")),
    )
    assert first.criteria["a"] is second.criteria["b"]
