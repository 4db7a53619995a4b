"""The timeline of a place from 2007 to the day of the site: what it shows, before it is drawn.

Bands are the answers to the plain detainer by action; bars are the instruments that decide something here, by the place that
made them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from comity.decision.research import is_researched
from comity.decision.words import shorten_action
from comity.law.calendar import deciding_instruments
from comity.law.instrument import ACTIONS, Instrument
from comity.law.life import Covered, stays_on
from comity.period import FIRST_DAY, LegalDay
from comity.site.answers import FIRST, Answers
from comity.site.place.today import Answer, answer_of
from comity.site.site import Site
from comity.site.standard_requests import PLAIN


class Span(Struct, frozen=True):
    """The answer on one action from `since` until the day before `until`."""

    since: date
    until: date
    answer: Answer


class Band(Struct, frozen=True):
    """The answers to the plain detainer on one action over the years."""

    action: str
    words: str
    spans: tuple[Span, ...]


class Suspended(Struct, frozen=True):
    """A time in which an instrument was suspended here, or `in_part` some of its provisions."""

    since: date
    until: date
    in_part: bool


class Bar(Struct, frozen=True, kw_only=True):
    """An instrument over the years: surely in force from `since` until `until`, perhaps from `earliest` and until `latest`.

    `begins` and `ends` are its days in words of the law file; `ends` is empty where it has not ended.
    """

    instrument: str
    title: str
    kind: str
    earliest: date
    since: date
    until: date
    latest: date
    begins: LegalDay
    ends: LegalDay | None
    suspended: tuple[Suspended, ...] = ()


class Level(Struct, frozen=True):
    """The instruments that one place made: the country, the State, the county or the city."""

    place: str
    name: str
    bars: tuple[Bar, ...]


class Row(Struct, frozen=True):
    """A row of the table: the answers on the five actions from `since` until `until`, both included."""

    since: date
    until: date
    answers: tuple[Answer, ...]


class Timeline(Struct, frozen=True):
    """The timeline of a place: from `first` until the day before `end`."""

    first: date
    end: date
    bands: tuple[Band, ...]
    levels: tuple[Level, ...]
    rows: tuple[Row, ...]


def timeline_of(site: Site, path: str) -> Timeline:
    """The timeline of a place."""
    spans = site.answers(path)
    researched = is_researched(site.view(path).researched_to)
    bands = tuple(Band(action, shorten_action(action), tuple(_spans(spans, action, researched))) for action in ACTIONS)
    rows = tuple(reversed([*_rows(bands, site.on)]))
    return Timeline(FIRST, site.on + timedelta(1), bands, tuple(levels_of(site, path)), rows)


def _spans(answers: list[Answers], action: str, researched: bool) -> Iterator[Span]:
    """The spans of one action; neighbours with the same outcome are one."""
    found: list[Span] = []
    for span in answers:
        answer = answer_of(span.outcome(PLAIN, action), researched=researched)
        if found and found[-1].answer == answer:
            found[-1] = Span(found[-1].since, span.until, answer)
        else:
            found.append(Span(span.since, span.until, answer))
    yield from found


def _rows(bands: tuple[Band, ...], last: date) -> Iterator[Row]:
    """The spans in which all five answers stay the same, the earliest first."""
    starts = sorted({span.since for band in bands for span in band.spans})
    for since, until in zip(starts, [*starts[1:], last + timedelta(1)], strict=True):
        answers = (next(span.answer for span in band.spans if span.since <= since < span.until) for band in bands)
        yield Row(since, until - timedelta(1), tuple(answers))


def levels_of(site: Site, path: str) -> Iterator[Level]:
    """The instruments that decide something at a place in these years, by the place that made them, the wider first."""
    library = site.law.library
    by_place: dict[str, list[Bar]] = {}
    for instrument in deciding_instruments(library, path):
        bar = _bar(instrument, site, path)
        if bar:
            by_place.setdefault(instrument.jurisdiction, []).append(bar)
    for place in reversed(library.gazetteer.containing(path)):
        bars = sorted(by_place.get(place, ()), key=lambda bar: (bar.earliest, bar.latest, bar.instrument))
        if bars:
            yield Level(place, site.name(place), tuple(bars))


def _bar(instrument: Instrument, site: Site, path: str) -> Bar | None:
    """The bar of an instrument; None where it was in force on no day of the timeline."""
    begins, ends, end = instrument.applies_from or instrument.effective, instrument.ended, site.on + timedelta(1)
    earliest, since = (_within(day, end) for day in (begins.first, begins.last))
    until, latest = (_within(day, end) for day in (ends.first, ends.last)) if ends else (end, end)
    if earliest >= latest:
        return None
    suspended = tuple(_suspended(instrument, site, path, (earliest, latest)))
    return Bar(
        instrument=instrument.id, title=instrument.title, kind=instrument.kind.replace("_", " "), earliest=earliest,
        since=min(since, latest), until=max(until, earliest), latest=latest, begins=begins, ends=ends, suspended=suspended,
    )  # fmt: skip


def _within(day: date, end: date) -> date:
    return max(FIRST, min(day, end))


def _suspended(instrument: Instrument, site: Site, path: str, shown: tuple[date, date]) -> Iterator[Suspended]:
    """The times in which a court suspended an instrument for this place, as far as they are shown and certain."""
    library = site.law.library
    covered = Covered(library.gazetteer.containing(path))
    for stay in instrument.suspended:
        since, until = max(stay.since.last, shown[0]), min(stay.until.first if stay.until else shown[1], shown[1])
        suspends = f"{instrument.id}{stay.provisions[0] if stay.provisions else ''}"
        here = (found for found in stays_on(instrument, suspends, since, library.instruments, covered))
        if since < until and any(found.here and found.suspension == stay for found in here):
            yield Suspended(since, until, bool(stay.provisions))


def starts_unknown(day: LegalDay) -> bool:
    """Whether of a day only the latest is known."""
    return day.first == FIRST_DAY
