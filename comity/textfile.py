"""Reads a text file as UTF-8, with or without a byte order mark. What cannot be read is a finding, never an exception."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from comity.finding import Finding, Place
from comity.present.clean import escape_of, first_hidden

BYTES_MAX = 4_000_000  # the longest file of the shipped law has 60,000
MARK = b"\xef\xbb\xbf"
_READ: ContextVar[dict[Path, bytes] | None] = ContextVar("files that were read", default=None)


@contextmanager
def recording_files() -> Iterator[dict[Path, bytes]]:
    """The digest (SHA-256) of the bytes of each file that is read within the block, by its path.

    Whoever stores what was made of files can name it by the bytes that were read, not by those that were there before.
    """
    read: dict[Path, bytes] = {}
    token = _READ.set(read)
    try:
        yield read
    finally:
        _READ.reset(token)


def read_text_file(path: Path, bytes_max: int = BYTES_MAX) -> tuple[str | None, list[Finding]]:
    """The text of a file with `\\n` as its line ends; None where it cannot be read.

    Findings: `encoding` (not UTF-8), `too-large` (above `bytes_max`), `unreadable` (the system refuses it), and
    `hidden-character` for a control or format character, which a reader of the file could not see.
    """
    try:
        with path.open("rb") as file:
            content = file.read(bytes_max + 1)
    except OSError as fault:
        message = f"cannot be read: {fault.strerror or type(fault).__name__}"
        return None, [Finding("unreadable", Place(str(path)), message, "is it a file that you may read?")]
    if (read := _READ.get()) is not None:
        read[path] = hashlib.sha256(content).digest()
    if len(content) > bytes_max:
        message = f"the file is larger than {bytes_max // 1_000_000} MB"
        return None, [Finding("too-large", Place(str(path)), message, "split it into several files")]
    content = content.removeprefix(MARK)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        message = f"not readable as UTF-8 at byte {fault.start}"
        return None, [Finding("encoding", Place(str(path), line), message, "save the file as UTF-8")]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, hidden_characters(text, str(path))


def hidden_characters(text: str, source: str) -> list[Finding]:
    """A finding for the first hidden character of a text, if it has one."""
    at = first_hidden(text)
    if at is None:
        return []
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    message = f"the character {escape_of(text[at])} cannot be seen, and may change how the text reads"
    return [Finding("hidden-character", Place(source, line, column), message, "take it out")]
