"""A comparison of two laws over stored requests, as a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.decision.words import OUTCOME_WORDS, describe_action, replace_outcomes
from comity.intake.lines_read import describe_reading
from comity.lawview.named_law import split_law
from comity.present.page import Block, Heading, Table, Text
from comity.records.comparison import VERDICTS, Comparison
from comity.records.joint import SECOND
from comity.records.local_law import NONE_ENCODED
from comity.records.sentences import compared_sentence, requests_words, source_words

VERDICT_WORDS = {"same": "certainly the same", "different": "certainly different", "open": "depends on unknown facts"}


def page_of(comparison: Comparison, names: Sequence[str] = ()) -> list[Block]:
    """The whole comparison; `names` are those of the two places in words."""
    laws = [split_law(law) for law in comparison.laws]
    first, second = (f"{name or place}, {day}" for name, (place, day) in zip(names or ("", ""), laws, strict=True))
    blocks: list[Block] = [Heading(f"{requests_words(comparison.rows)} under two laws", 1)]
    blocks += [Text(compared_sentence(comparison), "strong"), Text("")]
    words = f"First law: {first}; second law: {second}. Law version {comparison.law_version}."
    blocks.append(Text(words, "quiet"))
    read = f"Read from each: {', '.join(comparison.read)}." if comparison.read else ""
    compared = comparison.rows - len(comparison.refused)
    rows_compared = f"{compared:,} {'row' if compared == 1 else 'rows'} compared"
    blocks.append(
        Text(
            f"{comparison.source}: {rows_compared}, {len(comparison.refused):,} refused. {read}",
            "quiet",
        )
    )
    blocks += [Text(sentence, "quiet") for sentence in describe_reading(comparison.reading)]
    blocks += [
        Text(f"Assumed where a row does not say: {fact} = {value}.", "open")
        for fact, value in comparison.assumed.items()
    ]
    blocks += [Text(f"Known of a place: {fact} = {value}.", "quiet") for fact, value in comparison.of_place.items()]
    verdicts = {action: comparison.verdicts(action) for action in comparison.actions}
    seen = [verdict for verdict in VERDICTS if any(verdict in counts for counts in verdicts.values())]
    rows = tuple(
        (describe_action(action), *(_count(verdicts[action].get(verdict, 0)) for verdict in seen))
        for action in comparison.actions
    )
    blocks += [Text(""), Table(("Action", *(VERDICT_WORDS[verdict] for verdict in seen)), rows)]
    blocks.append(Text(source_words(comparison.source, comparison.law_version), "quiet"))
    for name, (place, _), says in zip(names or ("", ""), laws, comparison.local_law, strict=True):
        if says == NONE_ENCODED:
            blocks.append(
                Text(f"None of the law of {name or place} itself is encoded; the law around it is applied.", "open")
            )
    for action in comparison.actions:
        if set(verdicts[action]) - {"same"}:
            blocks += _of_action(comparison, action)
    return [*blocks, *_groups(comparison), *_findings(comparison)]


def _of_action(comparison: Comparison, action: str) -> Iterable[Block]:
    yield Heading(f"{describe_action(action)} [{action}]")
    for pairs, count in comparison.changes(action).items():
        yield Text(f"{replace_outcomes(pairs)}: {count:,}", "", 1, "-")
    turns_on = comparison.turns_on(action)
    if turns_on:
        facts = ", ".join(
            f"{fact.replace(SECOND, ' at the second place')} ({count:,})" for fact, count in turns_on.items()
        )
        yield Text(f"depends on {facts}", "", 1, "-")
    for (first, second), count in comparison.why(action).items():
        cited = f"first law {_cited(comparison, first)}; second law {_cited(comparison, second)}"
        yield Text(f"{count:,}: {cited}", "quiet", 1, "-")


def _cited(comparison: Comparison, provisions: Sequence[str]) -> str:
    return ", ".join(comparison.cited[name] for name in provisions) or OUTCOME_WORDS["unaddressed"]


def _count(number: int) -> str:
    return f"{number:,}" if number else "-"


def _groups(comparison: Comparison) -> Iterable[Block]:
    if not comparison.grouped_by:
        return
    yield Heading(f"Holds by {', '.join(comparison.grouped_by)}")
    rows = []
    for key, counted in comparison.groups():
        verdicts = comparison.verdicts("hold", counted)
        rows.append(
            (
                *("-" if part is None else str(part) for part in key),
                *(_count(verdicts.get(verdict, 0)) for verdict in VERDICTS),
            )
        )
    yield Table((*comparison.grouped_by, *(VERDICT_WORDS[verdict] for verdict in VERDICTS)), tuple(rows))


def _findings(comparison: Comparison) -> Iterable[Block]:
    if comparison.findings:
        yield Heading("What was refused, odd or not understood")
        rows = tuple(
            (f"{count:,}", code, comparison.examples.get(code, "")) for code, count in comparison.findings.items()
        )
        yield Table(("Rows", "Finding", "For example"), rows)
