"""The page of facts: every fact that a condition may ask about, with its question, its values and an example condition."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_page import table

from comity.facts import kinds
from comity.facts.request import DERIVED_DAYS
from comity.facts.vocabulary import Entry, Vocabulary
from comity.law.library import Library

MEMBERS_MAX = 30  # a longer list has a page of its own
OPENING = """# Facts

Every fact that a condition in a law file may ask about, and that a request may give. A fact that is not here is an error, with the
nearest name that is. Add one of your own in a copy of [`vocabulary.yaml`](../policies/vocabulary.yaml), which replaces the shipped file.

A condition never compares moments. It asks about the local day, which is derived from the moment: `request.received_on` from
`request.received_at`. The fields of a list are asked about inside `exists`, `all` or `count`; see [conditions](writing-law.md#conditions).

`.venv/bin/python docs/write_pages.py facts` writes this page from the vocabulary.
"""
HEAD = ("fact", "question", "values", "example of a condition")


def facts_page(library: Library) -> str:
    """The page as Markdown: the facts by their first word, and each list with its fields."""
    vocabulary = library.vocabulary
    parts = [OPENING]
    for group in dict.fromkeys(path.partition(".")[0] for path in vocabulary.facts if not _is_list(path, vocabulary)):
        rows = [_row(entry, vocabulary) for entry in _single(group, vocabulary)]
        parts += [f"\n## {group.capitalize()}\n\n", table(HEAD, rows)]
    for path in vocabulary.facts:
        if _is_list(path, vocabulary):
            inside = [entry for entry in vocabulary.entries.values() if entry.path.startswith(f"{path}[].")]
            parts += [f"\n## Fields of {path}\n\n{vocabulary.entries[path].question} Each has:\n\n"]
            parts += [table(("field", *HEAD[1:]), [_row(entry, vocabulary) for entry in inside])]
    return "".join(parts)


def example_of(entry: Entry, vocabulary: Vocabulary) -> str:
    """A condition that asks about a fact; empty for a moment, which no condition compares."""
    parent, _, field = entry.path.rpartition("[].")
    name = f"it.{field}" if parent else entry.path
    asked = _asked(name, vocabulary.entries[entry.path].kind)
    return f"{parent}.exists(it, {asked})" if parent and asked else asked


def _asked(name: str, kind: kinds.Kind) -> str:
    match kind:
        case kinds.Truth():
            return name
        case kinds.Choice(members):
            return f'{name} == "{members[0]}"'
        case kinds.Set(members):
            return f'"{members[0]}" in {name}'
        case kinds.Number():
            return f"{name} < 18"
        case kinds.Day():
            return f'{name} >= day("2026-01-01")'
        case kinds.Text():
            return f'{name} == "Example County Sheriff"'
        case kinds.Records(fields):
            first = next(name for name, kind in fields.items() if isinstance(kind, (kinds.Truth, kinds.Choice)))
            return f"{name}.exists(it, {_asked(f'it.{first}', fields[first])})"
    return ""


def _is_list(path: str, vocabulary: Vocabulary) -> bool:
    return isinstance(vocabulary.kind(path), kinds.Records)


def _single(group: str, vocabulary: Vocabulary) -> Iterator[Entry]:
    """The facts of a group, lists included."""
    for path in vocabulary.facts:
        if path.startswith(f"{group}."):
            yield vocabulary.entries[path]


def _row(entry: Entry, vocabulary: Vocabulary) -> tuple[str, str, str, str]:
    name = entry.path.rpartition("[].")[2]
    example = example_of(entry, vocabulary)
    day = {moment: day for day, moment in DERIVED_DAYS.items()}.get(entry.path)
    instead = f"ask about `{day}`" if day else "in no condition"
    return f"`{name}`", entry.question, _values(entry), f"`{example}`" if example else instead


def _values(entry: Entry) -> str:
    kind = entry.kind
    if not isinstance(kind, (kinds.Choice, kinds.Set)):
        return str(kind)
    if len(kind.members) > MEMBERS_MAX:
        return f"{kind}: [the families of offenses](offenses.md)"
    return f"{kind}: {', '.join(f'`{member}`' for member in kind.members)}"
