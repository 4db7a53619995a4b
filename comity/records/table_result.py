"""What a replay and a comparison of a table both say of it: how it was read, what was found, and what was assumed."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa
from msgspec import Struct

from comity.intake.sources.source import Reading, Refused
from comity.present.result import Presentable


class TableResult(Presentable, Struct, frozen=True, kw_only=True):
    """Stored requests decided under law.

    `rows` counts all rows of the source, `findings` by code what was refused or taken for Unknown, with the first of each in
    `examples`. `reading` says how the source was read, and what became of each of its lines. `table` has one row for each request,
    where the caller collected them. `grouped_by` are the columns by which the counts are grouped.
    """

    source: str
    law_version: str
    rows: int
    table: pa.Table | None
    refused: tuple[Refused, ...]
    findings: dict[str, int]
    examples: dict[str, str]
    assumed: dict[str, str]
    of_place: dict[str, str]
    read: tuple[str, ...]
    grouped_by: tuple[str, ...] = ()
    reading: Reading

    def account(self) -> dict[str, Any]:
        """How the table was read, what was found and what was assumed, as plain JSON values."""
        return {
            "reading": msgspec.to_builtins(self.reading),
            "refused": [msgspec.to_builtins(refusal) for refusal in self.refused],
            "findings": self.findings,
            "examples": {code: str(example) for code, example in self.examples.items()},
            "assumed": self.assumed,
            "facts_of_place": self.of_place,
            "facts_read": self.read,
        }
