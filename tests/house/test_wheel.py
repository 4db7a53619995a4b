"""The wheel: built without a network, and run in an empty folder out of reach of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import files, must_pass, name_of

INSTRUMENT = "us/fl/miami-dade/memo-2017-01-26"
# -I and -S leave out the working folder, PYTHONPATH and every .pth file, the one of the checkout among them.
ISOLATED = ("-I", "-S", "-c")
REACH = "import runpy, sys; sys.path[:0] = sys.argv.pop(1).split('\\n'); "
RUN = REACH + "runpy.run_module('comity', run_name='__main__', alter_sys=True)"
WHERE = REACH + "import comity; print(comity.__file__)"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    must_pass("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def target(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("target")
    quiet = ("--quiet", "--disable-pip-version-check")
    must_pass("-m", "pip", "install", *quiet, "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def ran(target: Path, cwd: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    reach = "\n".join([str(target), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    cache = {name: str(cwd / "cache") for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")}
    return subprocess.run(
        [sys.executable, *ISOLATED, code, reach, *arguments],
        cwd=cwd,
        env={**os.environ, **cache, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_it_answers_in_an_empty_folder(target: Path, tmp_path: Path) -> None:
    done = ran(target, tmp_path, RUN, "law", "us/fl/miami-dade", "--on", "2017-01-26", "--full")
    assert (done.returncode, done.stderr) == (0, "")
    assert INSTRUMENT in done.stdout


def test_what_runs_is_what_was_installed(target: Path, tmp_path: Path) -> None:
    done = ran(target, tmp_path, WHERE)
    assert done.stdout.strip() == str(target / "comity" / "__init__.py")


def test_the_law_is_inside_with_its_licence_and_the_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    law = {
        f"comity/{name_of(path)}"
        for path in files()
        if name_of(path).startswith(("policies/", "definitions/", "conditions/"))
    }
    assert (
        "comity/definitions/def-cis.md" in law
        and "comity/conditions/eo13768-9a.md" in law
        and f"comity/policies/{INSTRUMENT}.md" in law
        and law <= names
    )
    assert {"comity/py.typed", "comity/engine/browser/engine.js", "comity/engine/browser/clock.js"} <= names
    licences = {name.partition(".dist-info/licenses/")[2] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "policies/LICENSE"}


def test_nothing_else_is_inside(wheel: Path) -> None:
    outside = [name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("comity")]
    assert not outside
