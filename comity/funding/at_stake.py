"""Which federal money is at stake at a place on a day: its conditions, who is covered by which order, and whether its law breaches them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from comity.classification.classify import Telling, definitions_of
from comity.classification.definition import Definition
from comity.decision.incoming import name_of
from comity.finding import Finding
from comity.funding.condition import ALL, ELEMENTS, Condition, Element
from comity.funding.in_force import BEARING, Standing, standing_of
from comity.funding.measures import Measure, read_measures
from comity.funding.programmes import Programme, read_programmes
from comity.funding.read_conditions import read_conditions
from comity.funding.view import Cited, ConditionView, ElementView, Funding, Order, ProgrammeView, Stake
from comity.law.cache import shipped, shipped_conditions
from comity.law.in_force import Stack, in_force
from comity.law.instrument import MONEY, short
from comity.law.library import CONDITIONS, Library
from comity.law.life import Stay
from comity.law.places import Jurisdiction
from comity.law.register import lacking_at, read_register
from comity.money.amount import percent
from comity.money.budgets import Budget, Budgets, read_budgets
from comity.period import LAST_DAY, LegalDay

BASIS_POINTS = 10_000
EVERYONE, PARTIES = "everyone", "parties"


class Money(Struct, frozen=True):
    """All that is recorded of federal money: the programmes, the conditions, what courts ask of one, and budgets of places."""

    programmes: dict[str, Programme]
    conditions: dict[str, Condition]
    measures: tuple[Measure, ...]
    budgets: Budgets
    definitions: dict[str, Definition]

    @property
    def asked(self) -> dict[str, Definition]:
        """Everything that a breach may lean on."""
        return {**self.definitions, **{id: own.breach for id, own in self.conditions.items()}}


def money_of(folders: Sequence[Path], library: Library) -> tuple[Money, list[Finding]]:
    """What ships, with a county's own folders laid over it, and every fault in it."""
    tables = [shipped(), *folders]
    definitions, findings = definitions_of(folders, library)
    programmes, of_programmes = read_programmes(tables, library.gazetteer)
    measures, of_measures = read_measures(tables, library.gazetteer)
    budgets, of_budgets = read_budgets(tables, library.gazetteer)
    inside = [shipped_conditions(), *(folder / CONDITIONS for folder in folders)]
    conditions, of_conditions = read_conditions(inside, library, programmes, definitions)
    faults = [*findings, *of_programmes, *of_measures, *of_budgets, *of_conditions]
    return Money(programmes, conditions, measures, budgets, definitions), faults


def staked(
    where: Jurisdiction,
    day: date,
    money: Money,
    library: Library,
    folders: Sequence[Path] = (),
    law: tuple[Jurisdiction, date] | None = None,
) -> Funding:
    """What is at stake at a place on a local day, and what stands between; `law` is whose law of which day would breach a condition,
    where that is not the place's own of that day."""
    from comity.classification.classifier import Classifier  # noqa: PLC0415  conditions are read without a solver

    its, of_day = law or (where, day)
    stack = in_force(library, its.path, of_day)
    here = library.gazetteer.containing(where.path)
    lacking = lacking_at(read_register([shipped(), *folders]), library, its.path, of_day)
    classifier = Classifier(stack, money.asked, library.gazetteer.containing(its.path), lacking)
    telling = Telling(classifier, its, library)
    budget = money.budgets.on(here, day)
    staking = _Staking(money, library, day, telling, budget)
    views = {
        id: staking.condition(own, standing_of(own, library, where.path, day)) for id, own in money.conditions.items()
    }
    bearing = {id: own for id, own in views.items() if own.state in BEARING}
    there = [own for own in money.programmes.values() if own.place in here and own.since <= day < own.until]
    programmes = tuple(_programme(own, money, bearing) for own in there)
    facts = tuple(telling.true_here(path) for path in sorted(stack.fact_sources))
    others = {id: own for id, own in views.items() if id not in bearing}
    return Funding(
        where.path,
        name_of(where, library),
        day,
        stack.version,
        lacking,
        facts,
        _stake(budget, money, day),
        programmes,
        bearing,
        others,
        tuple(_of_law_here(stack)),
    )


def _of_law_here(stack: Stack) -> Iterable[Cited]:
    """What the law in force puts at stake by itself, each provision once."""
    for id in dict.fromkeys(own.provision for own in stack.standing if own.kind in MONEY):
        own = stack.provisions[id]
        yield Cited(own.text or own.plain, short(id, stack.instruments), own.evidence)


