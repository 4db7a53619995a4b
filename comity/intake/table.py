"""Tables of detainers as facts, by the names of their columns, never by their position.

Read here: the published tables (`intake.headings`), and any table whose columns are called by facts (`subject.age`,
`request.form`). Every other column is left alone: above all the reason for which a detainer was lifted, which says what
came after, is never an input; it is kept only to be counted beside an outcome.
"""

from __future__ import annotations

import json
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
from comity.finding import Finding, Place, did_you_mean
from comity.intake import headings, published
from comity.intake.cells import ROW, Cells, Opened, day_written, read_each
from comity.intake.form import ASKED_BY_HOLD_FORMS, asks_of
from comity.yamltext import Words

RECEIVED, FORM, ASKS, DECIDED = "request.received_on", "request.form", "request.asks", "decision.on"
DAY_COLUMNS = (RECEIVED, DECIDED, headings.RECEIVED)
WHERE = "place"
KEPT = (
    headings.FACILITY,
    headings.CITY,
    headings.STATE,
    headings.LIFTED,
    "duplicate_likely",
    "unique_identifier",
    WHERE,
)
# From this day on a paper without the name of its form may be a request for notice alone (Forms I-247D and I-247N).
SEVERAL_FORMS = date(2015, 7, 2)
FORM_NAMED = re.compile(r"(I247[ADNXG]?) - ")
EDITIONS = {"(as of March 2013)": "i247_2012"}
EARLIER = "I247 - "  # one of the I-247 editions, all of which ask for a hold and for notice


def read_here(vocabulary: Vocabulary) -> frozenset[str]:
    """The names of the columns that are read or counted, of those that a table may have."""
    return frozenset((*vocabulary.facts, *published.COLUMNS, *KEPT, *DAY_COLUMNS, headings.FORM))


class Stored(Struct, frozen=True):
    """Rows read: their facts as `facts.columns` lays them out, their cells as they came, and what was not understood.

    `findings` counts by code what was taken for Unknown; `examples` holds the first of each, in words.
    """

    cells: Cells
    facts: pa.Table
    paths: tuple[str, ...]
    findings: Mapping[str, int]
    examples: Mapping[str, str]


class Reader(Struct, frozen=True):
    """Reads the rows of one table, piece by piece. `day` is the column of the day on which a request was received."""

    vocabulary: Vocabulary
    offenses: Mapping[str, str]
    day: str

    def stored(self, cells: Cells) -> Stored:
        """The facts of some rows. A row without a day is refused, since its law is not known."""
        days = read_each(cells.named(self.day), day_written, pa.date32())
        without = cells.table.filter(pc.is_null(days)).select([ROW, self.day]).to_pylist()
        cells = cells.refuse({row[ROW]: ("no-day", _no_day(self.day, row[self.day])) for row in without})
        return _Reading(cells, self.vocabulary, self.offenses).stored(self.day)


def reader_of(
    opened: Opened, vocabulary: Vocabulary, offenses: Mapping[str, str]
) -> tuple[Reader | None, list[Finding]]:
    """What reads a table; nothing, and the finding that says why, where no column says when a request was received."""
    column = next((name for name in DAY_COLUMNS if name in opened.names), None)
    if column is None:
        help = f"call the column of that day one of {', '.join(DAY_COLUMNS)}, or date"
        return None, [
            Finding("no-day", Place(opened.source, 1), "no column says on which day a request was received", help)
        ]
    rooms = {path.partition(".")[0] for path in vocabulary.facts if "." in path}
    strange = [
        name for name in opened.names if "." in name and name.partition(".")[0] in rooms and not vocabulary.kind(name)
    ]
    if strange:
        help = did_you_mean(strange[0], vocabulary.facts) or "take its dot away if it is no fact"
        return None, [Finding("unknown-fact", Place(opened.source, 1), f'there is no fact "{strange[0]}"', help)]
    return Reader(vocabulary, offenses, column), []


def _no_day(column: str, text: str | None) -> str:
    return f'"{text}" in {column} is no day, which is written YYYY-MM-DD' if text else f"{column} is empty"


