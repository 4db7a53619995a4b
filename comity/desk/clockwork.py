"""What the polling process does at each tick: alarms before a hold's limit, a change of law, messages, a heartbeat.

A tick is a function of the moment. Whether a hold is overdue does not depend on it: that is a query. A tick that comes late, twice, or
after a crash raises each alarm once, and the latest that is due first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from comity.desk import events
from comity.desk.case import Case
from comity.desk.deciding import decide_case
from comity.desk.desk import Desk
from comity.desk.events import Actor, AlarmKind
from comity.desk.ledger import Refused, Writing, state_of
from comity.desk.models import CaseRow, Heartbeat, Outgoing
from comity.desk.roles import Role

CLOCKWORK = Actor("clockwork", Role.ADMINISTRATOR)  # no person: it may add alarms and nothing else
PROCESS = "clockwork"
# How long before the limit each alarm is raised, the latest last.
BEFORE: dict[AlarmKind, timedelta] = {
    "12h": timedelta(hours=12), "4h": timedelta(hours=4), "1h": timedelta(hours=1), "limit": timedelta(0),
}  # fmt: skip
LATE_AFTER = timedelta(minutes=3)  # without a heartbeat, pages say that the alarms do not run
RETRY_FIRST, RETRY_MAX = timedelta(minutes=1), timedelta(hours=1)
BATCH_MAX = 200


class Ticked(Struct, frozen=True):
    """What one tick did: the alarms raised by case, the cases opened again, the messages sent and not taken."""

    alarms: tuple[tuple[str, AlarmKind], ...] = ()
    reopened: tuple[str, ...] = ()
    sent: int = 0
    failed: int = 0


def tick(
    desk: Desk, now: datetime, targets: Iterable[tuple[str, str]] = (), send: Callable[[Outgoing], None] | None = None
) -> Ticked:
    """One round at a moment. `targets` are the channels and addresses of alarms; `send` delivers a message, or raises."""
    raised = tuple(_raise_alarms(desk, now, tuple(targets)))
    reopened = tuple(_reopen_under_new_law(desk, now))
    sent, failed = _deliver(now, send) if send else (0, 0)
    Heartbeat.objects.update_or_create(process=PROCESS, defaults={"at": now})
    return Ticked(raised, reopened, sent, failed)


def is_late(now: datetime) -> bool:
    """Whether the clockwork has not said for some minutes that it runs: every page then says so."""
    last = Heartbeat.objects.filter(pk=PROCESS).values_list("at", flat=True).first()
    return last is None or now - last > LATE_AFTER


def due_alarms(case: Case, now: datetime) -> list[AlarmKind]:
    """The alarms of a running hold that are due and were not raised. Of those that are due, the last speaks for the others."""
    hold = case.hold
    if hold is None:
        return []
    due = [alarm for alarm, before in BEFORE.items() if hold.limit_at - before <= now]
    return [due[-1]] if due and due[-1] not in hold.alarms else []


def missing_alarms(now: datetime) -> list[str]:
    """The cases of which an alarm should have been raised by now and was not: what watches the clockwork asks this."""
    rows = CaseRow.objects.filter(limit_at__lte=now + max(BEFORE.values())).order_by("limit_at")
    return [row.id for row in rows if due_alarms(state_of(row.state), now)]


def _raise_alarms(desk: Desk, now: datetime, targets: tuple[tuple[str, str], ...]) -> Iterable[tuple[str, AlarmKind]]:
    for id in missing_alarms(now):
        for alarm in desk.ledger.write(partial(_alarm, id=id, now=now, targets=targets)):
            yield id, alarm


def _alarm(writing: Writing, *, id: str, now: datetime, targets: tuple[tuple[str, str], ...]) -> list[AlarmKind]:
    """Adds the alarms of one case that are still due, and the messages of them in the same transaction."""
    case = writing.case(id)
    due = due_alarms(case, now)
    for alarm in due:
        assert case.hold
        limit_at = case.hold.limit_at
        writing.add(id, events.AlarmRaised(alarm=alarm, limit_at=limit_at), by=CLOCKWORK, at=now)
        body = msgspec.json.encode({"case": id, "alarm": alarm, "limit_at": limit_at, "raised_at": now}).decode()
        for channel, target in targets:
            Outgoing.objects.create(channel=channel, target=target, body=body, due_at=now)
    return due


def _reopen_under_new_law(desk: Desk, now: datetime) -> Iterable[str]:
    """Opens live cases again of which the law held now, or of this day, decides an action otherwise than the last decision."""
    for row in CaseRow.objects.filter(closed_at=None, undecided=False).order_by("id"):
        case = state_of(row.state)
        differs = differing_actions(desk, case, now)
        if differs:
            happening = events.Reopened(
                reason="the law that applies now decides otherwise", law_version=desk.library.version, differs=differs
            )
            add = partial(_add, id=row.id, happening=happening, now=now)
            try:
                desk.ledger.write(add)
            except Refused:  # somebody closed or decided it in between
                continue
            yield row.id


def _add(writing: Writing, *, id: str, happening: events.AnyHappening, now: datetime) -> None:
    writing.add(id, happening, by=CLOCKWORK, at=now)


def differing_actions(desk: Desk, case: Case, now: datetime) -> tuple[str, ...]:
    """The actions of the detainer that counts which are decided otherwise now than in its last decision."""
    governing = case.governing
    last = case.decision_on(governing.number) if governing else None
    if governing is None or last is None:
        return ()
    decision, _, _ = decide_case(case, governing.number, desk.bound, desk.library, now)
    if decision is None:
        return ()
    outcomes = {action: answer.outcome for action, answer in decision.actions.items()}
    names = sorted({*outcomes, *last.outcomes})
    return tuple(name for name in names if outcomes.get(name) != last.outcomes.get(name))


def _deliver(now: datetime, send: Callable[[Outgoing], None]) -> tuple[int, int]:
    """Sends what is due; what is not taken is tried again, after twice the time each time, for as long as it takes."""
    sent = failed = 0
    for message in Outgoing.objects.filter(sent_at=None, due_at__lte=now).order_by("due_at", "id")[:BATCH_MAX]:
        try:
            send(message)
        except Exception as fault:  # whatever a server answers: it is tried again, and the count of tries tells
            failed += 1
            delay = min(RETRY_FIRST * 2 ** min(message.tries, 10), RETRY_MAX)
            fields: dict[str, Any] = {
                "tries": message.tries + 1,
                "due_at": now + delay,
                "last_fault": type(fault).__name__,
            }
            Outgoing.objects.filter(pk=message.pk).update(**fields)
        else:
            sent += 1
            Outgoing.objects.filter(pk=message.pk).update(sent_at=now)
    return sent, failed
