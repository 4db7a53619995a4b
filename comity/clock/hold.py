"""When a hold must end: from a limit, the moment it starts from and where, with each step shown. This is the definition.

Hours are elapsed hours: 24 of them over a clock change end at another time of day. A time of day is what the clock
on the wall shows. A hold that a limit ends may last up to that moment, and not beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.clock.days import FIRST_YEAR, Here, why_not_counted
from comity.facts.kinds import Value
from comity.law.instrument import Limit

STARTS = {
    "receipt": ("request.received_at", "request.received_on"),
    "release_eligible": ("custody.release_eligible_at", "custody.release_eligible_on"),
}
EARLIER = ("receipt", "release_eligible")
MINUTE = timedelta(minutes=1)


class Step(Struct, frozen=True):
    """One step of a count: the local moment it reaches, what was counted up to it in words, and whether it was counted."""

    at: datetime
    words: str
    counted: bool = True


class Ending(Struct, frozen=True):
    """When a hold must end, in local time, and the steps that lead there."""

    until: datetime
    steps: tuple[Step, ...]


def ending_of(limit: Limit, values: Mapping[str, Value], here: Here) -> Ending | None:
    """When a hold must end by what is known; nothing where that does not say when the limit starts."""
    start = start_of(limit, values)
    if isinstance(start, datetime):
        return ending(limit, start, here) if countable(limit, start, here) else None
    return None if start is None else ending_of_day(limit, start, here)


def start_of(limit: Limit, values: Mapping[str, Value]) -> datetime | date | None:
    """The moment from which a limit runs, or for a time of day the day; of two moments the earlier needs both."""
    moments = [values.get(STARTS[own][0]) for own in starts_of(limit)]
    known = [own for own in moments if isinstance(own, datetime)]
    if len(known) == len(moments):
        return min(
            known, key=datetime.timestamp
        )  # by the instant: two times of one zone compare as the wall shows them
    day = values.get(STARTS[starts_of(limit)[0]][1]) if limit.until else None
    return day if isinstance(day, date) else None


def starts_of(limit: Limit) -> tuple[str, ...]:
    """From what a limit runs: receipt, when release is due, or both where it is whichever comes first."""
    if limit.until:
        return (limit.of or "release_eligible",)
    return EARLIER if limit.starts == "earlier" else (limit.starts,)


def countable(limit: Limit, start: datetime, here: Here) -> bool:
    """Whether the days that do not count are known: federal holidays are from 1971 on."""
    return not skips(limit) or start.astimezone(ZoneInfo(here.zone)).year >= FIRST_YEAR


def ending(limit: Limit, start: datetime, here: Here) -> Ending:
    """When a hold under a limit must end, from the moment at which the limit starts to run."""
    local = start.astimezone(ZoneInfo(here.zone))
    begun = Step(local, "the limit starts to run")
    if limit.until:
        return _until_clock(limit, begun, here)
    counted = _counting(local, limit, here) if skips(limit) else _flat(local, limit.hours)
    steps = (begun, *counted)
    return Ending(steps[-1].at, steps)


def ending_of_day(limit: Limit, day: date, here: Here) -> Ending:
    """When a hold must end under a limit that names a time of day, on the local day that it runs from."""
    until = wall(day, limit.until, here.zone)
    return Ending(until, (Step(until, f"{limit.until} on that day"),))


def _until_clock(limit: Limit, begun: Step, here: Here) -> Ending:
    """Who would walk out after the time of day has passed may not be kept at all."""
    made = ending_of_day(limit, begun.at.date(), here)
    if _between(begun.at, made.until) >= timedelta():
        return Ending(made.until, (begun, *made.steps))
    return Ending(begun.at, (begun, Step(begun.at, f"{limit.until} on that day has passed")))


def skips(limit: Limit) -> bool:
    """Whether a limit leaves weekends and holidays out."""
    return limit.clock == "excluding_weekends_holidays" and not limit.until


def wall(day: date, clock: str, zone: str) -> datetime:
    """The first moment of a day at which the clock on the wall shows a time or a later one.

    Of a time that comes twice it is the first; where the clock leaps over the time, the moment of the leap.
    """
    hour, minute = clock.split(":")
    named = datetime.combine(day, time(int(hour), int(minute)), ZoneInfo(zone))
    if _shown(named) == named.replace(tzinfo=None):
        return named
    return _leap(named)


def _leap(named: datetime) -> datetime:
    """The moment at which the clock leaps over a local time that never is."""
    after = named.astimezone(UTC)
    while (earlier := (after - MINUTE).astimezone(named.tzinfo)).replace(tzinfo=None) > named.replace(tzinfo=None):
        after = earlier.astimezone(UTC)
    return after.astimezone(named.tzinfo)


def _shown(named: datetime) -> datetime:
    return named.astimezone(UTC).astimezone(named.tzinfo).replace(tzinfo=None)


def _flat(local: datetime, hours: int) -> list[Step]:
    return [
        Step(
            _later(local, timedelta(hours=hours)),
            f"{shown(timedelta(hours=hours))} counted, weekends and holidays included",
        )
    ]


def _counting(local: datetime, limit: Limit, here: Here) -> list[Step]:
    """Counts hour by hour, day for day, and passes over days that do not count."""
    steps: list[Step] = []
    left = timedelta(hours=limit.hours)
    while left:
        midnight = _next_midnight(local, here)
        skipped = why_not_counted(local.date(), limit.holidays, here.around_washington)
        counted = timedelta() if skipped else min(left, _between(local, midnight))
        local = midnight if skipped else _later(local, counted)
        left -= counted
        words = f"not counted: {skipped}" if skipped else f"{shown(counted)} counted, {shown(left)} left"
        steps.append(Step(local, words, not skipped))
    return steps


def _next_midnight(local: datetime, here: Here) -> datetime:
    return wall(local.date() + timedelta(1), "00:00", here.zone)


def _later(local: datetime, elapsed: timedelta) -> datetime:
    return (local.astimezone(UTC) + elapsed).astimezone(local.tzinfo)


def _between(earlier: datetime, later: datetime) -> timedelta:
    return later.astimezone(UTC) - earlier.astimezone(UTC)


def shown(span: timedelta) -> str:
    """`8 hours`, `7 hours 30 minutes`; seconds are shown where there are any."""
    seconds = int(span.total_seconds())
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    said = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(said) or "0 hours"
