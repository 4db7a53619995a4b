"""The reader of CSV tables: every line is a row or a finding with its place, whatever the bytes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.csvtext import read_rows
from comity.facts.offenses import read_offenses
from comity.facts.vocabulary import read_vocabulary
from comity.finding import Finding
from comity.law.agreements import read_agreements
from comity.law.jails.table import check_jails, read_aliases
from comity.law.library import read_library
from comity.law.places import read_gazetteer
from comity.law.register_table import read_register_table
from comity.money.rates import read_rates

POLICIES = Path(__file__).parents[1] / "policies"
VOCABULARY, GAZETTEER = read_vocabulary(POLICIES)[0], read_gazetteer(POLICIES)[0]
COLUMNS = ("place", "days")


def read(tmp_path: Path, content: bytes) -> tuple[list[tuple[int, dict[str, str]]], list[tuple[str, int]]]:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    rows, findings = read_rows(path, COLUMNS)
    return [(row.at.line, dict(row.cells)) for row in rows], [
        (finding.code, finding.place.line) for finding in findings
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"place,days\nus/fl,3\n",
        b"\xef\xbb\xbfplace,days\r\nus/fl,3\r\n",
        b"days,place\n3,us/fl\n",
        b'"place", days\n "us/fl" ,3\n'.replace(b' "us/fl" ', b'"us/fl"'),
        b"place,days\n\n \nus/fl , 3",
    ],
)
def test_a_table_is_read(content: bytes, tmp_path: Path) -> None:
    rows, findings = read(tmp_path, content)
    assert [cells for _, cells in rows] == [{"place": "us/fl", "days": "3"}] and not findings


def test_quoted_cells_may_hold_commas_and_quotes(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, b'place,days\n"us, ""fl""",3\n')
    assert rows == [(2, {"place": 'us, "fl"', "days": "3"})] and not findings


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("column", 1)]),
        (b"place\nus/fl\n", [("column", 1)]),
        (b"place;days\nus/fl;3\n", [("column", 1)]),
        (b"place,days,days\nus/fl,3,4\n", [("column", 1)]),
        (b"place,days\nus/fl\n", [("row", 2)]),
        (b"place,days\n\nus/fl,3,4\n", [("row", 3)]),
        (b'place,days\n"us/fl,3\nus/ca,4\n', [("row", 2)]),
        (b'place,days\n"us/fl"x,3\nus/ca,4\n', [("row", 2)]),
        (b'place,days\n"us\n/fl",3\nus/ca,4\n', [("row", 2), ("row", 3)]),
        (b"place,days\nus/fl,3\nus/\xe9,4\n", [("encoding", 3)]),
        (b"place,days\nus/fl,3\nus/\x00ca,4\n", [("hidden-character", 3)]),
        (b"place,days\nus/fl,3\xe2\x80\xae\n", [("hidden-character", 2)]),
        (b"place,days\nus/fl," + b"9" * 20_000 + b"\n", [("row", 2)]),
    ],
)
def test_what_cannot_be_read_is_a_finding_with_its_line(
    content: bytes, expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    rows, findings = read(tmp_path, content)
    assert findings == expected
    assert [line for line, _ in rows] == [
        number
        for number, line in enumerate(content.split(b"\n"), 1)
        if number > 1 and line and ("row", number) not in expected and expected[0][0] not in ("column", "encoding")
    ]


def test_a_further_column_is_a_warning_that_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("place,days,plase\nus/fl,3,x\n")
    rows, [finding] = read_rows(path, COLUMNS)
    assert len(rows) == 1 and not finding.grave and 'did you mean "place"?' in finding.line()


def test_a_folder_in_place_of_a_table_is_a_finding(tmp_path: Path) -> None:
    assert [finding.code for finding in read_rows(tmp_path, COLUMNS)[1]] == ["unreadable"]


def test_a_large_table_is_read_at_once(tmp_path: Path) -> None:
    started = time.perf_counter()
    rows, _ = read(tmp_path, b"place,days\n" + b'us/fl,"3"\n' * 100_000)
    assert len(rows) == 100_000 and time.perf_counter() - started < 10


READERS: dict[str, Callable[[Path], list[Finding]]] = {
    "places.csv": lambda folder: read_gazetteer(folder)[1],
    "courts.csv": lambda folder: read_library([POLICIES, folder])[1],
    "offenses.csv": lambda folder: read_offenses(folder / "offenses.csv", VOCABULARY)[1],
    "facilities.csv": lambda folder: read_aliases(folder / "facilities.csv", GAZETTEER)[1],
    "jails.csv": lambda folder: check_jails([folder / "jails.csv"], GAZETTEER),
    "agreements.csv": lambda folder: read_agreements(folder / "agreements.csv", GAZETTEER, VOCABULARY)[1],
    "register.csv": lambda folder: read_register_table([folder])[1],
    "rates.csv": lambda folder: read_rates([folder], GAZETTEER)[1],
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("damage", ["latin-1", "null", "short", "long", "quote", "no column"])
def test_no_damage_to_a_shipped_table_raises_or_is_taken_in_silence(name: str, damage: str, tmp_path: Path) -> None:
    shutil.copy(POLICIES / name, tmp_path)
    lines = (tmp_path / name).read_bytes().splitlines(keepends=True)[:4]
    last = lines[-1].rstrip(b"\n")
    lines[-1] = {
        "latin-1": last.replace(b",", b"\xe9,", 1),
        "null": last.replace(b",", b"\x00,", 1),
        "short": last.rpartition(b",")[0],
        "long": last + b",x",
        "quote": b'"' + last.replace(b'"', b""),
        "no column": last,
    }[damage] + b"\n"
    if damage == "no column":
        lines[0] = lines[0].replace(b",", b"_,", 1)
    (tmp_path / name).write_bytes(b"".join(lines))
    findings = [finding for finding in READERS[name](tmp_path) if finding.place.source.endswith(name)]
    assert any(finding.grave and finding.place.line == (1 if damage == "no column" else 4) for finding in findings)


@pytest.mark.parametrize(
    ("name", "before", "after", "code"),
    [
        ("offenses.csv", b"0901-0908", b"0901-9\xc2\xb2", "offense-code"),
        ("offenses.csv", b"0901-0908", b"0901-" + b"9" * 5_000, "offense-code"),
        ("agreements.csv", b"2026-", b"2\xd9\xa026-", "agreement"),
        ("register.csv", b"2014-", b"soon-", "register"),
        ("courts.csv", b"yes", b"yess", "court"),
        ("rates.csv", b",1,", b"," + b"9" * 5_000 + b",", "rate"),
        ("rates.csv", b",1,", b",\xc2\xb2,", "rate"),
    ],
)
def test_a_number_or_a_day_that_is_none_is_a_finding(
    name: str, before: bytes, after: bytes, code: str, tmp_path: Path
) -> None:
    content = (POLICIES / name).read_bytes()
    assert before in content
    (tmp_path / name).write_bytes(content.replace(before, after, 1))
    assert code in {finding.code for finding in READERS[name](tmp_path)}


@given(content=st.binary(max_size=200) | st.text(st.sampled_from('ab,"\n\r;\x00é'), max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bytes") / "table.csv"
    path.write_bytes(b"place,days\n" + content)
    rows, findings = read_rows(path, COLUMNS)
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = {number for number, line in enumerate(text.split("\n"), 2) if line.strip()}
    named = {row.at.line for row in rows} | {finding.place.line for finding in findings if finding.code == "row"}
    assert lines <= named or {finding.code for finding in findings} & {"encoding"}
