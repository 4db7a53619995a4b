"""Writes the files of a replay: a row for each request, the refused rows, and a codebook; all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from comity.commands.options import bad
from comity.present.files import cleaning_up_on_signals, part_of, put_in_place, sweep_parts, write_files
from comity.present.safe_rows import with_safe_cells
from comity.records.replay_result import ReplayResult

FINDINGS, CODEBOOK = "findings.csv", "codebook.md"


class ReplayFiles:
    """Writes hidden files beside the target, and renames all of them when the replay is done, so that no partial file is seen.

    Without a target, nothing is written.
    """

    def __init__(self, target: Path | None) -> None:
        self.target = target
        self.parts: dict[Path, Path] = {}
        self.writer: Any = None
        self.open = ExitStack()
        self.signals = ExitStack()

    def __enter__(self) -> ReplayFiles:
        if self.target is not None:
            sweep_parts(self.target.absolute().parent)
            self.signals.enter_context(cleaning_up_on_signals())
        return self

    def add(self, rows: pa.Table) -> None:
        """Writes some rows."""
        if self.target is None:
            return
        plain = pa.table({name: _decode(rows.column(name)) for name in rows.schema.names})
        if self.target.suffix.lower() == ".csv":
            plain = with_safe_cells(plain)
        if self.writer is None:
            part = self.part(self.target)
            writer = arrow_csv.CSVWriter if self.target.suffix.lower() == ".csv" else parquet.ParquetWriter
            self.writer = self.open.enter_context(writer(part, plain.schema))
        self.writer.write_table(plain)

    def finish(self, findings: pa.Table, codebook: str) -> None:
        """Writes the findings and the codebook, and puts all files in place."""
        if self.target is None:
            return
        self.open.close()
        arrow_csv.write_csv(with_safe_cells(findings), self.part(beside(self.target, FINDINGS)))
        self.part(beside(self.target, CODEBOOK)).write_text(codebook, encoding="utf-8")
        for target, part in self.parts.items():
            put_in_place(part, target)
        self.parts = {}

    def part(self, target: Path) -> Path:
        """The hidden path of a file until all files are whole; one that replaces a file takes its rights."""
        return self.parts.setdefault(target, part_of(target))

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self.signals:
            self.open.close()
            for part in self.parts.values():
                part.unlink(missing_ok=True)


def target_of(out: str | None, table: str) -> Path | None:
    """Where to write the rows; raises `InputFault` where that cannot be written, or would replace the table that is read."""
    if out is None:
        return None
    target = Path(out)
    if target.suffix.lower() not in (".csv", ".parquet"):
        raise bad(out, "not-a-table", "this is neither .csv nor .parquet", "end the name in one of the two")
    if not target.absolute().parent.is_dir():
        raise bad(out, "no-file", "its folder does not exist", "make the folder first")
    for path in (target, *(beside(target, ending) for ending in (FINDINGS, CODEBOOK))):
        if path.exists() and Path(table).exists() and path.samefile(table):
            message = f"{path} is the table that is read, and it would be replaced"
            raise bad(out, "out-is-the-table", message, "write to another file")
    return target


def beside(target: Path, ending: str) -> Path:
    """The path of a file that accompanies the rows: `rows.codebook.md` for `rows.csv`."""
    return target.with_name(f"{target.stem}.{ending}")


def _decode(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text in place of dictionary codes."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def draw(replay: ReplayResult, names: Mapping[str, str], folder: Path) -> None:
    """Writes the pictures of a replay, each whole or not at all."""
    from comity.records.plot import draw_pictures  # noqa: PLC0415  drawing is slow to import

    write_files(folder, draw_pictures(replay, names))
