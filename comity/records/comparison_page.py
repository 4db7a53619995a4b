"""A comparison of two laws over stored requests, as a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.decision.page import ACTION_WORDS, OUTCOME_WORDS
from comity.present.page import Block, Heading, Table, Text
from comity.records.comparison import VERDICTS, Comparison
from comity.records.joint import SECOND

VERDICT_WORDS = {"same": "surely the same", "different": "surely different", "open": "turns on facts not known"}


def page_of(own: Comparison, names: Sequence[str] = ()) -> list[Block]:
    """The whole comparison; `names` are those of the two places in words."""
    laws = [law.partition("@") for law in own.laws]
    first, second = (f"{name or place}, {day}" for name, (place, _, day) in zip(names or ("", ""), laws, strict=True))
    blocks: list[Block] = [Heading(f"{own.rows:,} requests under two laws", 1)]
    blocks.append(Text(f"First the law of {first}; second that of {second}. Law version {own.law_version}.", "quiet"))
    read = f"Read of each: {', '.join(own.read)}." if own.read else ""
    compared = own.rows - len(own.refused)
    blocks.append(Text(f"{own.source}: {compared:,} rows compared, {len(own.refused):,} refused. {read}", "quiet"))
    blocks += [
        Text(f"Assumed where a row does not say: {fact} = {value}.", "open") for fact, value in own.assumed.items()
    ]
    blocks += [Text(f"Known of a place: {fact} = {value}.", "quiet") for fact, value in own.of_place.items()]
    verdicts = {action: own.verdicts(action) for action in own.actions}
    seen = [verdict for verdict in VERDICTS if any(verdict in counts for counts in verdicts.values())]
    rows = tuple(
        (ACTION_WORDS.get(action, action), *(_count(verdicts[action].get(own, 0)) for own in seen))
        for action in own.actions
    )
    blocks += [Text(""), Table(("Action", *(VERDICT_WORDS[verdict] for verdict in seen)), rows)]
    for action in own.actions:
        if set(verdicts[action]) - {"same"}:
            blocks += _of_action(own, action)
    return [*blocks, *_groups(own), *_findings(own)]


def _of_action(own: Comparison, action: str) -> Iterable[Block]:
    yield Heading(f"{ACTION_WORDS.get(action, action)} [{action}]")
    for pairs, count in own.changes(action).items():
        yield Text(f"{_in_words(pairs)}: {count:,}", "", 1, "-")
    turns_on = own.turns_on(action)
    if turns_on:
        facts = ", ".join(
            f"{fact.replace(SECOND, ' at the second place')} ({count:,})" for fact, count in turns_on.items()
        )
        yield Text(f"turns on {facts}", "", 1, "-")
    for (first, second), count in own.why(action).items():
        yield Text(f"{count:,}: {_cited(own, first)}; then {_cited(own, second)}", "quiet", 1, "-")


def _in_words(pairs: str) -> str:
    for outcome, words in OUTCOME_WORDS.items():
        pairs = pairs.replace(outcome, words.lower())
    return pairs


def _cited(own: Comparison, provisions: Sequence[str]) -> str:
    return ", ".join(own.cited[name] for name in provisions) or "no law decides"


def _count(number: int) -> str:
    return f"{number:,}" if number else "-"


def _groups(own: Comparison) -> Iterable[Block]:
    if not own.grouped_by:
        return
    yield Heading(f"Holds by {', '.join(own.grouped_by)}")
    rows = []
    for key, counted in own.groups():
        verdicts = own.verdicts("hold", counted)
        rows.append(
            (
                *("-" if part is None else str(part) for part in key),
                *(_count(verdicts.get(verdict, 0)) for verdict in VERDICTS),
            )
        )
    yield Table((*own.grouped_by, *(VERDICT_WORDS[verdict] for verdict in VERDICTS)), tuple(rows))


def _findings(own: Comparison) -> Iterable[Block]:
    if own.findings:
        yield Heading("What was refused, odd or not understood")
        rows = tuple((f"{count:,}", code, own.examples.get(code, "")) for code, count in own.findings.items())
        yield Table(("Rows", "Finding", "For example"), rows)
