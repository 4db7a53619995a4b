"""Counts of the desk for a span of time, with no person in them: what was received, decided, held, overridden and released."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from comity.desk.case import JOINED, Case, Hold
from comity.desk.deeds import allow
from comity.desk.events import Actor
from comity.desk.ledger import state_of
from comity.desk.models import CaseRow
from comity.desk.roles import Permission


class Count(Struct, frozen=True):
    """One figure: its group, what it counts, and how many there are."""

    group: str
    words: str
    count: int


class HoldOf(Struct, frozen=True):
    """A hold with the id of its case."""

    case: str
    hold: Hold


def cases_of(since: datetime, until: datetime, *, by: Actor) -> Iterator[Case]:
    """The cases opened in a span of time."""
    allow(by, Permission.SEE_COUNTS)
    rows = CaseRow.objects.filter(opened_at__gte=since, opened_at__lt=until).order_by("opened_at", "id")
    return (state_of(state) for state in rows.values_list("state", flat=True).iterator())


def holds_of(since: datetime, until: datetime, *, by: Actor) -> Iterator[HoldOf]:
    """The holds that ran at some time of a span; one that still runs has no end."""
    allow(by, Permission.SEE_COUNTS)
    rows = CaseRow.objects.filter(opened_at__lt=until).order_by("opened_at", "id")
    for id, state in rows.values_list("id", "state").iterator():
        for hold in state_of(state).holds:
            if hold.began_at < until and (hold.ended_at is None or hold.ended_at > since):
                yield HoldOf(id, hold)


def counts(cases: Iterable[Case], now: datetime) -> list[Count]:
    """The counts of some cases; what runs is counted as of a moment."""
    figures: Counter[tuple[str, str]] = Counter()
    for case in cases:
        figures.update(_figures(case, now))
    return [Count(group, words, figures[group, words]) for group, words in ORDER] + [
        Count(group, words, count) for (group, words), count in sorted(figures.items()) if (group, words) not in ORDER
    ]


ORDER = (
    ("Received", "bookings with a detainer"), ("Received", "detainers"), ("Received", "superseded by another"),
    ("Received", "cancelled by the sender"), ("Holds", "begun"), ("Holds", "running"), ("Holds", "ended within the limit"),
    ("Holds", "ended after the limit"), ("Holds", "running past the limit"), ("Closed", "released"), ("Closed", "transferred"),
    ("Decisions", "made"), ("Decisions", "choices made by whom the law names"), ("Decisions", "overrides asked for"),
    ("Decisions", "overrides confirmed"),
)  # fmt: skip


def _figures(case: Case, now: datetime) -> Iterator[tuple[str, str]]:
    if case.closed_by == JOINED:  # its paper is counted where the case goes on
        return
    yield "Received", "bookings with a detainer"
    for detainer in case.detainers.values():
        yield "Received", "detainers"
        if detainer.status != "live":
            yield "Received", "superseded by another" if detainer.status == "superseded" else "cancelled by the sender"
        last = case.decision_on(detainer.number)
        yield "Hold, by the last decision", last.outcomes.get("hold", "unaddressed") if last else "not decided"
    yield from (("Decisions", "made") for _ in case.decisions)
    yield from (("Decisions", "choices made by whom the law names") for _ in case.choices)
    for override in case.overrides.values():
        yield "Decisions", "overrides asked for"
        if override.confirmed:
            yield "Decisions", "overrides confirmed"
    for hold in case.holds:
        yield "Holds", "begun"
        yield "Holds", _state_of(hold, now)
    if case.closed_at:
        yield "Closed", case.closed_by


def _state_of(hold: Hold, now: datetime) -> str:
    if hold.ended_at is None:
        return "running past the limit" if hold.limit_at <= now else "running"
    return "ended within the limit" if hold.ended_at <= hold.limit_at else "ended after the limit"
