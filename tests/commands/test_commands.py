"""The commands as people and scripts use them: exit codes, JSON alone on standard output, and text that is pinned."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from comity.cli import HELP, OF_DESK, main

from .running import pinned, run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DEMO = ROOT / "policies" / "demo"
VERSION = re.compile(r"[0-9a-f]{16}")
MIAMI = {
    "place": "us/fl/miami-dade",
    "at": "2017-01-26T09:00:00-05:00",
    "request": {"asks": ["hold", "notify"]},
    "subject": {"citizenship": "none_claimed"},
}
ORDINANCE = """---
title: Ordinance 2025-4, detainers
kind: ordinance
enacted: 2025-03-04
effective: 2025-03-04
evidence: verified
---
A county's ordinance.

## 1 Hold on a judge's warrant

The jail holds only where a judge has signed a warrant.

```yaml provision
only: hold
when: |
  request.warrants.exists(w, w.kind == "judicial_civil" && w.signed)
decider: sheriff
```

```yaml case
name: no warrant
given: {request.warrants: []}
then: {hold: forbidden}
```

```yaml case
name: a signed warrant
given: {request.warrants: [{kind: judicial_civil, signed: true}]}
then: {hold: EXPECTED}
```

```yaml case
name: an officer's warrant
given: {request.warrants: [{kind: i200, signed: true}]}
then: {hold: forbidden}
```

```yaml case
name: nobody has signed
given: {request.warrants: [{kind: judicial_civil, signed: false}]}
then: {hold: forbidden}
```
"""


def only_json(command: str, stdin: str | None = None) -> Any:
    done = run(f"{command} --json", stdin)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A county's own law in the current folder, with a case that fails."""
    file = tmp_path / "county" / "us" / "pa" / "erie" / "ordinance-2025-4.md"
    file.parent.mkdir(parents=True)
    file.write_text(ORDINANCE.replace("EXPECTED", "required"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return file


@pytest.mark.parametrize("name", [*HELP])
def test_help_says_what_a_command_does_with_an_example(name: str) -> None:
    done = run(f"{name} --help")
    assert done.exit_code == 0
    assert f"Example: comity {name}" in done.stdout
    if name not in OF_DESK:  # a desk names the folders of its law in its configuration
        assert "--library DIR" in done.stdout
        assert ("--json" in done.stdout) == (name != "editor")  # what it speaks to an editor is JSON anyway
    command = main.get_command(None, name)  # type: ignore[arg-type]
    assert command and command.name == name


def test_help_lists_every_command() -> None:
    assert all(f"  {name}" in run("--help").stdout for name in HELP)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("decide_2017_01_25", "decide subject-0001.json"),
        ("decide_2017_01_26", "decide subject-0001.json --at 2017-01-26T12:00:00-05:00"),
        ("decide_unknown", "decide subject-0004.json"),
        ("decide_full", "decide subject-0001.json --full --at 2017-01-26T12:00:00-05:00"),
        ("law_full", "law us/fl/miami-dade --on 2017-01-25 --full"),
        ("law_2013_06_03", "law us/fl/miami-dade --on 2013-06-03"),
        ("law_2017_01_25", "law us/fl/miami-dade --on 2017-01-25"),
        ("law_2017_01_26", "law us/fl/miami-dade --on 2017-01-26"),
        ("law_2020_06_01", "law us/fl/miami-dade --on 2020-06-01"),
    ],
)
def test_what_people_read(name: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DEMO)
    done = run(command)
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    pinned(HERE / "golden" / f"{name}.txt", VERSION.sub("VERSION", done.stdout))


def test_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("demo")
    assert (done.exit_code, done.stderr) == (0, "")
    pinned(HERE / "golden" / "demo.txt", VERSION.sub("VERSION", done.stdout).replace("\\", "/"))
    written = {path.suffix: path for path in (tmp_path / "comity-demo").iterdir()}
    assert {*written} == {".svg", ".png", ".md", ".pdf"}
    assert b"pdfuaid:part" in written[".pdf"].read_bytes()
    assert written[".png"].read_bytes().startswith(b"\x89PNG")
    assert "Subject 0001" in written[".svg"].read_text(encoding="utf-8")
    pinned(HERE / "golden" / "demo_table.md", written[".md"].read_text(encoding="utf-8"))


def test_the_demo_in_json(tmp_path: Path) -> None:
    demo = only_json(f"demo --out '{tmp_path.as_posix()}'")
    assert [bool(one["changed"]) for one in demo["requests"]] == [True] * 7 + [False]
    assert all(Path(path).is_file() for path in (*demo["pictures"], demo["brief"]))
    assert demo["choice"]["break_even"]["middle"]["shown"] == "0.015%"
    assert demo["beside"]["context"]["foreign_born"][0]["rank"] == 2
    city_hall = demo["beside"]["city_hall"]["26 January 2017"]["actions"]["enter_nonpublic"]
    assert city_hall["outcome"] == "unaddressed"


