"""The page of coverage: each instrument of the register, with the files that encode it or the reason why there is none."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from comity.decision.research import NOT_RESEARCHED
from comity.law.instrument import EVIDENCE, Instrument
from comity.law.library import Library
from comity.law.register import FILE, OUT_OF_REACH

EVIDENCE_PAGE = "../GLOSSARY.md#evidence"
OPENING = f"""# What is encoded

Each known instrument of detainer law, with the files that encode it, or the reason why there is none. The
[mark of evidence]({EVIDENCE_PAGE}) says how certain its content is: the mark of its files, or the weakest of them; for an instrument
that is not encoded, the mark in the register. An instrument that cannot affect a request, such as a report or a rule about
money alone, has no provision here.

`.venv/bin/python docs/write_pages.py coverage` writes this page from [`policies/register.csv`](../policies/register.csv),
[`policies/researched.csv`](../policies/researched.csv) and the law files.
"""
LEVELS = ("Federal", "States", "Counties and cities")
ENCODED, NO_EFFECT, NOT_YET = "encoded", "affects no request", "not yet encoded"
STATUSES = (ENCODED, NO_EFFECT, NOT_YET)
RECALLED = "recalled"


class Entry(NamedTuple):
    """A row of the register, with the instruments that encode it."""

    row: dict[str, str]
    encoded_by: tuple[Instrument, ...]

    @property
    def level(self) -> str:
        return LEVELS[min(self.row["place"].count("/"), 2)]

    @property
    def state(self) -> str:
        return "/".join(self.row["place"].split("/")[:2])

    @property
    def evidence(self) -> str:
        """The weakest mark of its files, else the register's."""
        marks = [instrument.evidence for instrument in self.encoded_by] or [self.row["evidence"]]
        return max(marks, key=list(EVIDENCE).index)

    @property
    def status(self) -> str:
        if self.encoded_by:
            return ENCODED
        return NO_EFFECT if is_out_of_reach(self.row) else NOT_YET


def register_rows(policies: Path) -> list[dict[str, str]]:
    """Every row of the register of a folder of law."""
    with (policies / FILE).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def is_out_of_reach(row: Mapping[str, str]) -> bool:
    """Whether the entry needs no file, because it cannot affect a request."""
    return row["why_not"].startswith(OUT_OF_REACH)


def coverage_page(policies: Path, library: Library) -> str:
    """The page as Markdown."""
    entries = [
        Entry(row, tuple(library.instruments[id] for id in row["encoded"].split())) for row in register_rows(policies)
    ]
    parts = [
        OPENING,
        *_counts(entries),
        *_researched(library),
        *_recalled(entries, library),
        *_beyond(entries, library),
    ]
    for level in LEVELS:
        parts += _level(level, [entry for entry in entries if entry.level == level], library)
    return "\n".join(parts)


def _counts(entries: Sequence[Entry]) -> Iterator[str]:
    """How many instruments of each level have each status, and how many have each mark of evidence."""
    yield f"## In numbers\n\nOf the {len(entries)} known instruments:\n"
    yield table(("", "known", *STATUSES), [*_by_level(entries, STATUSES, lambda entry: entry.status)])
    yield table(("evidence", "all", *EVIDENCE), [*_by_level(entries, EVIDENCE, lambda entry: entry.evidence)])


def _by_level(
    entries: Sequence[Entry], columns: Iterable[str], kind: Callable[[Entry], str]
) -> Iterator[tuple[str, ...]]:
    for level in (*LEVELS, "all"):
        counts = Counter(kind(entry) for entry in entries if level in (entry.level, "all"))
        yield (level, str(counts.total()), *(str(counts[column]) for column in columns))


