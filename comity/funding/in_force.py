"""Whether a condition on federal money is in force at a place on a day, or suspended, for whom and by which order."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from comity.funding.condition import Condition
from comity.language.connect import ALWAYS, NEVER
from comity.law.instrument import Instrument
from comity.law.library import Library
from comity.law.life import Covered, Stay, force_of, stays_on

State: TypeAlias = Literal["in_force", "stopped_here", "uncertain", "not_yet", "ended", "never_enacted"]
APPLICABLE: tuple[State, ...] = (
    "in_force",
    "stopped_here",
    "uncertain",
)  # in force that day, unless an order suspends it


class Status(Struct, frozen=True):
    """The state of a condition at one place on one day; `stays` are the orders that suspend it there or elsewhere."""

    state: State
    stays: tuple[Stay, ...] = ()
    instrument: Instrument | None = None


def find_status(condition: Condition, library: Library, *, place: str, day: date) -> Status:
    """The state of a condition at a place on a local day."""
    if condition.proposed:
        return Status("not_yet" if day < condition.proposed else "never_enacted")
    if not condition.put_by:
        return Status(_state_by_days(condition, day))
    instrument = library.instruments[condition.put_by.partition("#")[0]]
    covered = Covered(library.gazetteer.containing(place))
    stays = stays_on(instrument, condition.put_by, day, library.instruments, covered)
    return Status(_state(condition, instrument, library=library, day=day, stays=stays), stays, instrument)


def _state_by_days(condition: Condition, day: date) -> State:
    """The state by the days that the file of the condition gives."""
    in_use = condition.breach.in_use(day)
    if in_use is None:
        return "uncertain"
    if in_use:
        return "in_force"
    return "not_yet" if day < condition.breach.since.last else "ended"


def _state(
    condition: Condition, instrument: Instrument, *, library: Library, day: date, stays: tuple[Stay, ...]
) -> State:
    starts = instrument.applies_from or instrument.effective
    if day < starts.first:
        return "not_yet"
    if condition.breach.in_use(day) is False:
        return _state_by_days(condition, day)
    if any(stay.here and stay.certain for stay in stays):
        return "stopped_here"
    life = force_of(instrument, day, library.instruments, None, Covered()).when
    if life == NEVER:
        return "ended"
    return "in_force" if life == ALWAYS and not any(stay.here for stay in stays) else "uncertain"
