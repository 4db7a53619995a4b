"""Twelve standard requests, whose outcomes show the law of a place over the years; read from `standard_requests.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from comity.intake.form import HOLD_FORMS, instrument_of
from comity.law.library import Library

FILE = Path(__file__).with_name("standard_requests.yaml")
PLAIN = "plain"
NOON = time(12)
LEAP_DAY = (2, 29)


class StandardRequest(Struct, frozen=True):
    """A request without its day: `words` name it, `says` describes it, `document` is its JSON with `years_ago` for days."""

    id: str
    words: str
    says: str
    document: dict[str, Any]

    def at(self, place: str, day: date, zone: str, form: str) -> dict[str, Any]:
        """The request as it would be made at a place at noon of a local day, on the form of that day."""
        moment = datetime.combine(day, NOON, ZoneInfo(zone)).isoformat()
        request = {"asks": ["hold", "notify"], **self.document["request"], "form": form, "received_at": moment}
        convictions = [_dated(conviction, day) for conviction in self.document["convictions"]]
        return {**self.document, "place": place, "at": moment, "request": request, "convictions": convictions}


def _dated(conviction: Mapping[str, Any], day: date) -> dict[str, Any]:
    """A conviction with the day that lies so many years back, for which the person was released a year later."""
    rest = {name: value for name, value in conviction.items() if name != "years_ago"}
    ago = conviction["years_ago"]
    plain = {"classes": [], "attempt": False, "in_custody_for": False, "juvenile": False, "expunged": False}
    days = {"convicted_on": _years_before(day, ago).isoformat(), "released_on": _years_before(day, ago - 1).isoformat()}
    return {**plain, "reduced_by_prop_47": False, **days, **rest}


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=28 if (day.month, day.day) == LEAP_DAY else day.day)


@cache
def standard_requests() -> tuple[StandardRequest, ...]:
    """The twelve requests, the plain one first."""
    # Not through `read_yaml`, which reads every scalar as text: here truths and numbers are meant as such.
    table = msgspec.yaml.decode(FILE.read_bytes())
    return tuple(
        StandardRequest(id, entry["words"], entry["says"], _joined(table["base"], entry))
        for id, entry in table["requests"].items()
    )


def _joined(base: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The base with what a request says otherwise: sections are joined, lists take the place of lists."""
    parts = {name: value for name, value in entry.items() if name not in ("words", "says")}
    return {
        name: {**value, **parts.get(name, {})} if isinstance(value, dict) else parts.get(name, value)
        for name, value in base.items()
    }


def form_of_day(library: Library, day: date) -> str:
    """The form that asked for a hold on a day: of those in use the latest. Before all of them it is `other`."""
    in_use = [form for form in HOLD_FORMS if form != "i247x" and _in_use(library, form, day)]
    return in_use[-1] if in_use else "other"


def _in_use(library: Library, form: str, day: date) -> bool:
    instrument = library.instruments.get(instrument_of(form))
    if instrument is None:
        return False
    return instrument.effective.first <= day and not (instrument.ended and instrument.ended.last <= day)
