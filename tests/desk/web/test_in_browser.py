"""The pages of the desk in a real browser: no fault that axe finds, no sideways scroll, all by keyboard; and their pictures."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from comity.desk.roles import Role
from tests.browser import axe_faults
from tests.desk.conftest import ROOT
from tests.desk.web.officer_path import OTHERS_MAX, SECONDS_MAX, walk

Pages = Callable[[Role], Page]
OFFICER, AUDITOR = Role.BOOKING_OFFICER, Role.AUDITOR
NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1100, "height": 900}
COLOURS = 48
CONTRAST = ("color-contrast",)  # of a dark page, which is otherwise the same
PICTURES = ROOT / "docs" / "pictures"
STATES = ("overdue", "held", "decided", "claimed", "proven", "released", "open")
OF_OFFICER = (
    "/", "/receive", "/find", "/law", "/nothing-here", "/cases/AAAAAAAA", "/counts",
    *(f"/cases/{{{state}}}" for state in STATES), "/receive?case={decided}",
    "/cases/{held}/correct?fact=request.warrants", "/cases/{held}/correct?fact=request.basis",
)  # fmt: skip
OF_AUDITOR = (
    "/", "/record", "/record?kind=viewed&account=u1", "/counts", "/counts?period=x", "/costs", "/costs?period=1999-01",
    "/replay", "/replay?law=us/ca/los-angeles@2026-11-01", "/replay?law=us/nowhere@2026-11-01", "/law/changes",
    "/law?full=1", "/cases/{overdue}",
)  # fmt: skip


def check(page: Page, what: str) -> None:
    """Axe finds nothing on a page as it is, wide, narrow and dark, and it does not scroll sideways."""
    for size, scheme in ((WIDE, "light"), (NARROW, "light"), (WIDE, "dark")):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size(size)  # type: ignore[arg-type]  # the library's own name for a size is private
        found = axe_faults(page, CONTRAST if scheme == "dark" else ())
        assert not found, f"{what} at {size['width']}, {scheme}: {found}"
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], what
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(
    ("role", "path"), [(OFFICER, each) for each in OF_OFFICER] + [(AUDITOR, each) for each in OF_AUDITOR]
)
def test_axe_finds_nothing(role: Role, path: str, page_of: Pages, cases: dict[str, str]) -> None:
    page = page_of(role)
    page.goto(path.format(**cases))
    check(page, path)


def test_axe_finds_nothing_after_forms(page_of: Pages, cases: dict[str, str]) -> None:
    page = page_of(OFFICER)
    page.goto("/find")
    page.fill("#text", "Nobody at all")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("No case has this whole name")
    check(page, "nobody found")
    page.fill("#text", "subject 0032")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=cases["held"])).to_be_visible()
    check(page, "a person found")
    page.goto(f"/cases/{cases['proven']}")
    page.get_by_role("button", name="Begin the hold").click()
    expect(page.get_by_role("heading", name="Not done")).to_be_visible()
    expect(page.get_by_role("link", name="Back to the case")).to_have_attribute("href", f"/cases/{cases['proven']}")
    check(page, "a deed refused")


def test_axe_finds_nothing_on_any_page_that_has_an_address_of_its_own(page_of: Pages) -> None:
    """All addresses that need nothing beside them, so that a new page is looked at without being named here."""
    from django.urls import get_resolver

    looked_at = set[str]()
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        page = page_of(role)
        for path in sorted(routes(get_resolver().url_patterns)):
            if path.startswith(("static/", "api", "log-out", "health")) or path.endswith(".csv") or path in looked_at:
                continue
            response = page.request.get(f"/{path}")
            if response.ok and response.headers["content-type"].startswith("text/html"):
                page.goto(f"/{path}")
                check(page, f"/{path} of a {role}")
                looked_at.add(path)
    assert len(looked_at) > 8


def routes(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
    """The addresses of patterns that take no argument."""
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        elif "<" not in route and "(" not in route:
            yield route


def test_a_row_of_a_list_is_settled(page_of: Pages, cases: dict[str, str]) -> None:
    page = page_of(Role.SUPERVISOR)
    page.goto(f"/reconcile/{cases['list']}")
    settling = page.locator("#c-theirs_only + div details").first
    settling.locator("summary").click()
    check(page, "a row to settle")
    settling.get_by_label("Conclusion").select_option("another_station")
    settling.get_by_label("Reason, naming nobody").fill("The fax went to the airport station")
    settling.get_by_role("button", name="Settle it").click()
    expect(page.get_by_role("status")).to_have_text("The row is settled.")
    expect(page.get_by_text("The fax went to the airport station")).to_be_visible()


def test_an_override_is_asked_by_one_person_and_confirmed_by_another(page_of: Pages, cases: dict[str, str]) -> None:
    page = page_of(OFFICER)
    page.goto(f"/cases/{cases['proven']}")
    page.get_by_text("Ask for an override").click()
    page.locator("#o-reason").fill("The proof is doubted")
    check(page, "an override to ask for")
    page.get_by_role("button", name="Ask for the override").click()
    page = page_of(Role.SUPERVISOR)
    page.goto(f"/cases/{cases['proven']}")
    expect(page.get_by_role("heading", name="Override 1")).to_be_visible()
    check(page, "an override to confirm")
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("heading", name="Override 1")).to_be_visible()  # its reason is missing
    page.get_by_label("Reason", exact=True).and_(page.locator("[id^=s-reason]")).fill("The proof is sound")
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("Override settled")).to_be_visible()


def test_a_fault_of_the_desk_says_what_to_do(page_of: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.desk import queries

    page = page_of(OFFICER)
    monkeypatch.setattr(queries, "live_cases", lambda **_: 1 / 0)
    response = page.goto("/")
    assert response is not None and response.status == 500
    expect(page.get_by_role("heading", name="The desk failed")).to_be_visible()
    check(page, "a fault")


def test_from_receipt_to_decision_by_keyboard(page_of: Pages) -> None:
    """A booking officer's path. One key to the next field belongs to a fact, as its own keys do; all others are counted."""
    page = page_of(OFFICER)
    keys = walk(page, 99, filled_in=lambda: picture(page, "receive"))
    expect(page.locator(".answers li").first).to_contain_text("MUST")
    assert (keys.of_facts, keys.fields, keys.to_next) == (68, 12, 11)  # as docs/desk.md says
    assert keys.others <= 9 < OTHERS_MAX, keys.others
    assert keys.seconds < SECONDS_MAX, keys.seconds


