"""Files of text as they come: separators, encodings, packing, titles, totals and stray quotation marks; no line is lost."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet
import pytest

import comity
from comity.api import load
from comity.finding import InputFault
from comity.intake.cells import open_table
from comity.intake.lines_read import describe_reading
from comity.intake.sources import quotes, records
from comity.intake.sources.source import Account, Reading, Refused
from comity.intake.table import columns_read
from tests.commands.running import run

READ = columns_read(load().vocabulary)
HEADINGS = "date,det_facility,state\n"
ROW = "2014-06-02,LEHIGH COUNTY JAIL,PA\n"
LAW = "us/fl/miami-dade@2017-02-01"


def read(path: Path) -> tuple[list[dict[str, Any]], list[Refused], Reading]:
    """The rows of a file, the rows refused, and how it was read; every line is accounted for, or this fails."""
    opened, findings = open_table(path, READ)
    assert opened and not findings, findings
    pieces = [*opened.pieces()]
    return (
        [row for piece in pieces for row in piece.table.to_pylist()],
        [refusal for piece in pieces for refusal in piece.refused],
        opened.reading(),
    )


def written(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [row["row"] for row in rows]


def account(reading: Reading) -> dict[str, Any]:
    """The counts of the one account that are not zero."""
    [found] = reading.accounts
    assert isinstance(found, Account)
    return {name: getattr(found, name) for name in found.__struct_fields__ if getattr(found, name)}


@pytest.mark.parametrize(
    ("separator", "name"), [(";", "a.csv"), ("\t", "a.tsv"), ("\t", "a.txt"), ("|", "a.csv"), ("|", "a.psv")]
)
def test_separators_are_seen_in_the_headings(separator: str, name: str, tmp_path: Path) -> None:
    rows, _, reading = read(written(tmp_path, (HEADINGS + ROW * 3).replace(",", separator), name))
    assert [row["detention_facility"] for row in rows] == ["LEHIGH COUNTY JAIL"] * 3
    said = any("separated by" in note for note in reading.notes)
    assert said == (name in ("a.csv", "a.txt"))


def test_commas_inside_cells_do_not_make_a_separator(tmp_path: Path) -> None:
    rows, refused, reading = read(written(tmp_path, "date;det_facility;state\n2014-06-02;JAIL, OF, LEHIGH;PA\n" * 1))
    assert rows[0]["detention_facility"] == "JAIL, OF, LEHIGH" and reading.separator == "semicolons" and not refused


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"", False),
        ("utf-8-sig", b"", False),
        ("utf-16", b"", True),
        ("utf-16-le", b"\xff\xfe", True),
        ("utf-16-be", b"\xfe\xff", True),
        ("utf-16-le", b"", True),
        ("cp1252", b"", True),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, mark: bytes, said: bool, end: str, tmp_path: Path) -> None:
    text = (HEADINGS + "2014-06-02,DOÑA ANA – JAIL,NM\n" * 5).replace("\n", end)
    rows, _, reading = read(written(tmp_path, mark + text.encode(encoding)))
    assert [row["detention_facility"] for row in rows] == ["DOÑA ANA – JAIL"] * 5 and numbers(rows) == [2, 3, 4, 5, 6]
    assert bool(reading.notes) == said and (reading.encoding == "Windows-1252") == (encoding == "cp1252")


def test_a_line_that_is_not_utf8_in_a_file_that_is_costs_its_row(tmp_path: Path) -> None:
    content = (HEADINGS + "2014-06-02,DOÑA ANA,NM\n").encode() + b"2014-06-02,DO\xd1A ANA,NM\n" + ROW.encode()
    rows, refused, _ = read(written(tmp_path, content))
    assert numbers(rows) == [2, 4] and [(refusal.row, refusal.code) for refusal in refused] == [(3, "not-text")]


def test_packed_files(tmp_path: Path) -> None:
    text = (HEADINGS + ROW * 2).encode()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text))
    for name, members in {"a.zip": ["data/a.csv", "__MACOSX/a.csv"], "two.zip": ["a.csv", "b.csv"]}.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in members:
                archive.writestr(member, text)
    for name in ("a.csv.gz", "a.zip"):
        rows, _, reading = read(tmp_path / name)
        assert len(rows) == 2 and reading.packed
    assert "the archive has 2 files" in fault_of(tmp_path / "two.zip")
    assert "damaged" in fault_of(written(tmp_path, gzip.compress(text)[:40], "cut.csv.gz"))
    assert "no zip archive" in fault_of(written(tmp_path, b"PK", "none.zip"))


def test_a_packed_file_that_only_fills_memory_is_refused(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.csv.gz", "wb") as file:
        file.write((HEADINGS + ROW).encode())
        for _ in range(40):
            file.write((b" " * 1_000 + b"\n") * 4_000)
    assert "as no table does" in fault_of(tmp_path / "a.csv.gz")


def fault_of(path: Path) -> str:
    """What is wrong with a file, in one line, whether it shows at the beginning or further on."""
    opened, findings = open_table(path, READ)
    if opened:
        with pytest.raises(InputFault) as raised:
            [*opened.pieces()]
        return str(raised.value)
    [finding] = findings
    assert "\n" not in finding.line()
    return finding.line()


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" "])
def test_an_empty_file_says_so(content: bytes, tmp_path: Path) -> None:
    assert "it is empty" in fault_of(written(tmp_path, content))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.dta", "read_stata"),
        ("a.sav", "pyreadstat"),
        ("a.rds", "write_parquet"),
        ("a.json", "JSON lines"),
        ("a.doc", "a.doc"),
    ],
)
def test_a_file_of_another_kind_says_what_to_do(name: str, says: str, tmp_path: Path) -> None:
    assert says in fault_of(written(tmp_path, b"x", name))


def test_row_numbers_are_the_lines_of_the_file(tmp_path: Path) -> None:
    text = (
        "Detainers of 2014\n\n"
        + HEADINGS
        + ROW
        + '\n2014-06-02,"LEHIGH\nCOUNTY JAIL",PA\n,,\n'
        + ROW
        + "2014-06-02\n"
        + ROW
    )
    rows, refused, reading = read(written(tmp_path, text))
    assert numbers(rows) == [4, 6, 9, 11] and [refusal.row for refusal in refused] == [10]
    assert account(reading) == {
        "lines": 11, "titles": 1, "headings": 1, "rows": 5, "continued": 1, "blank": 3,
    }  # fmt: skip


def test_totals_and_repeated_headings_are_no_requests(tmp_path: Path) -> None:
    text = HEADINGS + ROW + HEADINGS + ROW + "Grand total,2,\n,,152\n2014-06-02,TOTAL HEALTH JAIL,PA\n,TOTAL,PA\n"
    rows, refused, reading = read(written(tmp_path, text))
    assert numbers(rows) == [2, 4, 7] and not refused
    assert account(reading) == {"lines": 8, "headings": 2, "rows": 3, "totals": 3}


def test_headings_in_two_rows_are_read_as_one(tmp_path: Path) -> None:
    text = "Detainer,,Detention\nPrepare Date,Type,Facility\n2014-06-02,I247A - x,LEHIGH COUNTY JAIL\n"
    rows, _, reading = read(written(tmp_path, text))
    assert rows[0]["detainer_prepare_date"] == "2014-06-02" and rows[0]["detention_facility"] == "LEHIGH COUNTY JAIL"
    assert numbers(rows) == [3] and any("two rows" in note for note in reading.notes)


STRAY = {
    "opened and never closed": ['2014-06-02,"LEHIGH COUNTY JAIL,PA'],
    "opened twice": ['2014-06-02,"LEHIGH COUNTY JAIL,PA', *[ROW.strip()] * 30, '2014-06-02,"LEHIGH COUNTY JAIL,PA'],
    "closed far below, at the end of a cell": ['2014-06-02,"LEHIGH,PA', *[ROW.strip()] * 30, '2014-06-02,LEHIGH",PA'],
    "closed in the next line": ['2014-06-02,"LEHIGH,PA', '2014-06-02,LEHIGH",PA'],
    "text after the closing mark": ['2014-06-02,"LEHIGH" COUNTY JAIL,PA'],
}


@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
@pytest.mark.parametrize("before", [0, 200_000], ids=["small", "beyond a block"])
def test_a_stray_quotation_mark_costs_its_own_row(stray: list[str], before: int, tmp_path: Path) -> None:
    text = HEADINGS + ROW * before + "\n".join(stray) + "\n" + ROW * 3
    rows, refused, reading = read(written(tmp_path, text))
    bad = [at for at, line in enumerate(stray, before + 2) if '"' in line and line.count(",") == 2]
    lines = before + len(stray) + 4
    assert account(reading)["lines"] == lines and len(rows) + len(refused) == lines - 1
    assert {refusal.code for refusal in refused} == {"stray-quote"}
    assert {refusal.row for refusal in refused} <= {*bad} and bad[0] in {refusal.row for refusal in refused}
    assert numbers(rows)[-3:] == [lines - 2, lines - 1, lines]


def test_quotation_marks_inside_a_cell_are_text(tmp_path: Path) -> None:
    text = HEADINGS + '2014-06-02,LEHIGH 6" JAIL,PA\n2014-06-02,"THE ""OLD"", JAIL",PA\n2014-06-02,"",PA\n'
    rows, refused, _ = read(written(tmp_path, text))
    assert [row["detention_facility"] for row in rows] == ['LEHIGH 6" JAIL', 'THE "OLD", JAIL', None] and not refused


def test_a_cell_of_many_lines_that_crosses_blocks_is_one_row(tmp_path: Path) -> None:
    note = "\n".join(["a line of a note"] * 200)
    text = HEADINGS + f'2014-06-02,"{note}",PA\n' * 2_000 + ROW
    rows, refused, reading = read(written(tmp_path, text))
    assert len(rows) == 2_001 and not refused and account(reading)["continued"] == 2_000 * 199
    assert numbers(rows)[-1] == 2_000 * 200 + 2


@pytest.mark.parametrize("seed", range(40))
def test_splitting_agrees_with_the_csv_reader_of_python(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stands in the cells, and wherever a block ends."""
    draw = random.Random(seed)
    monkeypatch.setattr("comity.intake.sources.archive.BYTES_A_CHUNK", draw.choice([7, 64, 1_000, 1 << 22]))
    texts = ["", "a", "b c", 'say "x"', "x,y", "line\nbreak", '"', "ü", "1;2", " lead", "'", "two\n\nbreaks"]
    cells = [["2014-06-02", draw.choice(texts), draw.choice(texts), "z"] for _ in range(draw.randrange(1, 60))]
    out = io.StringIO()
    end = draw.choice(["\n", "\r\n"])
    csv.writer(out, lineterminator=end).writerows([["date", "det_facility", "city", "state"], *cells])
    rows, refused, reading = read(written(tmp_path, out.getvalue()))
    said = [[row["detention_facility"], row["facility_city"]] for row in rows]
    assert not refused and said == [[cell.strip() or None for cell in row[1:3]] for row in cells]
    first = 2
    for row, number in zip(cells, numbers(rows), strict=True):
        assert number == first
        first += 1 + sum(cell.count("\n") for cell in row)
    assert account(reading)["lines"] == first - 1


