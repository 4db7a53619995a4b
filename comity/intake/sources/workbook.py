"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS), read by a process of their own, so that none can take this one's memory.

A table may be split over several sheets, one a year or a million rows each: they are read by the names of their headings,
whatever their order. Hidden sheets, and sheets with other headings, are left out and named.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, structs

from comity.intake.headings import distinct_names, names_of
from comity.intake.sources.child import COUNTS, FAULT, MEMORY_MAX, ODD, SECONDS_MAX, SHEET, BookHead
from comity.intake.sources.heading_rows import TWO_ROWS, HeadingRows, find_headings
from comity.intake.sources.sheet import Plan
from comity.intake.sources.source import ROWS_A_PIECE, Block, Known, Ledger, Reading, Source, Unreadable, account_of
from comity.present.clean import cleaned

OTHER, HIDDEN, DOUBLED = "its headings are others", "it is hidden", "two of its columns have one name"
NO_TABLE = "no sheet holds a table"
TOO_LARGE = (
    f"the workbook needs more than the {MEMORY_MAX >> 30} GB of memory, or the {SECONDS_MAX // 60} minutes, that reading may "
    "take: it is too large, or a cell far from the table makes it so; save it as CSV"
)
COPIED_MIN = 10  # rows; fewer may be the same by chance
COPY = "sheet {sheet} has the same rows as sheet {other}, as a copy has; the rows of both are counted"
SHARE_KNOWN = 0.5  # of the headings known in the best sheet, that another sheet must have to be part of the table


class _Part(Struct, frozen=True, kw_only=True):
    """A sheet with its headings, and why it is left out; empty where it is read."""

    at: int
    name: str
    hidden: bool
    found: HeadingRows
    blank: int
    why: str = ""


def open_workbook(path: Path, known: Known) -> Source:
    """A workbook, whose table begins below the headings that are known best; raises `Unreadable` where there is none."""
    child = _Child(path)
    parts = _parts(child.head, known)
    read = [part for part in parts if not part.why]
    notes = [f"{TWO_ROWS} (sheet {part.name})" if len(read) > 1 else TWO_ROWS for part in read if part.found.rows > 1]
    ledger = Ledger(Reading(format=f"workbook ({path.suffix.lower()[1:]})", notes=tuple(notes)))
    headings = _headings(read)
    children = [child]

    def blocks(names: Sequence[str], wanted: Sequence[str]) -> Iterator[Block]:
        ledger.clear()
        plans = [_plan(part, headings, names=names, wanted=wanted) for part in parts]
        reader = children.pop() if children else _Child(path)
        yield from _blocks(reader, plans, parts, wanted=wanted, ledger=ledger)

    return Source(headings, blocks, ledger)


def _parts(head: BookHead, known: Known) -> list[_Part]:
    """The sheets that hold a table, each with the reason where it is left out."""
    parts = []
    for at, sheet in enumerate(head.sheets):
        found = find_headings(sheet.top, known)
        if found is None:
            continue
        blank = sum(1 for row in sheet.top[: found.at] if not any(row))
        parts.append(_Part(at=at, name=sheet.name, hidden=sheet.hidden, found=found, blank=blank))
    tables = [
        part for part in parts if sum(1 for heading in part.found.headings if heading) > 1 or known(part.found.headings)
    ]
    if not tables:
        raise Unreadable(NO_TABLE)
    shown = [part for part in tables if not part.hidden]
    best = max(shown or tables, key=lambda part: (known(part.found.headings), len(part.found.headings)))
    return [structs.replace(part, why=_why_not(part, best, hidden_out=bool(shown), known=known)) for part in parts]


def _why_not(part: _Part, best: _Part, *, hidden_out: bool, known: Known) -> str:
    """Why a sheet is left out; empty where it is read."""
    if part.hidden and hidden_out:
        return HIDDEN
    names, of_best = names_of(part.found.headings), names_of(best.found.headings)
    if part is not best and [*part.found.headings] != [*best.found.headings]:
        shared = [name for name in {*names} & {*of_best} if known([name])]
        if not shared or len(shared) < SHARE_KNOWN * known(best.found.headings):
            return OTHER
        _, doubled = distinct_names(names, [name for name in names if known([name])])
        if doubled:
            return DOUBLED
    return ""


def _headings(parts: Sequence[_Part]) -> list[str]:
    """The headings of all sheets that are read: those of the one with most, and what others have beyond them."""
    ordered = sorted(parts, key=lambda part: -len(part.found.headings))
    headings = [*ordered[0].found.headings]
    seen = {*names_of(headings)}
    for part in ordered[1:]:
        for heading, name in zip(part.found.headings, names_of(part.found.headings), strict=True):
            if heading and name not in seen:
                headings.append(heading)
                seen.add(name)
    return headings


def _plan(part: _Part, headings: Sequence[str], *, names: Sequence[str], wanted: Sequence[str]) -> Plan:
    """What to read of a sheet: each wanted column at the place where this sheet has it."""
    above = part.found.at + part.found.rows
    if part.why:
        return Plan(part.at, above)
    written = [*part.found.headings]
    of_sheet = names if written == [*headings] else distinct_names(names_of(written), ())[0]
    place_of = {name: at for at, name in reversed([*enumerate(of_sheet)])}
    places = tuple(place_of.get(name) for name in wanted)
    repeated = tuple("" if place is None else written[place] for place in places) if part.found.rows == 1 else ()
    return Plan(part.at, above, places, repeated, len(written))


