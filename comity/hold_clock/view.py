"""The hold clock of one request, as people and programs look at it: until when, by which readings, with each step."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from comity.clock.readings import Event, Reading
from comity.decision.decision import Missing, Warned
from comity.engine.outcome import Outcome
from comity.finding import Finding, InputFault, Place
from comity.present.files import put
from comity.present.result import Presentable

PICTURES = (".svg", ".png")


class HoldClock(Presentable, Struct, frozen=True):
    """When the hold on a request starts and must end, each empty where that is not known.

    `hold` is what law says of a hold at all. `until` is the end of what time there is for one, and `alarm_at` when the person
    must be out: the same moment, or that of release where the hold is forbidden. `readings` are all the limits that apply or
    may, the one that rules first; `events` what has happened, `held_past` how long the person was kept beyond the end. `notes`
    come from the form by which the hold is asked, `missing` is what to find out.
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

    def to_dict(self) -> dict[str, Any]:
        """The clock as plain JSON values."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        return made

    def picture(self, path: Path | str) -> None:
        """Draws the hold as a time line into a file, SVG or PNG by its name; raises `InputFault` for another name."""
        from comity.clock.plot import Timeline, drawn  # noqa: PLC0415  no picture, no matplotlib

        path = Path(path)
        form = path.suffix.lower()
        if form not in PICTURES:
            message, help = "the name does not say which picture it is", "end it in .svg or .png"
            raise InputFault([Finding("picture", Place(str(path)), message, help)])
        forbidden = ": the hold is forbidden" if self.hold == "forbidden" else ""
        title = f"The hold clock, {self.name or self.place}{forbidden}"
        timeline = Timeline(title, self.readings, self.events, self.starts_at, self.alarm_at)
        put(path.parent, {path.name: drawn(timeline, form[1:])})
