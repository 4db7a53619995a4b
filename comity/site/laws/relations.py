"""Which instruments yield to which: what files say of each other, and what precedence says in the law of each place."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from comity.law.in_force import in_force
from comity.law.instrument import Instrument
from comity.law.library import Library


class Relation(Struct, frozen=True, order=True):
    """Where both apply, `lower` yields to `higher`, for a reason such as `yields to higher law`."""

    lower: str
    higher: str
    reason: str


def day_shown(instrument: Instrument, day: date) -> date:
    """The day on which the page of an instrument shows its law: that of the site, or a day on which it was in force."""
    if instrument.ended and instrument.ended.last <= day:
        return instrument.first_sure_day
    return max(day, instrument.first_sure_day)


def relations_of(library: Library, day: date) -> tuple[Relation, ...]:
    """Every pair of instruments of which one yields to the other somewhere.

    Law in force is compared in each place that has law on the day; law that is not, at its own place on a day of its own.
    """
    stacks = {(instrument.jurisdiction, day) for instrument in library.instruments.values()}
    stacks |= {(instrument.jurisdiction, day_shown(instrument, day)) for instrument in library.instruments.values()}
    found: set[Relation] = set()
    for place, on in sorted(stacks):
        stack = in_force(library, place, on)
        for effect in stack.standing:
            for yielding in effect.yields_to:
                higher = stack.standing[yielding.to].instrument
                if higher != effect.instrument:
                    found.add(Relation(effect.instrument, higher, yielding.reason))
        found |= {
            Relation(aside.provision.partition("#")[0], aside.to, "is set aside")
            for aside in stack.set_aside
            if aside.reason == "overridden by" and aside.to in library.instruments
        }
    return tuple(sorted(found))
