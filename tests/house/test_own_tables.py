"""The page on tables with headings of their own: its workbook is made, its commands are run, and print what it says."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter

from docs.console_blocks import agrees
from tests.commands.running import ACCEPT, run
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "own-tables.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TITLE = "EXAMPLE COUNTY SHERIFF: ICE DETAINERS"


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if kind == language]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the workbook of the page, in which the commands are run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    with xlsxwriter.Workbook(tmp_path / "sheriff.xlsx") as book:
        for name, text in zip(("2014", "2017"), blocks("csv"), strict=True):
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, TITLE)
            for number, row in enumerate(csv.reader(text.splitlines()), 2):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell)
    return tmp_path


def hold_to_page(language: str, at: int, printed: str) -> None:
    """Compares what was printed with a block of the page, or with COMITY_ACCEPT=1 writes that block."""
    if ACCEPT:
        text = PAGE.read_text(encoding="utf-8")
        found = [match for match in BLOCK.finditer(text) if match[1] == language][at]
        PAGE.write_text(text[: found.start(2)] + printed + text[found.end(2) :], encoding="utf-8")
    given = blocks(language)[at]
    assert agrees(given.rstrip("\n").split("\n"), printed.rstrip("\n").split("\n")), printed


def column_of(text: str, heading: str) -> str:
    """The lines of a map that are about one column, with the comments above."""
    return next(part for part in text.split("\n\n") if f"\n  {heading}:\n" in part) + "\n"


def test_from_the_workbook_to_the_pictures(folder: Path) -> None:
    commands = [text.strip() for text in blocks("sh")][:3]
    proposed, decided, compared = (command.removeprefix("comity ") for command in commands)
    done = run(proposed)
    assert done.exit_code == 0, done.output
    hold_to_page("text", 0, done.stdout)
    text = (folder / "sheriff.yaml").read_text(encoding="utf-8")
    hold_to_page("yaml", 0, column_of(text, "Book Date"))
    hold_to_page("yaml", 1, column_of(text, "Charge"))
    assert "Subject 00" not in text and "see file" not in text
    refused = run(decided)
    assert refused.exit_code == 2 and "Book Date" in refused.output and not (folder / "pictures").exists()

    (folder / "sheriff.yaml").write_text(blocks("yaml")[2], encoding="utf-8")
    assert headings_of(blocks("yaml")[2]) == headings_of(text)
    done = run(decided)
    assert done.exit_code == 0, done.output
    hold_to_page("text", 1, without_versions(done.stdout))
    assert len([*(folder / "pictures").glob("*.svg")]) == 2
    codebook = (folder / "decided.codebook.md").read_text(encoding="utf-8")
    assert re.search(r"read through the map sheriff\.yaml \(SHA-256 [0-9a-f]{64}\)", codebook)
    assert len((folder / "decided.csv").read_text(encoding="utf-8").splitlines()) == 6
    done = run(compared)
    assert done.exit_code == 0, done.output
    hold_to_page("text", 2, without_versions(done.stdout))


def without_versions(text: str) -> str:
    """What was printed, with the version of the law as the page has it."""
    return re.sub(r"\b[0-9a-f]{16}\b", "0123456789abcdef", text)


def headings_of(text: str) -> set[str]:
    from comity.yamltext import Words, read_yaml  # noqa: PLC0415

    tree, findings = read_yaml(text, "map")
    assert not findings and isinstance(tree, Mapping)
    return {str(heading) for heading in tree[Words("columns")]}


def test_a_column_and_an_order_of_days_are_given_by_hand(folder: Path) -> None:
    (folder / "detainers.csv").write_text(
        "Date Received,Jail,state\n3/14/2014,LEHIGH COUNTY JAIL,PA\n14/3/2014,LEHIGH COUNTY JAIL,PA\n", encoding="utf-8"
    )
    done = run(blocks("sh")[3].strip().removeprefix("comity "))
    assert done.exit_code == 0 and "1 row decided, 1 refused" in done.stdout
    [line] = blocks("python")
    import pandas as pd  # noqa: PLC0415

    import comity  # noqa: PLC0415

    frame = pd.read_csv(folder / "detainers.csv")
    result = eval(line, {"comity": comity, "frame": frame})
    assert (result.decided, len(result.refused)) == (1, 1)


def test_every_command_of_the_page_is_run() -> None:
    assert [shlex.split(text)[1] for text in blocks("sh")] == ["columns", "replay", "compare", "replay"]
