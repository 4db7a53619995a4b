"""The page of a place says what the program says: the same answers, changes, definitions and agreements."""

from __future__ import annotations

import gzip
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from comity.api import load
from comity.decision.card import COMMANDS
from comity.decision.words import describe_action
from comity.law.instrument import ACTIONS
from comity.session import Law
from comity.site.build_site import SiteOptions, renderer_of
from comity.site.place.beside import agreements_of, definitions_of, money_of
from comity.site.place.changes import Change, changes_around, changes_at
from comity.site.place.drawing import WIDTH, draw
from comity.site.place.timeline import Bar, Timeline, timeline_of
from comity.site.place.today import actions_today
from comity.site.place_page import place_pages
from comity.site.site import Site
from comity.site.standard_requests import form_of_day, standard_requests
from tests.site.conftest import DAY, PLACES

LAW = Law(load())
SITE = Site(LAW, DAY, PLACES)
SHOWN = ("us/fl/miami-dade", "us/ca/los-angeles-city", "us/ma/boston", "us/tx", "us")
BYTES_MAX = 100_000


def request_at(place: str, day: date, number: int = 0) -> dict[str, object]:
    zone = LAW.library.gazetteer.places[place].zone
    return standard_requests()[number].at(place, day, zone, form_of_day(LAW.library, day))


@pytest.mark.parametrize("place", SHOWN)
def test_the_answers_of_today_are_those_of_decide(place: str, site: Path, page: Page) -> None:
    page.goto((site / place / "index.html").as_uri())
    rows = page.locator(".today .row").all()
    shown = {row.locator(".act").inner_text(): row.locator(".answer").inner_text() for row in rows}
    decision = LAW.decide(request_at(place, DAY))
    assert {describe_action(action) for action in ACTIONS} <= {*shown}
    for action, answer in decision.actions.items():
        words = describe_action(action)
        assert shown.get(words, COMMANDS[answer.outcome]) == COMMANDS[answer.outcome]


@pytest.mark.parametrize("place", SHOWN)
def test_the_table_of_requests_has_the_outcomes_of_each(place: str, site: Path, page: Page) -> None:
    page.goto((site / place / "index.html").as_uri())
    rows = page.locator(".requests tbody tr").all()
    assert len(rows) == len(standard_requests())
    for number, row in enumerate(rows):
        possible = LAW.outcomes(request_at(place, DAY, number))
        words = [COMMANDS[possible[action][0] if len(possible[action]) == 1 else "undetermined"] for action in ACTIONS]
        assert row.locator(".answer").all_inner_texts() == words


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ca/los-angeles-city", "us/il/cook", "us/tx"])
def test_the_timeline_has_the_outcome_of_each_span(place: str) -> None:
    timeline = timeline_of(SITE, place)
    for band in timeline.bands:
        assert band.spans[0].since == timeline.first and band.spans[-1].until == timeline.end == DAY + timedelta(1)
        for before, after in zip(band.spans, band.spans[1:], strict=False):
            assert before.until == after.since and before.answer != after.answer
        for span in band.spans:
            for day in (span.since, span.until - timedelta(1)):
                possible = LAW.outcomes(request_at(place, day))[band.action]
                assert span.answer.key == (possible[0] if len(possible) == 1 else "undetermined"), (band.action, day)


@pytest.mark.parametrize("place", SHOWN)
def test_the_picture_and_the_table_show_the_same(place: str, site: Path, page: Page) -> None:
    timeline = timeline_of(SITE, place)
    page.goto((site / place / "index.html").as_uri())
    assert page.locator(".answers-by-day tbody tr").count() == len(timeline.rows)
    drawn = page.locator(".timeline .box").count()
    boxes = [box for line in (*draw(timeline).bands, *draw(timeline).bars) for box in line.boxes]
    assert drawn == len(boxes)
    assert all(0 <= box.x and box.x + box.width <= WIDTH + 2 for box in boxes)
    assert {bar.title for bar in bars_of(timeline)} <= {*page.locator(".timeline .bar-name").all_text_contents()}


def bars_of(timeline: Timeline) -> list[Bar]:
    return [bar for level in timeline.levels for bar in level.bars]


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ca/los-angeles", "us/tx"])
def test_each_change_is_what_diff_finds(place: str) -> None:
    changes = changes_at(SITE, place)
    assert changes
    for change in changes:
        diff = LAW.diff(f"{place}@{change.before}", f"{place}@{change.after}")
        asked = [found for found in diff.classes if found.asked] or list(diff.classes)
        assert change.equivalent == diff.equivalent
        assert [(found.words, found.before.key, found.after.key) for found in change.classes] == [
            (describe_action(found.action), found.from_, found.to) for found in asked
        ]
        assert sum(map(len, (change.classes,))) + change.unasked == len(diff.classes)


def test_the_memo_of_2017_is_told_with_its_example(site: Path, page: Page) -> None:
    page.goto((site / "us/fl/miami-dade/index.html").as_uri())
    change = page.locator(".change:has(#change-2017-01-26)")
    change.locator("summary").first.click()
    assert "Mayor's memo of 2017-01-26 takes effect" in change.inner_text()
    hold = change.locator(".treated", has_text="Keep in custody past release").filter(has_text="MUST NOT").first
    assert hold.locator(".turn .answer").all_inner_texts() == ["MUST NOT", "MUST"]
    assert "no written federal agreement to pay all costs covers this request" in hold.locator(".example").inner_text()


