"""Reads a table of what was paid for the bills of holds and what was written off: on, period, paid, written_off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comity.finding import Finding, Place, phrase
from comity.intake.cells import ROW, Opened, open_table
from comity.intake.day_cells import read_day
from comity.money.amount import read_amount
from comity.money.view import SHEET_LEFT_OUT, Payment
from comity.present.clean import cleaned

ON, PERIOD, PAID, WRITTEN_OFF = COLUMNS = ("on", "period", "paid", "written_off")


def read_payments(table: Any) -> tuple[tuple[Payment, ...], list[Finding]]:
    """The payments of a table, or the findings that prevent reading it: a ledger leaves no row out.

    A finding that is not grave names a sheet that is left out, since nothing says whether it has payments.
    """
    opened, findings = open_table(table, COLUMNS)
    if opened is None:
        return (), findings
    missing = [name for name in (ON, PERIOD, PAID) if name not in opened.names]
    if missing:
        message, help = f"the table of payments lacks the column {missing[0]}", f"its columns are {', '.join(COLUMNS)}"
        return (), [Finding("column", Place(opened.source, 1), message, help)]
    payments: list[Payment] = []
    for cells in opened.pieces():
        findings += [Finding(row.code, Place(f"{opened.source}: row {row.row}"), row.message) for row in cells.refused]
        for row in cells.table.to_pylist():
            payment, faults = _payment(row, Place(f"{opened.source}: row {row[ROW]}"))
            payments.append(payment) if payment else findings.extend(faults)
    findings += _left_out(opened)
    return tuple(payments), findings


def _left_out(opened: Opened) -> Iterable[Finding]:
    for account in opened.reading().accounts:
        if account.left_out:
            rows = "1 row" if account.left_out == 1 else f"{account.left_out:,} rows"
            name, why = cleaned(account.sheet), account.why
            message = phrase("sheet {} of the payments is left out with {rows}: {why}", name, rows=rows, why=why)
            yield Finding(SHEET_LEFT_OUT, Place(opened.source), message, grave=False)


def _payment(row: Mapping[str, Any], place: Place) -> tuple[Payment | None, list[Finding]]:
    on = read_day(row[ON] or "")
    paid, findings = read_amount(row[PAID] or "0", place)
    written_off, faults = read_amount(row.get(WRITTEN_OFF) or "0", place)
    findings += faults
    if on is None:
        message = f'"{row[ON] or ""}" in {ON} is not a day'
        findings.append(Finding("not-a-day", place, message, "write YYYY-MM-DD, as in 2018-02-01"))
    if not row[PERIOD]:
        help = "write the month of the bill, as in 2017-11"
        findings.append(Finding("no-period", place, "the payment names no period", help))
    if on is None or findings:
        return None, findings
    return Payment(on=on, period=row[PERIOD], paid=paid, written_off=written_off), []
