"""The fixed words of the pages in each language: tables by the English words, several files for each language by subject."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from comity.finding import Finding, Place, grave, phrase
from comity.yamltext import read_yaml

FOLDER = Path(__file__).parent / "words"
NAMES = {"en": "English", "es": "Español", "ht": "Kreyòl ayisyen"}


@cache
def words_of(language: str) -> dict[str, str]:
    """The words of a language by the English ones; empty for English. Raises `ValueError` where its tables cannot be read."""
    words: dict[str, str] = {}
    if language == "en":
        return words
    findings: list[Finding] = []
    for path in sorted((FOLDER / language).glob("*.yaml")):
        name = f"{language}/{path.name}"
        table, found = read_yaml(path.read_text(encoding="utf-8"), name)
        findings += grave(found)
        if not isinstance(table, dict):
            findings.append(Finding("not-words", Place(name), phrase("is no table of words")))
            continue
        twice = [english for english in table if english in words]
        findings += [Finding("twice", Place(name, line=key.line), phrase("translates {} again", key)) for key in twice]
        words |= {str(english): str(text) for english, text in table.items()}
    if findings:
        raise ValueError("; ".join(f"{finding.place}: {finding.message}" for finding in findings))
    return words


def translate(language: str, english: str, **values: Any) -> str:
    """Fixed words in a language, with values at their places in braces; English where a language lacks them."""
    words = words_of(language).get(english, english)
    return words.format(**values) if values else words


def script_words(language: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The words that a script shows, by the key by which it asks for them: `pairs` are keys and English words.

    A template writes the table into the page, as JSON of a data attribute or of a script element, where the script reads it.
    """
    return {key: translate(language, english) for key, english in pairs}
