"""What the polling process does at each tick: alarms before a hold's limit, a change of law, messages, a heartbeat.

A tick is a function of the moment. Whether a hold is overdue does not depend on it: that is a query. A tick that comes late, twice, or
after a crash raises each alarm once, and the latest that is due first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from comity.desk import events
from comity.desk.audit.lines import head_moment
from comity.desk.case import Case
from comity.desk.deciding import decide_case
from comity.desk.desk import Desk
from comity.desk.events import Actor, AlarmKind
from comity.desk.ledger import Refused, Writing, state_of
from comity.desk.models import CaseRow, Entry, Heartbeat, Outgoing, SignedHead
from comity.desk.roles import Role

CLOCKWORK = Actor("clockwork", Role.ADMINISTRATOR)  # no person: it may add alarms and nothing else
PROCESS = "clockwork"
# How long before the limit each alarm is raised, the latest last.
BEFORE: dict[AlarmKind, timedelta] = {
    "12h": timedelta(hours=12), "4h": timedelta(hours=4), "1h": timedelta(hours=1), "limit": timedelta(0),
}  # fmt: skip
LATE_AFTER = timedelta(minutes=3)  # without a heartbeat, pages say that the alarms do not run
RETRY_FIRST, RETRY_MAX = timedelta(minutes=1), timedelta(hours=1)
TRIES_OF_AN_HOUR = 6  # after 1, 2, 4, 8, 16 and 32 minutes
SIGN_EVERY = timedelta(hours=1)
BATCH_MAX = 200
DELIVERY_SECONDS = 15.0  # of one tick: a mail server that hangs must not keep alarms waiting


class Ticked(Struct, frozen=True):
    """What one tick did: the alarms raised by case, the cases opened again, the messages sent and not taken, and a signed head."""

    alarms: tuple[tuple[str, AlarmKind], ...] = ()
    reopened: tuple[str, ...] = ()
    sent: int = 0
    failed: int = 0
    signed: int = 0  # the events of a head that was signed now; 0 where none was due


class Watched(Struct, frozen=True):
    """The state of the clockwork as another process sees it; `faults` is empty where it works."""

    last: datetime | None
    late: bool
    missing: tuple[str, ...]  # the cases of which an alarm is overdue
    undelivered: int  # messages that nobody took for an hour

    @property
    def faults(self) -> tuple[str, ...]:
        last = self.last.isoformat(timespec="seconds") if self.last else "never"
        return tuple(
            words
            for is_so, words in (
                (self.late, f"the clockwork is late: its last heartbeat was {last}"),
                (self.missing, f"alarms are missing in {len(self.missing)} cases: {', '.join(self.missing[:5])}"),
                (self.undelivered, f"{self.undelivered} messages could not be delivered for an hour"),
            )
            if is_so
        )


def tick(
    desk: Desk,
    now: datetime,
    targets: Iterable[tuple[str, str]] = (),
    send: Callable[[Outgoing], None] | None = None,
    checked: dict[str, tuple[object, ...]] | None = None,
) -> Ticked:
    """One round at a moment: alarms first, since everything else can wait for them.

    `targets` are the channels and addresses of alarms; `send` delivers a message, or raises. `checked`, kept from tick to tick,
    remembers which cases were compared with the law, so that each is decided once a day and once after each change.
    """
    raised = tuple(_raise_alarms(desk, now, tuple(targets)))
    if not Heartbeat.objects.filter(pk=PROCESS).update(at=now):
        Heartbeat.objects.get_or_create(process=PROCESS, defaults={"at": now})
    sent, failed = _deliver(now, send) if send else (0, 0)
    signed = _sign_when_due(desk, now)
    reopened = tuple(_reopen_under_new_law(desk, now, {} if checked is None else checked))
    return Ticked(raised, reopened, sent, failed, signed)


def watch(now: datetime) -> Watched:
    """What a process that watches the clockwork finds. An alarm is missing once it is overdue by more than a tick can take."""
    last = Heartbeat.objects.filter(pk=PROCESS).values_list("at", flat=True).first()
    waits = Outgoing.objects.filter(sent_at=None, tries__gte=TRIES_OF_AN_HOUR).count()
    return Watched(last, is_late(now), tuple(missing_alarms(now - LATE_AFTER)), waits)


def is_late(now: datetime) -> bool:
    """Whether the clockwork has not said for some minutes that it runs: every page then says so."""
    last = Heartbeat.objects.filter(pk=PROCESS).values_list("at", flat=True).first()
    return last is None or abs(now - last) > LATE_AFTER  # a clock that ran ahead must not hide that it ended


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
    return [id for id, state in rows.values_list("id", "state") if due_alarms(state_of(state), now)]


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


def _reopen_under_new_law(desk: Desk, now: datetime, checked: dict[str, tuple[object, ...]]) -> Iterable[str]:
    """Opens live cases again of which the law held now, or of this day, decides an action otherwise than the last decision."""
    zone = ZoneInfo(desk.library.gazetteer.places[desk.bound.place].zone)
    live = dict(CaseRow.objects.filter(closed_at=None, undecided=False).order_by("id").values_list("id", "events"))
    for id in checked.keys() - live.keys():
        del checked[id]
    for id, events_of_case in live.items():
        sign = (events_of_case, desk.library.version, now.astimezone(zone).date())
        if checked.get(id) == sign:
            continue
        if _reopen(desk, id, now):
            yield id
        checked[id] = sign


def _reopen(desk: Desk, id: str, now: datetime) -> bool:
    """Opens one case again where its law decides otherwise now; returns whether it did."""
    differs = differing_actions(desk, state_of(CaseRow.objects.get(pk=id).state), now)
    if not differs:
        return False
    happening = events.Reopened(
        reason="the law that applies now decides otherwise", law_version=desk.library.version, differs=differs
    )
    try:
        desk.ledger.write(partial(_add, id=id, happening=happening, now=now))
    except Refused:  # somebody closed or decided it in between
        return False
    return True


def _sign_when_due(desk: Desk, now: datetime) -> int:
    """Signs the tree of all events, where the last head is an hour old and the record has grown; returns how many it has then."""
    last = SignedHead.objects.order_by("-size").values_list("size", "line").first()
    if last is not None and now - head_moment(bytes(last[1])) < SIGN_EVERY:
        return 0
    newest = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    return desk.sign(now) if newest > (last[0] if last else 0) else 0


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
    """Sends what is due. What is not taken is tried again, after twice the time each time, for as long as it takes.

    After a failure, the other messages to the same target wait for the next tick, uncounted: a server that is down is asked once.
    """
    sent, failed, until = 0, 0, time.monotonic() + DELIVERY_SECONDS
    failing: set[tuple[str, str]] = set()
    for message in Outgoing.objects.filter(sent_at=None, due_at__lte=now).order_by("due_at", "id")[:BATCH_MAX]:
        target = (message.channel, message.target)
        if target in failing:
            continue
        if time.monotonic() > until:
            break
        try:
            send(message)
        except Exception as fault:  # whatever a server answers: it is tried again, and the count of tries tells
            failed += 1
            failing.add(target)
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
