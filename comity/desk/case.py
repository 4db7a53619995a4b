"""A case as the fold of its events: what is known, what was decided, and whether a hold runs.

`fold` takes any order of events that `objections` let in; it never reads a clock. Whether a hold is overdue is a question to a case and
a moment, and needs no process that ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import singledispatch
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from comity.desk import events
from comity.desk.events import AlarmKind, AnyHappening, Channel, Event, StatedFact, UsedDiscretion

Status: TypeAlias = Literal["live", "superseded", "withdrawn"]
BOOKING = 0  # the number of no detainer: facts of the booking
JOINED = "joined"  # how a case was closed that goes on in another


class Detainer(Struct, frozen=True, kw_only=True):
    """One request about the person of a case."""

    number: int
    received_at: datetime
    channel: Channel
    fingerprint: str
    document: str = ""
    status: Status = "live"
    facts: dict[str, StatedFact] = {}
    copy: Literal["", "served", "refused"] = ""


class Hold(Struct, frozen=True, kw_only=True):
    """The time for which a person is kept because of a detainer."""

    detainer: int
    decision: int
    began_at: datetime
    limit_at: datetime
    provision: str
    ended_at: datetime | None = None
    ended_by: str = ""
    alarms: dict[AlarmKind, datetime] = {}
    acknowledged: tuple[AlarmKind, ...] = ()


class Override(Struct, frozen=True, kw_only=True):
    """A wish to act against a decision, and what a second person said."""

    number: int
    decision: int
    action: str
    choice: str
    asked_by: str
    confirmed: bool | None = None


class DecisionMade(Struct, frozen=True, kw_only=True):
    """What a case keeps of a decision: the event that holds it whole, and the outcome of each action."""

    number: int
    detainer: int
    event: int
    at: datetime
    law_version: str
    outcomes: dict[str, str]


class Case(Struct, frozen=True, kw_only=True):
    """A booking with its detainers. `events` is how many events made it."""

    id: str
    place: str = ""
    detainers: dict[int, Detainer] = {}
    facts: dict[str, StatedFact] = {}
    decisions: dict[int, DecisionMade] = {}
    choices: tuple[UsedDiscretion, ...] = ()
    overrides: dict[int, Override] = {}
    holds: tuple[Hold, ...] = ()
    closed_at: datetime | None = None
    closed_by: str = ""
    joined: tuple[str, ...] = ()  # cases of the same person that papers opened, and that go on in this one
    joined_to: str = ""  # the case in which this one goes on
    reopened: str = ""  # why the question is open again, until the next decision
    notices: tuple[str, ...] = ()  # the provisions of obligations that were met
    events: int = 0

    @property
    def is_opened(self) -> bool:
        return bool(self.place)

    @property
    def hold(self) -> Hold | None:
        """The hold that runs."""
        return self.holds[-1] if self.holds and self.holds[-1].ended_at is None else None

    @property
    def governing(self) -> Detainer | None:
        """The detainer that counts: the last that was neither superseded nor withdrawn."""
        live = [detainer for detainer in self.detainers.values() if detainer.status == "live"]
        return live[-1] if live else None

    def decision_on(self, detainer: int) -> DecisionMade | None:
        """The last decision on a detainer."""
        return next((found for found in reversed(self.decisions.values()) if found.detainer == detainer), None)

    def is_overdue(self, now: datetime) -> bool:
        """Whether a hold runs at or past its limit."""
        return self.hold is not None and self.hold.limit_at <= now

    @property
    def is_undecided(self) -> bool:
        """Whether a detainer that counts has no decision, or the question is open again."""
        waits = self.governing is not None and self.decision_on(self.governing.number) is None
        return self.closed_at is None and (waits or bool(self.reopened))

    def known(self, detainer: int) -> dict[str, StatedFact]:
        """The facts of the booking and of a detainer, whose facts come first."""
        return {**self.facts, **(self.detainers[detainer].facts if detainer in self.detainers else {})}


def fold(id: str, happened: Iterable[Event], begun: Case | None = None) -> Case:
    """The case after some events, in their order; `begun` is what earlier events made of it."""
    case = begun or Case(id=id)
    for event in happened:
        case = replace(_after(event.happening, case, event), events=case.events + 1)
    return case


# ---- what each kind of event does to a case ----


@singledispatch
def _after(happening: AnyHappening, case: Case, event: Event) -> Case:
    """A kind of event that leaves the case as it is: notes, views, exports."""
    return case


@_after.register
def _(happening: events.Received, case: Case, event: Event) -> Case:
    before = {
        number: replace(detainer, status="superseded") if number in happening.supersedes else detainer
        for number, detainer in case.detainers.items()
    }
    detainer = Detainer(
        number=happening.detainer, received_at=happening.received_at, channel=happening.channel,
        fingerprint=happening.fingerprint, document=happening.document, facts=happening.facts,
    )  # fmt: skip
    detainers = {**before, detainer.number: detainer}
    return _with_joined(replace(case, place=case.place or happening.place, detainers=detainers), happening.joined)


@_after.register
def _(happening: events.Stated, case: Case, event: Event) -> Case:
    return _stated(case, happening.detainer, happening.facts)


@_after.register
def _(happening: events.Corrected, case: Case, event: Event) -> Case:
    return _stated(case, happening.detainer, happening.facts)


def _stated(case: Case, number: int, facts: dict[str, StatedFact]) -> Case:
    if number == BOOKING:
        return replace(case, facts={**case.facts, **facts})
    detainer = case.detainers[number]
    return _changed(case, replace(detainer, facts={**detainer.facts, **facts}))


def _changed(case: Case, detainer: Detainer) -> Case:
    return replace(case, detainers={**case.detainers, detainer.number: detainer})


@_after.register
def _(happening: events.Withdrawn, case: Case, event: Event) -> Case:
    """A hold for a detainer that was withdrawn ends then; so does one for a detainer before it, where none counts any more."""
    case = _changed(case, replace(case.detainers[happening.detainer], status="withdrawn"))
    case = _with_joined(case, happening.joined)
    ends = case.hold is not None and (case.hold.detainer == happening.detainer or case.governing is None)
    return _ended(case, happening.withdrawn_at, "withdrawn") if ends else case


@_after.register
def _(happening: events.JoinedTo, case: Case, event: Event) -> Case:
    return replace(_closed(case, event.at, JOINED), joined_to=happening.into)


def _with_joined(case: Case, joined: str) -> Case:
    return replace(case, joined=(*case.joined, joined)) if joined else case


@_after.register
def _(happening: events.Decided, case: Case, event: Event) -> Case:
    actions = happening.answer.get("actions", {})
    decision = DecisionMade(
        number=happening.decision, detainer=happening.detainer, event=event.number, at=event.at,
        law_version=happening.law_version, outcomes={name: answer["outcome"] for name, answer in actions.items()},
    )  # fmt: skip
    return replace(case, decisions={**case.decisions, decision.number: decision}, reopened="")


@_after.register
def _(happening: UsedDiscretion, case: Case, event: Event) -> Case:
    return replace(case, choices=(*case.choices, happening))


@_after.register
def _(happening: events.OverrideAsked, case: Case, event: Event) -> Case:
    asked = Override(
        number=happening.override, decision=happening.decision, action=happening.action, choice=happening.choice,
        asked_by=event.by.account,
    )  # fmt: skip
    return replace(case, overrides={**case.overrides, asked.number: asked})


@_after.register
def _(happening: events.OverrideSettled, case: Case, event: Event) -> Case:
    settled = replace(case.overrides[happening.override], confirmed=happening.confirmed)
    return replace(case, overrides={**case.overrides, settled.number: settled})


@_after.register
def _(happening: events.CopyServed, case: Case, event: Event) -> Case:
    copy: Literal["served", "refused"] = "refused" if happening.refused else "served"
    return _changed(case, replace(case.detainers[happening.detainer], copy=copy))


@_after.register
def _(happening: events.NoticeGiven, case: Case, event: Event) -> Case:
    return replace(case, notices=(*case.notices, happening.obligation)) if happening.obligation else case


@_after.register
def _(happening: events.HoldBegun, case: Case, event: Event) -> Case:
    hold = Hold(
        detainer=happening.detainer, decision=happening.decision, began_at=happening.began_at,
        limit_at=happening.limit_at, provision=happening.provision,
    )  # fmt: skip
    return replace(case, holds=(*case.holds, hold))


@_after.register
def _(happening: events.AlarmRaised, case: Case, event: Event) -> Case:
    return _of_hold(case, lambda hold: replace(hold, alarms={**hold.alarms, happening.alarm: event.at}))


@_after.register
def _(happening: events.AlarmAcknowledged, case: Case, event: Event) -> Case:
    return _of_hold(case, lambda hold: replace(hold, acknowledged=(*hold.acknowledged, happening.alarm)))


@_after.register
def _(happening: events.Transferred, case: Case, event: Event) -> Case:
    return _closed(case, happening.transferred_at, "transferred")


@_after.register
def _(happening: events.Released, case: Case, event: Event) -> Case:
    return _closed(case, happening.released_at, "released")


@_after.register
def _(happening: events.Reopened, case: Case, event: Event) -> Case:
    """The question is open again; a hold that ended stays ended."""
    return replace(case, reopened=happening.reason or "reopened", closed_at=None, closed_by="")


def _closed(case: Case, at: datetime, how: str) -> Case:
    """Every end of a case ends its hold."""
    return replace(_ended(case, at, how), closed_at=at, closed_by=how)


def _ended(case: Case, at: datetime, how: str) -> Case:
    if case.hold is None:
        return case
    return replace(case, holds=(*case.holds[:-1], replace(case.hold, ended_at=at, ended_by=how)))


def _of_hold(case: Case, change: Callable[[Hold], Hold]) -> Case:
    """Changes the last hold, also one that has ended: an alarm may be acknowledged afterwards."""
    return replace(case, holds=(*case.holds[:-1], change(case.holds[-1]))) if case.holds else case
