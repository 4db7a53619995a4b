"""Searches the words that a request may use: facts, the choices of each, actions asked, and places, with what each means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from comity.facts import kinds
from comity.facts.synonyms import squeeze
from comity.facts.vocabulary import Entry, Vocabulary
from comity.law.library import Library
from comity.law.places import Gazetteer

FOUND_MAX = 40
EXACT, BEGINS, IN_NAME, IN_MEANING = range(4)
SECTION_WORDS = {
    "request": "what the officer sent",
    "subject": "the person",
    "custody": "where the person stands with the court and the jail",
    "agency": "the agency that received the request",
    "convictions": "each conviction, in a list",
    "charges": "each charge, in a list",
    "decision": "when the request is decided",
    "place": "the place that agents visit",
    "visit": "what the agents have come for",
    "encounter": "an officer's question to a person",
    "certification": "a paper for a victim's visa",
}
KIND_WORDS = {
    kinds.Truth: "true or false", kinds.Choice: "one of its choices", kinds.Set: "a list of its choices",
    kinds.Day: "a day, as 2026-11-01", kinds.Moment: "a moment, as 2026-11-01T09:00:00-05:00", kinds.Text: "a name",
    kinds.Number: "a whole number", kinds.Records: "a list of records",
}  # fmt: skip


class Word(Struct, frozen=True):
    """A word that a request may use: a `fact`, a `choice` of the fact `of`, or a `place`.

    `means` says it in English; a fact has the `question` that it answers, where on a `form` it is found, and how it is `written`,
    with its `choices`. `synonyms` are other words that are read as this one, `ambiguous` words that may also mean another.
    """

    kind: str
    word: str
    means: str
    of: str = ""
    question: str = ""
    form: str = ""
    written: str = ""
    choices: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()


class Found(Struct, frozen=True):
    """The words found, the best first, and how many more there are."""

    words: tuple[Word, ...]
    more: int = 0


def search_words(text: str, library: Library) -> Found:
    """The facts, choices and places that a text names or describes; at most FOUND_MAX of them."""
    wanted = _plain(text)
    ranked = [
        (rank, word.kind != "fact", len(word.word), word.word, word.of, word)
        for word in (*words_of(library.vocabulary), *find_places(text, library.gazetteer))
        if (rank := _rank(wanted, word)) is not None
    ]
    found = [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])]
    return Found(tuple(found[:FOUND_MAX]), max(len(found) - FOUND_MAX, 0))


def words_of(vocabulary: Vocabulary) -> Iterator[Word]:
    """Every fact and field, and every choice of each."""
    for path, entry in vocabulary.entries.items():
        name = path.replace("[].", " -> ")
        written = KIND_WORDS.get(type(entry.kind), "")
        yield Word(
            "fact", name, _meaning(entry), "", entry.question, entry.form, written, tuple(entry.words), entry.aliases
        )
    of: dict[tuple[str, str], list[Entry]] = {}
    for entry in vocabulary.entries.values():
        for member, words in entry.words.items():
            of.setdefault((member, words), []).append(entry)
    for (member, words), entries in of.items():
        synonyms = dict.fromkeys(word for entry in entries for word in entry.synonyms.get(member, ()))
        ambiguous = dict.fromkeys(
            word for entry in entries for word, members in entry.ambiguous.items() if member in members
        )
        names = ", ".join(entry.path.replace("[].", " -> ") for entry in entries)
        yield Word("choice", member, words, names, synonyms=tuple(synonyms), ambiguous=tuple(ambiguous))


def sections_of(vocabulary: Vocabulary) -> list[tuple[str, str, int]]:
    """The sections of a request: the name, what it is about, and how many facts it has."""
    counts: dict[str, int] = {}
    for path in vocabulary.entries:
        section = re.split(r"[.\[]", path)[0]
        counts[section] = counts.get(section, 0) + 1
    return [(section, SECTION_WORDS.get(section, ""), count) for section, count in counts.items()]


def _meaning(entry: Entry) -> str:
    return entry.noun or entry.says or entry.question


def find_places(text: str, gazetteer: Gazetteer) -> Iterable[Word]:
    """The places whose name holds every word of the text, with the places that contain each."""
    parts = _plain(text).split()
    for path, place in gazetteer.places.items():
        within = [gazetteer.places[outer].name for outer in gazetteer.containing(path)[1:-1]]
        words = f"{_plain(place.name)} {_plain(path)} {' '.join(_plain(outer) for outer in within)}"
        if parts and all(part in words.split() for part in parts):
            yield Word("place", path, ", ".join([place.name, *within]))
    for path in gazetteer.cities.paths if parts else ():
        if all(part in path.replace("/", "-").split("-") for part in parts):
            within = [gazetteer.places[outer].name for outer in gazetteer.containing(path)[1:-1]]
            yield Word("place", path, ", ".join([gazetteer.places[path].name, *within]))


def _rank(wanted: str, word: Word) -> int | None:
    """How well a word fits the text, the smaller the better; None where it does not."""
    name, means = _plain(word.word), _plain(f"{word.means} {word.question}")
    if not wanted:
        return None
    others = {squeeze(other) for other in (name, *word.synonyms, *word.ambiguous)}
    if wanted in (name, _plain(word.means), name.rpartition(" ")[2]) or squeeze(wanted) in others - {""}:
        return EXACT
    if word.kind == "place" or any(part.startswith(wanted) for part in name.split()):
        return BEGINS
    parts = wanted.split()
    if wanted in name or all(part in name for part in parts):
        return IN_NAME
    return IN_MEANING if all(any(found.startswith(part) for found in means.split()) for part in parts) else None


def _plain(text: str) -> str:
    """A text in small letters and digits, its other signs as spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())
