"""A span of time that a page is asked for: a month or a year as `2026-11` or `2026`, in the time of the desk."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.desk.desk import Desk
from comity.desk.ledger import Refused
from comity.finding import Finding, Place, phrase
from comity.period import legal_day_of


class Span(Struct, frozen=True):
    """A month or a year: its name, its first day and the day after its last, and the moments at which these begin."""

    name: str
    first: date
    beyond: date
    since: datetime
    until: datetime


def span_named(name: str, desk: Desk, now: datetime) -> Span:
    """The span of a name; the month of `now` where it is empty. Raises `Refused` for what is no month and no year."""
    zone = ZoneInfo(desk.library.gazetteer.places[desk.bound.place].zone)
    named = name.strip() or f"{now.astimezone(zone):%Y-%m}"
    day = legal_day_of(named)
    if day is None or day.certain:
        words, help = phrase("{} is not a month or a year", named), phrase("write 2026-11 or 2026")
        raise Refused(Finding("not-a-period", Place("period"), words, help))
    beyond = day.last + timedelta(days=1)
    since, until = (datetime.combine(each, time(), zone) for each in (day.first, beyond))
    return Span(named, day.first, beyond, since, until)
