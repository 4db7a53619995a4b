"""Broken PDFs without end, each made from its number alone, and a run of them through the child process that reads papers."""

from __future__ import annotations

import contextlib
import random
import re
import select
import subprocess
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from comity.desk.papers.child import LENGTH
from comity.desk.papers.contained import WALL_SECONDS_MAX, command, environment, paper_in
from tests.desk.papers.made_up import Sheet, detainer, pdf, warrant, written

HUGE = (b"99999999999999999999", b"-1", b"2147483648", b"0", b"1e308", b"4294967295")
NUMBER, REFERENCE, NAME = re.compile(rb"\d+"), re.compile(rb"\d+ 0 R"), re.compile(rb"/[A-Za-z]+")


@cache
def sound() -> tuple[bytes, ...]:
    """A few PDFs without fault, which are broken then."""
    one = detainer(checked=["final_order"], signed=True)
    return (
        pdf(one),
        pdf(one, warrant(signed=True)),
        pdf(one, compressed=False),
        pdf(detainer("i247_2012"), compressed=False),
    )


def broken(number: int) -> bytes:
    """The broken PDF of a number: one to four faults in a sound one, or one of the files that were built to do harm."""
    chance = random.Random(number)
    if chance.random() < 0.03:
        return chance.choice(HARMFUL)(chance)
    content = chance.choice(sound())
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(FAULTS)(content, chance)
    return content


# ---- faults of a sound file ----


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 20, 200))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _part(content: bytes, chance: random.Random) -> tuple[int, int]:
    begins = chance.randrange(len(content) + 1)
    return begins, min(len(content), begins + chance.choice((1, 10, 100, 1_000)))


def _left_out(content: bytes, chance: random.Random) -> bytes:
    begins, ends = _part(content, chance)
    return content[:begins] + content[ends:]


def _doubled(content: bytes, chance: random.Random) -> bytes:
    begins, ends = _part(content, chance)
    return content[:ends] + content[begins:ends] * chance.choice((1, 5, 50)) + content[ends:]


def _replaced(
    pattern: re.Pattern[bytes], choices: Callable[[list[bytes]], list[bytes]]
) -> Callable[[bytes, random.Random], bytes]:
    def fault(content: bytes, chance: random.Random) -> bytes:
        found = list(pattern.finditer(content))
        if not found:
            return content
        at, new = chance.choice(found), chance.choice(choices([match[0] for match in found]))
        return content[: at.start()] + new + content[at.end() :]

    return fault


def _nested(content: bytes, chance: random.Random) -> bytes:
    at, opened = (
        chance.randrange(len(content) + 1),
        chance.choice((b"[", b"<<", b"<< /A ", b"(", b"q ", b"BT ", b"<< /Kids [")),
    )
    return content[:at] + opened * chance.choice((5, 500, 50_000)) + content[at:]


FAULTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flipped, _flipped, _cut, _left_out, _doubled, _nested,
    _replaced(NUMBER, lambda found: [*HUGE]), _replaced(REFERENCE, lambda found: found), _replaced(NAME, lambda found: found),
)  # fmt: skip


# ---- files that are built to do harm ----


def _bomb(chance: random.Random) -> bytes:
    """A small stream that is large when it is unpacked, once or in two layers."""
    layer = zlib.compress(b"0 0 m 9 9 l S " * chance.choice((1_000, 100_000, 4_000_000)), 9)
    filters = "/FlateDecode"
    if chance.random() < 0.5:
        layer, filters = zlib.compress(layer, 9), "[/FlateDecode /FlateDecode]"
    return _one_page(f"<< /Filter {filters} /Length {len(layer)} >>\nstream\n".encode() + layer + b"\nendstream")


def _one_page(
    content: bytes, page: str = "/MediaBox [0 0 612 792] /Contents 4 0 R", tree: str = "[3 0 R] /Count 1"
) -> bytes:
    kids = f"<< /Type /Pages /Kids {tree} >>".encode()
    return written(
        [b"<< /Type /Catalog /Pages 2 0 R >>", kids, f"<< /Type /Page /Parent 2 0 R {page} >>".encode(), content]
    )


def _cyclic(chance: random.Random) -> bytes:
    """Pages within themselves, a drawing that draws itself, a field that is its own parent."""
    draws = "/MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /X 4 0 R >> >>"
    itself = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Length 10 >>\nstream\n/X Do /X Do\nendstream"
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /Parent 4 0 R /Kids [4 0 R] /Rect [1 1 99 99] >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 4 0 R] >> >>"
    pages, page = (
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Annots [4 0 R 4 0 R] >>",
    )
    return chance.choice(
        (
            _one_page(b"<< >>", tree="[2 0 R 2 0 R] /Count 9999999"),
            _one_page(itself, page=draws),
            written([catalog, pages, page, field]),
        )
    )


def _vast(chance: random.Random) -> bytes:
    """A page of great size, many pages, many fields."""
    side = chance.choice(("1e9", "14400", "0", "-5", "99999999999"))
    large = _one_page(b"<< /Length 0 >>\nstream\n\nendstream", page=f"/MediaBox [0 0 {side} {side}] /Contents 4 0 R")
    many = pdf(*[Sheet(lines=[(60, 40, "DHS Form I-247A (3/17)")])] * chance.choice((50, 500)))
    boxes = detainer().boxes[0]
    crowded = pdf(Sheet(lines=[(60, 40, "DHS Form I-247A (3/17)")], boxes=[boxes] * chance.choice((500, 5_000))))
    return chance.choice((large, many, crowded))


def _looped(chance: random.Random) -> bytes:
    """A table of places that refers to itself."""
    content = chance.choice(sound())
    begun = content.rindex(b"xref\n", 0, content.rindex(b"startxref"))
    return content.replace(b"trailer << ", f"trailer << /Prev {begun} ".encode())


HARMFUL: tuple[Callable[[random.Random], bytes], ...] = (_bomb, _cyclic, _vast, _looped)


# ---- the run ----


class Reader:
    """A child process that reads papers one after the other, and a new one where it ended."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def read(self, content: bytes) -> str:
        """How the reading of a paper ended: `read`, the code of a fault, or `unreadable-paper` where the process ended."""
        process = self.process = self.process or subprocess.Popen(
            command("many", "pictures"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            bufsize=0,
        )
        assert process.stdin and process.stdout
        try:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(LENGTH.pack(len(content)) + content)
            head = self._take(LENGTH.size)
            written_by = head + self._take(LENGTH.unpack(head)[0])
        except (TimeoutError, EOFError):
            self.close()
            return "unreadable-paper"
        paper, findings = paper_in(written_by, 0)
        return "read" if paper else findings[0].code

    def _take(self, size: int) -> bytes:
        assert self.process and self.process.stdout
        taken, until = b"", time.monotonic() + WALL_SECONDS_MAX
        while len(taken) < size:
            if not select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError
            more = self.process.stdout.read(size - len(taken))
            if not more:
                raise EOFError
            taken += more
        return taken

    def close(self) -> None:
        """Ends the process."""
        process, self.process = self.process, None
        if process:
            process.kill()
            process.communicate()


def endings(numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
    """How the reading of each broken PDF ended."""
    reader = Reader()
    try:
        for number in numbers:
            yield number, reader.read(broken(number))
    finally:
        reader.close()


def counted(numbers: Iterable[int]) -> tuple[Counter[str], list[int]]:
    """How many ended in each way, and the numbers of those that ended their process."""
    found = list(endings(numbers))
    return Counter(how for _, how in found), [number for number, how in found if how == "unreadable-paper"]
