"""Checks law that a county uploaded, in a child process with limits: unpacked, read over the law beneath it, its cases run, proved.

Run as a program it is the child, which reads the ZIP file on its standard input.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from comity.finding import Finding, InputFault, Place, grave, phrase
from comity.law.cache import shipped
from comity.law.library import Library
from comity.web.operating.contained import Limits, limit_process, run_contained
from comity.web.operating.law_reading import MEMORY_BYTES_MAX, SECONDS_MAX
from comity.web.operating.law_zip import SOURCE, unpack_law


class LawFile(Struct, frozen=True):
    """A file that was uploaded, and whether it replaces one of the law beneath it."""

    name: str
    replaces: bool


class CheckedLaw(Struct, frozen=True):
    """What a check found: the law with the uploaded files over it, or the grave findings that prevent it, and the warnings."""

    library: Library | None = None
    files: list[LawFile] = []
    findings: list[Finding] = []


def check_upload(
    content: bytes, beneath: Sequence[Path], place: str, *, limits: Limits | None = None
) -> CheckedLaw:  # fmt: skip
    """Checks a ZIP of law over the shipped law and the folders beneath it, in a child process that is killed at its limit."""
    limits = limits or Limits(SECONDS_MAX, MEMORY_BYTES_MAX)
    arguments = [place, *map(str, beneath)]
    ended = run_contained("comity.web.operating.law_checking", arguments, limits, content)
    help = phrase("upload fewer files at once, or check them with comity check")
    if ended.took_too_long:
        words = phrase("the check took longer than {seconds:g} s and was ended", seconds=limits.seconds_max)
        return CheckedLaw(findings=[Finding("took-too-long", Place(SOURCE), words, help)])
    if not ended.written:
        words = phrase("the check needed more than {memory:,} MB", memory=limits.memory_bytes_max // 1_000_000)
        return CheckedLaw(findings=[Finding("too-large", Place(SOURCE), words, help)])
    return msgspec.msgpack.decode(ended.written, type=CheckedLaw)


def _checked(content: bytes, place: str, beneath: Sequence[Path]) -> CheckedLaw:
    from comity.authoring.check import check_files  # noqa: PLC0415  the server itself proves nothing

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder).resolve() / "law"
        names, findings = unpack_law(content, target)
        if findings:
            return CheckedLaw(findings=findings)
        files = [LawFile(name, any((under / name).is_file() for under in (shipped(), *beneath))) for name in names]
        try:
            result = check_files([target], beneath)
        except InputFault as fault:
            return CheckedLaw(files=files, findings=_within(fault.findings, target))
        found = _within(result.findings, target)
    if not grave(found) and result.law.gazetteer.named(place) is None:
        words = phrase("this law does not have the desk's place {place}", place=place)
        found.append(Finding("no-place", Place(SOURCE), words))
    return CheckedLaw(None if grave(found) else result.law, files, found)


def _within(findings: Sequence[Finding], target: Path) -> list[Finding]:
    """The findings with the names of files as they were uploaded."""
    top = f"{target}/"
    return [
        finding.changed(place=msgspec.structs.replace(finding.place, source=finding.place.source.removeprefix(top)))
        for finding in findings
    ]


def main(out: str, memory_max: str, seconds_max: str, place: str, *beneath: str) -> None:
    """Checks the law on standard input, and writes what was found to a file."""
    limit_process(int(memory_max), int(seconds_max))
    checked = _checked(sys.stdin.buffer.read(), place, [Path(folder) for folder in beneath])
    Path(out).write_bytes(msgspec.msgpack.encode(checked))


if __name__ == "__main__":
    main(*sys.argv[1:])
