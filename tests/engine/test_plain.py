"""One request: what is open, what it turns on, and what the answer rests on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from comity.api import load
from comity.decision.answer import ActionAnswer
from comity.decision.decision import Decision
from comity.decision.explain import Explainer, decide
from comity.facts.request import Request, read_values
from comity.law.in_force import in_force
from tests.law.small_law import act, decision_of, stack_of

LIBRARY = load()
COUNTY = "us/fl/miami-dade/county-law"


def answered(*effects: str, **facts: Any) -> ActionAnswer:
    """The answer on a hold under one county ordinance, by the reference engine and the compiled one alike."""
    stack = stack_of(act(COUNTY, "ordinance", *effects))
    plain, compiled = decision_of(stack, True, **facts), decision_of(stack, False, **facts)
    assert plain == compiled
    return compiled.actions["hold"]


def at_miami(day: str, **facts: Any) -> Decision:
    values, findings = read_values(
        {key.replace("__", "."): value for key, value in facts.items()}, LIBRARY.vocabulary, "test"
    )
    assert not findings
    stack = in_force(LIBRARY, "us/fl/miami-dade", date.fromisoformat(day))
    return decide(stack, Request("us/fl/miami-dade", datetime.fromisoformat(f"{day}T12:00:00-05:00"), values))


ONE_OF = 'convictions.exists(c, c.offense == "robbery")'
FORM = 'request.form == "i247a"'


@pytest.mark.parametrize(
    ("effects", "facts", "possible"),
    [
        # A fact that is not known leaves open what its values would give, and nothing else
        (["forbids hold when request.signed"], {}, {"forbidden", "unaddressed"}),
        (["only hold when request.signed"], {}, {"permitted", "forbidden"}),
        (["forbids hold when request.signed || !request.signed"], {}, {"forbidden"}),
        ([f'forbids hold when {FORM} && request.form == "i247d"'], {}, {"unaddressed"}),
        (['forbids hold when request.form != "i247a" || request.form != "i247d"'], {}, {"forbidden"}),
        (["forbids hold when subject.age < 18 && subject.age >= 18"], {}, {"unaddressed"}),
        (["forbids hold when subject.age < 18", "requires hold when subject.age >= 18"], {}, {"forbidden", "required"}),
        (
            ["forbids hold when subject.age < 18", "requires hold when subject.age >= 21"],
            {},
            {"forbidden", "required", "unaddressed"},
        ),
        (
            ["forbids hold when subject.age <= 18", "requires hold when subject.age >= 18"],
            {},
            {"forbidden", "required", "in_conflict"},
        ),
        # Lists have three states
        ([f"forbids hold when {ONE_OF}"], {}, {"forbidden", "unaddressed"}),
        ([f"forbids hold when {ONE_OF}"], {"convictions": []}, {"unaddressed"}),
        ([f"forbids hold when {ONE_OF}"], {"convictions": {"partial": []}}, {"forbidden", "unaddressed"}),
        ([f"forbids hold when {ONE_OF}"], {"convictions": {"partial": [{"offense": "robbery"}]}}, {"forbidden"}),
        ([f"forbids hold when {ONE_OF}"], {"convictions": [{}]}, {"forbidden", "unaddressed"}),
        ([f"forbids hold when {ONE_OF}"], {"convictions": [{"offense": "theft"}]}, {"unaddressed"}),
        (['forbids hold when convictions.all(c, c.grade == "felony")'], {"convictions": []}, {"forbidden"}),
        (
            ['forbids hold when convictions.all(c, c.grade == "felony")'],
            {"convictions": {"partial": [{"grade": "felony"}]}},
            {"forbidden", "unaddressed"},
        ),
        (
            ['forbids hold when convictions.all(c, c.grade == "felony")'],
            {"convictions": {"partial": [{"grade": "misdemeanor"}]}},
            {"unaddressed"},
        ),
        (
            ['forbids hold when convictions.count(c, c.grade == "felony") >= 2'],
            {"convictions": [{"grade": "felony"}, {}]},
            {"forbidden", "unaddressed"},
        ),
        (
            ['forbids hold when convictions.count(c, c.grade == "felony") < 2'],
            {"convictions": {"partial": [{"grade": "felony"}, {"grade": "felony"}]}},
            {"unaddressed"},
        ),
        (
            ['forbids hold when convictions.count(c, c.grade == "felony") != 1'],
            {"convictions": {"partial": []}},
            {"forbidden", "unaddressed"},
        ),
        # Sets too, and their members are all known by name
        (
            ['forbids hold when "notify" in request.asks'],
            {"request__asks": {"partial": ["hold"]}},
            {"forbidden", "unaddressed"},
        ),
        (
            ['forbids hold when request.asks.all(a, a in ["hold", "notify"])'],
            {"request__asks": ["hold"]},
            {"forbidden"},
        ),
        (
            ['forbids hold when request.asks.count(a, a != "hold") >= 1 && request.asks.count(a, a == "hold") >= 2'],
            {},
            {"unaddressed"},
        ),
        # One quantifier can settle another
        (
            [
                'forbids hold when convictions.exists(c, c.offense == "robbery" && c.grade == "felony")',
                f"requires hold when !({ONE_OF})",
            ],
            {},
            {"forbidden", "required", "unaddressed"},
        ),
        (
            [f'forbids hold when convictions.exists(c, c.offense == "robbery" && c.attempt) && !{ONE_OF}'],
            {},
            {"unaddressed"},
        ),
        (
            ["forbids hold when convictions.count(c, c.attempt) >= 3 && convictions.count(c, c.attempt) < 2"],
            {},
            {"unaddressed"},
        ),
        # Days: a month's end clamps, and both ways of counting are kept apart
        (
            ['forbids hold when custody.arrested_on - years(1) >= day("2015-02-28")'],
            {"custody__arrested_on": "2016-02-29"},
            {"forbidden"},
        ),
        (
            ['forbids hold when custody.arrested_on >= day("2015-02-28") + years(1)'],
            {"custody__arrested_on": "2016-02-27"},
            {"unaddressed"},
        ),
        (
            [
                "forbids hold when custody.arrested_on < request.received_on",
                "requires hold when custody.arrested_on > request.received_on",
            ],
            {},
            {"forbidden", "required", "unaddressed"},
        ),
    ],
)
def test_what_is_open(effects: list[str], facts: dict[str, Any], possible: set[str]) -> None:
    assert set(answered(*effects, **facts).possible) == possible


def test_missing_facts_come_in_the_order_of_what_they_settle() -> None:
    answer = answered("only hold when request.signed || (request.complete && subject.gang_member)")
    found = [(fact.fact, fact.removes_at_least, fact.removes_on_average) for fact in answer.missing]
    assert found == [("request.signed", 0, 0.5), ("request.complete", 0, 0.0), ("subject.gang_member", 0, 0.0)]


def test_a_fact_that_settles_all_comes_first() -> None:
    answer = answered("only hold when request.signed", "forbids hold when request.signed && subject.age < 18")
    assert answer.missing[0].fact == "request.signed" or answer.missing[0].removes_at_least == 1


def test_what_no_longer_matters_is_not_missing() -> None:
    answer = answered("only hold when request.signed || request.complete", request__signed=True)
    assert answer.outcome == "permitted" and answer.missing == ()


def test_inside_a_known_list_the_fields_are_missing() -> None:
    answer = answered("only hold when charges.exists(c, c.pending && !c.bondable)", charges=[{"pending": True}])
    assert [(fact.fact, fact.removes_at_least) for fact in answer.missing] == [("charges[0].bondable", 1)]
    assert answer.missing[0].question.endswith("?")


def test_a_list_known_in_part_is_missing_itself() -> None:
    answer = answered(f"only hold when {ONE_OF}", convictions={"partial": [{"offense": "theft"}]})
    assert [fact.fact for fact in answer.missing] == ["convictions"]


def test_an_uncertain_day_is_missing_as_the_force_of_its_instrument() -> None:
    stack = stack_of(act(COUNTY, "ordinance", "forbids hold", effective="2016-06"), day="2016-06-15")
    missing = decision_of(stack).actions["hold"].missing
    assert [fact.fact for fact in missing] == [f"force of {COUNTY}"]


def test_only_decisive_facts_are_named() -> None:
    answer = answered(
        "only hold when request.signed || request.complete",
        request__signed=True,
        request__complete=True,
        subject__age=30,
    )
    assert [fact.fact for fact in answer.decisive] == [
        "request.complete"
    ]  # either would do; the first in the vocabulary


def test_a_fact_of_the_place_is_named_with_its_source() -> None:
    decisive = at_miami("2015-06-01", request__asks=["hold"]).actions["hold"].decisive
    assert [fact.fact for fact in decisive] == ["request.reimbursement_agreed"]
    assert "Director Ryan" in decisive[0].source


def test_what_the_request_says_comes_before_what_is_true_of_the_place() -> None:
    robbed = [{"offense": "robbery", "grade": "felony"}]
    facts = {"request__reimbursement_agreed": True, "subject__citizenship": "none_claimed"}
    answer = at_miami("2015-06-01", **facts, convictions=robbed).actions["hold"]
    assert answer.outcome == "permitted" and answer.decider == "mayor or designee"


@pytest.mark.parametrize(
    ("day", "hold", "notify", "determining"),
    [
        ("2013-06-03", "permitted", "unaddressed", "practice-pre-2014#1"),
        ("2015-06-01", "forbidden", "forbidden", "r-1008-13#1"),
        ("2017-01-25", "forbidden", "forbidden", "r-1008-13#1"),
        ("2017-01-26", "required", "required", "memo-2017-01-26#1"),
        ("2017-03-01", "required", "required", "r-163-17#1"),
        ("2020-06-01", "undetermined", "undetermined", "ch908-2019#2"),
    ],
)
def test_miami_dade_over_the_years(day: str, hold: str, notify: str, determining: str) -> None:
    decision = at_miami(day, request__asks=["hold", "notify"], subject__citizenship="none_claimed")
    assert (decision.outcome("hold"), decision.outcome("notify")) == (hold, notify)
    assert any(name.endswith(determining) for name in decision.actions["hold"].determining)


def test_every_named_provision_has_its_citation_and_mark() -> None:
    decision = at_miami("2017-01-26", request__asks=["hold", "notify"])
    named = {name for answer in decision.actions.values() for name in answer.determining}
    named |= {item.provision for answer in decision.actions.values() for item in (*answer.yielding, *answer.warnings)}
    assert named <= set(decision.grounds) and all(decision.grounds[name].cite for name in named)


@pytest.mark.parametrize(
    "condition",
    [
        " || ".join(
            f'convictions.exists(c, c.grade == "felony" && c.days_incarcerated == {days})' for days in range(40)
        ),
        " && ".join(
            f"(subject.age != {2 * n} || convictions.count(c, c.days_incarcerated > {n}) >= 2)" for n in range(20)
        ),
    ],
    ids=["one list", "a fact and a list by turns"],
)
def test_forty_unknown_atoms_are_answered(condition: str) -> None:
    """How quickly is measured in bench/; here, that the answer comes at all (a search that
    tried every combination would never end) and is right."""
    explainer = Explainer(stack_of(act(COUNTY, "ordinance", f"only hold when {condition}")))
    decision = explainer.decide(Request("us/fl/miami-dade", datetime(2016, 6, 1, tzinfo=UTC), {}))
    assert set(decision.actions["hold"].possible) == {"permitted", "forbidden"}
