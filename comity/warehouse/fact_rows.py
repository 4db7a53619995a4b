"""The rows of a table of facts: which are refused or left out, what is found about them, and where each is decided by which law.

What depends on a day, a name or a mark is worked out here for each distinct one, by the functions that the reader of tables uses,
and goes back to the database as a table to join.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from comity.facts.columns import ROW
from comity.finding import phrase
from comity.intake import headings
from comity.intake.damage import quote
from comity.intake.day_cells import not_a_day
from comity.intake.form import find_form_out_of_use, instrument_of
from comity.intake.locations import describe_no_place, find_place_of_cell
from comity.intake.row_days import find_odd_day, no_day
from comity.intake.sources.source import Reading, Refused, account_of
from comity.intake.table import FORM, WHERE, example_of
from comity.intake.units import are_totals, is_marked, refusal_of_total
from comity.law.in_force import Agency
from comity.records.laws import AGENCY_KIND, AGENCY_NAME, Laws
from comity.records.local_law import ENCODED, LOCAL_LAW, NONE_ENCODED, local_law_at
from comity.records.pieces import CLASS, DAY, DUPLICATE, PLACE
from comity.records.replay import ReplayRun
from comity.warehouse.database import ENGINE, LAW_NUMBER, LOCATED, as_text, engines_of, quoted
from comity.warehouse.fact_columns import FactTable, number_of_rows

UNKNOWN_CLASS = "unknown"
REFUSED, LEFT_OUT, ROWS, PLACES, SPANS = "refused rows", "left out", "rows", "places", "spans"
KIND, NAME, ENCODED_ON = "kind", "name", "encoded_on"
EARLIEST = date(1900, 1, 1)  # the first day that every database has; no row has an earlier one


class FactTableRows:
    """The rows of a table of facts. `known` is the condition, in SQL, of the rows that are decided."""

    def __init__(self, facts: FactTable, run: ReplayRun) -> None:
        self.facts, self.run, self.pieces = facts, run, run.pieces
        self.database, self.table = facts.database, facts.table
        self.known = ""
        self.loaded_tables = 0

    def count(self) -> None:
        """Counts the rows, refuses those whose day cannot be meant, leaves out likely duplicates, and counts what is odd."""
        self.count_rows()
        refused = self.refused()
        self.pieces.add_refused(sorted(refused.values(), key=lambda refusal: refusal.row))
        if refused:
            self.database.load(REFUSED, pa.table({ROW: pa.array([*refused], pa.int64())}))
            self.known = f"WHERE {quoted(ROW)} NOT IN (SELECT {quoted(ROW)} FROM {quoted(REFUSED)})"
        if self.pieces.without_duplicates:
            self.leave_out_duplicates()
        self.count_forms()
        self.count_later()

    def count_rows(self) -> None:
        rows = self.pieces.rows = number_of_rows(self.database, self.table, self.facts.source)
        accounts = (account_of("", {"lines": rows, "rows": rows}),) if rows else ()
        self.pieces.reading = Reading(format=self.database.name, accounts=accounts)

    def refused(self) -> dict[int, Refused]:
        """The rows that are not decided, by number: totals of other rows, and those without a day that can be meant."""
        found: dict[int, tuple[str, str]] = {}
        for column in (WHERE, headings.FACILITY):
            if column in self.facts.schema.names:
                names = self.distinct(as_text(column))
                totals = pa.array([row["value"] for row in names], pa.string())
                for row in self.rows_with(as_text(column), totals.filter(are_totals(totals))):
                    found.setdefault(row[ROW], refusal_of_total(column))
        for column in reversed(self.facts.days):
            beyond = self.database.beyond_days(quoted(column))
            written = f"SELECT {quoted(ROW)}, {as_text(column)} AS value FROM {self.table} WHERE {beyond}"
            for row in self.database.rows(written):
                found.setdefault(row[ROW], ("no-day", not_a_day(row["value"], column)))
            within = f"CASE WHEN {beyond} THEN NULL ELSE {quoted(column)} END"
            for value in (row["value"] for row in self.distinct(within)):
                why = find_odd_day(value, value.isoformat(), column) if value else None
                if why:
                    for row in self.rows_with(quoted(column), pa.array([value], pa.date32())):
                        found.setdefault(row[ROW], ("no-day", why))
        query = f"SELECT {quoted(ROW)} FROM {self.table} WHERE {self.facts.decided} IS NULL"
        for row in self.database.rows(query):
            found.setdefault(row[ROW], ("no-day", no_day(self.facts.days)))
        return {row: Refused(row, code, message) for row, (code, message) in found.items()}

    def distinct(self, value: str) -> list[dict[str, Any]]:
        """The distinct values of an expression among the rows that are decided, with the number of rows and the first of them."""
        return self.database.rows(
            f"SELECT {value} AS value, count(*) AS n, min({quoted(ROW)}) AS first FROM {self.table} {self.known} GROUP BY {value}"
        )

    def rows_with(self, value: str, wanted: pa.Array) -> list[dict[str, Any]]:
        """The numbers of the rows in which an expression has one of some values."""
        if not len(wanted):
            return []
        name = self.loaded(wanted)
        return self.database.rows(
            f"SELECT {quoted(ROW)} FROM {self.table} WHERE {value} IN (SELECT value FROM {quoted(name)})"
        )

    def loaded(self, values: pa.Array) -> str:
        """The name of a new table of some values."""
        self.loaded_tables += 1
        name = f"values {self.loaded_tables}"
        self.database.load(name, pa.table({"value": values}))
        return name

    def leave_out_duplicates(self) -> None:
        """Leaves out the rows that are marked as likely duplicates; a mark that is neither yes nor no is counted."""
        text = as_text(DUPLICATE)
        marked = []
        for row in self.distinct(text):
            mark = is_marked(row["value"]) if row["value"] else False
            if mark is None:
                message = phrase(
                    "{} in {column} is neither yes nor no, and its row is not left out",
                    quote(row["value"]),
                    column=DUPLICATE,
                )
                self.pieces.add_findings(
                    {"unknown-mark": row["n"]}, {"unknown-mark": example_of(row["first"], message)}
                )
            elif mark:
                marked.append(row)
        self.pieces.left_out = sum(row["n"] for row in marked)
        if marked:
            name = self.loaded(pa.array([row["value"] for row in marked], pa.string()))
            left_out = f"coalesce({text}, '') IN (SELECT value FROM {quoted(name)})"
            self.known = f"{self.known} AND NOT {left_out}" if self.known else f"WHERE NOT {left_out}"

    def count_forms(self) -> None:
        """Counts the forms that were not in use on the day of their request."""
        if FORM not in self.facts.schema.names:
            return
        form, day = f"t.{quoted(FORM)}", self.facts.received_or_decided
        counted = f"SELECT {form} AS form, {day} AS day, count(*) AS n FROM {self.table} t {self.known} GROUP BY {form}, {day}"
        found = [row for row in self.database.rows(counted) if row["form"]]
        for row in sorted(found, key=lambda row: (row["form"], row["day"])):
            message = find_form_out_of_use(self.run.library.instruments.get(instrument_of(row["form"])), row["day"])
            if message:
                self.pieces.add_findings({"form-out-of-time": row["n"]}, {"form-out-of-time": message})

    def count_later(self) -> None:
        """Counts the rows of days to which no law was followed."""
        last = max((row.to for row in self.run.library.researched.values()), default=None)
        later = [row for row in self.distinct(self.facts.decided) if last and row["value"] > last]
        if later:
            message = phrase("the day is later than {last}, to which law was followed here at most", last=last)
            code, first = "later-than-researched", min(row["first"] for row in later)
            self.pieces.add_findings({code: sum(row["n"] for row in later)}, {code: example_of(first, message)})

    def locate(self, laws: Laws) -> None:
        """Makes the table of places and laws: by the spans in which the law of each place and agency is the same."""
        further = self.facts.counted_by(self.run)
        self.database.view(ROWS, self.seen(further))
        found = self.database.rows(
            f"SELECT place, {KIND}, {NAME}, min(day) AS first, max(day) AS last, count(*) AS n FROM {quoted(ROWS)} "
            f"GROUP BY place, {KIND}, {NAME}"
        )
        paths = self.paths(found)
        self.load_places(paths)
        self.load_spans(found, paths, laws)
        stack = self.run.asked.stack
        law, engine = ("0", "0") if stack else (f"s.{quoted(LAW_NUMBER)}", f"s.{quoted(ENGINE)}")
        same = (
            f"s.path = p.path AND s.{KIND} = f.{KIND} AND s.{NAME} = f.{NAME} AND f.day >= s.first AND f.day <= s.last"
        )
        joined = "" if stack else f" LEFT JOIN {quoted(SPANS)} s ON {same}"
        columns = [
            f"f.{quoted(ROW)} AS {quoted(ROW)}",
            f"f.day AS {quoted(DAY)}",
            f"p.path AS {quoted(PLACE)}",
            f"'{UNKNOWN_CLASS}' AS {quoted(CLASS)}",
            f"{self.local_law()} AS {quoted(LOCAL_LAW)}",
            f"CAST({law} AS bigint) AS {quoted(LAW_NUMBER)}",
            f"CAST({engine} AS bigint) AS {quoted(ENGINE)}",
            *(f"f.{quoted(name)} AS {quoted(name)}" for name in further),
        ]
        self.database.make(
            LOCATED,
            f"SELECT {', '.join(columns)} FROM {quoted(ROWS)} f "
            f"LEFT JOIN {quoted(PLACES)} p ON p.name = f.place{joined}",
        )

    def seen(self, further: Mapping[str, str]) -> str:
        """The query of the rows that are decided, with the columns by which they are located and counted."""
        names = self.facts.schema.names
        place = as_text(WHERE) if WHERE in names else self.database.nothing(pa.string())
        agency = {KIND: AGENCY_KIND, NAME: AGENCY_NAME}
        columns = {
            "day": self.facts.decided,
            "place": f"'{self.run.asked.place}'" if self.run.asked.place else place,
            **{name: f"coalesce(t.{quoted(path)}, '')" if path in names else "''" for name, path in agency.items()},
            **{quoted(name): value for name, value in further.items()},
        }
        listed = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        return f"SELECT {quoted(ROW)}, {listed} FROM {self.table} t {self.known}"

    def local_law(self) -> str:
        """Whether law of the place of a row itself is encoded on its day, in SQL; of the named law's place where one is named."""
        stack = self.run.asked.stack
        if stack:
            return f"'{local_law_at(self.run.library, stack.place, stack.day)}'"
        encoded = f"p.{ENCODED_ON} IS NOT NULL AND f.day >= p.{ENCODED_ON}"
        return f"CASE WHEN p.path IS NULL THEN NULL WHEN {encoded} THEN '{ENCODED}' ELSE '{NONE_ENCODED}' END"

    def paths(self, found: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """The path of each place that the table names; an unknown one has none, and is counted."""
        paths: dict[str, str] = {}
        for row in found:
            name = row["place"]
            where = find_place_of_cell(name, self.run.library) if name else None
            if where:
                paths[name] = where.path
            elif name:
                why = describe_no_place(name, self.run.library)
                self.pieces.add_findings({"unknown-place": row["n"]}, {"unknown-place": why})
        return paths

    def load_places(self, paths: Mapping[str, str]) -> None:
        first = self.pieces.first_encoded
        encoded_on = [max(first[path], EARLIEST) if path in first else None for path in paths.values()]
        columns = {
            NAME: pa.array([*paths], pa.string()),
            "path": pa.array([*paths.values()], pa.string()),
            ENCODED_ON: pa.array(encoded_on, pa.date32()),
        }
        self.database.load(PLACES, pa.table(columns))

    def load_spans(self, found: Sequence[Mapping[str, Any]], paths: Mapping[str, str], laws: Laws) -> None:
        """Loads the spans of days in which the law of each place and agency is the same, with the number of the law."""
        days: dict[tuple[str, Agency], list[date]] = {}
        for row in found:
            if row["place"] in paths and not self.run.asked.stack:
                key = paths[row["place"]], Agency(row[KIND], row[NAME])
                days.setdefault(key, []).extend((row["first"], row["last"]))
        spans = [
            (path, agency.kind, agency.name, *span)
            for (path, agency), known in days.items()
            for span in spans_of(path, agency, laws, first=min(known), last=max(known))
        ]
        types = {
            "path": pa.string(),
            KIND: pa.string(),
            NAME: pa.string(),
            "first": pa.date32(),
            "last": pa.date32(),
            LAW_NUMBER: pa.int64(),
        }
        columns = {
            name: pa.array([span[at] for span in spans], type_) for at, (name, type_) in enumerate(types.items())
        }
        columns[ENGINE] = pa.array(engines_of(laws.laws, (span[-1] for span in spans)), pa.int64())
        self.database.load(SPANS, pa.table(columns))


def spans_of(path: str, agency: Agency, laws: Laws, *, first: date, last: date) -> list[tuple[date, date, int]]:
    """The spans between two days in which the law of a place is the same: the first day, the last, and the number of the law."""
    begins = [first, *(day for day in laws.days_of_change(path, agency) if first < day <= last)]
    ends = [*(day - timedelta(days=1) for day in begins[1:]), last]
    return [(since, to, laws.of_day(path, agency, since)) for since, to in zip(begins, ends, strict=True)]
