"""No folder of law ends in anything but a library with findings, or a refusal in words, within bounded time."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from comity.finding import Finding, InputFault
from comity.law.library import read_library
from comity.session import Law
from tests.commands.running import run
from tests.fuzz.budget import fuzz
from tests.fuzz.test_requests import hidden_in

POLICIES = Path(__file__).parents[2] / "policies"
TABLES = sorted(path for path in POLICIES.rglob("*") if path.suffix in (".csv", ".yaml"))
LAWS = sorted(path for place in ("us/fl", "us/ca/los-angeles") for path in (POLICIES / place).rglob("*.md"))
ROWS_MAX = 40  # of a long table; the fuzzer changes cells, and not how many there are
PARTS = (
    *(b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\r\n", b"\r", "\u202e".encode(), "\u200b".encode(), b"\x1b[2J", b'"', b'""', b",", b",,,,", b"'"),
    *(b"\n", b"\n\n", b"x" * 20_000, b"9" * 30, b"-1", b"NaN", b"0001-01-01", b"9999-12-31", b"2017-02-30", b"2017-13", b"0000", b"us/xx", b"us"),
    *(b"..", b"../../x", b"=1+1", "²".encode(), "ｘ".encode(), b"\xed\xa0\x80", b"{", b"[", b"&a", b"*a", b"!x", b"- ", b": ", b"  ", b"\t", b"#"),
    *(b"---\n", b"```\n", b"```yaml provision\n", b"(", b"(" * 3_000, b"!" * 3_000, b"a || " * 400, b"- " * 200, b"- fact: x\n", b"null", b"~"),
    *(b"true", b"Etc/Nowhere", b"../UTC", b"America/New_York", b"1e400", b"1" * 21, b"\x85", "\u2028".encode(), b"|", b">", b"%", b"@", b"`"),
)  # fmt: skip
EDIT = st.tuples(st.integers(0, 1_000_000), st.sampled_from((0, 0, 1, 3, 10, 40)), st.sampled_from(PARTS))
EDITS = st.lists(
    st.tuples(st.sampled_from(("bytes", "bytes", "cell", "heading", "line", "cut", "encoding")), EDIT),
    min_size=1,
    max_size=3,
)
ENCODINGS = ("utf-16", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7")
SECONDS_MAX = 8


def shortened(path: Path) -> bytes:
    """The content of a file; of a long table, its first lines and those of the small library's place."""
    content = path.read_bytes()
    if path.suffix != ".csv" or len(content) < 20_000:
        return content
    first, *rest = content.split(b"\n")
    return b"\n".join(
        [first, *rest[:ROWS_MAX], *[line for line in rest[ROWS_MAX:] if b"us/fl/miami-dade" in line][:ROWS_MAX], b""]
    )


