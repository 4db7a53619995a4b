"""What a person, or another system for one, says of values that were read: confirmed, corrected, or left open.

Nothing that was read is a fact before it is confirmed. A fact names the field that says it, its paper, and who confirmed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from comity.desk.events import Source, StatedFact
from comity.desk.papers.reading import PERSON_FIELDS, Reading
from comity.finding import Finding, Place, phrase

PAPER = Place("paper")


class Confirmed(Struct, frozen=True, kw_only=True):
    """Facts and fields of the person to record; the targets that stay open, and those both confirmed and corrected."""

    facts: dict[str, StatedFact]
    person: dict[str, str]
    left: tuple[str, ...]
    both: tuple[str, ...]


def settle_confirmed(
    reading: Reading,
    confirmed: Collection[str],
    *,
    facts: Mapping[str, StatedFact],
    person: Mapping[str, str],
    source: Source,
    document: str,
    account: str,
) -> Confirmed:
    """Joins the values of a reading that are confirmed, by their targets, with facts and fields of the person that were typed."""
    settled, named = {**facts}, {**person}
    left: list[str] = []
    both: list[str] = []
    for value in reading.values:
        target, is_person = value.target, value.target in PERSON_FIELDS
        is_typed = target in (person if is_person else facts)
        if target not in confirmed:
            left += [] if is_typed else [target]
        elif is_typed:
            both.append(target)
        elif is_person:
            named[target] = str(value.value)
        else:
            settled[target] = StatedFact(
                value=value.value, source=source, confirmed_by=account, document=document, field=value.field
            )
    return Confirmed(facts=settled, person=named, left=tuple(left), both=tuple(both))


def objections_to(confirmed: Confirmed, words: Mapping[str, str]) -> tuple[Finding, ...]:
    """Why nothing can be recorded: a value was confirmed and corrected, or there is nothing. `words` are the targets for people."""
    if confirmed.both:
        help = phrase("confirm what was read, or say what the paper says, not both")
        both = "; ".join(words.get(target, target) for target in confirmed.both)
        return (
            Finding("confirmed-and-corrected", PAPER, phrase("was confirmed and corrected: {what}", what=both), help),
        )
    if not confirmed.facts and not confirmed.person:
        help = phrase("compare each value with the paper and tick its box, or correct it")
        return (Finding("nothing-confirmed", PAPER, phrase("nothing was confirmed, corrected or added"), help),)
    return ()


def not_read(reading: Reading, confirmed: Collection[str]) -> tuple[Finding, ...]:
    """A finding for each target that is confirmed though no field of the paper says it."""
    read = {value.target for value in reading.values}
    help = phrase("confirm only targets of the reading; send what the paper says otherwise as facts or person")
    return tuple(
        Finding("not-read", PAPER, phrase("the paper was not read to say {target}", target=target), help)
        for target in confirmed
        if target not in read
    )
