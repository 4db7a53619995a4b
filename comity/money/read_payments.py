"""What was paid for the bills of holds, and what was given up, as a table: on, period, paid, written_off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.finding import Finding, Place
from comity.intake.cells import ROW, open_table
from comity.money.amount import read_amount
from comity.money.view import Payment
from comity.period import day_of

ON, PERIOD, PAID, WRITTEN_OFF = COLUMNS = ("on", "period", "paid", "written_off")


def payments_in(table: Any) -> tuple[tuple[Payment, ...], list[Finding]]:
    """The payments of a table, or the findings that stand in the way: a ledger leaves no row out."""
    opened, findings = open_table(table, COLUMNS)
    if opened is None:
        return (), findings
    missing = [name for name in (ON, PERIOD, PAID) if name not in opened.names]
    if missing:
        help = f"its columns are {', '.join(COLUMNS)}"
        return (), [
            Finding("column", Place(opened.source, 1), f"the table of payments lacks the column {missing[0]}", help)
        ]
    made: list[Payment] = []
    for cells in opened.pieces():
        findings += [Finding(own.code, Place(f"{opened.source}: row {own.row}"), own.message) for own in cells.refused]
        for row in cells.table.to_pylist():
            own, faults = _payment(row, Place(f"{opened.source}: row {row[ROW]}"))
            made.append(own) if own else findings.extend(faults)
    return tuple(made), findings


def _payment(row: Mapping[str, Any], place: Place) -> tuple[Payment | None, list[Finding]]:
    on = day_of(row[ON] or "")
    paid, findings = read_amount(row[PAID] or "0", place)
    given_up, faults = read_amount(row.get(WRITTEN_OFF) or "0", place)
    findings += faults
    if on is None:
        findings.append(
            Finding("not-a-day", place, f'"{row[ON] or ""}" in {ON} is no day', "write YYYY-MM-DD, as in 2018-02-01")
        )
    if not row[PERIOD]:
        findings.append(
            Finding(
                "no-period",
                place,
                "the payment names no period",
                "write the month that the bill was for, as in 2017-11",
            )
        )
    return (Payment(on, row[PERIOD], paid, given_up), []) if on and not findings else (None, findings)
