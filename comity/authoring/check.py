"""Checks law files: reads them with the rest of the law, runs their cases, and proves the claims that they must meet."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path

from msgspec import Struct

from comity.authoring.boundary_cases import check_boundaries
from comity.claims.prepared import PreparedLaw
from comity.classification.read_definitions import read_definitions
from comity.decision.cases import run_cases
from comity.engine.questions.bounds import TooLarge
from comity.extras import MISSING, how_to_install, is_installed
from comity.finding import Finding, InputFault, Place, grave
from comity.law.cache import load, shipped, shipped_definitions
from comity.law.instrument import Instrument
from comity.law.library import CONDITIONS, DEFINITIONS, Library
from comity.lawview.named_law import law_folder_of, outside_any_place

PROOFS_LEFT_OUT = Finding(
    MISSING,
    Place("comity check"),
    'proofs were left out, because the extra "prove" is not installed',
    how_to_install("prove"),
    grave=False,
)


class CheckResult(Struct, frozen=True, kw_only=True):
    """The findings about law files, the instruments checked, and all law that was read.

    `ran` is whether the cases were run, as they are if the law can be read. `boundaries` is the number of boundaries in the
    conditions of these instruments, each counted once for an instrument, and `distinct` the number of different ones. Both
    are 0 if the law has errors.
    """

    findings: tuple[Finding, ...]
    chosen: tuple[Instrument, ...]
    law: Library
    ran: bool = False
    boundaries: int = 0
    distinct: int = 0


def check_files(paths: Sequence[Path], folders: Sequence[Path] = (), over: Sequence[Path] = ()) -> CheckResult:
    """Checks files or folders of law.

    Without any, the shipped law and the folders added to it. `over` are folders whose files replace those that are
    checked: what an editor has not saved yet.
    """
    of_definitions = [path for path in paths if DEFINITIONS in path.resolve().parts]
    of_conditions = [path for path in paths if CONDITIONS in path.resolve().parts]
    not_law = [*of_definitions, *of_conditions]
    of_law = dict.fromkeys(_root(path) for path in paths if path not in not_law)
    roots = [root for root in of_law if root.resolve() != shipped().resolve()]
    law, findings = load([*folders, *roots, *over])
    wanted = [path.resolve() for path in paths or [shipped(), *folders] if path not in not_law]
    wanted += [folder.resolve() for folder in over]
    chosen = [instrument for instrument in law.instruments.values() if _within(instrument.place.source, wanted)]
    found = [finding for finding in findings if finding.grave or _within(finding.place.source, wanted)]
    boundaries: list[Hashable] = []
    proves = is_installed("prove")
    if not grave(findings) and not proves:
        faults, boundaries = check_without_proofs(law, chosen)
        found += [*faults, PROOFS_LEFT_OUT]
    if not grave(findings) and proves:  # else the same fault would be reported for every case
        from comity.authoring.required_claims import check_claims  # noqa: PLC0415  no solver before the law is known to be sound

        prepared = PreparedLaw(law)
        found += run_cases(law, chosen, explainer_of=lambda *case: prepared.of_case(*case).explainer)
        for instrument in chosen:
            try:
                faults, covered = check_claims(law, instrument, prepared)
            except TooLarge as fault:
                found += [_not_proven(instrument, reason) for reason in fault.findings]
                continue
            found += faults
            boundaries += [covered_boundary.boundary.key for covered_boundary in covered]
    if of_definitions or not paths:
        found += _of_definitions(of_definitions, folders, law)
    if of_conditions or not paths:
        found += _of_conditions(of_conditions, folders, law)
    return CheckResult(
        findings=tuple(found),
        chosen=tuple(chosen),
        law=law,
        ran=not grave(findings),
        boundaries=len(boundaries),
        distinct=len({*boundaries}),
    )


def check_without_proofs(law: Library, chosen: Sequence[Instrument]) -> tuple[list[Finding], list[Hashable]]:
    """Runs the cases of instruments, and finds the boundaries of their conditions: the findings, and a key for each boundary."""
    found, boundaries = run_cases(law, chosen), list[Hashable]()
    for instrument in chosen:
        faults, covered = check_boundaries(law, instrument)
        found += faults
        boundaries += [case.boundary.key for case in covered]
    return found, boundaries


def _not_proven(instrument: Instrument, reason: Finding) -> Finding:
    message = f"nothing was proven of this instrument, since {reason.message}"
    return Finding(reason.code, instrument.place, message, reason.help)


def _of_definitions(paths: Sequence[Path], folders: Sequence[Path], law: Library) -> list[Finding]:
    """The findings about definitions: those in `paths`, or all that are shipped or in the folders."""
    folders_named = [path if path.is_dir() else path.parent for path in paths]
    inside = [shipped_definitions(), *(folder / DEFINITIONS for folder in folders), *folders_named]
    _, findings = read_definitions(inside, law.vocabulary, law.gazetteer)
    return [
        finding
        for finding in findings
        if not paths or _within(finding.place.source, [path.resolve() for path in paths])
    ]


def _of_conditions(paths: Sequence[Path], folders: Sequence[Path], law: Library) -> list[Finding]:
    """The findings about conditions on federal money: those in `paths`, or all, with the tables that they use."""
    from comity.funding.at_stake import read_money  # noqa: PLC0415  no solver before the law can be relied on

    folders_named = [(path if path.is_dir() else path.parent).parent for path in paths]
    _, findings = read_money([*folders, *folders_named], law)
    wanted = [path.resolve() for path in paths]
    return [finding for finding in findings if not paths or _within(finding.place.source, wanted)]


def _root(path: Path) -> Path:
    """The folder of law that a path is in."""
    if not path.exists():
        help = "name a law file, or a folder that holds a folder us"
        raise InputFault([Finding("no-file", Place(str(path)), "there is no such file or folder", help)])
    root = law_folder_of(path)
    if root is None:
        raise InputFault([outside_any_place(str(path))])
    return root


def _within(source: str, wanted: Sequence[Path]) -> bool:
    path = Path(source).resolve()
    return any(path == folder or folder in path.parents for folder in wanted)
