"""What to ask about a local time: one without an offset, one that came twice or never, one whose offset is not the place's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from comity.clock.hold import wall


def offset_help(local: datetime, zone: str) -> str:
    """What would be right for a local time that was given without its offset."""
    found = instants(local, zone)
    match found:
        case [own]:
            return f"write the offset from UTC too: {own.isoformat()} is that time in {zone}"
        case [first, second]:
            return (
                f"it came twice in {zone}: write {first.isoformat()} for the first, {second.isoformat()} for the second"
            )
        case _:
            leap = wall(local.date(), f"{local:%H:%M}", zone)
            return f"there was no such time in {zone}, where the clock leapt to {leap.isoformat()}: ask which moment is meant"


def instants(local: datetime, zone: str) -> list[datetime]:
    """The moments at which the clock on the wall shows a local time: one, two, or none."""
    named = [local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    real = [own for own in named if own.astimezone(UTC).astimezone(own.tzinfo).replace(tzinfo=None) == local]
    return real if len({own.timestamp() for own in real}) > 1 else real[:1]


def odd(moment: datetime, zone: str) -> str:
    """What is odd about a moment at a place: its offset is another one, or its time came twice; empty where nothing is."""
    local = moment.astimezone(ZoneInfo(zone))
    if moment.utcoffset() not in (local.utcoffset(), timedelta()):
        return f"the clock in {zone} then showed {local.isoformat()}"
    found = instants(local.replace(tzinfo=None, fold=0), zone)
    if len(found) > 1:
        which = "first" if local.timestamp() == found[0].timestamp() else "second"
        return f"that time came twice in {zone}, and by its offset this is the {which}"
    return ""
