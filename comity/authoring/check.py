"""Law files checked whole: read, put beside the rest of the law, their cases run, and what they must meet proved."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path

from msgspec import Struct

from comity.authoring.boundary_cases import check_boundaries
from comity.classification.read_definitions import read_definitions
from comity.decision.cases import run_cases
from comity.extras import MISSING, how_to_install, is_installed
from comity.finding import Finding, InputFault, Place, grave
from comity.law.cache import load, shipped, shipped_definitions
from comity.law.instrument import Instrument
from comity.law.library import CONDITIONS, DEFINITIONS, Library
from comity.lawview.named_law import outside, root_of

PROOFS_LEFT_OUT = Finding(
    MISSING,
    Place("comity check"),
    'proofs were left out, because the extra "prove" is not installed',
    how_to_install("prove"),
    grave=False,
)


class Checked(Struct, frozen=True):
    """What was found in some law files, the instruments that were chosen, and all the law that was read.

    `boundaries` are those that the conditions of the chosen draw, each once for an instrument; of them `distinct` are alike in no
    two. Both are nothing where the law cannot be relied on.
    """

    findings: tuple[Finding, ...]
    chosen: tuple[Instrument, ...]
    law: Library
    boundaries: int = 0
    distinct: int = 0


def checked(paths: Sequence[Path], folders: Sequence[Path] = (), over: Sequence[Path] = ()) -> Checked:
    """Checks files or folders of law; without any, the shipped law and the folders laid over it.

    `over` are folders whose files take the place of those that are checked: what an editor has not saved yet.
    """
    of_definitions = [path for path in paths if DEFINITIONS in path.resolve().parts]
    of_conditions = [path for path in paths if CONDITIONS in path.resolve().parts]
    beside = [*of_definitions, *of_conditions]
    of_law = dict.fromkeys(_root(path) for path in paths if path not in beside)
    roots = [root for root in of_law if root.resolve() != shipped().resolve()]
    law, findings = load([*folders, *roots, *over])
    wanted = [path.resolve() for path in paths or [shipped(), *folders] if path not in beside]
    wanted += [folder.resolve() for folder in over]
    chosen = [own for own in law.instruments.values() if _within(own.place.source, wanted)]
    found = [own for own in findings if own.grave or _within(own.place.source, wanted)]
    drawn: list[Hashable] = []
    proves = is_installed("prove")
    if not grave(findings) and not proves:
        found += run_cases(law, chosen)
        for instrument in chosen:
            faults, covered = check_boundaries(law, instrument)
            found += faults
            drawn += [each.boundary.key for each in covered]
        found.append(PROOFS_LEFT_OUT)
    if not grave(findings) and proves:  # one fault would come back from every case
        from comity.authoring.required_claims import check_claims  # noqa: PLC0415  no solver before the law can be relied on

        found += run_cases(law, chosen)
        for own in chosen:
            faults, covered = check_claims(law, own)
            found += faults
            drawn += [each.boundary.key for each in covered]
    if of_definitions or not paths:
        found += _of_definitions(of_definitions, folders, law)
    if of_conditions or not paths:
        found += _of_conditions(of_conditions, folders, law)
    return Checked(tuple(found), tuple(chosen), law, len(drawn), len({*drawn}))


def _of_definitions(paths: Sequence[Path], folders: Sequence[Path], law: Library) -> list[Finding]:
    """What is wrong with definitions: those that are named, or all that ship and that the folders hold."""
    named = [path if path.is_dir() else path.parent for path in paths]
    inside = [shipped_definitions(), *(folder / DEFINITIONS for folder in folders), *named]
    _, findings = read_definitions(inside, law.vocabulary, law.gazetteer)
    return [own for own in findings if not paths or _within(own.place.source, [path.resolve() for path in paths])]


def _of_conditions(paths: Sequence[Path], folders: Sequence[Path], law: Library) -> list[Finding]:
    """What is wrong with conditions on federal money: those that are named, or all, with the tables that they rest on."""
    from comity.funding.at_stake import money_of  # noqa: PLC0415  no solver before the law can be relied on

    named = [(path if path.is_dir() else path.parent).parent for path in paths]
    _, findings = money_of([*folders, *named], law)
    wanted = [path.resolve() for path in paths]
    return [own for own in findings if not paths or _within(own.place.source, wanted)]


def _root(path: Path) -> Path:
    """The folder of law that a path is in."""
    if not path.exists():
        help = "name a law file, or a folder that holds a folder us"
        raise InputFault([Finding("no-file", Place(str(path)), "there is no such file or folder", help)])
    root = root_of(path)
    if root is None:
        raise InputFault([outside(str(path))])
    return root


def _within(source: str, wanted: Sequence[Path]) -> bool:
    path = Path(source).resolve()
    return any(path == own or own in path.parents for own in wanted)
