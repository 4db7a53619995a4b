"""Checks a draft beside law that was read before, without reading all of that law again.

A page in a browser does so: there, reading every law file takes a minute, and one takes a moment. What it finds is what
`check_files` finds about the same file in a folder that is laid over the same law, without the proofs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, structs

from comity.authoring.check import CheckResult, check_without_proofs
from comity.finding import Finding, grave
from comity.law.conditions import check_conditions
from comity.law.consistency import check_relations
from comity.law.front_matter import read_instrument
from comity.law.instrument import Instrument
from comity.law.library import Library
from comity.law.provisions import BlockReader
from comity.program import program_digest
from comity.textfile import read_text_file

SUFFIX = ".md"


class ReadLaw(Struct, frozen=True):
    """Law that was read: the `library`, the SHA-256 of each of its files by name, and the texts of its instruments by id."""

    library: Library
    digests: dict[str, bytes]
    texts: dict[str, str]


def check_draft(law: ReadLaw, id: str, path: Path) -> CheckResult:
    """Checks the draft in a file as the instrument `id`: alone, against the rest of the law, and by its cases.

    The `law` of the result has the draft in it. Proofs are left out.
    """
    library, findings = lay_over(law, id, path)
    chosen = [library.instruments[id]] if id in library.instruments else []
    found = [finding for finding in findings if finding.grave or finding.place.source == str(path)]
    ran = not grave(findings)
    faults, boundaries = check_without_proofs(library, chosen) if ran else ([], [])
    return CheckResult(
        findings=(*found, *faults),
        chosen=tuple(chosen),
        law=library,
        ran=ran,
        boundaries=len(boundaries),
        distinct=len({*boundaries}),
    )


def lay_over(law: ReadLaw, id: str, path: Path) -> tuple[Library, list[Finding]]:
    """The law with a draft in it, in place of the instrument of this id if there is one, and the faults of the draft.

    Instruments that use terms of the draft are checked again. The version is that of the same files read from folders.
    """
    text, findings = read_text_file(path)
    instruments = {name: instrument for name, instrument in law.library.instruments.items() if name != id}
    written: dict[str, BlockReader] = {}
    if text is not None:
        draft, written[id], faults = read_instrument(text, str(path), id)
        findings += faults
        instruments |= {id: draft} if draft else {}
    # In the order in which law files are read.
    instruments = dict(sorted(instruments.items(), key=lambda item: f"{item[0]}{SUFFIX}"))
    digest = _digest_of({**law.digests, f"{id}{SUFFIX}": hashlib.sha256(path.read_bytes()).digest()})
    library = structs.replace(law.library, instruments=instruments, digest=digest)
    written |= {name: _written(law, instruments[name]) for name in _borrowers(id, instruments)}
    findings += check_conditions(instruments, library.vocabulary, written)
    findings += check_relations(
        instruments,
        [
            fact
            for place in dict.fromkeys(fact.place_path for fact in library.facts)
            for fact in library.facts_at(place)
        ],
        library.vocabulary,
        library.gazetteer,
        library.courts.keys(),
    )
    return library, findings


def _digest_of(digests: Mapping[str, bytes]) -> str:
    """What `comity.law.library.digest_of` makes of files, made of their digests: a page does not have all files."""
    digest = hashlib.sha256(program_digest().encode())
    for name in sorted(digests):
        digest.update(name.encode() + b"\0" + digests[name])
    return digest.hexdigest()


def _borrowers(id: str, instruments: Mapping[str, Instrument]) -> list[str]:
    return [name for name, instrument in instruments.items() if name != id and id in instrument.uses]


def _written(law: ReadLaw, instrument: Instrument) -> BlockReader:
    """The conditions of an instrument with the places of their nodes, which the library does not hold: read again."""
    return read_instrument(law.texts[instrument.id], instrument.place.source, instrument.id)[1]
