"""Whether an instrument is in force on the day of the site, in a word and in a sentence, and its days as a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from comity.law.instrument import Instrument, InstrumentKind, Suspension
from comity.law.places import Gazetteer
from comity.lawview.sentences import name_agencies
from comity.period import FIRST_DAY, LegalDay
from comity.site.days import say_day

State: TypeAlias = Literal["in_force", "partly", "suspended", "ended", "not_yet", "uncertain"]

# How an instrument of a kind came to be, where it was not enacted.
ORIGIN_WORDS: dict[InstrumentKind, str] = {
    **dict.fromkeys(("precedent", "ruling", "injunction", "decree", "order"), "Decided"),
    **dict.fromkeys(("form", "memo", "executive_order", "directive", "agency_policy", "programme"), "Issued"),
    **dict.fromkeys(("resolution", "board_policy"), "Adopted"),
    "agreement": "Signed",
    "practice": "Begun",
}


class ForceToday(Struct, frozen=True):
    """The state of an instrument on a day: its key, and a sentence that says since when and by what."""

    state: State
    sentence: str


class DatedEvent(Struct, frozen=True):
    """One line in the life of an instrument: what happened, when, and the instrument by which, where it has a page."""

    words: str
    day: str
    by: str = ""
    by_words: str = ""


def force_today(instrument: Instrument, day: date, instruments: Mapping[str, Instrument]) -> ForceToday:
    """The state on a day. A suspension that covers only some places or parties leaves the instrument in force in part."""
    starts, ended = instrument.applies_from or instrument.effective, instrument.ended
    if day < starts.first:
        return ForceToday("not_yet", f"Takes effect {say_legal_day(starts)}.")
    if ended and day >= ended.last:
        by = _title(instrument.ended_by, instruments)
        how = "Expired" if instrument.expiring else "Ended"
        return ForceToday("ended", f"{how} {say_legal_day(ended)}{f', by {by}' if by else ''}.")
    if day < starts.last:
        return ForceToday("uncertain", f"Perhaps in force: it took effect {say_legal_day(starts)}.")
    if ended and day >= ended.first:
        return ForceToday("uncertain", f"Perhaps in force: it ended {say_legal_day(ended)}.")
    return _with_suspensions(instrument, starts, day, instruments)


def _with_suspensions(
    instrument: Instrument, starts: LegalDay, day: date, instruments: Mapping[str, Instrument]
) -> ForceToday:
    since = f"In force {say_since(starts)}"
    running = [
        stay for stay in instrument.suspended if stay.since.first <= day and not (stay.until and stay.until.last <= day)
    ]
    if not running:
        return ForceToday("in_force", f"{since}.")
    orders = " and by ".join(dict.fromkeys(_title(stay.by, instruments) or "an order of a court" for stay in running))
    whole = any("everyone" in stay.covers and not stay.provisions and stay.since.last <= day for stay in running)
    if whole:
        return ForceToday("suspended", f"Suspended {say_since(running[0].since)}, by {orders}.")
    return ForceToday("partly", f"{since}; suspended in part by {orders}.")


def events_of(
    instrument: Instrument, instruments: Mapping[str, Instrument], gazetteer: Gazetteer
) -> Iterator[DatedEvent]:
    """The days of an instrument in their order: enacted, in force, suspended, ended."""
    if instrument.enacted:
        yield DatedEvent(ORIGIN_WORDS.get(instrument.kind, "Enacted"), say_legal_day(instrument.enacted))
    if instrument.applies_from:
        yield DatedEvent("Applies from", say_legal_day(instrument.applies_from))
    if instrument.effective != instrument.enacted:
        yield DatedEvent("Took effect", say_legal_day(instrument.effective))
    if instrument.known:
        yield DatedEvent("Became known", f"on {say_day('en', instrument.known)}")
    for stay in instrument.suspended:
        until = f" until {_bare(stay.until)}" if stay.until else ""
        days = f"{'from ' if stay.until else 'since '}{_bare(stay.since)}{until}"
        what = f"Suspended{_of_provisions(stay)}{_covering(stay, gazetteer)}"
        yield DatedEvent(what, days, stay.by if stay.by in instruments else "", _title(stay.by, instruments))
    if instrument.ended:
        words = "Expires" if instrument.expiring else "Ended"
        by = instrument.ended_by
        yield DatedEvent(
            words, say_legal_day(instrument.ended), by if by in instruments else "", _title(by, instruments)
        )


def _of_provisions(stay: Suspension) -> str:
    numbers = ", ".join(name.lstrip("#") for name in stay.provisions)
    return f" in part (provision{'s' if len(stay.provisions) > 1 else ''} {numbers})" if numbers else ""


def _covering(stay: Suspension, gazetteer: Gazetteer) -> str:
    if "everyone" in stay.covers:
        return ""
    if "parties" in stay.covers:
        return " for the parties of the order"
    names = [gazetteer.places[name].name if name in gazetteer.places else name_agencies([name]) for name in stay.covers]
    return f" for {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}"


def _title(id: str, instruments: Mapping[str, Instrument]) -> str:
    """The title of an instrument; a text that is no id stays as it is."""
    return instruments[id].title if id in instruments else id


def say_legal_day(day: LegalDay) -> str:
    """`on January 26, 2017`, `by June 13, 2003`, `between October 1, 2010 and October 31, 2010`."""
    if day.certain:
        return f"on {say_day('en', day.last)}"
    if day.first == FIRST_DAY:
        return f"by {say_day('en', day.last)}"
    return f"between {say_day('en', day.first)} and {say_day('en', day.last)}"


def say_since(day: LegalDay) -> str:
    """`since January 26, 2017`, `since June 13, 2003 or before`."""
    if day.certain:
        return f"since {say_day('en', day.last)}"
    if day.first == FIRST_DAY:
        return f"since {say_day('en', day.last)} or before"
    return f"since a day {say_legal_day(day)}"


def _bare(day: LegalDay) -> str:
    return say_legal_day(day).removeprefix("on ")
