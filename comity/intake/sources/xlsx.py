"""XLSX read as a stream: a sheet is never in memory whole, and a stray cell at its far end costs nothing.

It reads sheets as office programs write them. For one that is written in another way, which XML allows, `open_xlsx` raises
`Unusual` before anything is read, and calamine reads it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from comity.intake.sources.archive import RATIO_FREE, RATIO_MAX, UNPACKED_MAX
from comity.intake.sources.cell_places import HIDDEN, hidden_columns, letters_of, place_of
from comity.intake.sources.cell_text import is_day_format, number_text
from comity.intake.sources.heading_rows import is_total
from comity.intake.sources.sheet import MERGED_CELLS, Plan, SheetBlock, Whole
from comity.intake.sources.source import Unreadable

PART_MAX = 64 << 20  # of the parts that are parsed whole: the list of sheets, and the styles
BYTES_A_CHUNK = 1 << 23
ROWS_MAX = 1_048_576
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ROW = re.compile(rb'<row\b[^>]*?\sr="(\d+)"[^>]*')
MERGED = re.compile(rb'<mergeCell\b[^>]*?\sref="[A-Z]+(\d+):[A-Z]+(\d+)"')
FORMULA = re.compile(rb"<f\b[^>]*?(?:/>|>([^<]*)</f>)")
ITEM = re.compile(rb"<si>(.*?)</si>|<si/>", re.DOTALL)
TEXT = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")
PHONETIC = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
TYPE, STYLE = re.compile(rb'\bt="(\w+)"'), re.compile(rb'\bs="(\d+)"')
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
CELL = rb'<c r="(%s)(\d+)"([^>/]*)(?:/>|>(?:<v>([^<]*)</v></c>|(.*?)</c>))'
ANY_CELL = re.compile(CELL % b"[A-Z]+", re.DOTALL)
ODD_TEXT = b"<!"  # a comment, or text in a section of its own
HIDDEN_COLUMNS = "hides columns that are read all the same: {names}"
DAMAGED = "a sheet is written in a way that changes within it; save the workbook as CSV"


class Unusual(Exception):
    """Raised for a workbook that is not written as office programs write it."""


def open_xlsx(path: Path) -> list[XlsxSheet]:
    """The sheets of a workbook; raises `Unreadable` where it is damaged or too large, and `Unusual`."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise Unusual from None
    _check_sizes(archive)
    try:
        book = _Book(archive)
        return book.sheets()
    except (KeyError, ElementTree.ParseError, ValueError):
        raise Unusual from None


def _check_sizes(archive: zipfile.ZipFile) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    if unpacked > UNPACKED_MAX or (unpacked > RATIO_FREE and unpacked > RATIO_MAX * packed):
        raise Unreadable(f"the workbook unpacks to {unpacked >> 20:,} MB, more than is read; save it as CSV")


