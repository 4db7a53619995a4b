"""Determines whether an instrument is in force on a day: its days, its suspensions, and when each could be known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from msgspec import Struct, structs

from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, any_of, denial
from comity.law.instrument import Instrument, Suspension
from comity.period import LegalDay

FORCE = "force of "
FORCE_IN_WORDS = re.compile(rf"(?P<path>{FORCE}[^ ]+) is (?P<not>not )?true")


class Force(Struct, frozen=True):
    """The condition under which an instrument is in force: always, never, or depending on uncertain days.

    `suspended` holds provisions that are certainly suspended, each with the order that suspends it; `partly` the
    condition of those for which that is uncertain.
    """

    when: syntax.Condition = ALWAYS
    starts: LegalDay | None = None
    suspended: tuple[tuple[str, str], ...] = ()
    partly: dict[str, syntax.Condition] = {}

    def of_provision(self, id: str) -> syntax.Condition:
        if self.suspended and any(provision == id for provision, _ in self.suspended):
            return NEVER
        return self.partly.get(id, ALWAYS)


class Stay(Struct, frozen=True):
    """A suspension that runs on a day: whether it covers the place and agency (`here`), and whether it is certain."""

    suspension: Suspension
    here: bool
    certain: bool


class Covered(Struct, frozen=True):
    """What a suspension may cover: the places that contain the decision, and the agency's kind and name."""

    places: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()


def is_force(path: str) -> bool:
    """Whether the path of a fact means the uncertain force of an instrument."""
    return path.startswith(FORCE)


def forces_of(instrument: Instrument) -> tuple[str, ...]:
    """The paths of the facts for an instrument's force, and for that of provisions that are suspended separately."""
    return (
        FORCE + instrument.id,
        *(_force_of_part(instrument.id, stay) for stay in instrument.suspended if stay.provisions),
    )


def titled_force(path: str, instruments: Mapping[str, Instrument]) -> str:
    """The path of a force in words: the title of the instrument and the numbers of the provisions meant."""
    id, _, part = path.removeprefix(FORCE).partition("#")
    title = instruments[id].title if id in instruments else id
    return f"{title} (#{part.replace('#', ', #')})" if part else title


def question_about_force(path: str, instruments: Mapping[str, Instrument]) -> str:
    """The question to ask about the uncertain force of an instrument."""
    return f"Was {titled_force(path, instruments)} in force on that day?"


def name_forces(words: str, instruments: Mapping[str, Instrument]) -> str:
    """A condition in words, in which each force has the title of its instrument: `Act 5 is not in force`."""

    def named(found: re.Match[str]) -> str:
        return f"{titled_force(found['path'], instruments)} is {'not ' if found['not'] else ''}in force"

    return FORCE_IN_WORDS.sub(named, words)


def _force_of_part(id: str, stay: Suspension) -> str:
    return FORCE + id + "".join(stay.provisions)


def known_by(instrument: Instrument, known_on: date | None) -> bool:
    """Whether an instrument could be known: from its `known`, else from its enactment."""
    return known_on is None or (instrument.known or instrument.enactment.last) <= known_on


def force_of(
    instrument: Instrument,
    day: date,
    instruments: Mapping[str, Instrument],
    known_on: date | None = None,
    covered: Covered | None = None,
) -> Force:
    """The force of an instrument on a local day, as known on a day."""
    starts = instrument.applies_from or instrument.effective
    begun = _reached(starts, day, syntax.Fact(FORCE + instrument.id))
    ended = (
        _ended(instrument, day, instruments)
        if instrument.ended and _end_known(instrument, instruments, known_on)
        else NEVER
    )
    when = begun if ended == NEVER else all_of([begun, denial(ended)])
    if not instrument.suspended:
        return Force(when, starts)
    whole, listed, partly = _suspensions(instrument, day, instruments, known_on, covered)
    return Force(all_of([when, denial(whole)]), starts, listed, partly)


def _reached(day_of_change: LegalDay, day: date, atom: syntax.Condition) -> syntax.Condition:
    if day >= day_of_change.last:
        return ALWAYS
    return NEVER if day < day_of_change.first else atom


