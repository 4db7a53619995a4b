"""Brings the rows of a table in a database before the engine of that database: as they are, or read as facts here first.

A table of facts has the columns of `facts.columns`: a day, and each fact in the type of its kind. Its lists are in tables beside it,
`<table>.convictions` for `convictions`, with the number of the request in `row`. Any other table is read by the reader of tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from comity.facts import kinds
from comity.facts.children import child_name, child_schema, parent_schema, split_tables
from comity.facts.columns import LARGEST, ROW, whole_of
from comity.finding import Finding, InputFault, Place, did_you_mean, phrase
from comity.intake import headings
from comity.intake.cells import Refused
from comity.intake.form import find_form_out_of_use, instrument_of
from comity.intake.locations import describe_no_place, find_place_of_cell
from comity.intake.table import ASKS, DAY_COLUMNS, DECIDED, FORM, RECEIVED, WHERE
from comity.law.library import Library
from comity.period import LAST_DAY
from comity.records.laws import Law, Laws
from comity.records.pieces import CLASS, DAY, DUPLICATE, FACILITY, LAW, LIFTED, MONTH, PLACE, STATE, YEAR
from comity.records.replay import ReplayRun
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.database import ENGINE, LAW_NUMBER, LOCATED, Database, DatabaseReplay, engines_of, quoted
from comity.warehouse.numbered import Decider

UNKNOWN_CLASS = "unknown"
COUNTED_IN_PLACE = (CLASS, PLACE, LAW, YEAR, MONTH)


def replay_staged(
    database: Database,
    batches: Iterable[pa.Table],
    schema: pa.Schema,
    arguments: ReplayArguments,
    library: Library,
    *,
    source: str,
    target: str,
) -> ReplayResult:
    """Reads a table as facts here, loads these into the database and decides them there; raises `InputFault`."""
    decider = Decider(schema, arguments, library, source)
    run = ReplayRun(decider.opened(batches), decider.prepared.pieces.reader, library, decider.prepared.asked)
    laws = Laws(library, run.asked.assumed)
    paths: tuple[str, ...] = ()
    columns: list[str] = []
    for piece in run.pieces.each(None):
        laws.paths = paths = run.pieces.paths
        if run.asked.stack and not laws.laws:
            laws.add(run.asked.stack)
        of_law = np.zeros(len(piece.days), np.int64) if run.asked.stack else laws.of_rows(piece.locations, piece.days)
        for name, table in split_tables(piece.rows.facts, paths, library.vocabulary).items():
            database.load(f"staged.{name}", table)
        columns = [*piece.columns]
        counted = {name: column for name, column in piece.columns.items() if name not in (YEAR, MONTH)}
        located = {ROW: piece.rows.facts.column(ROW), DAY: piece.days, **{n: _plain(c) for n, c in counted.items()}}
        located |= {LAW_NUMBER: pa.array(of_law), ENGINE: pa.array(engines_of(laws.laws, of_law.tolist()), pa.int64())}
        database.load(LOCATED, pa.table(located))
    return _decide(DatabaseReplay(database, run, paths), laws.laws, [LAW, *columns], decider, target)


def replay_facts(
    database: Database,
    table: str,
    schema: pa.Schema,
    arguments: ReplayArguments,
    library: Library,
    *,
    source: str,
    target: str,
) -> ReplayResult:
    """Decides a table of facts in its place; `table` names it as SQL does. Raises `InputFault`."""
    facts = FactTable(database, table, schema, library, source)
    decider = Decider(facts.plain_schema, arguments, library, source)
    run = ReplayRun(decider.prepared.opened, decider.prepared.pieces.reader, library, decider.prepared.asked)
    facts.check_places(run)
    facts.check_values()
    facts.count(run)
    facts.stage()
    laws = Laws(library, run.asked.assumed)
    laws.paths = run.pieces.paths = facts.paths
    if run.asked.stack:
        laws.add(run.asked.stack)
    facts.locate(run, laws)
    columns = [*COUNTED_IN_PLACE, *facts.counted_by(run)]
    return _decide(DatabaseReplay(database, run, facts.paths), laws.laws, columns, decider, target)


def _decide(
    replay: DatabaseReplay, laws: Sequence[Law], columns: Sequence[str], decider: Decider, target: str
) -> ReplayResult:
    replay.decide(laws)
    if target:
        replay.write(target, decider.empty()[0].schema)
    used = {
        row[LAW_NUMBER] for row in replay.database.rows(f"SELECT DISTINCT {quoted(LAW_NUMBER)} FROM {quoted(LOCATED)}")
    }
    return replay.result([law for number, law in enumerate(laws) if number in used], columns)


def is_fact_table(schema: pa.Schema, library: Library) -> bool:
    """Whether a table is one of facts: numbered, with a day as its first column of days, and facts in the types of their kinds."""
    names = {*schema.names}
    day = next((name for name in DAY_COLUMNS if name in names), "")
    if ROW not in names or not day or not pa.types.is_date(schema.field(day).type):
        return False
    facts = [name for name in schema.names if library.vocabulary.kind(name)]
    expected = parent_schema(facts, library.vocabulary)
    typed = all(name in names and schema.field(name).type == expected.field(name).type for name in expected.names)
    return typed and ASKS in names


class FactTable:
    """A table of facts in a database, with its tables of lists."""

    def __init__(self, database: Database, table: str, schema: pa.Schema, library: Library, source: str) -> None:
        self.database, self.table, self.schema, self.library, self.source = database, table, schema, library, source
        self.vocabulary = library.vocabulary
        names = {*schema.names}
        self.day = next(name for name in DAY_COLUMNS if name in names)
        given = {path for path in self.vocabulary.facts if path in names or self._is_list(path, names)}
        self.paths = tuple(path for path in self.vocabulary.facts if path in {*given, RECEIVED, DECIDED})
        self.lists = [path for path in self.paths if self._is_list(path, names)]
        self.known = f"WHERE {quoted(self.day)} IS NOT NULL"

    def _is_list(self, path: str, names: set[str]) -> bool:
        return isinstance(self.vocabulary.kind(path), kinds.Records) and whole_of(path) in names

    @property
    def plain_schema(self) -> pa.Schema:
        """The columns as the reader of tables knows them: texts, and none that says whether a list is whole."""
        wholes = {whole_of(path) for path in self.paths}
        return pa.schema([(name, pa.string()) for name in self.schema.names if name not in wholes and name != ROW])

    def stage(self) -> None:
        """Shows the table and its lists under the names that the generated SELECT reads."""
        columns = [
            quoted(self.day) + (f" AS {quoted(field.name)}" if field.name in (RECEIVED, DECIDED) else "")
            if field.name in (RECEIVED, DECIDED)
            else quoted(field.name)
            for field in parent_schema(self.paths, self.vocabulary)
        ]
        self.database.view("staged.facts", f"SELECT {', '.join(columns)} FROM {self.table} {self.known}")
        for path in self.lists:
            there = {*self.database.names(self.child(path))}
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
        """Raises `InputFault` where only facilities say where people were held: these are looked up by the reader alone."""
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
            name: quoted(column) if column in names else self.database.nothing(pa.string())
            for name, column in columns.items()
            if name in run.pieces.group_by or (name == LIFTED and column in names)
        }

    def check_values(self) -> None:
        """Raises `InputFault` where a column holds a value that its fact cannot have: it would be taken for another one."""
        for path in self.paths:
            kind = self.vocabulary.kind(path)
            if path in self.lists and isinstance(kind, kinds.Records):
                there = {*self.database.names(self.child(path))}
                self._check_list(path, there)
                for name, field in kind.fields.items():
                    if name not in there:
                        continue
                    self._check(name, field, self.child(path), f"{path}[].{name}")
            elif path in self.schema.names and kind is not None:
                self._check(path, kind, self.table, path)

    def _check_list(self, path: str, there: set[str]) -> None:
        """Raises `InputFault` where the table of a list is missing, or has a column that its records do not."""
        if ROW not in there:
            message = phrase(
                "there is no table {table} with a column row for the list {path}", table=self.child(path), path=path
            )
            help = phrase("make one with a row for each record, or leave {whole} out", whole=whole_of(path))
            raise InputFault([Finding("no-list", Place(self.source), message, help)])
        unknown = sorted(there - {*child_schema(path, self.vocabulary).names})
        if unknown:
            message = phrase("{path} has no field {field}", path=path, field=unknown[0])
            help = phrase("{near}", near=did_you_mean(unknown[0], child_schema(path, self.vocabulary).names))
            raise InputFault([Finding("unknown-fact", Place(self.source), message, help)])

    def _check(self, column: str, kind: kinds.Kind, table: str, path: str) -> None:
        if isinstance(kind, kinds.Number):
            beyond = f"{quoted(column)} < {kind.minimum} OR {quoted(column)} > {LARGEST}"
            if self.database.rows(f"SELECT {quoted(column)} AS found FROM {table} WHERE {beyond} LIMIT 1"):
                message = phrase("{path} holds a number that it cannot be", path=path)
                help = phrase("at least {least}; NULL where it is not known", least=kind.minimum)
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

    def count(self, run: ReplayRun) -> None:
        """Counts the rows, and refuses those without a day."""
        [total] = self.database.rows(
            f"SELECT count(*) AS n, count(DISTINCT {quoted(ROW)}) AS numbers FROM {self.table}"
        )
        if total["n"] != total["numbers"]:
            message = phrase("the numbers in row do not differ in every row, or some are NULL")
            help = phrase("number the rows, so that each has a number of its own")
            raise InputFault([Finding("doubled-row", Place(self.source), message, help)])
        run.pieces.rows = total["n"]
        without = self.database.rows(
            f"SELECT {quoted(ROW)} FROM {self.table} WHERE {quoted(self.day)} IS NULL ORDER BY {quoted(ROW)}"
        )
        run.pieces.refused += [Refused(row[ROW], "no-day", f"{self.day} is empty") for row in without]
        if run.pieces.without_duplicates:
            marked = f"coalesce(lower(CAST({quoted(DUPLICATE)} AS text)) = 'true', false)"
            [left_out] = self.database.rows(f"SELECT count(*) AS n FROM {self.table} {self.known} AND {marked}")
            run.pieces.left_out = left_out["n"]
            self.known += f" AND NOT {marked}"
        self.count_forms(run)
        for refusal in run.pieces.refused:
            run.pieces.add_findings({refusal.code: 1}, {refusal.code: f"row {refusal.row}: {refusal.message}"})

    def count_forms(self, run: ReplayRun) -> None:
        """Counts the forms that were not in use on the day of their request."""
        if FORM not in self.schema.names:
            return
        keys = f"{quoted(FORM)}, {quoted(self.day)}"
        counted = f"SELECT {quoted(FORM)} AS form, {quoted(self.day)} AS day, count(*) AS n FROM {self.table}"
        for row in self.database.rows(f"{counted} {self.known} GROUP BY {keys} ORDER BY {keys}"):
            message = find_form_out_of_use(self.library.instruments.get(instrument_of(str(row["form"]))), row["day"])
            if message:
                run.pieces.add_findings({"form-out-of-time": row["n"]}, {"form-out-of-time": message})

    def locate(self, run: ReplayRun, laws: Laws) -> None:
        """Makes the table of places and laws: by the spans in which the law of each place is the same."""
        place, known = quoted(WHERE), self.known
        if run.asked.place or WHERE not in self.schema.names:
            place = self.database.nothing(pa.string()) if not run.asked.place else f"'{run.asked.place}'"
        found = self.database.rows(
            f"SELECT {place} AS place, min({quoted(self.day)}) AS first, max({quoted(self.day)}) AS last, count(*) AS n "
            f"FROM {self.table} {known} GROUP BY 1"
        )
        paths = self._paths(found, run)
        spans = [span for row in found if (path := paths[row["place"]]) for span in _spans(path, row, run, laws)]
        self.database.load("places", _table({"name": pa.string(), "path": pa.string()},
                                            [{"name": name, "path": path} for name, path in paths.items() if name]))  # fmt: skip
        types = {
            "path": pa.string(),
            "first": pa.date32(),
            "last": pa.date32(),
            LAW_NUMBER: pa.int64(),
            ENGINE: pa.int64(),
        }
        positions = engines_of(laws.laws, (span[LAW_NUMBER] for span in spans))
        self.database.load("spans", _table(types, [
            {**span, ENGINE: position} for span, position in zip(spans, positions, strict=True)]))  # fmt: skip
        fixed = bool(run.asked.stack)
        law, engine = ("0", "0") if fixed else (f"s.{quoted(LAW_NUMBER)}", f"s.{quoted(ENGINE)}")
        joined = (
            ""
            if fixed
            else ' LEFT JOIN "spans" s ON s."path" = p."path" AND f."day" >= s."first" AND f."day" <= s."last"'
        )
        further = self.counted_by(run)
        inner = "".join(f", {value} AS {quoted(name)}" for name, value in further.items())
        outer = "".join(f", f.{quoted(name)} AS {quoted(name)}" for name in further)
        self.database.make(LOCATED, (
            f'SELECT f.{quoted(ROW)} AS {quoted(ROW)}, f."day" AS {quoted(DAY)}, p."path" AS {quoted(PLACE)}, '
            f"'{UNKNOWN_CLASS}' AS {quoted(CLASS)}, "
            f"CAST({law} AS bigint) AS {quoted(LAW_NUMBER)}, CAST({engine} AS bigint) AS {quoted(ENGINE)}{outer} "
            f"FROM (SELECT {quoted(ROW)}, {quoted(self.day)} AS \"day\", {place} AS \"place\"{inner} FROM {self.table} {known}) f "
            f'LEFT JOIN "places" p ON p."name" = f."place"{joined}'
        ))  # fmt: skip

    def _paths(self, found: Sequence[Mapping[str, Any]], run: ReplayRun) -> dict[str | None, str | None]:
        """The path of each place that the table names; an unknown one has none, and is counted."""
        paths: dict[str | None, str | None] = {}
        for row in found:
            name = row["place"]
            where = find_place_of_cell(name, self.library) if name else None
            paths[name] = where.path if where else None
            if name and not where:
                why = describe_no_place(name, self.library)
                run.pieces.add_findings({"unknown-place": row["n"]}, {"unknown-place": why})
        return paths


def _spans(path: str, row: Mapping[str, Any], run: ReplayRun, laws: Laws) -> Iterator[dict[str, Any]]:
    """The spans of days of a place in which its law is the same, with the number of the law; none for one named law."""
    if run.asked.stack:
        return
    calendar = laws.calendar(path, "")
    ends = [*calendar.days, LAST_DAY]
    for number, end in enumerate(ends):
        first = calendar.days[number - 1] if number else date.min
        last = date.fromordinal(end.toordinal() - 1)
        if first <= row["last"] and last >= row["first"]:
            yield {"path": path, "first": first, "last": last, LAW_NUMBER: laws.of_span(calendar, number)}


def _table(types: Mapping[str, pa.DataType], rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], type_) for name, type_ in types.items()})


def _plain(column: Any) -> Any:
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
