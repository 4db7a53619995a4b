"""The values of the cases of an instrument, in order, so that each boundary is compared only with those beside it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from comity.facts.kinds import KnownList, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, operand

# The least and most days of one unit, and how much more or fewer a span can have by the ends of months and leap days.
DAYS_IN = {"days": (1, 1), "months": (28, 31), "years": (365, 366)}
SLACK_DAYS = 5
Probe: TypeAlias = tuple[syntax.Operand, syntax.Operand | None]


class CaseValues:
    """What the cases say, once for each case or for each record of a list.

    `compared` counts the values that were handed out to be compared with a boundary.
    """

    def __init__(self, cases: Sequence[Mapping[str, Value]], vocabulary: Vocabulary) -> None:
        self.cases, self.vocabulary = cases, vocabulary
        self.compared = 0
        self.cached: dict[str, list[Known]] = {}
        self.in_order: dict[tuple[str, Probe], tuple[list[int], list[Known]]] = {}

    def of(self, over: str) -> list[Known]:
        """What each case says, or each record of the list `over` in each case."""
        if over not in self.cached:
            self.cached[over] = [known for values in self.cases for known in self._records(over, values)]
        return self.cached[over]

    def near(self, asked: syntax.Condition, over: str) -> list[Known]:
        """Those of them that can lie next to the boundary of a comparison; all where that cannot be seen beforehand."""
        sought = _sought(asked)
        if sought is None:
            found = self.of(over)
        else:
            probe, least, most = sought
            if (over, probe) not in self.in_order:
                self.in_order[over, probe] = self._ordered(over, probe)
            numbers, known = self.in_order[over, probe]
            found = known[bisect_left(numbers, least) : bisect_right(numbers, most)]
        self.compared += len(found)
        return found

    def _records(self, over: str, values: Mapping[str, Value]) -> list[Known]:
        if not over:
            return [Known(values, self.vocabulary)]
        value = values.get(over)
        return (
            [Known(values, self.vocabulary, record) for record in value.items] if isinstance(value, KnownList) else []
        )

    def _ordered(self, over: str, probe: Probe) -> tuple[list[int], list[Known]]:
        pairs = [(number, known) for known in self.of(over) if (number := number_of(probe, known)) is not None]
        pairs.sort(key=lambda pair: pair[0])
        return [number for number, _ in pairs], [known for _, known in pairs]


def number_of(probe: Probe, known: Known) -> int | None:
    """A value as a number, or the days between two days; None where it is not known, or a moment."""
    of, since = probe
    value, start = operand(of, known), None if since is None else operand(since, known)
    if value is None or isinstance(value, datetime) or (since is not None and not isinstance(start, date)):
        return None
    if isinstance(value, date):
        return value.toordinal() - (start.toordinal() if isinstance(start, date) else 0)
    return int(value)


def _sought(asked: syntax.Condition) -> tuple[Probe, int, int] | None:
    """What to look up to find the neighbours of a boundary, and between which numbers; None where it is not that plain."""
    if not isinstance(asked, syntax.Compare):
        return None
    for side, other in ((asked.left, asked.right), (asked.right, asked.left)):
        if not isinstance(side, (syntax.Fact, syntax.Field, syntax.Shift)):
            continue
        if (between := spanned(other)) is not None:
            base, least, most = between
            return (side, base), least - 1, most + 1
    return None


def spanned(node: syntax.Operand) -> tuple[syntax.Operand | None, int, int] | None:
    """Between which numbers an operand lies: a literal, or a shifted day as days since another; None for any other."""
    match node:
        case syntax.Integer(number):
            return None, number, number
        case syntax.Day(day):
            return None, day.toordinal(), day.toordinal()
        case syntax.Shift(base, unit, syntax.Integer(number), minus):
            days = [each * (-number if minus else number) for each in DAYS_IN[unit]]
            return base, min(days) - SLACK_DAYS, max(days) + SLACK_DAYS
    return None
