"""Names the options of the command line where a finding names the parameters of the library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def by_option(findings: Iterable[Finding], options: Mapping[str, str] = OPTIONS) -> list[Finding]:
    """The findings with each parameter, as a place or in backquotes in a help text, replaced by its option."""
    return [
        structs.replace(finding, place=_option_of(finding.place, options), help=_in_options(finding.help, options))
        for finding in findings
    ]


def _option_of(place: Place, options: Mapping[str, str]) -> Place:
    name, colon, rest = place.source.partition(": ")
    return structs.replace(place, source=f"{options[name]}{colon}{rest}") if name in options else place


def _in_options(help: str, options: Mapping[str, str]) -> str:
    for name, option in options.items():
        help = help.replace(f"`{name}`", option)
    return help


def exit_code_of(rows: int, refused: int) -> int:
    """The exit code for a table: 1 where it has rows and every one was refused, else 0."""
    return REFUSED_ALL if rows and refused == rows else 0
