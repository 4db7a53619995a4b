"""Each page of an error in a real browser: it says what happened and what to do next, axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from playwright.sync_api import Page, expect

from comity.desk.roles import Role
from comity.finding import Finding, Place, phrase
from tests.browser import axe_faults
from tests.desk.web.test_in_browser import NARROW, WIDE

Pages = Callable[[Role], Page]
OFFICER = Role.BOOKING_OFFICER
SHOTS = os.environ.get("COMITY_SHOTS", "")  # a folder for pictures of the pages that are looked at here


def look(page: Page, name: str, heading: str, *sentences: str) -> None:
    """The page has its heading, its sentences and a way on; axe finds nothing, and it does not scroll sideways."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for words in sentences:
        expect(page.locator("main")).to_contain_text(words)
    assert page.locator("main a.button, main button").count() >= 1, name
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # the library's own name for a size is private
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{size['width']}.png", full_page=True)
    found = axe_faults(page)
    assert not found, f"{name}: {found}"


def test_what_fails_in_the_desk_says_what_to_do(page_of: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.desk import queries

    page = page_of(OFFICER)
    for name, fault, status, heading, words in (
        ("400", BadRequest("x"), 400, "Not understood", "Go back, and fill the form in again."),
        ("403", PermissionDenied(), 403, "Not allowed", "Ask a supervisor"),
        ("413", RequestDataTooBig("x"), 413, "Too large", "Send one detainer at a time"),
        ("refused", refused(), 409, "Not shown", "Do this and that."),
        ("500", ZeroDivisionError(), 500, "The desk failed", "release on paper"),
        ("locked-database", OperationalError("database is locked"), 503, "The record does not answer", "Wait a minute"),
        ("no-answer", TimeoutError(), 503, "The record does not answer", "Wait a minute"),
    ):
        monkeypatch.setattr(queries, "live_cases", raising(fault))
        response = page.goto("/")
        assert response is not None and response.status == status, name
        if name != "no-answer":
            look(page, name, heading, words)


def refused() -> Exception:
    from comity.desk.ledger import Refused

    return Refused(Finding("not-now", Place("x"), phrase("something is missing"), phrase("do this and that")))


def raising(fault: Exception) -> Callable[..., Any]:
    def fail(**_: object) -> None:
        raise fault

    return fail


def test_what_a_browser_sends_wrong_says_what_to_do(page_of: Pages, cases: dict[str, str]) -> None:
    page = page_of(OFFICER)
    response = page.goto("/log-in/banner")
    assert response is not None and response.status == 405
    look(page, "405", "Nothing to show here", "Open the page with the form")
    page.goto("/find")
    page.evaluate(
        "for (const each of document.querySelectorAll('[name=csrfmiddlewaretoken]')) each.value = 'x'.repeat(64)"
    )
    page.fill("#text", "Subject 0017")
    page.keyboard.press("Enter")
    look(page, "csrf", "Send it again", "Open the page again")
    page.goto(f"/cases/{cases['open']}")
    page.evaluate("document.querySelector('[name=law]').value = 'another'")
    page.locator("form[action$='/decide'] button").click()
    look(page, "law-changed", "Not done", "changed while this page was open. Look at the answer again")
    expect(page.get_by_role("link", name="Back to the case")).to_be_visible()


def test_who_is_not_logged_in_any_more_is_told_what_became_of_a_form(page_of: Pages) -> None:
    page = page_of(OFFICER)
    page.goto("/receive")
    page.context.clear_cookies()
    page.get_by_role("button", name="Record it").first.click()
    look(page, "unsent", "Before you log in", "What you sent last was not recorded")
    page.goto("/log-in?ended=1&unsent=1")
    look(page, "idle", "Before you log in", "The session ended, because nothing was done for fifteen minutes.")
    page.get_by_role("button", name="I accept").click()
    page.goto("/log-in?refused=1")
    look(page, "lock-out", "Log in", "until an administrator releases it")


def test_a_page_of_an_error_needs_no_account(served: None) -> None:
    """Before an account is known, and where the database is gone."""
    from django.test import Client

    shown = Client(HTTP_HOST="elsewhere.example").get("/")
    assert shown.status_code == 400 and "address that the administrator gave" in shown.content.decode()
