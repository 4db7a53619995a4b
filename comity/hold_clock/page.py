"""The hold clock as a page for people: until when, which reading rules, then each reading counted out step by step."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from comity.clock.hold import Step
from comity.clock.readings import ORDERS_END, Reading
from comity.engine.outcome import Outcome
from comity.hold_clock.view import HoldClock
from comity.present.page import Block, Heading, Table, Text

HOLD_WORDS: dict[Outcome, str] = {
    "required": "Law here requires the hold.",
    "permitted": "Law here leaves the hold to the agency; the clock says how long at most.",
    "forbidden": "Law here FORBIDS the hold: the person walks out when that is due. What follows only shows what would be counted.",
    "unaddressed": "No law here decides whether to hold; the clock says how long at most.",
    "undetermined": "Whether law here allows the hold turns on facts not known: ask comity decide. The clock says how long at most.",
    "in_conflict": "Law here both requires and forbids the hold: ask counsel. The clock says how long at most.",
}


def page_of(own: HoldClock) -> list[Block]:
    """The whole clock."""
    blocks: list[Block] = [Heading(f"The hold clock, {own.name or own.place}", 1)]
    moment = own.at.isoformat(sep=" ", timespec="minutes")
    law = f"The law of {own.name or own.place} ({own.place}) at {moment}; clocks of {own.zone}. Law version {own.law_version}."
    blocks += [Text(law, "quiet"), Text(""), *_verdict(own)]
    if own.readings:
        rows = tuple(_row(reading) for reading in own.readings)
        blocks += [Heading("Readings"), Table(("", "Limit", "Runs out", "After"), rows, ("strong", "", "", ""), 1)]
    blocks += [*_events(own), *_check(own)]
    for steps in dict.fromkeys(reading.steps for reading in own.readings if reading.steps):
        blocks += _steps(steps, [reading for reading in own.readings if reading.steps == steps])
    return blocks


def local_words(moment: datetime) -> str:
    """A moment as the clock on the wall shows it: `Friday 2017-09-01, 15:00 EDT`; seconds where there are any."""
    exact = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{moment:%A %Y-%m-%d}, {exact} {moment.tzname()}"


def _verdict(own: HoldClock) -> Iterable[Block]:
    if own.starts_at:
        yield Text(f"The person would walk out {local_words(own.starts_at)}: from then on it is a hold.", "", 1)
    yield Text(HOLD_WORDS[own.hold], "alarm" if own.hold == "forbidden" else "", 1)
    if own.until and own.hold == "forbidden":
        yield Text(f"Were there a hold, it would have to end at the latest {local_words(own.until)}.", "", 1)
    elif own.until:
        yield Text(f"It must end at the latest {local_words(own.until)}.", "strong", 1)
    elif own.readings:
        yield Text("When it must end is not known.", "open", 1)
    else:
        yield Text("No law here limits how long it may last.", "open", 1)
    yield from _why(own)
    for missing in own.missing:
        yield Text(f"Find out: {missing.question} [{missing.fact}]", "open", 1)
    if own.held_past:
        yield Text(f"The person was kept {own.held_past} past that moment.", "alarm", 1)


def _why(own: HoldClock) -> Iterable[Block]:
    """Which reading rules, where others end later."""
    ruling = [reading.cite for reading in own.readings if reading.rules]
    later = [reading for reading in own.readings if reading.until and not reading.rules]
    if ruling and later and not _ordered(own):
        yield Text(f"Of the readings, {_joined(ruling)} rules{_chosen(own)}.", "", 1)
    if _ordered(own):
        yield Text(f"That is before any limit runs out: {_ordered(own)}.", "", 1)
    if own.asks_no_hold:
        yield Text("The request asks for no hold.", "alarm", 1)


def _ordered(own: HoldClock) -> str:
    """What ends the hold before any limit does; empty where a limit does."""
    ends = [reading.until.timestamp() for reading in own.readings if reading.until and reading.rules]
    orders = [
        event for event in own.events if event.fact in ORDERS_END and event.at.timestamp() < min(ends, default=math.inf)
    ]
    return orders[0].words if orders else ""


def _chosen(own: HoldClock) -> str:
    """The earliest rules; where it does not, counsel has chosen."""
    known = [reading.until.timestamp() for reading in own.readings if reading.until]
    ruling = [reading.until.timestamp() for reading in own.readings if reading.until and reading.rules]
    return ", for it ends first" if min(known) == ruling[0] else ", for counsel has chosen it"


def _joined(names: list[str]) -> str:
    own = list(dict.fromkeys(names))
    return f"{', '.join(own[:-1])} and {own[-1]}" if len(own) > 1 else own[0]


def _row(own: Reading) -> tuple[str, str, str, str]:
    limit = f"{own.cite}: {own.words}{f', if {own.condition}' if own.condition else ''}"
    return (
        "rules" if own.rules else "",
        limit,
        local_words(own.until) if own.until else own.note or "not known",
        own.elapsed,
    )


def _events(own: HoldClock) -> Iterable[Block]:
    if own.events:
        yield Heading("What happened")
        yield Table(("", ""), tuple((local_words(event.at), event.words) for event in own.events), (), 1)


def _check(own: HoldClock) -> Iterable[Block]:
    """What the form says of its own effect, and what is odd about the request."""
    if own.notes or own.findings:
        yield Heading("To check")
    for note in own.notes:
        perhaps = " Whether that is so turns on facts not known." if note.maybe else ""
        yield Text(f"{note.text}{perhaps} ({note.provision})", "open", 1, "-")
    for finding in own.findings:
        tail = f"; {finding.help}" if finding.help else ""
        yield Text(f"{finding.message}{tail}.", "open", 1, "-")


def _steps(steps: tuple[Step, ...], alike: list[Reading]) -> Iterable[Block]:
    """One count, for all readings that count alike."""
    yield Heading(f"{_joined([own.cite for own in alike])}, step by step")
    yield Table(("Local time", "Up to then"), tuple((local_words(step.at), step.words) for step in steps), (), 1)
    for note in dict.fromkeys(own.note for own in alike if own.note):
        yield Text(f"Note: {note}.", "open", 1)
