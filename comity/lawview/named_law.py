"""Reads the name of a law: a place and a day, or a law file, alone or with all law of its place.

A file can also be read as of the last commit of the working tree that it is in.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.decision.incoming import name_of
from comity.finding import Finding, Place, grave
from comity.intake.named_place import county_findings
from comity.law.cache import load, shipped
from comity.law.in_force import Stack, in_force, of_instrument
from comity.law.instrument import Instrument
from comity.law.library import Library
from comity.period import day_of

LAW_HELP = "write PLACE@DAY, as in us/fl/miami-dade@2017-02-01"


class NamedLaw(Struct, frozen=True):
    """A law that claims are proved about: its stack, its name, and its library."""

    stack: Stack
    name: str
    library: Library

    @property
    def at(self) -> datetime:
        """Noon of its day at its place: the moment at which examples are decided."""
        return datetime.combine(self.stack.day, time(12), ZoneInfo(self.library.gazetteer.zone_of(self.stack.place)))


class LawOptions(Struct, frozen=True, kw_only=True):
    """How named laws are read: with folders added to the shipped law, or a library.

    For a law file also whether all law of its place is read with it (`stack`), and the day on which it is read.
    """

    folders: tuple[Path, ...] = ()
    stack: bool = False
    day: date | None = None
    library: Library | None = None


def read_named_law(law: str, named: LawOptions) -> tuple[NamedLaw | None, list[Finding]]:
    """The law that `PLACE@DAY` or the path of a law file names."""
    if not law.endswith(".md"):
        library, findings = (named.library, ()) if named.library else load(named.folders)
        return (None, list(grave(findings))) if grave(findings) else law_of_place(law, library)
    path = Path(law)
    if not path.is_file():
        return None, [Finding("no-file", Place(law), "there is no such file", "name a law file, or PLACE@DAY")]
    root = law_folder_of(path)
    if root is None:
        return None, [outside_any_place(law)]
    return _of_file(
        path, [*named.folders, *([] if root.resolve() == shipped().resolve() else [root])], named, shown=law
    )


def _of_file(
    path: Path, folders: Sequence[Path], named: LawOptions, *, shown: str
) -> tuple[NamedLaw | None, list[Finding]]:
    library, findings = load(folders)
    if grave(findings):
        return None, list(grave(findings))
    return law_of_file(path, library, named, shown=shown)


def read_committed_law(law: str, named: LawOptions) -> tuple[NamedLaw | None, list[Finding]]:
    """A law file as of the last commit; everything around it as it is now."""
    path, root = Path(law), law_folder_of(Path(law))
    if root is None or not path.is_file():
        return None, [outside_any_place(law)]
    asked = ["git", "-C", str(path.resolve().parent), "show", f"HEAD:./{path.name}"]
    try:
        done = subprocess.run(asked, capture_output=True, check=False)
    except FileNotFoundError:
        return None, [
            Finding("no-git", Place(law), "git is not installed here, so there is no last commit", "name a second law")
        ]
    if done.returncode:
        return None, [
            Finding(
                "not-committed",
                Place(law),
                "the last commit does not have this file",
                "commit it, or name a second law",
            )
        ]
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / path.resolve().relative_to(root.resolve())
        before.parent.mkdir(parents=True)
        before.write_bytes(done.stdout)
        beneath = [] if root.resolve() == shipped().resolve() else [root]
        return _of_file(before, [*named.folders, *beneath, Path(folder)], named, shown=f"{law} as last committed")


def law_folder_of(path: Path) -> Path | None:
    """The folder of law that a path is in: the one that contains its `us`."""
    if (path / "us").is_dir():
        return path
    parts = path.parts if "us" in path.parts else path.resolve().parts
    if "us" not in parts:
        return None
    last = len(parts) - 1 - parts[::-1].index("us")
    return Path(*parts[:last]) if last else Path()


def outside_any_place(law: str) -> Finding:
    """The finding for a law file that is in no folder of a place."""
    return Finding(
        "no-place", Place(law), "this law has no place", "put it in a folder named for its place, as in us/fl/alachua/"
    )


def split_law(law: str) -> tuple[str, str]:
    """The place and the day of `PLACE@DAY`, each as text; the day is empty where there is no `@`."""
    place, _, day = law.partition("@")
    return place, day


def stack_named(law: str, library: Library, source: str = "law") -> tuple[Stack | None, list[Finding]]:
    """The stack that `PLACE@DAY` names.

    `source` is the name of the parameter that gives it, for findings.
    """
    name, written = split_law(law)
    if "@" not in law:
        return None, [Finding("not-a-law", Place(source), f'"{law}" does not name a place and a day', LAW_HELP)]
    where = library.gazetteer.named(name)
    if where is None:
        help = library.gazetteer.suggestion(name) or LAW_HELP
        return None, [Finding("unknown-place", Place(source), f'there is no place "{name}"', help)]
    day = day_of(written)
    if day is None:
        return None, [Finding("not-a-day", Place(source), f'"{written}" is no day', LAW_HELP)]
    findings = grave(county_findings(where, library, day, Place(source)))
    return (None, list(findings)) if findings else (in_force(library, where.path, day), [])


def law_of_place(law: str, library: Library) -> tuple[NamedLaw | None, list[Finding]]:
    """The law that `PLACE@DAY` names."""
    stack, findings = stack_named(law, library, "LAW")
    if stack is None:
        return None, findings
    where = library.gazetteer.places[stack.place]
    return NamedLaw(stack, f"the law of {name_of(where, library)}, {stack.day}", library), []


def law_of_file(
    path: Path, library: Library, named: LawOptions, *, shown: str
) -> tuple[NamedLaw | None, list[Finding]]:
    """A law file of a library that was read with it: alone, or with all law of its place.

    By default on its first certain day.
    """
    instrument = instrument_at(path, library)
    if instrument is None:
        return None, [
            Finding(
                "no-law",
                Place(shown),
                "this file was not read as an instrument",
                "begin it as docs/writing-law.md shows",
            )
        ]
    on = named.day or instrument.first_sure_day
    if named.stack:
        stack = in_force(library, instrument.jurisdiction, on)
        return NamedLaw(stack, f"{shown}, among the law of {instrument.jurisdiction} on {on}", library), []
    return NamedLaw(of_instrument(library, instrument, on), f"{shown} alone, {on}", library), []


def instrument_at(path: Path, library: Library) -> Instrument | None:
    """The instrument that was read from a file."""
    wanted = path.resolve()
    return next(
        (
            instrument
            for instrument in library.instruments.values()
            if Path(instrument.place.source).resolve() == wanted
        ),
        None,
    )
