"""Every kind of page in a real browser: no fault that axe finds, no sideways scroll, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

KINDS = (
    "",
    "us/fl/miami-dade/ask/",
    "es/us/fl/ask/",
    "us/fl/miami-dade/",
    "us/ca/los-angeles/",
    "us/fl/",
    "es/us/fl/miami-dade/",
    "ht/",
)
NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1280, "height": 900}


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(path: str, scheme: str, site: Path, page: Page) -> None:
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.goto((site / path / "index.html").as_uri())
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # the library's own name for a size is private
        found = Axe().run(page, options={"preload": False})  # it would read style sheets, which a folder does not allow
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
