"""Reads tables of detainers as facts, by the names of their columns, never by position.

It reads the published tables (`intake.headings`), and any table whose columns are named after facts (`subject.age`,
`request.form`). Other columns are ignored. The reason for which a detainer was lifted says what happened later: it is
never an input, and is read only to be counted beside an outcome.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, structs

from comity.facts import kinds
from comity.facts.columns import facts_table, schema_of, whole_of
from comity.facts.kinds import KnownSet, Value
from comity.facts.request import DERIVED_DAYS, read_values
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Phrase, Place, did_you_mean, grave, phrase
from comity.intake import headings, published, units
from comity.intake.blanks import is_word_for_nothing
from comity.intake.cells import ROW, Cells, Opened, read_each
from comity.intake.damage import find_damage, quote, read_json_cell
from comity.intake.form import (
    ASKED_BY_SECTION,
    SEVERAL_FORMS,
    asked_beyond_the_jail,
    asked_of_detainer,
    form_named,
    is_edition_unknown,
)
from comity.intake.row_days import (
    DAY_COLUMNS,
    DECIDED,
    RECEIVED,
    RECEIVED_AT,
    RowDays,
    Zones,
    local_days,
    read_row_days,
)
from comity.present.clean import cleaned
from comity.yamltext import Words

FORM, ASKS = "request.form", "request.asks"
WHERE = "place"
RECORD_COLUMNS = (
    headings.FACILITY,
    headings.FACILITY_CODE,
    headings.CITY,
    headings.STATE,
    headings.LIFTED,
    "duplicate_likely",
    WHERE,
)
SEPARATOR = "\x1f"  # between the parts of a key that several columns make together
EXAMPLE_MAX = 500  # characters
WHOLE_FLOAT = re.compile(r"(-?\d+)\.0+")  # as pandas writes a whole number where one of its column is missing
NOT_READ = "?"  # the name of a form that is there and is not understood
SHIFTED = "midnight of UTC in {column} is another day at the place, and that day is taken; write days as days if they are meant"


def columns_read(vocabulary: Vocabulary) -> frozenset[str]:
    """The names of all columns that are read or counted."""
    return frozenset(
        (*vocabulary.facts, *published.COLUMNS, *RECORD_COLUMNS, *units.COLUMNS, *DAY_COLUMNS, headings.FORM)
    )


class FactRows(Struct, frozen=True, kw_only=True):
    """Rows that were read: their facts in the layout of `facts.columns`, their cells as text, and what was not understood.

    `unread` marks by fact the rows that say something of it that was not understood: it is Unknown there, and neither a fact of
    the place nor an assumption may take its place. `findings` counts by code the cells taken for Unknown; `examples` has the
    first of each, in words.
    """

    cells: Cells
    facts: pa.Table
    paths: tuple[str, ...]
    unread: Mapping[str, pa.Array]
    findings: Mapping[str, int]
    examples: Mapping[str, str]

    def filter(self, rows: pa.Array) -> FactRows:
        """Only the rows that a column of booleans marks; the findings are those of all."""
        return structs.replace(
            self,
            cells=structs.replace(self.cells, table=self.cells.table.filter(rows)),
            facts=self.facts.filter(rows),
            unread={path: marks.filter(rows) for path, marks in self.unread.items()},
        )


class Reader(Struct, frozen=True):
    """Reads the rows of one table in pieces. `zones` gives the time zone of each row, where moments are to be local days.

    If the rows are `detainers`, as in the published tables, one of an early day without a form is a detainer nevertheless.
    """

    vocabulary: Vocabulary
    offenses: Mapping[str, str]
    detainers: bool = False
    zones: Zones | None = None

    def read_rows(self, cells: Cells) -> FactRows:
        """The facts of some rows. A row without a day is refused, since its law is not known; so is a damaged one."""
        cells = cells.refuse(units.rows_of_totals(cells, WHERE, headings.FACILITY))
        days = read_row_days(cells, self.zones)
        damaged = _damaged_rows(days.cells, self.vocabulary)
        return _RowReader(days.refuse(damaged), self).read()


def find_reader(
    opened: Opened, vocabulary: Vocabulary, offenses: Mapping[str, str]
) -> tuple[Reader | None, list[Finding]]:
    """The reader of a table; None and the finding that says why where no column says when a request was received."""
    column = next((name for name in DAY_COLUMNS if name in opened.names), None)
    if column is None:
        help = phrase("call the column of that day one of {names}, or date", names=", ".join(DAY_COLUMNS))
        message = phrase("no column says on which day a request was received")
        return None, [Finding("no-day", Place(opened.source, 1), message, help)]
    groups = {path.partition(".")[0] for path in vocabulary.facts if "." in path}
    unknown = [
        name
        for name in opened.names
        if "." in name
        and not vocabulary.kind(name)
        and (name.partition(".")[0] in groups or vocabulary.kind(name.casefold()))  # R writes Subject.ID for Subject ID
    ]
    if unknown:
        known = did_you_mean(unknown[0], vocabulary.facts) or "remove the dot if it is not a fact"
        message = phrase("there is no fact {}", quote(unknown[0]))
        return None, [Finding("unknown-fact", Place(opened.source, 1), message, phrase("{known}", known=known))]
    detainers = headings.RECEIVED in opened.names or headings.FORM in opened.names
    return Reader(vocabulary, offenses, detainers), []


def _damaged_rows(cells: Cells, vocabulary: Vocabulary) -> dict[int, tuple[str, str]]:
    """The rows in which a cell of a fact cannot be read at all, each with a code and what is wrong."""
    why: dict[int, tuple[str, str]] = {}
    for path in cells.table.column_names[1:]:
        kind = vocabulary.kind(path)
        if not isinstance(kind, kinds.Number | kinds.Set | kinds.Records):
            continue
        encoded = cells.named(path).combine_chunks().dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        damages = [find_damage(text, kind) for text in texts]
        if not any(damages):
            continue
        numbers = cells.named(ROW).to_pylist()
        for row, place in zip(numbers, encoded.indices.to_pylist(), strict=True):
            if place is not None and damages[place]:
                message = phrase("{} in {path} {damage}", quote(texts[place]), path=path, damage=damages[place])
                why.setdefault(row, ("unreadable-cell", message))
    return why


class _RowReader:
    """Reads the columns of some rows; each adds a fact to `facts`, and marks in `unread` what it does not understand."""

    def __init__(self, days: RowDays, reader: Reader) -> None:
        self.cells, self.days, self.reader, self.vocabulary = days.cells, days, reader, reader.vocabulary
        self.names = frozenset(self.cells.table.schema.names)
        self.facts: dict[str, pa.Array] = {}
        self.unread: dict[str, pa.Array] = {}
        self.findings: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def read(self) -> FactRows:
        self.facts |= {RECEIVED: self.days.received, DECIDED: self.days.decided}
        for name, rows in self.days.shifted.items():
            self.count("midnight-utc", phrase(SHIFTED, column=name), rows)
        self.read_notes()
        for name in self.cells.table.schema.names:
            if self.vocabulary.kind(name) and name not in (RECEIVED, DECIDED, RECEIVED_AT):
                self.read_column(name)
        if headings.FORM in self.names:
            self.read_form()
        columns = published.Published(
            self.cells.table, vocabulary=self.vocabulary, offenses=self.reader.offenses, count=self.count
        )
        self.facts = {**columns.facts(self.facts.get(FORM)), **self.facts}
        for path, rows in columns.unread.items():
            if path not in self.names:  # a column named after the fact goes before the published one
                self.mark_unread(path, rows)
        self.read_asks()
        paths = tuple(path for path in self.vocabulary.facts if path in self.facts)
        schema = schema_of(paths, self.vocabulary)
        facts = [self.cells.table.column(ROW) if field.name == ROW else self.facts[field.name] for field in schema]
        return FactRows(
            cells=self.cells,
            facts=pa.table(facts, schema=schema),
            paths=paths,
            unread=self.unread_rows(),
            findings=dict(self.findings),
            examples=self.examples,
        )

    def read_notes(self) -> None:
        """Counts what a map of columns found odd, and marks the facts that it did not understand."""
        numbers = self.cells.named(ROW).combine_chunks()
        for noted in self.cells.noted:
            rows = pc.is_in(numbers, value_set=noted.rows)
            if noted.code:
                self.count(noted.code, noted.message, rows)
            if noted.fact:
                self.mark_unread(noted.fact, rows)

    def unread_rows(self) -> dict[str, pa.Array]:
        """The rows in which a fact was said and is Unknown, by fact; not those in which another column gives it."""
        unknown = {
            path: pc.and_(rows, self.facts[path].is_null()) if path in self.facts else rows
            for path, rows in self.unread.items()
        }
        return {path: rows for path, rows in unknown.items() if pc.any(rows).as_py()}

    def read_column(self, path: str) -> None:
        """Reads a column named after a fact; a moment is read for the day that follows from it."""
        kind = self.vocabulary.kind(path)
        if isinstance(kind, kinds.Day):
            self.read_days(path, path)
        elif not isinstance(kind, kinds.Moment):
            self.read_fact(path)
        elif path in DERIVED_DAYS.values():
            self.read_days(path, next(day for day, moment in DERIVED_DAYS.items() if moment == path))

    def read_days(self, name: str, path: str) -> None:
        """Reads a column as the local days of a fact; a day and a moment of another day leave the fact Unknown."""
        read = local_days(self.cells, name, self.reader.zones)
        column = self.cells.named(name).combine_chunks()
        for text, message in read.wrong.items():
            rows = pc.equal(column, text).fill_null(False)
            self.count("not-a-day", message, rows)
            self.mark_unread(path, rows)
        if read.shifted is not None:
            self.count("midnight-utc", phrase(SHIFTED, column=name), read.shifted)
        given = self.facts.get(path, read.days)
        differ = pc.not_equal(given, read.days).fill_null(False)
        if pc.any(differ).as_py():
            self.count("day-and-moment", phrase("{day} and {moment} are different days", day=path, moment=name), differ)
            self.mark_unread(path, differ)
        unknown = self.unread.get(path, differ)
        self.facts[path] = pc.if_else(unknown, pa.scalar(None, pa.date32()), pc.coalesce(given, read.days))

    def read_fact(self, path: str) -> None:
        """Reads a column named after a fact: scalars as text, lists and sets as JSON or as members between semicolons."""
        encoded = self.cells.named(path).combine_chunks().dictionary_encode()
        read = [self.value(path, text) for text in encoded.dictionary.to_pylist()]
        for place, (_, faults) in enumerate(read):
            for fault in faults:
                self.count(fault.code, _in_words(fault), pc.equal(encoded.indices, place).fill_null(False))
        if any(any(grave(faults)) for _, faults in read):
            marks = pa.array([any(grave(faults)) for _, faults in read], pa.bool_())
            self.mark_unread(path, marks.take(encoded.indices).fill_null(False))
        table = facts_table([{path: value} if value is not None else {} for value, _ in read], [path], self.vocabulary)
        for name in table.schema.names[1:]:
            self.facts[name] = table.column(name).combine_chunks().take(encoded.indices)

    def value(self, path: str, text: str) -> tuple[Value | None, list[Finding]]:
        """The value of a cell, and what is wrong with it; no value where anything is, since half a list is another list."""
        raw: Any = Words(text)
        match self.vocabulary.kind(path):
            case kinds.Set() | kinds.Records():
                raw = as_list(text)
            case kinds.Truth():
                raw = Words(text.lower())
            case kinds.Number():
                whole = WHOLE_FLOAT.fullmatch(text)
                raw = Words(whole[1] if whole else text)
        values, faults = read_values({path: raw}, self.vocabulary, "")
        if any(grave(faults)):
            return None, [] if is_word_for_nothing(text) else faults
        return values.get(path), faults

    def mark_unread(self, path: str, rows: pa.Array) -> None:
        self.unread[path] = pc.or_(self.unread[path], rows) if path in self.unread else rows

    def count(self, code: str, message: str, rows: pa.Array) -> None:
        """Counts the rows that a column of booleans marks, and keeps the first as an example."""
        count = pc.sum(rows).as_py() or 0
        if count and code not in self.examples:
            first = self.cells.named(ROW).combine_chunks()[pc.index(rows, True).as_py()].as_py()
            self.examples[code] = example_of(first, message, self.cells.sheet)
        if count:
            self.findings[code] += count

    def read_form(self) -> None:
        """Reads the form by its name, where no column says it otherwise; an unknown name is Unknown, and counted."""
        column = self.cells.named(headings.FORM)
        forms, given = read_each(column, form_named, pa.string()), self.facts.get(FORM)
        self.facts[FORM] = forms if given is None else pc.coalesce(given, forms)
        encoded = column.combine_chunks().dictionary_encode()
        for place, text in enumerate(encoded.dictionary.to_pylist()):
            if form_named(text) is None and not is_word_for_nothing(text):
                edition = is_edition_unknown(text)
                code = "edition-unknown" if edition else "unknown-form"
                words = "may be any of several editions of Form I-247" if edition else "is not the name of a known form"
                rows = pc.and_(pc.equal(encoded.indices, place).fill_null(False), self.facts[FORM].is_null())
                self.count(code, phrase("{} {words}", quote(text), words=words), rows)
                self.mark_unread(FORM, rows)

    def read_asks(self) -> None:
        """Reads what each request asks where no column says it: from its form and day, and from the box for notice."""
        nothing = pa.nulls(self.cells.table.num_rows, pa.string())
        forms = self.facts.get(FORM, nothing)
        names = self.cells.named(headings.FORM).combine_chunks() if headings.FORM in self.names else nothing
        if FORM in self.unread:
            names = pc.if_else(pc.and_(self.unread[FORM], names.is_null()), pa.scalar(NOT_READ), names)
        days = pc.coalesce(self.facts[RECEIVED], self.facts[DECIDED])
        early = pc.cast(pc.less(days, pa.scalar(SEVERAL_FORMS)), pa.string()) if self.reader.detainers else nothing
        notice = nothing
        if published.ASKED_FOR_NOTICE in self.names:
            notice = pc.utf8_lower(self.cells.named(published.ASKED_FOR_NOTICE).combine_chunks())
        beyond = self.facts_beyond_the_jail()
        keys = [without_separator(pc.fill_null(key, "")) for key in (forms, names, early, notice, beyond)]
        encoded = pc.binary_join_element_wise(*keys, SEPARATOR).dictionary_encode()
        read = [_asked_by(*text.split(SEPARATOR)) for text in encoded.dictionary.to_pylist()]
        table = facts_table([{ASKS: asks} if asks else {} for asks in read], [ASKS], self.vocabulary)
        unsaid = self.facts[ASKS].is_null() if ASKS in self.facts else None
        if unsaid is not None and ASKS in self.unread:
            unsaid = pc.and_not(unsaid, self.unread[ASKS])
        for name in (ASKS, whole_of(ASKS)):
            column = table.column(name).combine_chunks().take(encoded.indices)
            self.facts[name] = column if unsaid is None else pc.if_else(unsaid, column, self.facts[name])

    def facts_beyond_the_jail(self) -> pa.Array:
        """The facts of a visit, an encounter or a certification that each row gives, as one text."""
        paths = [path for path in self.facts if path.partition(".")[0] in ASKED_BY_SECTION]
        if not paths:
            return pa.nulls(self.cells.table.num_rows, pa.string())
        given = [pc.if_else(self.facts[path].is_valid(), pa.scalar(path), pa.scalar("")) for path in paths]
        return pc.binary_join_element_wise(*given, " ")


def example_of(row: int, message: str, sheet: str = "") -> Phrase:
    """A finding as an example: the first row that has it, and what is wrong; without values, only the words of the program."""
    known = message if isinstance(message, Phrase) else Phrase(message, "")
    text = known if len(known) <= EXAMPLE_MAX else Phrase(f"{known[:EXAMPLE_MAX]}...", known.without_values)
    if sheet:
        return phrase("row {row} of sheet {}: {message}", cleaned(sheet), row=row, message=text)
    return phrase("row {row}: {message}", row=row, message=text)


def _in_words(fault: Finding) -> Phrase:
    """What is wrong with a cell, and what would be right."""
    plain = fault.without_values()
    message = Phrase(fault.message, plain.message)
    if not fault.help:
        return message
    return phrase("{message}; {help}", message=message, help=Phrase(fault.help, plain.help))


def without_separator(column: Any) -> Any:
    """A column of texts that can be joined to keys by `SEPARATOR` and split again."""
    return pc.replace_substring(column, SEPARATOR, " ")


def _asked_by(form: str, name: str, early: str, notice: str, beyond: str) -> KnownSet | None:
    """What a row asks: by its form, its name and its day, by what it is about, and by the box for notice."""
    asks = asked_of_detainer(form, name, early=early == "true") or asked_beyond_the_jail(beyond.split())
    return published.notice_added(asks) if published.ANSWERS.get(notice) == published.YES else asks


def as_list(text: str) -> Any:
    """A list or a set in a cell, as JSON or as members between semicolons; JSON that cannot be read stays text."""
    if text[:1] in ("[", "{"):
        value, damage = read_json_cell(text)
        return text if damage else value
    return [part.strip() for part in text.split(";") if part.strip()]
