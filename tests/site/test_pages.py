"""Every kind of page in a real browser: no fault that axe finds, no sideways scroll, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import axe_faults

KINDS = (
    *("", "us/ma/boston/", "us/ca/los-angeles-city/", "us/ma/", "es/us/fl/miami-dade/", "ht/"),
    *("us/fl/miami-dade/ask/", "es/us/fl/ask/", "us/fl/bay/"),
    *("law/", "law/us/ca/sb54/", "law/us/fl/miami-dade/facts/", "definitions/", "definitions/cis/"),
    *("about/", "data/", "search/", "map/", "compare/"),
    *("ht/us/ma/ask/", "es/compare/", "style/"),
)
NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
CONTRAST = ("color-contrast",)  # only they differ between a light and a dark page of one size


@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing(path: str, site: Path, page: Page) -> None:
    page.goto((site / path / "index.html").as_uri())
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # the library's own name for a size is private
        for scheme, rules in (("light", ()), ("dark", CONTRAST)):
            # Without motion: a colour that is still changing has no contrast to measure.
            page.emulate_media(color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce")
            assert axe_faults(page, rules) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
