"""The same requests under two laws: unknown facts vary for both at once, and a law never differs from itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import comity
from comity.api import load
from comity.finding import InputFault
from tests.commands.running import run
from tests.records.test_replay import NO_CLAIM

LIBRARY = load()
LAWS = [
    "us/fl/miami-dade@2013-06-03", "us/fl/miami-dade@2014-06-01", "us/fl/miami-dade@2017-02-01", "us/fl/miami-dade@2020-06-01",
    "us/pa/philadelphia@2014-06-01", "us/pa/philadelphia@2015-12-25", "us/pa/lehigh@2014-06-01", "us/mn@2026-02-01",
    "us/fl/miami-dade@2025-06-01",
]  # fmt: skip
CELLS = {
    "request.asks": ["hold; notify", "notify", "transfer"],
    "request.form": ["i247a", "i247d"],
    "request.reimbursement_agreed": ["true", "false"],
    "request.complete": ["true", "false"],
    "request.signed": ["true"],
    "request.supported_by_documents": ["true", "false"],
    "request.warrants": ["[]", '[{"kind": "judicial_criminal", "signed": true}]', '[{"kind": "i200", "signed": true}]'],
    "request.priority": ['["gang"]', "[]"],
    "convictions": [
        "[]",
        '[{"offense": "robbery", "grade": "felony", "classes": [], "in_custody_for": true}]',
        '[{"offense": "homicide", "grade": "felony", "classes": ["pa_f1_f2_violent"], "in_custody_for": true}]',
    ],
    "charges": ["[]", '[{"pending": true, "bondable": false}]'],
    "subject.age": ["15", "40"],
    "subject.citizenship": ["none_claimed", "us_proven"],
    "custody.stage": ["sentenced", "pretrial"],
}
# A place may supply this one, and then it is not open to turn out otherwise.
HIDDEN = st.sampled_from(sorted(set(CELLS) - {"request.reimbursement_agreed"}))
ROWS = st.fixed_dictionaries({path: st.sampled_from(cells) for path, cells in CELLS.items()})


def frame(rows: list[dict[str, str | None]]) -> pa.Table:
    return pa.table(
        {
            "date": ["2016-05-01"] * len(rows),
            **{path: pa.array([row.get(path) for row in rows], pa.string()) for path in CELLS},
        }
    )


def pairs(table: pa.Table, action: str) -> list[set[tuple[str, str]]]:
    return [
        {tuple(pair.split(" to ")) for pair in cell.split("; ")} for cell in table.column(f"{action}_pairs").to_pylist()
    ]  # type: ignore[misc]


@settings(max_examples=15)
@given(
    st.sampled_from(LAWS), st.sampled_from(LAWS), st.lists(ROWS, min_size=1, max_size=6), st.sets(HIDDEN, max_size=8)
)
def test_pairs_are_those_of_the_two_laws_alone(
    first: str, second: str, whole: list[dict[str, Any]], hidden: set[str]
) -> None:
    hidden |= {"request.form"} if "request.asks" in hidden else set()  # a form says what is asked
    part = [{path: cell for path, cell in row.items() if path not in hidden} for row in whole]
    full, partly = (
        comity.compare(frame(whole), first, second, library=LIBRARY),
        comity.compare(frame(part), first, second, library=LIBRARY),
    )
    assert full.table is not None and partly.table is not None
    alone = [
        [comity.replay(frame(rows), law=law, library=LIBRARY) for law in (first, second)] for rows in (whole, part)
    ]
    for action in ("hold", "notify", "transfer", "share_status"):
        for comparison, replays in zip((full, partly), alone, strict=True):
            assert comparison.table is not None
            possible = [
                replay.table.column(f"{action}_possible").to_pylist() for replay in replays if replay.table is not None
            ]
            for compared, one, other in zip(pairs(comparison.table, action), *possible, strict=True):
                assert (
                    compared
                    and {a for a, _ in compared} <= {*one.split("; ")}
                    and {b for _, b in compared} <= {*other.split("; ")}
                )
        # What holds once more is known was open before.
        for more, less in zip(pairs(full.table, action), pairs(partly.table, action), strict=True):
            assert more <= less
        if first == second:
            assert set(partly.table.column(action).to_pylist()) == {"same"}


def test_what_each_place_supplies_is_kept_apart() -> None:
    rows = [
        {"convictions": CELLS["convictions"][2], **NO_CLAIM},
        {"convictions": CELLS["convictions"][2], "request.reimbursement_agreed": "true", **NO_CLAIM},
    ]
    comparison = comity.compare(
        frame(rows), "us/fl/miami-dade@2014-06-01", "us/pa/philadelphia@2014-06-01", library=LIBRARY
    )
    assert comparison.table is not None
    # No agreement to pay is known of Miami-Dade, and not of Philadelphia; a row that knows of one says so for both.
    assert pairs(comparison.table, "hold") == [
        {("forbidden", "permitted"), ("forbidden", "forbidden")},
        {("permitted", "permitted"), ("permitted", "forbidden")},
    ]
    assert comparison.turns_on("hold") == {"request.warrants": 2}


def test_what_is_surely_different_says_on_which_provisions() -> None:
    comparison = comity.compare(
        frame([{}]),
        "us/fl/miami-dade@2017-01-25",
        "us/fl/miami-dade@2017-01-26",
        assume={"request.asks": ["hold"], **NO_CLAIM},
        library=LIBRARY,
    )
    assert comparison.verdicts("hold") == {"different": 1} and comparison.changes("hold") == {
        "forbidden to required": 1
    }
    assert comparison.why("hold") == {(("us/fl/miami-dade/r-1008-13#1",), ("us/fl/miami-dade/memo-2017-01-26#1",)): 1}


@pytest.mark.parametrize("law", LAWS)
def test_a_law_beside_itself_never_differs(law: str, records: Path) -> None:
    comparison = comity.compare(
        records / "pennsylvania" / "pa_detainers.csv", law, law, group_by=("year",), library=LIBRARY
    )
    assert {action: comparison.verdicts(action) for action in comparison.actions} == {
        action: {"same": 32_757} for action in comparison.actions
    }


def test_an_empty_table_has_nothing_to_compare() -> None:
    comparison = comity.compare(frame([]), LAWS[0], LAWS[1], library=LIBRARY)
    assert comparison.rows == 0 and comparison.verdicts("hold") == {}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    csv.write_csv(frame([{}, {"request.warrants": "[]"}]), tmp_path / "detainers.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_counts_and_writes(folder: Path) -> None:
    options = "--assume subject.citizenship=none_claimed --group-by year --out both.csv --json"
    done = run(f"compare detainers.csv --law {LAWS[4]} --law {LAWS[2]} {options}")
    assert done.exit_code == 0, done.stderr
    result = json.loads(done.stdout)
    # Whether a hold is asked is not known after July 2015, so a person who may not be held may yet not be asked for.
    assert result["verdicts"]["hold"] == {"different": 1, "open": 1} or result["verdicts"]["hold"] == {"different": 2}
    assert result["groups"] == [{"year": 2016, "verdicts": result["verdicts"]}]
    assert {path.name for path in folder.iterdir()} == {
        "detainers.csv",
        "both.csv",
        "both.findings.csv",
        "both.codebook.md",
    }


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (f"--law {LAWS[0]}", "1 laws are named, not two"),
        (f"--law {LAWS[0]} --law nowhere@2020-01-01", 'there is no place "nowhere"'),
        (f"--law {LAWS[0]} --law {LAWS[1]} --group-by law", 'cannot be grouped by "law"'),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(options: str, says: str, folder: Path) -> None:
    done = run(f"compare detainers.csv {options}")
    assert done.exit_code == 2 and done.stdout == "" and says in done.stderr and done.stderr.count("\n") == 1


def test_a_table_without_a_day_is_refused() -> None:
    with pytest.raises(InputFault, match="on which day"):
        comity.compare(pa.table({"city": ["a"]}), LAWS[0], LAWS[1], library=LIBRARY)
