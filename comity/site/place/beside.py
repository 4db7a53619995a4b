"""What is beside the law of a place: contested words, federal money at stake, 287(g) agreements, and figures about people.

The tables behind them are read once for each process that builds pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import TypeVar

from msgspec import Struct

from comity.classification.classify import PlaceClassifier, read_all_definitions
from comity.classification.page import MEETS, criterion_in_words
from comity.classification.view import Classified, CriterionAnswer, DefinitionAnswer
from comity.context.describe import Tables, describe_context, read_tables
from comity.context.page import describe_foreign_born, describe_source, describe_time, format_people
from comity.context.view import BudgetView, Context, CountView
from comity.decision.words import EVIDENCE_WORDS
from comity.finding import Finding, InputFault, grave
from comity.funding.at_stake import Money, find_at_stake, read_money
from comity.funding.page import BREACHED, STATES
from comity.funding.view import ConditionView, Funding, Stake
from comity.law.agreements import Listed
from comity.money.amount import format_percent, format_published
from comity.site.site import Site

Read = TypeVar("Read")
NOT_YET = "not_yet"
MARKS: dict[bool | str, str] = {True: "yes", False: "no"}


class Criterion(Struct, frozen=True):
    """One criterion of a definition or a breach: whether it is met, and what it asks."""

    mark: str
    words: str


class ShownDefinition(Struct, frozen=True, kw_only=True):
    """A definition of a contested word, and whether the law of the place meets it today."""

    title: str
    by: str
    key: str
    meets: str
    score: str
    in_use: bool | str
    within: str
    criteria: tuple[Criterion, ...]


class ShownCondition(Struct, frozen=True, kw_only=True):
    """A condition on federal money: what it demands, whether it is in force here, and whether the law here breaches it."""

    title: str
    by: str
    citation: str
    demands: str
    state: str
    key: str
    breached: str
    orders: tuple[tuple[str, bool, bool], ...]


class ShownMoney(Struct, frozen=True, kw_only=True):
    """Federal money at stake: the amount in the budget of the place in words, empty where it is not recorded, and conditions."""

    amount: str
    source: str
    conditions: tuple[ShownCondition, ...]
    others: tuple[ShownCondition, ...]
    of_law_here: tuple[tuple[str, str], ...]


class Agreement(Struct, frozen=True):
    """A 287(g) agreement of an agency, the day of its signing, and the last day on which it was listed."""

    agency: str
    model: str
    since: date
    last: date
    source: str


class Figure(Struct, frozen=True):
    """A figure about people or money: what it is about, itself in words, and its source."""

    about: str
    words: str
    source: str


def read_once(site: Site, name: str, read: Callable[[], tuple[Read, list[Finding]]]) -> Read:
    """What `read` reads, once for a library. Raises `InputFault` where it is faulty."""
    prepared = site.law.library.prepared
    key = f"{__name__} {name}"
    if key not in prepared:
        found, findings = read()
        if grave(findings):
            raise InputFault(grave(findings))
        prepared[key] = found
    cached: Read = prepared[key]
    return cached


def classified(site: Site, path: str) -> Classified:
    """The answers of every definition for a place on the day of the site."""
    law = site.law

    def read() -> tuple[PlaceClassifier, list[Finding]]:
        definitions, findings = read_all_definitions(law.folders, law.library)
        return PlaceClassifier(law.library, definitions, law.folders), findings

    classifier = read_once(site, "classifier", read)
    return classifier.classify(site.places[path], site.on, classifier.definitions)


def definitions_of(site: Site, path: str) -> list[ShownDefinition]:
    """Every definition of the contested word and whether it is met: those in use that are met first, then those not met."""
    order = {True: 0, "unknown": 1, False: 2}
    answers = classified(site, path).definitions.values()
    ordered = sorted(answers, key=lambda answer: (answer.in_use is not True, bool(answer.within), order[answer.meets]))
    return [_definition(answer) for answer in ordered]


def _definition(answer: DefinitionAnswer) -> ShownDefinition:
    return ShownDefinition(
        title=answer.title,
        by=answer.by,
        key=_key(answer.meets),
        meets=MEETS[answer.meets],
        score=_score(answer),
        in_use=answer.in_use,
        within=answer.within,
        criteria=tuple(_criteria(answer.criteria)),
    )


def _key(truth: bool | str) -> str:
    return MARKS.get(truth, "unknown")


def _score(answer: DefinitionAnswer) -> str:
    if answer.score is None:
        return ""
    least, most = answer.score
    return f"{least if least == most else f'{least}-{most}'}/{len(answer.criteria)}"


def _criteria(criteria: Iterable[CriterionAnswer]) -> Iterator[Criterion]:
    for criterion in criteria:
        yield Criterion(_key(criterion.met), criterion_in_words(criterion))


def money_of(site: Site, path: str) -> ShownMoney:
    """The federal money at stake at a place on the day of the site, by condition."""
    law = site.law

    def read() -> tuple[Money, list[Finding]]:
        return read_money(law.folders, law.library)

    money = read_once(site, "money", read)
    funding: Funding = find_at_stake(site.places[path], site.on, money, law.library, law.folders)
    past = (view for view in funding.others.values() if view.state != NOT_YET)
    return ShownMoney(
        amount=_amount(funding.stake) if funding.stake else "",
        source=f"{funding.stake.source}; {EVIDENCE_WORDS[funding.stake.evidence]}" if funding.stake else "",
        conditions=tuple(_condition(view) for view in funding.conditions.values()),
        others=tuple(_condition(view) for view in past),
        of_law_here=tuple((cited.words, cited.source) for cited in funding.of_law_here),
    )


def _amount(stake: Stake) -> str:
    share = "" if stake.share_basis_points is None else f", {format_percent(stake.share_basis_points)} of its budget"
    total = f" of {format_published(stake.total_cents)}" if stake.total_cents else ""
    return f"{format_published(stake.federal_cents)} of federal money{share}{total}, from {stake.since} until {stake.until}."


def _condition(view: ConditionView) -> ShownCondition:
    return ShownCondition(
        title=view.title,
        by=view.by,
        citation=view.citation,
        demands=view.demands,
        state=STATES[view.state],
        key=_key(view.breached),
        breached=BREACHED[view.breached],
        orders=tuple((order.title, order.here, order.certain) for order in view.orders),
    )


def agreements_of(site: Site, path: str) -> list[Agreement]:
    """The 287(g) agreements that the published lists show for the agencies of a place, by agency."""
    listed = site.law.library.agreements.listed.get(path, ())
    return sorted(_merged(listed), key=lambda found: (found.agency, found.since, found.model))


def _merged(listed: Iterable[Listed]) -> Iterator[Agreement]:
    """Each agreement once, though several lists may show it one after another."""
    found: dict[tuple[str, str], list[Listed]] = {}
    for row in listed:
        found.setdefault((row.agency, row.model), []).append(row)
    for (agency, model), rows in found.items():
        last = max(rows, key=lambda row: row.until)
        since = min(row.since for row in rows)
        yield Agreement(agency, model.replace("_", " "), since, last.until - timedelta(1), last.source)


def agreements_inside(site: Site, path: str) -> list[tuple[str, int]]:
    """The places inside a State whose agencies are listed with an agreement, by path, each with how many of them are."""
    listed = site.law.library.agreements.listed
    return [
        (place, len({row.agency for row in rows}))
        for place, rows in sorted(listed.items())
        if place.startswith(f"{path}/")
    ]


def figures_of(site: Site, path: str) -> list[Figure]:
    """What was counted or estimated of the people of a place, and its budgets. No decision reads any of it."""
    law = site.law

    def read() -> tuple[Tables, list[Finding]]:
        return read_tables(law.folders, law.library)

    tables = read_once(site, "tables", read)
    return list(_figures(describe_context(site.places[path], tables, law.library)))


def _figures(context: Context) -> Iterator[Figure]:
    for count in context.foreign_born:
        elsewhere = f"{count.name}: " if count.place != context.place else ""
        yield Figure("Foreign-born residents", f"{elsewhere}{describe_foreign_born(count)}", _source(count))
    national = context.national if context.place == "us" else ()
    for about, counts in (
        ("Unauthorized immigrants", (*context.unauthorized, *national)),
        ("Detainers on record", context.detainers),
    ):
        for count in counts:
            area = f"{count.name}: " if count.name != context.name else ""
            yield Figure(about, f"{area}{format_people(count.number)}, {describe_time(count)}.", _source(count))
    for budget in context.budgets:
        yield Figure("Federal money in the budget", _budget(budget, context), describe_source(budget))


def _source(count: CountView) -> str:
    return f"{count.by}: {describe_source(count)}"


def _budget(budget: BudgetView, context: Context) -> str:
    share = (
        f", {format_percent(budget.share_basis_points)} of the budget" if budget.share_basis_points is not None else ""
    )
    name = f"{budget.name}: " if budget.place != context.place else ""
    return f"{name}{format_published(budget.federal_cents)}{share}, from {budget.since} until {budget.until}."
