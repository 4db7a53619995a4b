"""Describes the people of a place from the published tables: counts, estimates, ranks, and the budgets of the place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from comity.context.figures import Count, What, read_counts
from comity.context.view import BudgetView, Context, CountView
from comity.decision.incoming import name_of
from comity.finding import Finding
from comity.law.cache import shipped
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.money.amount import basis_points
from comity.money.budgets import Budget, Budgets, read_budgets
from comity.period import LegalDay

COUNTRY = "us"
COUNTY_KINDS = (
    "county",
    "consolidated",
    "independent_city",
)  # the Census Bureau counts an independent city as a county
MONTH, YEAR = len("2016-01"), len("2016")


class Tables(Struct, frozen=True):
    """The published counts of people, and the budgets."""

    counts: tuple[Count, ...]
    budgets: Budgets


def read_tables(folders: Sequence[Path], library: Library) -> tuple[Tables, list[Finding]]:
    """The shipped tables with those in a county's folders laid over them, and their faults."""
    paths = [shipped(), *folders]
    counts, findings = read_counts(paths, library.gazetteer)
    budgets, budget_faults = read_budgets(paths, library.gazetteer)
    return Tables(counts, budgets), [*findings, *budget_faults]


def describe_context(where: Jurisdiction, tables: Tables, library: Library, known_on: date | None = None) -> Context:
    """What is recorded of the people of a place; with `known_on`, only counts that were published by then."""
    if known_on is not None:
        tables = Tables(tuple(count for count in tables.counts if count.known_on(known_on)), tables.budgets)
    describing = _Describing(tables, library)
    around = library.gazetteer.containing(where.path)
    return Context(
        place=where.path,
        name=name_of(where, library),
        foreign_born=tuple(describing.foreign_born(around)),
        unauthorized=tuple(describing.of_places("unauthorized", (place for place in around if place != COUNTRY))),
        national=tuple(describing.of_places("unauthorized", [COUNTRY])),
        detainers=tuple(describing.of_places("detainers", around)),
        budgets=tuple(describing.budgets(around)),
    )


class _Describing:
    """The tables, with what each figure says as a view."""

    def __init__(self, tables: Tables, library: Library) -> None:
        self.tables, self.library, self.places = tables, library, library.gazetteer.places

    def foreign_born(self, around: Sequence[str]) -> Iterable[CountView]:
        """The counts of the nearest place that has one, or whose counties have: the latest first."""
        for place in around:
            counts = self._counts("foreign_born", place)
            if counts:
                yield from (self._ranked(count) for count in counts)
                return
            sums = list(self._sums(place))
            if sums:
                yield from sums
                return

    def of_places(self, what: What, places: Iterable[str]) -> Iterable[CountView]:
        """The counts of some places, the latest first of each."""
        for place in places:
            yield from (self._view(count) for count in self._counts(what, place))

    def budgets(self, around: Sequence[str]) -> Iterable[BudgetView]:
        """The budgets of the place and of the places around it, the latest first of each."""
        for place in around:
            found = [budget for budget in self.tables.budgets.all if budget.place == place]
            yield from (self._budget(budget) for budget in sorted(found, key=lambda budget: budget.since, reverse=True))

    def _counts(self, what: What, place: str) -> list[Count]:
        found = [count for count in self.tables.counts if count.what == what and count.place == place]
        return sorted(found, key=lambda count: (-count.until.last.toordinal(), count.by, count.number))

    def _alike(self, count: Count) -> list[Count]:
        """The counts of counties by the same maker for the same time."""
        return [
            other
            for other in self.tables.counts
            if (other.what, other.by, other.since, other.until) == (count.what, count.by, count.since, count.until)
            and self.places[other.place].kind in COUNTY_KINDS
        ]

    def _ranked(self, count: Count) -> CountView:
        if self.places[count.place].kind not in COUNTY_KINDS:
            return self._view(count)
        alike = self._alike(count)
        rank = 1 + sum(other.number > count.number for other in alike)
        return self._view(count, rank=rank, ranked=len(alike))

    def _sums(self, place: str) -> Iterable[CountView]:
        """For each maker and time, the sum over the counties in a place; none where no county has a count."""
        inside = [
            count for count in self.tables.counts if count.what == "foreign_born" and self._is_inside(count, place)
        ]
        counties = [
            path for path, known in self.places.items() if known.kind in COUNTY_KINDS and self._contains(place, path)
        ]
        groups: dict[tuple[str, LegalDay, LegalDay], list[Count]] = {}
        for count in inside:
            groups.setdefault((count.by, count.since, count.until), []).append(count)
        for counts in groups.values():
            totals = [count.total for count in counts if count.total is not None]
            whole = Count(
                place=place, what="foreign_born", number=sum(count.number for count in counts), since=counts[0].since,
                until=counts[0].until, by=counts[0].by, source=counts[0].source,
                total=sum(totals) if len(totals) == len(counts) else None, published=counts[0].published,
            )  # fmt: skip
            yield self._view(whole, summed=len(counts), lacking=len(counties) - len(counts))

    def _is_inside(self, count: Count, place: str) -> bool:
        return self.places[count.place].kind in COUNTY_KINDS and self._contains(place, count.place)

    def _contains(self, outer: str, inner: str) -> bool:
        return outer != inner and outer in self.library.gazetteer.containing(inner)

    def _view(
        self, count: Count, *, rank: int | None = None, ranked: int | None = None, summed: int = 0, lacking: int = 0
    ) -> CountView:
        share = None if count.share is None else basis_points(count.share)
        return CountView(
            place=count.place, name=count.area or name_of(self.places[count.place], self.library), number=count.number,
            since=_written(count.since), until=_written(count.until), by=count.by, source=count.source.source,
            evidence=count.source.evidence, note=count.source.note, total=count.total, share_basis_points=share, rank=rank,
            ranked=ranked, summed=summed, lacking=lacking, published=_written(count.published) if count.published else "",
        )  # fmt: skip

    def _budget(self, budget: Budget) -> BudgetView:
        return BudgetView(place=budget.place, name=name_of(self.places[budget.place], self.library), **budget.figures)


def _written(day: LegalDay) -> str:
    """A day, a month or a year, as the table writes it."""
    if day.certain:
        return day.first.isoformat()
    return day.first.isoformat()[: MONTH if day.first.month == day.last.month else YEAR]
