"""Conditions back to text and to English."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings

from comity.facts.vocabulary import FILE, read_vocabulary
from comity.finding import Place
from comity.language import syntax
from comity.language.parse import parse
from comity.language.sentence import clause, sentence
from comity.language.show import show, show_lines
from tests.language.trees import conditions

HERE = Path(__file__).parent
SMALL, FAULTS = read_vocabulary(HERE / "small")
POLICIES = HERE.parents[1] / "policies"
SHIPPED = read_vocabulary(POLICIES)[0] if (POLICIES / FILE).is_file() else SMALL


def read(text: str, variable: str = "") -> syntax.Condition:
    parsed, findings = parse(text, Place("condition", 1, 1), variable)
    assert parsed, [finding.lines() for finding in findings]
    return parsed.condition


def test_the_small_vocabulary_has_no_faults() -> None:
    assert FAULTS == []


@settings(max_examples=300, deadline=None)
@given(conditions(SHIPPED, max_depth=4))
def test_what_is_shown_reads_as_the_same_condition(condition: syntax.Condition) -> None:
    assert read(show(condition)) == condition


@settings(max_examples=200, deadline=None)
@given(conditions(SHIPPED, max_depth=4))
def test_lines_read_as_the_same_condition(condition: syntax.Condition) -> None:
    for width in (20, 88):
        assert read("\n".join(show_lines(condition, width))) == condition


@settings(max_examples=200, deadline=None)
@given(conditions(SHIPPED, max_depth=4))
def test_a_condition_and_its_contrary_are_said_differently(condition: syntax.Condition) -> None:
    said, denied = (sentence(node, SHIPPED) for node in (condition, syntax.Not(condition)))
    assert said != denied
    assert said.endswith(".") and said.count("\n") == 0 and "  " not in said
    assert sentence(syntax.Not(syntax.Not(condition)), SHIPPED) == said


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("((a.b))", "a.b"),
        ("a.b||(c.d&&e.f)", "a.b || c.d && e.f"),
        ("(a.b || c.d) && e.f", "(a.b || c.d) && e.f"),
        ("(a.b && c.d) && e.f", "(a.b && c.d) && e.f"),
        ("!(a.b) && !(a.b && c.d)", "!a.b && !(a.b && c.d)"),
        ("!!a.b", "!!a.b"),
        ("!(a.b == 1)", "!(a.b == 1)"),
        ("a.b - -5 > 3 - 1", "a.b - -5 > 3 - 1"),
        ('a.b in ["x","y",]', 'a.b in ["x", "y"]'),
        ("xs.count( c,c.d )>=params.least", "xs.count(c, c.d) >= params.least"),
        (
            'a.b-years(params.n)+days(2)<day("2014-12-14")',
            'a.b - years(params.n) + days(2) < day("2014-12-14")',
        ),
    ],
)
def test_parentheses_and_spaces_are_those_needed(written: str, shown: str) -> None:
    assert show(read(written)) == shown
    assert read(shown) == read(written)


def test_long_conditions_break_before_their_signs() -> None:
    text = (
        "request.reimbursement_agreed"
        " && !charges.exists(c, c.pending && !c.bondable && c.magistrate_found_cause)"
        " && (subject.gang_member || subject.terrorist_screening_match && subject.public_safety_risk)"
    )
    assert show_lines(read(text), 60) == [
        "request.reimbursement_agreed",
        "&& !charges.exists(c,",
        "    c.pending && !c.bondable && c.magistrate_found_cause",
        ")",
        "&& (",
        "    subject.gang_member",
        "    || (",
        "        subject.terrorist_screening_match",
        "        && subject.public_safety_risk",
        "    )",
        ")",
    ]


def test_a_short_condition_stays_on_one_line() -> None:
    assert show_lines(read("a.b && c.d"), 10) == ["a.b && c.d"]
    assert show_lines(read("a.b && c.d"), 9) == ["a.b", "&& c.d"]


def test_a_term_is_said_of_the_list_it_is_applied_to() -> None:
    condition = read("c.pending && !c.bondable", "c")
    assert clause(condition, SMALL, {"c": "charges"}) == "the charge is pending, and the charge is not open to bond"
    assert clause(condition, SMALL) == '"pending" is true of it, and "bondable" is not true of it'


def test_each_depth_has_marks_of_its_own() -> None:
    text = "subject.gang_member"
    for year in range(5):
        text = f"(request.signed && ({text} || subject.age == {year}) && subject.age < 50)"
    said = sentence(read(text), SMALL)
    marks = [word for word in said.split() if word.startswith("(") and word.endswith(")")]
    assert marks[:9] == ["(1)", "(2)", "(A)", "(i)", "(ii)", "(aa)", "(aa.1)", "(aa.2)", "(aa.2.1)"]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("count", [27, 40])
def test_long_lists_of_grounds_are_numbered_throughout(count: int) -> None:
    grounds = " || ".join(f"subject.age == {year}" for year in range(count))
    said = sentence(read(f"request.signed && ({grounds})"), SMALL)
    assert f"or ({'AA' if count == 27 else 'AN'}) the person's age is {count - 1} years." in said


def holds(condition: syntax.Condition, truths: dict[str, bool]) -> bool:
    match condition:
        case syntax.Fact(path):
            return truths[path]
        case syntax.Not(body):
            return not holds(body, truths)
        case syntax.And(parts):
            return all(holds(part, truths) for part in parts)
        case syntax.Or(parts):
            return any(holds(part, truths) for part in parts)
    raise AssertionError(show(condition))


def test_no_sentence_can_be_read_in_two_ways() -> None:
    paths = ("request.signed", "subject.gang_member", "subject.terrorist_screening_match")
    facts = [syntax.Fact(path) for path in paths]
    pairs = [join(two) for join in (syntax.And, syntax.Or) for two in product(facts, repeat=2)]
    inner = [*facts, *pairs, *(syntax.Not(node) for node in (*facts, *pairs))]
    outer = [join(two) for join in (syntax.And, syntax.Or) for two in product(inner, repeat=2)]
    rows = [dict(zip(paths, row, strict=True)) for row in product((True, False), repeat=3)]
    meaning: dict[str, list[bool]] = {}
    for condition in (*inner, *outer, *(syntax.Not(node) for node in outer)):
        table = [holds(condition, row) for row in rows]
        assert meaning.setdefault(sentence(condition, SMALL), table) == table, show(condition)
    assert len(meaning) > 1000
