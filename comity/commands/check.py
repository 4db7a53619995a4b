"""`comity check`: checks law files."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from comity.authoring.check import CheckResult, check_files
from comity.claims.boundaries import BOUNDARY, SIDE
from comity.commands.options import bad, folders, shared
from comity.commands.output import show_json
from comity.finding import InputFault, grave
from comity.law.cache import shipped

FAILS = 1
PAUSE_SECONDS = 0.3


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--watch", is_flag=True, help="Check again whenever a law file changes, until interrupted.")
@shared
def command(paths: tuple[str, ...], watch: bool, library: tuple[str, ...], as_json: bool) -> int:
    """Reads law files, checks each alone and against the rest of the law, and runs the cases written in them.

    PATH is a folder laid out like the shipped law (us/STATE/PLACE/NAME.md), or a file in one; without PATH, the shipped law is
    checked. Then the claims that every instrument must meet are proved: no provision is dead, no two provisions collide, a duty
    that always yields to higher law is shown, and there is a case on each side of every boundary. Proofs need the extra prove;
    without it they are left out, and a warning says so. Exits 1 if there is an error.

    \b
    Example: comity check county-law/us/fl/alachua/ordinance-2025-4.md
    Example: comity check county-law --watch
    """
    if not watch:
        return _check(paths, library, as_json)
    if as_json:
        raise bad("--watch", "not-with-json", "one document cannot tell what changes", "leave out --json")
    return _watch(paths, library)


def _watch(paths: tuple[str, ...], library: tuple[str, ...]) -> int:
    """Checks again whenever a law file changes, until it is interrupted."""
    seen: dict[Path, int] = {}
    while True:
        roots = [Path(path) for path in (*paths, *library)] or [shipped()]
        now = {path: path.stat().st_mtime_ns for root in roots for path in _law_files(root) if path.exists()}
        if now != seen:
            seen = now
            click.echo(f"{datetime.now():%H:%M:%S}")
            try:
                _check(paths, library, as_json=False)
            except InputFault as fault:  # a file that cannot be read at all does not end the watch
                click.echo(str(fault), err=True)
        time.sleep(PAUSE_SECONDS)


def _law_files(path: Path) -> Iterable[Path]:
    return path.rglob("*.md") if path.is_dir() else (path,)


def _check(paths: tuple[str, ...], library: tuple[str, ...], as_json: bool) -> int:
    """Checks once, prints the findings, and returns the exit code."""
    result = check_files([Path(path) for path in paths], folders(library))
    if as_json:
        show_json(_document(result))
    else:
        for finding in result.findings:
            click.echo(finding.lines())
        click.echo(_summary(result))
    return FAILS if grave(result.findings) else 0


def _document(result: CheckResult) -> dict[str, object]:
    """What was checked and found, for JSON."""
    errors = len(grave(result.findings))
    return {
        "law_version": result.law.version,
        "instruments": len(result.chosen),
        "cases": _case_count(result),
        "boundaries": result.boundaries,
        "distinct_boundaries": result.distinct,
        "errors": errors,
        "warnings": len(result.findings) - errors,
        "findings": result.findings,
    }


def _summary(result: CheckResult) -> str:
    """What was checked and found, in one line."""
    errors = len(grave(result.findings))
    cases = f"{_count(_case_count(result), 'case')} run" if result.ran else "no case run"
    warnings = _count(len(result.findings) - errors, "warning")
    checks = f"{_count(len(result.chosen), 'instrument')}, {cases}{_boundaries(result)}"
    return f"{checks}: {_count(errors, 'error')}, {warnings}"


def _case_count(result: CheckResult) -> int:
    return sum(len(instrument.cases) for instrument in result.chosen)


def _boundaries(result: CheckResult) -> str:
    """How many boundaries the conditions draw, and how many of them lack a case on either side."""
    if not result.boundaries:
        return ""
    lacking = sum(finding.code in (BOUNDARY, SIDE) for finding in result.findings)
    distinct = f" ({result.distinct:,} of them distinct)" if result.distinct != result.boundaries else ""
    both = f"{lacking:,} without a case on each side" if lacking else "a case on each side of each"
    noun = "boundary" if result.boundaries == 1 else "boundaries"
    return f", {result.boundaries:,} {noun}{distinct}, {both}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
