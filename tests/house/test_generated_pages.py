"""The pages that are generated from the law are up to date, and say what is known apart from their generator."""

from __future__ import annotations

import csv
import re
from types import ModuleType

import msgspec
import pytest

import comity
from comity.decision.card import card_of
from comity.law.instrument import EVIDENCE
from comity.law.library import Library
from comity.law.register import is_beyond_jail
from comity.present.page import as_text
from tests.house.tree import ROOT

NAMES = (
    "coverage",
    "classified",
    "rulings",
    "risks",
    "offenses",
    "trust",
    "scenes",
    "facts",
    "api",
    "desk-api",
    "schemas/request.json",
    "schemas/decision.json",
)


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import write_pages

    return write_pages


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_what_is_generated_today(name: str, pages: ModuleType, library: Library) -> None:
    generated = pages.PAGES[name](library)
    committed = pages.file_of(name).read_text(encoding="utf-8")
    assert generated == committed, f"run .venv/bin/python docs/write_pages.py {name}"


def test_no_page_is_left_out(pages: ModuleType) -> None:
    assert tuple(pages.PAGES) == NAMES


def test_a_page_that_is_not_generated_is_refused_in_one_line(
    pages: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pages.main(["dance"]) == 2
    assert capsys.readouterr().err == 'there is no generated page "dance"; one of ' + ", ".join(NAMES) + "\n"


def test_the_page_of_risks_has_the_warnings_that_a_card_prints(
    monkeypatch: pytest.MonkeyPatch, library: Library
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import risks_page

    pages = risks_page.risks_page(library).split("\n## ")[1:]
    assert len(pages) == len(risks_page.PLACES)
    for place, page in zip(risks_page.PLACES, pages, strict=True):
        card = as_text(card_of(comity.decide({**risks_page.REQUEST, "place": place})))
        printed = re.findall(r"^  (\d\. .{50})", card[card.index("What these answers risk") :], re.MULTILINE)
        listed = [line[:53] for line in page.splitlines() if re.match(r"\d\. ", line)]
        assert printed and printed == listed[: len(printed)]


def test_coverage_has_a_line_for_each_instrument_of_the_register() -> None:
    """Counted on the page itself, without the code that generates it."""
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    with (ROOT / "policies" / "register.csv").open(encoding="utf-8", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    lists = text[text.index("\n## Federal\n") :]
    assert len(rows) == lists.count("\n| ") - 2 * lists.count("\n| --- ")
    assert not [row["id"] for row in rows if f"| {row['title']} |" not in lists]
    assert not [id for row in rows for id in row["encoded"].split() if f"[{id}](../policies/{id}.md)" not in lists]
    counts = re.search(r"\| all \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", text)
    assert counts and [int(count) for count in counts.groups()][:2] == [
        len(rows),
        sum(bool(row["encoded"]) for row in rows),
    ]


def test_each_place_with_encoded_law_is_classified_on_both_days(library: Library) -> None:
    text = (ROOT / "docs" / "classified.md").read_text(encoding="utf-8")
    acts = [instrument for instrument in library.instruments.values() if not is_beyond_jail(instrument)]
    places = {instrument.jurisdiction for instrument in acts} - {"us"}
    for day in ("2017-03-01", "2025-08-05"):
        rows = [
            line.split(" | ")
            for line in text.partition(f"## On {day}\n")[2].partition("\n## ")[0].splitlines()
            if " | " in line
        ]
        answers = [row for row in rows if re.match(r"\*?\d{4}-", row[1])]
        assert len(answers) == len(places)
        assert {cell.rstrip(" |") for row in answers for cell in row[2:]} <= {"yes", "no", "open"}
        assert {len(row) for row in rows} == {2 + len(list((ROOT / "definitions").glob("*.md")))}


def test_a_known_answer_stands_where_it_should() -> None:
    """Miami-Dade on the day of the Justice Department's list, and Philadelphia, which is on it."""
    rows = (ROOT / "docs" / "classified.md").read_text(encoding="utf-8").partition("## On 2025-08-05\n")[2].splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    column = next(row for row in cells if row[0] == "place").index("eo14287")
    found = {row[0]: row[column] for row in cells if len(row) > column}
    assert (found["Florida: Miami-Dade County"], found["Pennsylvania: Philadelphia County"]) == ("no", "yes")


@pytest.fixture
def rulings(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import rulings_page

    return rulings_page


def test_each_ruling_comes_out_as_its_file_states(rulings: ModuleType, library: Library) -> None:
    decided = rulings.every_ruling(library)
    assert len(decided) >= 15 and len({each.ruling.subject for each in decided}) == len(decided)
    assert not {
        each.ruling.title: day.wrong for each in decided for day in (each.before, each.after) if day and day.wrong
    }
    assert {each.ruling.evidence for each in decided} <= set(EVIDENCE)
    assert all(each.ruling.sources for each in decided)


def test_each_encoded_ruling_applies_on_its_day(rulings: ModuleType, library: Library) -> None:
    decided = [each for each in rulings.every_ruling(library) if each.after]
    known = {id for instrument in library.instruments.values() for id in instrument.register}
    encoded = [each for each in decided if each.ruling.register in known]
    assert encoded and not [each.ruling.title for each in encoded if not each.speaks]


def test_an_outcome_that_differs_from_the_stated_one_is_wrong_once_the_law_is_encoded(
    rulings: ModuleType, library: Library
) -> None:
    before = rulings.every_ruling(library)[0].before._replace(then={"hold": "required"}, lacking=())
    assert before.wrong == ["hold is unaddressed, not required"]
    assert before._replace(lacking=("A statute",)).wrong == []


@pytest.fixture
def scenes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import scenes_page

    return scenes_page


def test_each_scene_comes_out_as_its_file_states(scenes: ModuleType, library: Library) -> None:
    decided = scenes.every_scene(library)
    assert len(decided) >= 12 and all(each.decision.asked for each in decided)
    assert not {each.scene.title: each.wrong for each in decided if each.wrong}
    assert {each.scene.evidence for each in decided} <= set(EVIDENCE)
    assert all(each.scene.sources and each.scene.beside for each in decided)


def test_a_scene_is_compared_once_its_law_is_encoded(scenes: ModuleType, library: Library) -> None:
    decided = next(each for each in scenes.every_scene(library) if each.scene.then)
    [action] = decided.scene.then
    stated = msgspec.structs.replace(decided.scene, then={action: "in_conflict"})
    outcome = decided.decision.outcome(action)
    assert decided._replace(scene=stated, lacking=()).wrong == [f"{action} is {outcome}, not in_conflict"]
    assert decided._replace(scene=stated, lacking=("us",)).wrong == []
