"""What a row of a table is: tables of counts, of daily population and of charges look like tables of requests.

Each row is counted as one request. Where rows look like something else, that is a finding, and a row of totals is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from comity.facts.row_codes import distinct_rows
from comity.finding import Phrase, phrase
from comity.intake import headings
from comity.intake.cells import ROW, Cells

PERSON = "unique_identifier"
BOOKINGS = ("booking_number", "booking_id", "booking_no", "booking")
NAMES = (
    *("n", "count", "counts", "number", "total", "freq", "frequency", "headcount", "adp", "population", "daily_population"),
    *("average_daily_population", "in_custody", "inmates", "inmate_count", "people", "persons", "detainers", "requests", "holds"),
    *(f"{word}_{what}" for word in ("n", "num", "no_of", "number_of", "count_of", "total")
      for what in ("detainers", "requests", "holds", "people", "persons", "inmates", "bookings", "rows")),
    *("detainer_count", "request_count", "hold_count", "count_detainers", "detainers_issued", "total_issued"),
)  # fmt: skip
SPELLINGS = tuple(spelled for name in NAMES for spelled in (name, name.replace("_", " ")))
COUNTS = frozenset(
    written
    for name in SPELLINGS
    for written in (name, name.upper(), name.capitalize(), name.title(), name.title().replace(" Of ", " of "))
)
COUNTS_OF_PEOPLE = frozenset(name for name in COUNTS if name.casefold() not in ("n", "number", "total"))
COLUMNS = COUNTS | {PERSON} | {name for spelled in BOOKINGS for name in (spelled, spelled.upper(), spelled.title())}
TOTAL = r"^(?:grand |sub-?)?totals?:?$|^all (?:facilities|counties|jails|places|states)$"
WHOLE = re.compile(r"\d{1,15}(?:\.0+)?")
YES, NO = frozenset(("1", "1.0", "yes", "y", "t", "true")), frozenset(("0", "0.0", "no", "n", "f", "false"))
LOOKS_LIKE_COUNTS, REPEATED = "looks-like-counts", "repeated-person"


def rows_of_totals(cells: Cells, *names: str) -> dict[int, tuple[str, str]]:
    """The rows that are totals of others, by the name of their place; each with a code and what is wrong."""
    why: dict[int, tuple[str, str]] = {}
    for name in names:
        if name in cells.table.schema.names:
            is_total = are_totals(cells.named(name))
            if pc.any(is_total).as_py():
                why |= dict.fromkeys(cells.table.filter(is_total).column(ROW).to_pylist(), refusal_of_total(name))
    return why


def are_totals(names: Any) -> Any:
    """Which of a column of names are no place and no facility, but a total of other rows."""
    return pc.match_substring_regex(names, TOTAL, ignore_case=True).fill_null(False)


def refusal_of_total(column: str) -> tuple[str, Phrase]:
    """The code of a row of totals, and what is wrong with it."""
    return "total-row", phrase("{column} names a total and no place", column=column)


def odd_units(cells: Cells, days: pa.Array) -> Iterator[tuple[str, Phrase, pa.Array]]:
    """Findings that the rows may not be requests: a code, what is odd, and a boolean column that marks the rows."""
    for name in cells.table.schema.names:
        if name in COUNTS and (most := _most_counted(cells.named(name))):
            message = phrase(
                "the column {column} has whole numbers up to {}: these rows look like counts of requests or people, and each "
                "was counted as one request", f"{most:,}", column=name,
            )  # fmt: skip
            yield LOOKS_LIKE_COUNTS, message, cells.named(name).combine_chunks().is_valid()
    for name in cells.table.schema.names:
        if name == PERSON or name.lower() in BOOKINGS:
            rows = _repeated(cells, name, days)
            if pc.any(rows).as_py():
                message = phrase(
                    "an earlier row has the same {column}, day and facility, as the charges of one booking and a detainer "
                    "entered twice have; each row was counted as one request", column=name,
                )  # fmt: skip
                yield REPEATED, message, rows


def _most_counted(column: pa.ChunkedArray) -> int:
    """The largest number of a column of counts; 0 where it has anything but whole numbers, or numbers its rows."""
    texts = column.combine_chunks().drop_null()
    distinct = texts.unique().to_pylist()
    if not distinct or not all(WHOLE.fullmatch(text) for text in distinct):
        return 0
    most = max(int(float(text)) for text in distinct)
    numbers = texts.cast(pa.float64()).to_numpy(zero_copy_only=False)
    is_row_number = len(numbers) > 1 and bool((np.diff(numbers) == 1).all())
    return 0 if most < 2 or is_row_number else most


def _repeated(cells: Cells, name: str, days: pa.Array) -> pa.Array:
    """The rows that have the identifier, the day and the facility of an earlier one."""
    persons = cells.named(name)
    if pc.count_distinct(persons).as_py() == len(persons) - persons.null_count:  # cheaper than to group by all three
        return pa.repeat(False, len(persons))
    facility = headings.FACILITY if headings.FACILITY in cells.table.schema.names else name
    first, of_row = distinct_rows([persons, days, cells.named(facility)], len(persons))
    later = pa.array(first[of_row] < np.arange(len(persons)))
    return pc.and_(later, persons.combine_chunks().is_valid())


def is_marked(text: str) -> bool | None:
    """Whether a mark of duplicates says yes or no; None for any other word."""
    word = text.casefold()
    return True if word in YES else False if word in NO else None
