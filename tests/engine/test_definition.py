"""The other engines agree with the definition, which lists completions: on generated stacks and on the law's own cases.

The search engine may leave too much open where a question is about a list, or compares two missing facts. That is
counted, and the solver must then agree with the definition. It may never leave too little open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from msgspec import structs

from comity.decision import grounds
from comity.decision.explain import Explainer
from comity.decision.reasoner import ByDiagrams, BySearch, Reasoner
from comity.engine.compiled.compiled import Compiled
from comity.engine.compiled.reader import RequestReader
from comity.engine.definition import definition
from comity.engine.definition.definition import Answer, Yielding, decide
from comity.engine.definition.representatives import TooManyCompletions
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.questions import completed, known_truths, questions
from comity.engine.solver.solver import Solver
from comity.engine.sql import select
from comity.facts import kinds
from comity.facts.columns import facts_table
from comity.facts.kinds import Value
from comity.facts.request import read_values
from comity.language import syntax
from comity.language.nodes import nodes_in
from comity.law.in_force import Stack
from comity.law.instrument import ACTIONS
from tests.agreement.stacks import ACTIONS as GENERATED_ACTIONS
from tests.agreement.stacks import Requests, stacks
from tests.agreement.test_every_engine import LIBRARY, stacks_of
from tests.law.small_law import act, stack_of

CHUNKS, STACKS, REQUESTS, COMPLETIONS_MAX, MILLISECONDS_MAX = 6, 40, 6, 2_000, 1_000
ORDINANCE, STATUTE = "us/fl/miami-dade/ordinance", "us/fl/statute"
DAY = "custody.arrested_on"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_generated_stacks(chunk: int, record_property: Callable[[str, object], None]) -> None:
    lists, counts = chunk % 2 == 1, Counter[str]()

    @seed(chunk)
    @settings(max_examples=STACKS, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(stacks(lists))
    def agree(stack: Stack) -> None:
        requests = Requests(stack, Random(repr(stack.standing)))
        rows = [requests.partial() if number % 2 else requests.complete() for number in range(REQUESTS)]
        counts.update(compare(stack, rows, GENERATED_ACTIONS))

    agree()
    assert counts["with the definition"] > 0.8 * STACKS * REQUESTS * len(GENERATED_ACTIONS)
    assert counts["with missing facts"] > 0.2 * counts["with the definition"]
    assert counts["too wide"] <= 0.05 * counts["with the definition"]
    for name, count in counts.items():
        record_property(f"agreement: {name}", count)


def test_cases_of_the_shipped_law(record_property: Callable[[str, object], None]) -> None:
    counts = Counter[str]()
    for id in sorted(instrument.id for instrument in LIBRARY.instruments.values() if instrument.cases):
        for stack, rows in stacks_of(id):
            speaking = {effect.action for effect in stack.standing if effect.kind in definition.DECIDING}
            counts.update(compare(stack, rows, [action for action in ACTIONS if action in speaking]))
    assert counts["with the definition"] > 3_500 and counts["with missing facts"] > 1_000
    assert counts["too many completions"] < 0.05 * counts["with the definition"]
    assert counts["too wide"] == 0
    for name, count in counts.items():
        record_property(f"agreement: {name}", count)


def compare(stack: Stack, rows: Iterable[Mapping[str, Value]], actions: Iterable[str]) -> Counter[str]:
    """Compares the search engine, the diagrams and the compiled engine with the definition, and counts comparisons."""
    counts = Counter[str]()
    asked = questions(stack)
    diagrams, compiled = Diagrams(asked), Compiled(asked)
    reasoners = BySearch(asked, diagrams.turns_on), ByDiagrams(diagrams)
    for row in rows:
        values = completed(stack, row)
        truths, fast = known_truths(asked, values), compiled.outcomes(compiled.decide(values))
        for action in actions:
            try:
                answer = decide(stack, action, row, COMPLETIONS_MAX)
            except TooManyCompletions:
                counts["too many completions"] += 1
                continue
            counts["with the definition"] += 1
            counts["with missing facts"] += answer.completions > 1
            found = [answer_of(reasoner, action, truths) for reasoner in reasoners]
            assert found[0] == found[1] and found[0].possible == fast[action], (row, action)
            if found[0] != structs.replace(answer, completions=0):
                counts["too wide"] += 1
                check_wider(stack, row, action, answer, found[0])
    return counts


def answer_of(reasoner: Reasoner, action: str, truths: Any) -> Answer:
    possible = reasoner.left(action, truths)
    determining = grounds.determining(reasoner, action, truths, possible)
    standing = reasoner.asked.standing
    yielding = [
        Yielding(standing[index].provision, standing[other.to].provision, other.reason, always)
        for index in reasoner.asked.of_action(action)
        for other in standing[index].yields_to
        for some, always in [reasoner.yields(index, other.to, truths)]
        if some
    ]
    return Answer(possible, determining, tuple(yielding), 0)


def check_wider(stack: Stack, row: Mapping[str, Value], action: str, answer: Answer, found: Answer) -> None:
    """An answer other than the definition's leaves more open, and only where the questions of a stack are not exact."""
    assert not is_exact(stack, action), (row, action, answer, found)
    assert set(answer.possible) <= set(found.possible), (row, action, answer, found)
    assert pairs(answer.yielding) <= pairs(found.yielding), (row, action, answer, found)
    by_solver = Solver(stack, MILLISECONDS_MAX).possible(action, row)
    assert by_solver.unsettled or by_solver.outcomes == answer.possible, (row, action, answer, by_solver.outcomes)


