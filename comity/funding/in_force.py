"""Whether a condition on federal money is in force at a place on a day, or stopped, for whom and by what order."""

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
BEARING: tuple[State, ...] = (
    "in_force",
    "stopped_here",
    "uncertain",
)  # what has, or would but for an order have, force that day


class Standing(Struct, frozen=True):
    """How a condition stands at one place on one day; `stays` are the orders that run against it there or elsewhere."""

    state: State
    stays: tuple[Stay, ...] = ()
    instrument: Instrument | None = None


def standing_of(own: Condition, library: Library, place: str, day: date) -> Standing:
    """How a condition stands at a place on a local day."""
    if own.proposed:
        return Standing("not_yet" if day < own.proposed else "never_enacted")
    if not own.put_by:
        return Standing(_by_days(own, day))
    instrument = library.instruments[own.put_by.partition("#")[0]]
    covered = Covered(library.gazetteer.containing(place))
    stays = stays_on(instrument, own.put_by, day, library.instruments, covered)
    return Standing(_state(own, instrument, library, day, stays), stays, instrument)


def _by_days(own: Condition, day: date) -> State:
    """By the days that its own file gives."""
    in_use = own.breach.in_use(day)
    if in_use is None:
        return "uncertain"
    if in_use:
        return "in_force"
    return "not_yet" if day < own.breach.since.last else "ended"


def _state(own: Condition, instrument: Instrument, library: Library, day: date, stays: tuple[Stay, ...]) -> State:
    starts = instrument.applies_from or instrument.effective
    if day < starts.first:
        return "not_yet"
    if own.breach.in_use(day) is False:
        return _by_days(own, day)
    if any(stay.here and stay.certain for stay in stays):
        return "stopped_here"
    life = force_of(instrument, day, library.instruments, None, Covered()).when
    if life == NEVER:
        return "ended"
    return "in_force" if life == ALWAYS and not any(stay.here for stay in stays) else "uncertain"
