"""A replay as a page for people: how the requests come out, what the open ones turn on, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterable

from comity.decide.decision import OUTCOMES
from comity.decide.words import ACTION_WORDS, OUTCOME_WORDS
from comity.page import Block, Heading, Table, Text
from comity.replay.replayed import Replayed, Tally

REFUSED_SHOWN = 5
NOTHING_READ = "Nothing in the table bears on what this law asks."


def page_of(own: Replayed, name: str = "") -> list[Block]:
    """The whole replay; `name` is the place's name in words."""
    place, _, day = own.law.partition("@")
    blocks: list[Block] = [Heading(f"{own.rows:,} requests under the law of {name or place}, {day}", 1)]
    read = f"Read of each: {', '.join(own.read)}." if own.read else NOTHING_READ
    blocks.append(Text(f"{own.source}: {own.table.num_rows:,} rows decided, {len(own.refused):,} refused. {read}", "quiet"))
    blocks.append(Text(f"Law of {own.law}, version {own.law_version}; each request keeps its own days.", "quiet"))
    blocks += [*_supposed(own), Text(""), _outcomes(own), *_open(own), *_grounds(own), *_findings(own)]
    return blocks


def _supposed(own: Replayed) -> Iterable[Block]:
    for fact, value in own.assumed.items():
        yield Text(f"Assumed where a row does not say: {fact} = {value}.", "open")
    for fact, value in own.of_place.items():
        yield Text(f"Known of the place: {fact} = {value}.", "quiet")


def _outcomes(own: Replayed) -> Table:
    seen = [outcome for outcome in OUTCOMES if any(outcome in tally.outcomes for tally in own.actions.values())]
    head = ("Action", *(OUTCOME_WORDS[outcome].lower() for outcome in seen))
    rows = []
    for action, tally in own.actions.items():
        rows.append((ACTION_WORDS.get(action, action), *(_count(tally.outcomes.get(outcome, 0)) for outcome in seen)))
    return Table(head, tuple(rows))


def _count(number: int) -> str:
    return f"{number:,}" if number else "-"


def _open(own: Replayed) -> Iterable[Block]:
    """What stays undetermined, between which outcomes, and on which facts."""
    open_actions = {action: tally for action, tally in own.actions.items() if "undetermined" in tally.outcomes}
    if open_actions:
        yield Heading("What stays undetermined, and on which facts it turns")
    for action, tally in open_actions.items():
        count = tally.outcomes["undetermined"]
        yield Text(f"{ACTION_WORDS.get(action, action)} [{action}]: {count:,} requests", "strong", 1)
        for possible, rows in tally.possible.items():
            if " or " in possible:
                words = possible.replace("unaddressed", "not decided by law").replace("_", " ")
                yield Text(f"{words}: {rows:,}", "", 2, "-")
        facts = ", ".join(f"{fact} ({rows:,})" for fact, rows in tally.turns_on.items())
        yield Text(f"turns on {facts}", "", 2, "-")


def _grounds(own: Replayed) -> Iterable[Block]:
    rows = [row for action, tally in own.actions.items() for row in _of_action(action, tally, own)]
    if rows:
        yield Heading("On which provisions")
        yield Table(("Action", "Requests", "Provision", "Cited as"), tuple(rows))


def _of_action(action: str, tally: Tally, own: Replayed) -> Iterable[tuple[str, ...]]:
    for name, count in tally.determining.items():
        yield action, f"{count:,}", name, own.grounds[name].cite if name in own.grounds else ""


def _findings(own: Replayed) -> Iterable[Block]:
    if own.findings:
        yield Heading("What was refused, odd or not understood")
        rows = tuple((f"{count:,}", code, own.examples.get(code, "")) for code, count in own.findings.items())
        yield Table(("Rows", "Finding", "For example"), rows)
    for refused in own.refused[:REFUSED_SHOWN]:
        yield Text(f"row {refused.row} is not decided: {refused.message}", "alarm", 1, "-")
    if len(own.refused) > REFUSED_SHOWN:
        yield Text(f"and {len(own.refused) - REFUSED_SHOWN:,} more; --json names each", "alarm", 1, "-")
