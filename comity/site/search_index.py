"""The search of the site: its page, and its index, which the program pagefind makes from the pages when all are there.

It indexes what is marked `data-pagefind-body` in English: instruments, definitions, the guide, and places with a page of their own;
places are found by name on the first page. It reads and writes files and nothing else.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from comity.finding import Finding, InputFault, Place, phrase
from comity.site.site import Site
from comity.site.site_page import SitePage

PATH = "search/"
INDEX = f"{PATH}pagefind"
PAGES = "{us,law,definitions,guide,about,data}/**/*.html"
# Parts of what pagefind writes that the page does not use: its own interfaces, and the playground of words.
UNUSED = ("pagefind-*ui.*", "pagefind-highlight.js")
PROGRAM = "pagefind_bin"
SECONDS_MAX = 120


def search_pages(site: Site) -> Iterator[SitePage]:
    """The page of the search; none where the program that makes its index is not installed."""
    if find_program() is not None:
        yield SitePage(path=PATH, template="search.html", title="Search", section=PATH, scripts=("search.js",))


def find_program() -> Path | None:
    """The program pagefind as its package brings it; None where it is not installed, or not made for this platform."""
    if find_spec(PROGRAM) is None:
        return None
    try:
        found: Path = import_module(PROGRAM).get_executable()
    except FileNotFoundError:
        return None
    return found


def write_index(folder: Path) -> None:
    """Writes the index of the pages in a folder into it. Raises `InputFault` where the program fails."""
    program = find_program()
    if program is None:
        return
    with tempfile.TemporaryDirectory() as bundle:
        command = [str(program), "--site", str(folder), "--glob", PAGES, "--output-path", bundle]
        command += ["--force-language", "en", "--keep-index-url", "--quiet"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=SECONDS_MAX, check=False)
        if done.returncode:
            message = phrase("the index of the search could not be made: {}", (done.stderr or done.stdout).strip())
            raise InputFault([Finding("no-search", Place("pagefind"), message, phrase("report it with this line"))])
        for pattern in UNUSED:
            for path in Path(bundle).glob(pattern):
                path.unlink()
        shutil.copytree(bundle, folder / INDEX)