class _Book:
    """The parts of a workbook that its sheets share."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.relations = {
            str(entry.get("Id")): str(entry.get("Target")) for entry in self.parsed("xl/_rels/workbook.xml.rels")
        }
        self.book = self.parsed("xl/workbook.xml")
        if self.book.tag != f"{MAIN}workbook":
            raise Unusual
        properties = self.book.find(f"{MAIN}workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.formats = self.read_formats()
        self.strings = self.read_strings()
        self.totals = frozenset(
            at for at in _positions_of(self.strings, "total") if is_total([self.strings[at].as_py(), ""])
        )

    def parsed(self, name: str) -> ElementTree.Element:
        if self.archive.getinfo(name).file_size > PART_MAX:
            raise Unreadable(f"{name} has more than {PART_MAX >> 20} MB")
        content = self.archive.read(name)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise Unreadable("it declares entities of its own, which no office program writes")
        return ElementTree.fromstring(content)

    def sheets(self) -> list[XlsxSheet]:
        found = []
        for entry in self.book.iterfind(f"{MAIN}sheets/{MAIN}sheet"):
            target = self.relations[str(entry.get(RELATION))]
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if "chartsheet" in name or "dialogsheet" in name:
                continue
            hidden = entry.get("state", "visible") != "visible"
            found.append(XlsxSheet(self, str(entry.get("name")), part=name, hidden=hidden))
        for sheet in found:
            sheet.check()
        return found

    def read_formats(self) -> list[str]:
        """What each style of a cell shows: a day, a duration, or nothing of the kind."""
        if "xl/styles.xml" not in self.archive.namelist():
            return []
        styles = self.parsed("xl/styles.xml")
        codes = {
            int(entry.get("numFmtId", "0")): str(entry.get("formatCode", ""))
            for entry in styles.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")
        }
        numbers = [int(entry.get("numFmtId", "0")) for entry in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
        return [is_day_format(number, codes.get(number, "")) for number in numbers]

    def read_strings(self) -> pa.Array:
        """The texts that cells share."""
        if "xl/sharedStrings.xml" not in self.archive.namelist():
            return pa.array([], pa.large_string())
        parts: list[pa.Array] = []
        for chunk in _chunks(self.archive, "xl/sharedStrings.xml", b"</si>"):
            if ODD_TEXT in chunk or chunk.count(b"<si") != len(found := ITEM.findall(chunk)):
                raise Unusual
            parts.append(pa.array([_joined_text(item) for item in found], pa.large_string()))
        return pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())


def _positions_of(strings: pa.Array, word: str) -> list[int]:
    found = pc.match_substring(strings, word, ignore_case=True)
    return [int(at) for at in np.flatnonzero(found.to_numpy(zero_copy_only=False))]


def _joined_text(item: bytes) -> str:
    """The text of a shared or inline string, whose parts may have fonts of their own."""
    if b"<rPh" in item:
        item = PHONETIC.sub(b"", item)
    text = b"".join(TEXT.findall(item)).decode()
    return _plain(text) if "&" in text or "_x" in text else text


def _plain(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), unescape(text))


def _chunks(archive: zipfile.ZipFile, name: str, end: bytes, below: list[bytes] | None = None) -> Iterator[bytes]:
    """A part in chunks that end after a tag; what is after the last one is added to `below`."""
    waiting = b""
    with archive.open(name) as part:
        while more := part.read(BYTES_A_CHUNK):
            whole, found, rest = (waiting + more).rpartition(end)
            if found:
                yield whole + found
            waiting = rest
            if len(waiting) > 1 << 26:
                raise Unreadable(f"{name} has a row of more than 64 MB")
    if below is not None:
        below.append(waiting)


class XlsxSheet:
    """A sheet, which is read from its beginning each time."""

    def __init__(self, book: _Book, name: str, *, part: str, hidden: bool) -> None:
        self.book, self.name, self.part, self.hidden = book, name, part, hidden
        self.hidden_columns: frozenset[int] = frozenset()
        self.below: list[bytes] = []

    def check(self) -> None:
        """Raises `Unusual` where the beginning of the sheet is not written as expected."""
        with self.book.archive.open(self.part) as part:
            head = part.read(1 << 16)
        if b"<worksheet" not in head:
            raise Unusual
        self.hidden_columns = hidden_columns(head)
        for chunk in self.chunks():
            _row_starts(chunk, Unusual())
            return

    def chunks(self) -> Iterator[bytes]:
        """The rows in chunks, without what the sheet says above them; what it says below them is left in `below`."""
        self.below.clear()
        for at, chunk in enumerate(_chunks(self.book.archive, self.part, b"</row>", self.below)):
            yield chunk if at else chunk[max(chunk.find(b"<sheetData"), 0) :]

    def top(self, rows: int) -> list[list[str]]:
        found: list[list[str]] = []
        for chunk in self.chunks():
            for number, body in _rows_in(chunk, Unreadable(DAMAGED)):
                if number > rows:
                    return found
                found += [[] for _ in range(number - 1 - len(found))]
                found.append(self.cells(body))
        return found

    def count(self, above: int) -> int:
        return sum(
            1
            for chunk in self.chunks()
            for number, body in _rows_in(chunk, Unreadable(DAMAGED))
            if number > above and _is_filled(body)
        )

    def cells(self, body: bytes) -> list[str]:
        """All cells of a row as text, each at its place; an empty list for a blank row."""
        row: dict[int, str] = {}
        for letters, _, attributes, value, inner in ANY_CELL.findall(body):
            text = self.text(attributes, value, inner)
            if text:
                row[place_of(letters)] = text
        return [row.get(at, "") for at in range(max(row) + 1)] if row else []

    def text(self, attributes: bytes, value: bytes, inner: bytes) -> str | None:
        """A cell as text."""
        if inner and not value:
            if b"<is" in inner:
                return _joined_text(inner) or None
            found = VALUE.search(inner)
            value = found[1] if found else b""
        kind = TYPE.search(attributes)
        if not value:  # a formula whose value no program has computed says something that is not read
            formula = FORMULA.search(inner) if inner and not kind else None
            return f"={_plain((formula[1] or b'').decode())}" if formula else None
        match kind[1] if kind else b"n":
            case b"s":
                at = int(value)
                return self.book.strings[at].as_py() or None if 0 <= at < len(self.book.strings) else None
            case b"b":
                return "true" if value == b"1" else "false"
            case b"n":
                style = STYLE.search(attributes)
                at = int(style[1]) if style else 0
                shows = self.book.formats[at] if at < len(self.book.formats) else ""
                return number_text(value.decode(), shows, from_1904=self.book.from_1904)
            case b"d":
                return value.decode().replace("T", " ").removesuffix(" 00:00:00")
            case _:  # a text of its own, or an error, such as #DIV/0!
                return _plain(value.decode())

    def blocks(self, plan: Plan) -> Iterator[SheetBlock]:
        places = plan.places or ()
        named = [letters_of(place) for place in places if place is not None]
        pattern = re.compile(CELL % (b"|".join(named) or b"-"), re.DOTALL)
        last = plan.above
        for chunk in self.chunks():
            rows = _Rows(chunk, above=plan.above)
            if not len(rows.numbers):
                continue
            columns = self.columns(rows, pattern, [b"" if place is None else letters_of(place) for place in places])
            block = self.rows_alone(rows, columns, last, plan.width)
            last = int(rows.numbers[-1])
            yield block

    def columns(self, rows: _Rows, pattern: re.Pattern[bytes], letters: Sequence[bytes]) -> list[pa.Array]:
        """Some columns of some rows as text, NULL where a cell is empty."""
        nothing = pa.nulls(len(rows.numbers), pa.string())
        found = pattern.findall(rows.body) if any(letters) else []
        if not found:
            return [nothing for _ in letters]
        names, at, attributes, values, inners = (pa.array(part, pa.binary()) for part in zip(*found, strict=True))
        said = at.cast(pa.string()).cast(pa.int64()).to_numpy()
        of_rows = np.minimum(np.searchsorted(rows.numbers, said), len(rows.numbers) - 1)
        if (rows.numbers[of_rows] != said).any():
            raise Unreadable(DAMAGED)
        columns = {}
        encoded = names.dictionary_encode()
        codes = encoded.indices.to_numpy()
        for code, name in enumerate(encoded.dictionary.to_pylist()):
            cells = pa.array(np.flatnonzero(codes == code))
            texts = self.column(attributes.take(cells), values.take(cells), inners.take(cells))
            where = np.full(len(rows.numbers), -1, np.int64)
            where[of_rows[cells.to_numpy()]] = np.arange(len(cells))
            columns[name] = texts.take(pa.array(where, mask=where < 0))
        return [columns.get(name, nothing) for name in letters]

    def column(self, attributes: pa.Array, values: pa.Array, inners: pa.Array) -> pa.Array:
        """Cells as text, each distinct one read once."""
        coded = [part.dictionary_encode() for part in (attributes, values, inners)]
        sizes = [len(part.dictionary) for part in coded]
        keys = np.zeros(len(attributes), np.int64)
        for part, size in zip(coded, sizes, strict=True):
            keys = keys * size + part.indices.to_numpy()
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        take = pa.array(first)
        distinct = [
            self.text(*cell)
            for cell in zip(*(part.take(take).to_pylist() for part in (attributes, values, inners)), strict=True)
        ]
        texts: pa.Array = pa.array(distinct, pa.string()).take(pa.array(inverse.reshape(-1)))
        return texts

    def rows_alone(self, rows: _Rows, columns: list[pa.Array], last: int, width: int) -> SheetBlock:
        """The rows without those that are blank or totals, and what the lines since the last row were."""
        filled = np.zeros(len(rows.numbers), np.int64)
        for column in columns:
            filled += column.is_valid().to_numpy(zero_copy_only=False)
        suspects = {int(at) for at in np.flatnonzero(filled <= 1)} | rows.naming_totals(self.book.totals)
        keep = np.ones(len(rows.numbers), bool)
        counts = {"lines": int(rows.numbers[-1]) - last, "blank": 0, "totals": 0}
        for at in suspects:
            cells = self.cells(rows.body_of(at))
            kind = "" if any(cells) and not is_total(cells, width) else "totals" if any(cells) else "blank"
            if kind:
                counts[kind] += 1
                keep[at] = False
        counts["blank"] += counts["lines"] - len(rows.numbers)
        counts["rows"] = int(keep.sum())
        mask = pa.array(keep)
        hidden = int((rows.hidden & keep).sum())
        return SheetBlock([column.filter(mask) for column in columns], rows.numbers[keep], counts, hidden)

    def oddities(self, plan: Plan) -> list[str]:
        spans = MERGED.findall(b"".join(self.below))
        merged = sum(1 for first, last in spans if plan.above < int(last) and first != last)
        hidden = sorted({place for place in plan.places or () if place is not None} & self.hidden_columns)
        odd = [MERGED_CELLS.format(count=f"{merged:,}")] if merged else []
        names = ", ".join(letters_of(place).decode() for place in hidden)
        return [*odd, HIDDEN_COLUMNS.format(names=names)] if hidden else odd


class _Rows:
    """The rows of a chunk of XML below some: their numbers and where each begins."""

    def __init__(self, chunk: bytes, *, above: int) -> None:
        found = _row_starts(chunk, Unreadable(DAMAGED))
        numbers = np.array([number for number, _ in found], np.int64)
        if len(numbers) and ((np.diff(numbers) <= 0).any() or numbers[-1] > ROWS_MAX):
            raise Unreadable(DAMAGED)
        skipped = int((numbers <= above).sum())
        self.numbers: Whole = numbers[skipped:]
        self.starts = [start for _, start in found[skipped:]]
        self.hidden = np.zeros(len(self.numbers), bool)
        if any(mark in chunk for mark in HIDDEN):
            tags = [match[0] for match in ROW.finditer(chunk)][skipped:]
            self.hidden = np.array([any(mark in tag for mark in HIDDEN) for tag in tags], bool)
        begin = self.starts[0] if self.starts else len(chunk)
        self.body = chunk[begin:]
        self.starts = [*(start - begin for start in self.starts), len(self.body)]

    def body_of(self, at: int) -> bytes:
        return self.body[self.starts[at] : self.starts[at + 1]]

    def naming_totals(self, strings: frozenset[int]) -> set[int]:
        """The rows with a text that may name a total: one of these shared strings, or a text of its own."""
        found = set()
        for word in (b"otal", b"OTAL", *(b"<v>%d</v>" % at for at in strings)):
            offset = self.body.find(word)
            while offset >= 0:
                at = int(np.searchsorted(self.starts, offset, "right")) - 1
                found.add(at)
                offset = self.body.find(word, self.starts[at + 1])
        return found


def _row_starts(chunk: bytes, fault: Exception) -> list[tuple[int, int]]:
    """The number of each row in a chunk, and where it begins; raises the fault where rows are not written as expected."""
    found = [(int(match[1]), match.start()) for match in ROW.finditer(chunk)]
    if len(found) != chunk.count(b"<row") or chunk.count(b"<c") != chunk.count(b'<c r="') or ODD_TEXT in chunk:
        raise fault
    return found


def _rows_in(chunk: bytes, fault: Exception) -> Iterator[tuple[int, bytes]]:
    found = _row_starts(chunk, fault)
    ends = [*(start for _, start in found[1:]), len(chunk)]
    return iter([(number, chunk[start:end]) for (number, start), end in zip(found, ends, strict=True)])


def _is_filled(body: bytes) -> bool:
    return any(VALUE.findall(body)) or any(TEXT.findall(body))
