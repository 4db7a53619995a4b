"""The files that accompany decided rows in a folder: the rows refused, and the codebook."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from comity.present.files import write_files
from comity.records.codebook import build_codebook
from comity.records.replay_result import ReplayResult

FINDINGS, CODEBOOK = "findings.csv", "codebook.md"


def write_beside(target: Path, result: ReplayResult) -> list[Path]:
    """Writes `<name>.findings.csv` and `<name>.codebook.md` beside the folder `<name>.parquet` or `<name>`; gives their paths."""
    names = {name: [getattr(row, name) for row in result.refused] for name in ("row", "code", "message")}
    schema = pa.schema([("row", pa.int64()), ("code", pa.string()), ("message", pa.string())])
    content = io.BytesIO()
    arrow_csv.write_csv(pa.table({name: map(_plain, cells) for name, cells in names.items()}, schema=schema), content)
    codebook = build_codebook(result).encode()
    stem = target.name.removesuffix(".parquet")
    return write_files(target.parent, {f"{stem}.{FINDINGS}": content.getvalue(), f"{stem}.{CODEBOOK}": codebook})


def _plain(cell: object) -> object:
    return str(cell) if isinstance(cell, str) else cell
