"""start.py as people run it: what it says about a bad request, and when it installs."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.tree import ROOT

START = ROOT / "start.py"


def started(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(START), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def start() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", START)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with pip and nothing else; to put pip into one takes seconds, so the tests take copies."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(folder, with_pip=True)
    return folder


@pytest.fixture
def folder(empty_environment: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty_environment, tmp_path / "venv", symlinks=True))


def test_an_unknown_verb_is_refused_in_one_line() -> None:
    done = started("dance")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'start.py: there is no verb "dance"; one of demo, test, check, docs, site, bench\n'


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_without_a_verb_it_says_what_it_does(arguments: tuple[str, ...]) -> None:
    done = started(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"python3 start.py {verb}" in done.stdout for verb in ("demo", "test", "check", "docs", "site", "bench"))


def test_an_old_python_is_refused_with_the_version_that_is_needed(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "OLDEST", (4, 0))
    assert start.main(["test"]) == 1
    assert capsys.readouterr().err.startswith("start.py: comity needs Python 3.11 or newer")


def test_an_environment_is_filled_once_and_again_when_its_lock_changes(
    start: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, lock = tmp_path / "venv", tmp_path / "empty.lock"
    lock.write_text("# nothing is needed\n", encoding="utf-8")
    assert start.prepare(folder, [lock]) is None
    assert "filling venv from empty.lock" in capsys.readouterr().out
    assert start.prepare(folder, [lock]) is None
    assert capsys.readouterr().out == ""
    lock.write_text("# still nothing\n", encoding="utf-8")
    assert start.prepare(folder, [lock]) is None
    assert "filling venv" in capsys.readouterr().out


def test_an_environment_that_could_not_be_filled_is_never_taken_for_whole(
    start: ModuleType, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    lock = tmp_path / "impossible.lock"
    lock.write_text(f"no-such-thing==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    for _ in range(2):
        fault = start.prepare(folder, [lock])
        assert fault and fault.startswith("venv could not be filled") and "\n" not in fault
    assert not (folder / "comity-stamp").exists()


def test_the_whole_lock_stands_for_its_parts_and_a_part_is_added_to(
    start: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
) -> None:
    demo, docs, whole = (tmp_path / f"{name}.lock" for name in ("demo", "docs", "whole"))
    for lock in (demo, docs, whole):
        lock.write_text(f"# {lock.name}\n", encoding="utf-8")
    monkeypatch.setattr(start, "WHOLE", whole)
    monkeypatch.setattr(start, "PARTS", (demo, docs))
    installed: list[list[Path]] = []
    monkeypatch.setattr(start, "_install", lambda folder, locks: installed.append(locks))
    for locks in ([demo], [demo, docs], [demo], [whole], [demo, docs]):
        assert start.prepare(folder, locks) is None
    assert installed == [[demo], [docs], [whole]]
    demo.write_text("# newer\n", encoding="utf-8")
    for locks in ([whole], [demo], [whole]):
        assert start.prepare(folder, locks) is None
    assert installed[3:] == [[demo]]
    capsys.readouterr()
