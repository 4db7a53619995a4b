"""The guide: the pages of the documentation, in groups, as pages of the public site."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from markdown_pages import GUIDE, GuidePage, Problem, markdown_page, site_path

from comity.site.laws.definition_pages import path_of
from comity.site.site_page import Crumb, SiteFile, SitePage

DECISIONS = f"{GUIDE}decisions/"
# The groups of the navigation, with the files of each in their order. Another file comes into the last group.
GROUPS = {
    "Start here": (
        *("README.md", "docs/for-officers.md", "docs/for-attorneys.md", "docs/for-reporters.md"),
        *("docs/for-budget-offices.md", "docs/for-engineers.md"),
    ),
    "One request": (
        "docs/asking.md",
        "docs/places.md",
        *("docs/site.md", "docs/walk-boston.md", "docs/site-pictures.md"),
        "docs/clock.md",
        "docs/risks.md",
        "docs/errors.md",
    ),
    "The law": (
        *("docs/coverage.md", "docs/law-changes.md", "docs/proving.md", "docs/definitions.md", "docs/classified.md"),
        *("docs/rulings.md", "docs/scenes.md"),
    ),
    "Money and people": (*("docs/costs.md", "docs/board.md", "docs/funding.md", "docs/context.md", "docs/trust.md"),),
    "Tables of requests": ("docs/own-tables.md", "docs/notebook.md", "docs/with-r.md", "docs/engines.md"),
    "Writing law": ("docs/writing-law.md", "docs/facts.md", "docs/offenses.md"),
    "For engineers": (
        *("docs/api.md", "GLOSSARY.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/performance.md"),
        *("docs/dependencies.md", "CHANGELOG.md"),
    ),
}
LAST = "For engineers"
# What the navigation calls a page whose heading is too long for it, or says too little.
SHORT_TITLES = {
    "README.md": "What comity is",
    "ARCHITECTURE.md": "Architecture",
    "docs/risks.md": "Risks",
    "docs/rulings.md": "Rulings",
    "docs/definitions.md": "Definitions",
    "docs/classified.md": "Places by definition",
    "docs/for-officers.md": "For officers",
    "docs/for-attorneys.md": "For attorneys",
    "docs/for-reporters.md": "For reporters",
    "docs/for-budget-offices.md": "For budget offices",
    "docs/for-engineers.md": "For engineers",
}


class Link(NamedTuple):
    """A line of the navigation: what it is called, and the path of its page."""

    title: str
    path: str


def guide_parts(root: Path) -> tuple[list[SitePage | SiteFile], list[Problem]]:
    """The pages of the guide with the files that they link to, and what is wrong with them."""
    texts = sources(root)
    known = known_pages(root, texts)
    pages = [markdown_page(path, root, known) for path in texts]
    groups = navigation(pages, root)
    parts: list[SitePage | SiteFile] = [_site_page(page, groups) for page in pages]
    parts.append(_decisions_page([page for page in pages if _is_decision(page)], groups))
    files = {target: source for page in pages for source, target in page.files.items()}
    parts += [SiteFile(target, source.read_bytes()) for target, source in sorted(files.items())]
    return parts, [problem for page in pages for problem in page.problems]


def sources(root: Path) -> list[Path]:
    """The Markdown files at the root and under docs/."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def known_pages(root: Path, texts: Iterable[Path]) -> dict[Path, str]:
    """What each file or folder that a text may link to is in the site: a page of the guide, of the law or of a definition."""
    law = {path: f"law/{path.relative_to(root / 'policies').as_posix().removesuffix('.md')}/" for path in _law(root)}
    definitions = {path: path_of(path.stem) for path in (root / "definitions").glob("*.md")}
    folders = {root / "policies": "law/", root / "definitions": "definitions/", root / "docs" / "decisions": DECISIONS}
    return {path: site_path(path, root) for path in texts} | law | definitions | folders


def _law(root: Path) -> list[Path]:
    return sorted((root / "policies").rglob("*.md"))


def navigation(pages: Iterable[GuidePage], root: Path) -> list[tuple[str, list[Link]]]:
    """The groups of the navigation with their pages; the records of decisions are one line that leads to their list."""
    by_name = {page.source.relative_to(root).as_posix(): page for page in pages if not _is_decision(page)}
    groups = {group: [name for name in names if name in by_name] for group, names in GROUPS.items()}
    placed = {name for names in groups.values() for name in names}
    groups[LAST] += sorted(by_name.keys() - placed)
    links = {
        group: [Link(SHORT_TITLES.get(name, by_name[name].title), by_name[name].path) for name in names]
        for group, names in groups.items()
    }
    links[LAST].append(Link("Records of decisions", DECISIONS))
    return list(links.items())


def _is_decision(page: GuidePage) -> bool:
    return page.path.startswith(DECISIONS)


def _site_page(page: GuidePage, groups: list[tuple[str, list[Link]]]) -> SitePage:
    above: tuple[Crumb, ...] = (("Guide", GUIDE),) if page.path != GUIDE else ()
    if _is_decision(page):
        above = (*above, ("Records of decisions", DECISIONS))
    return SitePage(
        path=page.path,
        template="guide.html",
        title="Guide" if page.path == GUIDE else page.title,
        section=GUIDE,
        crumbs=above,
        values={"body": page.body, "groups": groups, "current": DECISIONS if _is_decision(page) else page.path},
    )


def _decisions_page(pages: list[GuidePage], groups: list[tuple[str, list[Link]]]) -> SitePage:
    return SitePage(
        path=DECISIONS,
        template="guide_decisions.html",
        title="Records of decisions",
        section=GUIDE,
        crumbs=(("Guide", GUIDE),),
        values={
            "records": [Link(page.title, page.path) for page in pages],
            "groups": groups,
            "current": DECISIONS,
        },
    )
