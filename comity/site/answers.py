"""The answers of a place to the standard requests, for each span of days between two changes of law since 2007.

Pages, the map and the tables to download all show these, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

from msgspec import Struct

from comity.engine.outcome import Outcome
from comity.law.calendar import DECIDING, Calendar, outermost_with_same_law
from comity.law.in_force import Agency
from comity.law.instrument import BEYOND_ACTIONS
from comity.session import Law
from comity.site.standard_requests import form_of_day, standard_requests

FIRST = date(2007, 1, 1)  # no law about detainers is encoded from before, but for federal regulations
# Of one request: the possible outcomes of each action that a detainer asks for.
Possible: TypeAlias = dict[str, tuple[Outcome, ...]]


class Answers(Struct, frozen=True):
    """The answers from `since` until the day before `until`; `by_request` has those of each standard request by its id."""

    since: date
    until: date
    by_request: dict[str, Possible]

    def outcome(self, request: str, action: str) -> Outcome:
        """The outcome of an action; `undetermined` where several are possible."""
        possible = self.by_request[request].get(action, ("unaddressed",))
        return possible[0] if len(possible) == 1 else "undetermined"


def spans_of(law: Law, place: str, last: date) -> list[tuple[date, date]]:
    """The spans since 2007 until `last`, that day included, in each of which the law that decides is the same."""
    calendar = Calendar(law.library, place, Agency(), (*DECIDING, "limits"))
    starts = [FIRST, *(day for day in calendar.days if FIRST < day <= last)]
    return list(zip(starts, [*starts[1:], last + timedelta(1)], strict=True))


def answers_of(law: Law, place: str, last: date) -> list[Answers]:
    """The answers of a place by span, the earliest first; neighbouring spans with the same answers are one."""
    found: list[Answers] = []
    for since, until in spans_of(law, place, last):
        answers = Answers(since, until, dict(_answered(law, place, since)))
        if found and found[-1].by_request == answers.by_request:
            found[-1] = Answers(found[-1].since, until, answers.by_request)
        else:
            found.append(answers)
    return found


def _answered(law: Law, place: str, day: date) -> Iterator[tuple[str, Possible]]:
    where = law.library.gazetteer.places[place]
    form = form_of_day(law.library, day)
    for request in standard_requests():
        outcomes = law.outcomes(request.at(place, day, where.zone, form))
        yield request.id, {action: possible for action, possible in outcomes.items() if action not in BEYOND_ACTIONS}


def places_with_law(law: Law) -> dict[str, list[str]]:
    """The places that have law of their own, the wider first, each with the counties and States that share all of its law.

    A place without law of its own is under the place that it is listed with: a county under its State.
    """
    gazetteer = law.library.gazetteer
    found: dict[str, list[str]] = {}
    for path in sorted(gazetteer.places, key=lambda path: (path.count("/"), path)):
        found.setdefault(outermost_with_same_law(law.library, path, Agency()), []).append(path)
    return {outer: [path for path in members if path != outer] for outer, members in found.items()}
