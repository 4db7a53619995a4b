"""Reads the list of a sender, or of another agency, as entries that hold no name and no number: only digests of the blind index.

Cells are read by the reader of tables that `comity replay` uses, through a map of columns where there is one. Rows in = entries +
rows that cannot be read. What is wrong with a row is said without quoting it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath

import pyarrow as pa
import pyarrow.parquet as parquet
from msgspec import Struct
from msgspec.structs import replace

from comity.desk.name_forms import Blind, digests_of, name_forms, number_forms
from comity.desk.reconciling.entries import Listed, Where
from comity.desk.reconciling.list_headings import (
    DAYS,
    DUPLICATE,
    FACILITY,
    FORM,
    PLACE,
    READ,
    known_headings,
    with_usual_headings,
)
from comity.desk.reconciling.list_places import ListPlaces
from comity.desk.reconciling.list_words import read_form, read_outcome
from comity.desk.reconciling.memory_file import in_memory
from comity.facts.synonyms import squeeze
from comity.finding import Finding, InputFault, Phrase, Place, phrase
from comity.intake import headings
from comity.intake.blanks import is_word_for_nothing
from comity.intake.cells import ROW, Cells, open_table
from comity.intake.column_map.column_map import LIST_ROLES, ColumnMap
from comity.intake.column_map.open_mapped import open_through
from comity.intake.column_map.read_map import read_column_map
from comity.intake.day_cells import read_day
from comity.intake.row_days import local_days
from comity.intake.units import is_marked, rows_of_totals
from comity.law.library import Library
from comity.present.clean import cleaned

LIST = "list"
BYTES_MAX, ROWS_MAX = 20_000_000, 20_000
UNPACKED_BYTES_MAX = 400_000_000  # of a Parquet file
ENDINGS = (".csv", ".tsv", ".psv", ".txt", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")
SHEET_LENGTH_MAX = 40
DUPLICATE_WORD = "duplicate"
HELP = phrase("send CSV, XLSX or Parquet of the span in question, at most {most} rows", most=f"{ROWS_MAX:,}")


class Unread(Struct, frozen=True):
    """A row that cannot be read: where it is, the code of what is wrong, and words that quote nothing of it."""

    row: int
    sheet: str
    code: str
    words: str


class ReadList(Struct, frozen=True, kw_only=True):
    """A list as it was read: the SHA-256 of its bytes, its entries in order, and the rows that cannot be read.

    `compared` names the columns that were understood, as the readers call them.
    """

    digest: str
    entries: tuple[Listed, ...]
    unread: tuple[Unread, ...]
    compared: tuple[str, ...] = ()
    column_map: str = ""  # the SHA-256 of the map of columns


class ListArguments(Struct, frozen=True, kw_only=True):
    """How a list is read: the map of columns as a YAML file, the order of its days, and what it calls the jail of the desk."""

    column_map: bytes = b""
    days: str = ""
    our_names: Sequence[str] = ()


def read_list(
    content: bytes, name: str, arguments: ListArguments, *, library: Library, place: str, blind: Blind
) -> tuple[ReadList | None, list[Finding]]:
    """The list in the bytes of a file, whose name gives its kind; or None with the findings that say why it cannot be read."""
    ending = PurePath(name).suffix.lower()
    if not content or len(content) > BYTES_MAX:
        words = phrase("the file is empty, or has more than {most} MB", most=BYTES_MAX // 1_000_000)
        return None, [Finding("no-list", Place(LIST), words, HELP)]
    if ending not in ENDINGS:
        return None, [Finding("no-list", Place(LIST), phrase("the file has an ending that is not read"), HELP)]
    column_map, findings = _read_map(arguments.column_map, library)
    if findings:
        return None, findings
    with in_memory(content, ending) as path:
        try:
            reading = _Reading(library, place, arguments, blind)
            findings = reading.read(str(path), ending, column_map)
        except InputFault as fault:
            findings = list(fault.findings)
    if findings:
        return None, [_of_list(finding, str(path)) for finding in findings]
    return ReadList(
        digest=hashlib.sha256(content).hexdigest(), entries=tuple(reading.entries), unread=tuple(reading.unread),
        compared=reading.compared, column_map=hashlib.sha256(arguments.column_map).hexdigest() if column_map else "",
    ), []  # fmt: skip


def _read_map(content: bytes, library: Library) -> tuple[ColumnMap | None, list[Finding]]:
    if not content:
        return None, []
    with in_memory(content, ".yaml") as path:
        column_map, findings = read_column_map(path, library.vocabulary)
    return column_map, [] if column_map else [_of_list(finding, str(path), "map of columns") for finding in findings]


def _of_list(finding: Finding, path: str, name: str = LIST) -> Finding:
    """A finding with the name of what was sent in place of the path of the file in memory."""
    place = replace(finding.place, source=name)
    message, help = (text.replace(path, name) for text in (finding.message, finding.help))
    return finding.changed(place=place, message=message, help=help)


class _Reading:
    """The reading of one list: its entries so far, and the rows that cannot be read."""

    def __init__(self, library: Library, place: str, arguments: ListArguments, blind: Blind) -> None:
        self.library, self.arguments, self.blind = library, arguments, blind
        self.zone = library.gazetteer.zone_of(place)
        self.places = ListPlaces(library, place, arguments.our_names)
        self.entries: list[Listed] = []
        self.unread: list[Unread] = []
        self.compared: tuple[str, ...] = ()

    def read(self, path: str, ending: str, column_map: ColumnMap | None) -> list[Finding]:
        """Reads all rows; the findings that prevent it."""
        if ending == ".parquet" and (finding := _too_large(path)):
            return [finding]
        opened, findings = open_table(path, None, known_headings)
        if opened is None:
            return findings
        full_map = with_usual_headings(opened.names, column_map, self.arguments.days)
        opened, findings = open_through(
            path, READ, full_map, vocabulary=self.library.vocabulary, offenses=self.library.offenses
        )
        if opened is None:
            return findings
        self.compared = tuple(name for name in opened.names if name in READ)
        if not {*self.compared} & {*DAYS, "name", "last_name", "a_number", "booking_number"}:
            words = phrase("no column gives a day, a name or a number")
            help = phrase(
                "name the columns in a map, as `comity columns` writes it: request.received_on, name, a_number"
            )
            return [Finding("no-column", Place(LIST, 1), words, help)]
        for cells in opened.pieces():
            self.add(cells)
            if len(self.entries) + len(self.unread) > ROWS_MAX:
                return [
                    Finding(
                        "too-long", Place(LIST), phrase("the list has more than {most:,} rows", most=ROWS_MAX), HELP
                    )
                ]
        return []

    def add(self, cells: Cells) -> None:
        """The rows of a piece, each as an entry or as one that cannot be read."""
        cells = cells.refuse(rows_of_totals(cells, headings.FACILITY, PLACE))
        sheet = cleaned(cells.sheet)[:SHEET_LENGTH_MAX]
        self.unread += [Unread(each.row, sheet, each.code, _plain(each.message, each.code)) for each in cells.refused]
        days, wrong = self.days(cells)
        table = cells.table.select([name for name in cells.table.column_names if name in READ or name == ROW])
        for cell, day in zip(table.to_pylist(), days, strict=True):
            texts = {name: text.strip() for name, text in cell.items() if name != ROW and text}
            keys = self.keys(texts)
            fault = wrong.get(cell[ROW]) or (None if day or keys else phrase("gives no day, no name and no number"))
            if fault:
                self.unread.append(Unread(cell[ROW], sheet, "no-day", fault.without_values))
            else:
                self.entries.append(self.entry(cell[ROW], sheet, day, texts, keys))

    def days(self, cells: Cells) -> tuple[list[date | None], dict[int, Phrase]]:
        """The day of each row, by the first column that has one, and what is wrong with those that cannot be read, by row."""
        rows = cells.named(ROW).to_pylist()
        days: list[date | None] = [None] * len(rows)
        wrong: dict[int, Phrase] = {}
        for name in DAYS:
            if name not in cells.table.column_names:
                continue
            column = local_days(cells, name, lambda part, _: _of_zone(part, self.zone))
            texts = cells.named(name).to_pylist()
            for at, (text, day) in enumerate(zip(texts, column.days.to_pylist(), strict=True)):
                days[at] = days[at] or day
                if text in column.wrong:
                    wrong.setdefault(rows[at], column.wrong[text])
        return days, wrong

    def keys(self, texts: Mapping[str, str]) -> dict[str, frozenset[str]]:
        """What the row says of who the person is, as digests."""
        said = (texts.get(role, "") for role in LIST_ROLES[:7])
        name, last, first, middle, number, booking, born = ("" if is_word_for_nothing(text) else text for text in said)
        on = read_day(born)
        forms = {
            "name": name_forms(name, last, first, middle),
            "a_number": number_forms(number),
            "booking": {booking},
            "born_on": {on.isoformat() if on else born},
        }
        return digests_of(forms, self.blind)

    def entry(
        self, row: int, sheet: str, day: date | None, texts: Mapping[str, str], keys: Mapping[str, frozenset[str]]
    ) -> Listed:
        form = read_form(texts.get(FORM) or texts.get(headings.FORM, ""), self.library.vocabulary)
        said = texts.get("outcome") or texts.get(headings.LIFTED, "")
        doubled = is_marked(texts.get(DUPLICATE, "")) or squeeze(said) == DUPLICATE_WORD
        return Listed(
            row=row, sheet=sheet, day=day, form=form, outcome=read_outcome(said), keys=keys,
            where=self.where(texts, day), marked_duplicate=bool(doubled),
        )  # fmt: skip

    def where(self, texts: Mapping[str, str], day: date | None) -> Where:
        facility, city, state, code = (texts.get(name, "") for name in FACILITY)
        return self.places.where((texts.get("station", ""), facility, city, state, code, texts.get(PLACE, "")), day)


def _too_large(path: str) -> Finding | None:
    """The finding for a Parquet file that says it is far larger unpacked; None for others, also for what is no such file."""
    try:
        metadata = parquet.ParquetFile(path).metadata
    except (pa.ArrowException, OSError):
        return None  # opening the table says what is wrong
    unpacked = sum(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    if metadata.num_rows <= ROWS_MAX and unpacked <= UNPACKED_BYTES_MAX:
        return None
    return Finding("too-long", Place(LIST), phrase("the list has more than {most:,} rows", most=ROWS_MAX), HELP)


def _of_zone(cells: Cells, zone: str) -> pa.DictionaryArray:
    return pa.array([zone] * cells.table.num_rows, pa.string()).dictionary_encode()


def _plain(message: str, code: str) -> str:
    """The words of a refusal without the values that they quote; its code in words where the message does not mark values."""
    return message.without_values if isinstance(message, Phrase) else code.replace("-", " ")
