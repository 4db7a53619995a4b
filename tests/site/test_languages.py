"""The pages in Spanish and Haitian Creole, in a browser: what says their language, no English left, and no sideways scroll."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from comity.site.words import NAMES, translate

PATHS = (
    *("", "map/", "compare/", "about/", "us/fl/bay/", "us/fl/miami-dade/", "us/ca/los-angeles-city/"),
    *("us/ny/new-york-city/ask/", "us/fl/ask/"),
)
PHONE = 320  # units of CSS
OTHERS = tuple(code for code in NAMES if code != "en")
# Texts in a language that is not English with a word that only English has; names of places have none of these.
ENGLISH_LEFT = r"""() => {
  const isEnglish = (text) => /\b(the|is|are|was|and|which|with|not|from|this|that|has)\b/i.test(text);
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const {parentElement: element, textContent: text} = walker.currentNode;
    if (element.closest("script, noscript, code, pre")) continue;
    if (element.closest("[lang]").getAttribute("lang") !== "en" && isEnglish(text.replaceAll(/"[^"]*"/g, ""))) found.push(text.trim());
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [alt]")) {
    if (element.closest("[lang]").getAttribute("lang") === "en") continue;
    for (const name of ["aria-label", "title", "alt"]) {
      if (isEnglish(element.getAttribute(name) ?? "")) found.push(element.getAttribute(name));
    }
  }
  return found;
}"""


def opened(site: Path, page: Page, path: str, language: str) -> Page:
    """A page with all that it holds in view: details open, and of an ask page the whole form."""
    page.goto((site / ("" if language == "en" else language) / path / "index.html").as_uri())
    if path.endswith("ask/"):
        page.check("#mode-form")
        page.check("#show-all")
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    return page


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_is_left_and_longer_words_fit_on_a_phone(language: str, site: Path, page: Page) -> None:
    page.set_viewport_size({"width": PHONE, "height": 700})
    faults: dict[str, list[str] | int] = {}
    for path in PATHS:
        opened(site, page, path, language)
        left, width = page.evaluate(ENGLISH_LEFT), page.evaluate("document.documentElement.scrollWidth")
        faults |= {path: left} if left else {f"{path} in units": width} if width > PHONE else {}
    assert faults == {}


def links(page: Page, selector: str) -> Iterator[tuple[str, str]]:
    for link in page.locator(selector).all():
        yield link.get_attribute("hreflang") or "", str(link.evaluate("(element) => element.href"))


@pytest.mark.parametrize("path", ["", "about/", "us/fl/miami-dade/ask/"])
@pytest.mark.parametrize("language", NAMES)
def test_a_page_names_its_language_and_links_to_the_others(path: str, language: str, site: Path, page: Page) -> None:
    opened(site, page, path, language)
    assert page.locator("html").get_attribute("lang") == language
    expected = {
        code: (site / ("" if code == "en" else code) / path / "index.html").as_uri()
        for code in NAMES
        if code != language
    }
    assert dict(links(page, "link[rel=alternate]")) == dict(links(page, ".languages a")) == expected
    assert all(Path(address.removeprefix("file://")).is_file() for address in expected.values())
    for code in expected:
        assert page.locator(f".languages a[hreflang={code}][lang={code}]").inner_text() == NAMES[code]


def test_pages_of_law_are_in_english_and_link_to_no_other_language(site: Path, page: Page) -> None:
    opened(site, page, "law/us/ca/sb54/", "en")
    assert page.locator("html").get_attribute("lang") == "en"
    assert not list(links(page, "link[rel=alternate], .languages a"))


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_of_a_place_says_that_its_law_is_english(language: str, site: Path, page: Page) -> None:
    for path in ("us/fl/miami-dade/", "us/fl/miami-dade/ask/"):
        opened(site, page, path, language)
        notice = translate(language, "The texts of the law and their summaries are in English.")
        assert page.get_by_text(notice).count() == 1, path
    opened(site, page, "us/fl/miami-dade/", "en")
    assert page.get_by_text("The texts of the law and their summaries are in English.").count() == 0


@pytest.mark.parametrize("language", OTHERS)
def test_the_ask_page_asks_and_answers_in_the_language(language: str, site: Path, page: Page) -> None:
    page.goto((site / language / "us/fl/miami-dade/ask/index.html").as_uri())
    assert page.get_by_role("group", name=translate(language, "Which form did the officer send?")).count() == 1
    page.get_by_label("I-247A").first.check()
    page.get_by_role("button", name=translate(language, "Continue")).click()
    assert translate(language, "DEPENDS") in page.locator("#card .answers").inner_text()
    assert page.locator("#so-far-list").get_by_text(translate(language, "Change"), exact=True).count() == 1
    assert page.title().startswith("Miami-Dade County: ")
