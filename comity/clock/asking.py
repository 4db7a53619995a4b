"""Questions about a local time: no offset, a time that occurred twice or never, an offset that is not the place's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from comity.clock.hold import wall
from comity.finding import phrase


def offset_help(local: datetime, zone: str) -> str:
    """Says how to write a local time that was given without its offset."""
    moments = instants(local, zone)
    match moments:
        case [moment]:
            return phrase("write the offset from UTC too: that time in {zone} is {}", moment.isoformat(), zone=zone)
        case [first, second]:
            text = "it occurred twice in {zone}: write {} for the first, {} for the second"
            return phrase(text, first.isoformat(), second.isoformat(), zone=zone)
        case _:
            leap = wall(local.date(), f"{local:%H:%M}", zone)
            text = "there was no such time in {zone}: clocks went forward to {}; ask which moment is meant"
            return phrase(text, leap.isoformat(), zone=zone)


def instants(local: datetime, zone: str) -> list[datetime]:
    """The moments at which clocks in a zone show a local time: one, two, or none."""
    named = [local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    real = [
        moment for moment in named if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) == local
    ]
    return real if len({moment.timestamp() for moment in real}) > 1 else real[:1]


def find_oddity(moment: datetime, zone: str) -> str:
    """What is odd about a moment: another zone's offset, or a local time that occurred twice; empty where nothing is."""
    local = moment.astimezone(ZoneInfo(zone))
    if moment.utcoffset() not in (local.utcoffset(), timedelta()):
        return phrase("clocks in {zone} then showed {}", local.isoformat(), zone=zone)
    moments = instants(local.replace(tzinfo=None, fold=0), zone)
    if len(moments) > 1:
        which = "first" if local.timestamp() == moments[0].timestamp() else "second"
        return phrase("that time occurred twice in {zone}; by its offset this is the {which}", zone=zone, which=which)
    return ""
