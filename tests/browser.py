"""The real browser in which pages are tested: the system's Chromium, without a network of its own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

# Without these Chromium looks for servers of its own, and a sandbox that containers do not have.
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--font-render-hinting=none"),
]
MISSING = "Chromium is not here"


def chromium() -> str:
    """The browser of the system; where it is missing, tests fail in CI and are skipped elsewhere."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.fail(MISSING) if os.environ.get("CI") else pytest.skip(MISSING)
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser, closed afterwards. Its library runs a loop in this thread, in which Django's tables may be used all the same."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


def axe_faults(page: Page, rules: tuple[str, ...] = ()) -> str:
    """What axe finds on a page as it is, by all rules or by some; empty where it finds nothing.

    Axe is put into a document once, gives nothing but what is wrong, and reads no style sheets, which a folder does not allow.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False, **({"runOnly": rules} if rules else {})}
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run({json.dumps(options)}).then((results) => results.violations)")
    return "\n".join(f"{fault['id']}: {fault['help']}: {[node['html'] for node in fault['nodes']]}" for fault in found)


def is_elsewhere(address: str) -> bool:
    """Whether a page asks for something beyond its own files."""
    return not address.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1:"))
