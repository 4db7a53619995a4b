"""What the agency still owes on a case: the duties of its decision that nobody has recorded as done."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from comity.decision.answer import Owed
from comity.decision.card import cited
from comity.decision.decision import Decision
from comity.decision.duties import duties_now, name_party, say_duty
from comity.desk.case import Case
from comity.desk.deciding import decide_case
from comity.desk.desk import Desk

COPY = "serve_copy"


class Due(Struct, frozen=True, kw_only=True):
    """A duty that is not done: what to do, to whom, who owes it, when in words, and the moment of its deadline if it has one."""

    provision: str
    words: str
    cite: str
    bearer: str
    to: str = ""
    when: str = ""
    deadline: datetime | None = None


def due_on(case: Case, desk: Desk, now: datetime) -> tuple[Due, ...]:
    """The duties still to be done on the detainer that counts, under the law now; none where it cannot be decided."""
    governing = case.governing
    if governing is None:
        return ()
    decision, _, _ = decide_case(case, governing.number, desk.bound, desk.library, now)
    return () if decision is None else due_of(decision, case)


def due_of(decision: Decision, case: Case) -> tuple[Due, ...]:
    """The duties of a decision that nobody has recorded as done on a case, those with a deadline first."""
    return tuple(_due(item, decision) for item in duties_now(decision) if not _is_done(item, case))


def _is_done(item: Owed, case: Case) -> bool:
    """Whether notice was recorded for the provision of a duty, or a copy for the duty to give one."""
    copied = case.governing is not None and bool(case.governing.copy)
    return item.provision in case.notices or (item.deed == COPY and copied)


def _due(item: Owed, decision: Decision) -> Due:
    return Due(
        provision=item.provision,
        words=f"{say_duty(item)[:-1]}{f', if {item.condition}' if item.condition else ''}.",
        cite=cited(item.provision, decision),
        bearer=name_party(item.bearer),
        to=name_party(item.to) if item.to else "",
        when=item.by,
        deadline=datetime.fromisoformat(item.deadline) if item.deadline else None,
    )
