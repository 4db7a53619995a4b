"""`comity check`: what is wrong with law files."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import click

from comity.commands.options import bad, folders, shared
from comity.commands.output import show_json
from comity.decide.cases import run_cases
from comity.door.sides import outside, root_of
from comity.door.stored import load, shipped
from comity.finding import Finding, InputFault, grave
from comity.law.instrument import Instrument
from comity.law.library import Library

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
        now = {path: path.stat().st_mtime_ns for root in (*paths, *library) for path in _files(Path(root)) if path.exists()}
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
    roots = [root for root in dict.fromkeys(_root(path) for path in paths) if root.resolve() != shipped().resolve()]
    law, findings = load([*folders(library), *roots])
    wanted = [Path(path).resolve() for path in paths] or [shipped().resolve(), *(Path(own).resolve() for own in library)]
    chosen = [own for own in law.instruments.values() if _within(own.place.source, wanted)]
    found = [own for own in findings if own.grave or _within(own.place.source, wanted)]
    if not grave(findings):  # one fault would come back from every case
        found += run_cases(law, chosen)
        found += _claims(law, chosen)
    _tell(found, chosen, law, as_json)
    return FAILS if grave(found) else 0


def _claims(law: Library, chosen: Sequence[Instrument]) -> list[Finding]:
    from comity.decide.checking import check_claims  # noqa: PLC0415  no solver before the law can be relied on

    return [finding for own in chosen for finding in check_claims(law, own)]


def _root(path: str) -> Path:
    """The folder of law that a path is in."""
    given = Path(path)
    if not given.exists():
        raise bad(path, "no-file", "there is no such file or folder", "name a law file, or a folder that holds a folder us")
    root = root_of(given)
    if root is None:
        raise InputFault([outside(path)])
    return root


def _within(source: str, wanted: Sequence[Path]) -> bool:
    path = Path(source).resolve()
    return any(path == own or own in path.parents for own in wanted)


def _tell(found: Sequence[Finding], chosen: Sequence[Instrument], law: Library, as_json: bool) -> None:
    cases, errors = sum(len(own.cases) for own in chosen), len(grave(found))
    if as_json:
        counts = {"instruments": len(chosen), "cases": cases, "errors": errors, "warnings": len(found) - errors}
        show_json({"law_version": law.version, **counts, "findings": found})
        return
    for finding in found:
        click.echo(finding.lines())
    ran = f"{_count(cases, 'case')} run" if not errors or any(own.code == "case-fails" for own in found) else "no case run"
    warnings = _count(len(found) - errors, "warning")
    click.echo(f"{_count(len(chosen), 'instrument')}, {ran}: {_count(errors, 'error')}, {warnings}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
