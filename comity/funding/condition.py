"""A condition on federal money: who put it on which programmes, what it demands, and by what law of a place it is breached.

What breaches it is written as a definition of a contested word is: criteria that are claims about the law of a place.
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
ALL = "all"  # stands for every programme


class Point(Struct, frozen=True):
    """A cited fact that bears on one element of the Spending Clause test: for the condition, against it, or neither.

    It could be known `since` a day. `plain` says it in a sentence.
    """

    element: Element
    leaning: Leaning
    plain: str
    source: str
    evidence: Evidence
    place: Place
    since: date = FIRST_DAY
    cite: str = ""


class Condition(Struct, frozen=True):
    """One condition. `breach` tells by what it is breached, and between which days it stood where no law file says so.

    `put_by` is the provision that puts it, by whose life and suspensions it is in force at a place or stopped there; empty
    where there is none. `proposed` is the day of a bill that was never enacted.
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

    def touches(self, programme: str) -> bool:
        """Whether it was put on a programme."""
        return ALL in self.programmes or programme in self.programmes
