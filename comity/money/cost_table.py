"""Costs a table of holds: reads it, prices each hold at the rates of its days, and books the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec import Struct
from msgspec.structs import replace

from comity.finding import Finding, Place, did_you_mean, grave
from comity.intake.cells import ROW, Opened, readable_twice
from comity.intake.column_map.open_mapped import open_through
from comity.intake.column_map.read_map import read_column_map
from comity.intake.named_place import find_place
from comity.law.cache import shipped
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.money.amount import ROUNDINGS, Rounding
from comity.money.many import CHANGES, PRICED, Flags, Holds, Pieces, Whole, find_states, price_holds, totals
from comity.money.overlaps import HoldRows, find_overlaps, number_persons, person_keys
from comity.money.rates import KINDS, SCAAP, Kind, Rate, read_rates
from comity.money.read_holds import COLUMNS, HoldColumns, HoldsRead, find_hold_columns, read_holds
from comity.money.view import COLUMN_MAP, MIDNIGHT_UTC, Costs, Payment, Period, Refusal, book_periods

ADD_RATE = "add the rate to rates.csv in a folder and pass that folder with `folders`"
HELP = {
    "missing-rate": ADD_RATE,
    "missing-federal-rate": f"{ADD_RATE}, charge nothing with `not_billed`",
    "rate-changes": "give each hold its days",
}


class CostOptions(Struct, frozen=True, kw_only=True):
    """What to cost, as the caller gave it. `unbilled` charges no hold to the federal government.

    `leaving_out` refuses the rows that cannot be costed and goes on. `bill_overlaps` bills days twice that doubled or
    overlapping holds of one person share. `columns` is a map of columns, as a file or a value.
    """

    place: str
    basis: str = "average"
    rounding: str = "half_up"
    unbilled: bool = False
    leaving_out: bool = False
    bill_overlaps: bool = False
    folders: tuple[Path, ...] = ()
    columns: Any = None


class Pricing(Struct, frozen=True, kw_only=True):
    """How every row is priced: the place, the rates of cost, the rates at which it is charged, and how cents are rounded."""

    where: Jurisdiction
    basis: Kind
    cost: tuple[Rate, ...]
    federal: tuple[Rate, ...]
    yearly: tuple[Rate, ...]
    rounding: Rounding
    unbilled: bool
    bill_overlaps: bool


def cost_holds(
    table: Any, wanted: CostOptions, library: Library, payments: Sequence[Payment] = ()
) -> tuple[Costs | None, list[Finding]]:
    """What the holds of a table cost; None, and the findings, where it cannot be costed."""
    pricing, findings = _read_pricing(wanted, library)
    if pricing is None:
        return None, findings
    column_map, findings = read_column_map(wanted.columns, library.vocabulary) if wanted.columns else (None, [])
    if grave(findings):
        return None, findings
    table = readable_twice(table)
    opened, findings = open_through(
        table, COLUMNS, column_map, vocabulary=library.vocabulary, offenses=library.offenses
    )
    if opened is None:
        return None, findings
    columns, findings = find_hold_columns(opened)
    if columns is None:
        return None, findings
    if not columns.names <= {*COLUMNS}:  # a heading in another spelling: its column was not among those to read
        opened, faults = open_through(
            table, columns.names, column_map, vocabulary=library.vocabulary, offenses=library.offenses
        )
        if opened is None:
            return None, faults
    costing = _Costing(opened, columns, pricing)
    costing.findings += findings
    if costing.refused and not wanted.leaving_out:
        return None, _refusal_findings(costing.refused, opened.source)
    costs, findings = costing.costs(payments)
    note = column_map.describe() if column_map else ""
    if costs and note:
        findings = [*findings, Finding(COLUMN_MAP, Place(opened.source), note, grave=False)]
        costs = replace(costs, findings=tuple(findings))
    return costs, findings


def _read_pricing(wanted: CostOptions, library: Library) -> tuple[Pricing | None, list[Finding]]:
    where, findings = find_place(wanted.place, library, Place("place"))
    if where is None:
        return None, findings
    basis = next((kind for kind in KINDS if kind == wanted.basis), None)
    rounding = next((name for name in ROUNDINGS if name == wanted.rounding), None)
    if basis is None:
        return None, [_unknown_word("basis", wanted.basis, KINDS)]
    if rounding is None:
        return None, [_unknown_word("rounding", wanted.rounding, ROUNDINGS)]
    rates, findings = read_rates([shipped(), *wanted.folders], library.gazetteer)
    if grave(findings):
        return None, findings
    places = library.gazetteer.containing(where.path)
    pricing = Pricing(
        where=where, basis=basis, cost=rates.of(basis, places), federal=rates.of("federal", places),
        yearly=rates.of(SCAAP, places), rounding=rounding, unbilled=wanted.unbilled, bill_overlaps=wanted.bill_overlaps,
    )  # fmt: skip
    return pricing, []


def _unknown_word(parameter: str, word: str, known: Sequence[str]) -> Finding:
    help = did_you_mean(word, known) or f"one of {', '.join(known)}"
    return Finding("unknown-word", Place(parameter), f'there is no {parameter} "{word}"', help)


def _refusal_findings(refused: Sequence[Refusal], source: str) -> list[Finding]:
    """One finding for each code: the first row refused with it, and how many more there are."""
    by_code: dict[str, list[Refusal]] = {}
    for refusal in refused:
        by_code.setdefault(refusal.code, []).append(refusal)
    return [
        Finding(code, Place(f"{source}: row {refusals[0].row}"), refusals[0].message, _help(code, len(refusals)))
        for code, refusals in by_code.items()
    ]


def _shifted_finding(rows: Sequence[int], source: str) -> list[Finding]:
    """The finding for rows with moments of midnight in UTC that are another day at the place."""
    if not rows:
        return []
    counted = "1 row has" if len(rows) == 1 else f"{len(rows):,} rows, of which row {rows[0]} is the first, have"
    message = f"{counted} midnight of UTC, which is another day at the place, and that day is taken"
    help = "write days as days if they are meant"
    return [Finding(MIDNIGHT_UTC, Place(f"{source}: row {rows[0]}"), message, help, grave=False)]


def _help(code: str, count: int) -> str:
    others = f"the same in {count - 1:,} more {'row' if count == 2 else 'rows'}; " if count > 1 else ""
    return f"{others}{HELP.get(code, 'correct the row')}, or leave such rows out with `leave_out`"


def _in_sheet(message: str, sheet: str) -> str:
    """A message that names the sheet of its row, where the workbook has several."""
    return f"in sheet {sheet}: {message}" if sheet else message


class _Piece(Struct, frozen=True, kw_only=True):
    """A piece of the table: its holds, and which of them can be costed."""

    read: HoldsRead
    good: Flags


class _Costing:
    """Reads the pieces of a table, refuses what cannot be priced, takes out overlapping days, and adds up the rest."""

    def __init__(self, opened: Opened, columns: HoldColumns, pricing: Pricing) -> None:
        self.opened, self.columns, self.pricing = opened, columns, pricing
        self.sums: dict[tuple[int, int], list[int]] = {}
        self.refused: list[Refusal] = []
        self.persons: set[str] = set()
        self.unnamed = 0
        self.tables: list[pa.Table] = []
        self.charges: list[pa.Table] = []
        self.read = 0
        pieces, shifted = [], list[int]()
        for cells in opened.pieces():
            self.read += cells.read
            read = read_holds(cells, columns, pricing.where.zone)
            shifted += read.shifted.tolist()
            pieces.append(self.check(read))
        self.refused.sort(key=lambda refusal: refusal.row)
        pieces, self.findings = self.without_overlaps(pieces)
        self.findings += _shifted_finding(shifted, opened.source)
        for piece in pieces:
            self.add(piece)

    def check(self, read: HoldsRead) -> _Piece:
        """Refuses the holds that have no rate on one of their days."""
        self.refused += [Refusal(row.row, row.code, _in_sheet(row.message, row.sheet)) for row in read.cells.refused]
        pricing = self.pricing
        good = self.refuse(read, pricing.cost, pricing.basis, among=np.ones(len(read.rows), bool))
        if not pricing.unbilled and pricing.basis != "federal":
            good = self.refuse(read, pricing.federal, "federal", among=good)
        return _Piece(read=read, good=good)

    def refuse(self, read: HoldsRead, rates: Sequence[Rate], kind: str, *, among: Flags) -> Flags:
        """Which of some holds have a rate on each of their days; the others are refused."""
        state, at = find_states(read.holds, rates)
        place = self.pricing.where.path
        for index in np.flatnonzero((state != PRICED) & among):
            day, row = date.fromordinal(int(at[index])), int(read.rows[index])
            if state[index] == CHANGES:
                message = f"the {kind} rate of {place} changes on {day}, among days that are given as a sum"
                self.refused.append(Refusal(row, "rate-changes", _in_sheet(message, read.cells.sheet)))
            else:
                second = kind == "federal" and self.pricing.basis != "federal"
                code = "missing-federal-rate" if second else "missing-rate"
                message = f"no {kind} rate of {place} is known for {day}"
                self.refused.append(Refusal(row, code, _in_sheet(message, read.cells.sheet)))
        good: Flags = (state == PRICED) & among
        return good

    def without_overlaps(self, pieces: list[_Piece]) -> tuple[list[_Piece], list[Finding]]:
        """The pieces with each hold billed from the first of its days that no earlier hold of the same person has."""
        since, findings = find_overlaps(_join(pieces, self.opened.source), bill_overlaps=self.pricing.bill_overlaps)
        trimmed, position = [], 0
        for piece in pieces:
            holds, count = piece.read.holds, int(piece.good.sum())
            begins = holds.since.copy()
            begins[piece.good] = since[position : position + count]
            position += count
            read = replace(piece.read, holds=Holds(begins, holds.until, holds.days))
            trimmed.append(_Piece(read=read, good=piece.good))
        return trimmed, findings

    def add(self, piece: _Piece) -> None:
        """Prices the holds of a piece and adds them to the sums and to the tables."""
        pricing, read, good = self.pricing, piece.read, piece.good
        billed = good & (read.holds.since < read.holds.until)
        cost = price_holds(read.holds, pricing.cost, pricing.rounding)
        self.add_to_sums(cost, billed, charged=False)
        count, cents = len(good), np.zeros(int(good.sum()), np.int64)
        if not pricing.unbilled:
            federal = pricing.basis == "federal"
            charge = cost if federal else price_holds(read.holds, pricing.federal, pricing.rounding)
            self.add_to_sums(charge, billed, charged=True)
            self.charges.append(self.charge_table(read, charge, billed))
            cents = totals(count, charge.hold, charge.cents)[good]
        days, spent = totals(count, cost.hold, cost.days)[good], totals(count, cost.hold, cost.cents)[good]
        columns = {ROW: read.rows[good], "days": days, "cost_cents": spent, "charged_cents": cents}
        persons = read.persons.filter(pa.array(good)) if read.persons is not None else None
        self.tables.append(pa.table({**columns, **({"person": persons} if persons is not None else {})}))
        if persons is not None:
            keys = person_keys(persons)
            self.persons.update(keys.drop_null().unique().to_pylist())
            self.unnamed += keys.null_count

    def add_to_sums(self, pieces: Pieces, billed: Flags, *, charged: bool) -> None:
        """Adds the days and cents of some pieces to the sums of their periods."""
        chosen = billed[pieces.hold]
        spans, index = np.unique(np.stack([pieces.since[chosen], pieces.until[chosen]]), axis=1, return_inverse=True)
        index, count = index.reshape(-1), spans.shape[1]
        days, cents = totals(count, index, pieces.days[chosen]), totals(count, index, pieces.cents[chosen])
        for at, (since, until) in enumerate(spans.T.tolist()):
            sums = self.sums.setdefault((since, until), [0, 0, 0])
            sums[2 if charged else 1] += int(cents[at])
            sums[0] += 0 if charged else int(days[at])

    def charge_table(self, read: HoldsRead, charge: Pieces, billed: Flags) -> pa.Table:
        """One row for each piece that is charged, with its first day and the day after its last."""
        chosen = billed[charge.hold]
        hold, rate = charge.hold[chosen], charge.rate[chosen]
        begins = np.array([rate.since.toordinal() for rate in self.pricing.federal], np.int64)
        ends = np.array([rate.until.toordinal() for rate in self.pricing.federal], np.int64)
        since, until = charge.since[chosen], charge.until[chosen]
        first = np.maximum(np.maximum(since, read.holds.since[hold]), begins[rate])
        last = np.minimum(np.minimum(until, read.holds.until[hold]), ends[rate])
        columns = {ROW: read.rows[hold], "since": since, "until": until, "first": first, "last": last, "rate": rate}
        columns |= {"days": charge.days[chosen], "cents": charge.cents[chosen]}
        persons = read.persons.take(pa.array(hold)) if read.persons is not None else pa.nulls(len(hold), pa.string())
        return pa.table({**columns, "person": persons})

    def costs(self, payments: Sequence[Payment]) -> tuple[Costs | None, list[Finding]]:
        """Everything that was added up, with its ledger; None, and the findings, where the payments do not fit the bills."""
        pricing, source = self.pricing, self.opened.source
        periods = tuple(
            Period(since=date.fromordinal(since), until=date.fromordinal(until), days=days, cost=cost, charged=charged)
            for (since, until), (days, cost, charged) in sorted(self.sums.items())
        )
        ledger, findings = book_periods(periods, payments, source)
        if findings:
            return None, findings
        table, charges = pa.concat_tables(self.tables), pa.concat_tables(self.charges) if self.charges else None
        costs = Costs(
            source=source, place=pricing.where.path, basis=pricing.basis, rounding=pricing.rounding, rows=self.read,
            holds=table.num_rows, people=len(self.persons) if self.columns.person else None, unnamed=self.unnamed,
            periods=periods, ledger=ledger,
            refused=tuple(self.refused), priced=pricing.cost, federal=() if pricing.unbilled else pricing.federal,
            yearly=pricing.yearly, unbilled=pricing.unbilled, findings=tuple(self.findings), table=table, charges=charges,
            reading=self.opened.reading(),
        )  # fmt: skip
        return costs, self.findings


def _join(pieces: Sequence[_Piece], source: str) -> HoldRows:
    """The holds of all pieces that can be costed, one after another."""

    def joined(columns: list[Whole]) -> Whole:
        return np.concatenate(columns) if columns else np.zeros(0, np.int64)

    good = [(piece.read, piece.good) for piece in pieces]
    holds = Holds(
        *(joined([getattr(read.holds, name)[mask] for read, mask in good]) for name in ("since", "until", "days"))
    )
    persons = [
        read.persons.filter(pa.array(mask)) if read.persons is not None else pa.nulls(int(mask.sum()), pa.string())
        for read, mask in good
    ]
    rows = joined([read.rows[mask] for read, mask in good])
    sheets = tuple(read.cells.sheet for read, mask in good for _ in range(int(mask.sum())) if read.cells.sheet)
    numbers, spellings = number_persons(persons)
    return HoldRows(holds=holds, rows=rows, persons=numbers, spellings=spellings, source=source, sheets=sheets)
