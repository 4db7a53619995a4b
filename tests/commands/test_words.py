"""`comity words`: what an officer or a programmer finds by a word."""

from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.api import load
from comity.intake.words import FOUND_MAX, Word, search_words, words_of
from tests.commands.running import run

LIBRARY = load()


def words(text: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run(f"words {shlex.quote(text)} --json").stdout)["words"]
    return found


def test_without_a_word_it_lists_the_sections() -> None:
    result = run("words")
    assert result.exit_code == 0 and "convictions    each conviction, in a list" in result.stdout


@pytest.mark.parametrize(
    ("text", "first", "of"),
    [
        ("robbery", "robbery", "convictions -> offense, charges -> offense"),
        ("I-247A", "i247a", "request.form"),
        ("Harris County, Texas", "us/tx/harris", ""),
        ("citizenship", "subject.citizenship", ""),
        ("request.warrants", "request.warrants", ""),
        ("DWI", "dui", "convictions -> offense, charges -> offense"),
        ("murder", "homicide", "convictions -> offense, charges -> offense"),
        ("I247A", "i247a", "request.form"),
        ("Form I-247A", "i247a", "request.form"),
        ("Border Patrol", "cbp", "request.issuer"),
    ],
)
def test_the_best_word_comes_first(text: str, first: str, of: str) -> None:
    found = words(text)[0]
    assert (found["word"], found["of"]) == (first, of)


def test_a_fact_is_shown_with_its_question_and_its_choices() -> None:
    page = run("words subject.citizenship").stdout
    assert "Does the person claim, or have proof of" in page and "Choices: none_claimed, us_claimed" in page


def test_an_ambiguous_word_finds_each_choice_that_it_may_mean() -> None:
    found = [word["word"] for word in words("assault")]
    assert {"aggravated_assault", "assault_other", "simple_assault"} <= {*found[:5]}
    assert "May mean this or another choice: assault, battery" in run("words simple_assault").stdout


def test_what_nothing_is_called_is_said() -> None:
    assert "Nothing is called that" in run("words zzzz").stdout and words("zzzz") == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(words_of(LIBRARY.vocabulary))))
def test_every_word_is_found_by_its_own_name(word: Word) -> None:
    assert word in search_words(word.word, LIBRARY).words


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_finds_a_bounded_number(text: str) -> None:
    assert len(search_words(text, LIBRARY).words) <= FOUND_MAX