@pytest.mark.parametrize("seed", range(60))
def test_no_line_of_a_damaged_file_is_lost(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(seed)
    monkeypatch.setattr("comity.intake.sources.archive.BYTES_A_CHUNK", draw.choice([50, 1_000, 1 << 22]))
    text = [*(HEADINGS + ROW * draw.randrange(1, 80))]
    for _ in range(draw.randrange(1, 12)):
        text.insert(
            draw.randrange(len(HEADINGS), len(text) + 1), draw.choice(['"', '"', ",", "\n", "\r", ";", "\x00", '""'])
        )
    content = "".join(text).encode()
    if draw.random() < 0.3:
        content = content[: draw.randrange(len(HEADINGS), len(content) + 1)]
    rows, refused, reading = read(written(tmp_path, content))
    lines = len(content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n"))
    assert account(reading)["lines"] == lines
    assert len(rows) + len(refused) == account(reading).get("rows", 0)
    every = [*numbers(rows), *(refusal.row for refusal in refused)]
    assert len({*every}) == len(every) and max(every, default=0) <= lines


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        {"date": "2014-06-02", "convictions": [{"offense": "robbery"}], "request.signed": True},
        {"subject.age": 30, "date": "2014-06-03", "city": "b"},
    ]
    text = json.dumps(lines[0]) + "\n\nnot json\n[1]\n" + json.dumps(lines[1]) + "\n"
    rows, refused, reading = read(written(tmp_path, text, "a.jsonl"))
    assert rows[0]["convictions"] == '[{"offense": "robbery"}]' and rows[0]["request.signed"] == "true"
    assert [(refusal.row, refusal.code) for refusal in refused] == [(3, "not-json"), (4, "not-json")]
    assert account(reading) == {"lines": 5, "rows": 4, "blank": 1} and rows[1]["subject.age"] == "30"
    rows, refused, _ = read(written(tmp_path, '{"date": "2014-06-02", "city": "\\ud800"}\n', "c.jsonl"))
    assert not rows and [(refusal.row, refusal.code) for refusal in refused] == [(1, "not-text")]
    assert "no line of it" in fault_of(written(tmp_path, "1\n", "b.ndjson"))


def test_arrow_files_and_folders_of_parquet(tmp_path: Path) -> None:
    table = pa.table({"date": ["2014-06-02", "2014-06-03"], "subject.age": [30, 31]})
    feather.write_feather(table, tmp_path / "a.feather")
    with pa.OSFile(str(tmp_path / "a.arrow"), "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    for name in ("a.feather", "a.arrow"):
        assert numbers(read(tmp_path / name)[0]) == [1, 2]
    plain, hive = tmp_path / "plain", tmp_path / "hive"
    for at, folder in enumerate([plain, plain, hive / "state=PA", hive / "state=NY"]):
        folder.mkdir(parents=True, exist_ok=True)
        wider = table.append_column("city", pa.array(["a", "b"])) if at % 2 else table
        parquet.write_table(wider, folder / f"part-{at}.parquet")
    rows, _, reading = read(plain)
    assert numbers(rows) == [1, 2, 3, 4] and [row["facility_city"] for row in rows] == [None, None, "a", "b"]
    assert sorted({row["facility_state"] for row in read(hive)[0]}) == ["NY", "PA"]
    (tmp_path / "none").mkdir()
    assert "no file that ends in .parquet" in fault_of(tmp_path / "none")


@pytest.mark.parametrize(("older", "first_day"), [(True, 25), (False, 26)])
@pytest.mark.parametrize("into", [False, True])
def test_moments_in_the_older_form_of_parquet_are_in_utc(
    older: bool, first_day: int, into: bool, tmp_path: Path
) -> None:
    moments = pa.array([datetime(2017, 1, 26, 2), datetime(2017, 1, 26, 12)], pa.timestamp("ns"))
    rows = pa.table({"request.received_on": moments, "place": ["us/fl/miami-dade"] * 2})
    (tmp_path / "requests").mkdir()
    file = tmp_path / "requests" / "a.parquet"
    parquet.write_table(rows, file, use_deprecated_int96_timestamps=older)
    if into:
        assert run(f"replay {tmp_path / 'requests'} --into {tmp_path / 'decided'}").exit_code == 0
        days = parquet.read_table(tmp_path / "decided").column("day").to_pylist()
    else:
        tables = [comity.replay(str(source)).table for source in (file, file.parent)]
        days, of_folder = (table.column("day").to_pylist() for table in tables if table)
        assert days == of_folder
    assert days == [date(2017, 1, first_day), date(2017, 1, 26)]


def test_the_account_is_in_json_on_the_page_and_in_the_codebook(tmp_path: Path) -> None:
    source = written(tmp_path, "date;city\n2017-03-01;a\n\n2017-03-02;b\nTotal;2\n", "a.csv")
    out = tmp_path / "rows.csv"
    result = json.loads(run(f"replay {source} --law {LAW} --out {out} --json").stdout)
    assert result["rows"] == 2 and result["reading"]["separator"] == "semicolons"
    [counts] = result["reading"]["accounts"]
    assert (counts["lines"], counts["rows"], counts["blank"], counts["totals"]) == (5, 2, 1, 1)
    sentence = "The table has 5 lines: 1 of headings, 2 rows, 1 blank, 1 of totals, which are not decided."
    page = run(f"replay {source} --law {LAW}").stdout
    assert sentence in " ".join(page.split()) and "The cells are separated by semicolons." in page
    assert sentence in (tmp_path / "rows.codebook.md").read_text(encoding="utf-8")
    with out.open(encoding="utf-8", newline="") as lines:
        assert [row["row"] for row in csv.DictReader(lines)] == ["2", "4"]
    compared = json.loads(run(f"compare {source} --law {LAW} --law us/fl/miami-dade@2015-01-01 --json").stdout)
    assert compared["reading"] == result["reading"]


def test_a_frame_says_nothing_of_lines() -> None:
    replay = comity.replay(pa.table({"date": ["2017-03-01"]}), law=LAW)
    assert describe_reading(replay.reading) == [] and replay.reading.accounts[0].rows == 1


def test_bounds_of_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotes, "ROW_LINES_MAX", 10)
    monkeypatch.setattr(records, "ROW_LINES_MAX", 10)
    text = HEADINGS + '2014-06-02,"' + "a\n" * 20 + '",PA\n' + ROW
    rows, refused, _ = read(written(tmp_path, text))
    assert numbers(rows) == [23] and refused[0].row == 2 and refused[0].code == "stray-quote"
    monkeypatch.setattr(records, "LINE_BYTES_MAX", 1 << 20)
    assert "line 2 has more than" in fault_of(written(tmp_path, HEADINGS + "x" * (6 << 20)))
