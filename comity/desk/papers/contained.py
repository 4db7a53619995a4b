"""Runs the child process that reads a paper, and turns every way in which it can end into a finding."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import msgspec

from comity.desk.papers.child import LENGTH, MEMORY_MAX, SECONDS_MAX
from comity.desk.papers.raw import RawPaper
from comity.finding import Finding, Phrase, Place, phrase

PDF_BEGINS, PDF_BEGINS_WITHIN = b"%PDF-", 1_024
BYTES_MAX, ANSWER_BYTES_MAX = 20_000_000, 64_000_000
WALL_SECONDS_MAX = 20.0  # a child that waits uses no processor time
AT_ONCE, WAIT_SECONDS = 2, 30.0
PAPER = "paper"
TYPE_IT = phrase("the paper is kept as it came: type what it says, or ask the sender for a printable copy")
FAULTS: dict[str, Phrase] = {
    "damaged-paper": phrase("the PDF is damaged and cannot be read"),
    "locked-paper": phrase("the PDF is locked with a password"),
}
_PLACES = threading.BoundedSemaphore(AT_ONCE)


def is_pdf(content: bytes) -> bool:
    """Whether some bytes begin as a PDF does; they may be damaged behind that."""
    return PDF_BEGINS in content[:PDF_BEGINS_WITHIN]


def command(*arguments: str) -> list[str]:
    """The command of the child process."""
    return [sys.executable, "-P", "-m", "comity.desk.papers.child", *arguments]


def environment() -> dict[str, str]:
    """What the child knows of this process: where the program lies, and nothing else."""
    root = str(Path(__file__).resolve().parents[3])
    passed_on = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return {**passed_on, "PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)]), "PYTHONDONTWRITEBYTECODE": "1"}


def read_contained(content: bytes, *, pictures: bool = False) -> tuple[RawPaper | None, list[Finding]]:
    """A paper as a child process reads it, or the finding that says why it was not read; never raises on what a paper holds.

    Not more than two papers are read at once, so that many uploads cannot take the memory of the server.
    """
    if len(content) > BYTES_MAX:
        words = phrase("the paper has {size:,} bytes, and may have {most:,}", size=len(content), most=BYTES_MAX)
        return None, [Finding("too-large", Place(PAPER), words, TYPE_IT)]
    if not _PLACES.acquire(timeout=WAIT_SECONDS):
        words = phrase("other papers are being read")
        return None, [Finding("busy", Place(PAPER), words, phrase("open the page again in a minute"))]
    try:
        written, code = _run(content, pictures=pictures)
    finally:
        _PLACES.release()
    return paper_in(written, code)


def _run(content: bytes, *, pictures: bool) -> tuple[bytes, int | None]:
    """What the child wrote, and its exit code; None where it was ended because it took too long."""
    process = subprocess.Popen(
        command(*(["pictures"] if pictures else [])), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    try:
        written, _ = process.communicate(content, timeout=WALL_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return b"", None
    return written, process.returncode


def paper_in(written: bytes, code: int | None) -> tuple[RawPaper | None, list[Finding]]:
    """The paper in what a child wrote, or the finding for how it ended."""
    if code == 0 and LENGTH.size < len(written) <= ANSWER_BYTES_MAX:
        try:
            paper = msgspec.msgpack.decode(written[LENGTH.size :], type=RawPaper)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None, [Finding("damaged-paper", Place(PAPER), FAULTS["damaged-paper"], TYPE_IT)]
        return (
            (None, [Finding(paper.fault, Place(PAPER), FAULTS[paper.fault], TYPE_IT)]) if paper.fault else (paper, [])
        )
    words = phrase(
        "reading the PDF took more than {seconds} seconds or {memory} MB, or broke the program that reads it",
        seconds=SECONDS_MAX, memory=MEMORY_MAX >> 20,
    )  # fmt: skip
    return None, [Finding("unreadable-paper", Place(PAPER), words, TYPE_IT)]