def test_decide_in_json_answers_what_the_contract_names() -> None:
    decision = only_json("decide -", json.dumps(MIAMI))
    assert {"place", "at", "law_version", "actions", "obligations", "limits", "findings"} <= {*decision}
    hold = decision["actions"]["hold"]
    assert (hold["outcome"], hold["possible"]) == ("required", ["required"])
    assert hold["determining"] == ["us/fl/miami-dade/memo-2017-01-26#1"]
    assert {"provision", "to", "reason"} <= {*hold["yielding"][0]}
    assert {"provision", "text"} <= {*hold["warnings"][0]}
    assert {"provision", "bearer", "deed", "by"} <= {*decision["obligations"][0]}
    assert {"provision", "until"} <= {*decision["limits"][0]}
    assert (hold["missing"], decision["findings"]) == ([], [])


def test_law_in_json() -> None:
    view = only_json("law us/fl/miami-dade --on 2017-01-26")
    assert [entry["effect"] for entry in view["actions"]["hold"]] == ["requires", "forbids"]
    assert view["actions"]["hold"][1]["provision"] == "us/citizens#1"
    assert view["place"] == "us/fl/miami-dade"


def test_known_on_answers_as_one_would_have_on_that_day() -> None:
    view = only_json("law us/fl/miami-dade --on 2017-01-26 --known-on 2017-01-25")
    assert [entry["instrument"] for entry in view["actions"]["hold"]] == [
        *["us/fl/miami-dade/r-1008-13"] * 2,
        "us/citizens",
    ]


def test_a_countys_own_law_lies_over_the_shipped_law(county: Path) -> None:
    request = json.dumps({**MIAMI, "place": "us/pa/erie", "at": "2025-06-01T09:00:00-04:00"})
    assert only_json("decide -", request)["actions"]["hold"]["outcome"] != "forbidden"
    with_county_law = only_json("law us/pa/erie --on 2025-06-01 --library county")
    assert "us/pa/erie/ordinance-2025-4#1" in [entry["provision"] for entry in with_county_law["actions"]["hold"]]


def test_check_finds_no_error_in_the_shipped_law() -> None:
    done = run("check")
    assert done.exit_code == 0, done.stdout
    assert re.search(
        r"instruments, \d+ cases run, [\d,]+ boundaries \([\d,]+ of them distinct\), a case on each side of each: 0 errors",
        done.stdout,
    )


@pytest.mark.parametrize("path", ["county", "county/us/pa/erie", "county/us/pa/erie/ordinance-2025-4.md"])
def test_check_says_where_a_case_fails_what_it_expected_and_what_came(path: str, county: Path) -> None:
    done = run(f"check {path}")
    assert done.exit_code == 1
    expected, got = "hold required", "hold permitted (by us/pa/erie/ordinance-2025-4#1)"
    line = county.read_text(encoding="utf-8").splitlines().index("name: a signed warrant")
    assert f':{line}:1: error: case "a signed warrant": expected {expected}, got {got} [case-fails]' in done.stdout
    assert (
        done.stdout.splitlines()[-1]
        == "1 instrument, 4 cases run, 2 boundaries, a case on each side of each: 1 error, 0 warnings"
    )


def test_check_passes_once_the_case_is_mended(county: Path) -> None:
    county.write_text(ORDINANCE.replace("EXPECTED", "permitted"), encoding="utf-8")
    done = run("check county")
    assert (done.exit_code, done.stdout) == (
        0,
        "1 instrument, 4 cases run, 2 boundaries, a case on each side of each: 0 errors, 0 warnings\n",
    )


def test_check_says_which_facts_a_case_does_not_give_where_its_outcome_is_open(county: Path) -> None:
    text = ORDINANCE.replace("EXPECTED", "permitted")
    county.write_text(text.replace("{request.warrants: []}", "{request.asks: [hold]}"), encoding="utf-8")
    done = run("check county")
    by = "by us/pa/erie/ordinance-2025-4#1; the case does not give request.warrants"
    assert f'case "no warrant": expected hold forbidden, got hold undetermined ({by}) [case-fails]' in done.stdout


def test_check_shows_the_faulty_line_with_a_mark_below_it(county: Path) -> None:
    county.write_text(ORDINANCE.replace("w.signed", "w.sined"), encoding="utf-8")
    done = run("check county")
    assert done.exit_code == 1
    where, line, caret = done.stdout.splitlines()[:3]
    assert where.endswith('did you mean "signed"? [unknown-field]') or "w.sined" in line
    assert line[caret.index("^") :].startswith(("w.sined", "sined"))
    assert where.partition(".md:")[2].split(" ")[1] == "error:"
    assert "1 instrument, no case run, because the law has errors: 1 error, 0 warnings" in done.stdout
    assert json.loads(run("check county --json").stdout)["cases_run"] == 0


