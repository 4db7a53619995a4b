"""The words of the pages in Spanish and Haitian Creole: complete, with the same placeholders, and none that nothing uses."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest

from comity.session import open_folders
from comity.site import words
from comity.site.words import NAMES, script_words, translate, words_of
from tests.site.words_in_use import VARIABLES, made_by_python, variables, written_by_templates

OTHERS = tuple(code for code in NAMES if code != "en")
LIBRARY = open_folders(()).library
IN_USE = {*written_by_templates(), *made_by_python(LIBRARY.vocabulary)}


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    assert len(IN_USE) > 700
    assert sorted(IN_USE - set(words_of(language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_else_is_translated(language: str) -> None:
    assert sorted(set(words_of(language)) - IN_USE) == []


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_and_spaces_at_the_ends_stay(language: str) -> None:
    changed = [
        (english, text)
        for english, text in words_of(language).items()
        if fields(english) != fields(text)
        or (english[:1] == " ", english[-1:] == " ") != (text[:1] == " ", text[-1:] == " ")
        or not text.strip()
    ]
    assert changed == []


@pytest.mark.parametrize("language", OTHERS)
def test_questions_stay_questions_and_sentences_stay_sentences(language: str) -> None:
    """A question mark, a colon or a full stop at the end is kept, so that texts still join."""
    ends = "?.:"
    changed = {
        en: text
        for en, text in words_of(language).items()
        if (en[-1] in ends or text[-1] in ends) and en[-1] != text[-1]
    }
    assert changed == {}


def test_the_files_of_each_language_have_the_same_subjects_and_texts() -> None:
    files = {code: {path.name for path in (words.FOLDER / code).iterdir()} for code in OTHERS}
    assert len(set(map(frozenset, files.values()))) == 1
    assert all(words_of(code).keys() == words_of(OTHERS[0]).keys() for code in OTHERS)


def test_no_place_is_called_like_a_fixed_word() -> None:
    """Titles are translated too, and the title of a place is its name."""
    assert not {place.name for place in LIBRARY.gazetteer.places.values()} & IN_USE


def test_templates_translate_no_variable_whose_texts_are_not_known() -> None:
    assert variables() == VARIABLES


def test_a_script_gets_its_words_by_key() -> None:
    assert script_words("es", [("yes", "Yes"), ("no", "No")]) == {"yes": "Sí", "no": "No"}
    assert script_words("en", [("yes", "Yes")]) == {"yes": "Yes"}


def test_values_fill_the_places_in_braces() -> None:
    assert translate("ht", "{count} counties", count="3,144") == "3,144 konte"
    assert translate("es", "A text that nothing translates") == "A text that nothing translates"


def test_a_text_that_two_files_translate_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xx").mkdir()
    for name in ("one", "two"):
        (tmp_path / "xx" / f"{name}.yaml").write_text("Yes: Ja\n", encoding="utf-8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="xx/two.yaml:1: translates Yes again"):
        words_of("xx")
