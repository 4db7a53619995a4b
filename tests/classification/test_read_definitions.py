"""Reading definitions: those that ship are whole, and every fault is a finding with its place and what would be right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.classification.definition import Definition
from comity.classification.read_definitions import read_definition, read_definitions
from comity.finding import Finding
from tests.law.small_law import gazetteer, vocabulary

SHIPPED, FINDINGS = read_definitions([Path(__file__).parents[2] / "definitions"], vocabulary(), gazetteer())
IDS = """def-agmemo2017 def-bondi2025 def-cis def-ddor2017 def-dhs-2025-05-29 def-doj-2025-08-05 def-eo13768
def-eo13768-designated def-eo13768-enforcement def-eo14159 def-eo14287 def-fl-908.102(6) def-ga-36-80-23 def-ia-27A.4
def-ilrc-15 def-ilrc-7 def-la-33:81 def-nc def-nosfca def-oig2016 def-tn-7-68-102 def-tx-752.053""".split()
FRONT = "title: One\nby: somebody\nevidence: verified\n"
HOLDS = "name: holds\nsome: hold\noutcome: forbidden\nwhen: asked"


def file(*criteria: str, meets: str = "holds", front: str = FRONT) -> str:
    blocks = [
        f"## {number} One\n\nPlain words.\n\n```yaml criterion\n{criterion}\n```\n"
        for number, criterion in enumerate(criteria, 1)
    ]
    joined = f"meets: {meets}\n" if meets else ""
    return f"---\n{front}{joined}---\nWords.\n\n" + "\n".join(blocks)


def read(text: str) -> tuple[Definition | None, list[Finding]]:
    return read_definition(text, "one.md", "def-one", vocabulary(), gazetteer())


def test_those_that_ship_have_no_findings() -> None:
    assert [finding.line() for finding in FINDINGS] == []


def test_every_one_ships_under_its_own_id() -> None:
    assert [*SHIPPED] == IDS


def test_each_says_what_it_asks_in_plain_words_and_where_that_is_from() -> None:
    for definition in SHIPPED.values():
        assert definition.title and definition.by and definition.summary and definition.sources, definition.id
        assert all(criterion.plain.endswith(".") for criterion in definition.criteria.values()), definition.id


def test_a_definition_is_read_whole() -> None:
    oig = SHIPPED["def-oig2016"]
    assert oig.in_use(date(2016, 5, 30)) is False and oig.in_use(date(2016, 5, 31)) is True
    assert oig.criteria["sampled"].places[-1] == "us/ny/new-york-city" and len(oig.criteria["sampled"].places) == 10
    assert oig.criteria["limits_detainers"].actions == ("hold", "notify", "share_status")


def test_where_its_days_are_uncertain_whether_it_was_in_use_is_not_known() -> None:
    ddor = SHIPPED["def-ddor2017"]
    days = [date(2017, 3, 19), date(2017, 3, 20), date(2017, 4, 1), date(2017, 4, 12), date(2017, 4, 13)]
    assert [ddor.in_use(day) for day in days] == [False, True, None, None, False]


def test_a_term_stands_for_what_it_means_wherever_it_is_defined() -> None:
    block = "```yaml define\npaid: request.reimbursement_agreed\n```\n"
    before, none = read(file("name: holds\nsome: hold\noutcome: forbidden\nwhen: request.reimbursement_agreed"))
    after, findings = read(file("name: holds\nsome: hold\noutcome: forbidden\nwhen: paid") + block)
    assert before and after and not findings and not none
    assert after.criteria["holds"].when == before.criteria["holds"].when


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (file(HOLDS, front=FRONT + "colour: red\n"), "unknown-key", 'one.md:5:1: there is no key "colour" here'),
        (file(HOLDS + "\nwhn: asked"), "unknown-key", 'one.md:18:1: there is no key "whn" here; did you mean "when"?'),
        (
            file(HOLDS, meets="hold"),
            "unknown-criterion",
            'one.md:5:8: there is no criterion "hold" here; did you mean "holds"?',
        ),
        (
            file(HOLDS, meets="holds && subject.age > 3"),
            "meets",
            "one.md:5:17: only names of criteria can be joined here",
        ),
        (file(HOLDS, meets=""), "meets", "one.md:1:1: nothing says when this definition is met"),
        (
            file("name: holds\nsome: hold\noutcome: forbidden\nwhen: |\n  asked && request.sined"),
            "unknown-fact",
            'one.md:18:12: there is no fact "request.sined"; did you mean "request.signed"?',
        ),
        (
            file("name: holds\nsome: hld\noutcome: forbidden"),
            "unknown-action",
            'one.md:15:1: "hld" is no action; did you mean "hold"?',
        ),
        (file("name: holds\nsome: hold"), "missing-key", 'one.md:13:1: the key "outcome" is missing'),
        (file("name: holds\nsome: hold\noutcome: forbiden"), "unknown-choice", 'did you mean "forbidden"?'),
        (
            file("name: holds\nlisted: [us/fl/miami-dad]"),
            "unknown-place",
            'one.md:15:10: there is no place "us/fl/miami-dad"',
        ),
        (file(HOLDS, front=FRONT + "within: us/f1\n"), "unknown-place", 'one.md:5:9: there is no place "us/f1"'),
        (file("name: holds"), "criterion", "one.md:13:1: this criterion says nothing that must be shown"),
        (file("name: holds\nsome: hold\nbeyond: much"), "criterion", "says more than one thing"),
        (file(HOLDS, HOLDS), "doubled-criterion", 'one.md:25:7: the criterion "holds" is defined twice'),
        (file(HOLDS, "name: more\nbeyond: a fact"), "unused-criterion", 'the criterion "more" is not used'),
        (
            file(HOLDS, meets="", front=FRONT + "score: {of: [holds], at_least: 2}\n"),
            "score",
            "at_least is 2, of 1 criteria",
        ),
        (file(HOLDS).replace("## 1 One", "## One"), "no-heading", "this criterion is under no numbered heading"),
        (file(HOLDS).replace("yaml criterion", "yaml provision"), "block", 'there is no block "yaml provision"'),
    ],
)
def test_a_fault_is_a_finding_that_says_where_and_what_would_be_right(text: str, code: str, message: str) -> None:
    found = [finding for finding in read(text)[1] if finding.code == code]
    assert found and message in found[0].line(), [finding.line() for finding in read(text)[1]]


def test_a_later_folder_lies_over_an_earlier_one(tmp_path: Path) -> None:
    for name, title in (("first", "One"), ("second", "Two")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "def-one.md").write_text(file(HOLDS, front=FRONT.replace("One", title)), encoding="utf-8")
    definitions, findings = read_definitions([tmp_path / "first", tmp_path / "second"], vocabulary(), gazetteer())
    assert not findings and [definition.title for definition in definitions.values()] == ["Two"]


def test_likeness_to_what_does_not_exist_and_in_a_circle_is_found(tmp_path: Path) -> None:
    for name, like in (("def-a", "def-b"), ("def-b", "def-a#holds"), ("def-c", "def-a#hold"), ("def-d", "def-e")):
        (tmp_path / f"{name}.md").write_text(file(f"name: holds\nas: {like}"), encoding="utf-8")
    found = [
        f"{finding.code}: {finding.message}; {finding.help}"
        for finding in read_definitions([tmp_path], vocabulary(), gazetteer())[1]
    ]
    assert found == [
        "circle: def-a refers to def-b, which refers back to def-a; ",
        "circle: def-b refers to def-a#holds, which refers back to def-b; ",
        'unknown-definition: there is no definition or criterion "def-a#hold"; did you mean "def-a#holds"?',
        'unknown-definition: there is no definition or criterion "def-e"; did you mean "def-d"?',
    ]


def test_two_files_with_one_id_are_found(tmp_path: Path) -> None:
    for name in ("def-a", "def-b"):
        (tmp_path / f"{name}.md").write_text(file(HOLDS, front=FRONT + "id: def-x\n"), encoding="utf-8")
    assert [finding.code for finding in read_definitions([tmp_path], vocabulary(), gazetteer())[1]] == [
        "doubled-definition"
    ]


@settings(max_examples=100)
@given(st.text(alphabet="-ab:#` \n&|![]{}>holdsmeyc", max_size=200))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    read(text)
    read(file(text, meets=text.replace("\n", " ") or "x"))
