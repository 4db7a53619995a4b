"""The drafting room in a real browser: what Python in its worker says is what it says here, and nothing is sent anywhere.

The packages of other projects are not in this repository: see the fixture `packages`.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comity.decision.words import describe_action
from comity.finding import InputFault
from comity.session import open_folders
from comity.site.ask.page import ask_pages
from comity.site.badge import WORDS
from comity.site.build_site import SiteOptions, build_site, renderer_of, write_parts
from comity.site.drafting.bundle import law_entries
from comity.site.drafting.packages import read_lock, read_packages
from comity.site.drafting.page import drafting_pages
from comity.site.drafting.room import Room, open_room
from comity.site.serve import QuietHandler
from comity.site.site import Site
from comity.site.standard_requests import standard_requests
from tests.browser import axe_faults
from tests.commands.running import run
from tests.house.tree import ROOT
from tests.site.conftest import DAY, PLACES
from tests.site.test_pages import NARROW, WIDE

LAW = open_folders(())
PLACE, NAME = "us/nv/clark", "draft-ordinance"  # law there permits a hold
ASKED = "us/fl/miami-dade"
START_MS = 240_000  # until the law is read, on a machine that does other things too
FAULTY = ("forbids: hold\ncite:", "forbids: holdd\nwhen: subject.agee > 30\ncitee:")
REQUESTS = {request.id: request.words for request in standard_requests()}


@pytest.fixture(scope="module")
def packages() -> Path:
    """The folder that COMITY_DRAFTING names; an empty one is filled by npm and pip. Else the test is skipped."""
    named = os.environ.get("COMITY_DRAFTING")
    if not named:
        pytest.skip("COMITY_DRAFTING names no folder with the packages of the drafting room")
    folder = Path(named)
    if not folder.is_dir() or not any(folder.iterdir()):
        spec = importlib.util.spec_from_file_location("drafting_packages", ROOT / "lists" / "drafting_packages.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert not module.fetch(folder, read_lock())
    return folder


@pytest.fixture(scope="module")
def address(site: Path, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site of all tests with a drafting room, and with one ask page that has the check by the reference, served."""
    folder = tmp_path_factory.mktemp("with-drafting") / "site"
    shutil.copytree(site, folder, copy_function=os.link)
    shutil.rmtree(folder / ASKED / "ask")
    options = SiteOptions(out=folder, on=DAY, places=PLACES, drafting=packages)
    edition = Site(LAW, DAY, PLACES)
    parts = [*drafting_pages(edition, packages), *ask_pages(edition, ASKED)]
    for language in ("es", "ht"):
        shutil.rmtree(folder / language / ASKED / "ask")
    write_parts(folder, parts, renderer_of(edition, options))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """The room as this Python runs it."""
    folder = tmp_path_factory.mktemp("room")
    for name, content in law_entries(LAW):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return open_room(folder / "law")


def test_a_draft_is_checked_in_the_browser_as_it_is_here(address: str, page: Page, room: Room) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.set_default_timeout(START_MS)
    page.goto(f"{address}/drafting/index.html#place={PLACE}")
    expect(page.locator("#room-here")).to_contain_text("Clark County, Nevada", timeout=START_MS)
    loaded = len(asked)
    page.locator("#new-effect").select_option("forbids")
    page.get_by_role("button", name="Put it in the editor").click()
    expect(page.locator("#draft")).to_have_value(re.compile("forbids: hold"), timeout=START_MS)
    check(page)
    text = page.locator("#draft").input_value()
    found = room.check(place=PLACE, name=NAME, text=text, day=DAY.isoformat())
    page.get_by_label("Only answers that change").uncheck()
    assert shown_answers(page) == expected_answers(found)
    assert page.locator("#result").get_attribute("data-version") == found["version"] != LAW.version
    expect(page.locator("#cases-summary")).to_have_text("2 cases run. All pass.")
    no_fault_by_axe(page)
    page.locator("#draft").fill(text.replace(*FAULTY))
    check(page)
    faulty = room.check(place=PLACE, name=NAME, text=text.replace(*FAULTY), day=DAY.isoformat())
    expect(page.locator("#findings li")).to_have_count(len(faulty["findings"]))
    shown = " ".join(page.locator("#findings").inner_text().split())
    assert all(" ".join(finding["message"].split()) in shown for finding in faulty["findings"])
    page.get_by_role("button", name=f"line {faulty['findings'][0]['line']}").first.click()
    assert page.evaluate("document.activeElement.id") == "draft"
    no_fault_by_axe(page)
    assert len(asked) == loaded  # since the law was loaded; `page` counts what is asked elsewhere, and allows none
    [worker] = page.workers
    assert worker.evaluate("[typeof fetch, typeof XMLHttpRequest, typeof WebSocket]") == ["undefined"] * 3


def test_the_reference_engine_gives_the_answers_of_the_ask_page(address: str, page: Page) -> None:
    page.set_default_timeout(START_MS)
    page.goto(f'{address}/{ASKED}/ask/index.html#day=2017-03-01&facts={{"request.form":"i247d"}}')
    page.get_by_role("button", name="Check this answer by the reference engine").click()
    result = page.locator("#reference-result[data-result]")
    expect(result).to_contain_text(f"law version {LAW.version}", timeout=START_MS)
    assert result.get_attribute("data-result") == "same"
    no_fault_by_axe(page)
    page.locator("#skip").click()
    expect(page.locator("#reference-result")).to_have_text("")


def check(page: Page) -> None:
    """Checks the draft, and waits for the result."""
    page.get_by_role("button", name="Check the draft").click()
    expect(page.locator("#check")).to_be_enabled(timeout=START_MS)
    expect(page.locator("#result-title")).to_be_focused(timeout=START_MS)


def shown_answers(page: Page) -> set[tuple[str, str, str, str]]:
    """The rows of the table: request, action, the answer before and with the draft."""
    found = set()
    for body in page.locator("#changes tbody").all():
        head, *rows = body.locator("tr").all()
        for row in rows:
            action, before, after, _ = row.locator("th, td").all_inner_texts()
            found |= {(words, action, before, after) for words in head.inner_text().split(" · ")}
    return found


def expected_answers(found: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    return {
        (REQUESTS[row["request"]], describe_action(row["action"]), WORDS[row["before"]], WORDS[row["after"]])
        for row in found["answers"]
        if {row["before"], row["after"]} - {"unaddressed", "unresearched"}
    }


def no_fault_by_axe(page: Page) -> None:
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # the library's own name for a size is private
        assert axe_faults(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def test_missing_and_other_packages_are_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputFault, match="lists/drafting_packages.py") as missing:
        build_site(SiteOptions(out=tmp_path / "out", on=DAY, drafting=tmp_path / "none"))
    assert str(missing.value).count("\n") == 0 and not (tmp_path / "out").exists()
    first = next(iter(read_lock().files))
    (tmp_path / first).write_bytes(b"something else")
    with pytest.raises(InputFault, match=f"{first} is not the file that was checked"):
        read_packages(tmp_path)


def test_the_room_is_part_of_the_whole_site() -> None:
    done = run("site --drafting packages --place us/fl")
    assert done.exit_code == 2 and "leave out --place" in done.output


def test_a_site_without_a_room_has_nothing_of_it(site: Path) -> None:
    assert not (site / "drafting").exists()
    assert "drafting" not in (site / "index.html").read_text(encoding="utf-8")
    assert "reference" not in (site / ASKED / "ask" / "index.html").read_text(encoding="utf-8")
