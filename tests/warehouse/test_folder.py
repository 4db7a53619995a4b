"""A folder of Parquet: the same as one table, resumed after an interruption, written whole or not at all."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as dataset
import pyarrow.parquet as parquet
import pytest

import comity
from comity.api import load
from comity.finding import InputFault
from comity.records.replay_table import ReplayArguments
from comity.warehouse.folder import FolderFile, FolderReplay, target_of_folder
from tests.commands.running import run
from tests.warehouse.requests import counts_of, made_up

LIBRARY = load()
ROWS, FILES = 1_200, 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "requests", made_up(ROWS))


def written(folder: Path, rows: pa.Table) -> Path:
    folder.mkdir()
    each = rows.num_rows // FILES
    for at in range(FILES):
        parquet.write_table(rows.slice(at * each, each), folder / f"{at}.parquet")
    return folder


def replay_of(folder: Path, **arguments: Any) -> FolderReplay:
    return FolderReplay(str(folder), ReplayArguments(**arguments), LIBRARY)


@pytest.mark.parametrize("law", ["", "us/fl/miami-dade@2017-02-01"])
def test_rows_and_counts_are_those_of_one_table(folder: Path, tmp_path: Path, law: str) -> None:
    expected = comity.replay(made_up(ROWS), law=law, group_by=("county",), library=LIBRARY)
    result = replay_of(folder, law=law, group_by=("county",)).run(tmp_path / "decided")
    assert counts_of(result) == counts_of(expected)
    assert parquet.read_table(tmp_path / "decided").to_pylist() == expected.table.to_pylist()
    assert counts_of(replay_of(folder, law=law, group_by=("county",)).run(None)) == counts_of(expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "decided", "decided.codebook.md", "decided.findings.csv", "requests",
    ]  # fmt: skip


def interrupted(folder: Path, target: Path, after: int, **arguments: Any) -> None:
    """Runs a replay that ends in the middle of a file, after so many."""

    class Interrupted(FolderReplay):
        def tables_of(self, file: FolderFile) -> Any:
            for at, table in enumerate(super().tables_of(file)):
                yield table
                if at == 0 and self.decided_again > after:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Interrupted(str(folder), ReplayArguments(**arguments), LIBRARY).run(target)
    assert not target.exists()


def test_what_was_finished_is_not_decided_again(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "decided"
    interrupted(folder, target, 2)
    resumed = replay_of(folder)
    result = resumed.run(target)
    assert resumed.decided_again == FILES - 2
    expected = comity.replay(made_up(ROWS), library=LIBRARY)
    assert counts_of(result) == counts_of(expected)
    assert parquet.read_table(target).to_pylist() == expected.table.to_pylist()


def test_what_depends_on_something_else_now_is_decided_again(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "decided"
    interrupted(folder, target, 3)
    parquet.write_table(made_up(ROWS // FILES, seed=8), folder / "1.parquet")
    changed = replay_of(folder)
    changed.run(target)
    assert changed.decided_again == 2  # the changed file, and the one that was not finished
    interrupted(folder, tmp_path / "other", 3)
    assumed = replay_of(folder, assume={"subject.citizenship": "none_claimed"})
    assumed.run(tmp_path / "other")
    assert assumed.decided_again == FILES


def test_a_part_that_was_damaged_is_decided_again(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "decided"
    interrupted(folder, target, 3)
    states, rows = (sorted((tmp_path / ".decided.work" / name).glob("part-*")) for name in ("state", "rows"))
    states[0].write_bytes(states[0].read_bytes()[:-5])
    rows[1].unlink()
    resumed = replay_of(folder)
    resumed.run(target)
    assert resumed.decided_again == 3


def test_a_folder_that_is_there_is_replaced_when_the_new_one_is_whole(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "decided"
    replay_of(folder).run(target)
    before = parquet.read_table(target)
    with pytest.raises(KeyboardInterrupt):
        FolderReplay(str(folder), ReplayArguments(place="us/il/cook"), LIBRARY).run(target, _stop)
    assert parquet.read_table(target).equals(before)
    replay_of(folder, place="us/il/cook").run(target)
    assert {*parquet.read_table(target)["place"].to_pylist()} == {"us/il/cook"}
    assert not (tmp_path / ".decided.work").exists()


def _stop(rows: int) -> None:
    raise KeyboardInterrupt


def test_a_partitioned_folder_gives_the_values_in_its_names(tmp_path: Path) -> None:
    rows = made_up(ROWS)
    dataset.write_dataset(
        rows,
        tmp_path / "parts",
        format="parquet",
        partitioning=["place"],
        partitioning_flavor="hive",
        use_threads=False,
    )
    expected = comity.replay(rows, library=LIBRARY)
    result = replay_of(tmp_path / "parts").run(None)
    assert result.to_dict()["outcomes"] == expected.to_dict()["outcomes"] and result.rows == expected.rows


def test_files_with_different_columns_are_read_as_one_table(tmp_path: Path) -> None:
    rows = made_up(ROWS)
    folder = written(tmp_path / "requests", rows)
    parquet.write_table(rows.slice(0, 300).drop_columns(["convictions"]), folder / "0.parquet")
    lacking = rows.set_column(
        rows.schema.get_field_index("convictions"),
        "convictions",
        pa.array([None] * 300 + rows["convictions"].to_pylist()[300:], pa.string()),
    )
    assert counts_of(replay_of(folder).run(None)) == counts_of(comity.replay(lacking, library=LIBRARY))
    parquet.write_table(pa.table({"date": ["2017-01-01"], "place": [7]}), folder / "0.parquet")
    with pytest.raises(InputFault, match="cannot be read as a table"):
        replay_of(folder)


@pytest.mark.parametrize("into", ["{requests}", "{requests}/inside", "{file}", "nowhere/decided"])
def test_a_target_that_cannot_be_written_is_refused(folder: Path, tmp_path: Path, into: str) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputFault):
        target_of_folder(into.format(requests=folder, file=tmp_path / "notes.txt"), str(folder))


def test_a_folder_of_other_files_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    done = run(f"replay {folder} --into {tmp_path}/mine")
    assert done.exit_code == 2 and "not a folder of Parquet files" in done.stderr


def test_a_folder_that_no_replay_wrote_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    other = written(tmp_path / "others", made_up(8))
    done = run(f"replay {folder} --into {other}")
    assert done.exit_code == 2 and "not one that a replay wrote" in done.stderr and len([*other.iterdir()]) == FILES
    nothing = run(f"replay {folder} --into ''")
    assert nothing.exit_code == 2 and "names no target" in nothing.stderr


def test_a_run_that_ended_after_the_folders_changed_places_is_swept(folder: Path, tmp_path: Path) -> None:
    target, left = tmp_path / "decided", tmp_path / ".decided.work" / "replaced"
    replay_of(folder).run(target)
    left.mkdir(parents=True)
    (left / "part-000000000001.parquet").write_bytes(b"of before")
    replay_of(folder).run(target)
    assert len([*target.iterdir()]) == FILES and not left.exists()


def test_two_processes_do_not_write_one_folder(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / ".decided.work" / "process"
    mark.parent.mkdir()
    mark.write_text(f"{platform.node()} {os.getppid()}", encoding="utf-8")
    monkeypatch.setattr("comity.warehouse.folder.is_running", lambda process: process == os.getppid())
    with pytest.raises(InputFault, match="another replay writes"):
        replay_of(folder).run(tmp_path / "decided")
    monkeypatch.setattr("comity.warehouse.folder.is_running", lambda process: False)
    assert replay_of(folder).run(tmp_path / "decided").rows == ROWS


def test_another_program_decides_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted(folder, tmp_path / "decided", 3)
    monkeypatch.setattr("comity.warehouse.folder.program_digest", lambda: "of tomorrow")
    resumed = replay_of(folder)
    resumed.run(tmp_path / "decided")
    assert resumed.decided_again == FILES


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_what_is_not_read_is_noted_and_names_of_folders_are_text(tmp_path: Path) -> None:
    rows, folder = made_up(20).drop_columns(["place"]), tmp_path / "place=us%2Fil%2Fcook" / "requests"
    for name in ("place=0012/a.PARQUET", "place=us%2Ffl%2Fmiami-dade/b.parquet", "_c/c.parquet"):
        (folder / name).parent.mkdir(parents=True)
        parquet.write_table(rows.append_column("comity_row", rows["line"]), folder / name)
    wider = rows.append_column("subject.age", pa.array([34.0] * 20))
    parquet.write_table(wider, folder / "d.parquet")
    parquet.write_table(rows.append_column("subject.age", pa.array([34] * 20)), folder / "e.parquet")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "link").symlink_to(tmp_path, target_is_directory=True)
    (folder / "f.parquet").symlink_to(tmp_path / "nowhere")
    expected, result = comity.replay(str(folder), library=LIBRARY), replay_of(folder).run(None)
    assert counts_of(result) == counts_of(expected) and result.reading == expected.reading
    assert result.rows == 80 and "0012" in result.examples["unknown-place"]
    assert [note.split(" ", 1)[0] for note in result.reading.notes] == ["1", "1", "1", "1"]


def test_the_command_replays_a_folder(folder: Path, tmp_path: Path) -> None:
    done = run(f"replay {folder} --into {tmp_path}/decided --json")
    assert done.exit_code == 0 and json.loads(done.stdout)["rows"] == ROWS
    assert parquet.read_table(tmp_path / "decided").num_rows + len(json.loads(done.stdout)["refused"]) == ROWS
    both = run(f"replay {folder} --out {tmp_path}/rows.csv --into {tmp_path}/decided")
    assert both.exit_code == 2 and both.stderr.endswith("use --into [out-and-into]\n")
    mapped = run(f"replay {folder} --into {tmp_path}/decided --column Held=subject.age")
    assert mapped.exit_code == 2 and "[columns-elsewhere]" in mapped.stderr
    (tmp_path / "empty").mkdir()
    assert "has no file that ends in .parquet" in run(f"replay {tmp_path}/empty --into {tmp_path}/decided").stderr


def test_moments_are_days_at_the_place_of_their_row(tmp_path: Path) -> None:
    rows = made_up(ROWS)
    moments = ["2017-02-02T03:30:00Z", "2019-06-01T00:00:00Z", "2015-07-10T23:00:00-07:00"] * (ROWS // 3)
    dated = rows.drop_columns(["date"]).append_column("request.received_at", pa.array(moments))
    expected = comity.replay(dated, library=LIBRARY)
    result = replay_of(written(tmp_path / "requests", dated)).run(tmp_path / "decided")
    assert parquet.read_table(tmp_path / "decided").to_pylist() == expected.table.to_pylist()
    assert counts_of(result) == counts_of(expected) and result.findings["midnight-utc"]


def test_files_are_numbered_in_the_order_in_which_this_process_reads_a_folder(tmp_path: Path) -> None:
    rows, folder = made_up(ROWS), tmp_path / "requests"
    for at, name in enumerate(("a+c/0", "a/1", "a/0", "_hidden/0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(rows.slice(at * 300, 300), folder / f"{name}.parquet")
    expected = comity.replay(str(folder), library=LIBRARY)
    result = replay_of(folder).run(tmp_path / "decided")
    assert parquet.read_table(tmp_path / "decided").to_pylist() == expected.table.to_pylist()
    assert result.reading == expected.reading