def _ended(instrument: Instrument, day: date, instruments: Mapping[str, Instrument]) -> syntax.Condition:
    """The condition that it has ended. An uncertain end that is the successor's uncertain start is the same Unknown."""
    assert instrument.ended
    successor = instruments.get(instrument.ended_by)
    same = successor and (successor.applies_from or successor.effective) == instrument.ended
    atom: syntax.Condition = (
        syntax.Fact(FORCE + instrument.ended_by) if same else syntax.Not(syntax.Fact(FORCE + instrument.id))
    )
    return _reached(instrument.ended, day, atom)


def _end_known(instrument: Instrument, instruments: Mapping[str, Instrument], known_on: date | None) -> bool:
    """Whether the end is known: from the day of the act that ends it. An expiry is known from the start."""
    if known_on is None or instrument.expiring:
        return True
    ender = instruments.get(instrument.ended_by)
    assert instrument.ended
    return (ender.known or ender.enactment.last if ender else instrument.ended.last) <= known_on


def _suspensions(
    instrument: Instrument,
    day: date,
    instruments: Mapping[str, Instrument],
    known_on: date | None,
    covered: Covered | None,
) -> tuple[syntax.Condition, tuple[tuple[str, str], ...], dict[str, syntax.Condition]]:
    """The condition that all of it is suspended, the provisions that certainly are, and the condition of the uncertain ones."""
    whole: syntax.Condition = NEVER
    listed: list[tuple[str, str]] = []
    partly: dict[str, syntax.Condition] = {}
    for stay in instrument.suspended:
        if not _stay_known(stay, instruments, known_on) or not _covers(stay, instruments, covered):
            continue
        out = _suspended_on(_as_known(stay, known_on), day, instrument.id)
        if out == NEVER:
            continue
        if not stay.provisions:
            whole = any_of([whole, out])
        targets = [
            p.id
            for p in instrument.provisions
            if not stay.provisions or p.id.removeprefix(instrument.id) in stay.provisions
        ]
        if out == ALWAYS:
            listed += [(id, stay.by) for id in targets]
        elif stay.provisions:
            partly |= {id: denial(out) for id in targets}
    return whole, tuple(listed), partly


def stays_on(
    instrument: Instrument, provision: str, day: date, instruments: Mapping[str, Instrument], covered: Covered
) -> tuple[Stay, ...]:
    """The suspensions of a provision that run on a day, including those that cover only others."""
    found = []
    for stay in instrument.suspended:
        out = _suspended_on(stay, day, instrument.id)
        if out != NEVER and (not stay.provisions or provision.removeprefix(instrument.id) in stay.provisions):
            found.append(Stay(stay, _covers(stay, instruments, covered), out == ALWAYS))
    return tuple(found)


def _suspended_on(stay: Suspension, day: date, id: str) -> syntax.Condition:
    atom = syntax.Not(syntax.Fact(_force_of_part(id, stay)))
    begun = _reached(stay.since, day, atom)
    if stay.until is None:
        return begun
    lifted = _reached(stay.until, day, denial(atom))
    return all_of([begun, denial(lifted)])


def _stay_known(stay: Suspension, instruments: Mapping[str, Instrument], known_on: date | None) -> bool:
    if known_on is None:
        return True
    order = instruments.get(stay.by)
    return (order.known or order.enactment.last if order else stay.since.last) <= known_on


def _as_known(stay: Suspension, known_on: date | None) -> Suspension:
    """The suspension as known on a day: before the day on which it was lifted, its end is not known."""
    unheard_of = known_on is not None and stay.until is not None and known_on < stay.until.last
    return structs.replace(stay, until=None) if unheard_of else stay


def _covers(stay: Suspension, instruments: Mapping[str, Instrument], covered: Covered | None) -> bool:
    if "everyone" in stay.covers or covered is None:
        return True
    parties = instruments[stay.by].parties if "parties" in stay.covers and stay.by in instruments else ()
    named = {*stay.covers, *parties}
    return bool(named & {*covered.places, *covered.agency})
