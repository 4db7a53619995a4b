"""The extras: what runs without them, and the one line that says how to get one."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from comity.extras import EXTRAS, is_installed, missing_extra, report_missing_extras
from comity.finding import InputFault
from tests.house.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN = "import runpy, sys; sys.path[:0] = sys.argv.pop(1).split('\\n'); runpy.run_module('comity', run_name='__main__', alter_sys=True)"
EVALUATE = "import sys; sys.path[:0] = sys.argv.pop(1).split('\\n'); import comity; "
MIAMI = "us/fl/miami-dade"
CLOCK = ("clock", "--place", MIAMI, "--eligible-at", "2017-09-01T15:00:00-04:00", "--form", "i247a")
ORDER = (
    "--title",
    "Order 1",
    "--kind",
    "directive",
    "--effective",
    "2014-05-06",
    "--forbids",
    "hold",
    "--into",
    "county",
)
TABLE = "place,held_from,held_until\nus/fl/miami-dade,2017-02-01T10:00:00-05:00,2017-02-03T10:00:00-05:00\n"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with links to the packages that the base install brings, and to nothing else of this environment."""
    folder = tmp_path_factory.mktemp("base")
    for requirement in PROJECT["dependencies"]:
        link(requirement, folder)
    return folder


def link(requirement: str, folder: Path) -> None:
    installed = distribution(Requirement(requirement).name)
    tops = {file.parts[0] for file in installed.files or () if not file.parts[0].startswith("..")}
    for top in tops - {"__pycache__"}:
        (folder / top).symlink_to(Path(str(installed.locate_file(top))).resolve())


