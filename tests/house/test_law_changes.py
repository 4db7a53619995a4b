"""docs/law-changes.md compares the law that is here, its rows are found again, and each has a starred line in the changelog."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

import comity
from comity.law.library import Library
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "law-changes.md").read_text(encoding="utf-8")
SAMPLED_ROWS, SAMPLED_SITUATIONS = 10, 60
# What a starred line may call an action.
CALLED = {
    "hold": ("hold",),
    "notify": ("notify", "notice", "word of the release"),
    "transfer": ("transfer", "handover"),
    "interview": ("interview",),
    "share_status": ("status",),
    "share_custody": ("share_custody", "custody information"),
    "access": ("access",),
}
NAMED_OTHERWISE = {"us/ky/jefferson": "Louisville", "us/la/orleans": "Orleans Parish"}


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import law_changes_page

    return law_changes_page


@cache
def law_before() -> Library | None:
    import law_changes

    found: Library | None = law_changes.read_before()
    return found


@pytest.fixture
def libraries(pages: ModuleType, library: Library) -> Any:
    before = law_before()
    if before is None:
        pytest.skip("this copy of the project has no history from which the earlier law could be read")
    return pages.TwoLibraries(before, library)


def starred_lines() -> list[str]:
    """The starred items of the changelog, each on one line."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return [" ".join(item.split()) for item in re.findall(r"^- \* (.*?)(?=^- |^#|\Z)", text, re.M | re.S)]


def test_the_page_names_the_law_that_is_here(pages: ModuleType, library: Library) -> None:
    assert f"Law of today: `{pages.law_digest(library)}`" in PAGE, "run .venv/bin/python docs/law_changes_page.py"


def test_the_page_names_the_law_before(pages: ModuleType, libraries: Any) -> None:
    assert f"Law before: `{pages.law_digest(libraries.plain_before)}`" in PAGE


def test_the_digest_is_of_what_decides_and_of_no_words(pages: ModuleType, library: Library) -> None:
    from msgspec.structs import replace

    instruments, id = library.instruments, "us/fl/ch908-2019"
    worded = replace(library, instruments={**instruments, id: replace(instruments[id], title="Another", summary="")})
    ended = replace(library, instruments={**instruments, id: replace(instruments[id], ended=instruments[id].effective)})
    without = replace(library, instruments={name: held for name, held in instruments.items() if name != id})
    assert pages.law_digest(worded) == pages.law_digest(library)
    assert len({pages.law_digest(law) for law in (library, ended, without)}) == 3


def test_sampled_rows_are_found_again(pages: ModuleType, libraries: Any) -> None:
    import law_changes

    rows = pages.read_rows(PAGE)
    assert len(rows) > SAMPLED_ROWS
    for row in Random(17).sample(rows, SAMPLED_ROWS):
        on = row.certain_on or row.first_on
        for action in row.actions:
            assert row.instruments in shown(law_changes, libraries, row, action, on), (row, action)
            day_before = row.first_on - timedelta(1)
            if day_before >= law_changes.FIRST_ON:
                assert row.instruments not in shown(law_changes, libraries, row, action, day_before), (row, action)


def shown(law_changes: ModuleType, libraries: Any, row: Any, action: str, on: Any) -> set[tuple[str, ...]]:
    """The instruments responsible for a change of a row's outcomes on a day, for the first of its agencies."""
    stacks = libraries.stacks(law_changes.Situation(row.places[0], row.agencies[0], on, on))
    if action not in law_changes.changed_actions(*stacks):
        return set()
    return {
        law_changes.responsible(*stacks, change)
        for change in law_changes.changes_of(*stacks, action)
        if (change.before, change.after) == (row.before, row.after)
    }


def test_what_changes_at_sampled_places_and_days_is_on_the_page(pages: ModuleType, libraries: Any) -> None:
    import law_changes

    listed = {
        (row.instruments, action, row.before, row.after) for row in pages.read_rows(PAGE) for action in row.actions
    }
    counted = 0
    for situation in Random(17).sample(libraries.situations, SAMPLED_SITUATIONS):
        stacks = libraries.stacks(situation)
        for action in law_changes.changed_actions(*stacks):
            for change in law_changes.changes_of(*stacks, action):
                group = law_changes.responsible(*stacks, change), action, change.before, change.after
                assert group in listed, (situation, group)
                counted += 1
    assert counted


def test_each_change_of_an_outcome_has_a_starred_line(pages: ModuleType, library: Library) -> None:
    lines = starred_lines()
    missing = [
        (place, action)
        for row in pages.read_rows(PAGE)
        for place in row.places
        for action in row.actions
        if not any(_tells(line, _name(place, library), action) for line in lines)
    ]
    assert not missing


def _name(place: str, library: Library) -> str:
    name = library.gazetteer.places[place].name
    return NAMED_OTHERWISE.get(place, re.sub(r" (County|Parish)$", "", name))


def _tells(line: str, name: str, action: str) -> bool:
    """Whether a starred line names a place, and the action in one of the words for it."""
    return _names(line, name) and any(word in line for word in CALLED[action])


def _names(line: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", line) is not None


def test_each_starred_line_on_the_law_of_a_place_shows_as_a_change(pages: ModuleType, library: Library) -> None:
    named = {_name(place, library) for row in pages.read_rows(PAGE) for place in row.places}
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^### Law of 2025 and 2026\n(.*?)(?=^### |\Z)", text, re.M | re.S)
    items = [item for section in sections for item in re.findall(r"^- \* (.*?)(?=^- |\Z)", section, re.M | re.S)]
    stars = [" ".join(item.split()) for item in items]
    assert sections and len(stars) > 30
    unshown = [
        star
        for star in stars
        if "No outcome changes" not in star
        and not star.startswith(("Everywhere:", "`agency.kind: corrections_department` finds"))
        and not any(_names(star, name) for name in named)
    ]
    assert not unshown


def test_the_page_says_where_the_rule_on_citizens_changed_a_duty(pages: ModuleType) -> None:
    part = PAGE.partition("## Everywhere: proven citizens")[2].partition("## By place")[0]
    everywhere = next(line for line in starred_lines() if line.startswith("Everywhere:"))
    states = re.findall(r"^\| ([A-Z][A-Za-z ]+) \| ", part, re.M)
    assert states and not [state for state in states if state not in everywhere]


def test_without_history_the_page_is_left_alone(
    pages: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import law_changes

    monkeypatch.setattr(law_changes, "ROOT", Path(ROOT.anchor))
    assert pages.main() == 2
    assert "does not have the commit" in capsys.readouterr().err
    assert (ROOT / "docs" / "law-changes.md").read_text(encoding="utf-8") == PAGE
