"""Every kind of page in a real browser: no fault that axe finds, no sideways scroll, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

KINDS = (
    *("", "us/ma/boston/", "us/ca/los-angeles-city/", "us/ma/", "es/us/fl/miami-dade/", "ht/"),
    *("us/fl/miami-dade/ask/", "es/us/fl/ask/", "us/fl/bay/"),
    *("law/", "law/us/ca/sb54/", "law/us/fl/miami-dade/facts/", "definitions/", "definitions/cis/"),
    *("about/", "data/", "search/", "map/", "compare/"),
    *("ht/us/ma/ask/", "es/compare/", "style/"),
)
NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
# It would read style sheets, which a folder does not allow.
EVERYTHING = {"preload": False}
# Only colours differ between a light and a dark page of one size.
COLOURS = {**EVERYTHING, "runOnly": ["color-contrast"]}


@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing(path: str, site: Path, page: Page) -> None:
    page.goto((site / path / "index.html").as_uri())
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # the library's own name for a size is private
        for scheme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            # Without motion: a colour that is still changing has no contrast to measure.
            page.emulate_media(color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce")
            found = Axe().run(page, options=rules)
            assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
