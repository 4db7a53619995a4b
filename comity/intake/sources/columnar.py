"""Reads what has typed columns and no lines: frames, Parquet, and Arrow files. Their rows are numbered from 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet

from comity.intake.sources.source import ROWS_A_PIECE, ROWS_AT_FIRST, Block, Ledger, Reading, Source, Unreadable


def open_frame(table: pa.Table, format: str = "frame") -> Source:
    """A table in memory."""

    def tables(names: Sequence[str], wanted: Sequence[str]) -> Iterator[pa.Table]:
        named = table.rename_columns(names)
        rows = named.select(wanted) if wanted else named
        yield from (rows.slice(at, ROWS_A_PIECE) for at in range(0, rows.num_rows, ROWS_A_PIECE))

    return _source(table.schema.names, tables, format=format, rows=table.num_rows)


def open_parquet(path: Path) -> Source:
    """A Parquet file, or a folder of them, also one that is partitioned in the manner of Hive (`year=2014/...`)."""
    return _open_folder(path) if path.is_dir() else _open_file(path)


def _open_file(path: Path) -> Source:
    file = parquet.ParquetFile(path)
    headings = file.schema_arrow.names

    def tables(names: Sequence[str], wanted: Sequence[str]) -> Iterator[pa.Table]:
        doubled = len(set(headings)) < len(headings)  # a column cannot be selected by a name that occurs twice
        selected = (
            None if doubled else [heading for heading, name in zip(headings, names, strict=True) if name in wanted]
        )
        new = dict(zip(headings, names, strict=True))
        for batch in file.iter_batches(ROWS_A_PIECE, columns=selected):
            rows = pa.Table.from_batches([batch])
            yield rows.rename_columns(names if doubled else [new[name] for name in rows.schema.names])

    return _source(headings, tables, format="Parquet", rows=file.metadata.num_rows)


def _open_folder(path: Path) -> Source:
    from pyarrow import dataset  # noqa: PLC0415  it imports pandas where that is installed, which takes half a second

    every = sorted(file for file in path.rglob("*.parquet") if file.is_file())
    found = [file for file in every if not any(part[0] in "._" for part in file.relative_to(path).parts)]
    if not found:
        raise Unreadable("the folder has no file that ends in .parquet")
    files = dataset.dataset(
        [str(file) for file in found], format="parquet", partitioning="hive", partition_base_dir=str(path)
    )
    schemas = [files.schema, *(parquet.read_schema(file) for file in found)]
    files = files.replace_schema(pa.unify_schemas(schemas, promote_options="permissive"))
    headings = files.schema.names

    def tables(names: Sequence[str], wanted: Sequence[str]) -> Iterator[pa.Table]:
        old = dict(zip(names, headings, strict=True))
        read = list(wanted or names)
        for batch in files.scanner(columns=[old[name] for name in read], batch_size=ROWS_A_PIECE).to_batches():
            yield pa.Table.from_batches([batch]).rename_columns(read)

    reading = reading_of_folder(len(found), len(every) - len(found))
    return _source(headings, tables, format=reading.format, rows=files.count_rows(), notes=reading.notes)


def reading_of_folder(files: int, hidden: int) -> Reading:
    """How a folder of so many files is read, of which some more are not."""
    notes = (f"{hidden} files whose path begins with a dot or an underscore are not read",) if hidden else ()
    return Reading(format=f"folder of {files} Parquet files", notes=notes)


def open_arrow(path: Path) -> Source:
    """An Arrow file (`.arrow`, `.feather`), which is mapped and not read into memory."""
    return open_frame(feather.read_table(path, memory_map=True), "Arrow")


def _source(headings: Sequence[str], tables: Any, *, format: str, rows: int, notes: tuple[str, ...] = ()) -> Source:
    ledger = Ledger(Reading(format=format, notes=notes))

    def blocks(names: Sequence[str], wanted: Sequence[str]) -> Iterator[Block]:
        ledger.clear()
        yield from _numbered(tables(names, wanted), ledger)

    return Source(headings, blocks, ledger, rows)


def _numbered(tables: Iterable[pa.Table], ledger: Ledger) -> Iterator[Block]:
    last = 0
    for table in _small_at_first(tables):
        count = table.num_rows
        ledger.add({"lines": count, "rows": count})
        yield Block(table, pa.array(np.arange(last + 1, last + count + 1), pa.int64()))
        last += count


def _small_at_first(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The tables, the first of them in two pieces."""
    coming = iter(tables)
    first = next(coming, None)
    if first is not None:
        yield first.slice(0, ROWS_AT_FIRST)
        if first.num_rows > ROWS_AT_FIRST:
            yield first.slice(ROWS_AT_FIRST)
    yield from coming
