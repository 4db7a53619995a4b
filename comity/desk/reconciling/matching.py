"""Matches the rows of a list with the detainers of the desk. A pure function: the order of the rows makes no difference.

Four steps, each on what the steps before left over: the same person by numbers, or by name and day of birth; the same name on the
same day, where only one on each side fits; the same day and form, for rows that name nobody; and what is only possible, which a
person decides. Docs: `docs/decisions/0032-reconciliation.md`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from comity.desk.reconciling.entries import (
    CANDIDATES_MAX,
    IDENTITY,
    Detainer,
    Keys,
    Listed,
    Matched,
    Ours,
    OursClass,
    OursResult,
    Reason,
    RowResult,
)
from comity.desk.reconciling.evidence import (
    days_apart,
    differences,
    differing,
    forms_conflict,
    outcomes_conflict,
    person_proof,
)
from comity.period import Days

DAYS_APART_MAX = (
    31  # between the days that two lists give one detainer of one person: prepared, sent, received, entered
)
HOLDERS_MAX = 40  # detainers with one number or name: beyond it, the text is no person's, such as "see file"
DAYS_NEAR_MAX = 3  # where a row names nobody: beyond it, another detainer is as likely
Edge: TypeAlias = tuple[int, int, Reason]  # the places of a row and a detainer, and why


def match_list(listed: Sequence[Listed], ours: Sequence[Ours], span: Days) -> Matched:
    """Every row of the list and every detainer of the span in exactly one class, with the reasons.

    `ours` may have detainers beyond the span, with which rows can be matched where the person is the same.
    """
    matching = _Matching(listed, ours, span)
    matching.by_person()
    matching.by_name_and_day()
    matching.by_day_and_form()
    matching.find_candidates()
    return matching.result()


class _Matching:
    """The state of one matching: which row has which detainer, and why."""

    def __init__(self, listed: Sequence[Listed], ours: Sequence[Ours], span: Days) -> None:
        self.listed, self.ours, self.span = listed, ours, span
        self.contents = [content_of(row) for row in listed]
        self.found: dict[int, Edge] = {}  # by row
        self.taken: dict[int, int] = {}  # the row of each detainer
        self.alike: set[int] = set()  # rows, and detainers below, of which nobody can say which is which
        self.alike_ours: set[int] = set()
        self.candidates: dict[int, tuple[int, ...]] = {}
        self.hints: dict[int, Reason] = {}
        self.proofs, self.possible = self._edges()

    def _edges(self) -> tuple[list[Edge], list[Edge]]:
        """Who is the same person as whom, proved and possible, through an index of all digests."""
        holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, ours in enumerate(self.ours):
            for key in _index_keys(ours.keys):
                holders[key].append(at)
        proofs: list[Edge] = []
        hints: list[Edge] = []
        for row, listed in enumerate(self.listed):
            found = (holders.get(key, ()) for key in _index_keys(listed.keys))
            for at in sorted({at for places in found if len(places) <= HOLDERS_MAX for at in places}):
                proof, why = person_proof(listed.keys, self.ours[at].keys)
                if proof:
                    (proofs if proof == "proof" else hints).append((row, at, why))
        return proofs, hints

    def pair(self, row: int, at: int, why: Reason) -> None:
        self.found[row], self.taken[at] = (row, at, why), row

    def is_open(self, row: int, at: int) -> bool:
        return row not in self.found and at not in self.taken

    def by_person(self) -> None:
        """Pairs of one person, the nearest first."""
        for row, at, why in sorted(self.proofs, key=self.cost):
            if self.is_open(row, at) and days_apart(self.listed[row], self.ours[at]) <= DAYS_APART_MAX:
                self.pair(row, at, why)

    def cost(self, edge: Edge) -> tuple[Any, ...]:
        """How far apart a pair is; what is equally far is ordered by what the entries say, and never by their place."""
        row, at, _ = edge
        listed, ours = self.listed[row], self.ours[at]
        apart = (
            listed.day is None, days_apart(listed, ours), forms_conflict(listed.form, ours.form),
            outcomes_conflict(listed.outcome, ours.outcome),
        )  # fmt: skip
        return (*apart, self.contents[row], ours.key, listed.sheet, listed.row)

    def by_name_and_day(self) -> None:
        """Pairs of one name on one day with no contradiction, where each side has one alone."""
        fitting = [
            (row, at)
            for row, at, why in self.possible
            if why == "name_alone" and self.is_open(row, at) and self._agree(self.listed[row], self.ours[at])
        ]
        of_rows, of_ours = Counter(row for row, _ in fitting), Counter(at for _, at in fitting)
        for row, at in fitting:
            if of_rows[row] == of_ours[at] == 1:
                self.pair(row, at, "name_and_day")

    def _agree(self, listed: Listed, ours: Ours) -> bool:
        on_one_day = listed.day == ours.day and not forms_conflict(listed.form, ours.form)
        return on_one_day and not differing(listed.keys, ours.keys)

    def by_day_and_form(self) -> None:
        """Pairs of one day whose forms do not conflict, for rows that name nobody; equal forms and outcomes first.

        Rows that say the same are alike: as many of them are matched as there are detainers, and which is which is not claimed.
        """
        rows, ours = self._by_day()
        for day in sorted(rows.keys() & ours.keys()):
            of_rows, of_ours = _grouped(rows[day], self._row_group), _grouped(ours[day], self._ours_group)
            pairs = sorted((_group_cost(theirs, mine), theirs, mine) for theirs in of_rows for mine in of_ours)
            for cost, theirs, mine in pairs:
                if cost[0] < _CONFLICT:
                    self._pair_groups(of_rows[theirs], of_ours[mine])

    def _by_day(self) -> tuple[dict[date, list[int]], dict[date, list[int]]]:
        """The open rows that name nobody and may be of this jail, and the open detainers of the span, by day."""
        rows: dict[date, list[int]] = defaultdict(list)
        for row, listed in enumerate(self.listed):
            if row not in self.found and not listed.keys and listed.day and self._may_be_here(listed):
                rows[listed.day].append(row)
        ours: dict[date, list[int]] = defaultdict(list)
        for at, mine in enumerate(self.ours):
            if at not in self.taken and mine.day in self.span:
                ours[mine.day].append(at)
        return rows, ours

    def _may_be_here(self, listed: Listed) -> bool:
        return listed.where in ("here", "unknown") and (listed.day is None or listed.day in self.span)

    def _row_group(self, row: int) -> tuple[str, str, bool, str]:
        listed = self.listed[row]
        return listed.form, listed.outcome, listed.marked_duplicate, listed.where

    def _ours_group(self, at: int) -> tuple[str, str]:
        return self.ours[at].form, self.ours[at].outcome

    def _pair_groups(self, rows: list[int], ours: list[int]) -> None:
        """Pairs as many of two groups as both have, and takes them out of the groups."""
        count = min(len(rows), len(ours))
        if count and (len(rows) > 1 or len(ours) > 1):
            self.alike.update(rows)
            self.alike_ours.update(ours)
        for row, at in zip(rows[:count], ours[:count], strict=True):
            self.pair(row, at, "day_and_form")
        del rows[:count], ours[:count]

    # ---- what is only possible ----

    def find_candidates(self) -> None:
        """For each open row the open detainers that it may be: by a hint on the person, else by the day."""
        hinted: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.possible:
            row, at, _ = edge
            if self.is_open(row, at) and days_apart(self.listed[row], self.ours[at]) <= DAYS_APART_MAX:
                hinted[row].append(edge)
        proved = {row for row, _, _ in self.proofs}
        by_day = _Near(self.ours, [at for at in range(len(self.ours)) if at not in self.taken], self.span)
        for row, listed in enumerate(self.listed):
            if row in self.found:
                continue
            if hinted[row]:
                self.candidates[row] = tuple(at for _, at, _ in hinted[row])
                self.hints[row] = min(why for _, _, why in hinted[row])
            elif self._may_be_here(listed) and not listed.marked_duplicate and row not in proved:
                self.candidates[row] = by_day.candidates(listed)
                self.hints[row] = "person_not_known" if listed.keys else "near_day"

    # ---- the result ----

    def result(self) -> Matched:
        """Each row and each detainer with its class."""
        matched_as = {at: self.listed[row] for at, row in self.taken.items()}
        possible = {at for candidates in {*self.candidates.values()} for at in candidates}
        proved: dict[int, list[int]] = defaultdict(list)
        for row, at, _ in self.proofs:
            proved[row].append(at)
        rows = (self._row(row, listed, proved.get(row, [])) for row, listed in enumerate(self.listed))
        ours = (
            self._ours(at, mine, matched_as.get(at), is_possible=at in possible)
            for at, mine in enumerate(self.ours)
            if mine.day in self.span or at in self.taken or at in possible
        )
        return Matched(rows=tuple(rows), ours=tuple(ours))

    def _row(self, row: int, listed: Listed, proved: Sequence[int]) -> RowResult:
        alike: tuple[Reason, ...] = ("alike",) if row in self.alike else ()
        if row in self.found:
            _, at, why = self.found[row]
            return matched_row(listed, self.ours[at], (why, *alike))
        candidates = self.candidates.get(row, ())
        if candidates:
            return row_result(listed, "several_possible", (self.hints[row],), self._keys(candidates))
        return row_result(listed, "theirs_only", (*self._why_theirs(row, listed, proved), *alike), self._keys(proved))

    def _why_theirs(self, row: int, listed: Listed, proved: Sequence[int]) -> Iterator[Reason]:
        if listed.marked_duplicate or any(self._says_same(row, self.taken.get(at)) for at in proved):
            yield "repeated"
        elif proved:
            yield "other_detainer"
        elif listed.day is not None and listed.day not in self.span:
            yield "outside_span"
        elif listed.where in ("another_station", "not_this_jail"):
            yield "another_station" if listed.where == "another_station" else "not_this_jail"
        else:
            yield "never_received"

    def _says_same(self, row: int, other: int | None) -> bool:
        """Whether another row, which was matched, gives the same day and form."""
        if other is None:
            return False
        one, two = self.listed[row], self.listed[other]
        return one.day == two.day and not forms_conflict(one.form, two.form)

    def _keys(self, places: Iterable[int]) -> list[Detainer]:
        return sorted({self.ours[at].key for at in places})

    def _ours(self, at: int, ours: Ours, row: Listed | None, *, is_possible: bool) -> OursResult:
        alike: tuple[Reason, ...] = ("alike",) if at in self.alike_ours else ()
        cls: OursClass
        reasons: tuple[Reason, ...]
        if row is not None:
            cls, reasons = ("differ" if differences(row, ours) else "same"), alike
        elif is_possible:
            cls, reasons = "several_possible", ()
        else:
            cls, reasons = "ours_only", (*why_ours(ours), *alike)
        return OursResult(
            *ours.key, cls, reasons, day=ours.day, form=ours.form, outcome=ours.outcome, in_span=ours.day in self.span
        )


class _Near:
    """Finds the open detainers that a row may be by its day alone; rows of one day and form have the same."""

    def __init__(self, ours: Sequence[Ours], places: Iterable[int], span: Days) -> None:
        self.ours, self._found = ours, dict[tuple[date, str, bool], tuple[int, ...]]()
        self.by_day: dict[date, list[int]] = defaultdict(list)
        for at in places:
            if ours[at].day in span:
                self.by_day[ours[at].day].append(at)

    def candidates(self, listed: Listed) -> tuple[int, ...]:
        """Of a row that names somebody, detainers of the day of which nobody is known; else those of the day, or of near days."""
        if listed.day is None:
            return ()
        asked = listed.day, listed.form, bool(listed.keys)
        if asked not in self._found:
            self._found[asked] = tuple(self._unnamed(*asked[:2]) if listed.keys else self._near(*asked[:2]))
        return self._found[asked]

    def _unnamed(self, day: date, form: str) -> Iterator[int]:
        for at in self.by_day.get(day, ()):
            if not self.ours[at].keys and not forms_conflict(form, self.ours[at].form):
                yield at

    def _near(self, day: date, form: str) -> Iterator[int]:
        for apart in range(-DAYS_NEAR_MAX, DAYS_NEAR_MAX + 1):
            for at in self.by_day.get(day + timedelta(days=apart), ()):
                if not apart or not forms_conflict(form, self.ours[at].form):
                    yield at


_CONFLICT = 9


def _group_cost(theirs: tuple[str, str, bool, str], mine: tuple[str, str]) -> tuple[int, int, bool]:
    """How well a group of rows fits a group of detainers: forms first, then outcomes, then whether it is marked as doubled."""
    form, outcome, doubled, _ = theirs
    if forms_conflict(form, mine[0]):
        return _CONFLICT, 0, doubled
    known = bool(form) + bool(mine[0])
    return 0 if form == mine[0] and form else 3 - known, outcome_cost(outcome, mine[1]), doubled


def outcome_cost(theirs: str, ours: str) -> int:
    """0 where two outcomes are the same, 1 where they may be, 2 where they conflict."""
    return 2 if outcomes_conflict(theirs, ours) else 0 if theirs == ours else 1


def _grouped(places: Iterable[int], group: Any) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(list)
    for at in places:
        found[group(at)].append(at)
    return found


def _index_keys(keys: Keys) -> Iterator[tuple[str, ...]]:
    """What finds an entry: each number, each name, and each name with the day of birth."""
    for field in ("a_number", "booking", "name"):
        yield from ((field, digest) for digest in keys.get(field, ()))
    for name in keys.get("name", ()):
        yield from (("name and birth", name, born) for born in keys.get("born_on", ()))


def content_of(listed: Listed) -> tuple[Any, ...]:
    """What a row says, comparable: nothing distinguishes two rows with equal contents."""
    keys = tuple((field, tuple(sorted(listed.keys.get(field, ())))) for field in IDENTITY)
    return str(listed.day or ""), listed.form, listed.outcome, listed.where, listed.marked_duplicate, keys


def why_ours(ours: Ours) -> tuple[Reason, ...]:
    """Why the list may lack a detainer of the desk."""
    if ours.outcome == "superseded":
        return ("superseded",)
    return ("withdrawn",) if ours.outcome == "cancelled" else ("not_listed",)


def matched_row(listed: Listed, ours: Ours, reasons: tuple[Reason, ...]) -> RowResult:
    """The result of a row that is matched with a detainer."""
    other = differences(listed, ours)
    return RowResult(
        listed.row, listed.sheet, "differ" if other else "same", reasons, *ours.key, differences=other,
        day=listed.day, form=listed.form, outcome=listed.outcome, where=listed.where,
    )  # fmt: skip


def row_result(listed: Listed, cls: Any, reasons: tuple[Reason, ...], candidates: Sequence[Detainer]) -> RowResult:
    """The result of a row that is not matched."""
    return RowResult(
        listed.row, listed.sheet, cls, reasons, candidates=tuple(candidates[:CANDIDATES_MAX]),
        more=max(len(candidates) - CANDIDATES_MAX, 0), day=listed.day, form=listed.form, outcome=listed.outcome,
        where=listed.where,
    )  # fmt: skip
