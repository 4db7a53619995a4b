"""A condition on federal money: who imposed it on which programmes, what it demands, and which local law breaches it.

What breaches it is written in the way a contested word is defined: as criteria that are claims about the law of a place.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.classification.definition import Definition
from comity.finding import Place
from comity.law.instrument import Evidence
from comity.period import FIRST_DAY

Demand: TypeAlias = Literal["certify_1373", "access", "notice", "all_detainers", "list_based", "cooperation"]
DEMANDS: tuple[Demand, ...] = get_args(Demand)
Maker: TypeAlias = Literal["congress", "executive"]
MAKERS: tuple[Maker, ...] = get_args(Maker)
Element: TypeAlias = Literal["unambiguous", "notice", "related", "coercion", "congress", "commandeering"]
ELEMENTS: tuple[Element, ...] = get_args(Element)
Leaning: TypeAlias = Literal["for", "against", "open"]
LEANINGS: tuple[Leaning, ...] = get_args(Leaning)
ALL = "all"  # means every programme


class Point(Struct, frozen=True, kw_only=True):
    """A cited fact about one element of the Spending Clause test: for the condition, against it, or neither.

    It has been publicly known from `since`. `plain` states it in a sentence.
    """

    element: Element
    leaning: Leaning
    plain: str
    source: str
    evidence: Evidence
    place: Place
    since: date = FIRST_DAY
    cite: str = ""


class Condition(Struct, frozen=True, kw_only=True):
    """One condition. `breach` defines what breaches it, and gives its days where no law file imposes it.

    `put_by` is the provision that imposes it, whose life and suspensions decide whether it is in force or suspended at a place;
    empty where there is none. `proposed` is the day of a bill that was never enacted.
    """

    breach: Definition
    demand: Demand
    demands: str
    maker: Maker
    programmes: tuple[str, ...]
    put_by: str = ""
    proposed: date | None = None
    points: tuple[Point, ...] = ()

    @property
    def id(self) -> str:
        return self.breach.id

    @property
    def place(self) -> Place:
        """Where its file begins."""
        return self.breach.place

    def applies_to(self, programme: str) -> bool:
        """Whether it was imposed on a programme."""
        return ALL in self.programmes or programme in self.programmes
