"""What the checker finds: golden files, each a condition and after a line `---` its findings.

The terms `grave` and `violent(c)`, which reads `offense` and `grade`, and the param `least` are known to it.
`COMITY_ACCEPT=1 python -m pytest tests/language/test_check.py` rewrites the expected parts.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings

from comity.facts import kinds
from comity.facts.vocabulary import read_vocabulary
from comity.finding import Finding, Place, grave
from comity.language.check import Known, check
from comity.language.kinding import TermShape
from comity.language.parse import parse
from comity.language.show import show
from comity.language.syntax import Condition
from tests.language.trees import conditions

HERE = Path(__file__).parent
VOCABULARY = read_vocabulary(HERE.parents[1] / "policies")[0]
SMALL = read_vocabulary(HERE / "small")[0]
TERMS = {"grave": TermShape(False), "violent": TermShape(True, frozenset({"offense", "grade"}))}
KNOWN = Known(VOCABULARY, TERMS, {"least": kinds.Number()})
LINE = "---\n"
FILES = sorted((HERE / "checked").glob("*.txt"))


def found(source: str, name: str, known: Known = KNOWN) -> list[Finding]:
    parsed, findings = parse(source.rstrip("\n"), Place(name, 1, 1))
    assert parsed and not findings, [finding.lines() for finding in findings]
    return check(parsed, known)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_checked(path: Path) -> None:
    source, line, expected = path.read_text(encoding="utf-8").partition(LINE)
    actual = "".join(finding.lines() + "\n" for finding in found(source, path.name))
    if os.environ.get("COMITY_ACCEPT") == "1":
        path.write_text(source + LINE + actual, encoding="utf-8", newline="\n")
    else:
        assert line and actual == expected


def test_every_file_but_one_has_a_finding() -> None:
    silent = [path.stem for path in FILES if not path.read_text(encoding="utf-8").partition(LINE)[2]]
    assert silent == ["nothing_wrong"]


@given(conditions(SMALL))
@settings(max_examples=150)
def test_what_is_of_the_right_kinds_has_no_grave_finding(condition: Condition) -> None:
    text = show(condition)
    assert not grave(found(text, "generated", Known(SMALL, {}, {}))), text


@given(conditions(SMALL))
@settings(max_examples=100)
def test_names_of_another_vocabulary_are_findings_and_never_raise(condition: Condition) -> None:
    nothing = Known(read_vocabulary(HERE / "no-such-folder")[0], {}, {})
    text = show(condition)
    assert grave(found(text, "generated", nothing)) or "." not in text


def test_asked_stands_only_where_an_action_is_asked_for() -> None:
    parsed, _ = parse("asked", Place("term", 1, 1))
    assert parsed and [finding.code for finding in check(parsed, KNOWN, actions=False)] == ["asked"]


def test_a_term_of_a_record_is_checked_on_its_list() -> None:
    parsed, _ = parse('c.offense == "robery"', Place("term", 1, 1), "c")
    assert parsed and [finding.code for finding in check(parsed, KNOWN, "c", "convictions")] == ["unknown-choice"]
