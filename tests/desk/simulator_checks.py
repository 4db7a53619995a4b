"""What must hold after the days of a simulation: the record, the states of all cases, their decisions, alarms and messages."""

from __future__ import annotations

from collections import Counter
from typing import Any


class Broken(Exception):
    """What must always hold does not."""


def check(world: Any, targets: int) -> None:
    """Raises `Broken` where the record, the states or the alarms are not as they must be."""
    from comity.desk.audit.verifier import verify
    from comity.desk.case import fold
    from comity.desk.events import AlarmRaised, Decided, Received
    from comity.desk.ledger import state_of
    from comity.desk.models import CaseRow, Entry, Outgoing
    from comity.desk.queries import read_event
    from comity.desk.record import head_lines, record_lines

    faults = verify(record_lines(), head_lines()).faults
    need(not faults, f"the record is broken: {faults}")
    happened = [read_event(bytes(line)) for line in Entry.objects.values_list("line", flat=True)]
    rows = {row.id: row for row in CaseRow.objects.all()}
    need({event.case for event in happened} == set(rows), "a case has no row, or no events")
    for id, row in rows.items():
        case = fold(id, (event for event in happened if event.case == id))
        hold = case.hold
        need(case == state_of(row.state), f"{id}: its state is not the fold of its events")
        columns = (row.closed_at, row.limit_at, row.undecided, row.events)
        need(columns == (case.closed_at, hold and hold.limit_at, case.is_undecided, case.events), f"{id}: its columns")
        for hold in case.holds:
            need_alarms(world, id, hold, [event for event in happened if event.case == id])
    received = Counter(event.happening.fingerprint for event in happened if isinstance(event.happening, Received))
    need(max(received.values(), default=1) == 1, "a request that arrived twice is two")
    for event in happened:
        if isinstance(event.happening, Decided):
            need(bool(event.happening.law_version and event.happening.stack), f"decision {event.number} names no law")
    raised = Counter(
        (event.case, event.happening.alarm) for event in happened if isinstance(event.happening, AlarmRaised)
    )
    need(Outgoing.objects.count() == targets * sum(raised.values()), "an alarm has no message, or too many")
    need(all(world.delivered[pk] for pk in Outgoing.objects.values_list("pk", flat=True)), "a message never arrived")


def need_alarms(world: Any, id: str, hold: Any, happened: list[Any]) -> None:
    """Each alarm was raised once; and where a clockwork ran in time, before the hold had ended, the one of that time was raised."""
    from comity.desk.clockwork import BEFORE

    last = next(
        (event.at for event in happened if hold.ended_at and event.happening.__struct_config__.tag == hold.ended_by),
        world.now,
    )
    order = list(BEFORE)
    for position, (alarm, before) in enumerate(BEFORE.items()):
        due = hold.limit_at - before
        ends = min(last, hold.limit_at - BEFORE[order[position + 1]] if position + 1 < len(order) else last)
        begun = next(event.at for event in happened if event.happening.__struct_config__.tag == "hold_begun")
        if any(max(due, begun) <= tick < ends for tick in world.healthy):
            need(
                any(later in hold.alarms for later in order[position:]),
                f"{id}: no alarm {alarm}, due {due}, ended {last}",
            )


def need(holds: bool, words: str) -> None:
    if not holds:
        raise Broken(words)