def ran(base: Path, cwd: Path, *arguments: str, code: str = RUN, more: str = "") -> subprocess.CompletedProcess[str]:
    """Runs the checkout with the base packages alone: -I and -S leave out the environment."""
    cache = {name: str(base / "cache") for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")}
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, f"{ROOT}\n{base}\n{more}".strip(), *arguments],
        cwd=cwd,
        env={**os.environ, **cache, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide", str(ROOT / "policies" / "demo" / "subject-0004.json")),
        ("law", MIAMI, "--on", "2017-01-26"),
        CLOCK,
        ("--help",),
        ("prove", "--help"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_base_install_runs(arguments: tuple[str, ...], base: Path, tmp_path: Path) -> None:
    done = ran(base, tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout


def test_without_the_solver_everything_but_proofs_is_checked(base: Path, tmp_path: Path) -> None:
    (left_out,) = [line for line in PROOFS_LEFT_OUT.splitlines() if line]
    done = ran(base, tmp_path, "new", "us/ca/sutter", *ORDER)
    assert done.returncode == 0 and left_out in done.stdout.splitlines() and "Errors: 0. Warnings: " in done.stdout
    (file,) = (tmp_path / "county").rglob("order-1.md")
    done = ran(base, tmp_path, "check", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [left_out, "1 instrument, 2 cases run: 0 errors, 1 warning"]
    file.write_text(file.read_text(encoding="utf-8").replace("hold: forbidden", "hold: required"), encoding="utf-8")
    done = ran(base, tmp_path, "check", str(file))
    assert done.returncode == 1 and "[case-fails]" in done.stdout and left_out in done.stdout


PROOFS_LEFT_OUT = """
comity check: warning: proofs were left out, because the extra "prove" is not installed; install it with pip install "comity[prove]" [missing-extra]
"""


@pytest.mark.parametrize(
    ("extra", "arguments"),
    [
        ("tables", ("replay", "holds.csv")),
        ("tables", ("columns", "holds.csv")),
        ("tables", ("replay", "holds.csv", "--days", "mdy")),
        ("tables", ("compare", "holds.csv", "--law", f"{MIAMI}@2017-01-25", "--law", f"{MIAMI}@2017-01-26")),
        ("tables", ("cost", "holds.csv", "--place", MIAMI, "--invoice", "2017-02")),
        ("prove", ("prove", "total", f"{MIAMI}@2017-01-26")),
        ("prove", ("diff", f"{MIAMI}@2017-01-25", f"{MIAMI}@2017-01-26")),
        ("prove", ("classify", MIAMI, "--on", "2017-01-25")),
        ("prove", ("funding", MIAMI, "--on", "2017-02-01")),
        ("pictures", (*CLOCK, "--picture", "hold.svg")),
        ("pdf", ("decide", str(ROOT / "policies" / "demo" / "subject-0004.json"), "--pdf", "card.pdf")),
        ("editor", ("editor",)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else value,
)
def test_a_missing_extra_is_named_in_one_line(
    extra: str, arguments: tuple[str, ...], base: Path, tmp_path: Path
) -> None:
    (tmp_path / "holds.csv").write_text(TABLE, encoding="utf-8")
    done = ran(base, tmp_path, *arguments)
    help = f'install it with pip install "comity[{extra}]"'
    line = f'comity {arguments[0]}: this needs the extra "{extra}", which is not installed; {help} [missing-extra]\n'
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line)
    assert [path.name for path in tmp_path.iterdir()] == ["holds.csv"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("prove", "unambiguous", f"{MIAMI}@2017-01-26"),
        ("diff", f"{MIAMI}@2017-01-26", f"{MIAMI}@2017-01-26"),
        ("classify", MIAMI, "--on", "2017-01-25", "--definition", "def-cis"),
        ("funding", MIAMI, "--on", "2017-02-01"),
        ("check", str(ROOT / "policies" / "us" / "fl" / "miami-dade")),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_extra_prove_is_enough_for_proofs(arguments: tuple[str, ...], base: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    link(*PROJECT["optional-dependencies"]["prove"], tmp_path / "more")
    done = ran(base, tmp_path, *arguments, more=str(tmp_path / "more"))
    assert (done.returncode, done.stderr) == (0, "") and "missing-extra" not in done.stdout


def test_the_extra_pdf_is_enough_for_a_card(base: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    link(*PROJECT["optional-dependencies"]["pdf"], tmp_path / "more")
    request = str(ROOT / "policies" / "demo" / "subject-0004.json")
    done = ran(base, tmp_path, "decide", request, "--pdf", "card.pdf", more=str(tmp_path / "more"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF-")


def test_an_invoice_without_the_extra_pdf_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # an import of it fails as if it were not installed
    with pytest.raises(InputFault, match=r'pip install "comity\[pdf\]"'), report_missing_extras():
        import typst  # noqa: F401


def test_from_python_it_is_an_input_fault(base: Path, tmp_path: Path) -> None:
    done = ran(base, tmp_path, code=EVALUATE + "comity.replay('holds.csv')")
    assert done.stderr.splitlines()[-1].startswith('comity.finding.InputFault: comity: this needs the extra "tables"')


def test_only_a_missing_library_of_an_extra_is_one() -> None:
    assert missing_extra(ModuleNotFoundError("No module named 'z3'", name="z3"))
    assert not missing_extra(ModuleNotFoundError("No module named 'flask'", name="flask"))
    assert not missing_extra(ModuleNotFoundError("No module named 'pyarrow.flight'", name="pyarrow.flight"))
    assert not missing_extra(ImportError("cannot import name 'Solver'", name="z3"))
    with pytest.raises(ModuleNotFoundError), report_missing_extras():
        raise ModuleNotFoundError("No module named 'flask'", name="flask")


def test_the_extras_of_the_code_are_those_of_the_package() -> None:
    stated = PROJECT["optional-dependencies"]
    assert [*EXTRAS, "all"] == [*stated]
    here = [
        extra for extra in EXTRAS if extra not in ("spark", "postgres", "desk")
    ]  # other engines and the desk are asked for by name
    assert stated["all"] == [f"comity[{','.join(here)}]"]
    assert all(is_installed(extra) for extra in EXTRAS)
