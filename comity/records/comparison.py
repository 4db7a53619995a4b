"""What came of a comparison: the counts that all views of it are made from, and the page that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import Struct

from comity.decision.page import ACTION_WORDS, OUTCOME_WORDS
from comity.intake.cells import Refused
from comity.present.page import Block, Heading, Table, Text
from comity.records.joint import SECOND
from comity.records.pieces import ANSWER, COUNT

VERDICTS = ("same", "different", "open")
VERDICT_WORDS = {"same": "surely the same", "different": "surely different", "open": "turns on facts not known"}


class Comparison(Struct, frozen=True):
    """Stored requests under two laws. `counts` holds how many rows share an answer (its place in `answers`, by action) and what
    was asked for, a class of facility where nothing was; `table` has one row a request where it was kept.
    """

    source: str
    laws: tuple[str, str]
    law_version: str
    rows: int
    counts: pa.Table
    answers: tuple[Mapping[str, Any], ...]
    actions: tuple[str, ...]
    table: pa.Table | None
    refused: tuple[Refused, ...]
    findings: dict[str, int]
    examples: dict[str, str]
    assumed: dict[str, str]
    of_place: dict[str, str]
    read: tuple[str, ...]
    cited: dict[str, str]
    grouped_by: tuple[str, ...] = ()

    def verdicts(self, action: str, counted: Iterable[Mapping[str, Any]] | None = None) -> dict[str, int]:
        """How many requests surely come out the same, surely differently, or as facts turn out that are not known."""
        counts = Counter[str]()
        for own in self.counts.to_pylist() if counted is None else counted:
            counts[self.answers[own[ANSWER]][action].verdict] += own[COUNT]
        return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}

    def changes(self, action: str) -> dict[str, int]:
        """How many requests have which pairs of outcomes open, under the first law and the second."""
        counts = Counter[str]()
        for own in self.counts.to_pylist():
            counts[" or ".join(f"{a} to {b}" for a, b in self.answers[own[ANSWER]][action].pairs)] += own[COUNT]
        return dict(counts.most_common())

    def turns_on(self, action: str) -> dict[str, int]:
        """On which facts it turns for how many requests whether the two laws agree."""
        counts = Counter[str]()
        for own in self.counts.to_pylist():
            counts.update(dict.fromkeys(self.answers[own[ANSWER]][action].turns_on, own[COUNT]))
        return dict(counts.most_common())

    def why(self, action: str) -> dict[tuple[tuple[str, ...], tuple[str, ...]], int]:
        """On which provisions the outcomes rest where the laws differ or may, under the first law and the second."""
        counts = Counter[tuple[tuple[str, ...], tuple[str, ...]]]()
        for own in self.counts.to_pylist():
            answer = self.answers[own[ANSWER]][action]
            if answer.verdict != "same":
                counts[answer.first, answer.second] += own[COUNT]
        return dict(counts.most_common())

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values; the rows themselves are in `table`."""
        return {
            "source": self.source,
            "laws": list(self.laws),
            "law_version": self.law_version,
            "rows": self.rows,
            "compared": sum(own[COUNT] for own in self.counts.to_pylist()),
            "refused": [msgspec.to_builtins(own) for own in self.refused],
            "findings": self.findings,
            "examples": self.examples,
            "assumed": self.assumed,
            "facts_of_place": self.of_place,
            "facts_read": self.read,
            "verdicts": {action: self.verdicts(action) for action in self.actions},
            "changes": {action: self.changes(action) for action in self.actions},
            "turns_on": {action: self.turns_on(action) for action in self.actions},
            "groups": [self.of_group(key, own) for key, own in self.groups()],
        }

    def of_group(self, key: tuple[Any, ...], counted: list[dict[str, Any]]) -> dict[str, Any]:
        """One group: its name, and the verdicts in it by action."""
        verdicts = {action: self.verdicts(action, counted) for action in self.actions}
        return {**dict(zip(self.grouped_by, key, strict=True)), "verdicts": verdicts}

    def groups(self) -> list[tuple[tuple[Any, ...], list[dict[str, Any]]]]:
        """The counts by what was asked for, in order; none where nothing was."""
        made: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for own in self.counts.to_pylist() if self.grouped_by else []:
            made.setdefault(tuple(own[name] for name in self.grouped_by), []).append(own)
        return sorted(made.items(), key=lambda pair: [(part is None, str(part)) for part in pair[0]])

    def _repr_html_(self) -> str:
        from comity.present.page import as_html  # noqa: PLC0415  for a notebook only

        return as_html(comparison_page(self))


def comparison_page(own: Comparison, names: Sequence[str] = ()) -> list[Block]:
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
