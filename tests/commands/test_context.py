"""`comity context` as people and scripts use it: a page that is pinned, and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .running import pinned, run

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ma/boston"])
def test_what_people_read(place: str) -> None:
    done = run(f"context {place}")
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    pinned(GOLDEN / f"context_{place.rpartition('/')[2].replace('-', '_')}.txt", done.stdout)


def test_json_is_one_document() -> None:
    context = json.loads(run("context us/fl/miami-dade --json").stdout)
    assert [(count["number"], count["rank"]) for count in context["foreign_born"]] == [(1_391_622, 2)]
    assert context["budgets"][0]["federal_cents"] == 355_000_000_00


def test_there_must_be_a_brief_to_add_context_to() -> None:
    laws = "--law us/fl/miami-dade@2017-01-25 --law us/fl/miami-dade@2017-01-26"
    done = run(f"cost compare policies/demo/requests-2016.csv {laws} --trust")
    assert done.exit_code == 2
    assert done.stderr == "--trust: there is no brief to add it to; give --brief FILE.pdf [no-brief]\n"


def test_a_place_that_does_not_exist_is_one_line() -> None:
    done = run("context us/fl/nowhere")
    assert done.exit_code == 2 and done.stderr.count("\n") == 1 and 'there is no place "us/fl/nowhere"' in done.stderr