def _researched(library: Library) -> Iterator[str]:
    """For each State, and each nearer place that was looked at: to which day, what was looked at, and what was not found."""
    yield (
        "## How far the law was researched\n\nThe latest day to which the sources that were looked at reach. Every decision and "
        '`comity law` show it; where a State is "not researched", no rule of its own is known, and none is said to be absent.\n'
    )
    places = [path for path in library.gazetteer.places if path.count("/") == 1 or path in library.researched]
    rows = [_row_of_place(path, library) for path in sorted(places, key=lambda path: _state_first(path, library))]
    yield table(("place", "researched to", "looked at", "not found"), rows)


def _state_first(path: str, library: Library) -> tuple[str, int, str]:
    state = "/".join(path.split("/")[:2])
    return library.gazetteer.places[state].name, path.count("/"), named(path, library)


def _row_of_place(path: str, library: Library) -> tuple[str, ...]:
    row = library.researched.get(path)
    if row is None:
        return (named(path, library), NOT_RESEARCHED, "", "")
    return named(path, library), row.to.isoformat(), row.looked_at, row.not_found


def _recalled(entries: Iterable[Entry], library: Library) -> Iterator[str]:
    """The instruments known from memory alone, by state: a reader must not rely on them, and can help by reading them."""
    yield (
        "## What is only recalled, by state\n\nThese were entered from memory, and nobody has read their text since. Where only some "
        "provisions of an encoded instrument are recalled, they are counted.\n"
    )
    found: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        found[entry.state] += [f"{_name(entry)} ({words})" for words in [_how_recalled(entry)] if words]
    rows = [(named(place, library), "; ".join(names)) for place, names in found.items() if names]
    yield table(
        ("where", "what"), sorted(rows, key=lambda row: (row[0] != library.gazetteer.places["us"].name, row[0]))
    )


def _how_recalled(entry: Entry) -> str:
    if entry.evidence.startswith(RECALLED):
        return entry.evidence.removeprefix(f"{RECALLED}-") + ("" if entry.encoded_by else f", {entry.status}")
    provisions = [provision for instrument in entry.encoded_by for provision in instrument.provisions]
    weak = sum(provision.evidence.startswith(RECALLED) for provision in provisions)
    return f"{weak} of {len(provisions)} provisions" if weak else ""


def _name(entry: Entry) -> str:
    """The title, as a link to the first file that encodes it."""
    return (
        f"[{entry.row['title']}](../policies/{entry.encoded_by[0].id}.md)" if entry.encoded_by else entry.row["title"]
    )


def _beyond(entries: Iterable[Entry], library: Library) -> Iterator[str]:
    """Encoded instruments that have no row in the register."""
    known = {instrument.id for entry in entries for instrument in entry.encoded_by}
    rows = [
        (named(instrument.jurisdiction, library), instrument.title, instrument.evidence, _link(instrument))
        for instrument in library.instruments.values()
        if instrument.id not in known
    ]
    if rows:
        yield "## Encoded, but not in the register\n"
        yield table(("place", "instrument", "evidence", "file"), sorted(rows, key=lambda row: row[:2]))


def _level(level: str, entries: Sequence[Entry], library: Library) -> Iterator[str]:
    yield f"## {level}\n"
    ordered = entries if level == LEVELS[0] else sorted(entries, key=lambda entry: named(entry.row["place"], library))
    place = level != LEVELS[0]
    head = (*(("place",) if place else ()), "instrument", "evidence", "file, or why there is none")
    rows = [(*((named(entry.row["place"], library),) if place else ()), *_row(entry)) for entry in ordered]
    yield table(head, rows)


def _row(entry: Entry) -> tuple[str, ...]:
    where = ", ".join(_link(instrument) for instrument in entry.encoded_by) or entry.row["why_not"]
    return entry.row["title"], entry.evidence, where


def _link(instrument: Instrument) -> str:
    return f"[{instrument.id}](../policies/{instrument.id}.md)"


def named(place: str, library: Library) -> str:
    """The name of a place, after that of its state."""
    places, state = library.gazetteer.places, "/".join(place.split("/")[:2])
    return places[place].name if state == place else f"{places[state].name}: {places[place].name}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