def test_check_in_json_counts_and_lists(county: Path) -> None:
    done = run("check county --json")
    assert done.exit_code == 1
    result = json.loads(done.stdout)
    assert (result["instruments"], result["cases"], result["errors"], result["warnings"]) == (1, 4, 1, 0)
    assert result["findings"][0]["code"] == "case-fails" and result["cases_run"] == 4


def test_check_says_of_each_line_whether_it_is_a_warning_and_runs_the_cases_beside_an_error_of_a_case(
    county: Path,
) -> None:
    county.write_text(ORDINANCE + "\n## 2 Nothing\n\nA word.\n\n```text\nnot law\n```\n", encoding="utf-8")
    done = run("check county")
    said = [line for line in done.stdout.splitlines() if line.startswith("county")]
    assert [line.split(" ")[1] for line in said] == ["warning:", "error:"]
    assert "4 cases run" in done.stdout and "1 error, 1 warning" in done.stdout


def test_law_that_lies_in_no_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ordinance.md").write_text(ORDINANCE, encoding="utf-8")
    done = run("check ordinance.md")
    assert done.exit_code == 2
    assert "put it in a folder named for its place" in done.stderr


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        ("[]", "this is no request"),
        ('{"place": "us/fl", "place": "us/ca"}', 'the key "place" stands twice'),
        ("[" * 100_000, "nested too deeply"),
        ("\ufeff{}", "the request names no place"),
        ('{"subject": {"age": ' + "9" * 5000 + "}}", "a number too long"),
    ],
)
def test_odd_json_is_one_line(stdin: str, said: str) -> None:
    done = run("decide -", stdin)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    path.write_bytes(b'{"place": "\xff"}')
    done = run(f"decide '{path.as_posix()}'")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert "not readable as UTF-8 at byte 11" in done.stderr


def test_the_demo_into_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = run(f"demo --json --out '{(tmp_path / 'taken').as_posix()}'")
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_fault_of_our_own_is_one_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.commands.law.page_of", lambda view: 1 / 0)
    monkeypatch.delenv("COMITY_TRACE", raising=False)
    done = run("law us/fl --on 2017-01-26")
    assert done.exit_code == 70
    assert (
        done.stderr
        == "comity: an internal fault, ZeroDivisionError: division by zero; COMITY_TRACE=1 shows the traceback\n"
    )


def start(*arguments: str, **more: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "comity", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def test_a_pipe_that_closes_is_quiet() -> None:
    started = start("law", "us/fl/miami-dade", "--on", "2017-01-26")
    assert started.stdout and started.stderr
    started.stdout.close()
    assert started.stderr.read() == b""
    started.wait(30)
    started.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="an interrupt is sent another way there")
def test_an_interrupt_is_one_line() -> None:
    started = start("decide", "-", stdin=subprocess.PIPE)
    assert started.stdin and started.stderr and started.stdout
    with pytest.raises(subprocess.TimeoutExpired):
        started.wait(1)  # it waits for a request
    started.send_signal(signal.SIGINT)
    said = started.communicate(timeout=30)
    assert started.returncode == 130
    assert b"".join(said).strip() == b"comity: interrupted; unfinished files were not written"


def test_a_real_process_decides() -> None:
    started = start("decide", "-", "--json", stdin=subprocess.PIPE)
    said, faults = started.communicate(json.dumps(MIAMI).encode(), timeout=30)
    assert (started.returncode, faults) == (0, b"")
    assert json.loads(said)["actions"]["hold"]["outcome"] == "required"


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals there")
@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colour_is_for_terminals_alone(no_color: str, coloured: bool) -> None:
    import pty

    outer, inner = pty.openpty()
    environment = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm-256color", "COLUMNS": "80"}
    command = [sys.executable, "-m", "comity", "law", "us/fl", "--on", "2017-01-26"]
    started = subprocess.Popen(command, cwd=ROOT, stdout=inner, stderr=subprocess.DEVNULL, env=environment)
    os.close(inner)
    said = _all_of(outer)
    assert started.wait(30) == 0
    assert (b"\x1b[" in said) == coloured
    plain = re.sub(rb"\x1b\[[0-9;]*m", b"", said).decode().splitlines()
    assert max(len(line) for line in plain) <= 80
    assert plain[0] == "THE LAW OF FLORIDA, 2017-01-26"


def _all_of(terminal: int) -> bytes:
    said = b""
    with open(terminal, "rb", buffering=0) as reader:
        while True:
            try:
                more = reader.read(65536)
            except OSError:  # the other side has closed: how a terminal ends
                return said
            if not more:
                return said
            said += more
