"""The files that accompany decided rows in a folder: the findings, and the codebook."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow.csv as arrow_csv

from comity.present.files import write_files
from comity.present.safe_rows import with_safe_cells
from comity.records.codebook import build_codebook, findings_table
from comity.records.replay_result import ReplayResult

FINDINGS, CODEBOOK = "findings.csv", "codebook.md"


def write_beside(target: Path, result: ReplayResult) -> list[Path]:
    """Writes `<name>.findings.csv` and `<name>.codebook.md` beside the folder `<name>.parquet` or `<name>`; gives their paths."""
    content = io.BytesIO()
    arrow_csv.write_csv(with_safe_cells(findings_table(result)), content)
    codebook = build_codebook(result).encode()
    stem = target.name.removesuffix(".parquet")
    return write_files(target.parent, {f"{stem}.{FINDINGS}": content.getvalue(), f"{stem}.{CODEBOOK}": codebook})
