"""A replay: every row decided as it is decided alone, every row accounted for, and nothing half-written."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pytest

import comity
from comity.api import load
from comity.decision.explain import decide_by_definition
from comity.facts.columns import values_of
from comity.facts.request import Request
from comity.finding import InputFault
from comity.intake.cells import open_table
from comity.intake.table import FactRows, find_reader
from comity.law.in_force import in_force
from comity.lawview.named_law import split_law
from comity.present.page import as_text
from comity.records.page import page_of
from tests.commands.running import run
from tests.warehouse.requests import made_up

LIBRARY = load()
RESOLUTION, MEMO = "us/fl/miami-dade@2015-01-01", "us/fl/miami-dade@2017-02-01"
NO_CLAIM = {"subject.citizenship": "none_claimed"}
ROBBERY = '[{"offense": "robbery", "grade": "felony"}]'
FRAUD = '[{"offense": "fraud", "grade": "felony", "classes": []}]'
ROWS: list[dict[str, str | None]] = [
    {"date": "2014-05-01"},
    {"date": "2014-05-01", "request.reimbursement_agreed": "true", "convictions": ROBBERY},
    {"date": "2014-05-01", "request.reimbursement_agreed": "true", "convictions": FRAUD, "charges": "[]"},
    {"date": "2014-05-01", "request.reimbursement_agreed": "true"},
    {"date": "2014-05-01", "request.reimbursement_agreed": "true", "charges": '{"partial": [{"pending": true}]}'},
    {"date": "2015-07-10", "detainer_type": "I247N - Immigration Advisal - Request for Notification"},
    {"date": "never"},
]


def table() -> pa.Table:
    names = list(dict.fromkeys(name for row in ROWS for name in row))
    return pa.table({name: pa.array([row.get(name) for row in ROWS], pa.string()) for name in names})


def read(frame: pa.Table) -> FactRows:
    opened, _ = open_table(frame)
    assert opened
    reader, _ = find_reader(opened, LIBRARY.vocabulary, LIBRARY.offenses)
    assert reader
    [cells] = opened.pieces()
    return reader.read_rows(cells)


def decided_alone(law: str) -> list[dict[str, tuple[str, ...]]]:
    """Each row decided by itself, by the reference engine."""
    rows = read(table())
    place, day = split_law(law)
    stack = in_force(LIBRARY, place, date.fromisoformat(day))
    answers = []
    for cells in rows.facts.to_pylist():
        decision = decide_by_definition(stack, Request(place, moment_of(day), values_of(cells, LIBRARY.vocabulary)))
        answers.append({action: answer.possible for action, answer in decision.actions.items()})
    return answers


def moment_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


@pytest.mark.parametrize("law", [RESOLUTION, MEMO, "us/fl/miami-dade@2013-06-03", "us/fl/miami-dade@2020-06-01"])
def test_every_row_comes_out_as_it_does_alone(law: str) -> None:
    replay = comity.replay(table(), law=law, library=LIBRARY)
    rows = replay.table.to_pylist()
    alone = decided_alone(law)
    assert [row["row"] for row in rows] == [1, 2, 3, 4, 5, 6]
    for row, possible in zip(rows, alone, strict=True):
        assert {action: tuple(row[f"{action}_possible"].split("; ")) for action in replay.actions} == {
            action: possible[action] for action in replay.actions
        }
    for action, tally in replay.actions.items():
        assert tally.outcomes == dict(Counter(row[action] for row in rows))
        assert sum(tally.outcomes.values()) == len(rows) == replay.rows - len(replay.refused)


def test_what_stays_open_says_on_what_it_turns() -> None:
    replay = comity.replay(table(), law=RESOLUTION, assume=NO_CLAIM, library=LIBRARY)
    rows = replay.table.to_pylist()
    assert [row["hold"] for row in rows] == [
        "forbidden",
        "permitted",
        "forbidden",
        "undetermined",
        "undetermined",
        "forbidden",
    ]
    assert rows[3]["hold_missing"] == "convictions; charges"
    assert replay.actions["hold"].turns_on == {"convictions": 2, "charges": 2}
    assert replay.actions["hold"].determining == {"us/fl/miami-dade/r-1008-13#1": 6}


def test_the_page_begins_with_the_result() -> None:
    replay = comity.replay(table(), law=RESOLUTION, assume=NO_CLAIM, library=LIBRARY)
    assert as_text(page_of(replay), width=300).splitlines()[1:3] == [
        "Of 7 requests, the person may be held in 1 and must not be held in 3; 2 depend on facts that the table does not give. "
        "1 was not decided.",
        "",
    ]
    nothing = page_of(comity.replay(table().slice(0, 0), law=RESOLUTION, library=LIBRARY))
    assert as_text(nothing).splitlines()[1] == "No request was decided."


def test_the_page_names_the_assumption_that_would_decide_most_rows() -> None:
    """Nothing in a table of detainers says whether anybody claimed or proved citizenship."""
    replay = comity.replay(table(), law=MEMO, library=LIBRARY)
    assert replay.actions["hold"].outcomes == {"undetermined": 5, "unaddressed": 1}
    assert replay.actions["hold"].turns_on_alone == {"subject.citizenship": 5}
    line = "5 of 6 rows are open on subject.citizenship alone: --assume subject.citizenship=none_claimed"
    assert line in as_text(page_of(replay), width=200)
    assumed = comity.replay(table(), law=MEMO, assume=NO_CLAIM, library=LIBRARY)
    assert assumed.actions["hold"].outcomes == {"required": 5, "unaddressed": 1}
    assert "subject.citizenship alone" not in as_text(page_of(assumed), width=200)


def test_a_row_that_lacks_more_than_one_fact_is_not_open_on_one_alone() -> None:
    replay = comity.replay(table(), law=RESOLUTION, library=LIBRARY)
    assert replay.actions["hold"].turns_on == {"subject.citizenship": 3, "convictions": 2, "charges": 2}
    assert replay.actions["hold"].turns_on_alone == {"subject.citizenship": 1}
    line = "1 of 6 rows is open on subject.citizenship alone: --assume subject.citizenship=none_claimed"
    assert line in as_text(page_of(replay), width=200)


def test_rows_that_cannot_be_read_are_counted_with_a_reason() -> None:
    replay = comity.replay(table(), law=RESOLUTION, library=LIBRARY).to_dict()
    assert (replay["rows"], replay["decided"]) == (7, 6)
    assert replay["refused"] == [
        {
            "row": 7,
            "code": "no-day",
            "message": '"never" in detainer_prepare_date is no day, which is written YYYY-MM-DD',
        }
    ]
    assert replay["findings"] == {"no-day": 1}


def test_what_is_missing_does_not_depend_on_the_rows_above() -> None:
    """A list that is known whole and lacks a field is asked for last, one that is not known where it decides."""
    rows = made_up(400)
    ahead = comity.replay(rows, library=LIBRARY).table
    behind = comity.replay(rows.take(pa.array(range(399, -1, -1))), library=LIBRARY).table
    turned = {401 - row["row"]: row for row in behind.to_pylist()}
    assert [{**turned[row["row"]], "row": row["row"]} for row in ahead.to_pylist()] == ahead.to_pylist()


def test_the_examples_of_findings_can_be_written_as_json(tmp_path: Path) -> None:
    """One came as a phrase, which the writer of JSON does not know, and the command ended in an internal fault."""
    csv.write_csv(made_up(200), tmp_path / "requests.csv")
    printed = run(f"replay {tmp_path}/requests.csv --json")
    assert printed.exit_code == 0
    assert json.loads(printed.stdout)["examples"]["form-out-of-time"].startswith("Form I-247")


def test_an_assumption_goes_before_the_place_and_after_the_row() -> None:
    frame = pa.table(
        {
            "date": ["2014-05-01"] * 2,
            "request.reimbursement_agreed": [None, "false"],
            "convictions": [ROBBERY] * 2,
            "subject.citizenship": ["none_claimed"] * 2,
        }
    )
    plain = comity.replay(frame, law=RESOLUTION, library=LIBRARY)
    assumed = comity.replay(frame, law=RESOLUTION, assume={"request.reimbursement_agreed": True}, library=LIBRARY)
    assert plain.table.column("hold").to_pylist() == ["forbidden", "forbidden"]
    assert assumed.table.column("hold").to_pylist() == ["permitted", "forbidden"]
    assert "request.reimbursement_agreed" in plain.of_place and "request.reimbursement_agreed" not in assumed.of_place
    assert assumed.assumed == {"request.reimbursement_agreed": "true"}


def test_an_empty_table_has_no_rows() -> None:
    replay = comity.replay(pa.table({"date": pa.array([], pa.string())}), law=MEMO, library=LIBRARY)
    assert replay.table.num_rows == 0 and replay.actions["hold"].outcomes == {}


def test_the_name_of_a_law_is_split_at_its_sign() -> None:
    assert split_law(MEMO) == ("us/fl/miami-dade", "2017-02-01")
    assert split_law("us/fl") == ("us/fl", "") and split_law("us/fl@") == ("us/fl", "")


@pytest.mark.parametrize(
    ("law", "code"),
    [
        ("us/fl/miami-dade", "not-a-law"),
        ("us/fl/miami-dade@", "not-a-day"),
        ("us/fl/miami-daed@2017-02-01", "unknown-place"),
        ("us/fl/miami-dade@2017-02-30", "not-a-day"),
    ],
)
def test_a_law_that_cannot_be_named(law: str, code: str) -> None:
    with pytest.raises(InputFault) as fault:
        comity.replay(table(), law=law, library=LIBRARY)
    assert [finding.code for finding in fault.value.findings] == [code]


def test_what_is_assumed_is_checked() -> None:
    with pytest.raises(InputFault, match="did you mean"):
        comity.replay(table(), law=MEMO, assume={"subject.aeg": "30"}, library=LIBRARY)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    csv.write_csv(table(), tmp_path / "detainers.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_writes_one_row_a_request(folder: Path) -> None:
    assumed = "--assume subject.citizenship=none_claimed"
    done = run(f"replay detainers.csv --law {MEMO} {assumed} --out decided.csv --json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["outcomes"]["hold"] == {"required": 5, "unaddressed": 1}
    assert csv.read_csv(folder / "decided.csv").column("hold").to_pylist().count("required") == 5
    assert {path.name for path in folder.iterdir()} == {
        "detainers.csv", "decided.csv", "decided.findings.csv", "decided.codebook.md",
    }  # fmt: skip
    refused = [{**row, "kind": "refused"} for row in json.loads(done.stdout)["refused"]]
    assert csv.read_csv(folder / "decided.findings.csv").to_pylist() == refused
    assert "`hold_missing`: the facts that would settle it" in (folder / "decided.codebook.md").read_text()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("", "give --place, or --law as PLACE@DAY"),
        ("--place us/pa/lehihg", 'there is no place "us/pa/lehihg"'),
        (f"--law {MEMO} --group-by county,yaer", "did you mean"),
        (f"--law {MEMO} --without-duplicates", "no column duplicate_likely marks"),
        (f"--law {MEMO} --out decided.txt", "end the name in one of the two"),
        (f"--law {MEMO} --out nowhere/decided.csv", "make the folder first"),
        (f"--law {MEMO} --assume subject.age", "write FACT=VALUE"),
        (f"--law {MEMO} --assume subject.age=young", "write a whole number"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(options: str, says: str, folder: Path) -> None:
    done = run(f"replay detainers.csv {options}")
    assert done.exit_code == 2 and done.stdout == ""
    assert says in done.stderr and done.stderr.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["detainers.csv"]


@pytest.mark.parametrize("out", ["detainers.csv", "./detainers.csv", "again.csv", "linked.csv"])
@pytest.mark.parametrize("command", [f"replay TABLE --law {MEMO}", f"compare TABLE --law {MEMO} --law {RESOLUTION}"])
def test_the_table_itself_is_never_written_over(command: str, out: str, folder: Path) -> None:
    (folder / "linked.csv").symlink_to("detainers.csv")
    (folder / "detainers.csv").rename(folder / "again.findings.csv") if out == "again.csv" else None
    source = "again.findings.csv" if out == "again.csv" else "detainers.csv"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.exists()}
    done = run(f"{command.replace('TABLE', source)} --out {out}")
    assert (
        (done.exit_code, done.stdout) == (2, "")
        and "is the table that is read" in done.stderr
        and done.stderr.count("\n") == 1
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.exists()} == before


@pytest.mark.parametrize("law", [RESOLUTION, MEMO])
def test_the_real_records_are_all_accounted_for(law: str, records: Path) -> None:
    path = records / "pennsylvania" / "pa_detainers.csv"
    lines = sum(1 for _ in path.open(encoding="utf-8")) - 1
    replay = comity.replay(path, law=law, assume=NO_CLAIM, library=LIBRARY)
    assert replay.rows == replay.decided + len(replay.refused) == replay.table.num_rows == lines
    for tally in replay.actions.values():
        assert sum(tally.outcomes.values()) == sum(tally.possible.values()) == replay.table.num_rows
    notices = pc.sum(pc.starts_with(csv.read_csv(path).column("detainer_type"), "I247N")).as_py()
    hold = replay.actions["hold"].outcomes
    assert hold == (
        {"forbidden": lines} if law == RESOLUTION else {"required": lines - notices, "unaddressed": notices}
    )
    without = comity.replay(path, law=law, library=LIBRARY).actions["hold"]
    asked = {"undetermined": lines - notices, "unaddressed": notices}
    assert without.outcomes == ({"forbidden": lines} if law == RESOLUTION else asked)
    assert without.turns_on_alone == ({} if law == RESOLUTION else {"subject.citizenship": lines - notices})
