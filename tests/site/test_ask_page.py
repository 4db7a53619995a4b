"""The ask page in a real browser: what is typed in is answered as `comity decide` answers it, also from a single file without
a network, by keyboard alone, on earlier days, from a link, and on one sheet of paper.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from comity.decision.card import answers_of
from comity.present.page import Table
from comity.session import open_folders
from comity.site.ask.page import ask_page, parts_of
from comity.site.ask.single_file import BYTES_MAX, single_file
from comity.site.ask.spans import law_to_ask
from comity.site.site import Site
from tests.browser import axe_faults
from tests.commands.running import run
from tests.site.conftest import DAY, PLACES, is_elsewhere

LAW = open_folders(())
FULL = [place for place in PLACES if place not in ("us", "us/fl/bay")]
TODAY = f"#day={DAY}"
PAGE_BYTES_MAX = 250_000


def open_page(page: Page, site: Path, place: str, fragment: str = TODAY) -> None:
    page.goto(f"{(site / place / 'ask' / 'index.html').as_uri()}{fragment}")
    page.locator("#card .answers li").first.wait_for()


def field(page: Page, fact: str) -> Any:
    return page.locator(f'fieldset[data-fact="{fact}"]').first


def shown_answers(page: Page) -> list[list[str]]:
    """The rows of the card: the command, the action and what stands beside it."""
    rows = page.locator("#card .answers li")
    found = []
    for at in range(rows.count()):
        row = rows.nth(at)
        beside = row.locator(".beside")
        found.append(
            [
                row.locator(".answer").inner_text(),
                row.locator("strong").inner_text(),
                beside.inner_text() if beside.count() else "",
            ]
        )
    return found


def decided_answers(page: Page) -> list[list[str]]:
    """The same rows of the decision on the request that the page shows as JSON."""
    decision = LAW.decide(json.loads(page.locator("#request-json").text_content() or ""))
    [table] = [block for block in answers_of(decision, 0) if isinstance(block, Table)]
    return [
        [str(command), f"{str(words)[:1].upper()}{str(words)[1:]}", str(beside)]
        for command, words, beside in table.rows
    ]


def type_request(page: Page) -> None:
    """A detainer with a civil warrant and one conviction, each as far as the form of the page asks about it."""
    page.get_by_label("As a form").check()
    page.get_by_label("Show also what cannot change the answers").check()
    field(page, "request.form").get_by_label("Form I-247A", exact=True).check()
    if field(page, "request.warrants").count():
        field(page, "request.warrants").get_by_label("At least one warrant").check()
        field(page, "kind").locator("select").select_option("i200")
        field(page, "request.warrants").get_by_label("There may be more than are listed here").uncheck()
    if field(page, "convictions").count():
        field(page, "convictions").get_by_label("At least one conviction").check()
        field(page, "offense").locator("select").select_option("robbery")
    if field(page, "subject.citizenship").count():
        field(page, "subject.citizenship").get_by_label("None", exact=True).check()


@pytest.mark.parametrize("place", FULL)
def test_a_typed_request_is_answered_as_decide_answers_it(place: str, site: Path, page: Page) -> None:
    open_page(page, site, place)
    assert shown_answers(page) == decided_answers(page)
    type_request(page)
    request = json.loads(page.locator("#request-json").text_content() or "")
    assert request["place"] == place and request["request"]["form"] == "i247a"
    assert shown_answers(page) == decided_answers(page)


def test_one_question_after_another_until_nothing_is_left(site: Path, page: Page) -> None:
    open_page(page, site, "us/ca/los-angeles-city")
    asked = []
    while page.locator("#question-buttons").is_visible():
        asked.append(page.locator("#fields > fieldset:visible > legend").inner_text())
        page.locator("#skip").click()
        assert page.evaluate("document.activeElement.tagName") in ("LEGEND", "P")
    assert asked[0] == "Which form did the officer send?" and len(asked) == len({*asked}) > 3
    assert page.locator("#nothing-left").is_visible() and page.locator("#so-far-list .row").count() == len(asked)


def test_by_keyboard_alone(site: Path, page: Page) -> None:
    open_page(page, site, "us/ca/los-angeles")
    page.locator("#day").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#fields') !== null"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#so-far-list dd").first.inner_text() == "Form I-247A"
    assert page.locator("#fields > fieldset:visible > legend").inner_text() != "Which form did the officer send?"
    assert shown_answers(page) == decided_answers(page)


def test_a_record_is_added_and_removed(site: Path, page: Page) -> None:
    open_page(page, site, "us/ca/los-angeles")
    page.get_by_label("As a form").check()
    convictions = field(page, "convictions")
    convictions.get_by_label("At least one conviction").check()
    convictions.get_by_role("button", name="Add another conviction").click()
    assert convictions.locator(".record").count() == 2
    convictions.locator(".record").nth(1).locator("select").first.select_option("theft")
    convictions.get_by_role("button", name="Remove Conviction 1").click()
    request = json.loads(page.locator("#request-json").text_content() or "")
    assert request["convictions"] == {"partial": [{"offense": "theft"}]}
    assert shown_answers(page) == decided_answers(page)


def test_a_time_that_came_twice_is_asked_about(site: Path, page: Page) -> None:
    known = '{"request.form":"i247a","subject.citizenship":"none_claimed","request.warrants":{"partial":[]}}'
    open_page(page, site, "us/fl/miami-dade", f"{TODAY}&facts={known}")
    page.get_by_label("As a form").check()
    page.get_by_label("Show also what cannot change the answers").check()
    release = field(page, "custody.release_eligible_at")
    release.locator("input[type=date]").fill("2026-11-01")
    request = json.loads(page.locator("#request-json").text_content() or "")
    assert request["custody"] == {"release_eligible_on": "2026-11-01"}
    release.locator("input[type=time]").fill("01:30")
    release.get_by_label("the second time").check()
    request = json.loads(page.locator("#request-json").text_content() or "")
    assert request["custody"] == {"release_eligible_at": "2026-11-01T01:30:00-05:00"}
    assert "Tuesday 2026-11-03, 01:30 local time" in page.locator("#readings").inner_text()


def test_the_law_of_an_earlier_day_is_loaded_when_it_is_chosen(site: Path, page: Page) -> None:
    open_page(page, site, "us/fl/miami-dade")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert not [name for name in loaded if name.endswith("earlier.js")]
    page.locator("#day").fill("2014-02-01")
    page.locator("#day").dispatch_event("change")
    page.get_by_text("letter of Director Ryan, 2014-01-07").first.wait_for()
    assert page.get_by_label("Form I-247A").count() == 0  # it was not in use
    assert shown_answers(page) == decided_answers(page)


def test_a_link_restores_what_was_entered(site: Path, page: Page) -> None:
    facts = '{"request.form":"i247a","convictions":[{"offense":"robbery"}]}'
    open_page(page, site, "us/fl", f"#day=2017-03-01&place=us/fl/bay&agency=sheriff&facts={facts}")
    assert page.locator("#place").input_value() == "us/fl/bay" and page.locator("#agency").input_value() == "sheriff"
    assert page.locator("#card-title").inner_text() == "Bay County, Florida"
    request = json.loads(page.locator("#request-json").text_content() or "")
    assert request["at"] == "2017-03-01T12:00:00-06:00" and request["convictions"] == [{"offense": "robbery"}]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#copy-link").click()
    page.locator("#copied").filter(has_text=re.compile(".")).wait_for()
    box = page.locator("#copy-box")
    copied = box.input_value() if box.is_visible() else page.evaluate("navigator.clipboard.readText()")
    before = shown_answers(page)
    page.goto("about:blank")
    page.goto(copied)
    page.locator("#card .answers li").first.wait_for()
    assert shown_answers(page) == before and page.locator("#place").input_value() == "us/fl/bay"


def test_a_link_to_a_part_of_the_page_keeps_what_was_entered(site: Path, page: Page) -> None:
    open_page(page, site, "us/fl/miami-dade")
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_label("Form I-247A", exact=True).check()
    page.locator("#strip").click()
    page.wait_for_function("location.hash === '#card-title'")
    assert json.loads(page.locator("#request-json").text_content() or "")["request"] == {"form": "i247a"}


def test_no_answer_stays_in_view_for_a_day_that_is_not_answered(site: Path, page: Page) -> None:
    open_page(page, site, "us/fl/miami-dade")
    page.locator("#day").fill("1999-01-01")
    page.locator("#day").dispatch_event("change")
    assert "from 2007-01-01" in page.locator("#refused").inner_text() and not page.locator("#card").is_visible()
    page.locator("#day").fill("2026-10-01")
    page.locator("#day").dispatch_event("change")
    assert page.locator("#card").is_visible() and not page.locator("#refused").is_visible()
    assert shown_answers(page) == decided_answers(page)


def test_a_hostile_link_is_refused_and_shown_as_text(site: Path, page: Page) -> None:
    open_page(page, site, "us/fl/miami-dade", '#facts={"request.form":"<img src=x onerror=alert(1)>"}')
    assert "<img src=x onerror=alert(1)>" in page.locator("#refused").inner_text()
    assert json.loads(page.locator("#request-json").text_content() or "").keys() == {"place", "at"}
    page.evaluate("location.hash = '#day=2026-11-01'")
    page.locator("#refused").wait_for(state="hidden")


def test_the_card_prints_on_one_sheet(site: Path, page: Page) -> None:
    facts = '{"request.form":"i247a","convictions":{"partial":[{"offense":"robbery"}]}}'
    open_page(page, site, "us/ca/los-angeles-city", f"{TODAY}&facts={facts}")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter"))) == 1
    page.emulate_media(media="print")
    assert page.locator("#card-title").is_visible() and not page.locator("#fields").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_form_that_is_filled_in(scheme: str, site: Path, page: Page) -> None:
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    open_page(page, site, "us/ca/los-angeles-city")
    type_request(page)
    for summary in page.locator("#why > details > summary").all():
        summary.click()
    assert_accessible(page)


def assert_accessible(page: Page) -> None:
    """Axe finds nothing, wide and narrow, and nothing is wider than the page."""
    for width, height in ((1280, 900), (320, 700)):
        page.set_viewport_size({"width": width, "height": height})
        assert axe_faults(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/fl/bay"])
def test_a_single_file_needs_no_network(place: str, tmp_path: Path, browser: Browser) -> None:
    found = single_file(Site(LAW, DAY, (place,), alone=True), place, "comity site")
    assert len(found.html) < BYTES_MAX and found.first == date(2007, 1, 1)
    target = tmp_path / "a jail.html"
    target.write_bytes(found.html)
    context = browser.new_context(offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if is_elsewhere(request.url) else None)
    page.goto(f"{target.as_uri()}{TODAY}")
    page.locator("#card .answers li").first.wait_for()
    type_request(page)
    assert shown_answers(page) == decided_answers(page)
    page.goto(f"{target.as_uri()}#day=2010-06-01")
    page.locator("#card .when").filter(has_text="2010").wait_for()
    assert shown_answers(page) == decided_answers(page)
    assert axe_faults(page) == ""
    context.close()
    assert not faults


def test_a_single_file_leaves_out_earlier_law_that_does_not_fit() -> None:
    site = Site(LAW, DAY, ("us/fl/miami-dade",), alone=True)
    whole = single_file(site, "us/fl/miami-dade", "comity site")
    less = single_file(site, "us/fl/miami-dade", "comity site", len(whole.html) - 8_000)
    assert whole.first < less.first <= DAY and len(less.html) < len(whole.html)


def test_the_law_of_a_day_is_small(site: Path) -> None:
    """What a page with the law of its day loads, as a server sends it: with gzip."""
    import gzip  # noqa: PLC0415

    folder = site / "us/ca/los-angeles-city/ask"
    page = ask_page(Site(LAW, DAY), "us/ca/los-angeles-city")
    files = [folder / "index.html", folder / "law.js", site / "static/site.css", site / "static/ask/ask.css"]
    files += [site / "static" / name for name in page.scripts] + [site / "static/ask/vocabulary-en.js"]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < PAGE_BYTES_MAX


def test_the_parts_of_the_law_are_all_of_it() -> None:
    site, place = Site(LAW, DAY), "us/fl/miami-dade"
    law = law_to_ask(LAW.library, place, DAY)
    now, rest = parts_of(law, site)
    assert len(now["spans"]) + len(rest["spans"]) == len(law.spans) and rest["from"] == len(now["pool"])
    assert {*now["documents"], *rest["documents"]} == {span.document for span in law.spans}
    assert all(since <= DAY.isoformat() < until for since, until, *_ in now["spans"])


def test_the_command_writes_a_single_file_of_one_place(tmp_path: Path) -> None:
    target = tmp_path / "jail.html"
    done = run(f"site --place us/ia --on {DAY} --single-file {target} --json")
    said = json.loads(done.stdout)
    assert said == {"file": str(target), "bytes": target.stat().st_size, "first": "2007-01-01", "last": "2027-11-01"}
    assert b"comity site --on 2026-11-01 --place us/ia --single-file jail.html" in target.read_bytes()
    refused = run(f"site --single-file {target}")
    assert refused.exit_code and "[one-place]" in refused.stderr
