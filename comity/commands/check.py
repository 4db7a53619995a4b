"""`comity check`: what is wrong with law files."""

from __future__ import annotations

from collections.abc import Sequence
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


@click.command("check", short_help="What is wrong with law files, their cases included.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@shared
def command(paths: tuple[str, ...], library: tuple[str, ...], as_json: bool) -> int:
    """Reads law files, checks each on its own and against the rest of the law, and runs the cases that stand in them.

    PATH is a folder laid out as the shipped law is (us/STATE/PLACE/NAME.md), or a file within one; without any, the
    shipped law is checked. Exits 1 where there is an error. What needs a solver is not checked here, nor whether each
    condition has a case on each side of its boundaries.

    \b
    Example: comity check county-law/us/fl/alachua/ordinance-2025-4.md
    """
    roots = [root for root in dict.fromkeys(_root(path) for path in paths) if root.resolve() != shipped().resolve()]
    law, findings = load([*folders(library), *roots])
    wanted = [Path(path).resolve() for path in paths] or [shipped().resolve(), *(Path(own).resolve() for own in library)]
    chosen = [own for own in law.instruments.values() if _within(own.place.source, wanted)]
    found = [own for own in findings if own.grave or _within(own.place.source, wanted)]
    found += [] if grave(findings) else run_cases(law, chosen)  # one fault would come back from every case
    _tell(found, chosen, law, as_json)
    return FAILS if grave(found) else 0


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
