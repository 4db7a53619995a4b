"""Cells that cannot be read refuse their row with a reason, and never end a replay; unfinished files are cleaned up."""

from __future__ import annotations

import csv
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import comity
from comity.api import load
from comity.finding import InputFault
from comity.present.files import write_files
from tests.commands.running import run

LIBRARY = load()
ROOT = Path(__file__).parents[2]
LAW, OTHER = "us/fl/miami-dade@2017-02-01", "us/fl/miami-dade@2015-01-01"
DAMAGED = [
    ("subject.age", "²", "unreadable-cell", '"²" in subject.age looks like a number and is none'),
    ("subject.age", "--5", "unreadable-cell", '"--5" in subject.age looks like a number and is none'),
    ("subject.age", "9" * 5_000, "unreadable-cell", "has a number of more than 4,300 digits"),
    ("charges", "[" * 50_000, "unreadable-cell", "is nested more than 20 levels deep"),
    ("charges", "[" * 30 + "]" * 30, "unreadable-cell", "is nested more than 20 levels deep"),
    (
        "convictions",
        f'[{{"sentence_days": {"9" * 5_000}}}]',
        "unreadable-cell",
        "has a number of more than 4,300 digits",
    ),
    ("convictions", '[{"offense": "\\ud800"}]', "unreadable-cell", "holds half of a character pair"),
    ("request.asks", '["\\udfff"]', "unreadable-cell", "holds half of a character pair"),
    ("subject.age", "9" * 2_000_000, "cell-too-long", "subject.age holds more than 100,000 bytes"),
    ("request.form", "x" * 2_000_000, "cell-too-long", "request.form holds more than 100,000 bytes"),
]


def table(path: Path, column: str, cells: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["date", column])
        writer.writerows([["2017-03-01", cell] for cell in cells])
    return path


@pytest.mark.parametrize(
    ("column", "cell", "code", "says"), DAMAGED, ids=[f"{row[0]} {row[1][:12]}" for row in DAMAGED]
)
def test_a_damaged_cell_refuses_its_row(column: str, cell: str, code: str, says: str, tmp_path: Path) -> None:
    source = table(tmp_path / "detainers.csv", column, ["", cell, ""])
    done = run(f"replay {source} --law {LAW} --out {tmp_path / 'rows.csv'} --json")
    assert done.exit_code == 0, done.stderr
    result = json.loads(done.stdout)
    assert [(row["row"], row["code"]) for row in result["refused"]] == [(3, code)]
    assert says in result["refused"][0]["message"] and len(result["refused"][0]["message"]) < 300
    assert result["decided"] == 2 and result["findings"] == {code: 1}
    with (tmp_path / "rows.findings.csv").open(encoding="utf-8", newline="") as lines:
        assert [row["message"] for row in csv.DictReader(lines)] == [result["refused"][0]["message"]]


def test_a_value_that_is_merely_wrong_is_still_unknown(tmp_path: Path) -> None:
    replay = comity.replay(table(tmp_path / "a.csv", "subject.age", ["old", "-5", "4" * 400]), law=LAW, library=LIBRARY)
    assert not replay.refused and replay.findings == {"not-a-number": 3}  # of more than 15 digits none is a number


def test_a_long_example_is_cut(tmp_path: Path) -> None:
    replay = comity.replay(table(tmp_path / "a.csv", "subject.age", ["x" * 90_000]), law=LAW, library=LIBRARY)
    assert not replay.refused and len(replay.examples["not-a-number"]) < 600


def test_half_of_a_character_in_a_frame_refuses_its_row() -> None:
    """pandas keeps it when a file was read with `surrogateescape`; Arrow cannot hold it."""
    cells = {"date": ["2017-03-01"] * 2, "request.form": ["i247a\udcff", "i247a"], "city": ["\ud800", "b"]}
    frame = pd.DataFrame(cells, dtype=object)
    replay = comity.replay(frame, law=LAW, library=LIBRARY)
    assert [(row.row, row.code) for row in replay.refused] == [(1, "not-text")] and replay.decided == 1
    assert replay.refused[0].message.encode()


def test_a_frame_that_cannot_become_a_table_is_refused_in_one_line() -> None:
    with pytest.raises(InputFault, match="cannot be read as a table") as fault:
        column = pa.array([0], pa.timestamp("s", "Mars/Base"))
        comity.replay(pa.table({"date": column}), law=LAW, library=LIBRARY)
    assert len(str(fault.value).splitlines()) == 1


def test_a_frame_with_cells_of_several_kinds_is_read_row_by_row() -> None:
    replay = comity.replay(pd.DataFrame({"date": ["2017-03-01", b"2", 3]}), law=LAW, library=LIBRARY)
    assert replay.decided == 1 and [(row.row, row.code) for row in replay.refused] == [(2, "no-day"), (3, "no-day")]


def test_a_control_sign_in_a_facility_or_a_form_splits_no_key() -> None:
    """Keys of several columns are joined by this sign: in a cell it once ended the run."""
    columns = {
        "det_facility": ["LEHIGH\x1fCOUNTY JAIL"],
        "state": ["PENN\x1fSYLVANIA"],
        "detainer_type": ["I\x1f247 - \x1f"],
    }
    replay = comity.replay(pa.table({"date": ["2017-03-01"], **columns}), library=LIBRARY)
    assert replay.rows == 1 and not replay.refused


