"""Facts as people read them: `Form I-200, issued by an immigration officer, signed`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.desk.events import StatedFact
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary

SOURCE_WORDS = {
    "typed": "typed in", "form_field": "read from the form", "pasted": "pasted", "api": "sent by another system",
    "place": "known of the place",
}  # fmt: skip
PERHAPS_MORE = "and perhaps more"


def answer_in_words(vocabulary: Vocabulary, path: str, value: Any) -> str:
    """The answer to the question of a fact."""
    entry = vocabulary.entries.get(path)
    words = entry.words if entry else {}
    match value:
        case bool():
            return "Yes" if value else "No"
        case str():
            return words.get(value, value)
        case list():
            return "; ".join(_member(vocabulary, path, member) for member in value) or "none"
        case {"partial": list(members)}:
            return f"{answer_in_words(vocabulary, path, members)}, {PERHAPS_MORE}"
    return str(value)


def _member(vocabulary: Vocabulary, path: str, member: Any) -> str:
    """One member of a set, or one record of a list."""
    if isinstance(member, dict):
        names = sorted(member, key=lambda name: vocabulary.order.get(f"{path}[].{name}", 0))
        parts = (_field(vocabulary, f"{path}[].{name}", name, member[name]) for name in names)
        return ", ".join(parts) or "one of which nothing is known"
    return answer_in_words(vocabulary, path, member)


def _field(vocabulary: Vocabulary, path: str, name: str, value: Any) -> str:
    entry = vocabulary.entries.get(path)
    label = name.replace("_", " ")
    if isinstance(value, bool):
        return label if value else f"not {label}"
    words = answer_in_words(vocabulary, path, value)
    if entry and isinstance(entry.kind, kinds.Choice):
        return f"issued by {words}" if name == "issuer" else words
    return f"{label} {words}"


def facts_in_words(vocabulary: Vocabulary, facts: Mapping[str, StatedFact]) -> list[tuple[str, str]]:
    """The question and the answer of each fact, in the order of the vocabulary."""
    ordered = sorted(facts, key=lambda path: vocabulary.order.get(path, len(vocabulary.order)))
    entries = vocabulary.entries
    return [
        (entries[path].question if path in entries else path, answer_in_words(vocabulary, path, facts[path].value))
        for path in ordered
    ]
