"""`comity check`: what is wrong with law files."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from comity.authoring.check import Checked, checked
from comity.claims.boundaries import BOUNDARY, SIDE
from comity.commands.options import bad, folders, shared
from comity.commands.output import show_json
from comity.finding import InputFault, grave
from comity.law.cache import shipped

FAILS = 1
PAUSE_SECONDS = 0.3


@click.command("check", short_help="What is wrong with law files, their cases included.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--watch", is_flag=True, help="Check again whenever a law file changes, until interrupted.")
@shared
def command(paths: tuple[str, ...], watch: bool, library: tuple[str, ...], as_json: bool) -> int:
    """Reads law files, checks each on its own and against the rest of the law, and runs the cases that stand in them.

    PATH is a folder laid out as the shipped law is (us/STATE/PLACE/NAME.md), or a file within one; without any, the
    shipped law is checked. Then what every instrument must meet is proved: no provision is dead, no two collide, a duty that
    always yields to higher law is shown, and the cases stand on each side of every boundary. Exits 1 where there is an error.

    \b
    Example: comity check county-law/us/fl/alachua/ordinance-2025-4.md
    Example: comity check county-law --watch
    """
    if not watch:
        return _checked(paths, library, as_json)
    if as_json:
        raise bad("--watch", "not-with-json", "one document cannot tell what changes", "leave out --json")
    return _watched(paths, library)


def _watched(paths: tuple[str, ...], library: tuple[str, ...]) -> int:
    """Checks again whenever a law file changes, until it is interrupted."""
    seen: dict[Path, int] = {}
    while True:
        roots = [Path(path) for path in (*paths, *library)] or [shipped()]
        now = {path: path.stat().st_mtime_ns for root in roots for path in _files(root) if path.exists()}
        if now != seen:
            seen = now
            click.echo(f"{datetime.now():%H:%M:%S}")
            _told(paths, library)
        time.sleep(PAUSE_SECONDS)


def _told(paths: tuple[str, ...], library: tuple[str, ...]) -> None:
    """One check of a watch: a file that cannot be read at all is told too, and does not end it."""
    try:
        _checked(paths, library, as_json=False)
    except InputFault as fault:
        click.echo(str(fault), err=True)


def _files(path: Path) -> Iterable[Path]:
    return path.rglob("*.md") if path.is_dir() else (path,)


def _checked(paths: tuple[str, ...], library: tuple[str, ...], as_json: bool) -> int:
    made = checked([Path(path) for path in paths], folders(library))
    _tell(made, as_json)
    return FAILS if grave(made.findings) else 0


def _tell(made: Checked, as_json: bool) -> None:
    found = made.findings
    cases, errors = sum(len(own.cases) for own in made.chosen), len(grave(found))
    if as_json:
        counts = {
            "instruments": len(made.chosen),
            "cases": cases,
            "boundaries": made.boundaries,
            "distinct_boundaries": made.distinct,
        }
        counts |= {"errors": errors, "warnings": len(found) - errors}
        show_json({"law_version": made.law.version, **counts, "findings": found})
        return
    for finding in found:
        click.echo(finding.lines())
    ran = (
        f"{_count(cases, 'case')} run"
        if not errors or any(own.code == "case-fails" for own in found)
        else "no case run"
    )
    warnings = _count(len(found) - errors, "warning")
    click.echo(
        f"{_count(len(made.chosen), 'instrument')}, {ran}{_bounded(made)}: {_count(errors, 'error')}, {warnings}"
    )


def _bounded(made: Checked) -> str:
    """How many boundaries the conditions draw, and that each has a case on either side, where that is so."""
    if not made.boundaries:
        return ""
    lacking = sum(own.code in (BOUNDARY, SIDE) for own in made.findings)
    distinct = f" ({made.distinct:,} of them distinct)" if made.distinct != made.boundaries else ""
    both = f"{lacking:,} without a case on each side" if lacking else "a case on each side of each"
    words = "boundary" if made.boundaries == 1 else "boundaries"
    return f", {made.boundaries:,} {words}{distinct}, {both}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
