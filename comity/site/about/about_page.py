"""The page about the site: how sure it is, how far the law was followed, how to correct it, its version, privacy; and the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from comity.decision.words import EVIDENCE_WORDS
from comity.law.instrument import EVIDENCE
from comity.law.researched import Researched
from comity.lawview.citation_links import count_by_kind
from comity.site.about.table_files import FOLDER, FORMATS, PACKAGE, files_of, package_of
from comity.site.about.tables import tables_of
from comity.site.laws.shown_instrument import EVIDENCE_SENTENCES
from comity.site.site import Site
from comity.site.site_page import SiteFile, SitePage
from comity.version import VERSION


class Mark(Struct, frozen=True):
    """A mark of evidence with its meaning, and how many instruments and provisions bear it."""

    words: str
    meaning: str
    instruments: int
    provisions: int


class Followed(Struct, frozen=True):
    """How far the law of a place was followed; `row` is None where it was not researched."""

    path: str
    name: str
    state: str
    full: bool
    row: Researched | None


class Download(Struct, frozen=True):
    """One table on the page of the data: its name, its size in rows, its files with their sizes in bytes, its columns."""

    name: str
    title: str
    says: str
    rows: int
    files: tuple[tuple[str, str, int], ...]
    columns: tuple[tuple[str, str, str], ...]


def about_pages(site: Site) -> Iterator[SitePage | SiteFile]:
    """The page about the site, the page of the data, and the files to download."""
    library = site.law.library
    instruments = library.instruments.values()
    followed = followed_places(site)
    yield SitePage(
        path="about/",
        template="about.html",
        title="About",
        section="about/",
        values={
            "marks": marks_of(site),
            "instruments": len(instruments),
            "provisions": sum(len(instrument.provisions) for instrument in instruments),
            "cases": sum(len(instrument.cases) for instrument in instruments),
            "texts": [(kind, *counts) for kind, counts in count_by_kind(instruments).items()],
            "followed": followed,
            "states": [place for place in followed if place.path.count("/") == 1],
            "program": VERSION,
        },
    )
    yield from data_pages(site)


def marks_of(site: Site) -> list[Mark]:
    """The marks of evidence, the surest first."""
    instruments = site.law.library.instruments.values()
    of_instruments = Counter(instrument.evidence for instrument in instruments)
    of_provisions = Counter(provision.evidence for instrument in instruments for provision in instrument.provisions)
    return [
        Mark(EVIDENCE_WORDS[mark], EVIDENCE_SENTENCES[mark], of_instruments[mark], of_provisions[mark])
        for mark in EVIDENCE
    ]


def followed_places(site: Site) -> list[Followed]:
    """Each State, researched or not, and each nearer place that was looked at; by State, its own law first."""
    researched = site.law.library.researched
    paths = [path for path in site.places if path.count("/") == 1 or path in researched]
    found = [
        Followed(
            path=path,
            name=site.name(path),
            state=site.name("/".join(path.split("/")[:2])),
            full=site.has_page(path) and site.is_full(path),
            row=researched.get(path),
        )
        for path in paths
    ]
    return sorted(found, key=lambda place: (place.state, place.path.count("/"), place.name))


def data_pages(site: Site) -> Iterator[SitePage | SiteFile]:
    """The page of the data and its files."""
    tables = list(tables_of(site))
    downloads = []
    for table in tables:
        files = files_of(table)
        yield from (SiteFile(f"{FOLDER}{name}", content) for name, content in files.items())
        sizes = tuple((format, f"{table.name}.{format}", len(files[f"{table.name}.{format}"])) for format in FORMATS)
        columns = tuple((column.name, column.kind, column.says) for column in table.columns)
        downloads.append(Download(table.name, table.title, table.says, len(table.rows), sizes, columns))
    yield SiteFile(f"{FOLDER}{PACKAGE}", package_of(tables, version=site.law.version, on=site.on))
    yield SitePage(
        path=FOLDER,
        template="data.html",
        title="Data",
        section="about/",
        crumbs=(("About", "about/"),),
        description="All data of this site as tables to download, in CSV, Parquet and JSON.",
        values={"downloads": downloads, "package": f"{FOLDER}{PACKAGE}"},
    )
