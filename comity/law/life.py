"""Whether an instrument is in force on a day: its days, its suspensions, and what could be known of them when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, structs

from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, any_of, denial
from comity.law.instrument import Instrument, Suspension
from comity.period import LegalDay

FORCE = "force of "


class Force(Struct, frozen=True):
    """When an instrument is in force: always, never, or as its uncertain days turn out.

    `suspended` names provisions out of force for certain, with what suspends each; `partly` those of which that
    is uncertain.
    """

    when: syntax.Condition = ALWAYS
    starts: LegalDay | None = None
    suspended: tuple[tuple[str, str], ...] = ()
    partly: dict[str, syntax.Condition] = {}

    def of_provision(self, id: str) -> syntax.Condition:
        if any(provision == id for provision, _ in self.suspended):
            return NEVER
        return self.partly.get(id, ALWAYS)


class Stay(Struct, frozen=True):
    """A suspension that is running on a day, whether it covers who asks, and whether it is certain that it runs."""

    suspension: Suspension
    here: bool
    certain: bool


class Covered(Struct, frozen=True):
    """Whom a suspension may cover: the places that the decision lies in, and the agency's kind and name."""

    places: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()


def is_force(path: str) -> bool:
    """Whether a fact's path stands for an instrument's uncertain force."""
    return path.startswith(FORCE)


def forces_of(own: Instrument) -> tuple[str, ...]:
    """The paths under which an instrument's force, and that of its provisions which are suspended apart, may be asked about."""
    return (FORCE + own.id, *(_force_of_part(own.id, stay) for stay in own.suspended if stay.provisions))


def titled_force(path: str, instruments: Mapping[str, Instrument]) -> str:
    """What a force's path stands for in words: an instrument's title, and the numbers of the provisions meant."""
    id, _, part = path.removeprefix(FORCE).partition("#")
    title = instruments[id].title if id in instruments else id
    return f"{title} (#{part.replace('#', ', #')})" if part else title


def _force_of_part(id: str, stay: Suspension) -> str:
    return FORCE + id + "".join(stay.provisions)


def known_by(own: Instrument, known_on: date | None) -> bool:
    """Whether an instrument could be known: from its `known`, else from its enactment."""
    return known_on is None or (own.known or own.made.last) <= known_on


def force_of(
    own: Instrument,
    day: date,
    instruments: Mapping[str, Instrument],
    known_on: date | None = None,
    covered: Covered | None = None,
) -> Force:
    """The force of an instrument on a local day, as known on a day."""
    starts = own.applies_from or own.effective
    begun = _reached(starts, day, syntax.Fact(FORCE + own.id))
    ended = _ended(own, day, instruments) if own.ended and _end_known(own, instruments, known_on) else NEVER
    when = all_of([begun, denial(ended)])
    whole, listed, partly = _suspensions(own, day, instruments, known_on, covered)
    return Force(all_of([when, denial(whole)]), starts, listed, partly)


def _reached(day_of_change: LegalDay, day: date, atom: syntax.Condition) -> syntax.Condition:
    if day >= day_of_change.last:
        return ALWAYS
    return NEVER if day < day_of_change.first else atom


def _ended(own: Instrument, day: date, instruments: Mapping[str, Instrument]) -> syntax.Condition:
    """An uncertain end that is the successor's uncertain start is the same Unknown."""
    assert own.ended
    successor = instruments.get(own.ended_by)
    same = successor and (successor.applies_from or successor.effective) == own.ended
    atom: syntax.Condition = syntax.Fact(FORCE + own.ended_by) if same else syntax.Not(syntax.Fact(FORCE + own.id))
    return _reached(own.ended, day, atom)


def _end_known(own: Instrument, instruments: Mapping[str, Instrument], known_on: date | None) -> bool:
    """An ending is known from the act that made it; an expiry is written in the instrument itself."""
    if known_on is None or own.expiring:
        return True
    ender = instruments.get(own.ended_by)
    assert own.ended
    return (ender.known or ender.made.last if ender else own.ended.last) <= known_on


def _suspensions(
    own: Instrument, day: date, instruments: Mapping[str, Instrument], known_on: date | None, covered: Covered | None
) -> tuple[syntax.Condition, tuple[tuple[str, str], ...], dict[str, syntax.Condition]]:
    """When the whole is suspended, which provisions are for certain, and when the uncertain ones are in force."""
    whole: syntax.Condition = NEVER
    listed: list[tuple[str, str]] = []
    partly: dict[str, syntax.Condition] = {}
    for stay in own.suspended:
        if not _stay_known(stay, instruments, known_on) or not _covers(stay, instruments, covered):
            continue
        out = _suspended_on(_as_known(stay, known_on), day, own.id)
        if out == NEVER:
            continue
        if not stay.provisions:
            whole = any_of([whole, out])
        targets = [p.id for p in own.provisions if not stay.provisions or p.id.removeprefix(own.id) in stay.provisions]
        if out == ALWAYS:
            listed += [(id, stay.by) for id in targets]
        elif stay.provisions:
            partly |= {id: denial(out) for id in targets}
    return whole, tuple(listed), partly


def stays_on(
    own: Instrument, provision: str, day: date, instruments: Mapping[str, Instrument], covered: Covered
) -> tuple[Stay, ...]:
    """The suspensions of a provision that run on a day, those that cover others only too."""
    found = []
    for stay in own.suspended:
        out = _suspended_on(stay, day, own.id)
        if out != NEVER and (not stay.provisions or provision.removeprefix(own.id) in stay.provisions):
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
    return (order.known or order.made.last if order else stay.since.last) <= known_on


def _as_known(stay: Suspension, known_on: date | None) -> Suspension:
    """A suspension as known on a day: that it was lifted is known from the day on which it was, and before has no end."""
    unheard_of = known_on is not None and stay.until is not None and known_on < stay.until.last
    return structs.replace(stay, until=None) if unheard_of else stay


def _covers(stay: Suspension, instruments: Mapping[str, Instrument], covered: Covered | None) -> bool:
    if "everyone" in stay.covers or covered is None:
        return True
    parties = instruments[stay.by].parties if "parties" in stay.covers and stay.by in instruments else ()
    named = {*stay.covers, *parties}
    return bool(named & {*covered.places, *covered.agency})
