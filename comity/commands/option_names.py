"""Rewrites findings of library code, which name parameters, so that they name the options of a command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec import structs

from comity.finding import Finding, InputFault, Place


def in_options(findings: Iterable[Finding], options: Mapping[str, str]) -> list[Finding]:
    """The findings with the option in place of each parameter: as the location, and where a text has it in backticks."""
    return [
        structs.replace(
            finding,
            place=_place(finding.place, options),
            message=_text(finding.message, options),
            help=_text(finding.help, options),
        )
        for finding in findings
    ]


@contextmanager
def naming_options(options: Mapping[str, str]) -> Iterator[None]:
    """Raises an `InputFault` from within the block again with the options of the command in place of the parameters."""
    try:
        yield
    except InputFault as fault:
        raise InputFault(in_options(fault.findings, options)) from None


def _place(place: Place, options: Mapping[str, str]) -> Place:
    return structs.replace(place, source=options.get(place.source, place.source))


def _text(text: str, options: Mapping[str, str]) -> str:
    for parameter, option in options.items():
        text = text.replace(f"`{parameter}`", option)
    return text
