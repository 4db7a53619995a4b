"""What a definition of a contested word says, once read: its criteria, and which of them must be so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.finding import Place
from comity.language import syntax
from comity.language.connect import NEVER
from comity.law.instrument import Evidence
from comity.period import FIRST_DAY, LAST_DAY, LegalDay

Sort: TypeAlias = Literal["some", "every", "rule_against", "place", "listed", "beyond", "as"]
SORTS: tuple[Sort, ...] = get_args(Sort)
OF_LAW: tuple[Sort, ...] = ("some", "every", "rule_against")
OUTCOMES = ("required", "forbidden", "permitted", "unaddressed", "in_conflict")


class Criterion(Struct, frozen=True):
    """One thing that must be shown of a place. `plain` says it in a sentence; `sort` tells how it is shown.

    some: of the requests of which `when` is so, one at least has an outcome among `outcomes`, for one of `actions`.
    every: each of them has, for each of `actions`. rule_against: a rule of the place or its state forbids one of
    `actions` for one of them, even where that rule yields to higher law. place: `so` holds of the facts of the place.
    listed: it, or a place that contains it, is among `places` on the days of the list. beyond: `fact` is nothing that
    rules about requests can show. as: it is so when another definition, or a criterion of it, is (`like`).
    `when` holds the condition for each action, with nothing left to look up.
    """

    name: str
    sort: Sort
    heading: str
    plain: str
    place: Place
    actions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    when: dict[str, syntax.Condition] = {}
    so: syntax.Condition = NEVER
    places: tuple[str, ...] = ()
    since: date = FIRST_DAY
    until: date = LAST_DAY
    fact: str = ""
    like: str = ""


class Score(Struct, frozen=True):
    """Counts the criteria that are met; the definition is met from `at_least` on."""

    of: tuple[str, ...]
    at_least: int


class Definition(Struct, frozen=True):
    """One definition of a contested word: whose it is, between which days it was in use, and what it asks for.

    `meets` joins the names of criteria; where a `score` stands instead, it is NEVER. Beyond the place `within`, where one
    is named, it can be asked all the same but has no force.
    """

    id: str
    title: str
    by: str
    evidence: Evidence
    place: Place
    summary: str
    criteria: dict[str, Criterion]
    meets: syntax.Condition = NEVER
    score: Score | None = None
    citation: str = ""
    since: LegalDay = LegalDay(FIRST_DAY, FIRST_DAY)
    until: LegalDay = LegalDay(LAST_DAY, LAST_DAY)
    sources: tuple[str, ...] = ()
    within: str = ""

    def in_use(self, day: date) -> bool | None:
        """Whether it was in use on a day; None where its days are not known that well."""
        if day < self.since.first or day >= self.until.last:
            return False
        return True if self.since.last <= day < self.until.first else None


def target_of(like: str, definitions: Mapping[str, Definition]) -> tuple[Definition | None, Criterion | None]:
    """The definition that an `as` names, and the criterion of it where it names one."""
    id, _, name = like.partition("#")
    found = definitions.get(id)
    return found, found.criteria.get(name) if found and name else None
