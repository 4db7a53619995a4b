"""The people of a place, as they were counted or estimated, and its budgets: a value for people and programs."""

from __future__ import annotations

from msgspec import Struct

from comity.money.budgets import BudgetFigures
from comity.present.result import Presentable


class CountView(Struct, frozen=True, kw_only=True):
    """A count or an estimate of people, from `since` to `until`, both included, with its maker, source and mark of evidence.

    `name` is the name of the place or the area counted, which may be wider than the place asked about. `share_basis_points` is
    the part of `total`, all residents, in hundredths of a percent. `rank` is the position among the `ranked` counties with a
    count by the same maker for the same time. `summed` and `lacking` are set for a sum over the counties of a place: how many
    it adds, and how many have no count. `published` is when the count became known, where that is recorded.
    """

    place: str
    name: str
    number: int
    since: str
    until: str
    by: str
    source: str
    evidence: str
    note: str = ""
    total: int | None = None
    share_basis_points: int | None = None
    rank: int | None = None
    ranked: int | None = None
    summed: int = 0
    lacking: int = 0
    published: str = ""


class BudgetView(BudgetFigures, frozen=True, kw_only=True):
    """The federal money in the budget of a place, whose name in words is `name`."""

    place: str
    name: str


class Context(Presentable, Struct, frozen=True, kw_only=True):
    """What is recorded of the people of a place, beside its law. No decision reads any of it.

    `foreign_born` is of the place or, where it has none, of the nearest place around it. `unauthorized` and `detainers` are of
    the place and of every place around it; `national` are the estimates of unauthorized immigrants in the whole country.
    """

    place: str
    name: str
    foreign_born: tuple[CountView, ...]
    unauthorized: tuple[CountView, ...]
    national: tuple[CountView, ...]
    detainers: tuple[CountView, ...]
    budgets: tuple[BudgetView, ...]
