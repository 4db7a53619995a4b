"""Pictures of the public site for the guide: python docs/site_pictures.py SITE [--out FOLDER] [--every]

SITE is a folder that `docs/build.py` built of all places, since the map shows them all. Writes a small PNG of each page that the guide
shows; with --every of each kind of page, on a screen 1280 units wide and on a phone of 390, in light and in dark colours. Needs Chromium.
A site with a drafting room gives a picture of it too, with a draft that was checked.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from comity.site.serve import QuietHandler

ROOT = Path(__file__).resolve().parent.parent
# Each kind of page with its path in the site, and what is in its link after the # sign.
KINDS = {
    "start": ("", ""),
    "map": ("map/", ""),
    "place": ("us/fl/miami-dade/", ""),
    "ask": ("us/fl/miami-dade/ask/", 'facts={"request.form":"i247a"}'),
    "compare": ("compare/", "a=us/fl/miami-dade&on=2017-01-25&b=us/fl/miami-dade&bn=2017-01-26"),
    "law": ("law/us/ca/sb54/", ""),
    "definition": ("definitions/cis/", ""),
    "ask-in-spanish": ("es/us/fl/miami-dade/ask/", ""),
    "place-in-haitian-creole": ("ht/us/fl/miami-dade/", ""),
}
SIZES = {"wide": (1280, 860), "phone": (390, 844)}
VARIANTS = (("wide", "light"), ("wide", "dark"), ("phone", "light"), ("phone", "dark"))
# What the guide shows: these kinds on a screen in light colours, and those on a phone in dark ones.
SHOWN_WIDE, SHOWN_PHONE = ("start", "map", "place", "ask", "compare", "ask-in-spanish"), ("place-in-haitian-creole",)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--force-color-profile=srgb"]
COLOURS = 128  # of a palette: pages have few colours, so that a picture stays small
DRAFT_PLACE = "us/nv/clark"  # law there permits a hold, so a draft that forbids it changes answers
STARTED = 300_000  # milliseconds in which Python starts in the browser, also on a busy machine
SETTLED = 700  # milliseconds after which a map is drawn and an answer there


def main(arguments: list[str]) -> int:
    """Writes the pictures and says how large they are."""
    asked = argparse.ArgumentParser(description="Pictures of the public site for the guide.")
    asked.add_argument("site", type=Path, help="the folder of a site that was built of all places")
    asked.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", help="the folder to write to")
    asked.add_argument("--every", action="store_true", help="each kind of page in each size and scheme")
    given = asked.parse_args(arguments)
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        print("Chromium is not here", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        for kind, (path, fragment) in KINDS.items():
            address = (given.site.resolve() / path / "index.html").as_uri() + (f"#{fragment}" if fragment else "")
            for size, scheme in VARIANTS if given.every else shown(kind):
                name = f"site-{kind}-{size}-{scheme}.png"
                picture = small(taken(browser, address, SIZES[size], "dark" if scheme == "dark" else "light"))
                (given.out / name).write_bytes(picture)
                print(f"{name}: {len(picture) / 1e3:.0f} kB")
        if (given.site / "drafting").is_dir():
            name = "site-drafting-wide-light.png"
            (given.out / name).write_bytes(small(draft_taken(browser, given.site)))
            print(name)
        browser.close()
    return 0


def draft_taken(browser: Browser, site: Path) -> bytes:
    """The drafting room, from the text of a draft to the answers that change, as PNG. It needs a server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page(viewport={"width": 1280, "height": 1260}, reduced_motion="reduce")
        page.set_default_timeout(STARTED)
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/drafting/index.html#place={DRAFT_PLACE}")
        page.locator("#begin").wait_for()
        page.locator("#new-effect").select_option("forbids")
        page.locator("#take").click()
        page.wait_for_timeout(SETTLED)
        page.locator("#check").click()
        page.locator("#changes tbody").first.wait_for()
        page.evaluate(
            "document.getElementById('draft').rows = 9; window.scrollTo(0, document.getElementById('draft-name').offsetTop - 40)"
        )
        page.locator("#draft").evaluate("(box) => { box.style.minHeight = '0'; }")
        picture = page.screenshot()
        page.close()
        server.shutdown()
    return picture


def shown(kind: str) -> list[tuple[str, str]]:
    """The sizes and schemes in which the guide shows a kind of page."""
    return [("wide", "light")] * (kind in SHOWN_WIDE) + [("phone", "dark")] * (kind in SHOWN_PHONE)


def taken(browser: Browser, address: str, size: tuple[int, int], scheme: Literal["light", "dark"]) -> bytes:
    """The first screen of a page as PNG."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
    page.goto(address)
    page.wait_for_timeout(SETTLED)
    picture = page.screenshot()
    page.close()
    return picture


def small(picture: bytes) -> bytes:
    """The picture with a palette of a few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