def _blocks(
    child: _Child, plans: Sequence[Plan], parts: Sequence[_Part], *, wanted: Sequence[str], ledger: Ledger
) -> Iterator[Block]:
    by_place = {part.at: part for part in parts}
    read = [part for part in parts if not part.why]
    names = {part.at: part.name if len(read) > 1 else "" for part in read}
    for part in read:
        rows = part.found.rows
        titles = part.found.at - part.blank
        above = {"lines": part.found.at + rows, "headings": rows, "titles": titles, "blank": part.blank}
        ledger.add(above, names[part.at])
        if part.hidden:
            ledger.hidden.add(names[part.at])
    waiting: list[pa.RecordBatch] = []
    contents: dict[int, _Content] = {}
    sheet = -1
    for at, counts, odd, batch in child.read(plans):
        part = by_place[at]
        for words in odd:
            ledger.note(f"{f'sheet {cleaned(part.name)}' if names[at] else 'the sheet'} {words}")
        if part.why:
            ledger.left_out.append(account_of(part.name, counts, why=part.why, hidden=part.hidden))
            continue
        ledger.add(counts, names[at])
        if len(read) > 1:
            contents.setdefault(at, _Content()).add(batch)
        if waiting and (at != sheet or sum(each.num_rows for each in waiting) >= ROWS_A_PIECE):
            yield _block(waiting, wanted, names[sheet])
            waiting = []
        sheet = at
        waiting.append(batch)
    if waiting:
        yield _block(waiting, wanted, names[sheet])
    first: dict[tuple[bytes, ...], str] = {}
    for at, content in contents.items():
        other = first.setdefault(content.digest(), names[at])
        if other != names[at] and content.rows >= COPIED_MIN:
            ledger.note(COPY.format(sheet=cleaned(names[at]), other=cleaned(other)))


class _Content:
    """What the rows of a sheet hold, so that a copy of another sheet is seen, however its rows come in batches."""

    def __init__(self) -> None:
        self.rows, self.columns = 0, list[Any]()

    def add(self, batch: pa.RecordBatch) -> None:
        """Adds some rows, without their numbers."""
        self.rows += batch.num_rows
        self.columns = self.columns or [hashlib.blake2b() for _ in batch.columns[1:]]
        for column, digest in zip(batch.columns[1:], self.columns, strict=True):
            lengths = pc.fill_null(pc.binary_length(column), -1).to_numpy(zero_copy_only=False)
            digest.update(lengths.tobytes())
            text = column.buffers()[2]  # of the cells one after another; NULL has no bytes
            digest.update(text[: int(lengths[lengths > 0].sum())] if text is not None else b"")

    def digest(self) -> tuple[bytes, ...]:
        return tuple(column.digest() for column in self.columns)


def _block(batches: Sequence[pa.RecordBatch], wanted: Sequence[str], sheet: str) -> Block:
    table = pa.Table.from_batches(batches)
    numbers = table.column(0).combine_chunks()
    return Block(table.select(range(1, len(wanted) + 1)).rename_columns(list(wanted)), numbers, (), sheet)


class _Child:
    """The process that reads a workbook. It ends with its reading, or when nobody holds it any more."""

    def __init__(self, path: Path) -> None:
        self.faults = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        root = str(Path(__file__).resolve().parents[3])
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)])}
        environment["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # others reserve more memory than the limit allows
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "comity.intake.sources.child", str(path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.faults, env=environment,
        )  # fmt: skip
        self.end = weakref.finalize(self, _end, self.process, self.faults)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise self.fault()
        self.head = msgspec.json.decode(line, type=BookHead)
        if self.head.fault:
            self.end()
            raise Unreadable(self.head.fault)

    def read(self, plans: Sequence[Plan]) -> Iterator[tuple[int, dict[str, int], list[str], pa.RecordBatch]]:
        """What the plans name: each batch with the place of its sheet, the account of its lines, and what is odd about the sheet."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(msgspec.json.encode(plans) + b"\n")
            self.process.stdin.close()
            stream = pa.ipc.open_stream(self.process.stdout)
            while True:
                batch, metadata = stream.read_next_batch_with_custom_metadata()
                if FAULT in metadata:
                    raise Unreadable(metadata[FAULT].decode())
                yield int(metadata[SHEET]), json.loads(metadata[COUNTS]), json.loads(metadata.get(ODD, b"[]")), batch
        except StopIteration:
            pass
        except (pa.ArrowInvalid, OSError):  # the stream is cut off
            raise self.fault() from None
        finally:
            self.end()

    def fault(self) -> Exception:
        """Why the process ended before its time: the limits, or a fault of its program."""
        code = self.process.wait()
        self.faults.seek(0)
        said = self.faults.read().decode(errors="replace").strip()
        self.end()
        killed = (-signal.SIGABRT, -signal.SIGSEGV, -getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0), 3)
        if code in killed or "memory allocation" in said or "MemoryError" in said or "bad_alloc" in said:
            return Unreadable(TOO_LARGE)
        return RuntimeError(f"the process that reads a workbook ended with {code}: {said[-2000:]}")


def _end(process: Any, faults: Any) -> None:
    if process.poll() is None:
        process.kill()
    for stream in (process.stdin, process.stdout, faults):
        with suppress(OSError):  # what was still to be written has no reader
            stream.close()
    process.wait()
