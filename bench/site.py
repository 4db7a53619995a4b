"""The ask page in Chromium: size as sent, first paint from disk, and an answer after a keystroke: python bench/site.py [--whole]

A command of its own, not run by CI. Builds a site of a few places into a folder of its own, or of all with --whole, and prints
tables in Markdown. Each figure is one of a machine that does other things too: run it again where it surprises.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from comity.site.build_site import SiteOptions, build_site

DAY = date(2026, 11, 26)
PLACES = ("us/fl", "us/fl/miami-dade", "us/ca/los-angeles-city", "us/tx/harris")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LOADS, KEYSTROKES, RECORDS = 7, 200, 20
FACTS = '{"request.form":"i247a","convictions":{"partial":[%s]}}'
# Milliseconds of each keystroke: the listeners run, every element is made, and the page is laid out again.
TYPE = """(count) => {
  document.getElementById("mode-form").click();
  document.getElementById("show-all").click();
  const inputs = [...document.querySelectorAll("#fields > fieldset > div > .options input[type=radio]")].filter(({value}) => value !== "some" && value !== "none");
  const taken = [];
  for (let number = 0; number < count; number++) {
    const input = inputs[(number * 7) % inputs.length], start = performance.now();
    input.checked = true;
    input.dispatchEvent(new Event("change", {bubbles: true}));
    document.body.getBoundingClientRect();
    taken.push(performance.now() - start);
  }
  return taken.sort((one, other) => one - other);
}"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def main() -> None:
    """Builds, measures and prints."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--whole", action="store_true", help="build every place, and say how long that takes")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out, start = Path(folder) / "site", time.perf_counter()
        places = () if given.whole else PLACES
        built = build_site(SiteOptions(out=out, on=DAY, places=places, processes=os.cpu_count() or 1))
        seconds = time.perf_counter() - start
        print(f"{built.pages:,} pages, {built.files:,} files, {built.size / 1e6:,.1f} MB in {seconds:,.1f} s\n")
        asking = sum(path.stat().st_size for path in out.rglob("ask/*"))
        print(f"Ask pages with their law: {asking / 1e6:,.1f} MB\n")
        show(out)


def show(out: Path) -> None:
    """Prints what a browser says of the ask page of each place."""
    command = shutil.which("chromium") or shutil.which("google-chrome")
    print(
        "| place | page with the law of its day, kB with gzip | law of other days | first paint, ms "
        "| a keystroke: p50, ms | p99 | p99 with 20 convictions |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command, args=ARGUMENTS)
        for place in PLACES:
            page = browser.new_page()
            address = (out / place / "ask" / "index.html").as_uri()
            paints = sorted(first_paint(page, address) for _ in range(LOADS))
            plain, many = typed(page, address, 0), typed(page, address, RECORDS)
            sent, later = sizes(out, place, page, address)
            figures = f"{sent / 1e3:.0f} | {later / 1e3:.0f} | {paints[LOADS // 2]:.0f} | {at(plain, 50):.1f} | {at(plain, 99):.1f}"
            print(f"| {place} | {figures} | {at(many, 99):.1f} |")
            page.close()
        browser.close()


def first_paint(page: Page, address: str) -> float:
    page.goto("about:blank")
    page.goto(address)
    page.locator("#card .answers li").first.wait_for()
    return float(page.evaluate(PAINT))


def typed(page: Page, address: str, records: int) -> list[float]:
    """Milliseconds of each keystroke, the shortest first."""
    page.goto("about:blank")
    facts = FACTS % ",".join(
        ['{"offense":"robbery"}', '{"grade":"felony"}', "{}"][number % 3] for number in range(records)
    )
    page.goto(f"{address}#day={DAY}&facts={facts}")
    page.locator("#card .answers li").first.wait_for()
    taken: list[Any] = page.evaluate(TYPE, KEYSTROKES)
    return [float(each) for each in taken]


def at(taken: list[float], percent: int) -> float:
    return taken[min(len(taken) * percent // 100, len(taken) - 1)]


def sizes(out: Path, place: str, page: Page, address: str) -> tuple[int, int]:
    """Bytes with gzip of everything that the page loads, and of the law of other days."""
    page.goto("about:blank")
    loaded: list[Path] = []
    page.on("request", lambda request: loaded.append(Path(request.url.removeprefix("file://").partition("#")[0])))
    page.goto(f"{address}#day={DAY}")
    page.locator("#card .answers li").first.wait_for()
    files = {path for path in loaded if path.is_file()}
    return sum(map(packed, files)), packed(out / place / "ask" / "earlier.js")


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


if __name__ == "__main__":
    main()
