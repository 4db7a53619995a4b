"""The pages that are made of the law are those that it makes today."""

from __future__ import annotations

import csv
import re
from types import ModuleType

import pytest

import comity
from comity.law.library import Library
from tests.house.tree import ROOT

NAMES = ("coverage",)


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import write_pages

    return write_pages


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_what_the_law_makes_it(name: str, pages: ModuleType, library: Library) -> None:
    made = pages.PAGES[name](library)
    kept = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert made == kept, f"run .venv/bin/python docs/write_pages.py {name}"


def test_no_page_is_left_out(pages: ModuleType) -> None:
    assert tuple(pages.PAGES) == NAMES


def test_a_page_that_is_not_made_is_refused_in_one_line(pages: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert pages.main(["dance"]) == 2
    assert capsys.readouterr().err == 'there is no page "dance" that is made of the law; one of ' + ", ".join(NAMES) + "\n"


def test_coverage_has_a_line_for_each_instrument_of_the_register() -> None:
    """Counted on the page by itself, without what makes it."""
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    with (ROOT / "policies" / "register.csv").open(encoding="utf-8", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    lists = text[text.index("\n## Federal\n") :]
    assert len(rows) == lists.count("\n| ") - 2 * lists.count("\n| --- ")
    assert not [row["id"] for row in rows if f"| {row['title']} |" not in lists]
    assert not [id for row in rows for id in row["encoded"].split() if f"[{id}](../policies/{id}.md)" not in lists]
    counts = re.search(r"\| all \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", text)
    assert counts and [int(own) for own in counts.groups()][:2] == [len(rows), sum(bool(row["encoded"]) for row in rows)]