def pairs(yielding: Iterable[Yielding]) -> set[tuple[str, str, str]]:
    return {(entry.provision, entry.to, entry.reason) for entry in yielding}


def is_exact(stack: Stack, action: str) -> bool:
    """Whether no condition about an action asks about a list or compares two numbers or days that are facts."""
    nodes = [node for effect in stack.standing if effect.action == action for node in nodes_in(effect.when)]
    over = [node.over.path for node in nodes if isinstance(node, (syntax.Exists, syntax.All, syntax.Count))]
    compared = [{facts(node.left), facts(node.right)} for node in nodes if isinstance(node, syntax.Compare)]
    kinds_compared = [
        stack.vocabulary.kind(path)
        for operands in compared
        if 0 not in map(len, operands)
        for side in operands
        for path in side
    ]
    return not any(isinstance(stack.vocabulary.kind(path), kinds.Records) for path in over) and not any(
        isinstance(kind, (kinds.Number, kinds.Day)) for kind in kinds_compared
    )


def facts(operand: syntax.Operand) -> frozenset[str]:
    return frozenset(node.path for node in nodes_in(operand) if isinstance(node, syntax.Fact))


LEAP = f"{DAY} >= request.received_on - years(1) && !({DAY} + years(1) >= request.received_on)"
FELONIES = 'convictions.count(c, c.grade == "felony")'
ROBBERIES = 'convictions.count(c, c.grade == "felony" && c.offense == "robbery")'
OTHERS = 'convictions.count(c, c.grade == "felony" && c.offense != "robbery")'


