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

HIDDEN = "files whose path begins with a dot or an underscore are not read"
OTHERS = "files whose name does not end in .parquet are not read"
LINKS = "links to folders are not followed"
BROKEN = "links to files that are not there are not read"
NOT_READ = (HIDDEN, OTHERS, LINKS, BROKEN)


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
    headings, schema = file.schema_arrow.names, columns_of(file)

    def tables(names: Sequence[str], wanted: Sequence[str]) -> Iterator[pa.Table]:
        doubled = len(set(headings)) < len(headings)  # a column cannot be selected by a name that occurs twice
        selected = (
            None if doubled else [heading for heading, name in zip(headings, names, strict=True) if name in wanted]
        )
        new = dict(zip(headings, names, strict=True))
        for batch in file.iter_batches(ROWS_A_PIECE, columns=selected):
            rows = pa.Table.from_batches([batch])
            rows = rows.cast(schema if doubled else pa.schema([schema.field(name) for name in rows.schema.names]))
            yield rows.rename_columns(names if doubled else [new[name] for name in rows.schema.names])

    return _source(headings, tables, format="Parquet", rows=file.metadata.num_rows)


def _open_folder(path: Path) -> Source:
    from pyarrow import dataset  # noqa: PLC0415  it imports pandas where that is installed, which takes half a second

    found, notes = files_of_folder(path)
    if not found:
        raise Unreadable("the folder has no file that ends in .parquet")
    partitioning, names = partitioning_of(path), [str(file) for file in found]
    schemas = [columns_of(parquet.ParquetFile(file)) for file in found]
    schema = pa.unify_schemas([*schemas, partitioning.schema], promote_options="permissive")
    files = dataset.dataset(
        names, schema=schema, format="parquet", partitioning=partitioning, partition_base_dir=str(path)
    )
    headings = files.schema.names

    def tables(names: Sequence[str], wanted: Sequence[str]) -> Iterator[pa.Table]:
        old = dict(zip(names, headings, strict=True))
        read = list(wanted or names)
        for batch in files.scanner(columns=[old[name] for name in read], batch_size=ROWS_A_PIECE).to_batches():
            yield pa.Table.from_batches([batch]).rename_columns(read)

    reading = reading_of_folder(len(found), notes)
    return _source(headings, tables, format=reading.format, rows=files.count_rows(), notes=reading.notes)


def columns_of(file: parquet.ParquetFile) -> pa.Schema:
    """The columns of a Parquet file. Moments in the older form that Spark writes (INT96) are moments in UTC, as Spark reads them."""
    columns = map(file.schema.column, range(len(file.schema)))
    moments = {column.path for column in columns if column.physical_type == "INT96"}
    schema = file.schema_arrow.remove_metadata()
    return pa.schema(
        [field.with_type(pa.timestamp("ns", "UTC")) if field.name in moments else field for field in schema]
    )


def files_of_folder(folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """The Parquet files of a folder and of those in it, in the order of their names, and notes on what else is there."""
    found, counts = [], dict.fromkeys(NOT_READ, 0)
    for path in sorted(folder.rglob("*")):
        is_parquet = path.suffix.lower() == ".parquet"
        if path.is_dir():
            counts[LINKS] += path.is_symlink()
        elif any(part[0] in "._" for part in path.relative_to(folder).parts):
            counts[HIDDEN] += is_parquet
        elif is_parquet and path.is_file():
            found.append(path)
        else:
            counts[BROKEN if is_parquet else OTHERS] += 1
    return found, tuple(f"{count} {words}" for words, count in counts.items() if count)


def partitioning_of(folder: Path) -> Any:
    """The values in the names of folders inside a folder, as in `year=2016`; they are read as text."""
    from pyarrow import dataset  # noqa: PLC0415  it imports pandas where that is installed, which takes half a second

    inside = (path.relative_to(folder).parts for path in folder.rglob("*=*") if path.is_dir())
    names = {part.partition("=")[0] for parts in inside for part in parts if "=" in part}
    return dataset.partitioning(pa.schema([(name, pa.string()) for name in sorted(names)]), flavor="hive")


def reading_of_folder(files: int, notes: tuple[str, ...]) -> Reading:
    """How a folder of so many files is read, with notes on what is not read."""
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