def test_a_form_that_was_out_of_use_is_an_example_in_json_too(tmp_path: Path) -> None:
    source = tmp_path / "detainers.csv"
    source.write_text("date,request.form\n2017-03-01,i247a\n")
    result = json.loads(run(f"replay {source} --law {LAW} --json").stdout)
    assert (
        result["findings"] == {"form-out-of-time": 1} and "was first used on" in result["examples"]["form-out-of-time"]
    )


@pytest.mark.parametrize(
    ("assumption", "says"),
    [
        ("subject.age=²", 'subject.age is "²", which looks like a number and is none'),
        (f"subject.age={'9' * 5_000}", "more than 4,300 digits"),
        ('convictions=[{"offense":"\\ud800"}]', "half of a character pair"),
        ('request.form="\\ud800"', "half of a character pair"),
        ('request.form="\\q"', "cannot be"),
        (f"charges={'[' * 5_000}", "more than 20 levels deep"),
    ],
)
def test_an_assumption_that_cannot_be_read_is_one_line(assumption: str, says: str, tmp_path: Path) -> None:
    source = table(tmp_path / "detainers.csv", "city", ["a"])
    done = run(shlex.join(["replay", str(source), "--law", LAW, "--assume", assumption]))
    assert done.exit_code == 2 and done.stdout == ""
    assert done.stderr.startswith("--assume: ") and says in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [f"replay TABLE --law {LAW}", f"compare TABLE --law {LAW} --law {OTHER}"])
def test_a_run_of_which_every_row_is_refused_fails(command: str, tmp_path: Path) -> None:
    all_refused = table(tmp_path / "all.csv", "subject.age", ["²", "--5"])
    some_refused = table(tmp_path / "some.csv", "subject.age", ["²", "5"])
    none_there = table(tmp_path / "none.csv", "subject.age", [])
    for options in ("", " --json", f" --out {tmp_path / 'rows.csv'}"):
        codes = [
            run(command.replace("TABLE", str(source)) + options).exit_code
            for source in (all_refused, some_refused, none_there)
        ]
        assert codes == [1, 0, 0], options
    assert (tmp_path / "rows.csv").is_file()


def test_a_cost_of_which_every_row_is_refused_fails(tmp_path: Path) -> None:
    source = tmp_path / "holds.csv"
    source.write_text("held_from,held_until\n2017-03-05,2017-03-01\n")
    assert run(f"cost {source} --place us/fl/miami-dade --leave-out").exit_code == 1
    source.write_text("held_from,held_until\n2017-03-05,2017-03-01\n2017-03-01,2017-03-05\n")
    assert run(f"cost {source} --place us/fl/miami-dade --leave-out").exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a signal")
@pytest.mark.parametrize("ending", ["SIGTERM", "SIGHUP"])
def test_a_replay_that_is_ended_leaves_nothing(ending: str, tmp_path: Path) -> None:
    source = tmp_path / "many.csv"
    source.write_text("date,place\n" + "2014-06-01,us/pa/lehigh\n" * 1_500_000)
    command = [sys.executable, "-m", "comity", "replay", str(source), "--out", str(tmp_path / "rows.csv")]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while started.poll() is None and len([*tmp_path.iterdir()]) == 1:
        time.sleep(0.01)
    number = signal.Signals[ending]
    started.send_signal(number)  # the first rows are being written
    said, faults = started.communicate(timeout=60)
    assert (started.returncode, said, faults) == (128 + number, b"", b"")
    assert [*tmp_path.iterdir()] == [source]


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot ask for a process without ending it")
def test_parts_of_dead_processes_are_swept_and_others_stay(tmp_path: Path) -> None:
    source = table(tmp_path / "detainers.csv", "city", ["a"])
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f".rows.csv.{ended.pid}.part"
    others = [
        tmp_path / name for name in (f".rows.csv.{os.getppid()}.part", ".mine.part", f"rows.csv.{ended.pid}.part")
    ]
    for part in (left, *others):
        part.touch()
    assert run(f"replay {source} --law {LAW} --out {tmp_path / 'rows.csv'}").exit_code == 0
    assert not left.exists() and all(part.exists() for part in others)
    left.touch()
    write_files(tmp_path, {"page.md": b"text"})
    assert not left.exists() and all(part.exists() for part in others)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_file_that_is_written_over_keeps_its_rights(tmp_path: Path) -> None:
    source, out = table(tmp_path / "detainers.csv", "city", ["a"]), tmp_path / "rows.csv"
    for path, mode in ((out, 0o640), (tmp_path / "rows.codebook.md", 0o600), (tmp_path / "page.md", 0o664)):
        path.touch()
        path.chmod(mode)
    assert run(f"replay {source} --law {LAW} --out {out}").exit_code == 0
    write_files(tmp_path, {"page.md": b"text", "new.md": b"text"})
    rights_of = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert (rights_of["rows.csv"], rights_of["rows.codebook.md"], rights_of["page.md"]) == (0o640, 0o600, 0o664)
    assert out.stat().st_size and rights_of["new.md"] == rights_of["rows.findings.csv"] == rights_of["detainers.csv"]
