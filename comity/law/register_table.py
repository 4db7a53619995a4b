"""Reads the register of known instruments, for those that are not encoded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from comity.csvtext import Row, read_overlaid
from comity.finding import Finding
from comity.period import FIRST_DAY, LAST_DAY, LegalDay, legal_day_of

FILE = "register.csv"
COLUMNS = (
    *("id", "place", "title", "kind", "citation", "enacted", "effective", "ended", "evidence", "summary"),
    *("encoded", "why_not"),
)
OUT_OF_REACH = (
    "has no provision a request can feel"  # the register's words for an instrument that no request depends on
)


class Unencoded(Struct, frozen=True):
    """An instrument that is known and not encoded, with the days between which it may be in force."""

    place: str
    title: str
    since: date = FIRST_DAY
    until: date = LAST_DAY


def read_register_table(folders: Iterable[Path]) -> tuple[tuple[Unencoded, ...], list[Finding]]:
    """The instruments that the registers list as not encoded, and the faults in the registers.

    A folder may have no register. A day that cannot be read is a finding, and leaves that end of the span open.
    """
    unencoded: list[Unencoded] = []
    rows, findings = read_overlaid([folder / FILE for folder in folders], COLUMNS, lambda row: row["id"])
    for row in rows:
        since, until = (_day(row, column, findings) for column in ("effective", "ended"))
        if not row["encoded"] and not row["why_not"].startswith(OUT_OF_REACH):
            first, last = since.first if since else FIRST_DAY, until.last if until else LAST_DAY
            unencoded.append(Unencoded(row["place"], row["title"], first, last))
    return tuple(unencoded), findings


def _day(row: Row, column: str, findings: list[Finding]) -> LegalDay | None:
    day = legal_day_of(row[column]) if row[column] else None
    if row[column] and day is None:
        message = f'{column} is "{row[column]}", which is no day'
        findings.append(Finding("register", row.at, message, "write YYYY-MM-DD, YYYY-MM or YYYY"))
    return day
