"""The pages for researchers: what they show is run, on the rows that they give."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import ROOT

NOTEBOOK, WITH_R = ROOT / "docs" / "notebook.md", ROOT / "docs" / "with-r.md"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the rows of the page, in which the code is run."""
    [rows] = blocks(NOTEBOOK, "csv")
    (tmp_path / "detainers.csv").write_text(rows, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_line_of_the_notebook_gives_what_the_page_says(folder: Path) -> None:
    names: dict[str, Any] = {}
    shown: list[tuple[str, str]] = []
    last: Any = None
    for block in blocks(NOTEBOOK, "python"):
        for node in ast.parse(block).body:
            line = ast.get_source_segment(block, node) or ""
            if isinstance(node, ast.Expr):
                last = eval(line, names)
                stated = block.splitlines()[(node.end_lineno or 0) - 1].partition("  # ")[2]
                shown += [(repr(last), stated)] if stated else []
            else:
                exec(line, names)  # noqa: S102  what the page says is what is tested
    assert len(shown) > 15 and [printed for printed, _ in shown] == [stated for _, stated in shown]
    assert (
        "<h3>" in last._repr_html_()
        and "<table>" in names["result"]._repr_html_()
        and "<table>" in names["both"]._repr_html_()
    )


def rscript() -> str:
    """R's command. Without it the test is skipped, or fails where CI is set."""
    found = shutil.which("Rscript")
    if found is None and os.environ.get("CI"):
        pytest.fail("this test needs Rscript: install the package r-base-core")
    return found or pytest.skip("there is no Rscript on this machine")


@pytest.mark.skipif(os.name == "nt", reason="the command has another name there")
def test_the_page_for_r_runs_and_gives_the_same_bounds(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    command = rscript()
    launcher = tmp_path_factory.mktemp("bin") / "comity"
    launcher.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m comity "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    (folder / "page.R").write_text("\n".join(blocks(WITH_R, "r")), encoding="utf-8")
    path = f"{launcher.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [command, "page.R"], capture_output=True, encoding="utf-8", env={**os.environ, "PATH": path}, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = [line.split() for line in done.stdout.splitlines()]
    assert ["2", "us/pa/lehigh", "2014", "3", "0", "2"] in printed  # three requests, none surely, two at most
    assert '[1] "- Assumed where a row does not say: subject.citizenship = none_claimed."' in done.stdout
    assert '[2] "- Assumed where a row does not say: request.warrants = none."' in done.stdout
    assert ["open", "7"] in printed
