"""Everything that is written, made of rows of hostile texts: no formula, no hidden character, no markup, and nothing left out."""

from __future__ import annotations

import csv
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from comity.present.clean import NEGATIVE_NUMBER, first_hidden

from .running import Result, run

HOSTILE = (
    "=1+1", "@SUM(1)", "+1+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\x1b[2J\x1b]0;pwn\x07", "\u202eevil",
    "\x00", "\u2066a\u2069", "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](y.png)", "| a | b |", "`code`", "# head", "- item",
    "\u674e\u660e", "\U0001f468\u200d\U0001f469", "\u0645\u062d\u0645\u062f", "\u05d3\u05d5\u05d3", "\u0418\u0432\u0430\u043d", "$a$ and $b$", "x" * 3_000,
)  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LAWS = "--law us/fl/miami-dade@2017-01-25 --law us/fl/miami-dade@2017-01-26"


def write_rows(path: Path, *rows: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def requests(folder: Path) -> Path:
    """A published table with a hostile text in each of its columns in turn, and a good row."""
    head = (
        "unique_identifier",
        "detainer_prepare_date",
        "detention_facility",
        "facility_city",
        "facility_state",
        "detainer_type",
    )
    good = ("S1", "2016-01-05", "MIAMI-DADE COUNTY JAIL", "MIAMI", "FLORIDA", "I247D - Request for Voluntary Action")
    rows = [
        tuple(text if at == index else cell for at, cell in enumerate(good))
        for text in HOSTILE
        if "\n" not in text
        for index in range(6)
    ]
    write_rows(folder / "requests.csv", head, good, *rows)
    return folder / "requests.csv"


def check_output(done: Result) -> None:
    for shown in (done.stdout, done.stderr):
        assert first_hidden(shown) is None and "Traceback" not in shown


def check_files(paths: list[Path]) -> None:
    checks = {".csv": check_csv, ".md": check_markdown, ".svg": ElementTree.parse, ".pdf": check_pdf, ".png": Path.stat}
    assert paths
    for path in paths:
        checks[path.suffix](path)


def check_csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [*csv.reader(file)]
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert first_hidden(cell, allowed="") is None
        assert not cell.lstrip(" ").startswith(FORMULA_SIGNS) or NEGATIVE_NUMBER.fullmatch(cell)


def check_markdown(path: Path) -> None:
    def flat(tokens: list[Token]) -> list[Token]:
        return [each for token in tokens for each in [token, *flat(token.children or [])]]

    text = path.read_text(encoding="utf-8")
    tokens = flat(READER.parse(text))
    assert first_hidden(text) is None
    assert {token.content for token in tokens if token.type.startswith("html")} <= {"<br>"}
    assert not [token for token in tokens if token.type == "link_open"]
    assert [token.attrs["src"] for token in tokens if token.type == "image"] in ([], [f"{path.stem}.png"])


def check_pdf(path: Path) -> None:
    assert path.read_bytes().startswith(b"%PDF-")


def test_an_invoice_has_every_name_and_runs_none(folder: Path) -> None:
    write_rows(folder / "holds.csv", ("person", "held_from", "days"), *((text, "2017-11-02", "3") for text in HOSTILE))
    done = run("cost holds.csv --place us/fl/miami-dade --invoice 2017-11 --pictures drawn --leave-out")
    assert done.exit_code in (0, 1)
    check_output(done)
    check_files([*folder.glob("invoice-*"), *(folder / "drawn").iterdir()])
    with next(folder.glob("invoice-*.csv")).open(encoding="utf-8", newline="") as file:
        persons = [row["person"] for row in csv.DictReader(file)][:-1]
    assert {"\u674e\u660e", "'=1+1", "\\x1b[2J\\x1b]0;pwn\\x07", "U+202Eevil", "$a$ and $b$", "x" * 3_000} <= {*persons}
    if shutil.which("pdftotext"):
        pdf = subprocess.run(
            ["pdftotext", next(folder.glob("invoice-*.pdf")), "-"], capture_output=True, check=True, encoding="utf-8"
        ).stdout
        assert "[U+674E U+660E]" in pdf.replace("\n", " ") and "\\x1b[2J" in pdf and "U+202Eevil" in pdf


def test_a_replay_and_a_comparison_write_no_hostile_text_as_it_came(requests: Path, folder: Path) -> None:
    assumed = "--assume subject.citizenship=none_claimed"
    for command in (f"replay {requests.name} --pictures drawn {assumed}", f"compare {requests.name} {LAWS}"):
        for out in ("rows.csv", "rows.parquet"):
            done = run(f"{command} --out {out}")
            assert done.exit_code in (0, 1), done.stderr
            check_output(done)
            check_files([path for path in folder.iterdir() if path.suffix in (".csv", ".md") and path != requests])
    check_files([*(folder / "drawn").iterdir()])


def test_a_brief_and_its_pictures_say_hostile_figures_as_text(folder: Path) -> None:
    write_rows(
        folder / "requests.csv",
        ("detainer_prepare_date", "detainer_type"),
        ("2016-01-05", "I247D - Request for Voluntary Action"),
    )
    (folder / "own").mkdir()
    shipped = Path(__file__).parents[2] / "policies" / "settlements.csv"
    head = shipped.read_text(encoding="utf-8").split("\n")[0].split(",")
    first = next(csv.DictReader(shipped.open(encoding="utf-8", newline="")))
    texts = [text for text in HOSTILE if first_hidden(text, allowed="") is None and len(text) < 100]
    cases = [{**first, "name": f"{text} v. {text}", "source": text, "note": text} for text in texts]
    write_rows(folder / "own" / "settlements.csv", tuple(head), *(tuple(case[name] for name in head) for case in cases))
    write_rows(
        folder / "figures.csv",
        ("figure", "value", "day", "source", "note"),
        ("cost_a_day", "100", "2026-01-01", "$a$ [x](y) | =1", "<b>x</b>"),
    )
    command = f"cost compare requests.csv {LAWS} --library own --figures figures.csv"
    done = run(f"{command} --brief brief.pdf --pictures drawn")
    assert done.exit_code == 0, done.stderr
    check_output(done)
    check_files([folder / "brief.pdf", *(folder / "drawn").iterdir()])
