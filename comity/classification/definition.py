"""A definition of a contested word as read from its file: its criteria, and how they are joined."""

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


class Criterion(Struct, frozen=True, kw_only=True):
    """One condition that a place must meet.

    `plain` is its sentence. `sort` is how it is decided:

    * some: at least one request that meets `when` has an outcome in `outcomes`, for one of `actions`
    * every: each request that meets `when` has an outcome in `outcomes`, for each of `actions`
    * rule_against: a rule of the place or its state forbids one of `actions` for some request that meets `when`, even if
      that rule yields to higher law
    * place: `so` is true of the facts of the place
    * listed: the place, or one that contains it, is in `places`, from `since` and before `until`
    * beyond: `fact` is a fact that no rule about requests can show, so this is never known
    * as: another definition, or a criterion of it, is met (`like`)

    `when` has a closed condition for each action: its terms are written out.
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
    """A definition that is met if `at_least` of the criteria in `of` are met."""

    of: tuple[str, ...]
    at_least: int


class Definition(Struct, frozen=True, kw_only=True):
    """One definition of a contested word: whose, in use when, and what it requires.

    `meets` joins the names of criteria; it is NEVER if there is a `score` instead. Outside the place `within`, if that is
    given, the definition has no legal force; it can be applied all the same.
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
        """Whether it was in use on a day; None if its days are not known well enough."""
        if day < self.since.first or day >= self.until.last:
            return False
        return True if self.since.last <= day < self.until.first else None


def target_of(like: str, definitions: Mapping[str, Definition]) -> tuple[Definition | None, Criterion | None]:
    """The definition that an `as` names, and the criterion if it names one."""
    id, _, name = like.partition("#")
    found = definitions.get(id)
    return found, found.criteria.get(name) if found and name else None
