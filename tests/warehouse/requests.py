"""Made-up requests of several places, days and agencies, with what a replay counts: blanks, unknown words, refused rows, doubles."""

from __future__ import annotations

from random import Random
from typing import Any

import pyarrow as pa

from comity.intake.cells import open_table
from comity.intake.table import FactRows, find_reader
from comity.law.library import Library
from comity.records.replay_result import ReplayResult

PLACES = (
    "us/fl/miami-dade",
    "us/ca/los-angeles",
    "us/il/cook",
    "us/pa/philadelphia",
    "us/tx/travis",
    "us/nowhere",
    "Total",
    None,
)
FORMS = (
    "I247A - Immigration Detainer - Notice of Action",
    "I247N - Request for Voluntary Notification",
    "I247 - Old",
    "?",
    "Form Z-9",
    None,
)
CONVICTIONS = (
    '[{"offense": "robbery", "grade": "felony"}]',
    '[{"offense": "fraud", "grade": "felony", "classes": []}]',
    "[]",
    "[{",
    None,
)
DAYS = (
    "2012-03-01",
    "2014-05-01",
    "2015-07-10",
    "2017-02-02",
    "2019-11-30",
    "2024-06-01",
    "2025-09-09",
    "2035-01-01",
    "never",
    None,
)
KINDS = ("sheriff", "police_department", "sailors", None, None)
AGENCIES = ("Apopka Police Department", "Miami-Dade Sheriff's Office", "Nobody", None, None)
UNREAD = ("Form Z-9", "maybe", "proved", "[{", "sailors")  # cells that say something that no fact can be


def made_up(rows: int, seed: int = 7, *, understood: bool = False) -> pa.Table:
    """So many rows, the same for the same seed; where all is to be `understood`, with blanks in place of unread cells."""
    random = Random(seed)
    drawn: dict[str, Any] = {
        "date": DAYS,
        "place": PLACES,
        "detainer_type": FORMS,
        "convictions": CONVICTIONS,
        "charges": ("[]", None),
        "request.reimbursement_agreed": ("true", "false", "maybe", None),
        "subject.citizenship": ("none_claimed", "proved", None),
        "duplicate_likely": ("true", "false"),
        "detainer_lift_reason": ("Lifted", "Booked In", None),
        "agency.kind": KINDS,
        "agency.name": AGENCIES,
    }
    cells = {name: [random.choice(values) for _ in range(rows)] for name, values in drawn.items()}
    blank = UNREAD if understood else ()
    columns = {
        name: pa.array([None if cell in blank else cell for cell in column], pa.string())
        for name, column in cells.items()
    }
    return pa.table({"line": pa.array(range(1, rows + 1), pa.int64()), **columns})


def counts_of(result: ReplayResult) -> dict[str, Any]:
    """Everything that a result counts, without the name and the format of its source and without examples, of which any row may give one."""
    counts = result.to_dict()
    assert set(counts["examples"]) == set(counts["findings"])
    del counts["source"], counts["examples"], counts["reading"]["format"]
    return counts | {"grounds": result.grounds, "none_values": result.none_values}


def read_here(rows: int, library: Library) -> FactRows:
    """The same requests as facts, of which all cells are understood: a typed column has no other."""
    opened, _ = open_table(made_up(rows, understood=True))
    assert opened
    reader, _ = find_reader(opened, library.vocabulary, library.offenses)
    assert reader
    [cells] = opened.pieces()
    return reader.read_rows(cells)
