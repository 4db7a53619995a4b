"""Finds law that may apply at a place on a day and is not encoded, so that an answer can say what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from comity.law.instrument import BEYOND_ACTIONS
from comity.law.library import Library
from comity.law.register_table import FILE, OUT_OF_REACH, Unencoded, read_register_table

__all__ = ("FILE", "OUT_OF_REACH", "Unencoded", "first_encoded", "lacking_at", "local_law_lacking", "read_register")
COUNTRY = "us"


def read_register(folders: Iterable[Path]) -> tuple[Unencoded, ...]:
    """The instruments that the registers list as not encoded; `read_library` reports faults of the registers."""
    return read_register_table(folders)[0]


def lacking_at(register: Iterable[Unencoded], library: Library, place: str, day: date) -> tuple[str, ...]:
    """Law that may apply at a place on a day and is not encoded, in words: of the place and of those that contain it.

    Before the day of a place's first encoded instrument, none of its law is encoded. Federal law is not named: what could
    require or forbid an action is encoded.
    """
    here = [path for path in library.gazetteer.containing(place) if path != COUNTRY]
    unencoded = [entry for entry in register if entry.place in here and entry.since <= day < entry.until]
    named = tuple(f"{entry.title}, which is known of and not encoded" for entry in unencoded)
    lacking = local_law_lacking(library, place, day)
    return named if not lacking or any(entry.place == place for entry in unencoded) else (lacking, *named)


def first_encoded(library: Library, *, beyond_jail: bool = False) -> dict[str, date]:
    """By place, the first day on which an instrument of its own on detainers is certainly in effect and encoded.

    With `beyond_jail`, an instrument on the actions that no detainer asks for.
    """
    first: dict[str, date] = {}
    for instrument in library.instruments.values():
        spoken_of = {effect.action for provision in instrument.provisions for effect in provision.effects} - {""}
        if spoken_of.isdisjoint(BEYOND_ACTIONS) if beyond_jail else spoken_of and spoken_of <= {*BEYOND_ACTIONS}:
            continue
        day = instrument.effective.last
        first[instrument.jurisdiction] = min(day, first.get(instrument.jurisdiction, day))
    return first


def local_law_lacking(library: Library, place: str, day: date, *, beyond_jail: bool = False) -> str:
    """In words that a place has no encoded law, or none as early as a day; empty where it has some.

    With `beyond_jail`, none on the actions that no detainer asks for.
    """
    begun = first_encoded(library, beyond_jail=beyond_jail).get(place)
    if begun and begun <= day:
        return ""
    where = f"law of {library.gazetteer.places[place].name} itself"
    return (
        f"{where} before {begun}, of which nothing certain is encoded"
        if begun
        else f"{where}, of which none is encoded"
    )
