"""How the work of a check grows with the provisions of a law file: in counted steps, which are the same on every machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from comity.authoring.required_claims import STEPS_MAX
from comity.claims import claims
from comity.claims.boundaries import _neighbour
from comity.claims.case_values import CaseValues
from comity.claims.effect_index import EffectIndex
from comity.claims.prover import Prover
from comity.engine.questions.bounds import TooLarge
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.questions import questions
from comity.facts.kinds import KnownList
from comity.language import syntax
from comity.law.in_force import Stack
from comity.law.instrument import DUTIES
from tests.law.small_law import act, stack_of, vocabulary

SIZES = (100, 200, 400)
OFFENSES = ("homicide", "kidnapping", "robbery", "arson", "burglary", "theft", "stalking", "carjacking")
ACTIONS = ("hold", "notify", "transfer", "interview", "share_status")


def recent(at: int) -> str:
    offense, span = OFFENSES[at % 8], f"days({1 + at // 8})"
    return f'convictions.exists(c, c.offense == "{offense}" && c.convicted_on >= decision.on - {span})'


def inside(at: int) -> str:
    return f"convictions.exists(c, c.days_incarcerated > {at})"


def old(at: int) -> str:
    return f"subject.age >= {at}"


def counted(at: int) -> str:
    return f'convictions.count(c, c.offense == "{OFFENSES[at % 8]}") >= {1 + at // 8}'


def in_two_parts(at: int) -> str:
    grade = ("felony", "misdemeanor")[at // 8 % 2]
    return (
        f'convictions.exists(c, c.offense == "{OFFENSES[at % 8]}" && c.grade == "{grade}" '
        f"&& c.days_incarcerated >= {1 + at // 16})"
    )


FAMILIES = (recent, inside, old, counted, in_two_parts)


def law_of(when: Callable[[int], str], count: int, actions: int, kinds: tuple[str, str]) -> Stack:
    effects = (f"{kinds[at % 2]} {ACTIONS[at % actions]} when {when(at)}" for at in range(count))
    return stack_of(act("us/fl/miami-dade/ordinance", "ordinance", *effects))


def grows_about_linearly(work: list[int]) -> bool:
    """Whether doubled provisions take about twice the work; small amounts may double once more."""
    return all(after <= 2.6 * before + 500 for before, after in zip(work, work[1:], strict=False))


@pytest.mark.parametrize("when", FAMILIES, ids=lambda when: when.__name__)
@pytest.mark.parametrize("actions", [1, 5])
def test_the_joins_of_diagrams_grow_with_the_provisions(when: Callable[[int], str], actions: int) -> None:
    work = []
    for size in SIZES:
        diagrams = Diagrams(questions(law_of(when, size, actions, ("forbids", "permits"))))
        for action in ACTIONS[:actions]:
            diagrams.of_action(action)
        work.append(diagrams.joins)
    assert grows_about_linearly(work), work


@pytest.mark.parametrize("when", FAMILIES, ids=lambda when: when.__name__)
@pytest.mark.parametrize("kinds", [("forbids", "permits"), ("requires", "forbids")], ids="-".join)
def test_the_steps_of_proofs_grow_with_the_provisions(when: Callable[[int], str], kinds: tuple[str, str]) -> None:
    """What no budget cuts short. Every provision and action is settled."""
    tried, read, formulas = list[int](), list[int](), list[int]()
    for size in SIZES:
        prover = Prover(law_of(when, size, 1, kinds), any_day=True, steps_max=STEPS_MAX)
        verdicts = [*claims.live(prover, examples=False), *claims.unambiguous(prover)]
        if when is not counted:  # more than a hundred records are left to the solver, within its budget
            assert all(verdict.holds is not None for verdict in verdicts)
        tried.append(sum(index.tried for index in prover.cached_duties.values()))
        read.append(prover.atoms_read)
        formulas.append(prover.solver.effort.of_formulas // 1_000)
    assert grows_about_linearly(tried), tried
    assert read[-1] <= 150_000 + 10 * SIZES[-1], read
    assert formulas[-1] <= STEPS_MAX // 1_000, formulas


@pytest.mark.parametrize("when", FAMILIES, ids=lambda when: when.__name__)
@pytest.mark.parametrize("kinds", list(product(("forbids", "requires"), ("permits", "forbids"))), ids="-".join)
def test_what_is_seen_plainly_is_what_the_solver_says(when: Callable[[int], str], kinds: tuple[str, str]) -> None:
    stack = law_of(when, 24, 2, kinds)
    plainly = [*claims.live(Prover(stack, any_day=True), examples=False)]
    by_solver = [*claims.live(Prover(stack, any_day=True))]
    assert [(verdict.about, verdict.holds) for verdict in plainly] == [
        (verdict.about, verdict.holds) for verdict in by_solver
    ]


def test_no_duty_that_prevails_is_left_out_of_the_candidates() -> None:
    effects = [f"forbids hold when {when(at)}" for when in FAMILIES for at in range(20)]
    joined = (" && ", " || ")
    effects += [
        f"requires hold when {one(at)}{joined[at % 2]}{other(at + 1)}" for one in FAMILIES for other in FAMILIES
        for at in range(3)
    ]  # fmt: skip
    stack = stack_of(act("us/fl/miami-dade/ordinance", "ordinance", *effects))
    prover = Prover(stack, any_day=True)
    duties = [index for index, effect in enumerate(stack.standing) if effect.kind in DUTIES]
    index, seen = EffectIndex(stack, duties), 0
    for at in duties:
        values = {**prover.stack.facts, **prover.built(at)}
        plain, candidates = prover.plain(values), {*index.candidates(values)}
        applying = {duty for duty in duties if plain.applies(duty) is not False}
        assert applying <= candidates
        seen += len(candidates)
    assert seen < len(duties) ** 2 / 2


def test_a_boundary_is_compared_with_the_cases_beside_it_alone() -> None:
    for size in SIZES:
        ages = [{"subject.age": age} for age in range(size)]
        values = CaseValues(ages, vocabulary())
        for age in range(size):
            values.near(syntax.Compare(">=", syntax.Fact("subject.age"), syntax.Integer(age)), "")
        assert values.compared <= 3 * size


def test_the_neighbours_of_a_boundary_are_all_among_the_values_beside_it() -> None:
    days = [date(2016, 1, 1), date(2016, 2, 28), date(2016, 2, 29), date(2016, 3, 1), date(2020, 2, 29)]
    cases = [
        {"decision.on": on, "convictions": KnownList(({"convicted_on": then},))}
        for on in days
        for then in (date(2011, 2, 28), date(2011, 3, 1), date(2015, 2, 28), date(2015, 12, 31), date(2016, 2, 29))
    ]
    values = CaseValues(cases, vocabulary())  # type: ignore[arg-type]
    field, on = syntax.Field("it", "convicted_on"), syntax.Fact("decision.on")
    found = 0
    for unit, number, minus, sign in product(
        ("days", "months", "years"), (0, 1, 2, 5, 12, 365), (True, False), ("<", ">=", ">", "<=", "==")
    ):
        for asked in (
            syntax.Compare(sign, field, syntax.Shift(on, unit, syntax.Integer(number), minus)),  # type: ignore[arg-type]
            syntax.Compare(sign, syntax.Shift(field, unit, syntax.Integer(number), minus), on),  # type: ignore[arg-type]
        ):
            near = [*map(id, values.near(asked, "convictions"))]
            beside = [id(known) for known in values.of("convictions") if _neighbour(asked, known) is not None]
            assert {*beside} <= {*near}
            found += len(beside)
    assert found


def test_a_stack_within_the_bounds_of_a_check_is_refused_beyond_them() -> None:
    asked = questions(law_of(in_two_parts, 50, 1, ("forbids", "permits")))
    Diagrams(asked, 10_000).of_action("hold")
    with pytest.raises(TooLarge):
        Diagrams(asked, 10).of_action("hold")