@pytest.mark.parametrize(
    ("condition", "known", "possible"),
    [
        ("request.signed", {}, "forbidden unaddressed"),
        ("request.signed || !request.signed", {}, "forbidden"),
        ('request.form == "i247a" && request.form == "i247d"', {}, "unaddressed"),
        ("subject.age + 3 > 20 && subject.age < 18", {}, "unaddressed"),
        ("subject.age + 3 > 20 && subject.age < 19", {}, "forbidden unaddressed"),
        ("subject.age in [17, 18] && subject.age > 17", {"subject.age": 18}, "forbidden"),
        # Two missing days, of which only certain pairs are possible
        (f"{DAY} < request.received_on && request.received_on < {DAY}", {}, "unaddressed"),
        (
            f'{DAY} > request.received_on && {DAY} < day("2010-01-01") && request.received_on >= day("2009-12-31")',
            {},
            "unaddressed",
        ),
        (
            f'{DAY} > request.received_on && {DAY} < day("2010-01-01") && request.received_on >= day("2009-12-30")',
            {},
            "forbidden unaddressed",
        ),
        # 29 February less a year is 28 February, and 28 February plus a year is never 29 February
        (LEAP, {"request.received_on": "2016-02-29"}, "forbidden unaddressed"),
        (LEAP, {"request.received_on": "2016-03-01"}, "unaddressed"),
        (
            f"{DAY} + days(5) < request.received_on && {DAY} + days(7) > request.received_on",
            {},
            "forbidden unaddressed",
        ),
        (f"{DAY} + days(5) < request.received_on && {DAY} + days(6) > request.received_on", {}, "unaddressed"),
        # Lists, known in part or not at all
        (f"{FELONIES} >= 2 && {ROBBERIES} < 1 && {OTHERS} < 2", {}, "unaddressed"),
        (f"{FELONIES} >= 2 && {ROBBERIES} < 2 && {OTHERS} < 2", {}, "forbidden unaddressed"),
        (f"{FELONIES} == 2", {"convictions": [{"grade": "felony"}, {}]}, "forbidden unaddressed"),
        (f"{FELONIES} == 2", {"convictions": {"partial": [{"grade": "felony"}] * 3}}, "unaddressed"),
        (
            f"convictions.exists(c, c.convicted_on > {DAY}) && convictions.all(c, c.convicted_on < {DAY})",
            {},
            "unaddressed",
        ),
        (
            f"convictions.exists(c, c.convicted_on > {DAY}) && convictions.exists(c, c.convicted_on < {DAY})",
            {},
            "forbidden unaddressed",
        ),
        # Sets
        ('request.asks.count(a, a != "hold") >= 3 && !("hold" in request.asks)', {}, "forbidden unaddressed"),
        ('request.asks.all(a, a == "hold")', {"request.asks": {"partial": ["notify"]}}, "unaddressed"),
    ],
)
def test_completions_are_listed_as_far_as_conditions_notice(
    condition: str, known: dict[str, Any], possible: str
) -> None:
    stack = stack_of(act(ORDINANCE, "ordinance", f"forbids hold when {condition}"))
    values, findings = read_values(known, stack.vocabulary, "test")
    assert not findings
    assert " ".join(decide(stack, "hold", values).possible) == possible
    found = Solver(stack).possible("hold", values)
    assert " ".join(found.outcomes) == possible and not found.unsettled


NEAR = ["2012-02-27", "2012-02-28", "2012-02-29", "2012-03-01", "2013-02-28", "2013-03-01"]
LISTS = [[{"grade": "felony"}] * number for number in range(4)]
IN_PART = [*LISTS, *({"partial": records} for records in LISTS), [{}], [{"grade": "felony"}, {}], [{}, {}]]
SETS = [
    ["final_order"],
    ["pending_proceedings"],
    ["pending_proceedings", "none_stated"],
    ["final_order", "pending_proceedings", "on_loan_from_dhs"],
    {"partial": []},
    {"partial": ["pending_proceedings"]},
]


@pytest.mark.parametrize("sign", get_args(syntax.Comparison))
@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("subject.age SIGN 18", [{"subject.age": age} for age in (0, 17, 18, 19)]),
        ("18 SIGN subject.age + 2", [{"subject.age": age} for age in (15, 16, 17)]),
        (f'{DAY} SIGN day("2012-02-29")', [{DAY: day} for day in NEAR]),
        (f'{DAY} + months(12) SIGN day("2013-02-28")', [{DAY: day} for day in NEAR]),
        (
            f"{DAY} SIGN request.received_on - years(1)",
            [{DAY: day, "request.received_on": "2013-02-28"} for day in NEAR],
        ),
        (f"{DAY} SIGN request.received_on", [{DAY: "2012-02-29", "request.received_on": day} for day in NEAR]),
        (f"{FELONIES} SIGN 2", [{"convictions": records} for records in IN_PART]),
        ('request.basis.count(a, a != "final_order") SIGN 1', [{"request.basis": members} for members in SETS]),
    ],
)
def test_both_sides_of_a_boundary(condition: str, rows: list[dict[str, Any]], sign: str) -> None:
    stack = stack_of(act(ORDINANCE, "ordinance", f"only hold when {condition.replace('SIGN', sign)}"))
    known = [read_values(row, stack.vocabulary, "test") for row in rows]
    assert not [findings for _, findings in known if findings]
    counts = compare(stack, [{}, *(values for values, _ in known)], ["hold"])
    assert counts["with the definition"] >= len(rows) and counts["too wide"] == 0


