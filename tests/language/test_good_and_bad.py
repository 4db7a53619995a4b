"""Golden files: each holds a condition and, after a line `---`, what is expected of it.

good/: what `show` writes, then the sentence in the words of `small/vocabulary.yaml`. bad/: the findings.
`COMITY_ACCEPT=1 python -m pytest tests/language/test_good_and_bad.py` rewrites the expected parts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.facts.vocabulary import read_vocabulary
from comity.finding import Place
from comity.language.parse import parse
from comity.language.sentence import sentence
from comity.language.show import show, show_lines

HERE = Path(__file__).parent
VOCABULARY = read_vocabulary(HERE / "small")[0]
LINE = "---\n"
GOOD = sorted((HERE / "good").glob("*.txt"))
BAD = sorted((HERE / "bad").glob("*.txt"))


def named(path: Path) -> str:
    return path.stem


def agrees(path: Path, output: Callable[[str, Place], str]) -> None:
    source, line, expected = path.read_text(encoding="utf-8").partition(LINE)
    actual = output(source, Place(path.name, 1, 1)) + "\n"
    if os.environ.get("COMITY_ACCEPT") == "1":
        path.write_text(source + LINE + actual, encoding="utf-8", newline="\n")
    else:
        assert line and actual == expected


def shown_and_said(source: str, place: Place) -> str:
    parsed, findings = parse(source, place)
    assert parsed and not findings, [finding.lines() for finding in findings]
    return f"{show(parsed.condition)}\n{sentence(parsed.condition, VOCABULARY)}"


def faults(source: str, place: Place) -> str:
    parsed, findings = parse(source, place)
    assert parsed is None
    return "\n".join(finding.lines() for finding in findings)


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_good(path: Path) -> None:
    agrees(path, shown_and_said)


@pytest.mark.parametrize("path", BAD, ids=named)
def test_bad(path: Path) -> None:
    agrees(path, faults)


def test_there_are_golden_files() -> None:
    assert len(GOOD) >= 15 and len(BAD) >= 25


@pytest.mark.parametrize("opening", ["(", "!"])
def test_nesting_beyond_the_bound_is_a_finding(opening: str) -> None:
    closing = ")" if opening == "(" else ""
    text = opening * 101 + "request.signed" + closing * 101
    assert "nested more than 100 deep" in faults(text, Place("deep", 1, 1))
    assert "nested more than 100 deep" in faults(opening * 100_000, Place("deeper", 1, 1))


def test_the_deepest_condition_that_is_read_is_also_shown_and_said() -> None:
    text = "!" * 97 + "request.signed"
    parsed, _ = parse(text, Place("deep", 1, 1))
    assert parsed and show(parsed.condition) == text and show_lines(parsed.condition, 20) == [text]
    assert sentence(parsed.condition, VOCABULARY) == "It is not so that the request is signed."
