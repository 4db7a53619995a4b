"""Which federal money is at stake at a place on a day: its conditions, the orders that suspend them, and whether its law breaches them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from comity.classification.classify import AnswerWriter, read_all_definitions
from comity.classification.definition import Definition
from comity.decision.incoming import name_of
from comity.finding import Finding
from comity.funding.condition import ALL, ELEMENTS, Condition, Element
from comity.funding.in_force import APPLICABLE, Status, find_status
from comity.funding.measures import Measure, read_measures
from comity.funding.programmes import Programme, read_programmes
from comity.funding.read_conditions import read_conditions
from comity.funding.view import Cited, ConditionView, ElementView, Funding, Order, ProgrammeView, Stake
from comity.law.cache import shipped, shipped_conditions
from comity.law.in_force import Stack, in_force
from comity.law.instrument import MONEY, citation_of
from comity.law.library import CONDITIONS, Library
from comity.law.life import Stay
from comity.law.places import Jurisdiction
from comity.law.register import lacking_at, read_register
from comity.money.amount import basis_points, format_percent
from comity.money.budgets import Budget, Budgets, read_budgets
from comity.period import LAST_DAY, LegalDay

EVERYONE, PARTIES = "everyone", "parties"


class Money(Struct, frozen=True, kw_only=True):
    """The records of federal money: programmes, conditions, what courts ask about a condition, and budgets of places."""

    programmes: dict[str, Programme]
    conditions: dict[str, Condition]
    measures: tuple[Measure, ...]
    budgets: Budgets
    definitions: dict[str, Definition]

    @property
    def asked(self) -> dict[str, Definition]:
        """Every definition that a breach may refer to."""
        return {**self.definitions, **{id: condition.breach for id, condition in self.conditions.items()}}


def read_money(folders: Sequence[Path], library: Library) -> tuple[Money, list[Finding]]:
    """The shipped records with those in a county's folders added over them, and their faults."""
    tables = [shipped(), *folders]
    definitions, definition_faults = read_all_definitions(folders, library)
    programmes, programme_faults = read_programmes(tables, library.gazetteer)
    measures, measure_faults = read_measures(tables, library.gazetteer)
    budgets, budget_faults = read_budgets(tables, library.gazetteer)
    inside = [shipped_conditions(), *(folder / CONDITIONS for folder in folders)]
    conditions, condition_faults = read_conditions(inside, library, programmes=programmes, definitions=definitions)
    money = Money(
        programmes=programmes, conditions=conditions, measures=measures, budgets=budgets, definitions=definitions
    )
    return money, [*definition_faults, *programme_faults, *measure_faults, *budget_faults, *condition_faults]


def find_at_stake(
    where: Jurisdiction,
    day: date,
    money: Money,
    library: Library,
    folders: Sequence[Path] = (),
    law: tuple[Jurisdiction, date] | None = None,
) -> Funding:
    """What is at stake at a place on a local day.

    `law` is the place and the day whose law could breach a condition; without it, those of the place itself.
    """
    from comity.classification.classifier import Classifier  # noqa: PLC0415  conditions are read without a solver

    law_place, law_day = law or (where, day)
    stack = in_force(library, law_place.path, law_day)
    here = library.gazetteer.containing(where.path)
    lacking = lacking_at(read_register([shipped(), *folders]), library, law_place.path, law_day)
    classifier = Classifier(stack, money.asked, library.gazetteer.containing(law_place.path), lacking)
    answers = AnswerWriter(classifier, law_place, library)
    budget = money.budgets.on(here, day)
    describing = _Describing(money, library, day=day, answers=answers, budget=budget)
    views = {
        id: describing.condition(condition, find_status(condition, library, place=where.path, day=day))
        for id, condition in money.conditions.items()
    }
    applicable = {id: view for id, view in views.items() if view.state in APPLICABLE}
    programmes = [
        programme
        for programme in money.programmes.values()
        if programme.place in here and programme.since <= day < programme.until
    ]
    return Funding(
        place=where.path,
        name=name_of(where, library),
        on=day,
        law_version=stack.version,
        not_encoded=lacking,
        facts=tuple(answers.true_here(path) for path in sorted(stack.fact_sources)),
        stake=_stake(budget, money, day),
        programmes=tuple(_programme(programme, money, applicable) for programme in programmes),
        conditions=applicable,
        others={id: view for id, view in views.items() if id not in applicable},
        of_law_here=tuple(_of_law_here(stack)),
    )


def _of_law_here(stack: Stack) -> Iterable[Cited]:
    """What the law in force puts at stake itself, each provision once."""
    for id in dict.fromkeys(rule.provision for rule in stack.standing if rule.kind in MONEY):
        provision = stack.provisions[id]
        source = citation_of(id, stack.instruments)
        yield Cited(words=provision.text or provision.plain, source=source, evidence=provision.evidence)


