"""The map, the start page and the comparison in a real browser: what they show is what the program finds."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from comity.session import open_folders
from comity.site.answer_data import DETAINER_ACTIONS, answer_document
from comity.site.answers import Answers
from comity.site.badge import LETTERS, UNRESEARCHED, WORDS
from comity.site.map_data import counts_by_state, county_outcomes, state_of
from comity.site.site import Site
from comity.site.standard_requests import standard_requests
from tests.site.conftest import DAY, PLACES

FIRST_PAINT_MAX_MS = 1_000  # 300 on a calm machine; this one shares its processors with other tests
PAGE_MAX, SHAPES_MAX, PLACES_MAX, SHORT_MAX = 100_000, 130_000, 170_000, 5_500
MIAMI = "us/fl/miami-dade"
BEFORE, AFTER = "2017-01-25", "2017-01-26"


@pytest.fixture(scope="module")
def same_site() -> Site:
    return Site(open_folders(()), DAY, PLACES)


def _address(site: Path, path: str, fragment: str = "") -> str:
    return (site / path / "index.html").as_uri() + fragment


def _on(answers: list[Answers], day: date) -> Answers:
    return next(span for span in answers if span.since <= day < span.until)


def test_the_script_of_answers_has_those_of_the_program(same_site: Site, site: Path, page: Page) -> None:
    page.goto(_address(site, "compare/"))
    days = sorted({span.since for path in same_site.full for span in same_site.answers(path)} | {DAY})
    asked = [[path, day.isoformat()] for path in same_site.full for day in days]
    found = page.evaluate(
        "asked => { const by = comityAnswersBy.open(comityAnswers); return asked.map(([path, day]) => by.patternAt(path, day)); }",
        asked,
    )
    outcomes = {letter: outcome for outcome, letter in LETTERS.items()}
    for (path, day), pattern in zip(asked, found, strict=True):
        span = _on(same_site.answers(path), date.fromisoformat(day))
        expected = [span.outcome(r.id, action) for r in standard_requests() for action in DETAINER_ACTIONS]
        assert [outcomes[letter] for letter in pattern] == expected, (path, day)


def test_spans_with_the_same_letters_are_one(same_site: Site) -> None:
    document = answer_document(same_site)
    for path, spans in document["places"].items():
        assert all(one != other for one, other in zip(spans[1::2], spans[3::2], strict=False)), path
    assert UNRESEARCHED not in {document["letters"][letter] for pattern in document["patterns"] for letter in pattern}


def test_the_map_of_the_day_has_the_counts_of_the_program(same_site: Site, site: Path, page: Page) -> None:
    page.goto(_address(site, "map/"))
    outcomes = county_outcomes(same_site, "hold")
    for outcome, words in WORDS.items():
        count = sum(found == outcome for found in outcomes.values())
        entry = page.locator(f"#map-legend li[data-outcome={outcome}]")
        assert entry.is_visible() == (count > 0)
        assert not count or entry.inner_text().split() == [*words.split(), f"{count:,}"]
        assert (
            page.locator(f"#map-counties .fill-{outcome}").count() >= count - 3
        )  # three are drawn by no shape of their own
    for row in counts_by_state(same_site, outcomes):
        cells = page.locator(f"#map-table tr[data-state='{row.path}'] td").all_inner_texts()
        assert cells == [str(count or "") for count in row.counts]


def test_the_slider_goes_from_change_to_change(same_site: Site, site: Path, page: Page) -> None:
    page.goto(_address(site, "map/", f"#day={AFTER}&request=plain&action=hold"))
    expect(page.locator("#map-day-words")).to_have_text("January 26, 2017")
    expect(page.locator("#map-changes-list")).to_contain_text("Miami-Dade County, Florida: MUST NOT → MUST")
    expect(page.locator("#map-sentence")).to_contain_text("On January 26, 2017:")
    county = page.locator(f"#map-counties path[data-n='{_number(page, MIAMI)}']")
    expect(county).to_have_class("c fill-required")
    page.locator("#map-before").click()
    expect(county).to_have_class("c fill-forbidden")
    assert "day=" in page.url
    assert AFTER not in page.url
    page.locator("#map-action").select_option("transfer")
    assert "action=transfer" in page.url
    page.locator("#map-day").focus()
    page.keyboard.press("End")
    expect(page.locator("#map-day-words")).to_have_text("November 1, 2026")
    outcome = _on(same_site.answers(MIAMI), DAY).outcome("plain", "transfer")
    expect(county).to_have_class(f"c fill-{outcome}")


def _number(page: Page, path: str) -> int:
    number = page.evaluate("path => comityCounties.counties.findIndex(([short]) => 'us/' + short === path)", path)
    assert isinstance(number, int)
    return number


def test_a_county_is_named_by_mouse_and_by_keys_and_leads_to_its_page(site: Path, page: Page) -> None:
    page.goto(_address(site, "map/"))
    page.locator(f"#map-counties path[data-n='{_number(page, MIAMI)}']").hover()
    line = page.locator("#map-county")
    expect(line).to_contain_text("Miami-Dade County, Florida")
    expect(line).to_contain_text("since")
    page.locator("#map").focus()
    page.keyboard.press("ArrowUp")
    expect(line).not_to_contain_text("Miami-Dade County,")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(line).to_contain_text("Point at a county")
    page.locator(f"#map-counties path[data-n='{_number(page, MIAMI)}']").click()
    page.wait_for_url(f"**/{MIAMI}/index.html")


@pytest.mark.parametrize("folder", ["", "es/"])
def test_a_typed_name_leads_to_the_page_of_the_place(folder: str, site: Path, page: Page) -> None:
    page.goto(_address(site, folder))
    box = page.locator("#find-place")
    box.press_sequentially("miamy dade")
    expect(page.locator("#find-place-list li").first).to_contain_text("Miami-Dade County")
    box.press("ArrowDown")
    expect(page.locator("#find-place-list li").first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    page.wait_for_url(f"**/{folder}{MIAMI}/index.html")


def test_a_town_leads_to_the_place_whose_law_applies(site: Path, page: Page) -> None:
    page.goto(_address(site, ""))
    page.locator("#find-place").press_sequentially("hialeah, fl")
    option = page.locator("#find-place-list li").first
    expect(option).to_contain_text("city in Miami-Dade County, Florida")
    expect(option).to_contain_text("law of Miami-Dade County applies")
    option.click()
    page.wait_for_url(f"**/{MIAMI}/index.html")


def test_a_comparison_marks_what_differs(same_site: Site, site: Path, page: Page) -> None:
    page.goto(_address(site, "compare/", f"#a={MIAMI}&on={BEFORE}&b={MIAMI}&bn={AFTER}"))
    one, other = (_on(same_site.answers(MIAMI), date.fromisoformat(day)) for day in (BEFORE, AFTER))
    pairs = [(one.outcome(r.id, a), other.outcome(r.id, a)) for r in standard_requests() for a in DETAINER_ACTIONS]
    count = sum(before != after for before, after in pairs)
    expect(page.locator("#compare-summary")).to_have_text(f"{count} of {len(pairs)} answers differ.")
    row = page.locator(".compare-table tr.differs").first
    assert re.sub(r"\s+", " ", row.inner_text()).strip() == "Keep in custody past release MUST NOT MUST ≠ differs"
    page.locator("#compare-only").uncheck()
    expect(page.locator(".compare-table")).to_contain_text("No rule applies on either side to:")
    page.locator("#compare-b").fill("boston, ma")
    page.locator("#compare-b-list li").first.click()
    expect(page.locator("#compare-title")).to_contain_text("Boston")
    assert "b=us/ma/boston" in page.url


def test_without_scripts_the_map_is_a_picture_with_a_table(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(_address(site, "map/"))
    assert opened.locator("noscript img, .map-figure img").first.is_visible()
    assert not opened.locator("#map-choice").is_visible()
    assert opened.locator("#map-table tbody tr").count() == len({state_of(path) for path in _counties_of(site)})
    opened.goto(_address(site, ""))
    assert opened.locator("#find").is_hidden()
    assert opened.locator(".start-states a").count() == sum(path.count("/") == 1 for path in PLACES)
    context.close()


def _counties_of(site: Path) -> list[str]:
    text = (site / "data" / "counties.js").read_text(encoding="utf-8")
    counties = json.loads(text.partition("=")[2].rstrip(";\n"))["counties"]
    return [f"us/{county[0]}" for county in counties]


def test_pages_are_small_and_painted_soon(site: Path, page: Page) -> None:
    def size(name: str) -> int:
        return len(gzip.compress((site / name).read_bytes(), 9))

    scripts = sum(size(f"static/{name}") for name in ("answers.js", "map.js", "site.css", "map.css", "map-fill.css"))
    assert size("map/index.html") + size("data/answers.js") + scripts < PAGE_MAX
    assert size("data/counties.js") < SHAPES_MAX
    assert size("data/places.js") < PLACES_MAX
    assert (site / "us/fl/bay/index.html").stat().st_size < SHORT_MAX
    page.goto(_address(site, "map/"))
    page.wait_for_function("performance.getEntriesByType('paint').length > 0")
    paint = page.evaluate("performance.getEntriesByType('paint').map(entry => entry.startTime)")
    assert min(paint) < FIRST_PAINT_MAX_MS


def test_a_county_without_law_of_its_own_names_whose_law_applies(same_site: Site, site: Path, page: Page) -> None:
    page.goto(_address(site, "us/fl/bay/"))
    link = page.locator("main .lead a")
    expect(link).to_have_text("Florida")
    answers = _on(same_site.answers("us/fl"), DAY)
    rows = page.locator("main table tbody td").all_inner_texts()
    assert rows == [WORDS[answers.outcome("plain", action)] for action in answers.by_request["plain"]]
    assert page.locator("main a.button").get_attribute("href") == "../ask/index.html#place=us/fl/bay"
    expect(page.locator("main")).to_contain_text("Bay County Sheriff's Office: warrant service officer")