def changed(content: bytes, how: str, edit: tuple[int, int, bytes]) -> bytes:
    """The content with one change: somewhere, in a cell, in the heading, of a whole line, cut, or in another encoding."""
    at, length, part = edit
    lines = content.split(b"\n")
    line = 0 if how == "heading" else at % len(lines)
    match how:
        case "cut":
            return content[: at % (len(content) + 1)]
        case "encoding":
            return content.decode("utf-8", "replace").encode(ENCODINGS[at % len(ENCODINGS)], "replace")
        case "line":
            lines[line : line + length % 2] = [part]
            return b"\n".join(lines)
        case "cell" | "heading":
            cells = lines[line].split(b",")
            cells[at % len(cells) : at % len(cells) + min(length, 1)] = [part]
            lines[line] = b",".join(cells)
            return b"\n".join(lines)
    at %= len(content) + 1
    return content[:at] + part + content[at + length :]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The words and places of the shipped law, with the law of one place."""
    folder = tmp_path_factory.mktemp("small")
    for name in ("vocabulary.yaml", "courts.csv"):
        shutil.copy(POLICIES / name, folder)
    heading, *rows = (POLICIES / "places.csv").read_text(encoding="utf-8").splitlines()
    chosen = [row for row in rows if row.startswith(("us,", "us/fl", "us/ca,", "us/ca/los-angeles"))]
    (folder / "places.csv").write_text("\n".join([heading, *chosen, ""]), encoding="utf-8")
    shutil.copytree(POLICIES / "us/fl/miami-dade", folder / "us/fl/miami-dade")
    return folder


@contextmanager
def folder_of(small: Path, path: Path, content: bytes) -> Iterator[Path]:
    """A county's folder with one file changed."""
    county = small.parent / "county"
    target = county / path.relative_to(POLICIES)
    (county / "us").mkdir(parents=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    try:
        yield county
    finally:
        shutil.rmtree(county)


def in_words(findings: Any) -> None:
    for finding in findings:
        assert isinstance(finding, Finding)
        assert not hidden_in(finding.line()) and "\n" not in finding.line() and len(finding.line()) < 6_000
        assert not hidden_in(finding.lines())


def worked_on(law: Law) -> None:
    """What a law that was read without errors must be able to do, or refuse in words."""
    request = {"place": "us/fl/miami-dade", "at": "2017-01-20T09:00:00-05:00"}
    for call in (
        lambda: law.decide(request),
        lambda: law.at("us/fl/miami-dade", "2017-02-01").to_markdown(),
        lambda: law.funding("us/fl/miami-dade", on="2017-02-01").to_markdown(),
    ):
        try:
            call()
        except InputFault as fault:
            in_words(fault.findings)


def test_any_file_of_law_is_read_with_findings(small: Path) -> None:
    contents = {path: shortened(path) for path in (*TABLES, *LAWS)}

    def check(path: Path, edits: list[tuple[str, tuple[int, int, bytes]]], works: bool) -> None:
        content = contents[path]
        for how, edit in edits:
            content = changed(content, how, edit)
        with folder_of(small, path, content) as county:
            started = time.process_time()
            library, findings = read_library([small, county])
            in_words(findings)
            if works and not any(finding.grave for finding in findings):
                worked_on(Law(library, [small, county]))
            assert time.process_time() - started < SECONDS_MAX

    paths = st.one_of(st.sampled_from(TABLES), st.sampled_from(LAWS))
    fuzz(check, paths, EDITS, st.sampled_from((True, False, False)), examples=80)


def test_any_folder_is_read_or_refused_on_the_command_line(small: Path) -> None:
    path = POLICIES / "rates.csv"

    def deep(county: Path) -> None:
        (county / ("a/" * 200)).mkdir(parents=True)

    def links(county: Path) -> None:
        os.symlink(county, county / "us/loop")
        os.symlink(county / "nowhere", county / "us/gone.md")

    def unreadable(county: Path) -> None:
        (county / "us/closed").mkdir(mode=0)
        (county / "us/closed.md").write_text("x")
        (county / "us/closed.md").chmod(0)

    def odd(county: Path) -> None:
        os.mkfifo(county / "us/pipe.md")
        (county / "us/folder.md").mkdir()
        (county / "vocabulary.yaml").mkdir()
        (county / os.fsdecode(b"\xff.md")).write_text("x")
        (county / "us/a\nb.md").write_text("x")

    def check(make: Any, command: str) -> None:
        with folder_of(small, path, path.read_bytes()) as county:
            make(county)
            result = run(command.format(county))
            for folder, inner, _ in os.walk(county):
                for name in inner:
                    (Path(folder) / name).chmod(stat.S_IRWXU) if not (Path(folder) / name).is_symlink() else None
            assert result.exit_code in (0, 1, 2), result.stderr
            assert not hidden_in(result.stderr) and not hidden_in(result.stdout) and "Traceback" not in result.stderr

    commands = st.sampled_from(("law us/fl/miami-dade --on 2017-02-01 --library {}", "check {}"))
    fuzz(check, st.sampled_from((deep, links, unreadable, odd)), commands, examples=8)


def test_a_file_that_vanishes_while_it_is_read_is_a_finding(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open
    with folder_of(small, POLICIES / "rates.csv", b"x") as county:
        victim = county / "us/law.md"
        victim.write_text("x", encoding="utf-8")

        def vanishing(path: Path, *args: Any, **named: Any) -> Any:
            if path == victim:
                victim.unlink(missing_ok=True)
            return real(path, *args, **named)

        monkeypatch.setattr(Path, "open", vanishing)
        findings = read_library([small, county])[1]
    assert [finding.code for finding in findings if finding.place.source == str(victim)] == ["unreadable"]
