"""The search: it finds a law by its words on a web server, says that it cannot from a folder, and is left out without its program."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from comity.session import open_folders
from comity.site import search_index
from comity.site.build_site import SiteOptions, renderer_of
from comity.site.search_index import write_index
from comity.site.site import Site
from tests.site.conftest import DAY


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_law_is_found_by_its_words(address: str, page: Page) -> None:
    page.goto(f"{address}/search/index.html")
    page.get_by_role("searchbox").fill("honor every detainer mayor")
    page.get_by_role("link", name="Mayor's memo of 2017-01-26").first.click()
    expect(page).to_have_url(f"{address}/law/us/fl/miami-dade/memo-2017-01-26/index.html")
    page.go_back()
    expect(page).to_have_url(re.compile("#q=honor"))
    expect(page.get_by_text("results")).to_be_visible()


def test_what_is_not_there_is_said(address: str, page: Page) -> None:
    page.goto(f"{address}/search/index.html#q=жжж")
    expect(page.get_by_text("Nothing was found")).to_be_visible()


def test_from_a_folder_it_says_so_and_offers_lists(site: Path, page: Page) -> None:
    page.goto((site / "search" / "index.html").as_uri())
    expect(page.get_by_text("opened from a folder")).to_be_visible()
    expect(page.get_by_role("link", name="The law, by State and county")).to_be_visible()


def test_the_index_has_the_same_bytes_each_time(tmp_path: Path, site: Path) -> None:
    for part in ("a", "b"):
        (tmp_path / part / "law").mkdir(parents=True)
        for name in ("citizens", "i247a"):
            source = site / "law" / "us" / name / "index.html"
            (tmp_path / part / "law" / f"{name}.html").write_bytes(source.read_bytes())
        write_index(tmp_path / part)
    first, second = (
        {
            path.relative_to(tmp_path / part): path.read_bytes()
            for path in (tmp_path / part).rglob("*")
            if path.is_file()
        }
        for part in ("a", "b")
    )
    assert first == second and len(first) > 5


def test_only_its_own_page_may_run_compiled_code(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if "wasm-unsafe-eval" in path.read_text(encoding="utf-8")]
    assert pages == [site / "search" / "index.html"]


def test_without_the_program_there_is_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "PROGRAM", "no_such_program")
    options = SiteOptions(out=Path("nowhere"), on=DAY, places=("us/fl/bay",))
    site = Site(open_folders([]), DAY, options.places)
    assert not list(search_index.search_pages(site))
    assert "search/" not in renderer_of(site, options).edition.sections