def _programme(programme: Programme, money: Money, applicable: Mapping[str, ConditionView]) -> ProgrammeView:
    source = programme.source
    return ProgrammeView(
        id=programme.id,
        name=programme.name,
        agency=programme.agency,
        statute=programme.statute,
        source=source.source,
        evidence=source.evidence,
        note=source.note,
        conditions=tuple(id for id in applicable if money.conditions[id].applies_to(programme.id)),
    )


def _stake(budget: Budget | None, money: Money, day: date) -> Stake | None:
    if budget is None:
        return None
    return Stake(**budget.figures, beside=_compare_share(budget.share, money, day))


def _compare_share(share: Fraction | None, money: Money, day: date) -> str:
    """Compares the share of a budget with the shares that courts had decided about by a day, in words."""
    if share is None:
        return ""
    decided = [
        (measure.share, measure) for measure in money.measures if measure.share and measure.since <= day < measure.until
    ]
    return " and ".join(
        f"{_compare(share, limit)} the {measure.percent} % of {_case(measure)}" for limit, measure in decided
    )


class _Describing:
    """Describes each condition for one place and day."""

    def __init__(
        self, money: Money, library: Library, *, day: date, answers: AnswerWriter, budget: Budget | None
    ) -> None:
        self.money, self.library, self.day, self.answers, self.budget = money, library, day, answers, budget

    def condition(self, condition: Condition, status: Status) -> ConditionView:
        answer = self.answers.definition(condition.breach)
        elements = [self.element(element, condition) for element in ELEMENTS] if status.state in APPLICABLE else []
        return ConditionView(
            title=answer.title,
            by=answer.by,
            imposed_by=condition.maker,
            demand=condition.demand,
            demands=condition.demands,
            programmes=condition.programmes,
            state=status.state,
            breached=answer.meets,
            criteria=answer.criteria,
            elements=tuple(elements),
            evidence=answer.evidence,
            citation=answer.citation,
            summary=answer.summary,
            put_by=citation_of(condition.put_by, self.library.instruments) if condition.put_by else "",
            orders=tuple(self.order(stay) for stay in status.stays),
        )

    def order(self, stay: Stay) -> Order:
        """A court order against a condition."""
        suspension = stay.suspension
        instrument = self.library.instruments.get(suspension.by)
        covers = suspension.covers
        named = covers if PARTIES not in covers or instrument is None else (*covers, *instrument.parties)
        places = self.library.gazetteer.places
        names = [places[name].name if name in places else name for name in named if name != PARTIES]
        return Order(
            title=instrument.title if instrument else suspension.by,
            since=str(suspension.since),
            until=_until(suspension.until),
            covers=EVERYONE if EVERYONE in named else ", ".join(names),
            here=stay.here,
            certain=stay.certain,
        )

    def element(self, element: Element, condition: Condition) -> ElementView:
        """One element: the question, and the cited facts that could be known on the day."""
        measures = [
            measure
            for measure in self.money.measures
            if measure.element == element and measure.since <= self.day < measure.until
        ]
        points = [
            Cited(
                words=point.plain,
                source=point.source,
                evidence=point.evidence,
                leaning=point.leaning,
                cite=point.cite,
            )
            for point in condition.points
            if point.element == element and point.since <= self.day
        ]
        points += self.budget_share(element, condition)
        decisions = tuple(
            Cited(words=_decided(measure), source=measure.source.source, evidence=measure.source.evidence)
            for measure in measures
        )
        return ElementView(
            element=element,
            asks=measures[0].asks if measures else "",
            decisions=decisions,
            points=tuple(points),
            facts=_direction(points),
        )

    def budget_share(self, element: Element, condition: Condition) -> Iterable[Cited]:
        """What the place's budget says about coercion, compared with the decided shares: arithmetic, not a legal finding."""
        if element != "coercion" or self.budget is None or self.budget.share is None:
            return
        source, share = self.budget.source, self.budget.share
        compared = _compare_share(share, self.money, self.day)
        part = (
            "" if condition.programmes == (ALL,) else " These programmes alone are less; how much is not recorded here."
        )
        yield Cited(
            words=f"All federal money is {format_percent(basis_points(share))} of this place's budget: {compared}.{part} Those were"
            " budgets of States, so the comparison is by analogy.",
            source=source.source,
            evidence=source.evidence,
            leaning="open",
        )


def _until(day: LegalDay | None) -> str:
    return "" if day is None or day.first == LAST_DAY else str(day)


def _decided(measure: Measure) -> str:
    return f"{measure.percent} % {measure.of}" if measure.percent else measure.source.note


def _compare(share: Fraction, limit: Fraction) -> str:
    return "less than" if share < limit else "more than" if share > limit else "exactly"


def _case(measure: Measure) -> str:
    return measure.source.source.partition(",")[0]


def _direction(points: Sequence[Cited]) -> str:
    """Which way the cited facts point; this is no verdict."""
    directions = {point.leaning for point in points} - {"open"}
    if len(directions) == 2:
        return "both"
    return next(iter(directions), "open" if points else "none")
