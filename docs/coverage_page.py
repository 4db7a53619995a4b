"""What the library covers: each instrument that the register knows, with the files that hold it or why there is none."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from comity.law.instrument import EVIDENCE, Instrument
from comity.law.library import Library
from comity.law.register import FILE, OUT_OF_REACH

EVIDENCE_PAGE = "../GLOSSARY.md#evidence"
OPENING = f"""# What is encoded

Each instrument of detainer law that is known of, with the files that hold it, or with the reason why it has none. The mark
says how surely its content is known, [by these words]({EVIDENCE_PAGE}): that of its files, the weakest of them where
there are several, and for what is not encoded that of the register. An instrument that no request can feel, such as a report or a
rule about money alone, has no provision here.

This page is made of [`policies/register.csv`](../policies/register.csv) and of the law files:
`.venv/bin/python docs/write_pages.py coverage` writes it.
"""
LEVELS = ("Federal", "States", "Counties and cities")
NOT_YET = "not yet encoded"
RECALLED = "recalled"


class Entry(NamedTuple):
    """A row of the register, with the instruments that hold it."""

    row: dict[str, str]
    held_by: tuple[Instrument, ...]

    @property
    def level(self) -> str:
        return LEVELS[min(self.row["place"].count("/"), 2)]

    @property
    def state(self) -> str:
        return "/".join(self.row["place"].split("/")[:2])

    @property
    def evidence(self) -> str:
        """The weakest mark of its files, else the register's."""
        marks = [own.evidence for own in self.held_by] or [self.row["evidence"]]
        return max(marks, key=list(EVIDENCE).index)

    @property
    def standing(self) -> str:
        if self.held_by:
            return "encoded"
        return "felt by no request" if is_out_of_reach(self.row) else NOT_YET


STANDINGS = ("encoded", "felt by no request", NOT_YET)


def register_rows(policies: Path) -> list[dict[str, str]]:
    """Every row of the register of a folder of law."""
    with (policies / FILE).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def is_out_of_reach(row: Mapping[str, str]) -> bool:
    """Whether nothing is lost by leaving the entry out: no request can feel it."""
    return row["why_not"].startswith(OUT_OF_REACH)


def coverage_page(policies: Path, library: Library) -> str:
    """The page as Markdown."""
    entries = [
        Entry(row, tuple(library.instruments[id] for id in row["encoded"].split())) for row in register_rows(policies)
    ]
    parts = [OPENING, *_counts(entries), *_recalled(entries, library), *_beyond(entries, library)]
    for level in LEVELS:
        parts += _level(level, [own for own in entries if own.level == level], library)
    return "\n".join(parts)


def _counts(entries: Sequence[Entry]) -> Iterator[str]:
    """How many of each level stand where, and how many bear which mark."""
    yield f"## In numbers\n\nOf the {len(entries)} instruments that are known of:\n"
    yield table(("", "known of", *STANDINGS), [*_by_level(entries, STANDINGS, lambda own: own.standing)])
    yield table(("evidence", "all", *EVIDENCE), [*_by_level(entries, EVIDENCE, lambda own: own.evidence)])


def _by_level(
    entries: Sequence[Entry], columns: Iterable[str], kind: Callable[[Entry], str]
) -> Iterator[tuple[str, ...]]:
    for level in (*LEVELS, "all"):
        counts = Counter(kind(own) for own in entries if level in (own.level, "all"))
        yield (level, str(counts.total()), *(str(counts[column]) for column in columns))


def _recalled(entries: Iterable[Entry], library: Library) -> Iterator[str]:
    """What is known from memory alone, by state: a reader must not rely on it, and can help by reading it."""
    yield (
        "## What remains recalled, by state\n\nNobody has read the text of these for their entry. Where only some provisions of an "
        "encoded instrument are recalled, they are counted.\n"
    )
    found: dict[str, list[str]] = defaultdict(list)
    for own in entries:
        found[own.state] += [f"{_name(own)} ({words})" for words in [_how_recalled(own)] if words]
    rows = [(named(place, library), "; ".join(names)) for place, names in found.items() if names]
    yield table(
        ("where", "what"), sorted(rows, key=lambda row: (row[0] != library.gazetteer.places["us"].name, row[0]))
    )


def _how_recalled(own: Entry) -> str:
    if own.evidence.startswith(RECALLED):
        return own.evidence.removeprefix(f"{RECALLED}-") + ("" if own.held_by else f", {own.standing}")
    provisions = [one for instrument in own.held_by for one in instrument.provisions]
    weak = sum(one.evidence.startswith(RECALLED) for one in provisions)
    return f"{weak} of {len(provisions)} provisions" if weak else ""


def _name(own: Entry) -> str:
    """The title, leading to the first file that holds it."""
    return f"[{own.row['title']}](../policies/{own.held_by[0].id}.md)" if own.held_by else own.row["title"]


def _beyond(entries: Iterable[Entry], library: Library) -> Iterator[str]:
    """Instruments that are encoded and stand in no row of the register."""
    known = {instrument.id for own in entries for instrument in own.held_by}
    rows = [
        (named(own.jurisdiction, library), own.title, own.evidence, _link(own))
        for own in sorted(library.instruments.values(), key=lambda own: (named(own.jurisdiction, library), own.title))
        if own.id not in known
    ]
    if rows:
        yield "## Encoded beyond the register\n"
        yield table(("place", "instrument", "evidence", "where it lives"), rows)


def _level(level: str, entries: Sequence[Entry], library: Library) -> Iterator[str]:
    yield f"## {level}\n"
    ordered = entries if level == LEVELS[0] else sorted(entries, key=lambda own: named(own.row["place"], library))
    place = level != LEVELS[0]
    head = (*(("place",) if place else ()), "instrument", "evidence", "where it lives, or why nowhere")
    yield table(head, [(*((named(own.row["place"], library),) if place else ()), *_row(own)) for own in ordered])


def _row(own: Entry) -> tuple[str, ...]:
    where = ", ".join(_link(instrument) for instrument in own.held_by) or own.row["why_not"]
    return own.row["title"], own.evidence, where


def _link(own: Instrument) -> str:
    return f"[{own.id}](../policies/{own.id}.md)"


def named(place: str, library: Library) -> str:
    """A place by its name, under that of its state."""
    places, state = library.gazetteer.places, "/".join(place.split("/")[:2])
    return places[place].name if state == place else f"{places[state].name}: {places[place].name}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
