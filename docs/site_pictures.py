"""Pictures of the public site for the guide: python docs/site_pictures.py SITE [--out FOLDER] [--only KIND]...

SITE is a folder that `docs/build.py` built of all places, since the map shows them all. Writes the first screen of each kind of page, 1280
units wide and as on a phone of 390, in light and in dark colours, and of each page of the walk through Boston. Needs Chromium.
A site with a drafting room gives a picture of it too, with a draft that was checked.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import threading
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from comity.site.serve import FREE_PORT, serve

ROOT = Path(__file__).resolve().parent.parent
# Each kind of page with its path in the site, and what is in its link after the # sign.
KINDS = {
    "start": ("", ""),
    "map": ("map/", ""),
    "place": ("us/fl/miami-dade/", ""),
    "short": ("us/fl/bay/", ""),
    "ask": ("us/fl/miami-dade/ask/", 'facts={"request.form":"i247a"}'),
    "compare": ("compare/", "a=us/fl/miami-dade&on=2017-01-25&b=us/fl/miami-dade&bn=2017-01-26"),
    "law": ("law/us/ca/sb54/", ""),
    "definition": ("definitions/cis/", ""),
    "about": ("about/", ""),
    "search": ("search/", "q=trust act"),
    "guide": ("guide/site/", ""),
    "ask-in-spanish": ("es/us/fl/miami-dade/ask/", ""),
    "place-in-haitian-creole": ("ht/us/fl/miami-dade/", ""),
}
# The pages of docs/walk-boston.md, in its order.
WALK = {
    "walk-place": ("us/ma/boston/", ""),
    "walk-years": ("us/ma/boston/", "years"),
    "walk-compare": ("compare/", "a=us/ma/boston&on=2014-08-31&b=us/ma/boston"),
    "walk-2014": ("law/us/ma/boston/trust-act-2014/", ""),
    "walk-2019": ("law/us/ma/boston/trust-act-2019/", ""),
    "walk-lunn": ("law/us/ma/lunn-v-commonwealth/", ""),
    "walk-ask": ("us/ma/boston/ask/", "day=2014-09-15"),
}
SIZES = {"wide": (1280, 860), "phone": (390, 844)}
WIDE_LIGHT, PHONE_DARK = ("wide", "light"), ("phone", "dark")
VARIANTS = (WIDE_LIGHT, ("wide", "dark"), ("phone", "light"), PHONE_DARK)
# Kinds that are taken once: a page in another language is like one in English.
ONCE = {"ask-in-spanish": WIDE_LIGHT, "place-in-haitian-creole": PHONE_DARK} | dict.fromkeys(WALK, WIDE_LIGHT)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--force-color-profile=srgb"]
COLOURS = 128  # of a palette: pages have few colours, so that a picture stays small
DRAFTING = "drafting"
DRAFT_PLACE = "us/nv/clark"  # law there permits a hold, so a draft that forbids it changes answers
STARTED = 300_000  # milliseconds in which Python starts in the browser, also on a busy machine
SETTLED = 700  # milliseconds after which a map is drawn and an answer there


def main(arguments: list[str]) -> int:
    """Writes the pictures and says how large they are."""
    asked = argparse.ArgumentParser(description="Pictures of the public site for the guide.")
    asked.add_argument("site", type=Path, help="the folder of a site that was built of all places")
    asked.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures" / "site", help="the folder to write to")
    asked.add_argument("--only", action="append", default=[], help="this kind of page alone; may be repeated")
    given = asked.parse_args(arguments)
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        print("Chromium is not here", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    home = served(given.site.resolve())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        for kind, (path, fragment) in (KINDS | WALK).items():
            if given.only and kind not in given.only:
                continue
            address = f"{home}{path}" + (f"#{fragment}" if fragment else "")
            for size, scheme in [ONCE[kind]] if kind in ONCE else VARIANTS:
                name = f"{kind}-{size}-{scheme}.png"
                picture = small(taken(browser, address, SIZES[size], "dark" if scheme == "dark" else "light"))
                (given.out / name).write_bytes(picture)
                print(f"{name}: {len(picture) / 1e3:.0f} kB")
        if (given.site / DRAFTING).is_dir() and DRAFTING in (given.only or [DRAFTING]):
            (given.out / f"{DRAFTING}-wide-light.png").write_bytes(small(draft_taken(browser, home)))
            print(f"{DRAFTING}-wide-light.png")
        browser.close()
    return 0


def served(site: Path) -> str:
    """The address of the site on this machine, since the search needs a server; it is served until the program ends."""
    addresses: list[str] = []
    is_up = threading.Event()

    def announce(address: str) -> None:
        addresses.append(address)
        is_up.set()

    threading.Thread(target=serve, args=(site, FREE_PORT, announce), daemon=True).start()
    is_up.wait()
    return addresses[0]


def draft_taken(browser: Browser, home: str) -> bytes:
    """The drafting room, from the text of a draft to the answers that change, as PNG."""
    page = browser.new_page(viewport={"width": 1280, "height": 1260}, reduced_motion="reduce")
    page.set_default_timeout(STARTED)
    page.goto(f"{home}{DRAFTING}/#place={DRAFT_PLACE}")
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
    return picture


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