def test_a_change_of_an_uncertain_day_is_told_once() -> None:
    change: Change = changes_at(SITE, "us/ca/los-angeles")[1]
    assert (change.before, change.after) == (date(2020, 4, 23), date(2020, 8, 3))
    assert [found.day.certain for found in change.happened] == [False]


def test_a_change_by_the_law_of_the_state_leads_to_its_page(site: Path, page: Page) -> None:
    around = changes_around(SITE, "us/ca/los-angeles")
    assert (date(2018, 1, 4), "us/ca") in [(change.since, change.place) for change in around]
    page.goto((site / "us/ca/los-angeles/index.html").as_uri())
    page.locator("li", has_text="January 4, 2018").get_by_role("link", name="What changed").click()
    assert page.url.endswith("us/ca/index.html#change-2018-01-04")
    page.locator("#change-2018-01-04").wait_for(state="visible")
    assert page.locator(".change:has(#change-2018-01-04) .treated").first.is_visible()


def test_an_answer_that_changed_by_a_day_nobody_knows_says_so() -> None:
    around = changes_around(SITE, "us/fl/miami-dade")
    assert [(change.since, change.place) for change in around] == [(date(2012, 12, 31), "us/fl/miami-dade")]


@pytest.mark.parametrize("place", ["us/ma/boston", "us/fl/miami-dade"])
def test_definitions_and_conditions_are_those_of_the_program(place: str) -> None:
    classified = LAW.classify(place, on=DAY)
    shown = {found.title: found.meets for found in definitions_of(SITE, place)}
    words = {True: "met", False: "not met", "unknown": "not known"}
    assert shown == {answer.title: words[answer.meets] for answer in classified.definitions.values()}
    funding = LAW.funding(place, on=DAY)
    assert [found.title for found in money_of(SITE, place).conditions] == [
        view.title for view in funding.conditions.values()
    ]


def test_agreements_are_those_listed() -> None:
    listed = LAW.library.agreements.listed["us/fl/miami-dade"]
    assert {(found.agency, found.model.replace(" ", "_")) for found in agreements_of(SITE, "us/fl/miami-dade")} == {
        (row.agency, row.model) for row in listed
    }


def test_a_page_is_small(site: Path) -> None:
    sizes = {
        place: len(gzip.compress((site / place / "index.html").read_bytes(), 9))
        for place in PLACES
        if SITE.is_full(place)
    }
    assert sizes and max(sizes.values()) < BYTES_MAX


def test_a_page_in_another_language_marks_the_law_as_english(site: Path) -> None:
    page = (site / "es" / "us/fl/miami-dade" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<li class="effect[^>]* lang="en"', page) and '<html lang="es">' in page


def test_each_anchor_on_a_page_is_there(site: Path) -> None:
    for place in SHOWN:
        page = (site / place / "index.html").read_text(encoding="utf-8")
        anchors = {*re.findall(r'href="#([^"]+)"', page)}
        assert anchors and anchors <= {*re.findall(r' id="([^"]+)"', page)}


def test_a_change_names_what_the_state_changed_on_the_same_day() -> None:
    change = next(found for found in changes_at(SITE, "us/fl/miami-dade") if found.since == date(2019, 7, 1))
    assert ("us/fl/ch908-2019", "takes effect") in [(event.instrument, event.what) for event in change.happened]


def test_a_state_without_law_of_its_own_says_that_federal_law_applies() -> None:
    site = Site(LAW, DAY, ("us/ky",), alone=True)
    renderer = renderer_of(site, SiteOptions(out=Path("out"), on=DAY, places=site.wanted, alone=True))
    (page,) = place_pages(site, "us/ky")
    html = renderer.html(page, "en")
    assert "No law of Kentucky itself is encoded here. Federal law applies." in html
    assert 'href="../../law/' not in html and ">Ask about a person</a>" in html


def test_an_open_answer_names_what_to_find_out_first() -> None:
    hold = next(found for found in actions_today(SITE, "us/ma/suffolk") if found.action == "hold")
    answer = LAW.decide(request_at("us/ma/suffolk", DAY)).actions["hold"]
    assert hold.answer.word == "DEPENDS"
    assert [found.key for found in hold.possible] == [*answer.possible]
    assert hold.question == answer.missing[0].question


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ca/los-angeles-city", "us/tx"])
def test_an_answer_has_been_the_same_since_its_day(place: str) -> None:
    dated = [found for found in actions_today(SITE, place) if found.since]
    assert dated
    for found in dated:
        since = date.fromisoformat(found.since)
        before, then, today = (possible_on(place, day, found.action) for day in (since - timedelta(1), since, DAY))
        assert before != then == today


def possible_on(place: str, day: date, action: str) -> tuple[str, ...]:
    return LAW.outcomes(request_at(place, day)).get(action, ("unaddressed",))
