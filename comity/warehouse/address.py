"""The address of a table in a database: how to connect, which table, and what may be shown of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from msgspec import Struct

from comity.finding import Finding, InputFault, Place, phrase
from comity.warehouse.database import quoted


class TableAddress(Struct, frozen=True):
    """A table at `scheme://user@host/database/table`: `table` is its name as SQL has it, `shown` has no user and no password."""

    parts: SplitResult
    database: str
    table: str
    shown: str

    @property
    def server(self) -> str:
        """The address of the database, with the user and the password: never to be shown."""
        query = f"?{self.parts.query}" if self.parts.query else ""
        return f"{self.parts.scheme}://{self.parts.netloc}/{self.parts.path.split('/')[1]}{query}"

    def hide(self, text: str) -> str:
        """A text without what is secret in the address."""
        for secret in (self.server, self.parts.geturl(), self.parts.netloc, self.parts.password):
            text = text.replace(secret, "...") if secret else text
        return text


def read_address(address: str, schemes: Collection[str]) -> TableAddress:
    """The table that an address names, perhaps with its schema (`database/schema.table`); raises `InputFault`."""
    parts = urlsplit(address)
    path = [unquote(part) for part in parts.path.split("/")[1:]]
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.scheme else address
    if parts.scheme not in schemes or len(path) != 2 or not all(path):
        message = phrase("names no table of a database")
        help = phrase("write {scheme}://HOST/DATABASE/TABLE", scheme=next(iter(schemes)))
        raise InputFault([Finding("not-a-table", Place(phrase("{shown}", shown=shown)), message, help)])
    database, name = path
    return TableAddress(parts, database, ".".join(map(quoted, name.split(".", 1))), shown)


def read_addresses(source: str, target: str, schemes: Sequence[str]) -> tuple[TableAddress, TableAddress | None]:
    """The tables to read and to write, which are on one server; raises `InputFault`."""
    read, written = read_address(source, schemes), read_address(target, schemes) if target else None
    if written and written.parts._replace(path="") != read.parts._replace(path=""):
        message = phrase("the rows are written on the server that decides them")
        raise InputFault([Finding("two-servers", Place(written.shown), message, phrase("name a table there"))])
    return read, written


def check_target(written: TableAddress, before: Sequence[str], expected: Sequence[str], is_source: bool) -> None:
    """Raises `InputFault` where a table would be replaced that is the one read, or that no replay wrote."""
    if is_source:
        message = phrase("the table that is read would be replaced")
        raise InputFault([Finding("out-is-the-table", Place(written.shown), message, phrase("name another table"))])
    if before and [*before[: len(expected)]] != [*expected]:
        message = phrase("there is such a table, and it is not one that a replay wrote")
        raise InputFault([Finding("table-exists", Place(written.shown), message, phrase("name another table"))])
