"""Reads some rows of a table through a map: the columns that a reader knows, made from the columns that the source has.

Each distinct text, and each distinct combination of the texts that make a list, is read once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import structs

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Phrase, phrase
from comity.intake.blanks import is_word_for_nothing
from comity.intake.cells import ROW, Cells, Noted
from comity.intake.column_map.code_values import CellValue, CodeReader
from comity.intake.column_map.column_map import DAY_ROLES, ColumnMap, MappedColumn, Target, kind_of_target
from comity.intake.column_map.day_orders import EXAMPLES, ORDERS, read_day
from comity.intake.column_map.lists import Built, ListBuilder, is_list_as_json
from comity.intake.damage import quote
from comity.intake.day_cells import EXCHANGED, days_exchanged, may_be_exchanged
from comity.intake.day_cells import read_day as read_iso_day
from comity.intake.row_days import DAY_COLUMNS
from comity.intake.units import COUNTS_OF_PEOPLE

SEPARATOR = "\x1f"  # between the texts of several columns
ROW_DAYS = (*DAY_COLUMNS, "held_from", "held_until", "start", "end")  # a row without them is refused


class MapReader:
    """Reads the rows of one table through its map. `names` are those of its columns, and `read` those that the reader knows."""

    def __init__(
        self,
        column_map: ColumnMap,
        names: Collection[str],
        read: Collection[str],
        *,
        vocabulary: Vocabulary,
        offenses: Mapping[str, str],
    ) -> None:
        self.map, self.vocabulary, self.offenses = column_map, vocabulary, offenses
        self.mapped = [column for column in column_map.columns if column.target.name in read]
        # A column of counts says what a row is, also where the map gives it no fact.
        sources = column_map.headings | (column_map.ignored - COUNTS_OF_PEOPLE)
        self.plain = [name for name in names if name in read and name not in sources]
        self.wrong: dict[str, dict[str, Phrase]] = {}  # by column of days, what is wrong with a text
        self.by_target: dict[str, list[MappedColumn]] = {}
        for column in [*self.mapped, *self.with_days()]:
            self.by_target.setdefault(column.target.name, []).append(column)
        self.plain = [name for name in self.plain if name not in self.by_target]

    def with_days(self) -> list[MappedColumn]:
        """The columns of days that are called by their fact, where an order of days is given for the table."""
        if not self.map.days:
            return []
        targets = {name: Target(name) for name in self.plain}
        return [
            MappedColumn(heading=name, target=target)
            for name, target in targets.items()
            if isinstance(kind_of_target(target, self.vocabulary), kinds.Day | kinds.Moment) or name in DAY_ROLES
        ]

    @property
    def sources(self) -> frozenset[str]:
        """The columns of the source that are needed."""
        mapped = {column.heading for columns in self.by_target.values() for column in columns}
        return frozenset((*self.plain, *mapped, *([self.map.booking] if self.map.booking else [])))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns that result."""
        return (*self.plain, *self.by_target)

    @property
    def lists(self) -> frozenset[str]:
        """The columns that result and hold lists or sets as JSON."""
        return frozenset(
            name
            for name, columns in self.by_target.items()
            if columns[0].target.field or isinstance(self.vocabulary.kind(name), kinds.Set)
        )

    def reader_of(self, column: MappedColumn) -> CodeReader:
        return CodeReader(column, kind_of_target(column.target, self.vocabulary), self.offenses, self.map.days)

    def apply(self, cells: Cells) -> Cells:
        """The rows with the columns that result."""
        noted: list[Noted] = []
        columns: dict[str, Any] = {ROW: cells.named(ROW), **{name: cells.named(name) for name in self.plain}}
        for name, sources in self.by_target.items():
            kind = self.vocabulary.kind(name)
            if sources[0].target.field:
                columns[name] = self.list_of(cells, name, sources, noted)
            elif isinstance(kind, kinds.Set):
                columns[name] = self.set_of(cells, name, sources)
            else:
                columns[name] = self.text_of(cells, name, sources[0], noted)
        if self.map.booking:
            columns[self.map.booking] = self.bookings(cells)
        return structs.replace(cells, table=pa.table(columns), noted=(*cells.noted, *noted))

    def bookings(self, cells: Cells) -> pa.Array:
        """The bookings of the rows; NULL where a word says that there is none, so that no rows are joined by that word."""
        encoded = cells.named(self.map.booking).combine_chunks().dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        blank = [is_word_for_nothing(text) or text.casefold() in self.map.missing for text in texts]
        return _taken(encoded, [None if nothing else text for text, nothing in zip(texts, blank, strict=True)])

    def refuse(self, cells: Cells) -> Cells:
        """The mapped rows without those whose day is not written as the map says. Rows of a booking are joined before."""
        refused: dict[int, tuple[str, str]] = {}
        for name, wrong in self.wrong.items():
            column = cells.named(name)
            if wrong and pc.any(marks := pc.is_in(column, value_set=pa.array([*wrong], pa.string()))).as_py():
                rows = cells.table.select([ROW, name]).filter(marks)
                for row, text in zip(rows.column(ROW).to_pylist(), rows.column(name).to_pylist(), strict=True):
                    refused.setdefault(row, ("no-day", wrong[text]))
        return cells.refuse(refused)

    def text_of(self, cells: Cells, name: str, column: MappedColumn, noted: list[Noted]) -> pa.Array:
        """A column of one text for each row: a code as its value, a day as YYYY-MM-DD."""
        reader = self.reader_of(column)
        encoded = cells.named(column.heading).combine_chunks().dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        values = [reader.read(text) for text in texts]
        if name in ROW_DAYS:
            wrong = {
                text: _no_day(reader, text)
                for text, value in zip(texts, values, strict=True)
                if value.meaning == "unread"
            }
            self.wrong.setdefault(name, {}).update(wrong)
        if reader.is_day and any(days := [read_iso_day(text) for text in texts]):
            others = [text for text, day in zip(texts, days, strict=True) if day is None]
            if may_be_exchanged((day for day in days if day), others):
                written = pa.array([day is not None for day in days]).take(encoded.indices).fill_null(False)
                rows = cells.named(ROW).combine_chunks().filter(written)
                noted.append(Noted(EXCHANGED, days_exchanged(quote(column.heading)), rows))
        return _taken(encoded, [_text_of(value) for value in values])

    def set_of(self, cells: Cells, name: str, columns: Sequence[MappedColumn]) -> pa.Array:
        """A set as JSON, from the members that its columns name. Text that is JSON already stays as it is."""
        readers = [self.reader_of(column) for column in columns]
        return self.combined(cells, columns, lambda texts: _set_of(readers, texts))[0]

    def list_of(self, cells: Cells, name: str, columns: Sequence[MappedColumn], noted: list[Noted]) -> pa.Array:
        """A list as JSON; what its columns say and is not understood is noted."""
        builder = ListBuilder(name, [self.reader_of(column) for column in columns], self.vocabulary)
        built: list[Built] = []

        def build(texts: Sequence[str]) -> str | None:
            built.append(builder.build(texts))
            return built[-1].json

        column, of_row = self.combined(cells, columns, build)
        numbers = cells.named(ROW).combine_chunks()
        codes = dict.fromkeys(code for one in built for code in one.odd)
        for code in codes:
            marks = pa.array([code in one.odd for one in built], pa.bool_()).take(of_row)
            message = next(one.odd[code] for one in built if code in one.odd)
            noted.append(Noted(code, message, numbers.filter(marks), ""))
        if any(one.unread for one in built):
            marks = pa.array([one.unread for one in built], pa.bool_()).take(of_row)
            noted.append(Noted("", phrase(""), numbers.filter(marks), name))
        return column

    def combined(
        self, cells: Cells, columns: Sequence[MappedColumn], read: Callable[[Sequence[str]], str | None]
    ) -> tuple[pa.Array, pa.Array]:
        """A column read from the texts of several, each distinct combination once; and the number of each row's combination."""
        texts = [
            pc.replace_substring(pc.fill_null(cells.named(column.heading).combine_chunks(), ""), SEPARATOR, " ")
            for column in columns
        ]
        keys = pc.binary_join_element_wise(*texts, SEPARATOR) if len(texts) > 1 else texts[0]
        encoded = keys.dictionary_encode()
        values = [read(key.split(SEPARATOR)) for key in encoded.dictionary.to_pylist()]
        return _taken(encoded, values), encoded.indices


