"""Compares the law of today with that of an earlier commit, at every place, on every day, for every kind of agency.

Both libraries are read by the program of today. Places, agencies and days that have the same two laws are compared once. The
rule on citizens (docs/decisions/0025-citizens.md) is added to the earlier law before the comparison and counted apart: it
decides each hold of a proven citizen alike before and after, so that all that is left has another cause.
"""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cached_property
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct, structs

from comity.claims.differences import Change, find_differences
from comity.engine.outcome import Outcome
from comity.law.calendar import DECIDING, Calendar, law_reaching
from comity.law.in_force import Agency, Stack, in_force
from comity.law.instrument import BEYOND_ACTIONS, Instrument
from comity.law.library import Library, read_library
from comity.law.life import is_force

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "056708945b7e9f401cff77e157eea2dcc46692c6"  # the last commit before the law of 2025 and 2026 was added
CITIZENS = "us/citizens"
FIRST_ON, LAST_ON = date(2007, 1, 1), date(2026, 11, 26)
AGENCIES = ("", "sheriff", "corrections_department", "police_department", "state_prison")
Effect: TypeAlias = tuple[str, str, object, tuple[str, ...]]
Key: TypeAlias = tuple[Any, ...]


class Situation(Struct, frozen=True):
    """A place, a kind of agency (empty where it is not given), and the days on which both laws stay the same."""

    place: str
    agency: str
    first_on: date
    last_on: date


class LawChange(Struct, frozen=True, kw_only=True):
    """Requests for which an action has another outcome than before: the instruments responsible, and where and when it shows.

    `certain_on` is the first day on which no uncertain day of law matters, if there is one, and `change` is of that day.
    """

    instruments: tuple[str, ...]
    action: str
    before: Outcome
    after: Outcome
    situations: tuple[Situation, ...]
    change: Change
    certain_on: date | None

    @property
    def first_on(self) -> date:
        return min(situation.first_on for situation in self.situations)

    @property
    def last_on(self) -> date:
        return max(situation.last_on for situation in self.situations)


class TwoLibraries:
    """The law before and after. `before` has the rule on citizens too; `plain_before` is as it was."""

    def __init__(self, before: Library, after: Library) -> None:
        self.plain_before = structs.replace(before, vocabulary=after.vocabulary)
        added = {CITIZENS: after.instruments[CITIZENS]} if CITIZENS in after.instruments else {}
        self.before = structs.replace(self.plain_before, instruments={**before.instruments, **added})
        self.after = after

    def stacks(self, situation: Situation) -> tuple[Stack, Stack]:
        """The stacks before and after, of one place: that of today, so that a new city is compared with its county's law."""
        agency, day = Agency(kind=situation.agency), situation.first_on
        earlier = in_force(self.before, self.place_before(situation.place), day, agency)
        return structs.replace(earlier, place=situation.place), in_force(self.after, situation.place, day, agency)

    def place_before(self, place: str) -> str:
        """The place itself if the earlier library has it, else the nearest around it."""
        return next(path for path in self.after.gazetteer.containing(place) if path in self.before.gazetteer.places)

    @cached_property
    def representatives(self) -> tuple[tuple[str, str], ...]:
        """A place and a kind of agency for each two laws that differ from those of all others, the outermost place first."""
        first: dict[Key, tuple[str, str]] = {}
        places = sorted(self.after.gazetteer.places, key=lambda path: (path.count("/"), path))
        for kind, place in product(AGENCIES, places):
            agency = Agency(kind=kind)
            laws = law_reaching(self.before, self.place_before(place), agency), law_reaching(self.after, place, agency)
            first.setdefault((kind, laws), (place, kind))
        return tuple(first.values())

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """Every place, agency and span of days, one for all places with the same law."""
        return tuple(self._situations())

    def _situations(self) -> Iterator[Situation]:
        for place, kind in self.representatives:
            agency = Agency(kind=kind)
            days = {
                *Calendar(self.before, self.place_before(place), agency).days,
                *Calendar(self.after, place, agency).days,
            }
            starts = sorted({FIRST_ON, *(day for day in days if FIRST_ON < day <= LAST_ON)})
            ends = [*(day - timedelta(1) for day in starts[1:]), LAST_ON]
            for first_on, last_on in zip(starts, ends, strict=True):
                yield Situation(place, kind, first_on, last_on)


def read_before() -> Library | None:
    """The law of the earlier commit; None where the history of this folder does not have it."""
    asked = ["git", "-C", str(ROOT), "archive", BEFORE, "policies"]
    done = subprocess.run(asked, capture_output=True, check=False)
    if done.returncode:
        return None
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
        return read_library([Path(folder) / "policies"])[0]


