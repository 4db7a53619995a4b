"""Builds the site: asks each maker for its pages, renders them, and puts the whole folder in place at once.

The same law, day and program make the same bytes. Several processes first find the answers of the places, which the map and the
tables need all together, and then build their pages. Each reads the law from its stored copy; each file belongs to one place or to
the site, so no two processes write one file.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from comity.finding import Finding, InputFault, Place, phrase
from comity.session import open_folders
from comity.site.about.about_page import about_pages
from comity.site.answer_data import answer_files
from comity.site.ask.page import ask_files, ask_pages
from comity.site.compare_page import compare_pages
from comity.site.drafting.bundle import FOLDER as DRAFTING
from comity.site.drafting.packages import read_packages
from comity.site.drafting.page import drafting_pages
from comity.site.find_data import place_files
from comity.site.laws.definition_pages import definition_pages
from comity.site.laws.law_pages import law_pages
from comity.site.map_data import county_files
from comity.site.map_page import map_pages
from comity.site.place_page import place_pages
from comity.site.render import SECTIONS, Edition, Renderer
from comity.site.search_index import PATH as SEARCH
from comity.site.search_index import find_program, search_pages, write_index
from comity.site.short_page import short_pages
from comity.site.site import KnownAnswers, Site
from comity.site.site_page import LANGUAGES, SiteFile, SitePage
from comity.site.start_page import start_pages
from comity.site.style_page import style_pages

STATIC = Path(__file__).parent / "static"
MARK = "comity-site.txt"  # in each folder that this program made, so that no other folder is ever replaced
GUIDE = "guide/"
ALONE = ("",)  # the sections of the site of one place


class SiteOptions(Struct, frozen=True, kw_only=True):
    """What to build: the whole site, or of some places; the day that it is of; how many processes work.

    With `alone` only the pages of those places are built, without the pages that span places, such as the map. `has_guide` says
    whether pages link to the guide. `drafting` is the folder with the packages of the drafting room, where that is wanted.
    """

    out: Path
    on: date
    places: tuple[str, ...] = ()
    alone: bool = False
    folders: tuple[Path, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    processes: int = 1
    has_guide: bool = False
    drafting: Path | None = None


class Built(Struct, frozen=True):
    """What was built: how many pages and files, how many bytes, and what was left out for want of a program."""

    pages: int
    files: int
    size: int
    left_out: tuple[str, ...] = ()


Parts: TypeAlias = Iterator[SitePage | SiteFile]


def build_site(options: SiteOptions, guide: Sequence[SitePage | SiteFile] = ()) -> Built:
    """Builds into a folder beside the target, and replaces the target when all of it is there.

    `guide` has the pages of the documentation, which are no part of the package. Raises `InputFault` where the target holds
    something else than a site.
    """
    out = options.out.resolve()
    _refuse_others(out)
    if options.drafting:
        read_packages(options.drafting)  # what is missing is said before anything is built
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".comity-site-") as part:
        folder = Path(part) / "site"
        pages = _build_into(folder, replace(options, has_guide=bool(guide)), guide)
        if not options.alone:
            write_index(folder)
        files = [path for path in folder.rglob("*") if path.is_file()]
        left_out = () if options.alone or find_program() else ("search",)
        built = Built(pages, len(files), sum(path.stat().st_size for path in files), left_out)
        if out.exists():
            out.rename(Path(part) / "old")
        folder.rename(out)
    return built


def _refuse_others(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        message = phrase("{} holds something else than a site of comity", out)
        raise InputFault([Finding("not-a-site", Place("--out"), message, phrase("name a folder that is empty or new"))])


def _build_into(folder: Path, options: SiteOptions, guide: Sequence[SitePage | SiteFile]) -> int:
    law = open_folders(options.folders)
    site = Site(law, options.on, options.places, alone=options.alone)
    shutil.copytree(STATIC, folder / "static")
    (folder / MARK).write_text(f"comity site, law version {law.version}, {options.on}\n", encoding="utf-8")
    processes = max(1, min(options.processes, len(site.full)))
    with ProcessPoolExecutor(processes) if processes > 1 else nullcontext() as pool:
        run = pool.map if pool else map
        for found in run(partial(_find_answers, options), _shares(site.full, processes)):
            site.hold_answers(found)
        pages = write_parts(folder, chain(_whole(site), _of_drafting(site, options), guide), renderer_of(site, options))
        built = run(partial(_build_places, folder, options, site.known_answers), _shares(site.listed, processes))
        return pages + sum(built)


def renderer_of(site: Site, options: SiteOptions) -> Renderer:
    """The renderer of a build, with what every page of it names."""
    alone = "".join(f" --place {place}" for place in options.places)
    left_out = {*(() if options.has_guide else (GUIDE,)), *(() if find_program() else (SEARCH,))}
    left_out |= set() if options.drafting else {DRAFTING}
    sections = ALONE if options.alone else tuple(path for _, path in SECTIONS if path not in left_out)
    room = " --drafting DIR" if options.drafting else ""
    edition = Edition(site.law.version, options.on, f"comity site --on {options.on}{alone}{room}", sections)
    return Renderer(edition, options.languages)


def _shares(places: Sequence[str], processes: int) -> list[tuple[str, ...]]:
    """The places in as many shares as there are processes; neighbours go to different ones, since they cost alike."""
    return [tuple(places[at::processes]) for at in range(processes)]


def _whole(site: Site) -> Parts:
    """The pages and files of the site that belong to no place."""
    yield from start_pages(site)
    yield from ask_files(site)
    if site.alone:
        return
    yield from answer_files(site)
    yield from county_files(site)
    yield from place_files(site)
    yield from map_pages(site)
    yield from compare_pages(site)
    yield from law_pages(site)
    yield from definition_pages(site)
    yield from about_pages(site)
    yield from style_pages(site)
    yield from search_pages(site)


def _of_drafting(site: Site, options: SiteOptions) -> Parts:
    """The drafting room, where it is wanted."""
    if options.drafting:
        yield from drafting_pages(site, options.drafting)


def _of_place(site: Site, place: str) -> Parts:
    """The pages and files of one place."""
    if not site.is_full(place):
        yield from short_pages(site, place)
        return
    yield from place_pages(site, place)
    yield from ask_pages(site, place)


def _find_answers(options: SiteOptions, places: Sequence[str]) -> KnownAnswers:
    """Finds the answers of some places, in this process."""
    site = Site(open_folders(options.folders), options.on, options.places, alone=options.alone)
    return {place: site.answers(place) for place in places}


def _build_places(folder: Path, options: SiteOptions, known: KnownAnswers, places: Sequence[str]) -> int:
    """Builds the pages of some places, in this process; returns how many."""
    site = Site(open_folders(options.folders), options.on, options.places, alone=options.alone)
    site.hold_answers(known)
    renderer = renderer_of(site, options)
    return sum(write_parts(folder, _of_place(site, place), renderer) for place in places)


def write_parts(folder: Path, parts: Iterable[SitePage | SiteFile], renderer: Renderer) -> int:
    """Writes pages, in each of their languages, and other files; returns how many pages."""
    pages = 0
    for part in parts:
        if isinstance(part, SiteFile):
            _write_file(folder / part.path, part.content)
            continue
        for name, html in renderer.files_of(part).items():
            _write_file(folder / name, html.encode())
            pages += 1
    return pages


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
