"""The fixed words of the pages in each language: a table for each, by the English words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from comity.finding import Finding, Place, grave, phrase
from comity.yamltext import read_yaml

FOLDER = Path(__file__).parent / "words"
NAMES = {"en": "English", "es": "Español", "ht": "Kreyòl ayisyen"}


@cache
def words_of(language: str) -> dict[str, str]:
    """The words of a language by the English ones; empty for English. Raises `ValueError` where its table cannot be read."""
    if language == "en":
        return {}
    path = FOLDER / f"{language}.yaml"
    table, findings = read_yaml(path.read_text(encoding="utf-8"), path.name)
    if not isinstance(table, dict) or grave(findings):
        findings = findings or [Finding("not-words", Place(path.name), phrase("is no table of words"))]
        raise ValueError("; ".join(str(finding) for finding in findings))
    return {str(english): str(words) for english, words in table.items()}


def translate(language: str, english: str, **values: Any) -> str:
    """Fixed words in a language, with values at their places in braces; English where a language lacks them."""
    words = words_of(language).get(english, english)
    return words.format(**values) if values else words
