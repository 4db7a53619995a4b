"""The requests of the desk as the rows of a table that `comity replay` reads, with no person in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from comity.desk.case import JOINED, Case, Detainer
from comity.desk.deciding import Bound
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.present.clean import safe_cell

RECEIVED_AT = "request.received_at"
KEYS = ("case", "detainer", "status", "place", "agency.kind", "agency.name", RECEIVED_AT)


def request_rows(cases: Iterable[Case], bound: Bound, vocabulary: Vocabulary) -> Iterator[dict[str, str]]:
    """Each detainer of some cases as a row: its key, place, agency and day, and its facts as cells by their path."""
    for case in cases:
        if case.closed_by == JOINED:  # its paper is a detainer of the case in which it goes on
            continue
        for detainer in case.detainers.values():
            yield {
                "case": case.id, "detainer": str(detainer.number), "status": detainer.status, "place": case.place,
                "agency.kind": bound.agency_kind, "agency.name": bound.agency_name,
                RECEIVED_AT: _received(detainer.received_at), **_facts(case, detainer, vocabulary),
            }  # fmt: skip


def requests_csv(rows: Iterable[dict[str, str]], vocabulary: Vocabulary) -> str:
    """The rows as CSV. A fact has a column where some row states it, in the order of the vocabulary."""
    listed = list(rows)
    stated = {path for row in listed for path in row}
    head = [*KEYS, *(path for path in vocabulary.facts if path in stated and path not in KEYS)]
    out = io.StringIO()
    writer = csv.DictWriter(out, head, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()


def _received(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _facts(case: Case, detainer: Detainer, vocabulary: Vocabulary) -> dict[str, str]:
    known = case.known(detainer.number)
    return {path: _cell(known[path].value, vocabulary.kind(path)) for path in known if path in vocabulary.entries}


def _cell(value: Any, kind: kinds.Kind | None) -> str:
    """A value as a table has it: lists as JSON, truths as `true` and `false`; texts are safe to open in a spreadsheet."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return safe_cell(value) if isinstance(kind, kinds.Text) else value
    return msgspec.json.encode(value).decode()