def _set_of(readers: Sequence[CodeReader], texts: Sequence[str]) -> str | None:
    members: list[str] = []
    is_none, whole = False, any(reader.column.complete for reader in readers)
    for reader, text in zip(readers, texts, strict=True):
        if len(readers) == 1 and is_list_as_json(text):
            return text
        for part in reader.parts(text) if text else []:
            value = reader.read(part)
            is_none |= value.meaning == "none"
            if value.meaning in ("value", "unread"):
                members.append(value.text)
    if members:
        return json.dumps(members if whole else {"partial": members}, ensure_ascii=False)
    return "[]" if is_none else None


def _text_of(value: CellValue) -> str | None:
    """The text of a cell; a list of which there is none is empty, as JSON."""
    return None if value.meaning == "nothing" else "[]" if value.meaning == "none" else value.text


def _no_day(reader: CodeReader, text: str) -> Phrase:
    """Why a cell is no day in the order of its column, and in which other order it would be one."""
    column = quote(reader.column.heading)
    fitting = [order for order in ORDERS if order not in ("excel", reader.order) and read_day(text, order)]
    if not reader.order:
        orders = " or ".join(fitting)
        hint = f"; say with `days` that it is written {orders}" if fitting else ""
        return phrase("{} in {column} is no day written YYYY-MM-DD{hint}", quote(text), column=column, hint=hint)
    other = f"; it would be one written {' or '.join(fitting)}" if fitting else ""
    return phrase(
        "{} in {column} is no day written {order}, as in {example}{other}",
        quote(text), column=column, order=reader.order, example=EXAMPLES[reader.order], other=other,
    )  # fmt: skip


def _taken(encoded: pa.DictionaryArray, values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string()).take(encoded.indices)
