"""Opens a file by its ending, also in an archive; names what to do with a file that is not read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath

from comity.intake.sources.archive import GZIP, ZIP, inner_name
from comity.intake.sources.columnar import open_arrow, open_parquet
from comity.intake.sources.delimited import open_delimited
from comity.intake.sources.json_lines import open_json_lines
from comity.intake.sources.source import Known, Source, Unreadable
from comity.intake.sources.workbook import open_workbook

TEXT = (".csv", ".tsv", ".psv", ".txt")
JSON_LINES = (".jsonl", ".ndjson")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PARQUET, ARROW = ".parquet", (".arrow", ".feather")
READ = (*TEXT, *JSON_LINES, *WORKBOOKS, PARQUET, *ARROW)
SNIFFED = 1024
ZIPPED = "a newer workbook (.xlsx) or another zip archive"
OLD = "an old workbook (.xls), or one that has a password"
STARTS = {
    b"PK\3\4": ZIPPED,
    b"\xd0\xcf\x11\xe0": OLD,
    b"%PDF-": "a PDF",
    b"PAR1": "Parquet",
    b"\x1f\x8b": "packed with gzip",
}
PAGES = (b"<!doctype", b"<html", b"<table", b"<?xml")
# Formats of statistics programs, and how to convert them; the libraries that read them are not among ours.
CONVERTED = {
    ".dta": 'in Python, pandas.read_stata("FILE").to_parquet("new.parquet")',
    ".sav": 'in Python with pyreadstat, pandas.read_spss("FILE").to_parquet("new.parquet")',
    ".sas7bdat": 'in Python, pandas.read_sas("FILE").to_parquet("new.parquet")',
    ".rds": 'in R, arrow::write_parquet(readRDS("FILE"), "new.parquet")',
    ".json": "as JSON lines (.jsonl), one row a line",
}


def open_file(path: Path, known: Known) -> Source:
    """A file or folder as a source of rows; raises `Unreadable` where it is none, and `FileNotFoundError`."""
    if path.is_dir():
        return open_parquet(path)
    if not path.exists():
        raise FileNotFoundError(path)
    name = inner_name(path)
    ending = PurePath(name).suffix.lower()
    if not path.stat().st_size:
        raise Unreadable("it is empty")
    if path.suffix.lower() not in (GZIP, ZIP):
        _check_ending(path, ending)
    if ending in TEXT:
        return open_delimited(path, ending, known)
    if ending in JSON_LINES:
        return open_json_lines(path, known)
    readers: dict[str, Callable[[], Source]] = {
        PARQUET: lambda: open_parquet(path),
        **dict.fromkeys(ARROW, lambda: open_arrow(path)),
        **dict.fromkeys(WORKBOOKS, lambda: open_workbook(path, known)),
    }
    if ending in readers and path.suffix.lower() not in (GZIP, ZIP):
        return readers[ending]()
    raise Unreadable(_not_read(name, ending, packed=ending in readers))


def _check_ending(path: Path, ending: str) -> None:
    """Raises `Unreadable` where a file is evidently of another kind than its ending says."""
    with path.open("rb") as file:
        head = file.read(SNIFFED)
    found = next((what for start, what in STARTS.items() if head.startswith(start)), "")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(PAGES):
        found = "a web page (HTML or XML); open it in a spreadsheet program"
    if ending in WORKBOOKS:
        is_text = not found and b"\0" not in head and not head.startswith(b"\t")  # as the oldest workbooks begin
        found = "delimited text" if is_text else found
    expected = {".xls": OLD} if ending == ".xls" else dict.fromkeys(WORKBOOKS, ZIPPED)
    if found and (ending in TEXT or (ending in WORKBOOKS and found != expected[ending])):
        raise Unreadable(f"it ends in {ending}, and is {found}")


def _not_read(name: str, ending: str, *, packed: bool) -> str:
    if packed:
        return f"{ending} is not read from an archive; unpack it first"
    if ending in CONVERTED:
        return f"{ending} is not read; convert it: {CONVERTED[ending]}"
    what = f'a file with the ending "{ending}"' if ending else f'a file without an ending, "{name}",'
    return f"{what} is not read; these are: {', '.join(READ)}, and text packed as {GZIP} or {ZIP}"