def _programme(own: Programme, money: Money, bearing: Mapping[str, ConditionView]) -> ProgrammeView:
    touching = tuple(id for id in bearing if money.conditions[id].touches(own.id))
    said = own.source
    return ProgrammeView(own.id, own.name, own.agency, own.statute, said.source, said.evidence, said.note, touching)


def _stake(budget: Budget | None, money: Money, day: date) -> Stake | None:
    if budget is None:
        return None
    said = budget.source
    share = budget.share
    points = None if share is None else _points(share)
    days, beside = (budget.since, budget.until), _beside(share, money, day)
    return Stake(budget.federal, budget.total, points, *days, said.source, said.evidence, said.note, beside)


def _beside(share: Fraction | None, money: Money, day: date) -> str:
    """How a share of a budget is to those about which courts had decided by a day."""
    if share is None:
        return ""
    lines = [(each.share, each) for each in money.measures if each.share and each.since <= day < each.until]
    return " and ".join(f"{_than(share, line)} the {each.percent} % of {_case(each)}" for line, each in lines)


class _Staking:
    """Puts each condition in words, for one place and day."""

    def __init__(self, money: Money, library: Library, day: date, telling: Telling, budget: Budget | None) -> None:
        self.money, self.library, self.day, self.telling, self.budget = money, library, day, telling, budget

    def condition(self, own: Condition, standing: Standing) -> ConditionView:
        answer = self.telling.definition(own.breach)
        elements = tuple(self.element(element, own) for element in ELEMENTS) if standing.state in BEARING else ()
        return ConditionView(
            answer.title,
            answer.by,
            own.maker,
            own.demand,
            own.demands,
            own.programmes,
            standing.state,
            answer.meets,
            answer.criteria,
            elements,
            answer.evidence,
            answer.citation,
            answer.summary,
            short(own.put_by, self.library.instruments) if own.put_by else "",
            tuple(self.order(stay) for stay in standing.stays),
        )

    def order(self, own: Stay) -> Order:
        """An order that runs against a condition, in words."""
        stay = own.suspension
        instrument = self.library.instruments.get(stay.by)
        named = stay.covers if PARTIES not in stay.covers or instrument is None else (*stay.covers, *instrument.parties)
        places = self.library.gazetteer.places
        names = [places[name].name if name in places else name for name in named if name != PARTIES]
        covers = EVERYONE if EVERYONE in named else ", ".join(names)
        title = instrument.title if instrument else stay.by
        return Order(title, str(stay.since), _until(stay.until), covers, own.here, own.certain)

    def element(self, element: Element, own: Condition) -> ElementView:
        """One element: what is asked, and the cited facts that could be known on the day."""
        measures = [
            each for each in self.money.measures if each.element == element and each.since <= self.day < each.until
        ]
        points = [
            Cited(each.plain, each.source, each.evidence, each.leaning, each.cite)
            for each in own.points
            if each.element == element and each.since <= self.day
        ]
        points += self.share_of(element, own)
        decisions = tuple(Cited(_decided(each), each.source.source, each.source.evidence) for each in measures)
        return ElementView(element, measures[0].asks if measures else "", decisions, tuple(points), _pointing(points))

    def share_of(self, element: Element, own: Condition) -> Iterable[Cited]:
        """What the place's budget says of coercion, beside the shares that were decided about: arithmetic, no finding of law."""
        if element != "coercion" or self.budget is None or self.budget.share is None:
            return
        said, share = self.budget.source, self.budget.share
        beside = _beside(share, self.money, self.day)
        alone = (
            "" if own.programmes == (ALL,) else " These programmes alone are less, and how much is not recorded here."
        )
        yield Cited(
            f"All federal money is {percent(_points(share))} of this place's budget: {beside}.{alone} Those were budgets of States, so"
            " the comparison is by analogy.",
            said.source,
            said.evidence,
            "open",
        )


def _points(share: Fraction) -> int:
    """A share in hundredths of a percent."""
    return round(share * BASIS_POINTS)


def _until(day: LegalDay | None) -> str:
    return "" if day is None or day.first == LAST_DAY else str(day)


def _decided(own: Measure) -> str:
    return f"{own.percent} % {own.of}" if own.percent else own.source.note


def _than(share: Fraction, line: Fraction) -> str:
    return "less than" if share < line else "more than" if share > line else "just"


def _case(own: Measure) -> str:
    return own.source.source.partition(",")[0]


def _pointing(points: Sequence[Cited]) -> str:
    """Which way the cited facts point, which is no verdict."""
    sides = {own.leaning for own in points} - {"open"}
    if len(sides) == 2:
        return "both"
    return next(iter(sides), "open" if points else "none")
