"""Compares two laws over stored requests: whom each would have held, and what that costs by published figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct
from msgspec.structs import replace

from comity.board.comparison import Choice
from comity.board.conditions import FundingComparison, compare_conditions
from comity.board.figures import Bounds, Counted, Held, Inputs, SourcedValue
from comity.board.inputs import GivenFigures, county_value, read_inputs
from comity.board.worksheet import REQUESTS, REQUESTS_MAX, fill_in, read_worksheet
from comity.facts.columns import whole_of
from comity.facts.kinds import KnownSet
from comity.facts.plain_values import shown
from comity.facts.row_codes import Numbers
from comity.finding import Finding, Place, did_you_mean, grave
from comity.intake.cells import Cells, Opened
from comity.intake.named_place import find_place
from comity.intake.sources.source import Refused
from comity.intake.table import ASKS
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.money.many import Flags
from comity.money.read_holds import HoldColumns, read_holds
from comity.records.compare import ComparisonRun
from comity.records.comparison import Comparison
from comity.records.joint import Pair
from comity.records.pieces import Piece, Progress
from comity.records.replay_table import prepare_comparison

HELD_FROM, HELD_UNTIL, DAYS = "held_from", "held_until", "days"
UNDECIDED: dict[str, frozenset[int]] = {
    "either": frozenset((0, 1)),
    "held": frozenset((1,)),
    "not-held": frozenset((0,)),
}
EITHER = UNDECIDED["either"]
CERTAIN = {"required": UNDECIDED["held"], "forbidden": UNDECIDED["not-held"]}
ASKED, NOT_ASKED, PERHAPS = 1, 0, 2
NO_DAYS = -1
Key = tuple[int, int, int]  # the index of the answers, whether a hold is asked for, the days in the table


class ChoiceOptions(Struct, frozen=True, kw_only=True):
    """What to compare, as the caller gave it: two laws, and the place and day whose figures are used.

    Without a place or a day they are those of the laws, and of the second law. `assume` gives facts of every request,
    `requests` how many requests a year the table stands for, and `undecided` whether people on whom no rule applies are held.
    `figures` is a file with figures of the county (`board.worksheet`).
    `columns` is a map of columns, as a file or a value.
    """

    laws: tuple[str, ...]
    given: GivenFigures = GivenFigures()
    place: str = ""
    on: date | None = None
    assume: Mapping[str, Any] = {}
    requests: int | None = None
    undecided: str = "either"
    figures: Path | None = None
    columns: Any = None


class ChoiceRun:
    """A comparison of two laws that is ready to run."""

    def __init__(
        self,
        comparing: ComparisonRun,
        wanted: ChoiceOptions,
        *,
        where: Jurisdiction,
        inputs: Inputs,
        funding: FundingComparison,
    ) -> None:
        self.comparing, self.wanted, self.where, self.inputs, self.funding = comparing, wanted, where, inputs, funding
        self.columns = _find_columns(comparing.opened)
        self.counts: Counter[Key] = Counter()
        self.refused: list[Refused] = []
        self.received: list[date] = []

    def compare(self, progress: Progress | None = None) -> tuple[Choice | None, list[Finding]]:
        """Decides every request under both laws and adds up the result; None, and a finding, where there is no request."""
        comparison = self.comparing.run(lambda _: None, progress, self.watch)
        counted = self.counted(comparison)
        refused = tuple(sorted((*comparison.refused, *self.refused), key=lambda row: row.row))
        if not counted.requests:
            return None, [_no_requests(comparison.source, refused)]
        wanted, second = self.wanted, self.comparing.stacks[1]
        scale = Fraction(wanted.requests, counted.requests) if wanted.requests else Fraction(1)
        choice = Choice(
            source=comparison.source, laws=comparison.laws, law_version=comparison.law_version, place=self.where.path,
            on=wanted.on or second.day, rows=comparison.rows,
            refused=refused, span=(min(self.received), max(self.received)), counted=counted,
            inputs=replace(self.inputs, scale=scale, requests=self.requests()),
            undecided=wanted.undecided, known_on=wanted.given.known_on, assumed=comparison.assumed,
            of_place=comparison.of_place, read=comparison.read, pairs=self.pairs(comparison),
            conditions=self.funding.conditions,
            findings=comparison.findings, examples=comparison.examples, reading=comparison.reading,
            share_comparison=self.funding.share_comparison if self.inputs.exposure.share is not None else "",
        )  # fmt: skip
        return choice, []

    def counted(self, comparison: Comparison) -> Counted:
        """Whom each law holds, among the rows counted."""
        tally = _Tally(UNDECIDED[self.wanted.undecided])
        for (answer, asked, days), rows in self.counts.items():
            pairs = comparison.answers[answer]["hold"].pairs
            tally.add(pairs, asked=asked, days=None if days == NO_DAYS else days, rows=rows)
        return tally.counted()

    def requests(self) -> SourcedValue | None:
        """How many requests there are in a year, where that was given."""
        wanted, on = self.wanted, self.wanted.on or self.comparing.stacks[1].day
        words = f"{wanted.requests:,} requests a year" if wanted.requests else ""
        return county_value(wanted.given, on, name=REQUESTS, words=words) if words else None

    def pairs(self, comparison: Comparison) -> dict[str, int]:
        """How many of the rows counted have each set of possible outcomes, under the first law and the second."""
        counts = Counter[str]()
        for (answer, _, _), rows in self.counts.items():
            pairs = comparison.answers[answer]["hold"].pairs
            counts[" or ".join(f"{first} to {second}" for first, second in pairs)] += rows
        return dict(counts.most_common())

    def watch(self, piece: Piece, of_answer: Numbers) -> None:
        """Counts the rows of a piece by their answers, by whether they ask for a hold, and by their days."""
        if not len(piece.days):
            return
        days, wrong = self.read_days(piece.rows.cells)
        keys = np.stack([of_answer, _asked(piece, self.comparing), days])[:, ~wrong]
        distinct, counts = np.unique(keys, axis=1, return_counts=True)
        for key, count in zip(distinct.T.tolist(), counts.tolist(), strict=True):
            self.counts[key[0], key[1], key[2]] += count
        self.received += [pc.min(piece.days).as_py(), pc.max(piece.days).as_py()]

    def read_days(self, cells: Cells) -> tuple[Numbers, Flags]:
        """The days of each row, and which rows give days that cannot be read, which are refused. A start alone gives no days."""
        days, wrong = np.full(cells.table.num_rows, NO_DAYS, np.int64), np.zeros(cells.table.num_rows, bool)
        if self.columns is None:
            return days, wrong
        filled = np.zeros(len(days), bool)
        for name in (self.columns.end, self.columns.days):
            filled |= pc.is_valid(cells.named(name)).to_numpy() if name else False
        with_days = replace(cells, table=cells.table.filter(pa.array(filled)), refused=())
        read = read_holds(with_days, self.columns, self.where.zone)
        self.refused += read.cells.refused
        rows = cells.table.column("row").to_numpy()
        good = np.isin(rows, read.rows)
        days[good] = np.where(read.holds.days > 0, read.holds.days, read.holds.until - read.holds.since)
        return days, filled & ~good


def open_choice(table: Any, wanted: ChoiceOptions, library: Library) -> tuple[ChoiceRun | None, list[Finding]]:
    """A comparison that is ready to run; None, and the findings, where a figure is missing or something is faulty."""
    if wanted.undecided not in UNDECIDED:
        help = did_you_mean(wanted.undecided, UNDECIDED) or f"one of {', '.join(UNDECIDED)}"
        message = f'"{wanted.undecided}" is not a known value'
        return None, [Finding("unknown-word", Place("undecided"), message, help)]
    wanted, findings = _with_worksheet(wanted)
    requests, faults = _check_requests(wanted.requests)
    if findings or faults:
        return None, [*findings, *faults]
    wanted = replace(wanted, requests=requests)
    comparing, findings = prepare_comparison(
        table, wanted.laws, wanted.assume, (), library, (HELD_FROM, HELD_UNTIL, DAYS), wanted.columns
    )
    if comparing is None:
        return None, findings
    where, findings = _find_place(wanted.place, comparing, library)
    if where is None:
        return None, findings
    on = wanted.on or comparing.stacks[1].day
    inputs, findings = read_inputs(where, on, given=wanted.given, library=library)
    if inputs is None:
        return None, findings
    laws = [(library.gazetteer.places[stack.place], stack.day) for stack in comparing.stacks]
    funding, findings = compare_conditions(where, on, laws=laws, library=library, folders=wanted.given.folders)
    if findings:
        return None, findings
    return ChoiceRun(comparing, wanted, where=where, inputs=inputs, funding=funding), []


def _with_worksheet(wanted: ChoiceOptions) -> tuple[ChoiceOptions, list[Finding]]:
    """The options with the figures of their worksheet; with the findings that prevent it."""
    if wanted.figures is None:
        return wanted, []
    worksheet, findings = read_worksheet(wanted.figures)
    if grave(findings):
        return wanted, list(grave(findings))
    given, requests, findings = fill_in(wanted.given, wanted.requests, worksheet)
    return replace(wanted, given=given, requests=requests), findings


def _check_requests(requests: Any) -> tuple[int | None, list[Finding]]:
    """The number of requests a year, and a finding where it is none; None where it was not given."""
    if requests is None:
        return None, []
    number = int(requests) if type(requests) is not bool and isinstance(requests, Integral) else 0
    if 1 <= number <= REQUESTS_MAX:
        return number, []
    help = f"give a whole number from 1 to {REQUESTS_MAX:,}"
    return None, [Finding("not-a-number", Place("requests"), f"{shown(requests)} is no number of requests", help)]


def compare_laws(table: Any, wanted: ChoiceOptions, library: Library) -> tuple[Choice | None, list[Finding]]:
    """The choice between two laws; None, and the findings, where a figure is missing or something is faulty."""
    weighing, findings = open_choice(table, wanted, library)
    return weighing.compare() if weighing else (None, findings)


def _no_requests(source: str, refused: Sequence[Refused]) -> Finding:
    """The finding for a table in which no request could be counted, with the first row refused."""
    help = "name a table with requests and their days"
    if refused:
        first = refused[0]
        help = f"row {first.row} was refused because {first.message}"
    return Finding("no-requests", Place(source), "no request could be counted", help)


def _find_columns(opened: Opened) -> HoldColumns | None:
    """The columns that say how long people were held, where a table has them."""
    end, days = (name if name in opened.names else "" for name in (HELD_UNTIL, DAYS))
    if HELD_FROM not in opened.names or not (end or days):
        return None
    return HoldColumns(start=HELD_FROM, end=end, days=days, one_person=True)


def _find_place(name: str, comparing: ComparisonRun, library: Library) -> tuple[Jurisdiction | None, list[Finding]]:
    """The place whose figures are used: the one named, or that of both laws."""
    first, second = (stack.place for stack in comparing.stacks)
    if not name and first != second:
        message = f"the laws are those of {first} and {second}, so the place whose figures count must be named"
        return None, [Finding("no-place", Place("place"), message, "say where the people are held with `place`")]
    return find_place(name or first, library, Place("place"))


def _asked(piece: Piece, comparing: ComparisonRun) -> Numbers:
    """Whether each row asks for a hold; a row that does not say may ask for one."""
    facts = piece.rows.facts
    if ASKS not in facts.schema.names:
        return np.full(facts.num_rows, _assumed(comparing), np.int64)
    asks = facts.column(ASKS).combine_chunks()
    whole = facts.column(whole_of(ASKS)).combine_chunks().fill_null(False).to_numpy(zero_copy_only=False)
    asked = np.where(whole, NOT_ASKED, PERHAPS)
    asked[pc.is_null(asks).to_numpy(zero_copy_only=False)] = _assumed(comparing)
    holds = pc.equal(pc.list_flatten(asks), "hold").to_numpy(zero_copy_only=False)
    asked[pc.list_parent_indices(asks).to_numpy(zero_copy_only=False)[holds]] = ASKED
    return asked.astype(np.int64)


def _assumed(comparing: ComparisonRun) -> int:
    asks = comparing.assumed.get(ASKS)
    if not isinstance(asks, KnownSet):
        return PERHAPS
    return ASKED if "hold" in asks.members else NOT_ASKED if asks.whole else PERHAPS


class _Tally:
    """Adds up whom each law holds, and how many more the second holds."""

    def __init__(self, undecided: frozenset[int]) -> None:
        self.undecided, self.requests = undecided, 0
        self.sums = [[[0, 0], [0, 0], [0, 0]] for _ in range(3)]

    def add(self, pairs: Sequence[Pair], *, asked: int, days: int | None, rows: int) -> None:
        self.requests += rows
        for sums, possible in zip(self.sums, self.possible(pairs, asked), strict=True):
            for side, end in enumerate((min(possible), max(possible))):
                sums[2 if days is None else 0][side] += end * rows
                sums[1][side] += end * rows * (days or 0)

    def possible(self, pairs: Sequence[Pair], asked: int) -> tuple[set[int], set[int], set[int]]:
        """For one person: whether the first law may hold them, whether the second may, and the possible differences."""
        first, second, more = ({0}, {0}, {0}) if asked != ASKED else (set[int](), set[int](), set[int]())
        for before, after in self.states(pairs) if asked != NOT_ASKED else ():
            first |= before
            second |= after
            more |= {0} if before == after == EITHER else {b - a for a in before for b in after}
        return first, second, more

    def states(self, pairs: Sequence[Pair]) -> Iterable[tuple[frozenset[int], frozenset[int]]]:
        """Whom each law may hold. Where both laws leave the choice to somebody, the answer is the same under both."""
        for pair in pairs:
            first, second = (
                self.undecided if outcome == "unaddressed" else CERTAIN.get(outcome, EITHER) for outcome in pair
            )
            yield first, second

    def counted(self) -> Counted:
        first, second, more = (Held(*(_bounds(ends) for ends in sums)) for sums in self.sums)
        return Counted(requests=self.requests, first=first, second=second, more=more)


def _bounds(ends: Sequence[int]) -> Bounds:
    return ends[0], ends[1]
