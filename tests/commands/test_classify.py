"""`comity classify` as people and scripts use it: pages and tables that are pinned, JSON, and what is refused."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .running import pinned, run

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[2]
VERSION = re.compile(r"[0-9a-f]{16}")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("classify_2017_01_25", "us/fl/miami-dade --on 2017-01-25"),
        ("classify_philadelphia", "us/pa/philadelphia --on 2025-08-05 --definition def-doj-2025-08-05"),
        ("classify_not_encoded", "us/fl/alachua --on 2025-08-05 --definition cis"),
        ("classify_before", "us/fl/miami-dade --on 2012-06-01 --definition cis"),
        ("classify_years", "us/fl/miami-dade us/pa/philadelphia --years 2013-2025"),
        ("classify_places", "us/fl/miami-dade us/pa/philadelphia us/pa/lehigh us/mn us/fl/alachua --on 2025-08-05"),
    ],
)
def test_what_people_read(name: str, command: str) -> None:
    """In a run of its own: which request shows something may turn on what the solver was asked before."""
    line = [sys.executable, "-m", "comity", "classify", *command.split()]
    done = subprocess.run(
        line, cwd=ROOT, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    pinned(GOLDEN / f"{name}.txt", VERSION.sub("VERSION", done.stdout))


def test_json_of_one_place_and_day_is_one_answer_and_of_several_a_list() -> None:
    one = json.loads(run("classify us/fl/miami-dade --on 2017-01-25 --json").stdout)
    assert one["definitions"]["def-cis"]["meets"] is True and len(one["definitions"]) == 22
    two = json.loads(run("classify us/fl/miami-dade us/pa/lehigh --on 2017-01-25 --definition cis --json").stdout)
    assert [answer["place"] for answer in two["answers"]] == ["us/fl/miami-dade", "us/pa/lehigh"]


def test_a_table_too_wide_for_a_page_is_cut_in_two() -> None:
    done = run("classify us/fl/miami-dade --years 2001-2025 --definition cis")
    heads = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("Definition ")]
    assert len(heads) == 2 and heads[0] + heads[1] == [str(year) for year in range(2001, 2026)]
    assert max(len(line) for line in done.stdout.splitlines()) <= 100


def test_several_days_can_be_named() -> None:
    done = run("classify us/fl/miami-dade --on 2017-01-25 --on 2017-01-26 --definition cis")
    row = next(line.split() for line in done.stdout.splitlines() if line.startswith("cis"))
    assert row == ["cis", "yes", "no"]


def test_a_county_lays_its_own_law_and_definitions_over(tmp_path: Path) -> None:
    folder = tmp_path / "definitions"
    folder.mkdir()
    shipped = ROOT / "definitions" / "def-cis.md"
    text = shipped.read_text(encoding="utf-8").replace("title: Center", "title: Our reading of the Center")
    (folder / "def-cis.md").write_text(text, encoding="utf-8")
    done = run(f"classify us/fl/miami-dade --on 2017-01-25 --definition cis --library {tmp_path.as_posix()}")
    assert done.exit_code == 0, done.stderr
    assert "Our reading of the Center" in done.stdout


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("us/fl/miami-dad", 'place: there is no place "us/fl/miami-dad"; did you mean "us/fl/miami-dade"?'),
        ("us/fl/miami-dade --on 2017-02-30", '--on: "2017-02-30" is no day'),
        ("us/fl/miami-dade --years 2025-2013", '--years: "2025-2013" is no span of years; write 2013-2025'),
        ("us/fl/miami-dade --years 13-25", '--years: "13-25" is no span of years'),
        (
            "us/fl/miami-dade --definition sanctuary",
            'definition: there is no definition "sanctuary"; one of def-agmemo2017',
        ),
        ("", "missing argument"),
    ],
)
def test_what_is_refused_and_why(command: str, says: str) -> None:
    done = run(f"classify {command}")
    assert done.exit_code == 2 and says in done.stderr and done.stdout == ""
