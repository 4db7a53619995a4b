"""Text of any usual encoding as UTF-8 with plain line ends, and the lines that are not text."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

UTF8, UTF8_MARKED, UTF16_LITTLE, UTF16_BIG, UTF32, WINDOWS = (
    *("UTF-8", "UTF-8 with a byte order mark", "UTF-16 (little-endian)", "UTF-16 (big-endian)", "UTF-32", "Windows-1252"),
)  # fmt: skip
CODECS = {UTF16_LITTLE: "utf-16-le", UTF16_BIG: "utf-16-be", UTF32: "utf-32"}
MARKS = {
    codecs.BOM_UTF8: UTF8_MARKED,
    codecs.BOM_UTF32_LE: UTF32,
    codecs.BOM_UTF32_BE: UTF32,
    codecs.BOM_UTF16_LE: UTF16_LITTLE,
    codecs.BOM_UTF16_BE: UTF16_BIG,
}
GUESSED = "read as Windows-1252, which is a guess: the file has bytes that are not UTF-8; save it as UTF-8 if names look wrong"


def find_encoding(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes of a file show, and how many of them are a mark.

    UTF-8 where they show none; whether that is true is known when all is read.
    """
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding, 0 if encoding == UTF32 else len(mark)
    sample = head[:1000]
    zeros = [sample[at::2].count(0) for at in (0, 1)]
    if max(zeros) > len(sample) // 4:  # text of the Latin script without a mark has a zero in every second byte
        return (UTF16_BIG if zeros[0] > zeros[1] else UTF16_LITTLE), 0
    return UTF8, 0


def plain_chunks(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Chunks of text, in UTF-8 where the encoding is another one of Unicode, with `\\n` as their only line end."""
    decoder = codecs.getincrementaldecoder(CODECS[encoding])() if encoding in CODECS else None
    waiting = b""
    for chunk in chunks:
        plain = decoder.decode(chunk).encode() if decoder else chunk
        if b"\r" in plain or waiting:
            plain = waiting + plain
            waiting = b"\r" if plain.endswith(b"\r") else b""  # a line feed may follow
            plain = plain.removesuffix(waiting).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield plain
    tail = decoder.decode(b"", True).encode() if decoder else b""
    yield (waiting + tail).replace(b"\r", b"\n")


class Decoding:
    """Decodes blocks of whole lines, and remembers what it has seen.

    A file in which no character outside ASCII is UTF-8, so far, is taken for Windows-1252. In another, a line that is not UTF-8
    is damaged.
    """

    def __init__(self) -> None:
        self.guessed = self.has_utf8 = False

    def decode(self, block: bytes) -> tuple[bytes, frozenset[int]]:
        """The block in UTF-8, and the positions of its lines that are not text."""
        if block.isascii():
            return block, frozenset()
        if not self.guessed:
            try:
                block.decode()
            except UnicodeDecodeError:
                self.guessed = not self.has_utf8 and block.decode(errors="ignore").isascii()
            else:
                self.has_utf8 = True
                return block, frozenset()
        codec = "cp1252" if self.guessed else "utf-8"
        lines = block.split(b"\n")
        damaged = frozenset(at for at, line in enumerate(lines) if not _is_text(line, codec))
        return b"\n".join(line.decode(codec, "replace").encode() for line in lines), damaged


def _is_text(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
