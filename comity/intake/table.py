"""Reads tables of detainers as facts, by the names of their columns, never by position.

It reads the published tables (`intake.headings`), and any table whose columns are named after facts (`subject.age`,
`request.form`). Other columns are ignored. The reason for which a detainer was lifted says what happened later: it is
never an input, and is read only to be counted beside an outcome.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.facts import kinds
from comity.facts.columns import facts_table, schema_of, whole_of
from comity.facts.kinds import KnownSet, Value
from comity.facts.request import read_values
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, did_you_mean, phrase
from comity.intake import headings, published
from comity.intake.cells import ROW, Cells, Opened, not_a_day, read_day, read_each
from comity.intake.damage import find_damage, quote, read_json_cell
from comity.intake.form import ASKED_BY_HOLD_FORMS, asked_by_form
from comity.yamltext import Words

RECEIVED, FORM, ASKS, DECIDED = "request.received_on", "request.form", "request.asks", "decision.on"
DAY_COLUMNS = (RECEIVED, DECIDED, headings.RECEIVED)
WHERE = "place"
RECORD_COLUMNS = (
    headings.FACILITY,
    headings.FACILITY_CODE,
    headings.CITY,
    headings.STATE,
    headings.LIFTED,
    "duplicate_likely",
    "unique_identifier",
    WHERE,
)
# Since this day a document without the name of its form may be a request for notice only (Forms I-247D and I-247N).
SEVERAL_FORMS = date(2015, 7, 2)
FORM_NAMED = re.compile(r"(I247[ADNXG]?) - ")
EDITIONS = {"(as of March 2013)": "i247_2012"}
EARLIER = "I247 - "  # one of the I-247 editions, all of which ask for a hold and for notice
SEPARATOR = "\x1f"  # between the parts of a key that several columns make together
EXAMPLE_MAX = 500  # characters


def columns_read(vocabulary: Vocabulary) -> frozenset[str]:
    """The names of all columns that are read or counted."""
    return frozenset((*vocabulary.facts, *published.COLUMNS, *RECORD_COLUMNS, *DAY_COLUMNS, headings.FORM))


class FactRows(Struct, frozen=True, kw_only=True):
    """Rows that were read: their facts in the layout of `facts.columns`, their cells as text, and what was not understood.

    `findings` counts by code the cells taken for Unknown; `examples` has the first of each, in words.
    """

    cells: Cells
    facts: pa.Table
    paths: tuple[str, ...]
    findings: Mapping[str, int]
    examples: Mapping[str, str]


class Reader(Struct, frozen=True):
    """Reads the rows of one table in pieces. `day` is the column of the day on which a request was received."""

    vocabulary: Vocabulary
    offenses: Mapping[str, str]
    day: str

    def read_rows(self, cells: Cells) -> FactRows:
        """The facts of some rows. A row without a day is refused, since its law is not known; so is a damaged one."""
        days = read_each(cells.named(self.day), read_day, pa.date32())
        without = cells.table.filter(pc.is_null(days)).select([ROW, self.day]).to_pylist()
        cells = cells.refuse({row[ROW]: ("no-day", _no_day(self.day, row[self.day])) for row in without})
        cells = cells.refuse(_damaged_rows(cells, self.vocabulary))
        return _RowReader(cells, self.vocabulary, self.offenses).read(self.day)


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
        name for name in opened.names if "." in name and name.partition(".")[0] in groups and not vocabulary.kind(name)
    ]
    if unknown:
        known = did_you_mean(unknown[0], vocabulary.facts) or "remove the dot if it is not a fact"
        message = phrase("there is no fact {}", quote(unknown[0]))
        return None, [Finding("unknown-fact", Place(opened.source, 1), message, phrase("{known}", known=known))]
    return Reader(vocabulary, offenses, column), []


def _no_day(column: str, text: str | None) -> str:
    return not_a_day(text, column) if text else f"{column} is empty"


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
                why.setdefault(row, ("unreadable-cell", f"{quote(texts[place])} in {path} {damages[place]}"))
    return why


class _RowReader:
    """Reads the columns of some rows; each adds a fact to `facts`."""

    def __init__(self, cells: Cells, vocabulary: Vocabulary, offenses: Mapping[str, str]) -> None:
        self.cells, self.vocabulary, self.offenses = cells, vocabulary, offenses
        self.names = frozenset(cells.table.schema.names)
        self.facts: dict[str, pa.Array] = {}
        self.findings: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def read(self, day: str) -> FactRows:
        days = read_each(self.cells.named(day), read_day, pa.date32())
        self.facts |= {RECEIVED: days, DECIDED: days}
        if headings.FORM in self.names and FORM not in self.names:
            self.read_form()
        for name in self.cells.table.schema.names:
            if self.vocabulary.kind(name) and name not in self.facts:
                self.read_fact(name)
        columns_published = published.Published(
            self.cells.table, vocabulary=self.vocabulary, offenses=self.offenses, count=self.count
        )
        self.facts = {**columns_published.facts(self.facts.get(FORM)), **self.facts}
        if ASKS not in self.names:
            self.read_asks(days)
        paths = tuple(path for path in self.vocabulary.facts if path in self.facts)
        schema = schema_of(paths, self.vocabulary)
        columns = [self.cells.table.column(ROW) if field.name == ROW else self.facts[field.name] for field in schema]
        facts = pa.table(columns, schema=schema)
        return FactRows(
            cells=self.cells, facts=facts, paths=paths, findings=dict(self.findings), examples=self.examples
        )

    def read_fact(self, path: str) -> None:
        """Reads a column named after a fact: scalars as text, lists and sets as JSON or as members between semicolons."""
        column = self.cells.named(path)
        encoded = column.combine_chunks().dictionary_encode()
        read = [self.value(path, text) for text in encoded.dictionary.to_pylist()]
        counts = Counter(encoded.indices.drop_null().to_pylist())
        for place, (_, faults) in enumerate(read):
            for fault in faults:
                self.count(fault.code, f"{fault.message}; {fault.help}" if fault.help else fault.message, counts[place])
        table = facts_table([{path: value} if value is not None else {} for value, _ in read], [path], self.vocabulary)
        for name in table.schema.names[1:]:
            self.facts[name] = table.column(name).combine_chunks().take(encoded.indices)

    def value(self, path: str, text: str) -> tuple[Value | None, list[Finding]]:
        raw: Any = Words(text)
        if isinstance(self.vocabulary.kind(path), (kinds.Set, kinds.Records)):
            raw = as_list(text)
        values, faults = read_values({path: raw}, self.vocabulary, "")
        return values.get(path), faults

    def count(self, code: str, example: str, rows: int) -> None:
        self.findings[code] += rows
        self.examples.setdefault(code, example if len(example) <= EXAMPLE_MAX else f"{example[:EXAMPLE_MAX]}...")

    def read_form(self) -> None:
        """Reads the form by its name; an unknown name is taken for Unknown, and counted."""
        column = self.cells.named(headings.FORM)
        self.facts[FORM] = read_each(column, form_named, pa.string())
        for entry in pc.value_counts(column.combine_chunks().drop_null()).to_pylist():
            if form_named(entry["values"]) is None:
                known = entry["values"].startswith(EARLIER)
                code = "edition-unknown" if known else "unknown-form"
                words = "may be any of several editions of Form I-247" if known else "is not the name of a known form"
                self.count(code, f"{quote(entry['values'])} {words}", entry["counts"])

    def read_asks(self, days: pa.Array) -> None:
        """Reads what each request asks, from its form and day, and from the box for notice."""
        nothing = pa.nulls(len(days), pa.string())
        forms = self.facts.get(FORM, nothing)
        names = self.cells.named(headings.FORM).combine_chunks() if headings.FORM in self.names else nothing
        early = pc.cast(pc.less(days, pa.scalar(SEVERAL_FORMS)), pa.string())
        notice = nothing
        if published.ASKED_FOR_NOTICE in self.names:
            notice = pc.utf8_lower(self.cells.named(published.ASKED_FOR_NOTICE).combine_chunks())
        keys = [without_separator(pc.fill_null(key, "")) for key in (forms, names, early, notice)]
        encoded = pc.binary_join_element_wise(*keys, SEPARATOR).dictionary_encode()
        read = [_asked_by(*text.split(SEPARATOR)) for text in encoded.dictionary.to_pylist()]
        table = facts_table([{ASKS: asks} if asks else {} for asks in read], [ASKS], self.vocabulary)
        for name in (ASKS, whole_of(ASKS)):
            self.facts[name] = table.column(name).combine_chunks().take(encoded.indices)


def form_named(text: str) -> str | None:
    """The form that a name in the published tables stands for; None where it may be one of several, or is unknown."""
    edition = next((form for words, form in EDITIONS.items() if text.endswith(words)), None)
    match = FORM_NAMED.match(text)
    if match is None:
        return None
    return edition if match[1] == "I247" else match[1].lower()


def without_separator(column: Any) -> Any:
    """A column of texts that can be joined to keys by `SEPARATOR` and split again."""
    return pc.replace_substring(column, SEPARATOR, " ")


def _asked_by(form: str, name: str, early: str, notice: str) -> KnownSet | None:
    """What a row asks: by its form, by any edition of I-247, or without a name by its day, before there were several."""
    asks = None
    if form:
        asks = asked_by_form(form)
    elif name.startswith(EARLIER) or (not name and early == "true"):
        asks = ASKED_BY_HOLD_FORMS
    return published.notice_added(asks) if published.ANSWERS.get(notice) == published.YES else asks


def as_list(text: str) -> Any:
    """A list or a set in a cell, as JSON or as members between semicolons; JSON that cannot be read stays text."""
    if text[:1] in ("[", "{"):
        value, damage = read_json_cell(text)
        return text if damage else value
    return [part.strip() for part in text.split(";") if part.strip()]
