"""What a row and a detainer have in common, and what they differ in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from comity.desk.reconciling.entries import ANY_I247, IDENTITY, Difference, Keys, Listed, Ours, Reason

Proof: TypeAlias = Literal["", "hint", "proof"]


def agreed(theirs: Keys, ours: Keys) -> set[str]:
    """The identity fields that both have and agree on, in some way to write them."""
    return {field for field in IDENTITY if theirs.get(field) and not theirs[field].isdisjoint(ours.get(field, ()))}


def differing(theirs: Keys, ours: Keys) -> set[str]:
    """The identity fields that both have and differ in."""
    both = {field for field in IDENTITY if theirs.get(field) and ours.get(field)}
    return both - agreed(theirs, ours)


def person_proof(theirs: Keys, ours: Keys) -> tuple[Proof, Reason]:
    """Whether two entries are about one person: proved, only possible (a hint), or neither; and by what.

    An A-number proves it unless name and day of birth both differ, a booking number unless the name or the A-number differs, a
    name with the day of birth unless the A-number differs. A name alone is a hint, as is each of these with its contradiction.
    """
    same, other = agreed(theirs, ours), differing(theirs, ours)
    if "a_number" in same:
        return ("hint", "numbers_differ") if {"name", "born_on"} <= other else ("proof", "a_number")
    if "booking" in same:
        return ("hint", "numbers_differ") if other & {"name", "a_number"} else ("proof", "booking")
    if {"name", "born_on"} <= same:
        return ("hint", "numbers_differ") if "a_number" in other else ("proof", "name_and_birth")
    if "name" in same and "a_number" not in other:
        return "hint", "name_alone"
    return "", "name_alone"


def forms_conflict(theirs: str, ours: str) -> bool:
    """Whether two forms are known and cannot be the same; `i247` is any edition of Form I-247."""
    if not theirs or not ours or theirs == ours:
        return False
    editions = {theirs, ours} - {ANY_I247}
    return not (len(editions) == 1 and next(iter(editions)).startswith("i247_"))


def outcomes_conflict(theirs: str, ours: str) -> bool:
    """Whether the list says what became of a detainer, and the desk another thing.

    A detainer that a later one superseded ended here; what the list says became of the person then is no contradiction.
    """
    return bool(theirs) and ours not in (theirs, "superseded")


def days_apart(listed: Listed, ours: Ours) -> int:
    """How many days lie between two entries; 0 where the list gives no day."""
    return abs((listed.day - ours.day).days) if listed.day else 0


def differences(listed: Listed, ours: Ours) -> tuple[Difference, ...]:
    """All that a row and the detainer that it is matched with differ in."""
    return tuple(_differences(listed, ours))


def _differences(listed: Listed, ours: Ours) -> Iterator[Difference]:
    if listed.day and listed.day != ours.day:
        yield Difference("day", ours.day.isoformat(), listed.day.isoformat())
    if forms_conflict(listed.form, ours.form):
        yield Difference("form", ours.form, listed.form)
    if outcomes_conflict(listed.outcome, ours.outcome):
        yield Difference("outcome", ours.outcome, listed.outcome)
    if listed.where in ("another_station", "not_this_jail"):
        yield Difference("facility", "here", listed.where)
    yield from (Difference(field) for field in IDENTITY if field in differing(listed.keys, ours.keys))
