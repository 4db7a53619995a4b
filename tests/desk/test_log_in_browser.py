"""The log-in in a real browser: by keyboard from the banner to the board, nothing for axe to find, and the warning before an idle end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from playwright.sync_api import expect

from comity.desk.roles import Role
from comity.web.demo import PASSWORD, code_at
from tests.browser import axe_faults
from tests.desk.log_in import new_account

WIDTHS = (1100, 320)


class Silent(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, format: str, *arguments: Any) -> None:
        return None


@contextmanager
def served_page(browser: Any, host: str) -> Iterator[Any]:
    """A page at a server of this desk; a fault of a script, or what the content policy blocks, is a failure."""
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application

    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    context = browser.new_context(base_url=f"http://{host}:{server.server_port}")
    context.set_default_timeout(8_000)
    opened, faults = context.new_page(), []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
    try:
        yield opened
    finally:
        context.close()
        server.shutdown()
        server.server_close()
        thread.join()
    assert not faults


@pytest.fixture
def page(browser: Any, served: Any) -> Iterator[Any]:
    with served_page(browser, "127.0.0.1") as opened:
        yield opened


def looked_at(page: Any, title: str) -> None:
    """Axe finds nothing on the page as it is, wide and narrow, and it does not scroll sideways."""
    expect(page).to_have_title(f"{title} - Detainer desk")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not axe_faults(page), (title, width, axe_faults(page))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (title, width)
        if folder := os.environ.get("COMITY_SHOTS"):  # to be looked at
            page.screenshot(path=f"{folder}/{title}-{width}.png", full_page=True)


def typed(page: Any, *texts: str) -> None:
    """Types into the field that has the focus and those after it, then sends the form: by keyboard alone."""
    page.wait_for_function(
        "document.activeElement !== document.body"
    )  # the browser sets the focus after the page is there
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_the_banner_to_the_accounts_by_keyboard(page: Any) -> None:
    new_account("new-administrator", Role.ADMINISTRATOR, secret="")
    page.goto("/")
    looked_at(page, "Before you log in")
    typed(page)
    looked_at(page, "Log in")
    typed(page, "new-administrator", "wrong")
    looked_at(page, "Log in")
    typed(page, "new-administrator", PASSWORD)
    looked_at(page, "Set up your second factor")
    page.click("text=Use an authenticator app")
    looked_at(page, "Set up an authenticator app")
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 0
    typed(page, "000000")
    looked_at(page, "Set up an authenticator app")
    secret = page.text_content("code.secret")
    typed(page, code_at(time.time(), secret))
    looked_at(page, "Recovery codes")
    page.click("text=Go on")
    looked_at(page, "Accounts")
    with page.expect_navigation():
        page.click("text=Log out")
    typed(page)
    typed(page, "new-administrator", PASSWORD)
    looked_at(page, "Second factor")
    typed(page, "000000")
    looked_at(page, "Second factor")


def test_a_warning_comes_before_an_idle_session_ends_and_extends_it(page: Any) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    new_account("reader", Role.AUDITOR)
    page.goto("/")
    typed(page)
    typed(page, "reader", PASSWORD)
    typed(page, code_at(time.time()))

    def idle(seconds: float) -> None:
        """As if nothing had been done for so long, when the page asks next."""
        key = next(each["value"] for each in page.context.cookies() if each["name"] == "sessionid")
        session = SessionStore(key)
        session["active_at"] = time.time() - seconds
        session.save()
        page.evaluate("check()")

    assert not page.is_visible("#idle")
    idle(700)
    assert not page.is_visible("#idle")
    idle(800)
    assert page.is_visible("#idle") and page.evaluate("document.activeElement.textContent") == "Stay logged in"
    assert axe_faults(page) == ""
    page.keyboard.press("Enter")
    page.wait_for_selector("#idle", state="hidden")
    assert page.evaluate("fetch('/stay').then((answer) => answer.json())")["seconds"] > 890
    idle(901)
    page.wait_for_url("**/log-in?ended=1&next=*")
    assert "nothing was done for fifteen minutes" in page.text_content("main")
