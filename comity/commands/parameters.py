"""Names the options of the command line where a finding names the parameters of the library."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from comity.finding import Finding, Place

OPTIONS = {
    "assume": "--assume",
    "group_by": "--group-by",
    "law": "--law",
    "place": "--place",
    "without_duplicates": "--without-duplicates",
}
REFUSED_ALL = 1  # the exit code where every row of a table was refused


def by_option(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with each parameter, as a place or in backquotes in a help text, replaced by its option."""
    return [
        structs.replace(finding, place=_option_of(finding.place), help=_in_options(finding.help))
        for finding in findings
    ]


def _option_of(place: Place) -> Place:
    name, colon, rest = place.source.partition(": ")
    return structs.replace(place, source=f"{OPTIONS[name]}{colon}{rest}") if name in OPTIONS else place


def _in_options(help: str) -> str:
    for name, option in OPTIONS.items():
        help = help.replace(f"`{name}`", option)
    return help


def exit_code_of(rows: int, refused: int) -> int:
    """The exit code for a table: 1 where it has rows and every one was refused, else 0."""
    return REFUSED_ALL if rows and refused == rows else 0
