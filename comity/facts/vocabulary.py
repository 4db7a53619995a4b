"""Reads the vocabulary: every fact that the law may ask about, with its kind, its question and where it is found.

It is `vocabulary.yaml` in the folder of law; law files can only use the facts in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from comity.facts import kinds
from comity.finding import Finding, Place
from comity.textfile import read_text_file
from comity.whole import whole_number
from comity.yamltext import Tree, Words, read_yaml

FILE = "vocabulary.yaml"
ENTRY_KEYS = {
    *("fact", "field", "kind", "members", "unit", "minimum", "noun", "item", "says", "denies", "question"),
    *("form", "source", "columns", "fields"),
}


class Entry(msgspec.Struct, frozen=True):
    """One fact, or one field of a list's records (path `convictions[].grade`).

    `noun` names it in a sentence; a truth has `says` and `denies` instead; `words` are the English words of members;
    `item` is the singular of a list; `form` says where it is found on a form; `columns` the published columns.
    """

    path: str
    kind: kinds.Kind
    question: str
    noun: str = ""
    says: str = ""
    denies: str = ""
    item: str = ""
    form: str = ""
    source: str = ""
    words: dict[str, str] = {}
    columns: tuple[str, ...] = ()


class Vocabulary(msgspec.Struct, frozen=True, dict=True):
    """Every fact by its path, in the order of the questions; fields of records follow their list."""

    entries: dict[str, Entry] = {}

    def kind(self, path: str) -> kinds.Kind | None:
        """The kind of a fact (`request.form`) or of a record's field (`convictions[].grade`)."""
        entry = self.entries.get(path)
        return entry.kind if entry else None

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The position of each path in the vocabulary, for breaking ties."""
        return {path: index for index, path in enumerate(self.entries)}

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The paths of facts, without those of records' fields."""
        return tuple(path for path in self.entries if "[]" not in path)


def kind_of(path: str, vocabulary: Vocabulary) -> kinds.Kind:
    """The kind of a fact; what the vocabulary does not hold, an instrument's uncertain force, is a truth."""
    return vocabulary.kind(path) or kinds.Truth()


def read_vocabulary(policies: Path) -> tuple[Vocabulary, list[Finding]]:
    """The vocabulary of a folder of law and the faults in its file; never raises on bad text."""
    path = policies / FILE
    if not path.is_file():
        return Vocabulary(), [Finding("no-vocabulary", Place(str(path)), "there is no vocabulary", f"add {FILE}")]
    text, unreadable = read_text_file(path)
    if text is None:
        return Vocabulary(), unreadable
    tree, findings = read_yaml(text, str(path))
    findings += unreadable
    entries: dict[str, Entry] = {}
    for block in tree if isinstance(tree, list) else []:
        _read_fact(block, "", str(path), entries, findings)
    return Vocabulary(entries), findings


def _read_fact(block: Tree, parent: str, source: str, entries: dict[str, Entry], findings: list[Finding]) -> None:
    if not isinstance(block, dict):
        findings.append(Finding("vocabulary", Place(source), "each entry must be a mapping", "begin with `- fact:`"))
        return
    name = str(block.get(_key("field" if parent else "fact"), ""))
    path = f"{parent}[].{name}" if parent else name
    place = Place(source, next((key.line for key in block), 0))
    findings += [
        Finding("unknown-key", Place(source, key.line, key.column), f'unknown key "{key}" in {path}')
        for key in block
        if key not in ENTRY_KEYS
    ]
    if not name or path in entries:
        findings.append(Finding("vocabulary", place, f'the fact "{path}" has no name or is given twice'))
        return
    entries[path] = msgspec.structs.replace(_entry(path, block), kind=kinds.Truth())
    fields: list[Tree] = block.get(_key("fields"), [])
    for field in fields:
        _read_fact(field, path, source, entries, findings)
    inside = {
        below.removeprefix(f"{path}[]."): entry.kind
        for below, entry in entries.items()
        if below.startswith(f"{path}[].")
    }
    kind = _kind(block, {key: kind for key, kind in inside.items() if not isinstance(kind, kinds.Records)})
    if kind is None:
        findings.append(Finding("vocabulary", place, f'{path} has the unknown kind "{block.get(_key("kind"), "")}"'))
        del entries[path]
    else:
        entries[path] = msgspec.structs.replace(entries[path], kind=kind)


def _key(word: str) -> Words:
    return Words(word)


def _entry(path: str, block: dict[Words, Tree]) -> Entry:
    members = block.get(_key("members"), {})
    words = {str(key): str(value) for key, value in members.items()} if isinstance(members, dict) else {}
    texts = {
        key: str(block.get(_key(key), "")) for key in ("question", "noun", "says", "denies", "item", "form", "source")
    }
    columns = block.get(_key("columns"), [])
    return Entry(path, kinds.Truth(), words=words, columns=tuple(str(column) for column in columns), **texts)


def _kind(block: dict[Words, Tree], fields: dict[str, kinds.Field]) -> kinds.Kind | None:
    members = tuple(str(member) for member in block.get(_key("members"), ()))
    match str(block.get(_key("kind"), "")):
        case "truth":
            return kinds.Truth()
        case "integer":
            minimum = whole_number(str(block.get(_key("minimum"), "0")), signed=True)
            return None if minimum is None else kinds.Number(str(block.get(_key("unit"), "")), minimum)
        case "day":
            return kinds.Day()
        case "moment":
            return kinds.Moment()
        case "text":
            return kinds.Text()
        case "choice":
            return kinds.Choice(members)
        case "set":
            return kinds.Set(members)
        case "list":
            return kinds.Records(fields)
    return None
