"""Names the options of the command line where a finding of the library names its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec import structs

from comity.finding import Finding, InputFault, Place

OPTIONS = {
    "assume": "--assume",
    "columns": "--columns",
    "group_by": "--group-by",
    "into": "--into",
    "law": "--law",
    "out": "--out",
    "place": "--place",
    "without_duplicates": "--without-duplicates",
}
REFUSED_ALL = 1  # the exit code where every row of a table was refused


def by_option(findings: Iterable[Finding], options: Mapping[str, str] = OPTIONS) -> list[Finding]:
    """The findings with the option in place of each parameter: as the location, and where a text has it in backquotes."""
    return [
        structs.replace(
            finding,
            place=_option_of(finding.place, options),
            message=_in_options(finding.message, options),
            help=_in_options(finding.help, options),
        )
        for finding in findings
    ]


@contextmanager
def naming_options(options: Mapping[str, str]) -> Iterator[None]:
    """Raises an `InputFault` from within the block again with the options of the command in place of the parameters."""
    try:
        yield
    except InputFault as fault:
        raise InputFault(by_option(fault.findings, options)) from fault.__cause__


def _option_of(place: Place, options: Mapping[str, str]) -> Place:
    name, colon, rest = place.source.partition(": ")
    return structs.replace(place, source=f"{options[name]}{colon}{rest}") if name in options else place


def _in_options(text: str, options: Mapping[str, str]) -> str:
    for parameter, option in options.items():
        text = text.replace(f"`{parameter}`", option)
    return text


def exit_code_of(rows: int, refused: int) -> int:
    """The exit code for a table: 1 where it has rows and every one was refused, else 0."""
    return REFUSED_ALL if rows and refused == rows else 0
