"""Says of a table for which a map is proposed that its rows may be no requests: counts, or the charges of one booking."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from comity.intake.cells import Opened
from comity.intake.column_map.column_map import BOOKING, IGNORE
from comity.intake.column_map.heading_words import OF_CHARGE, is_ignored, targets_by_words, words_of
from comity.intake.column_map.profile import ROWS_LOOKED_AT, Profile
from comity.intake.column_map.proposal import ProposedColumn
from comity.intake.units import COUNTS, WHOLE
from comity.present.clean import cleaned

OFFENSE = "charges[].offense"


def describe_odd_rows(
    opened: Opened, profiles: Sequence[Profile], columns: Sequence[ProposedColumn], booking: str
) -> list[str]:
    """Notes on columns of counts, and on rows that differ from an earlier row in their charge alone."""
    notes = [
        f"the column {cleaned(profile.heading, 80)} has whole numbers up to {most:,}: these rows look like counts of requests or "
        "people, and each is counted as one request"
        for profile in profiles
        if profile.heading.strip() in COUNTS and (most := _most(profile)) > 1
    ]
    is_of_persons = any(_names_person(column) for column in columns) and _has_charge(columns)
    repeated = _repeated(opened, columns) if is_of_persons and not booking else 0
    if repeated:
        rows = "1 row differs" if repeated == 1 else f"{repeated:,} rows differ"
        notes.append(
            f"{rows} from an earlier one in the charge alone, as the charges of one booking do: name the column of the booking "
            'as in booking: "Booking No", or each row is one request'
        )
    return notes


def _most(profile: Profile) -> int:
    """The largest number of a column of whole numbers of which some occur twice or do not follow one another; else 0."""
    if not profile.counts or not all(WHOLE.fullmatch(text) for text in profile.counts):
        return 0
    numbers = {int(float(text)) for text in profile.counts}
    is_row_number = profile.distinct == profile.filled > 1 and max(numbers) - min(numbers) == profile.filled - 1
    return 0 if is_row_number else max(numbers)


def _has_charge(columns: Sequence[ProposedColumn]) -> bool:
    return any(OFFENSE in (column.fact, *column.candidates) for column in columns)


def _names_person(column: ProposedColumn) -> bool:
    """Whether a column tells people apart, by a number or as a name does."""
    if BOOKING in targets_by_words().get(words_of(column.heading), ()):
        return True
    is_other = column.fact == IGNORE and is_ignored(column.heading)
    return column.fact == "unique_identifier" or (is_other and OF_CHARGE.isdisjoint(words_of(column.heading)))


def _repeated(opened: Opened, columns: Sequence[ProposedColumn]) -> int:
    """How many rows are the same as an earlier one, but for columns on a charge, and not the same in all."""
    headings = opened.headings or opened.names
    others = {
        column.heading
        for column in columns
        if column.fact.partition("[")[0] in ("charges", "convictions")
        or (column.fact == IGNORE and OF_CHARGE & {*words_of(column.heading)})
        or any("[]" in name for name in column.candidates)
    }
    read = [name for name, heading in zip(opened.names, headings, strict=True) if heading not in others]
    pieces, rows = [], 0
    for cells in opened.pieces():
        names = [name for name in opened.names if name in cells.table.column_names]
        pieces.append(cells.table.select(names).slice(0, ROWS_LOOKED_AT - rows))
        rows += pieces[-1].num_rows
        if rows >= ROWS_LOOKED_AT:
            break
    table = pa.concat_tables(pieces, promote_options="default") if pieces else pa.table({})
    read = [name for name in read if name in table.column_names and table.column(name).null_count < table.num_rows]
    if len(read) < 2 or len(read) == len(table.column_names):
        return 0
    whole = table.group_by(table.column_names).aggregate([]).num_rows
    alike = table.group_by(read).aggregate([([], "count_all")])
    return whole - alike.num_rows if pc.max(alike.column("count_all")).as_py() > 1 else 0