class _Reading:
    """Reads the columns of some rows; `facts` grows by a fact for each."""

    def __init__(self, cells: Cells, vocabulary: Vocabulary, offenses: Mapping[str, str]) -> None:
        self.cells, self.vocabulary, self.offenses = cells, vocabulary, offenses
        self.names = frozenset(cells.table.schema.names)
        self.facts: dict[str, pa.Array] = {}
        self.findings: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def stored(self, day: str) -> Stored:
        days = read_each(self.cells.named(day), day_written, pa.date32())
        self.facts |= {RECEIVED: days, DECIDED: days}
        if headings.FORM in self.names and FORM not in self.names:
            self.form()
        for name in self.cells.table.schema.names:
            if self.vocabulary.kind(name) and name not in self.facts:
                self.own(name)
        read = published.Published(self.cells.table, self.vocabulary, self.offenses, self.count).facts(
            self.facts.get(FORM)
        )
        self.facts = {**read, **self.facts}
        if ASKS not in self.names:
            self.asks(days)
        paths = tuple(path for path in self.vocabulary.facts if path in self.facts)
        schema = schema_of(paths, self.vocabulary)
        columns = [self.cells.table.column(ROW) if own.name == ROW else self.facts[own.name] for own in schema]
        return Stored(self.cells, pa.table(columns, schema=schema), paths, dict(self.findings), self.examples)

    def own(self, path: str) -> None:
        """A column called by a fact: scalars as text, lists and sets as JSON or as members set apart by semicolons."""
        column = self.cells.named(path)
        encoded = column.combine_chunks().dictionary_encode()
        read = [self.value(path, text) for text in encoded.dictionary.to_pylist()]
        counts = Counter(encoded.indices.drop_null().to_pylist())
        for place, (_, faults) in enumerate(read):
            for fault in faults:
                self.count(fault.code, f"{fault.message}; {fault.help}" if fault.help else fault.message, counts[place])
        table = facts_table([{path: own} if own is not None else {} for own, _ in read], [path], self.vocabulary)
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
        self.examples.setdefault(code, example)

    def form(self) -> None:
        """The form by its name; a name that no form has is Unknown, and counted."""
        column = self.cells.named(headings.FORM)
        self.facts[FORM] = read_each(column, form_named, pa.string())
        for own in pc.value_counts(column.combine_chunks().drop_null()).to_pylist():
            if form_named(own["values"]) is None:
                known = own["values"].startswith(EARLIER)
                code = "edition-unknown" if known else "unknown-form"
                words = "may be any of several editions of Form I-247" if known else "names no form that is known"
                self.count(code, f'"{own["values"]}" {words}', own["counts"])

    def asks(self, days: pa.Array) -> None:
        """What each request asks, by its form and day, and by the box for notice."""
        nothing = pa.nulls(len(days), pa.string())
        forms = self.facts.get(FORM, nothing)
        names = self.cells.named(headings.FORM).combine_chunks() if headings.FORM in self.names else nothing
        early = pc.cast(pc.less(days, pa.scalar(SEVERAL_FORMS)), pa.string())
        notice = nothing
        if published.ASKED_FOR_NOTICE in self.names:
            notice = pc.utf8_lower(self.cells.named(published.ASKED_FOR_NOTICE).combine_chunks())
        keys = [pc.fill_null(own, "") for own in (forms, names, early, notice)]
        encoded = pc.binary_join_element_wise(*keys, "\x1f").dictionary_encode()
        read = [asked_by(*text.split("\x1f")) for text in encoded.dictionary.to_pylist()]
        table = facts_table([{ASKS: own} if own else {} for own in read], [ASKS], self.vocabulary)
        for name in (ASKS, whole_of(ASKS)):
            self.facts[name] = table.column(name).combine_chunks().take(encoded.indices)


def form_named(text: str) -> str | None:
    """The form that a name of the published tables is; None where it may be one of several, or is not known."""
    edition = next((form for words, form in EDITIONS.items() if text.endswith(words)), None)
    found = FORM_NAMED.match(text)
    if found is None:
        return None
    return edition if found[1] == "I247" else found[1].lower()


def asked_by(form: str, name: str, early: str, notice: str = "") -> KnownSet | None:
    """What a row asks: by its form; by any I-247; and where nothing is said, by its day, as before there was one form."""
    asks = None
    if form:
        asks = asks_of(form)
    elif name.startswith(EARLIER) or (not name and early == "true"):
        asks = ASKED_BY_HOLD_FORMS
    return published.notice_added(asks) if published.ANSWERS.get(notice) == published.YES else asks


def as_list(text: str) -> Any:
    """A list or a set in a cell: JSON, or members set apart by semicolons."""
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return [part.strip() for part in text.split(";") if part.strip()]
