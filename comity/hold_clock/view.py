"""The hold clock of one request as a value: when the hold must end, by which readings, with each step."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from comity.clock.readings import Event, Reading
from comity.decision.answer import Missing, Warned
from comity.engine.outcome import Outcome
from comity.finding import Finding, InputFault, Place
from comity.present.files import write_files
from comity.present.result import Presentable

PICTURES = (".svg", ".png")


class HoldClock(Presentable, Struct, frozen=True, kw_only=True):
    """When the hold on a request starts and must end, each None where not known.

    `hold` is the outcome of the law for a hold. `until` is the end of the time allowed for one, and `alarm_at` when the person
    must be out: the same moment, or that of release where the hold is forbidden. `readings` are all limits that apply or may,
    those that rule first. `events` are what has happened; `held_past` is how long the person was held beyond the end. `notes`
    are what the request's form says of its effect; `missing` is what to find out.
    """

    place: str
    name: str
    zone: str
    at: datetime
    law_version: str
    hold: Outcome
    starts_at: datetime | None
    until: datetime | None
    alarm_at: datetime | None
    readings: tuple[Reading, ...]
    events: tuple[Event, ...] = ()
    held_past: str = ""
    notes: tuple[Warned, ...] = ()
    asks_no_hold: bool = False
    missing: tuple[Missing, ...] = ()
    findings: tuple[Finding, ...] = ()

    def picture(self, path: Path | str) -> None:
        """Draws the hold as a timeline into a file, SVG or PNG by its name; raises `InputFault` for another name."""
        from comity.clock.plot import Timeline, draw_timeline  # noqa: PLC0415  no picture, no matplotlib

        path = Path(path)
        form = path.suffix.lower()
        if form not in PICTURES:
            message, help = "the name does not say which picture it is", "end it in .svg or .png"
            raise InputFault([Finding("picture", Place(str(path)), message, help)])
        forbidden = ": the hold is forbidden" if self.hold == "forbidden" else ""
        title = f"The hold clock, {self.name or self.place}{forbidden}"
        timeline = Timeline(
            title=title, readings=self.readings, events=self.events, starts_at=self.starts_at, until=self.alarm_at
        )
        write_files(path.parent, {path.name: draw_timeline(timeline, form[1:])})
