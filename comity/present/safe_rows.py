"""Tables of text from outside, written so that a spreadsheet shows every cell and computes none."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from comity.present.clean import safe_cell

RISKY = r"^ *[=+@-]|[^\x20-\x7e]"  # what may begin a formula, or hide a character


def with_safe_cells(rows: pa.Table) -> pa.Table:
    """The rows with every text as `safe_cell` writes it; only the distinct texts that need it are looked at one by one."""
    for index, field in enumerate(rows.schema):
        if not pa.types.is_string(field.type):
            continue
        distinct = rows.column(index).unique()
        risky = distinct.filter(pc.match_substring_regex(distinct, RISKY).fill_null(False)).to_pylist()
        safe = {text: safe_cell(text) for text in risky}
        if any(text != cell for text, cell in safe.items()):
            cells = [safe.get(text, text) for text in rows.column(index).to_pylist()]
            rows = rows.set_column(index, field.name, pa.array(cells, pa.string()))
    return rows