def test_the_board_renews_itself_and_keeps_the_focus(page_of: Pages, cases: dict[str, str]) -> None:
    page = page_of(OFFICER)
    page.goto("/")
    link = page.locator(f"#case-{cases['held']}")
    link.focus()
    page.evaluate("document.getElementById('board').dataset.old = 'yes'; document.querySelector('.tallies').remove()")
    page.evaluate("renew('board')")
    expect(page.locator(".tallies")).to_be_visible()
    expect(page.locator(f"#case-{cases['held']}")).to_be_focused()
    page.context.clear_cookies()
    page.evaluate("renew('board')")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_citizen_is_said_before_anything_is_recorded(page_of: Pages) -> None:
    page = page_of(OFFICER)
    page.goto("/receive")
    expect(page.get_by_text("Stop: a citizen and a detainer.")).to_be_hidden()
    page.get_by_label("United States citizenship proven").check()
    expect(page.get_by_text("Stop: a citizen and a detainer.")).to_be_visible()
    check(page, "a citizen")


@pytest.mark.parametrize(
    ("name", "role", "path"),
    [
        ("board", OFFICER, "/"), ("contradiction", OFFICER, "/cases/{claimed}"), ("decide", OFFICER, "/cases/{open}"),
        ("hold", OFFICER, "/cases/{held}"), ("overdue", OFFICER, "/cases/{overdue}"), ("released", OFFICER, "/cases/{released}"),
        ("record", AUDITOR, "/record"), ("costs", AUDITOR, "/costs"),
        ("replay", AUDITOR, "/replay?law=us/ca/los-angeles@2026-11-01"), ("reconciled", Role.SUPERVISOR, "/reconcile/{list}"),
    ],
)  # fmt: skip
def test_pictures(name: str, role: Role, path: str, page_of: Pages, cases: dict[str, str]) -> None:
    page = page_of(role)
    page.goto(path.format(**cases))
    expect(page.locator("h1")).to_be_visible()
    picture(page, name)


def picture(page: Page, name: str) -> None:
    """Takes the picture of a page that the docs show; it is written, in few colours, where COMITY_ACCEPT is set."""
    page.evaluate("scrollTo(0, 0)")
    if folder := os.environ.get("COMITY_SHOTS"):  # the page whole, wide and narrow, to be looked at
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # the library's own name for a size is private
            page.screenshot(path=f"{folder}/desk-{name}-{size['width']}.png", full_page=True)
    taken = page.screenshot(clip={"x": 0, "y": 0, "width": 1100, "height": 900}, type="png")
    with Image.open(io.BytesIO(taken)) as image:
        assert image.size == (1100, 900)
        if os.environ.get("COMITY_ACCEPT"):
            image.convert("RGB").quantize(COLOURS).save(PICTURES / f"desk-{name}.png", optimize=True)
