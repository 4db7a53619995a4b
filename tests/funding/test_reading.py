"""Reading conditions on federal money: those that ship are whole, and every fault is a finding that says what would be right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from comity.finding import Finding
from comity.funding.at_stake import read_money
from comity.funding.condition import ELEMENTS, Condition
from comity.funding.read_conditions import read_condition
from comity.law.cache import load

LIBRARY, _ = load()
MONEY, FINDINGS = read_money((), LIBRARY)
FRONT = "title: One\nby: somebody\nimposed_by: executive\ndemand: notice\ndemands: Give notice.\nprogrammes: [cops]\nevidence: verified\n"
SILENT = "name: silent\nrule_against: notify\nwhen: asked"
POINT = "element: related\nspeaks: for\nsource: a newspaper\nevidence: partly"


def file(front: str = FRONT, criterion: str = SILENT, point: str = POINT, said: str = "It is for police.\n\n") -> str:
    return (
        f"---\n{front}breached_by: silent\n---\nWords.\n\n## 1 One\n\nPlain words.\n\n```yaml criterion\n{criterion}\n```\n\n"
        f"## 2 Two\n\n{said}```yaml point\n{point}\n```\n"
    )


def read(text: str) -> tuple[Condition | None, list[Finding]]:
    return read_condition(text, source="one.md", id="one", library=LIBRARY, programmes=MONEY.programmes)


def test_those_that_ship_have_no_findings() -> None:
    assert [finding.line() for finding in FINDINGS] == [] and MONEY.conditions


@pytest.mark.parametrize("id", MONEY.conditions)
def test_each_says_what_it_demands_and_each_point_has_its_source(id: str) -> None:
    condition = MONEY.conditions[id]
    assert (
        condition.demands.endswith(".")
        and condition.breach.summary
        and condition.breach.sources
        and condition.programmes
    )
    assert all(point.plain.endswith(".") and point.source for point in condition.points)


@pytest.mark.parametrize("id", [id for id, condition in MONEY.conditions.items() if condition.put_by])
def test_no_point_could_be_known_before_what_it_speaks_of(id: str) -> None:
    """Each is dated: else a page of an earlier day would show what nobody could know."""
    assert all(point.since > date(1789, 1, 1) for point in MONEY.conditions[id].points)


def test_every_element_has_its_question_and_its_decisions() -> None:
    assert {measure.element for measure in MONEY.measures} == {*ELEMENTS}
    assert all(measure.asks.endswith("?") and measure.source.source for measure in MONEY.measures)
    assert [(measure.percent, measure.source.source[:4]) for measure in MONEY.measures if measure.percent] == [
        (5, "Sout"),
        (10, "Nati"),
    ]


def test_a_condition_is_read_whole() -> None:
    condition, findings = read(file())
    assert condition and not findings
    assert (condition.demand, condition.maker, condition.programmes, condition.put_by, condition.proposed) == (
        "notice",
        "executive",
        ("cops",),
        "",
        None,
    )
    point = condition.points[0]
    assert (point.element, point.leaning, point.plain, point.source) == (
        "related",
        "for",
        "It is for police.",
        "a newspaper",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (file(FRONT.replace("[cops]", "[copz]")), 'there is no programme "copz"; did you mean "cops"?'),
        (file(FRONT.replace("programmes: [cops]\n", "")), "the condition names no programmes that it is imposed on"),
        (file(FRONT.replace("demand: notice", "demand: notise")), 'demand cannot be "notise"; did you mean "notice"?'),
        (
            file(FRONT.replace("imposed_by: executive\n", "")),
            'the key "imposed_by" is missing; one of congress, executive',
        ),
        (file(FRONT.replace("demands: Give notice.\n", "")), 'the key "demands" is missing'),
        (
            file(FRONT + "put_by: us/eo13768#11\n"),
            'there is no provision "us/eo13768#11"; did you mean "us/eo13768#1"?',
        ),
        (file(FRONT + "meets: silent\n"), 'there is no key "meets" here'),
        (file(FRONT + "proposed: 2017-06-31\n"), 'proposed is "2017-06-31", which is no day'),
        (file(point=POINT.replace("related", "relation")), 'element cannot be "relation"; did you mean "related"?'),
        (file(point=POINT.replace("source: a newspaper\n", "")), 'the key "source" is missing'),
        (file(said=""), "this point has no text; write it as a sentence above the block"),
        (
            file(criterion="name: silent\nrule_against: notifi\nwhen: asked"),
            '"notifi" is no action; did you mean "notify"?',
        ),
        (file(criterion="name: loud\nrule_against: notify\nwhen: asked"), 'there is no criterion "silent" here'),
    ],
)
def test_a_fault_says_what_would_be_right(text: str, says: str) -> None:
    _, findings = read(text)
    assert any(says in finding.line() for finding in findings), [finding.line() for finding in findings]


def test_a_criterion_may_lean_on_a_definition_and_on_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "conditions"
    folder.mkdir()
    (folder / "one.md").write_text(file(criterion="name: silent\nas: def-cis"), encoding="utf-8")
    (folder / "two.md").write_text(file(criterion="name: silent\nas: def-cys"), encoding="utf-8")
    money, findings = read_money([tmp_path], LIBRARY)
    assert "one" in money.conditions
    assert [finding.code for finding in findings] == ["unknown-definition"] and "def-cis" in findings[0].help