def law_digest(library: Library) -> str:
    """A digest of all that can change an outcome: the days, the ranks and the conditions of each instrument, and no words."""
    digest = hashlib.sha256()
    for id in sorted(library.instruments):
        digest.update(repr(_deciding(library.instruments[id])).encode())
    return digest.hexdigest()[:16]


def _deciding(instrument: Instrument) -> tuple[object, ...]:
    provisions = [
        (provision.id, [effect for effect in provision.effects if effect.kind in DECIDING])
        for provision in instrument.provisions
    ]
    terms = [(term.name, term.parameter, term.body) for term in instrument.terms.values()]
    days = instrument.enacted, instrument.effective, instrument.applies_from, instrument.ended, instrument.ended_by
    reach = instrument.id, instrument.kind, instrument.court, instrument.binds, instrument.parties, instrument.suspended
    order = instrument.overrides, instrument.subject_to, instrument.construes, instrument.reviews
    return (*days, *reach, *order, instrument.params, instrument.uses, terms, provisions)


def find_law_changes(libraries: TwoLibraries) -> list[LawChange]:
    """Every change of an outcome, except those that the rule on citizens explains alone."""
    return _grouped(libraries, libraries.stacks)


def find_citizen_changes(libraries: TwoLibraries) -> list[LawChange]:
    """The changes of an outcome that the rule on citizens makes alone, under the earlier law."""

    def stacks(situation: Situation) -> tuple[Stack, Stack]:
        agency, day, place = Agency(kind=situation.agency), situation.first_on, libraries.place_before(situation.place)
        return in_force(libraries.plain_before, place, day, agency), in_force(libraries.before, place, day, agency)

    return _grouped(libraries, stacks)


def _grouped(libraries: TwoLibraries, stacks_of: Callable[[Situation], tuple[Stack, Stack]]) -> list[LawChange]:
    """The changes between two stacks of each situation, by the instruments responsible, the action and the outcomes."""
    found: dict[Key, list[tuple[Situation, Change]]] = defaultdict(list)
    known: dict[Key, tuple[Change, ...]] = {}
    for situation in libraries.situations:
        before, after = stacks_of(situation)
        for action in changed_actions(before, after):
            key = action, text_of(before, action), text_of(after, action)
            if key not in known:
                known[key] = changes_of(before, after, action)
            for change in known[key]:
                group = responsible(before, after, change), action, change.before, change.after
                found[group].append((situation, change))
    return [_law_change(instruments, shown) for (instruments, *_), shown in found.items()]


def _law_change(instruments: tuple[str, ...], shown: list[tuple[Situation, Change]]) -> LawChange:
    certain = [(situation, change) for situation, change in shown if not any(map(is_force, change.witness))]
    situation, change = min(certain or shown, key=lambda pair: pair[0].first_on)
    return LawChange(
        instruments=instruments,
        action=change.action,
        before=change.before,
        after=change.after,
        situations=tuple(dict.fromkeys(situation for situation, _ in shown)),
        change=change,
        certain_on=situation.first_on if certain else None,
    )


def changed_actions(before: Stack, after: Stack) -> list[str]:
    """The actions that a detainer can ask for whose effects are not the same under both laws."""
    without = {"", *BEYOND_ACTIONS}
    named = dict.fromkeys(
        effect.action for effect in (*before.standing, *after.standing) if effect.action not in without
    )
    return [action for action in named if text_of(before, action) != text_of(after, action)]


def text_of(stack: Stack, action: str) -> tuple[Effect, ...]:
    """The effects on an action that decide it, in order, with the instruments that each yields to."""
    return tuple(
        (
            effect.kind,
            effect.instrument,
            effect.when,
            tuple(stack.standing[yielding.to].provision for yielding in effect.yields_to),
        )
        for effect in stack.standing
        if effect.action == action and effect.kind in DECIDING
    )


def changes_of(before: Stack, after: Stack, action: str) -> tuple[Change, ...]:
    """The classes of requests for which an action has another outcome; raises if the solver gave up."""
    found = find_differences(before, after, (action,))
    if found.unsettled:
        raise SystemExit(f"{after.place} on {after.day}: whether {action} differs was not settled")
    return found.changes


def responsible(before: Stack, after: Stack, change: Change) -> tuple[str, ...]:
    """The instruments whose effects on the action are not the same, and on which the outcome rests where one of them does."""
    effects = [_by_instrument(stack, change.action) for stack in (before, after)]
    changed = {id for id in {*effects[0], *effects[1]} if effects[0].get(id) != effects[1].get(id)}
    rests_on = {name.partition("#")[0] for names in change.provisions for name in names}
    return tuple(sorted(changed & rests_on or changed))


def _by_instrument(stack: Stack, action: str) -> dict[str, set[object]]:
    found: dict[str, set[object]] = defaultdict(set)
    for kind, instrument, when, yields_to in text_of(stack, action):
        found[instrument].add((kind, when, tuple(name.partition("#")[0] for name in yields_to)))
    return found
