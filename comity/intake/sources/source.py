"""A source of rows as every kind of file gives it: headings, blocks of numbered rows, and an account of every line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import pyarrow as pa
from msgspec import Struct, structs

from comity.present.clean import cleaned

ROWS_A_PIECE = 250_000
ROWS_AT_FIRST = 25_000  # what is prepared once, such as law, is prepared while the second piece is read
PARTS = (
    "titles",
    "headings",
    "rows",
    "continued",
    "joined",
    "blank",
    "totals",
    "left_out",
)  # of the lines of an account
Known = Callable[[Sequence[str]], int]  # how many of some headings the reader of the table knows


class Unreadable(Exception):
    """Raised for a file that cannot be read as a table; its text says why, in words that may follow a colon."""


class Refused(Struct, frozen=True, omit_defaults=True):
    """A row that is not decided: where it is, a code, and what is wrong.

    `row` is the line of the file, or the row of the sheet, as an editor or a spreadsheet shows it. In Parquet, in JSON without
    lines and in a frame, where no line holds the headings, the first row is 1.
    """

    row: int
    code: str
    message: str
    sheet: str = ""

    @property
    def where(self) -> str:
        """The row in words, with its sheet where the workbook has several."""
        return f"row {self.row} of sheet {cleaned(self.sheet)}" if self.sheet else f"row {self.row}"


class Block(Struct, frozen=True):
    """Some rows: the columns that are read, the number of each row, the rows refused among them, and their sheet."""

    table: pa.Table
    numbers: pa.Array
    refused: Sequence[Refused] = ()
    sheet: str = ""


class Account(Struct, frozen=True, kw_only=True):
    """What became of each line of a file, or of a sheet: every line is counted once, as one of these.

    `rows` are all rows, including the refused. `continued` are further lines of rows with a line break inside a cell. `joined` are
    rows that went into the request of an earlier row of the same booking. `titles` stand above the headings; `headings` counts
    every line of them, also where they are repeated further down. `totals` are rows that add up others. `left_out` counts the
    lines of a sheet that is not read, and `why` says for what reason.
    """

    sheet: str = ""
    lines: int = 0
    titles: int = 0
    headings: int = 0
    rows: int = 0
    continued: int = 0
    joined: int = 0
    blank: int = 0
    totals: int = 0
    left_out: int = 0
    why: str = ""
    hidden: bool = False


def account_of(sheet: str, counts: Mapping[str, int], *, why: str = "", hidden: bool = False) -> Account:
    """The account of a sheet, from the counts of its lines by the names of the fields."""
    return msgspec.convert({"sheet": sheet, "why": why, "hidden": hidden, **counts}, Account)


class Reading(Struct, frozen=True, kw_only=True):
    """How a source was read: its format, what was found out about it, and the account of each file or sheet.

    `notes` are sentences on what was guessed or is odd, for a person to check.
    """

    format: str
    separator: str = ""
    encoding: str = ""
    packed: str = ""
    notes: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = ()


class Ledger:
    """Counts the lines of a source while it is read, and checks at the end that every one is accounted for."""

    def __init__(self, reading: Reading) -> None:
        self.first = reading
        self.clear()

    def clear(self) -> None:
        """Begins a new reading of the source."""
        self.notes: dict[str, None] = dict.fromkeys(self.first.notes)
        self.accounts: dict[str, dict[str, int]] = {}
        self.left_out: list[Account] = []
        self.hidden: set[str] = set()
        self.encoding = self.first.encoding

    def add(self, counts: Mapping[str, int], sheet: str = "") -> None:
        """Adds lines to the account of a sheet, by the names of the fields of `Account`."""
        account = self.accounts.setdefault(sheet, {})
        for name, count in counts.items():
            account[name] = account.get(name, 0) + int(count)

    def note(self, sentence: str) -> None:
        """Notes once what a person should check."""
        self.notes.setdefault(sentence)

    def reading(self) -> Reading:
        """How the source was read so far."""
        accounts = [account_of(sheet, counts, hidden=sheet in self.hidden) for sheet, counts in self.accounts.items()]
        return structs.replace(
            self.first, encoding=self.encoding, notes=tuple(self.notes), accounts=(*accounts, *self.left_out)
        )

    def check(self, rows: int) -> Reading:
        """The whole account at the end of a reading; a line that is in no part of it, or in two, is a fault of this program."""
        reading = self.reading()
        for account in reading.accounts:
            parts = sum(getattr(account, name) for name in PARTS)
            assert account.lines == parts, f"{account.lines} lines were read and {parts} accounted for"
        counted = sum(account.rows for account in reading.accounts)
        assert counted == rows, f"{rows} rows were read and {counted} accounted for"
        return reading


class Source(Struct, frozen=True):
    """A source opened: its headings as written, and a function that reads some of its columns in blocks.

    `blocks` takes the names of all columns and those wanted, and keeps the ledger. `rows` is how many there are, where that is
    known before all is read.
    """

    headings: Sequence[str]
    blocks: Callable[[Sequence[str], Sequence[str]], Iterator[Block]]
    ledger: Ledger
    rows: int | None = None
