"""When an obligation is due, and how long a limit lets a hold last, in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from comity.law.instrument import Limit, Obligation

RUNS_FROM = {
    "receipt": "request.received_at",
    "release_eligible": "custody.release_eligible_at",
    "certification_request": "certification.requested_at",
}  # the fact with the moment from which the time of an obligation runs


def due(owed: Obligation) -> str:
    """When an obligation is due, in words: `within 24 hours of receipt`, `every quarter`, `by 2017-05-19`."""
    after = owed.after.replace("_", " ")
    since = (
        f"within {owed.within}" + (f" of {after}" if after else "")
        if owed.within
        else f"after {after}"
        if after
        else ""
    )
    return ", ".join(filter(None, (since, owed.every and f"every {owed.every}", owed.by and f"by {owed.by}")))


def deadline_of(within: str, start: datetime, zone: str) -> datetime | None:
    """The moment until which a deed is due, on the clock of the place; None for a time that is not in hours or days.

    Hours run on; a day ends at the same time of day.
    """
    found = re.fullmatch(r"([0-9]{1,4}) (hour|day)s?", within)
    if not found:
        return None
    count, local = int(found[1]), start.astimezone(ZoneInfo(zone))
    if found[2] == "day":
        return local + timedelta(days=count)
    return (start.astimezone(UTC) + timedelta(hours=count)).astimezone(ZoneInfo(zone))


def in_words(limit: Limit) -> str:
    """A limit in words."""
    if limit.until:
        return f"until {limit.until} on the day of {(limit.of or 'release_eligible').replace('_', ' ')}"
    start = {
        "receipt": "receipt of the request",
        "release_eligible": "when release is due",
        "earlier": "receipt of the request or when release is due, whichever is earlier",
    }[limit.starts]
    days = f", weekends{_left_out(limit)} not counted" if limit.clock == "excluding_weekends_holidays" else ""
    return f"{limit.hours} hours from {start}{days}"


def _left_out(limit: Limit) -> str:
    """The holidays that a limit leaves out beside weekends."""
    return {(): "", ("federal",): " and holidays"}.get(limit.holidays, " and the holidays that it lists")
