"""Findings about parameters of the library, as findings about the options of a command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import structs

from comity.finding import Finding


def by_option(findings: Iterable[Finding], options: Mapping[str, str]) -> list[Finding]:
    """The findings, with each place that is a parameter named by its option; `options` maps parameters to options."""
    return [
        structs.replace(finding, place=structs.replace(finding.place, source=options[finding.place.source]))
        if finding.place.source in options
        else finding
        for finding in findings
    ]
