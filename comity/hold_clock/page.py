"""The hold clock as a page for people: when the hold must end, which reading rules, and each count step by step."""

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
    "forbidden": "Law here FORBIDS the hold: release the person when due. The rest only shows how a hold would be counted.",
    "unaddressed": "No rule here applies to the hold; the clock says how long at most.",
    "undetermined": "Whether law here allows the hold depends on facts that are not known; deciding the request names them. "
    "The clock says how long at most.",
    "in_conflict": "Law here both requires and forbids the hold: ask counsel. The clock says how long at most.",
}


def page_of(clock: HoldClock) -> list[Block]:
    """The whole clock."""
    blocks: list[Block] = [Heading(f"The hold clock, {clock.name or clock.place}", 1)]
    moment = clock.at.isoformat(sep=" ", timespec="minutes")
    law = (
        f"The law of {clock.name or clock.place} ({clock.place}) at {moment}; times in {clock.zone}. "
        f"Law version {clock.law_version}."
    )
    blocks += [Text(law, "quiet"), Text(""), *_verdict(clock)]
    if clock.readings:
        rows = tuple(_row(reading) for reading in clock.readings)
        blocks += [Heading("Readings"), Table(("", "Limit", "Runs out", "After"), rows, ("strong", "", "", ""), 1)]
    blocks += [*_events(clock), *_check(clock)]
    for steps in dict.fromkeys(reading.steps for reading in clock.readings if reading.steps):
        blocks += _steps(steps, [reading for reading in clock.readings if reading.steps == steps])
    return blocks


def local_words(moment: datetime) -> str:
    """A moment in local time: `Friday 2017-09-01, 15:00 EDT`; with seconds where there are any."""
    exact = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{moment:%A %Y-%m-%d}, {exact} {moment.tzname()}"


def _verdict(clock: HoldClock) -> Iterable[Block]:
    if clock.starts_at:
        yield Text(f"The person is due for release {local_words(clock.starts_at)}; the hold starts then.", "", 1)
    yield Text(HOLD_WORDS[clock.hold], "alarm" if clock.hold == "forbidden" else "", 1)
    if clock.until and clock.hold == "forbidden":
        yield Text(f"A hold would have to end by {local_words(clock.until)}.", "", 1)
    elif clock.until:
        yield Text(f"It must end by {local_words(clock.until)}.", "strong", 1)
    elif clock.readings:
        yield Text("When it must end is not known.", "open", 1)
    else:
        yield Text("No law here limits how long it may last.", "open", 1)
    yield from _why(clock)
    for missing in clock.missing:
        yield Text(f"Find out: {missing.question} [{missing.fact}]", "open", 1)
    if clock.held_past:
        yield Text(f"The person was held {clock.held_past} past that moment.", "alarm", 1)


def _why(clock: HoldClock) -> Iterable[Block]:
    """Says which reading rules, where others end later."""
    ruling = [reading.cite for reading in clock.readings if reading.rules]
    later = [reading for reading in clock.readings if reading.until and not reading.rules]
    if ruling and later and not _ordered(clock):
        yield Text(f"Of the readings, {_joined(ruling)} rules{_chosen(clock)}.", "", 1)
    if _ordered(clock):
        yield Text(f"That is before any limit runs out: {_ordered(clock)}.", "", 1)
    if clock.asks_no_hold:
        yield Text("The request asks for no hold.", "alarm", 1)


def _ordered(clock: HoldClock) -> str:
    """What ends the hold before any limit does; empty where a limit does."""
    ends = [reading.until.timestamp() for reading in clock.readings if reading.until and reading.rules]
    orders = [
        event
        for event in clock.events
        if event.fact in ORDERS_END and event.at.timestamp() < min(ends, default=math.inf)
    ]
    return orders[0].words if orders else ""


def _chosen(clock: HoldClock) -> str:
    """Why a reading rules: it ends first, or counsel has chosen it."""
    known = [reading.until.timestamp() for reading in clock.readings if reading.until]
    ruling = [reading.until.timestamp() for reading in clock.readings if reading.until and reading.rules]
    return " because it ends first" if min(known) == ruling[0] else " because counsel has chosen it"


def _joined(names: list[str]) -> str:
    distinct = list(dict.fromkeys(names))
    return f"{', '.join(distinct[:-1])} and {distinct[-1]}" if len(distinct) > 1 else distinct[0]


def _row(reading: Reading) -> tuple[str, str, str, str]:
    limit = f"{reading.cite}: {reading.words}{f', if {reading.condition}' if reading.condition else ''}"
    return (
        "rules" if reading.rules else "",
        limit,
        local_words(reading.until) if reading.until else reading.note or "not known",
        reading.elapsed,
    )


def _events(clock: HoldClock) -> Iterable[Block]:
    if clock.events:
        yield Heading("What happened")
        yield Table(("", ""), tuple((local_words(event.at), event.words) for event in clock.events), (), 1)


def _check(clock: HoldClock) -> Iterable[Block]:
    """What the form says of its effect, and what is odd about the request."""
    if clock.notes or clock.findings:
        yield Heading("To check")
    for note in clock.notes:
        perhaps = " Whether that is so depends on facts that are not known." if note.maybe else ""
        yield Text(f"{note.text}{perhaps} ({note.provision})", "open", 1, "-")
    for finding in clock.findings:
        tail = f"; {finding.help}" if finding.help else ""
        yield Text(f"{finding.message}{tail}.", "open", 1, "-")


def _steps(steps: tuple[Step, ...], alike: list[Reading]) -> Iterable[Block]:
    """One count, for all readings that share it."""
    yield Heading(f"{_joined([reading.cite for reading in alike])}, step by step")
    yield Table(("Local time", "Up to then"), tuple((local_words(step.at), step.words) for step in steps), (), 1)
    for note in dict.fromkeys(reading.note for reading in alike if reading.note):
        yield Text(f"Note: {note}.", "open", 1)
