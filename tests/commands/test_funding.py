"""`comity funding` as people and scripts use it: a page that is pinned, JSON, a county's own condition, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .running import pinned, run

GOLDEN = Path(__file__).parent / "golden"
VERSION = re.compile(r"[0-9a-f]{16}")
CONDITION = """---
title: Notice, on our example grant
by: the Attorney General
imposed_by: executive
demand: notice
demands: Tell of a release beforehand where it is asked.
programmes: [cops]
evidence: verified
sources: [an example]
breached_by: silent
---
Words.

## 1 Silence

A rule of the place or its state keeps the day of a release back.

```yaml criterion
name: silent
rule_against: notify
when: asked
```
"""


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("funding_2017_02_01", "us/fl/miami-dade --on 2017-02-01"),
        ("funding_2017_05_01", "us/fl/miami-dade --on 2017-05-01"),
    ],
)
def test_what_people_read(name: str, command: str) -> None:
    done = run(f"funding {command}")
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    pinned(GOLDEN / f"{name}.txt", VERSION.sub("VERSION", done.stdout))


def test_json_is_one_document() -> None:
    funding = json.loads(run("funding us/fl/miami-dade --on 2017-02-01 --json").stdout)
    assert funding["stake"]["share_basis_points"] == 507
    assert (
        funding["conditions"]["eo13768-9a"]["state"] == "in_force"
        and funding["conditions"]["eo13768-9a"]["breached"] is False
    )


def test_a_county_lays_its_own_condition_beside_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "conditions"
    folder.mkdir()
    (folder / "ours.md").write_text(CONDITION, encoding="utf-8")
    done = run(f"funding us/fl/miami-dade --on 2017-01-25 --json --library {tmp_path.as_posix()}")
    condition = json.loads(done.stdout)["conditions"]["ours"]
    assert (condition["state"], condition["breached"]) == ("in_force", True)
    assert condition["criteria"][0]["witnesses"][0]["provisions"][0]["provision"].startswith(
        "us/fl/miami-dade/r-1008-13#"
    )


def test_check_reads_conditions_too(tmp_path: Path) -> None:
    folder = tmp_path / "conditions"
    folder.mkdir()
    (folder / "ours.md").write_text(CONDITION.replace("[cops]", "[copz]"), encoding="utf-8")
    done = run(f"check {folder.as_posix()}")
    assert done.exit_code == 1 and 'there is no programme "copz"; did you mean "cops"?' in done.stdout
    assert run("check conditions").exit_code == 0


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("us/fl/miami-dad", 'place: there is no place "us/fl/miami-dad"; did you mean "us/fl/miami-dade"?'),
        ("us/fl/miami-dade --on 2017-02-30", '--on: "2017-02-30" is no day'),
        ("", "missing argument"),
    ],
)
def test_what_is_refused_and_why(command: str, says: str) -> None:
    done = run(f"funding {command}")
    assert done.exit_code == 2 and says in done.stderr and done.stdout == ""
