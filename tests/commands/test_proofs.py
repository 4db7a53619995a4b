"""`prove`, `diff` and `check` as people and scripts use them: text that is pinned, exit codes, JSON, files and commits."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pytest

import comity
from comity.engine.solver.views import Found, View
from comity.finding import InputFault
from tests.commands.running import pinned, run

GOLDEN = Path(__file__).parent / "golden"
VERSION = re.compile(r"[0-9a-f]{16}")
BEFORE, AFTER = "us/fl/miami-dade@2017-01-25", "us/fl/miami-dade@2017-01-26"
NO_CLAIM = 'subject.citizenship == "none_claimed"'
FILE = "county/us/pa/erie/ordinance-2025-4.md"
ORDINANCE = """---
title: Ordinance 2025-4, detainers
kind: ordinance
enacted: 2025-03-04
effective: 2025-03-04
evidence: verified
---
A county's ordinance.

## 1 Grown, and grave

The jail holds only a person of age with a conviction for robbery.

```yaml provision
only: hold
when: |
  subject.age >= 18 && convictions.exists(c, c.offense == "robbery")
decider: sheriff
```

```yaml case
name: of age, and a robber
given: {subject.age: 18, convictions: [{offense: robbery}]}
then: {hold: permitted}
```

```yaml case
name: a day too young
given: {subject.age: 17, convictions: [{offense: theft}]}
then: {hold: forbidden}
```
"""


def run_json(command: str) -> Any:
    done = run(f"{command} --json")
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("name", "command", "code"),
    [
        ("diff_2017_01_26", f"diff {BEFORE} {AFTER}", 1),
        ("diff_2017_01_26.md", f"diff {BEFORE} {AFTER} --markdown", 1),
        ("diff_philadelphia_2016", "diff us/pa/philadelphia@2015-12-25 us/pa/philadelphia@2016-06-01", 1),
        ("diff_nothing", f"diff {AFTER} us/fl/miami-dade@2017-02-16", 0),
        ("prove_total", f"prove total {AFTER}", 1),
        ("prove_live", "prove live us/pa/philadelphia@2015-12-25", 0),
        ("prove_never", f"prove never {AFTER} --action hold --outcome forbidden --when '{NO_CLAIM}'", 0),
        ("prove_never_of_citizens", f"prove never {AFTER} --action hold --outcome forbidden", 1),
        (
            "prove_implies",
            f"prove implies {BEFORE} --action hold --outcome permitted --when 'request.reimbursement_agreed && {NO_CLAIM}'",
            1,
        ),
        ("prove_covered", f"prove covered {BEFORE}", 0),
        ("prove_conflicts", f"prove conflicts {AFTER}", 0),
        ("prove_meets", f"prove meets {BEFORE} --definition def-cis", 0),
        ("prove_meets_unknown", f"prove meets {BEFORE} --definition def-eo13768-designated", 1),
    ],
)
def test_what_is_proved_reads_as_pinned(name: str, command: str, code: int) -> None:
    done = run(command)
    assert done.exit_code == code, done.stderr
    pinned(GOLDEN / (name if "." in name else f"{name}.txt"), VERSION.sub("VERSION", done.stdout))


def test_a_witness_is_a_request_that_comes_out_so_under_both_laws(tmp_path: Path) -> None:
    code, diff = run_json(f"diff {BEFORE} {AFTER}")
    assert code == 1 and diff["equivalent"] is False and not diff["unsettled"]
    assert {(each["action"], each["from"], each["to"]) for each in diff["classes"]} >= {
        ("hold", "forbidden", "required"),
        ("transfer", "unaddressed", "required"),
    }
    for each in diff["classes"]:
        outcomes = [
            comity.decide(each["witness"], at=f"{day}T12:00:00-05:00").outcome(each["action"])
            for day in ("2017-01-25", "2017-01-26")
        ]
        assert outcomes == [each["from"], each["to"]], each["words"]
        assert each["provisions"] and each["words"].endswith(".")


def test_laws_that_treat_every_request_alike_are_equivalent() -> None:
    assert run_json(f"diff {AFTER} us/fl/miami-dade@2017-02-16") == (
        0,
        {**run_json(f"diff {AFTER} us/fl/miami-dade@2017-02-16")[1], "equivalent": True, "classes": []},
    )
    assert run(f"prove equivalent {AFTER} us/fl/miami-dade@2017-02-16").exit_code == 0
    assert run(f"prove differs {AFTER} us/fl/miami-dade@2017-02-16").exit_code == 1
    assert run(f"prove differs {BEFORE} {AFTER}").exit_code == 0


def test_what_was_not_settled_never_reads_as_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(View, "find", lambda self, wanted: Found(None, settled=False))
    code, diff = run_json(f"diff {BEFORE} {AFTER}")
    assert code == 1 and diff["equivalent"] is None and "hold" in diff["unsettled"]
    done = run(f"prove never {AFTER} --action hold --outcome forbidden")
    assert done.exit_code == 1 and "proves nothing" in done.stdout and "never forbidden" not in done.stdout


@pytest.mark.parametrize(
    ("claim", "given", "name"),
    [
        ("never", {"action": "holdd", "outcome": "forbidden"}, "action"),
        ("never", {"action": "hold", "outcome": "forbiden"}, "outcome"),
        ("implies", {"action": "hold", "outcome": "forbidden", "when": "subject.aged < 18"}, "when"),
        ("meets", {}, "definition"),
        ("meets", {"definition": "cisz"}, "definition"),
    ],
)
def test_a_wrong_argument_has_its_name_in_python_and_its_option_in_the_command(
    claim: str, given: dict[str, str], name: str
) -> None:
    with pytest.raises(InputFault) as raised:
        comity.prove(claim, AFTER, **given)
    [finding] = raised.value.findings
    assert finding.place.source == name
    done = run(" ".join([f"prove {claim} {AFTER}", *(f'--{option} "{value}"' for option, value in given.items())]))
    assert done.exit_code == 2 and done.stderr == f"--{finding.lines()}\n" and done.stdout == ""


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text(ORDINANCE, encoding="utf-8")
    return path


def git(*words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=Subject 0017", "-c", "user.email=subject@example.org", *words],
        check=True,
        capture_output=True,
    )


def test_a_draft_is_compared_with_itself_as_last_committed(county: Path) -> None:
    assert "does not have this file" in run(f"diff {FILE}").stderr
    git("init", "-q", ".")
    git("add", "-A")
    git("commit", "-qm", "Adopted")
    assert run(f"diff {FILE}").exit_code == 0
    county.write_text(ORDINANCE.replace(">= 18", "> 18"), encoding="utf-8")
    code, diff = run_json(f"diff {FILE}")
    assert code == 1 and [(each["from"], each["to"]) for each in diff["classes"]] == [("permitted", "forbidden")]
    assert diff["classes"][0]["witness"]["subject"] == {"age": 18}
    assert diff["first"] == f"{FILE} as last committed alone, 2025-03-04"
    assert run(f"diff {FILE} --markdown").stdout.startswith("# What is treated differently\n")


def test_two_files_alone_or_among_the_law_of_their_place(county: Path) -> None:
    other = "other/us/pa/erie/ordinance-2025-4.md"
    Path(other).parent.mkdir(parents=True)
    shutil.copy(county, other)
    assert run(f"diff {FILE} {other}").exit_code == 0
    Path(other).write_text(ORDINANCE.replace("only: hold", "only: [hold, notify]"), encoding="utf-8")
    assert {each["action"] for each in run_json(f"diff {FILE} {other}")[1]["classes"]} == {"notify"}
    among = run_json(f"diff {FILE} {other} --stack --on 2025-06-01")[1]
    assert {each["action"] for each in among["classes"]} == {"notify"} and "among the law of us/pa/erie" in among[
        "first"
    ]


def test_stored_requests_are_counted_in_each_class(county: Path) -> None:
    asks = pa.array(["hold", "hold", "notify", "hold"])
    paid = pa.array(["false", None, "false", "false"])
    csv.write_csv(
        pa.table(
            {
                "date": [*["2017-01-20"] * 3, "soon"],
                "request.asks": asks,
                "request.reimbursement_agreed": paid,
                "subject.citizenship": ["none_claimed"] * 4,
            }
        ),
        "stored.csv",
    )
    result = run_json(f"diff {BEFORE} {AFTER} --table stored.csv")[1]
    assert (result["rows"], result["table_findings"]) == (3, {"no-day": 1})
    assert result["table_read"] == ["The table has 5 lines: 1 of headings, 4 rows."]
    classes = result["classes"]
    counts = {(each["action"], each["from"], each["to"]): each["stored"] for each in classes}
    assert counts["hold", "forbidden", "required"] == {"surely": 1, "at_most": 2}
    assert counts["hold", "permitted", "required"] == {"surely": 0, "at_most": 1}
    assert counts["notify", "forbidden", "required"] == {"surely": 1, "at_most": 1}


def test_check_proves_what_every_instrument_must_meet(county: Path) -> None:
    done = run("check county")
    assert done.exit_code == 0, done.stdout  # 17 and 18 are neighbours, so both sides of the age have a case
    county.write_text(ORDINANCE.replace("subject.age: 17", "subject.age: 12"), encoding="utf-8")
    done = run("check county")
    assert done.exit_code == 1 and "[boundary-without-case]" in done.stdout
    assert "just where the person's age is less than 18 years" in done.stdout


def test_a_claim_may_be_named_in_full() -> None:
    assert run(f"prove conflicts-with-higher-law {AFTER}").stdout == run(f"prove conflicts {AFTER}").stdout
    assert run(f"prove 'boundary cases are covered' {AFTER}").stdout == run(f"prove covered {AFTER}").stdout
    assert run(f"prove meets_a_definition {BEFORE} --definition cis").exit_code == 0


def test_check_reads_definitions_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = Path(__file__).parents[2] / "definitions" / "def-cis.md"
    Path("definitions").mkdir()
    Path("definitions/def-cis.md").write_text(
        shipped.read_text(encoding="utf-8").replace("name: refuses", "nmae: refuses"), encoding="utf-8"
    )
    done = run("check definitions/def-cis.md")
    assert done.exit_code == 1 and 'did you mean "name"?' in done.stdout
    shutil.copy(shipped, "definitions/def-cis.md")
    assert run("check definitions").exit_code == 0


def test_check_shows_dead_and_colliding_provisions(county: Path) -> None:
    second = "## 2 Both ways\n\nIt holds robbers, and it does not.\n\n```yaml provision\n{}: hold\nwhen: {}\n```\n"
    robber = 'convictions.exists(c, c.offense == "robbery")'
    county.write_text(ORDINANCE + second.format("requires", f"|\n  {robber}"), encoding="utf-8")
    done = run("check county")
    assert done.exit_code == 1 and "[collides]" in done.stdout and "a hold, for example where the person" in done.stdout
    county.write_text(ORDINANCE + second.format("forbids", "|\n  subject.age < 3 && subject.age > 5"), encoding="utf-8")
    assert "[dead-provision]" in run("check county").stdout


def test_a_defect_of_the_law_is_explained_in_its_file(county: Path) -> None:
    statute = Path("county/us/pa/statute-2024.md")
    statute.write_text(
        ORDINANCE.replace("kind: ordinance", "kind: statute")
        .replace("only: hold", "requires: hold")
        .replace("decider: sheriff\n", ""),
        encoding="utf-8",
    )
    text = statute.read_text(encoding="utf-8")
    head, _, _ = text.partition("```yaml case")
    statute.write_text(re.sub(r"when: \|\n.*\n", "", head).replace("2025-", "2024-"), encoding="utf-8")
    explains = "\n```yaml explains\nfinding: always-yields\nbecause: The statute of 2024 answers the ordinance.\n```\n"
    assert "[always-yields]" in run("check county").stdout
    county.write_text(ORDINANCE + explains, encoding="utf-8")
    assert "[always-yields]" not in run("check county").stdout
    statute.write_text(statute.read_text(encoding="utf-8").replace("2024-", "2027-"), encoding="utf-8")
    assert "[explains-nothing]" not in run("check county").stdout, (
        "the ordinance says what becomes of it when the statute comes"
    )
    statute.unlink()
    assert "[explains-nothing]" in run("check county").stdout


def test_watch_checks_again_when_a_file_changes(county: Path) -> None:
    command = [sys.executable, "-m", "comity", "check", "county", "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as watching:
        assert watching.stdout
        try:
            assert read_until(watching.stdout, "0 errors")
            county.write_text(ORDINANCE.replace("subject.age", "subject.aeg"), encoding="utf-8")
            assert read_until(watching.stdout, '"subject.aeg"; did you mean "subject.age"?')
        finally:
            watching.terminate()


def read_until(stream: Any, wanted: str) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if wanted in stream.readline():
            return True
    return False


def test_the_law_of_the_place_itself_is_proved_live_first() -> None:
    proofs = json.loads(run("prove live us/pa/philadelphia@2015-12-25 --json").stdout)["proofs"]
    nearest = ["philadelphia" in proof["about"] for proof in proofs]
    assert nearest[0] and nearest == sorted(nearest, reverse=True)
