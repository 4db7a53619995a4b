"""Which federal money is at stake at a place on a day, and what could put it at risk, as people and programs read it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from comity.classification.view import CriterionAnswer
from comity.lawview.view import TrueHere
from comity.money.budgets import BudgetFigures
from comity.present.result import Presentable


class Cited(Struct, frozen=True, kw_only=True):
    """A statement with its source and its mark of evidence; `leaning` says whether it is for or against the condition."""

    words: str
    source: str
    evidence: str
    leaning: str = ""
    cite: str = ""


class ProgrammeView(Struct, frozen=True, kw_only=True):
    """A grant programme, the statute behind it, and the ids of the conditions that apply to it on the day."""

    id: str
    name: str
    agency: str
    statute: str
    source: str
    evidence: str
    note: str
    conditions: tuple[str, ...] = ()


class Order(Struct, frozen=True, kw_only=True):
    """A court order that suspends a condition: from when, until when as far as is known, for whom, and whether for this place."""

    title: str
    since: str
    until: str
    covers: str
    here: bool
    certain: bool


class ElementView(Struct, frozen=True, kw_only=True):
    """One element of the Spending Clause test: the question, the decisions that ask it, and the cited facts; no verdict.

    `facts` says which way the facts point: for, against, both, open or none.
    """

    element: str
    asks: str
    decisions: tuple[Cited, ...]
    points: tuple[Cited, ...]
    facts: str


class ConditionView(Struct, frozen=True, kw_only=True):
    """A condition at a place on a day. `state` is in_force, stopped_here, uncertain, not_yet, ended or never_enacted.

    `breached` says whether the law in force there breaches what it demands: true, false or `unknown`. `criteria` show why,
    with requests and provisions.
    """

    title: str
    by: str
    imposed_by: str
    demand: str
    demands: str
    programmes: tuple[str, ...]
    state: str
    breached: bool | str
    criteria: tuple[CriterionAnswer, ...]
    elements: tuple[ElementView, ...]
    evidence: str
    citation: str = ""
    summary: str = ""
    put_by: str = ""
    orders: tuple[Order, ...] = ()


class Stake(BudgetFigures, frozen=True, kw_only=True):
    """The federal money in the place's budget of the day, which is the most that can be at stake.

    `beside` compares its share with the shares that courts have decided about.
    """

    beside: str = ""


class Funding(Presentable, Struct, frozen=True, kw_only=True):
    """A place on a day. `conditions` are in force that day, or would be but for an order; `others` are the rest, with their state.

    `not_encoded` is law that may affect a breach and is not encoded here; `facts` are recorded of the place. `of_law_here` is what
    the law in force there puts at stake itself: fines, and money of the State.
    """

    place: str
    name: str
    on: date
    law_version: str
    not_encoded: tuple[str, ...]
    facts: tuple[TrueHere, ...]
    stake: Stake | None
    programmes: tuple[ProgrammeView, ...]
    conditions: dict[str, ConditionView]
    others: dict[str, ConditionView]
    of_law_here: tuple[Cited, ...] = ()
