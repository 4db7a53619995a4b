"""The guide: it builds without a network, in the look of the site, its links lead somewhere, and its pictures have words."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest

from tests.house.tree import ROOT, files

VOID = {"meta", "link", "img", "br", "hr", "input"}
PLACE = "us/fl/miami-dade"


class Read(HTMLParser):
    """What a page holds that has to be right: names, links, pictures, headings, and tags that close."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.images: list[str] = []
        self.headings: list[str] = []
        self.styles: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id") in self.names:
            self.faults.append(f'"{given["id"]}" names two things')
        self.names |= {given["id"]} if "id" in given else set()
        self.styles += [given["style"]] if "style" in given else []
        if "main" in self.open or tag in ("link", "script"):  # the header is that of the site, whose tests look at it
            self.links += [given[name] for name in ("href", "src") if name in given]
        self.images += [given.get("alt", "").strip()] if tag == "img" else []
        self.headings += [tag] if tag in ("h1", "h2", "h3", "h4") else []
        self.open += [tag] if tag not in VOID else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, str(ROOT / "docs" / "build.py"), "--out", str(out), "--place", PLACE]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.fail(done.stderr, pytrace=False)
    return out


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Read]:
    """The pages of the guide, and those that it links to."""
    return {
        path: Read(path) for part in ("guide", "law", "definitions") for path in sorted((site / part).rglob("*.html"))
    }


@pytest.fixture(scope="module")
def guide(site: Path, pages: dict[Path, Read]) -> dict[Path, Read]:
    return {path: page for path, page in pages.items() if path.is_relative_to(site / "guide")}


def test_every_text_and_every_file_of_law_has_a_page(
    site: Path, pages: dict[Path, Read], guide: dict[Path, Read]
) -> None:
    texts = [path for path in files(".md") if path.parent == ROOT or path.is_relative_to(ROOT / "docs")]
    law = [path for path in files(".md") if path.is_relative_to(ROOT / "policies")]
    of_law = [path for path in pages if path.is_relative_to(site / "law")]
    assert texts and len(guide) == len(texts) + 1  # the list of the records of decisions
    assert law and len(of_law) == len(law) + 1


def test_the_guide_is_in_the_navigation_of_every_page(site: Path) -> None:
    page = (site / "law" / "index.html").read_text(encoding="utf-8")
    assert 'href="../guide/index.html">Guide</a>' in page


def test_each_page_of_the_guide_leads_to_all_groups(site: Path, guide: dict[Path, Read]) -> None:
    start = (site / "guide" / "for-officers" / "index.html").resolve()
    for path, page in guide.items():
        targets = [(path.parent / link).resolve() for link in page.links]
        assert targets.count(start) >= 2, path  # in the menu beside the text, and in that above it


def test_every_link_leads_somewhere(pages: dict[Path, Read]) -> None:
    assert not [
        f"{path.name}: {link}" for path, page in pages.items() for link in page.links if not leads(path, link, pages)
    ]


def leads(path: Path, link: str, pages: dict[Path, Read]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    return target.is_file() and (not parts.fragment or target not in pages or parts.fragment in pages[target].names)


def test_no_page_has_a_style_in_a_tag(pages: dict[Path, Read]) -> None:
    assert not {path.name: page.styles for path, page in pages.items() if page.styles}


def test_every_picture_has_words(pages: dict[Path, Read]) -> None:
    assert not [path.name for path, page in pages.items() if not all(page.images)]


def test_every_page_has_one_title_and_closes_what_it_opens(pages: dict[Path, Read]) -> None:
    assert not {path.name: page.headings for path, page in pages.items() if page.headings.count("h1") != 1}
    assert not {path.name: page.faults + page.open for path, page in pages.items() if page.faults or page.open}


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import console_blocks

    return console_blocks


def test_a_shown_command_is_run_and_its_output_put_below(console: ModuleType) -> None:
    pieces, faults = console.run_block("$ comity --version\n$ python3 start.py demo\n", ROOT)
    assert [kind for kind, _ in pieces] == ["command", "output", "command"] and not faults
    assert pieces[1][1].startswith("comity ")


def test_a_command_that_ends_otherwise_than_the_page_says_is_a_fault(console: ModuleType) -> None:
    _, faults = console.run_block("$ comity dance\n", ROOT)
    assert faults[0].startswith("`comity dance` ended with 2 and not 0: ")
    pieces, faults = console.run_block("$ comity dance  # exit 2\n", ROOT)
    assert pieces[0] == ("command", "$ comity dance\n") and not faults


def test_output_given_by_the_page_must_be_what_was_printed(console: ModuleType) -> None:
    assert not console.run_block("$ comity --version\ncomity 0.1.0\n", ROOT)[1]
    assert console.run_block("$ comity --version\ncomity 0.0.9\n", ROOT)[1]


def test_dots_stand_for_any_lines(console: ModuleType) -> None:
    assert console.agrees(["first", "...", "last"], ["first", "between", "last"])
    assert not console.agrees(["first", "...", "last"], ["first", "between"])
