"""The page of the people of a place: each figure with who counted, for when, and its source."""

from __future__ import annotations

from collections.abc import Iterable

from comity.context.view import BudgetView, Context, CountView
from comity.decision.words import EVIDENCE_WORDS
from comity.money.amount import format_percent, format_published
from comity.present.page import Block, Heading, Table, Text

INTRODUCTION = (
    "Context beside the law: no decision reads a count of people, and none says anything of a person. Each figure has its maker and"
    " its source; estimates of one thing differ, and none is preferred."
)
NOT_RECORDED = "No figure is recorded here."
MILLION, HUNDRED_THOUSAND = 1_000_000, 100_000


def page_of(context: Context) -> list[Block]:
    """The page of one place."""
    return [
        Heading(f"The people of {context.name}", 1),
        Text(INTRODUCTION, "quiet"),
        *_foreign_born(context),
        *_estimates(f"Unauthorized immigrants: {context.name}", context.unauthorized, context),
        *_national(context),
        *_estimates("Detainers on record", context.detainers, context),
        *_budgets(context),
    ]


def describe_foreign_born(count: CountView) -> str:
    """How many residents are foreign-born, their share, and the rank among counties: a sentence."""
    points = count.share_basis_points
    share = f", {format_percent(points)} of {count.total:,} residents" if points is not None else ""
    rank = f"; number {count.rank} of the {count.ranked:,} counties counted" if count.rank and count.ranked else ""
    lacking = f"; {count.lacking:,} have no count" if count.lacking else ""
    summed = f"; the sum of {count.summed:,} counties{lacking}" if count.summed else ""
    return f"{count.number:,} foreign-born residents{share}, {describe_time(count)}{rank}{summed}."


def describe_time(count: CountView) -> str:
    """The time that a count is about: `2012 to 2016`, or `2023-07`."""
    return count.since if count.since == count.until else f"{count.since} to {count.until}"


def format_people(number: int) -> str:
    """`11.4 million` where the figure is that round, else `356,000`."""
    if number >= MILLION and number % HUNDRED_THOUSAND == 0:
        return f"{number // MILLION}.{number % MILLION // HUNDRED_THOUSAND} million"
    return f"{number:,}"


def describe_source(figure: CountView | BudgetView) -> str:
    """The source of a figure with its mark of evidence, and the note on it."""
    note = f" {figure.note[:1].upper()}{figure.note[1:]}." if figure.note else ""
    return f"{figure.source}; {EVIDENCE_WORDS[figure.evidence]}.{note}"


def _foreign_born(context: Context) -> Iterable[Block]:
    yield Heading("Foreign-born residents")
    if not context.foreign_born:
        yield Text(NOT_RECORDED, "open", 1)
    for count in context.foreign_born:
        elsewhere = f"{count.name}: " if count.place != context.place else ""
        yield Text(f"{elsewhere}{describe_foreign_born(count)}", "strong", 1)
        yield Text(f"{count.by}: {describe_source(count)}", "quiet", 1)


def _estimates(title: str, counts: Iterable[CountView], context: Context) -> Iterable[Block]:
    yield Heading(title)
    counts = list(counts)
    if not counts:
        yield Text(NOT_RECORDED, "open", 1)
    for count in counts:
        area = f"{count.name}: " if count.name != context.name else ""
        yield Text(f"{area}{format_people(count.number)}, {describe_time(count)}. {count.by}.", "strong", 1)
        yield Text(describe_source(count), "quiet", 1)


def _national(context: Context) -> Iterable[Block]:
    yield Heading("Unauthorized immigrants: United States")
    if not context.national:
        yield Text(NOT_RECORDED, "open", 1)
        return
    rows = tuple(
        (describe_time(count), format_people(count.number), count.by, describe_source(count))
        for count in context.national
    )
    yield Table(("When", "How many", "Estimated by", "Source"), rows, ("", "strong"))


def _budgets(context: Context) -> Iterable[Block]:
    yield Heading("Budget")
    if not context.budgets:
        yield Text("The federal money in the budget of this place is not recorded here.", "open", 1)
    for budget in context.budgets:
        share = budget.share_basis_points
        part = f", {format_percent(share)} of the budget" if share is not None else ""
        total = f" of {format_published(budget.total_cents)}" if budget.total_cents else ""
        name = f"{budget.name}: " if budget.place != context.place else ""
        amount = f"{name}{format_published(budget.federal_cents)} of federal money{part}{total}"
        yield Text(f"{amount}, from {budget.since} until {budget.until}.", "strong", 1)
        yield Text(describe_source(budget), "quiet", 1)
