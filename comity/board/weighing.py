"""Stored requests under two laws, weighed: whom each would have held, and what that comes to by the published figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct
from msgspec.structs import replace

from comity.board.comparison import Weighed
from comity.board.conditions import Borne, bearing_on
from comity.board.figures import Bounds, Counted, Held, Inputs
from comity.board.inputs import Given, inputs_of
from comity.facts.columns import whole_of
from comity.facts.kinds import KnownSet
from comity.finding import Finding, Place, did_you_mean
from comity.intake.cells import Cells, Opened, Refused
from comity.intake.table import ASKS
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.money.read_holds import Named, holds_in
from comity.records.compare import Comparing
from comity.records.comparison import Comparison
from comity.records.joint import Pair
from comity.records.pieces import Numbers, Piece, Progress
from comity.records.replay_table import compared

HELD_FROM, HELD_UNTIL, DAYS = "held_from", "held_until", "days"
UNDECIDED: dict[str, frozenset[int]] = {
    "either": frozenset((0, 1)),
    "held": frozenset((1,)),
    "not-held": frozenset((0,)),
}
EITHER = UNDECIDED["either"]
SURELY = {"required": UNDECIDED["held"], "forbidden": UNDECIDED["not-held"]}
ASKED, NOT_ASKED, PERHAPS = 1, 0, 2
NOT_TOLD = -1
Key = tuple[int, int, int]  # the place of the answers, whether a hold is asked for, the days that the table tells


class Wanted(Struct, frozen=True):
    """What is wanted, still as words: two laws, the place and the day whose figures are taken (those of the second law where they are
    not said), what is assumed of requests, how many the table stands for, and what becomes of people on whom no law decides."""

    laws: tuple[str, ...]
    given: Given = Given()
    place: str = ""
    on: date | None = None
    assume: Mapping[str, Any] = {}
    requests: int | None = None
    undecided: str = "either"


class Weighing:
    """One choice on the way."""

    def __init__(self, comparing: Comparing, wanted: Wanted, where: Jurisdiction, inputs: Inputs, borne: Borne) -> None:
        self.comparing, self.wanted, self.where, self.inputs, self.borne = comparing, wanted, where, inputs, borne
        self.named = _told_in(comparing.opened)
        self.counts: Counter[Key] = Counter()
        self.refused: list[Refused] = []
        self.received: list[date] = []

    def weighed(self, progress: Progress | None = None) -> tuple[Weighed | None, list[Finding]]:
        """Puts every request under both laws, and weighs what comes of it; nothing where there is no request."""
        made = self.comparing.run(lambda _: None, progress, self.watch)
        counted = self.counted(made)
        if not counted.requests:
            help = "name a table with requests and their days"
            return None, [Finding("no-requests", Place(made.source), "no request could be counted", help)]
        wanted, second = self.wanted, self.comparing.stacks[1]
        scale = Fraction(wanted.requests, counted.requests) if wanted.requests else Fraction(1)
        refused = tuple(sorted((*made.refused, *self.refused), key=lambda own: own.row))
        return Weighed(
            made.source, made.laws, made.law_version, self.where.path, wanted.on or second.day, made.rows, refused,
            (min(self.received), max(self.received)), counted, replace(self.inputs, scale=scale), wanted.undecided,
            wanted.given.known_on, made.assumed, made.of_place, made.read, self.pairs(made), self.borne.conditions,
            self.borne.beside,
        ), []  # fmt: skip

    def counted(self, made: Comparison) -> Counted:
        """Whom each law holds, of the rows counted."""
        tally = _Tally(UNDECIDED[self.wanted.undecided])
        for (answer, asked, days), rows in self.counts.items():
            tally.add(made.answers[answer]["hold"].pairs, asked, None if days == NOT_TOLD else days, rows)
        return tally.counted()

    def pairs(self, made: Comparison) -> dict[str, int]:
        """How many of the rows counted have which pairs of outcomes open, under the first law and the second."""
        counts = Counter[str]()
        for (answer, _, _), rows in self.counts.items():
            counts[" or ".join(f"{a} to {b}" for a, b in made.answers[answer]["hold"].pairs)] += rows
        return dict(counts.most_common())

    def watch(self, piece: Piece, of_answer: Numbers) -> None:
        """Counts the rows of a piece by their answers, by whether they ask for a hold, and by their days."""
        if not len(piece.days):
            return
        days, wrong = self.days_of(piece.stored.cells)
        keys = np.stack([of_answer, _asked(piece, self.comparing), days])[:, ~wrong]
        distinct, counts = np.unique(keys, axis=1, return_counts=True)
        for key, count in zip(distinct.T.tolist(), counts.tolist(), strict=True):
            self.counts[key[0], key[1], key[2]] += count
        self.received += [pc.min(piece.days).as_py(), pc.max(piece.days).as_py()]

    def days_of(self, cells: Cells) -> tuple[Numbers, np.ndarray[Any, np.dtype[np.bool_]]]:
        """The days that each row tells, and which rows tell them badly; these are refused. A start alone tells of no days."""
        days, wrong = np.full(cells.table.num_rows, NOT_TOLD, np.int64), np.zeros(cells.table.num_rows, bool)
        if self.named is None:
            return days, wrong
        said = np.zeros(len(days), bool)
        for name in (self.named.end, self.named.days):
            said |= pc.is_valid(cells.named(name)).to_numpy() if name else False
        telling = Cells(cells.source, cells.table.filter(pa.array(said)))
        read = holds_in(telling, self.named, self.where.zone)
        self.refused += read.cells.refused
        rows = cells.table.column("row").to_numpy()
        good = np.isin(rows, read.rows)
        days[good] = np.where(read.holds.days > 0, read.holds.days, read.holds.until - read.holds.since)
        return days, said & ~good


def opened_choice(table: Any, wanted: Wanted, library: Library) -> tuple[Weighing | None, list[Finding]]:
    """A choice ready to be weighed; nothing, and the findings that stand in the way, where a figure is missing or something is faulty."""
    if wanted.undecided not in UNDECIDED:
        help = did_you_mean(wanted.undecided, UNDECIDED) or f"one of {', '.join(UNDECIDED)}"
        return None, [
            Finding(
                "unknown-word", Place("--where-no-law-decides"), f'"{wanted.undecided}" is none that is known', help
            )
        ]
    comparing, findings = compared(table, wanted.laws, wanted.assume, (), library, (HELD_FROM, HELD_UNTIL, DAYS))
    if comparing is None:
        return None, findings
    where, findings = _where(wanted.place, comparing, library)
    if where is None:
        return None, findings
    on = wanted.on or comparing.stacks[1].day
    inputs, findings = inputs_of(where, on, wanted.given, library)
    if inputs is None:
        return None, findings
    laws = [(library.gazetteer.places[stack.place], stack.day) for stack in comparing.stacks]
    borne, findings = bearing_on(where, on, laws, library, wanted.given.folders)
    return (None, findings) if findings else (Weighing(comparing, wanted, where, inputs, borne), [])


def weighed(table: Any, wanted: Wanted, library: Library) -> tuple[Weighed | None, list[Finding]]:
    """The whole choice, or the findings that stand in the way."""
    weighing, findings = opened_choice(table, wanted, library)
    return weighing.weighed() if weighing else (None, findings)


def _told_in(opened: Opened) -> Named | None:
    """The columns that tell how long people were held, where a table has them."""
    end, days = (name if name in opened.names else "" for name in (HELD_UNTIL, DAYS))
    return Named(HELD_FROM, end, days, "", "") if HELD_FROM in opened.names and (end or days) else None


def _where(name: str, comparing: Comparing, library: Library) -> tuple[Jurisdiction | None, list[Finding]]:
    """The place whose figures are taken: the one that is named, or that of both laws."""
    first, second = (stack.place for stack in comparing.stacks)
    if not name and first != second:
        message = f"the laws are those of {first} and {second}, and it is not said whose figures count"
        return None, [Finding("no-place", Place("--place"), message, "say where the people are held with --place")]
    where = library.gazetteer.named(name or first)
    if where is None:
        help = library.gazetteer.suggestion(name) or "write a path, as in us/fl/miami-dade"
        return None, [Finding("unknown-place", Place("--place"), f'there is no place "{name}"', help)]
    return where, []


def _asked(piece: Piece, comparing: Comparing) -> Numbers:
    """Whether each row asks for a hold; where it does not say, it may."""
    facts = piece.stored.facts
    if ASKS not in facts.schema.names:
        return np.full(facts.num_rows, _assumed(comparing), np.int64)
    asks = facts.column(ASKS).combine_chunks()
    asked = np.where(
        facts.column(whole_of(ASKS)).combine_chunks().fill_null(False).to_numpy(zero_copy_only=False),
        NOT_ASKED,
        PERHAPS,
    )
    asked[pc.is_null(asks).to_numpy(zero_copy_only=False)] = _assumed(comparing)
    holds = pc.equal(pc.list_flatten(asks), "hold").to_numpy(zero_copy_only=False)
    asked[pc.list_parent_indices(asks).to_numpy(zero_copy_only=False)[holds]] = ASKED
    return asked.astype(np.int64)


def _assumed(comparing: Comparing) -> int:
    own = comparing.assumed.get(ASKS)
    if not isinstance(own, KnownSet):
        return PERHAPS
    return ASKED if "hold" in own.members else NOT_ASKED if own.whole else PERHAPS


class _Tally:
    """Adds up whom each law holds, and by how many the second holds more."""

    def __init__(self, undecided: frozenset[int]) -> None:
        self.undecided, self.requests = undecided, 0
        self.sums = [[[0, 0], [0, 0], [0, 0]] for _ in range(3)]

    def add(self, pairs: Sequence[Pair], asked: int, days: int | None, rows: int) -> None:
        self.requests += rows
        for sums, every in zip(self.sums, self.ends(pairs, asked), strict=True):
            for side, end in enumerate((min(every), max(every))):
                sums[2 if days is None else 0][side] += end * rows
                sums[1][side] += end * rows * (days or 0)

    def ends(self, pairs: Sequence[Pair], asked: int) -> tuple[set[int], set[int], set[int]]:
        """Of one person: whether the first law may hold them and whether the second, and what may be the difference of the two."""
        first, second, more = ({0}, {0}, {0}) if asked != ASKED else (set[int](), set[int](), set[int]())
        for a, b in self.states(pairs) if asked != NOT_ASKED else ():
            first |= a
            second |= b
            more |= {0} if a == b == EITHER else {after - before for before in a for after in b}
        return first, second, more

    def states(self, pairs: Sequence[Pair]) -> Iterable[tuple[frozenset[int], frozenset[int]]]:
        """Whom each law may hold: what it leaves to somebody is either, and whoever decides does so alike under both laws."""
        for pair in pairs:
            a, b = (self.undecided if outcome == "unaddressed" else SURELY.get(outcome, EITHER) for outcome in pair)
            yield a, b

    def counted(self) -> Counted:
        first, second, more = (Held(*(_bounds(sum_) for sum_ in sums)) for sums in self.sums)
        return Counted(self.requests, first, second, more)


def _bounds(ends: Sequence[int]) -> Bounds:
    return ends[0], ends[1]
