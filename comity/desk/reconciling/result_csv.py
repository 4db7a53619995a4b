"""A reconciliation as CSV, with no person in it: each row of the list, then each detainer that the desk alone has."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from comity.desk.reconciling.entries import Detainer, OursResult, RowResult
from comity.desk.reconciling.list_queries import Reconciliation
from comity.desk.reconciling.sentences import difference_words
from comity.desk.reconciling.settling import SettledRow
from comity.present.clean import safe_cell

HEAD = (
    "side", "row", "sheet", "class", "reasons", "day", "form", "outcome", "case", "detainer", "differences", "possible", "conclusion",
)  # fmt: skip


def result_csv(found: Reconciliation) -> str:
    """The rows as CSV. A conclusion is given by its code; the reason that a person wrote is left out, since it may name somebody."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for entry, row in enumerate(found.matched.rows, 1):
        writer.writerow(_of_list(row, found.settled_rows.get((entry, "", 0))))
    for ours in found.matched.ours:
        if ours.cls == "ours_only":
            writer.writerow(_of_desk(ours, found.settled_rows.get((0, *ours.key))))
    return out.getvalue()


def _of_list(row: RowResult, settled_row: SettledRow | None) -> Iterator[str]:
    yield from (
        "list",
        str(row.row),
        safe_cell(row.sheet),
        row.cls,
        " ".join(row.reasons),
        str(row.day or ""),
        row.form,
        row.outcome,
    )
    yield from (row.case, str(row.detainer or ""), "; ".join(map(difference_words, row.differences)))
    possible = [*map(_key, row.candidates), *([f"{row.more} more"] if row.more else [])]
    yield from (", ".join(possible), settled_row.conclusion if settled_row else "")


def _of_desk(ours: OursResult, settled_row: SettledRow | None) -> Iterator[str]:
    yield from ("desk", "", "", ours.cls, " ".join(ours.reasons), str(ours.day or ""), ours.form, ours.outcome)
    yield from (ours.case, str(ours.detainer), "", "", settled_row.conclusion if settled_row else "")


def _key(key: Detainer) -> str:
    return f"{key[0]} {key[1]}"