def test_determining_and_yielding_provisions() -> None:
    stack = stack_of(
        act(ORDINANCE, "ordinance", "forbids hold when request.signed", "forbids hold when !request.signed"),
        act(STATUTE, "statute", "requires hold when request.complete"),
    )
    answer = decide(stack, "hold", {})
    assert (answer.possible, answer.completions) == (("required", "forbidden"), 4)
    assert answer.determining == (f"{ORDINANCE}#1", f"{ORDINANCE}#2", f"{STATUTE}#1")
    assert {(entry.provision, entry.to, entry.always) for entry in answer.yielding} == {
        (f"{ORDINANCE}#1", f"{STATUTE}#1", False),
        (f"{ORDINANCE}#2", f"{STATUTE}#1", False),
    }
    answer = decide(stack, "hold", {"request.complete": True, "request.signed": True})
    assert (answer.possible, answer.determining) == (("required",), (f"{STATUTE}#1",))
    assert [(entry.provision, entry.always) for entry in answer.yielding] == [(f"{ORDINANCE}#1", True)]


@pytest.mark.parametrize(
    "condition",
    [
        " || ".join(f"convictions.count(c, c.days_incarcerated > {days}) >= 3" for days in range(6)),
        LEAP,
        f"{DAY} + years(1) > {DAY} + days(365)",
        "subject.age - subject.age < 1",
    ],
    ids=["too many lists", "two missing days and a year", "a day beside itself", "a number that is subtracted"],
)
def test_what_cannot_be_listed_is_refused(condition: str) -> None:
    stack = stack_of(act(ORDINANCE, "ordinance", f"forbids hold when {condition}"))
    with pytest.raises(TooManyCompletions):
        decide(stack, "hold", {})


@pytest.mark.parametrize("day", ["2015-01-30", "2015-01-31", "2015-03-31", "2015-04-30", "2016-01-29", "2016-01-30"])
@pytest.mark.parametrize("sign", ["<", "==", ">="])
def test_a_day_that_is_compared_with_itself(day: str, sign: str) -> None:
    """The truth of such a comparison can change many times as the day moves on; engines took it to change once."""
    condition = "DAY + months(1) - months(1) SIGN DAY".replace("SIGN", sign)
    stack = stack_of(
        act(ORDINANCE, "ordinance", f"forbids hold when {condition.replace('DAY', DAY)}"),
        act(
            STATUTE,
            "statute",
            f"forbids notify when convictions.exists(c, {condition.replace('DAY', 'c.convicted_on')})",
        ),
    )
    document = {"custody": {"arrested_on": day}, "convictions": [{"convicted_on": day}]}
    values, _ = read_values({DAY: day, "convictions": document["convictions"]}, stack.vocabulary, "test")
    assert compare(stack, [values], ["hold", "notify"])["too wide"] == 0
    explainer = Explainer(stack)
    answers = RequestReader(explainer.asked, "America/New_York").read(document, stack.day)
    query = select.build_query(explainer.asked, sorted(values))
    [row] = select.decide_table(query, facts_table([values], sorted(values), stack.vocabulary)).to_pylist()
    for action in ("hold", "notify"):
        possible = decide(stack, action, values).possible
        assert explainer.outcomes(answers)[action] == select.outcomes_of(row[action]) == possible
        assert Solver(stack).possible(action, values).outcomes == possible


def test_a_fault_of_precedence_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = stack_of(
        act(ORDINANCE, "ordinance", "forbids hold when request.signed"), act(STATUTE, "statute", "requires hold")
    )
    compare(stack, [{}], ["hold"])
    monkeypatch.setattr(definition, "find_prevailing", lambda effects, applying: set(applying))
    with pytest.raises(AssertionError):
        compare(stack, [{}], ["hold"])
