"""The columns of a table of facts in a database, and those of its tables of lists: what they mean, and whether they can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from comity.facts import kinds
from comity.facts.children import child_name, child_schema, parent_schema
from comity.facts.columns import LARGEST, ROW, whole_of
from comity.facts.request import DERIVED_DAYS
from comity.finding import Finding, InputFault, Place, did_you_mean, phrase
from comity.intake import headings
from comity.intake.headings import names_of
from comity.intake.row_days import DECIDED, RECEIVED
from comity.intake.table import ASKS, WHERE
from comity.law.library import Library
from comity.records.pieces import FACILITY, LIFTED, STATE
from comity.records.replay import ReplayRun
from comity.warehouse.database import Database, as_text, quoted

WORDS_OF_TYPES = {
    pa.int64(): "whole numbers",
    pa.bool_(): "truth values",
    pa.date32(): "days",
    pa.string(): "text",
    pa.list_(pa.string()): "lists of text",
}


def is_fact_table(schema: pa.Schema, library: Library, source: str) -> bool:
    """Whether a table is one of facts: numbered, with a column of days, and facts in the types of their kinds.

    Raises `InputFault` where it has a column that only tables of facts have, and another column prevents that it is one.
    """
    names = {*schema.names}
    days = [name for name in (RECEIVED, DECIDED) if name in names]
    if ROW not in names or not days or headings.RECEIVED in names_of(schema.names):
        return False
    facts = [name for name in schema.names if library.vocabulary.kind(name)]
    expected = parent_schema(facts, library.vocabulary)
    wrong = [
        name for name in expected.names if name not in names or schema.field(name).type != expected.field(name).type
    ]
    if wrong and any(whole_of(fact) in names for fact in facts):
        raise InputFault([_wrong_type(wrong[0], expected.field(wrong[0]).type, source)])
    return ASKS in names and not wrong


def has_row_numbers(schema: pa.Schema) -> bool:
    """Whether a table has a column of whole numbers that numbers its rows."""
    return ROW in schema.names and schema.field(ROW).type == pa.int64()


def check_row_numbers(database: Database, table: str, schema: pa.Schema, source: str) -> None:
    """Raises `InputFault` where a table, named as SQL does, numbers its rows and not each with a number of its own."""
    if has_row_numbers(schema):
        number_of_rows(database, table, source)


def number_of_rows(database: Database, table: str, source: str) -> int:
    """The number of the rows of a table; raises `InputFault` where they have not as many distinct numbers."""
    [total] = database.rows(f"SELECT count(*) AS n, count(DISTINCT {quoted(ROW)}) AS numbers FROM {table}")
    if total["n"] != total["numbers"]:
        message = phrase("the numbers in row do not differ in every row, or some are NULL")
        help = phrase("number the rows, so that each has a number of its own")
        raise InputFault([Finding("doubled-row", Place(source), message, help)])
    return int(total["n"])


def _wrong_type(column: str, type_: pa.DataType, source: str) -> Finding:
    words = WORDS_OF_TYPES[type_]
    message = phrase("{column} is no column of {words}, which a table of facts has there", column=column, words=words)
    return Finding("wrong-type", Place(source), message, phrase("convert the column, in a view if need be"))


class FactTable:
    """A table of facts in a database, with its tables of lists."""

    def __init__(self, database: Database, table: str, schema: pa.Schema, library: Library, source: str) -> None:
        self.database, self.table, self.schema, self.library, self.source = database, table, schema, library, source
        self.vocabulary = library.vocabulary
        names = {*schema.names}
        self.days = tuple(name for name in (RECEIVED, DECIDED) if name in names)
        self.received = quoted(RECEIVED) if RECEIVED in names else database.nothing(pa.date32())
        self.decided = _first_of(name for name in (DECIDED, RECEIVED) if name in names)
        self.received_or_decided = _first_of(self.days)
        given = {path for path in self.vocabulary.facts if path in names or self._is_list(path, names)}
        self.paths = tuple(path for path in self.vocabulary.facts if path in {*given, RECEIVED, DECIDED})
        self.lists = [path for path in self.paths if self._is_list(path, names)]

    def _is_list(self, path: str, names: set[str]) -> bool:
        return isinstance(self.vocabulary.kind(path), kinds.Records) and whole_of(path) in names

    @property
    def plain_schema(self) -> pa.Schema:
        """The columns as the reader of tables knows them: texts, and none that says whether a list is whole."""
        wholes = {whole_of(path) for path in self.paths}
        return pa.schema([(name, pa.string()) for name in self.schema.names if name not in wholes and name != ROW])

    def stage(self, known: str) -> None:
        """Shows the rows that are decided, and their lists, under the names that the generated SELECT reads."""
        days = {RECEIVED: self.received, DECIDED: self.decided}
        columns = [
            f"{days.get(field.name, 't.' + quoted(field.name))} AS {quoted(field.name)}"
            for field in parent_schema(self.paths, self.vocabulary)
        ]
        self.database.view("staged.facts", f"SELECT {', '.join(columns)} FROM {self.table} t {known}")
        for path in self.lists:
            there = {*self.database.columns(self.child(path))}
            cells = [
                quoted(field.name)
                if field.name in there
                else f"{self.database.nothing(field.type)} AS {quoted(field.name)}"
                for field in child_schema(path, self.vocabulary)
            ]
            self.database.view(f"staged.{child_name(path)}", f"SELECT {', '.join(cells)} FROM {self.child(path)}")

    def child(self, path: str) -> str:
        """The name of the table of a list, as SQL has it: `"schema"."requests.convictions"`."""
        return f'{self.table[:-1]}.{path}"'

    def check_places(self, run: ReplayRun) -> None:
        """Raises `InputFault` where places and days would have to be looked up, which the reader of tables alone does."""
        moments = [name for name in DERIVED_DAYS.values() if name in self.schema.names]
        if moments:
            message = phrase("a table of facts has moments in {column}", column=moments[0])
            day = next(day for day, moment in DERIVED_DAYS.items() if moment == moments[0])
            help = phrase("give the local day as a date, in {day}", day=day)
            raise InputFault([Finding("no-day", Place(self.source), message, help)])
        if run.asked.stack or run.asked.place or WHERE in self.schema.names:
            return
        message = phrase("a table of facts names facilities, and no places")
        help = phrase("add a column place, or give the columns as text, so that the table is read before it is decided")
        raise InputFault([Finding("no-place", Place(self.source), message, help)])

    def counted_by(self, run: ReplayRun) -> dict[str, str]:
        """The further columns by which rows are counted, each with what SQL reads for it."""
        columns = {FACILITY: headings.FACILITY, STATE: headings.STATE, LIFTED: headings.LIFTED}
        names = self.schema.names
        return {
            name: as_text(column) if column in names else self.database.nothing(pa.string())
            for name, column in columns.items()
            if name in run.pieces.group_by or (name == LIFTED and column in names)
        }

    def check_values(self) -> None:
        """Raises `InputFault` where a column holds a value that its fact cannot have: it would be taken for another one."""
        for path in self.paths:
            kind = self.vocabulary.kind(path)
            if path in self.lists and isinstance(kind, kinds.Records):
                there = self.database.columns(self.child(path))
                self._check_list(path, there)
                for name, field in kind.fields.items():
                    if name not in there:
                        continue
                    whole = quoted(whole_of(name)) if whole_of(name) in there else self.database.nothing(pa.bool_())
                    self._check(name, field, self.child(path), f"{path}[].{name}", whole)
            elif path in self.schema.names and kind is not None:
                self._check(path, kind, self.table, path, quoted(whole_of(path)))

    def _check_list(self, path: str, there: Mapping[str, pa.DataType]) -> None:
        """Raises `InputFault` where the table of a list is missing, or has other columns or rows than its records can have."""
        if ROW not in there:
            message = phrase(
                "there is no table {table} with a column row for the list {path}", table=self.child(path), path=path
            )
            help = phrase("make one with a row for each record, or leave {whole} out", whole=whole_of(path))
            raise InputFault([Finding("no-list", Place(self.source), message, help)])
        fields = child_schema(path, self.vocabulary)
        unknown = sorted({*there} - {*fields.names})
        if unknown:
            message = phrase("{path} has no field {field}", path=path, field=unknown[0])
            help = phrase("{near}", near=did_you_mean(unknown[0], fields.names))
            raise InputFault([Finding("unknown-fact", Place(self.source), message, help)])
        for field in fields:
            if there.get(field.name, field.type) != field.type:
                raise InputFault([_wrong_type(f"{path}[].{field.name}", field.type, self.source)])
        self._check_whole(
            path,
            f"SELECT {quoted(ROW)} FROM {self.child(path)} WHERE {quoted(ROW)} IN "
            f"(SELECT {quoted(ROW)} FROM {self.table} WHERE {quoted(whole_of(path))} IS NULL) LIMIT 1",
        )

    def _check_whole(self, path: str, query: str) -> None:
        """Raises `InputFault` where a query finds a row whose members or records would be left out, as if they were not there."""
        if self.database.rows(query):
            message = phrase(
                "{path} and {whole} contradict each other: one is NULL and the other is not, or a member is NULL",
                path=path, whole=whole_of(path),
            )  # fmt: skip
            help = phrase(
                "{whole} is false where there may be more, and NULL where nothing is known", whole=whole_of(path)
            )
            raise InputFault([Finding("unknown-value", Place(self.source), message, help)])

    def _check(self, column: str, kind: kinds.Kind, table: str, path: str, whole: str) -> None:
        """Raises `InputFault` where a column holds what its fact cannot be; `whole` says in SQL whether a set has no more."""
        if isinstance(kind, kinds.Number):
            beyond = f"{quoted(column)} < {kind.minimum} OR {quoted(column)} > {LARGEST}"
            if self.database.rows(f"SELECT {quoted(column)} AS found FROM {table} WHERE {beyond} LIMIT 1"):
                message = phrase("{path} holds a number that it cannot be", path=path)
                help = phrase("at least {least}; NULL where it is not known", least=kind.minimum)
                raise InputFault([Finding("unknown-value", Place(self.source), message, help)])
        if isinstance(kind, kinds.Day) and path not in self.days:
            beyond = self.database.beyond_days(quoted(column))
            found = self.database.rows(f"SELECT 1 AS found FROM {table} WHERE {beyond} LIMIT 1")
            if found:
                message = phrase("{path} holds a day that it cannot be", path=path)
                help = phrase("a day of the years 1 to 9999; NULL where it is not known")
                raise InputFault([Finding("unknown-value", Place(self.source), message, help)])
        if not isinstance(kind, kinds.Choice | kinds.Set):
            return
        value = f"{self.database.each_member}({quoted(column)})" if isinstance(kind, kinds.Set) else quoted(column)
        distinct = f"SELECT DISTINCT {value} AS found FROM {table}"
        for row in self.database.rows(f"SELECT found FROM ({distinct}) v WHERE found IS NOT NULL"):
            if row["found"] not in kind.members:
                message = phrase('{path} holds "{}", which it cannot be', row["found"], path=path)
                help = phrase("one of {members}; NULL where it is not known", members=", ".join(kind.members))
                raise InputFault([Finding("unknown-value", Place(self.source), message, help)])
        if isinstance(kind, kinds.Set):
            odd = self.database.odd_set(quoted(column), whole)
            self._check_whole(path, f"SELECT 1 AS found FROM {table} WHERE {odd} LIMIT 1")


def _first_of(names: Iterable[str]) -> str:
    """The first of some columns that is not NULL, in SQL."""
    columns = [quoted(name) for name in names]
    return f"coalesce({', '.join(columns)})" if len(columns) > 1 else columns[0]
