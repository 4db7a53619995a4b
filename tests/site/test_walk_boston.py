"""docs/walk-boston.md: the same clicks in a browser lead to the pages that it names, and these have the sentences that it quotes."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.house.tree import ROOT

WALK = (ROOT / "docs" / "walk-boston.md").read_text(encoding="utf-8")
STEPS = re.split(r"^## \d+\. .*$", WALK, flags=re.MULTILINE)[1:]
SECONDS_MAX = 10
BOSTON = "us/ma/boston/index.html"


def quoted(step: int) -> list[str]:
    """The sentences of a step in quotation blocks."""
    return [
        re.sub(r"\s+", " ", line.removeprefix("> ")).strip()
        for line in STEPS[step - 1].splitlines()
        if line.startswith("> ")
    ]


def check(page: Page, step: int, path: str, title: str) -> None:
    """The page has the title, the address and every sentence that the step quotes."""
    assert page.title() == f"{title} - comity"
    assert page.url.partition("#")[0].endswith(path)
    assert quoted(step)
    for sentence in quoted(step):
        page.get_by_text(sentence).locator("visible=true").first.wait_for(timeout=SECONDS_MAX * 1000)


def test_the_walk_through_boston(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_role("combobox", name="Find a county, a city or a town").type("Boston")
    page.get_by_role("option", name=re.compile("^Boston.*Massachusetts")).first.click()
    page.wait_for_url(f"**/{BOSTON}")
    check(page, 1, BOSTON, "Boston, Massachusetts")
    first = page.locator(".today .row").first.inner_text()
    assert all(words in first for words in ("MUST NOT", "Boston Mun. Code 11-1.9", "since August 31, 2014"))

    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Since 2007").click()
    check(page, 2, BOSTON, "Boston, Massachusetts")

    page.get_by_role("link", name="Compare August 31, 2014 with today").click()
    page.locator("#compare-summary", has_text="differ").wait_for()
    check(page, 3, "compare/index.html", "Compare")
    robbery = page.locator("#compare-result tbody", has_text="A robbery conviction five years ago").get_by_role("row")
    assert re.split(r"\s*\t\s*", robbery.filter(has_text="Keep in custody").last.inner_text())[1:3] == [
        "MAY",
        "MUST NOT",
    ]

    page.locator("#compare-page-a").click()
    change = page.locator("details.change", has_text="Between August 1, 2014 and August 31, 2014")
    change.locator("summary").first.click()
    change.get_by_role("link", name="Boston Trust Act of 2014").first.click()
    check(page, 4, "law/us/ma/boston/trust-act-2014/index.html", "Boston Trust Act of 2014")

    page.get_by_role("link", name="Boston Trust Act of 2019").first.click()
    check(page, 5, "law/us/ma/boston/trust-act-2019/index.html", "Boston Trust Act of 2019")

    page.get_by_role("link", name="Boston", exact=True).click()
    page.locator("#changes ~ ul").get_by_role("link", name="Lunn v. Commonwealth").first.click()
    check(page, 6, "law/us/ma/lunn-v-commonwealth/index.html", "Lunn v. Commonwealth")
    opinion = page.get_by_role("link", name="477 Mass. 517").first
    assert opinion.get_attribute("href") == "https://www.courtlistener.com/c/Mass./477/517/"

    page.goto((site / BOSTON).as_uri())
    page.get_by_role("link", name="Ask about a person").click()
    page.get_by_label("Day of the decision").fill("2014-09-15")
    page.locator("#card .when", has_text="September 15, 2014").wait_for()
    check(page, 7, "us/ma/boston/ask/index.html", "Boston: ask what the law says of a request")
