"""The process that reads a paper for the desk: `python -m comity.desk.papers.child`, the PDF on standard input.

It limits its memory, processor time and files before it imports the library that reads, and writes one answer to standard output:
a length of four bytes, then a `RawPaper` in MessagePack. With the argument `many` it reads papers one after the other, each after its
length of four bytes: that is how a long run of broken papers is tried in minutes, while the desk gives each paper a process.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from comity.desk.papers.raw import RawPaper

MEMORY_MAX, SECONDS_MAX, FILES_MAX = 768 << 20, 10, 32
OUT_OF_MEMORY = 3
LENGTH = struct.Struct(">I")


def main(arguments: Sequence[str]) -> int:
    """Reads what comes on standard input and returns the exit code: 0, or 3 where memory was not enough."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what a library prints is no answer
    _limit(1 if "many" not in arguments else 600)
    papers: Any = sys.stdin.buffer
    if "many" not in arguments:
        return _answer(papers.read(), answers, pictures="pictures" in arguments)
    while len(head := papers.read(LENGTH.size)) == LENGTH.size:
        code = _answer(papers.read(LENGTH.unpack(head)[0]), answers, pictures="pictures" in arguments)
        if code:
            return code
    return 0


def _answer(content: bytes, answers: Any, *, pictures: bool) -> int:
    from comity.desk.papers.pdfium import read_pdf  # noqa: PLC0415  under the limits

    try:
        paper = read_pdf(content, pictures=pictures)
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception:  # a broken file raises anything in its reader: its words may quote the file, and are left out
        paper = RawPaper(fault="damaged-paper")
    written = msgspec.msgpack.encode(paper)
    answers.write(LENGTH.pack(len(written)) + written)
    answers.flush()
    return 0


def _limit(times: int) -> None:
    """Limits memory, processor time and files where the system can; what it writes to disk is nothing."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_AS, MEMORY_MAX), (resource.RLIMIT_CPU, SECONDS_MAX * times), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES_MAX), (resource.RLIMIT_FSIZE, 0),
    )  # fmt: skip
    for kind, most in limits:
        _, hard = resource.getrlimit(kind)
        limit = most if hard < 0 else min(most, hard)
        try:
            resource.setrlimit(kind, (limit, limit))  # neither can be raised again
        except (ValueError, OSError):  # a system that refuses this limit reads without it
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
