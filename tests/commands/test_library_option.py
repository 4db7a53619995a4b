"""`--library`: a folder that holds no law is refused by every command in one line, before anything walks through it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from comity.cli import HELP, OF_DESK

from .running import run

MIAMI = "us/fl/miami-dade"
LAWS = f"{MIAMI}@2017-01-25 {MIAMI}@2017-01-26"
TWO_LAWS = f"--law {MIAMI}@2017-01-25 --law {MIAMI}@2017-01-26"
COMMANDS = [
    "demo",
    f"law {MIAMI} --on 2017-01-26",
    "new us/ca/sutter --title Order --kind directive --effective 2014-05-06 --forbids hold --into out",
    "check",
    "editor",
    "decide request.json",
    "words robbery",
    f"ask --place {MIAMI}",
    f"clock --place {MIAMI} --eligible-at 2017-09-01T15:00:00-04:00",
    "columns holds.csv",
    "replay holds.csv",
    f"compare holds.csv {TWO_LAWS}",
    f"cost holds.csv --place {MIAMI}",
    f"cost compare holds.csv {TWO_LAWS}",
    f"funding {MIAMI} --on 2017-02-01",
    f"context {MIAMI}",
    f"prove total {MIAMI}@2017-01-26",
    f"diff {LAWS}",
    f"classify {MIAMI} --on 2017-01-25",
    f"site --place {MIAMI}",
]
HELP_TEXT = "name a folder that holds a folder us, or a table such as rates.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a request, a table and an empty folder, as the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "request.json").write_text('{"place": "us/fl/miami-dade"}', encoding="utf-8")
    (tmp_path / "holds.csv").write_text("place,held_from,held_until\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command.split()[:2]))
@pytest.mark.parametrize(
    ("library", "message"),
    [
        ("request.json", "there is no such folder of law; {} [no-folder]"),
        ("nothing", "there is no such folder of law; {} [no-folder]"),
        ("empty", "this folder holds no law; {} [no-law]"),
        (os.path.abspath(os.sep), "this folder holds no law; {} [no-law]"),
    ],
)
def test_a_folder_without_law_is_refused(
    command: str, library: str, message: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(folder.rglob("*"))
    done = run(f"{command} --library '{library}'")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"{library}: {message.format(HELP_TEXT)}\n"
    assert sorted(folder.rglob("*")) == before


def test_every_command_is_here() -> None:
    """Those of a desk take the folders of its law from its configuration."""
    assert {command.split()[0] for command in COMMANDS} == {*HELP} - {*OF_DESK}
