"""The process that reads a workbook for another: `python -m comity.intake.sources.child FILE`.

It limits its memory and time before it opens the file. It writes one line of JSON on the sheets to standard output, reads one
line of JSON with what to read of them, and writes the rows as a stream of Arrow batches, whose metadata have the account.
"""

from __future__ import annotations

import json
import sys
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import Struct

from comity.intake.sources.calamine_book import open_calamine
from comity.intake.sources.heading_rows import LOOKED_AT
from comity.intake.sources.sheet import Plan, Sheet, without_headings
from comity.intake.sources.source import Unreadable
from comity.intake.sources.xlsx import Unusual, open_xlsx

MEMORY_MAX, SECONDS_MAX = 4 << 30, 1_200
NUMBER, FAULT, SHEET, COUNTS, ODD = "row", b"fault", b"sheet", b"counts", b"odd"
HIDDEN_ROWS = "hides {count} of its rows, by a filter or by hand, which are read all the same"
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, OverflowError, NotImplementedError)


class SheetHead(Struct, frozen=True):
    """What the beginning of a sheet shows: its name, whether it is hidden, and its first rows."""

    name: str
    hidden: bool
    top: list[list[str]]


class BookHead(Struct, frozen=True):
    """The sheets of a workbook, or why it cannot be read."""

    sheets: list[SheetHead] = []
    fault: str = ""


def main(arguments: Sequence[str]) -> int:
    """Reads the workbook that is named and returns the exit code: 0, or 3 where memory was not enough."""
    _limit()
    out: Any = sys.stdout.buffer
    try:
        sheets, fault = _open(Path(arguments[0]))
        heads = [SheetHead(sheet.name, sheet.hidden, sheet.top(LOOKED_AT + 2)) for sheet in sheets]
        head = BookHead(heads, fault)
    except MemoryError:
        return 3
    except (Unreadable, *DAMAGED) as fault_found:
        head, sheets = BookHead(fault=_words(fault_found)), []
    out.write(msgspec.json.encode(head) + b"\n")
    out.flush()
    line = sys.stdin.buffer.readline()
    if not line:
        return 0
    return _write(sheets, msgspec.json.decode(line, type=list[Plan]), out)


def _open(path: Path) -> tuple[Sequence[Sheet], str]:
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        try:
            return open_xlsx(path), ""
        except Unusual:
            pass
    return open_calamine(path), ""


def _words(fault: Exception) -> str:
    return str(fault) if isinstance(fault, Unreadable) else f"the workbook is damaged: {fault}"


def _write(sheets: Sequence[Sheet], plans: Sequence[Plan], out: Any) -> int:
    """Writes what the plans name; each batch has the sheet and the account of its lines beside it."""
    width = max((len(plan.places or ()) for plan in plans), default=0)
    schema = pa.schema([(NUMBER, pa.int64()), *((str(at), pa.string()) for at in range(width))])
    with pa.ipc.new_stream(out, schema) as stream:
        try:
            for plan in plans:
                _write_sheet(sheets[plan.sheet], plan, stream, schema)
        except MemoryError:
            return 3
        except (Unreadable, *DAMAGED) as fault:
            stream.write_batch(_nothing(schema), {FAULT: _words(fault).encode()})
    out.flush()
    return 0


def _write_sheet(sheet: Sheet, plan: Plan, stream: Any, schema: pa.Schema) -> None:
    if plan.places is None:
        count = sheet.count(plan.above)
        stream.write_batch(_nothing(schema), _metadata(plan, {"lines": count, "left_out": count}))
        return
    hidden = 0
    for block in sheet.blocks(plan):
        alone = without_headings(block, plan)
        hidden += alone.hidden
        columns = [pa.array(alone.numbers, pa.int64()), *alone.columns]
        stream.write_batch(pa.record_batch(columns, schema=schema), _metadata(plan, alone.counts))
    odd = [*([HIDDEN_ROWS.format(count=f"{hidden:,}")] if hidden else []), *sheet.oddities(plan)]
    if odd:
        stream.write_batch(_nothing(schema), {**_metadata(plan, {}), ODD: json.dumps(odd).encode()})


def _nothing(schema: pa.Schema) -> pa.RecordBatch:
    return pa.record_batch([pa.array([], field.type) for field in schema], schema=schema)


def _metadata(plan: Plan, counts: dict[str, int]) -> dict[bytes, bytes]:
    return {SHEET: str(plan.sheet).encode(), COUNTS: json.dumps(counts).encode()}


def _limit() -> None:
    """Limits memory and processor time, where the system can: Windows cannot, and macOS does not heed the first."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY_MAX), (resource.RLIMIT_CPU, SECONDS_MAX)):
        _, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (most if hard < 0 else min(most, hard), hard))
        except (ValueError, OSError):  # a system that refuses this limit reads without it
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
