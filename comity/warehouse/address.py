"""The address of a table in a database: how to connect, which table, and what may be shown of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from msgspec import Struct

from comity.finding import Finding, InputFault, Place, phrase
from comity.warehouse.database import quoted

SECRET = re.compile(r"(?i)pass|user|token|secret|key")
PASSWORD = re.compile(r"(?i)(\b\w*(?:pass|user|token|secret|key)\w*\s*=\s*)('[^']*'|\S+)")


class TableAddress(Struct, frozen=True):
    """A table at `scheme://user@host/database/table`: `table` is its name as SQL has it, `shown` has no user and no password."""

    parts: SplitResult
    database: str
    table: str
    shown: str

    @property
    def names(self) -> list[str]:
        """The table's name and, before it, the schema where one is named."""
        return unquote(self.parts.path.split("/")[2]).split(".", 1)

    @property
    def server(self) -> str:
        """The address of the database, with the user and the password: never to be shown."""
        query = f"?{self.parts.query}" if self.parts.query else ""
        return f"{self.parts.scheme}://{self.parts.netloc}/{self.parts.path.split('/')[1]}{query}"

    def hide(self, text: str) -> str:
        """A text of the server or of its driver without what is secret in the address."""
        for secret in (self.server, self.parts.geturl(), self.parts.netloc, *self._secrets()):
            text = text.replace(secret, "...") if secret else text
        user = unquote(self.parts.username or "")
        for named in (f'"{user}"', f"'{user}'", f"{user}: ") if user else ():
            text = text.replace(named, named.replace(user, "...", 1))
        return text

    def _secrets(self) -> Iterator[str]:
        """The password, and each secret after the question mark, as it was written and as it was meant."""
        pairs = [pair.split("=", 1) for pair in self.parts.query.split("&") if "=" in pair]
        secrets = [value for name, value in pairs if SECRET.search(name)]
        for secret in (self.parts.password or "", *secrets):
            yield from (secret, unquote(secret))


def read_address(address: str, schemes: Collection[str]) -> TableAddress:
    """The table that an address names, perhaps with its schema (`database/schema.table`); raises `InputFault`."""
    shown, scheme = without_secrets(address), next(iter(schemes))
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket without the other one
        parts = urlsplit("")
    path = [unquote(part) for part in parts.path.split("/")[1:]]
    if parts.scheme not in schemes or len(path) != 2 or not all(path):
        message = phrase("names no table of a database")
        help = phrase(
            "write {scheme}://HOST/DATABASE/TABLE, and in a user and a password %2F for /, %3F for ?, %23 for # and %40 for @",
            scheme=scheme,
        )
        raise InputFault([Finding("not-a-table", Place(phrase("{shown}", shown=shown)), message, help)])
    database, name = path
    return TableAddress(parts, database, ".".join(map(quoted, name.split(".", 1))), shown)


def without_secrets(address: str) -> str:
    """An address as a message may show it: without a user, a password and what follows a question mark, also where it is misspelt."""
    scheme, sign, rest = address.partition("://")
    if not sign:  # such as the words of a connection, "host=... password=..."
        return PASSWORD.sub(r"\1...", address.rpartition("@")[2])
    before, _, query = rest.partition("?")
    misspelt = "@" in query and "/" in query.rpartition("@")[2]  # the question mark is one of the password
    return f"{scheme}://{(rest if misspelt else before).rpartition('@')[2].partition('?')[0]}"


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
