"""What a person concluded about rows, on top of what was matched: a fold in which the last on each row or detainer counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from comity.desk.reconciling.entries import (
    Conclusion,
    Detainer,
    Listed,
    Matched,
    Ours,
    OursResult,
    Reason,
    RowResult,
)
from comity.desk.reconciling.matching import matched_row, why_ours
from comity.finding import Phrase, phrase

About: TypeAlias = tuple[int, str, int]  # the entry of the list, or 0 with a case and the number of its detainer
OF_THEIRS: tuple[Conclusion, ...] = ("never_received", "another_station", "not_this_jail")
EXPLANATIONS: tuple[Conclusion, ...] = ("sender_is_wrong", "record_is_wrong")


class SettledRow(Struct, frozen=True, kw_only=True):
    """A conclusion with its reason: on a row of the list by its place (from 1), or on a detainer of the desk where `entry` is 0.

    With `this_case`, `case` and `detainer` are those that the row is.
    """

    entry: int
    conclusion: Conclusion
    reason: str
    case: str = ""
    detainer: int = 0
    account: str = ""
    at: datetime | None = None

    @property
    def about(self) -> About:
        return (self.entry, "", 0) if self.entry else (0, self.case, self.detainer)


def last_of(settled_rows: Iterable[SettledRow]) -> dict[About, SettledRow]:
    """The conclusion that counts on each row and detainer, in the order in which these were made."""
    last: dict[About, SettledRow] = {}
    for settled_row in settled_rows:
        last.pop(settled_row.about, None)
        last[settled_row.about] = settled_row
    return last


def settle(matched: Matched, settled_rows: Iterable[SettledRow]) -> Matched:
    """What was matched with the conclusions of persons; one that does not fit what is there makes no difference."""
    rows, ours = [*matched.rows], {each.key: each for each in matched.ours}
    changed = False
    for settled_row in last_of(settled_rows).values():
        if settled_row.conclusion not in EXPLANATIONS and _objection(rows, ours, settled_row) is None:
            _apply(rows, ours, settled_row)
            changed = True
    return _without_lost_candidates(rows, ours) if changed else matched


def objection(matched: Matched, settled_row: SettledRow) -> Phrase | None:
    """Why a conclusion does not fit a row or detainer; None where it does."""
    return _objection(matched.rows, {each.key: each for each in matched.ours}, settled_row)


def _objection(
    rows: Sequence[RowResult], ours: Mapping[Detainer, OursResult], settled_row: SettledRow
) -> Phrase | None:
    mine = ours.get((settled_row.case, settled_row.detainer))
    if not 0 <= settled_row.entry <= len(rows):
        return phrase("the list has no row {entry}", entry=settled_row.entry)
    if not settled_row.entry:
        if mine is None:
            return phrase("this comparison has no such detainer")
        fits = settled_row.conclusion in EXPLANATIONS
        return (
            None if fits else phrase("this conclusion is about a row of the list, and this is a detainer of the desk")
        )
    row = rows[settled_row.entry - 1]
    if settled_row.conclusion == "this_case":
        return _no_pair(row, mine)
    if settled_row.conclusion in OF_THEIRS and row.case:
        return phrase("the row is matched with a detainer; say which of the two is wrong")
    return None


def _no_pair(row: RowResult, ours: OursResult | None) -> Phrase | None:
    if row.case:
        return phrase("the row is matched with a detainer already")
    if ours is None:
        return phrase("this comparison has no such detainer")
    if ours.cls in ("same", "differ"):
        return phrase("this detainer is matched with another row")
    return None


def _apply(rows: list[RowResult], ours: dict[Detainer, OursResult], settled_row: SettledRow) -> None:
    at = settled_row.entry - 1
    row = rows[at]
    reasons: tuple[Reason, ...] = ("by_person",)
    if settled_row.conclusion == "this_case":
        mine = ours[settled_row.case, settled_row.detainer]
        settled = matched_row(_listed(row), _entry_of(mine), reasons)
        rows[at] = replace(settled, note=row.note)
        ours[mine.key] = replace(mine, cls="differ" if settled.differences else "same", reasons=reasons)
    else:
        reason = next(each for each in OF_THEIRS if each == settled_row.conclusion)
        rows[at] = replace(row, cls="theirs_only", reasons=(reason, *reasons), candidates=(), more=0)


def _without_lost_candidates(rows: list[RowResult], ours: Mapping[Detainer, OursResult]) -> Matched:
    """Rows lose the candidates that are matched now; detainers that no open row may be are the desk's alone."""
    matched = {row.key for row in rows if row.case}
    open_rows = [_with_candidates(row, matched) if row.cls == "several_possible" else row for row in rows]
    left = {key for row in open_rows if row.cls == "several_possible" for key in row.candidates}
    all_listed = not any(row.more for row in open_rows if row.cls == "several_possible")
    changed = [
        replace(each, cls="ours_only", reasons=why_ours(_entry_of(each)))
        if each.cls == "several_possible" and all_listed and each.key not in left
        else each
        for each in ours.values()
    ]
    return Matched(rows=tuple(open_rows), ours=tuple(changed))


def _with_candidates(row: RowResult, matched: set[Detainer]) -> RowResult:
    left = tuple(key for key in row.candidates if key not in matched)
    if left == row.candidates:
        return row
    if left or row.more:
        return replace(row, candidates=left)
    return replace(row, cls="theirs_only", reasons=("never_received",), candidates=())


def _listed(row: RowResult) -> Listed:
    return Listed(row=row.row, sheet=row.sheet, day=row.day, form=row.form, outcome=row.outcome, where=row.where)


def _entry_of(ours: OursResult) -> Ours:
    day = ours.day or date.min
    return Ours(case=ours.case, detainer=ours.detainer, day=day, form=ours.form, outcome=ours.outcome)
