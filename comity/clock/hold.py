"""When a hold must end: from a limit, the moment from which it runs and a place, with each step shown. The definition.

Hours are elapsed hours: 24 hours that span a clock change end at another time of day. A time of day is local clock time.
A hold may last up to the end that a limit sets, and not beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.clock.days import FIRST_YEAR, ClockLocation, why_not_counted
from comity.facts.kinds import Value
from comity.law.instrument import Limit

STARTS = {
    "receipt": ("request.received_at", "request.received_on"),
    "release_eligible": ("custody.release_eligible_at", "custody.release_eligible_on"),
}
EARLIER = ("receipt", "release_eligible")
MINUTE = timedelta(minutes=1)


class Step(Struct, frozen=True):
    """One step of a count: the local moment it reaches, what was counted up to there, and whether that time counts."""

    at: datetime
    words: str
    counted: bool = True


class Ending(Struct, frozen=True):
    """When a hold must end, in local time, and the steps of the count."""

    until: datetime
    steps: tuple[Step, ...]


def count_hold_of_request(limit: Limit, values: Mapping[str, Value], here: ClockLocation) -> Ending | None:
    """When a hold must end by the facts known; None where they do not say when the limit starts."""
    start = start_of(limit, values)
    if isinstance(start, datetime):
        return count_hold(limit, start, here) if countable(limit, start, here) else None
    return None if start is None else ending_of_day(limit, start, here)


def start_of(limit: Limit, values: Mapping[str, Value]) -> datetime | date | None:
    """The moment from which a limit runs, or the day for a time of day; the earlier of two needs both."""
    moments = [values.get(STARTS[start][0]) for start in starts_of(limit)]
    known = [start for start in moments if isinstance(start, datetime)]
    if len(known) == len(moments):
        return min(known, key=datetime.timestamp)  # datetimes of one zone would compare by local time
    day = values.get(STARTS[starts_of(limit)[0]][1]) if limit.until else None
    return day if isinstance(day, date) else None


def starts_of(limit: Limit) -> tuple[str, ...]:
    """What a limit runs from: receipt, release eligibility, or both where the earlier counts."""
    if limit.until:
        return (limit.of or "release_eligible",)
    return EARLIER if limit.starts == "earlier" else (limit.starts,)


def countable(limit: Limit, start: datetime, here: ClockLocation) -> bool:
    """Whether the days that do not count are known: federal holidays are known from 1971."""
    return not skips(limit) or start.astimezone(ZoneInfo(here.zone)).year >= FIRST_YEAR


def count_hold(limit: Limit, start: datetime, here: ClockLocation) -> Ending:
    """When a hold under a limit must end, from the moment the limit starts to run."""
    local = start.astimezone(ZoneInfo(here.zone))
    begun = Step(local, "the limit starts to run")
    if limit.until:
        return _until_clock(limit, begun, here)
    counted = _counting(local, limit, here) if skips(limit) else _flat(local, limit.hours)
    steps = (begun, *counted)
    return Ending(steps[-1].at, steps)


def ending_of_day(limit: Limit, day: date, here: ClockLocation) -> Ending:
    """When a hold must end under a limit that names a time of day, on the local day from which it runs."""
    until = wall(day, limit.until, here.zone)
    return Ending(until, (Step(until, f"{limit.until} on that day"),))


def _until_clock(limit: Limit, begun: Step, here: ClockLocation) -> Ending:
    """Ends at the time of day, or at once where that time has passed when release is due."""
    by_clock = ending_of_day(limit, begun.at.date(), here)
    if _between(begun.at, by_clock.until) >= timedelta():
        return Ending(by_clock.until, (begun, *by_clock.steps))
    return Ending(begun.at, (begun, Step(begun.at, f"{limit.until} on that day has passed")))


def skips(limit: Limit) -> bool:
    """Whether a limit excludes weekends and holidays."""
    return limit.clock == "excluding_weekends_holidays" and not limit.until


def wall(day: date, clock: str, zone: str) -> datetime:
    """The first moment of a day at which local clocks show a time or a later one.

    Of a time that occurs twice it is the first; of a time that clocks skip, the moment they go forward.
    """
    hour, minute = clock.split(":")
    named = datetime.combine(day, time(int(hour), int(minute)), ZoneInfo(zone))
    if _wall_clock(named) == named.replace(tzinfo=None):
        return named
    return _leap(named)


def _leap(named: datetime) -> datetime:
    """The moment at which the clock leaps over a local time that never is."""
    after = named.astimezone(UTC)
    while (earlier := (after - MINUTE).astimezone(named.tzinfo)).replace(tzinfo=None) > named.replace(tzinfo=None):
        after = earlier.astimezone(UTC)
    return after.astimezone(named.tzinfo)


def _wall_clock(named: datetime) -> datetime:
    return named.astimezone(UTC).astimezone(named.tzinfo).replace(tzinfo=None)


def _flat(local: datetime, hours: int) -> list[Step]:
    return [
        Step(
            _later(local, timedelta(hours=hours)),
            f"{format_span(timedelta(hours=hours))} counted, weekends and holidays included",
        )
    ]


def _counting(local: datetime, limit: Limit, here: ClockLocation) -> list[Step]:
    """Counts hours day by day and skips days that do not count."""
    steps: list[Step] = []
    left = timedelta(hours=limit.hours)
    while left:
        midnight = _next_midnight(local, here)
        skipped = why_not_counted(local.date(), limit.holidays, here.around_washington)
        counted = timedelta() if skipped else min(left, _between(local, midnight))
        local = midnight if skipped else _later(local, counted)
        left -= counted
        words = f"not counted: {skipped}" if skipped else f"{format_span(counted)} counted, {format_span(left)} left"
        steps.append(Step(local, words, not skipped))
    return steps


def _next_midnight(local: datetime, here: ClockLocation) -> datetime:
    return wall(local.date() + timedelta(1), "00:00", here.zone)


def _later(local: datetime, elapsed: timedelta) -> datetime:
    return (local.astimezone(UTC) + elapsed).astimezone(local.tzinfo)


def _between(earlier: datetime, later: datetime) -> timedelta:
    return later.astimezone(UTC) - earlier.astimezone(UTC)


def format_span(span: timedelta) -> str:
    """A duration in words: `8 hours`, `7 hours 30 minutes`; with seconds where there are any."""
    seconds = int(span.total_seconds())
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    texts = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(texts) or "0 hours"
