"""The register of instruments that are known of, for what it says is not encoded: where law is missing, an answer must say so."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from comity.law.library import Library
from comity.period import FIRST_DAY, LAST_DAY, legal_day_of

FILE = "register.csv"
OUT_OF_REACH = "has no provision a request can feel"  # how the register says that nothing is lost by leaving it out
COUNTRY = "us"


class Unencoded(Struct, frozen=True):
    """An instrument that is known of and not encoded, with the days between which it may be in force."""

    place: str
    title: str
    since: date = FIRST_DAY
    until: date = LAST_DAY


def read_register(folders: Iterable[Path]) -> tuple[Unencoded, ...]:
    """What the registers of some folders of law name and do not encode; a folder without one names nothing."""
    paths = [folder / FILE for folder in folders if (folder / FILE).is_file()]
    return tuple(own for path in paths for own in _read(path))


def _read(path: Path) -> Iterable[Unencoded]:
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            if row.get("encoded") or (row.get("why_not") or "").startswith(OUT_OF_REACH):
                continue
            since, until = legal_day_of(row.get("effective") or ""), legal_day_of(row.get("ended") or "")
            first, last = since.first if since else FIRST_DAY, until.last if until else LAST_DAY
            yield Unencoded(row.get("place") or "", row.get("title") or "", first, last)


def lacking_at(register: Iterable[Unencoded], library: Library, place: str, day: date) -> tuple[str, ...]:
    """What may bear on a place on a day and is not encoded, in words: law of its own, and of what contains it.

    On days before the first instrument of its own that is encoded, none of its own law is.
    Of federal law nothing is named: what could require or forbid an action is encoded.
    """
    here = [path for path in library.gazetteer.containing(place) if path != COUNTRY]
    known = [own for own in register if own.place in here and own.since <= day < own.until]
    named = tuple(f"{own.title}, which is known of and not encoded" for own in known)
    own = own_law_lacking(library, place, day)
    return named if not own or any(one.place == place for one in known) else (own, *named)


def own_law_lacking(library: Library, place: str, day: date) -> str:
    """That no law of a place's own is encoded, or none that is as early as a day; empty where some is."""
    begun = min((own.effective.last for own in library.instruments.values() if own.jurisdiction == place), default=None)
    if begun and begun <= day:
        return ""
    where = f"law of {library.gazetteer.places[place].name} itself"
    return (
        f"{where} before {begun}, of which nothing certain is encoded"
        if begun
        else f"{where}, of which none is encoded"
    )
