"""`comity clock`, as a booking supervisor uses it; and its page in the docs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .running import pinned, run
from .test_commands import DEMO, HERE, ROOT, VERSION

FRIDAY = "clock --place us/fl/miami-dade --eligible-at 2017-09-01T15:00:00-04:00 --form i247a"
PICTURE = ROOT / "docs" / "pictures" / "labor-day-2017.svg"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("clock_labor_day_2017", FRIDAY),
        ("clock_form_not_known", FRIDAY.removesuffix(" --form i247a")),
        ("clock_autumn_2017", "clock --place us/fl/miami-dade --eligible-at 2017-11-03T22:30:00-04:00 --form i247a"),
        ("clock_forbidden", "clock subject-0001.json"),
    ],
)
def test_what_a_booking_supervisor_reads(name: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DEMO)
    done = run(command)
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    pinned(HERE / "golden" / f"{name}.txt", VERSION.sub("VERSION", done.stdout))


def test_options_go_before_what_the_request_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DEMO)
    clock = json.loads(run("clock subject-0001.json --eligible-at 2017-01-30T09:00:00-05:00 --json").stdout)
    assert (clock["starts_at"], clock["until"]) == ("2017-01-30T09:00:00-05:00", "2017-02-01T09:00:00-05:00")


def test_a_request_may_come_from_standard_input() -> None:
    request = {
        "place": "us/fl/miami-dade",
        "custody": {"release_eligible_at": "2017-09-01T15:00:00-04:00"},
        "request": {"form": "i247a"},
    }
    clock = json.loads(run("clock - --json", json.dumps(request)).stdout)
    assert clock["at"] == clock["starts_at"] == "2017-09-01T15:00:00-04:00"
    assert [reading["rules"] for reading in clock["readings"]] == [True, False, False]


def test_the_picture_of_the_docs_is_what_the_command_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(f"{FRIDAY} --picture hold.svg").exit_code == 0
    pinned(PICTURE, Path("hold.svg").read_text(encoding="utf-8"))
