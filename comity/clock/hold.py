"""When a hold must end: from a limit, the moment it starts from and the place's zone, with each step shown.

Hours are elapsed hours: 24 of them over a clock change end at another time of day. A time of day is what the clock
on the wall shows.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.clock.days import why_not_counted
from comity.law.instrument import Limit


class Step(Struct, frozen=True):
    """One step of a count: the local moment it reaches, and what was counted up to it."""

    at: datetime
    words: str


class Ending(Struct, frozen=True):
    """When a hold must end, in local time, and the steps that lead there."""

    until: datetime
    steps: tuple[Step, ...]


def ending(limit: Limit, start: datetime, zone: str) -> Ending:
    """When a hold under a limit must end, from the moment at which the limit starts to run."""
    local = start.astimezone(ZoneInfo(zone))
    begun = Step(local, "the limit starts to run")
    if limit.until:
        made = ending_of_day(limit, local.date(), zone)
        return Ending(made.until, (begun, *made.steps))
    counted = _counting(local, timedelta(hours=limit.hours)) if _skips(limit) else _flat(local, limit.hours)
    steps = (begun, *counted)
    return Ending(steps[-1].at, steps)


def ending_of_day(limit: Limit, day: date, zone: str) -> Ending:
    """When a hold must end under a limit that names a time of day, on the local day that it runs from."""
    hour, minute = limit.until.split(":")
    until = datetime.combine(day, time(int(hour), int(minute)), ZoneInfo(zone))
    until = until.astimezone(UTC).astimezone(ZoneInfo(zone))  # a time that the clock leaps over is the one it leaps to
    return Ending(until, (Step(until, f"{limit.until} on that day"),))


def _skips(limit: Limit) -> bool:
    return limit.clock == "excluding_weekends_holidays"


def _flat(local: datetime, hours: int) -> list[Step]:
    return [Step(_later(local, timedelta(hours=hours)), f"{hours} hours counted, weekends and holidays included")]


def _counting(local: datetime, left: timedelta) -> list[Step]:
    """Counts hour by hour, day for day, and passes over days that do not count."""
    steps: list[Step] = []
    while left:
        midnight = _next_midnight(local)
        skipped = why_not_counted(local.date())
        counted = timedelta() if skipped else min(left, _between(local, midnight))
        local = midnight if skipped else _later(local, counted)
        left -= counted
        steps.append(Step(local, f"not counted: {skipped}" if skipped else f"{_hours(counted)} counted, {_hours(left)} left"))
    return steps


def _next_midnight(local: datetime) -> datetime:
    midnight = datetime.combine(local.date() + timedelta(1), time(), local.tzinfo)
    return midnight.astimezone(UTC).astimezone(local.tzinfo)


def _later(local: datetime, elapsed: timedelta) -> datetime:
    return (local.astimezone(UTC) + elapsed).astimezone(local.tzinfo)


def _between(earlier: datetime, later: datetime) -> timedelta:
    return later.astimezone(UTC) - earlier.astimezone(UTC)


def _hours(span: timedelta) -> str:
    """`8 hours`, `7 hours 30 minutes`; seconds are shown where there are any."""
    seconds = int(span.total_seconds())
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    shown = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(shown) or "0 hours"
