"""What commands share: the options for a county's law and for JSON, and readers of days and files that options name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from comity.commands.parameters import by_option
from comity.finding import Finding, InputFault, Place, grave
from comity.period import day_of

if TYPE_CHECKING:
    from comity.facts.vocabulary import Vocabulary
    from comity.intake.column_map.column_map import ColumnMap

Command = TypeVar("Command", bound=Callable[..., Any])
LIBRARY_HELP = "A folder of a county's law, added to the shipped law; repeatable."
COUNTRY = "us"
COLUMNS_HELP = "How the columns of TABLE are read, for headings of its own; `comity columns` begins such a map."
COLUMN_HELP = "A column and the fact that it gives; repeatable."
DAYS_HELP = "How days are written: mdy, dmy, ymd or excel."
COLUMN_OPTIONS = {"column": "--column", "columns": "--columns", "days": "--days"}
NO_LAW_HELP = "name a folder that holds a folder us, or a table such as rates.csv"
BASIS_HELP = "The rate of a day: average (the default), marginal or federal."


def shared(command: Command) -> Command:
    """Adds `--library` and `--json` to a command, which receives `library` (folders) and `as_json`."""
    library = click.option("--library", multiple=True, metavar="DIR", help=LIBRARY_HELP)
    json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
    return library(json(command))


def with_own_columns(command: Command) -> Command:
    """Adds the options for a table with headings of its own; the command receives `columns`, `column` and `days`."""
    columns = click.option("--columns", metavar="MAP.yaml", help=COLUMNS_HELP)
    column = click.option("--column", metavar="NAME=FACT", multiple=True, help=COLUMN_HELP)
    days = click.option("--days", metavar="ORDER", default="", help=DAYS_HELP)
    return columns(column(days(command)))


def columns_given(columns: str | None, column: Sequence[str], days: str, vocabulary: Vocabulary) -> ColumnMap | None:
    """The map of columns that the options give together; raises `InputFault` on one that cannot be used."""
    if not columns and not column and not days:
        return None
    from comity.intake.column_map.read_map import add_columns, read_column_map  # noqa: PLC0415  --help needs none of it

    column_map = None
    if columns:
        column_map, findings = read_column_map(columns, vocabulary)
        refuse(findings)
    pairs = []
    for text in column:
        heading, sign, fact = text.rpartition("=")
        if not sign or not heading.strip() or not fact.strip():
            message = f'"{text}" does not say which column gives which fact'
            raise bad("--column", "not-a-column", message, 'write NAME=FACT, as in "Book Date=request.received_on"')
        pairs.append((heading.strip(), fact.strip()))
    column_map, findings = add_columns(column_map, pairs, days, vocabulary)
    refuse(by_option(findings, COLUMN_OPTIONS))
    return column_map


def day_given(text: str | None, option: str) -> date | None:
    """The day that an option gives, or None where it is not given; raises `InputFault` on text that is not a day."""
    if text is None:
        return None
    day = day_of(text)
    if day is None:
        raise bad(option, "not-a-day", f'"{text}" is no day', "write YYYY-MM-DD, as in 2017-01-26")
    return day


def content_of(path: str) -> tuple[bytes, str]:
    """The content of a file, or of standard input for `-`, and the name that findings use for it."""
    if path == "-":
        return sys.stdin.buffer.read(), "standard input"
    try:
        return Path(path).read_bytes(), path
    except FileNotFoundError:
        message, help = "there is no such file", "name a file that exists, or - for standard input"
    except IsADirectoryError:
        message, help = "this is a folder", "name a file, or - for standard input"
    except OSError as fault:
        message, help = f"cannot be read: {(fault.strerror or str(fault)).lower()}", "name a file that can be read"
    raise bad(path, "no-file", message, help)


def bad(where: str, code: str, message: str, help: str) -> InputFault:
    """A fault in the arguments of a command, for the caller to raise."""
    return InputFault([Finding(code, Place(where), message, help)])


def refuse(findings: Iterable[Finding]) -> None:
    """Raises `InputFault` where there is a grave finding."""
    faults = grave(findings)
    if faults:
        raise InputFault(faults)


def folders(library: Sequence[str]) -> list[Path]:
    """The folders given with `--library`; raises `InputFault` on one that holds no law, before anything walks through it."""
    paths = [Path(folder) for folder in library]
    names = _names_of_law() if paths else set()
    for path in paths:
        if not path.is_dir():
            raise bad(str(path), "no-folder", "there is no such folder of law", NO_LAW_HELP)
        if names.isdisjoint(entry.name for entry in path.iterdir()):
            raise bad(str(path), "no-law", "this folder holds no law", NO_LAW_HELP)
    return paths


def _names_of_law() -> set[str]:
    """What a folder of law holds, one of these at least: law by place, definitions, conditions, or a table like a shipped one."""
    from comity.law.cache import shipped  # noqa: PLC0415  --help needs no law
    from comity.law.library import CONDITIONS, DEFINITIONS  # noqa: PLC0415

    tables = {entry.name for entry in shipped().iterdir() if entry.suffix in (".csv", ".yaml")}
    return {COUNTRY, DEFINITIONS, CONDITIONS, *tables}
