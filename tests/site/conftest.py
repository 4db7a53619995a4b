"""A site of twelve places and of every kind of page, built once for all tests, and a real browser that opens its files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from comity.site.build_site import SiteOptions, build_site
from tests.browser import is_elsewhere

DAY = date(2026, 11, 1)
PLACES = (
    *("us", "us/fl", "us/fl/miami-dade", "us/ca", "us/ca/los-angeles", "us/ca/los-angeles-city"),
    *("us/ma", "us/ma/boston", "us/il/cook", "us/tx", "us/ny/new-york-city", "us/fl/bay"),
)
SECONDS_MAX = 240


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of the site: built by the first process that asks for it, and used by all."""
    base = tmp_path_factory.getbasetemp()
    out = (base if worker_id == "master" else base.parent) / "built-site"
    building = out.with_name("building-site")
    try:
        building.mkdir()
    except FileExistsError:
        begun = time.monotonic()
        while not out.exists():
            assert time.monotonic() - begun < SECONDS_MAX, "the other process did not finish the site"
            time.sleep(0.2)
    else:
        build_site(SiteOptions(out=out, on=DAY, places=PLACES))
    return out


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of 1280 by 900; whatever it writes to the console, and each request beyond its own files, is a failure."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: faults.append(request.url) if is_elsewhere(request.url) else None)
    yield opened
    context.close()
    assert not faults
