"""Reads the vocabulary: every fact that the law may ask about, with its kind, its question and where it is found.

It is `vocabulary.yaml` in the folder of law; law files can only use the facts in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from comity.facts import kinds
from comity.facts.synonyms import Names, choices_by_word, find_faults
from comity.finding import Finding, Place
from comity.textfile import read_text_file
from comity.whole import whole_number
from comity.yamltext import Tree, Words, read_yaml

FILE = "vocabulary.yaml"
ENTRY_KEYS = {
    *("fact", "field", "kind", "members", "unit", "minimum", "noun", "item", "says", "denies", "question"),
    *("form", "source", "columns", "fields", "synonyms", "ambiguous", "aliases"),
}

TEXT_KEYS = ("question", "noun", "says", "denies", "item", "form", "source")


class Entry(msgspec.Struct, frozen=True):
    """One fact, or one field of a list's records (path `convictions[].grade`).

    `noun` names it in a sentence; a truth has `says` and `denies` instead; `words` are the English words of members;
    `item` is the singular of a list; `form` says where it is found on a form; `columns` the published columns.
    `synonyms` are further words for members, `ambiguous` words that may mean several; `aliases` are other names of the fact.
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
    synonyms: dict[str, tuple[str, ...]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    aliases: tuple[str, ...] = ()


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

    @cached_property
    def names(self) -> Mapping[str, Names]:
        """For each fact with choices, the choices that each word may mean, by the word squeezed."""
        return {
            path: choices_by_word(entry.words, entry.synonyms, entry.ambiguous)
            for path, entry in self.entries.items()
            if entry.words
        }

    @cached_property
    def prepared(self) -> dict[str, Any]:
        """What other rooms have prepared from this vocabulary, by a name of theirs; it lives as long as the vocabulary."""
        return {}

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """The path of the fact or field that each other name means, in small letters."""
        found = {alias_of(path, alias): path for path, entry in self.entries.items() for alias in entry.aliases}
        return {**found, **{path.casefold(): path for path in self.entries}}


def kind_of(path: str, vocabulary: Vocabulary) -> kinds.Kind:
    """The kind of a fact; what the vocabulary does not hold, an instrument's uncertain force, is a truth."""
    return vocabulary.kind(path) or kinds.Truth()


def alias_of(path: str, alias: str) -> str:
    """The whole path of an alias in small letters: that of a record's field is written without its list."""
    listed, brackets, _ = path.partition("[].")
    return f"{listed}{brackets}{alias}".casefold() if brackets else alias.casefold()


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
    findings += _alias_faults(entries, Place(str(path)))
    return Vocabulary(entries), findings


def _alias_faults(entries: Mapping[str, Entry], place: Place) -> Iterable[Finding]:
    """A finding for each alias that is also the name of another fact."""
    names = {path.casefold(): path for path in entries}
    for path, entry in entries.items():
        for alias in entry.aliases:
            other = names.setdefault(alias_of(path, alias), path)
            if other != path or alias.casefold() == path.casefold():
                yield Finding("vocabulary", place, f'the alias "{alias}" of {path} is also a name of {other}')


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
    entries[path] = _with_synonyms(_entry(path, block), block, source, entries, findings)
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
    text = {key: str(block.get(_key(key), "")) for key in TEXT_KEYS}
    return Entry(
        path, kinds.Truth(), question=text["question"], noun=text["noun"], says=text["says"], denies=text["denies"],
        item=text["item"], form=text["form"], source=text["source"], words=words, columns=_listed(block, "columns"),
        aliases=_listed(block, "aliases"),
    )  # fmt: skip


def _listed(block: dict[Words, Tree], key: str) -> tuple[str, ...]:
    return tuple(str(name) for name in block.get(_key(key), []))


def _with_synonyms(
    entry: Entry, block: dict[Words, Tree], source: str, entries: Mapping[str, Entry], findings: list[Finding]
) -> Entry:
    """The entry with other words for its members; `synonyms: PATH` takes those of a fact with the same members."""
    synonyms, ambiguous = block.get(_key("synonyms"), {}), block.get(_key("ambiguous"), {})
    if isinstance(synonyms, str):
        like = entries.get(synonyms)
        if like is None or like.words != entry.words:
            message = f'{entry.path} has the synonyms of "{synonyms}", which has not the same members'
            findings.append(Finding("vocabulary", Place(source, synonyms.line, synonyms.column), message))
            return entry
        return msgspec.structs.replace(entry, synonyms=like.synonyms, ambiguous=like.ambiguous)
    tables = [
        {str(key): tuple(str(word) for word in words) for key, words in table.items() if isinstance(words, list)}
        if isinstance(table, dict)
        else {}
        for table in (synonyms, ambiguous)
    ]
    lines = {str(key): key.line for table in (synonyms, ambiguous) if isinstance(table, dict) for key in table}
    findings += [
        Finding("synonym", Place(source, lines.get(word, 0)), f"{message} in {entry.path}")
        for word, message in find_faults(entry.words, *tables)
    ]
    return msgspec.structs.replace(entry, synonyms=tables[0], ambiguous=tables[1])


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
