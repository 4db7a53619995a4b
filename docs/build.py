"""Builds the documentation, without a network: python docs/build.py [--out FOLDER].

Makes a page for each Markdown file at the root and under docs/, a page for each instrument under policies/, and an index of the
law by place. Runs every `comity` command in a console block while it makes the page. Exits 1, and leaves the folder as it was,
if a command does not end as its page says, a link is broken or an image has no text.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from law_pages import INDEX, index_of, instrument_page
from markdown_pages import Page, Problem, markdown_page, site_path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
TEMPLATE = DOCS / "template"
OUT = ROOT / "site"
FIRST = ("README.md", "GLOSSARY.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")


def main(arguments: list[str]) -> int:
    """Builds into a temporary folder beside the real one, and replaces the real one when all is built."""
    asked = argparse.ArgumentParser(description="Builds the documentation.")
    asked.add_argument("--out", type=Path, default=OUT, help="the folder to build; it is replaced")
    out = asked.parse_args(arguments).out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".site-") as part:
        problems, count = build(Path(part) / "site")
        for problem in problems:
            print(problem, file=sys.stderr)
        if problems:
            return 1
        replace(out, Path(part))
    print(f"{count} pages in {out}")
    return 0


def replace(out: Path, part: Path) -> None:
    """Replaces the old folder by the new one, unless the old one holds something else than a site."""
    if out.exists() and any(out.iterdir()) and not (out / "style.css").exists():
        raise SystemExit(f"{out} holds something else; name an empty folder")
    if out.exists():
        out.rename(part / "old")
    (part / "site").rename(out)


def build(out: Path) -> tuple[list[Problem], int]:
    """Writes every page; returns the problems, and the number of pages."""
    texts = sources()
    law = sorted((ROOT / "policies").rglob("*.md"))
    known = {path: site_path(path, ROOT) for path in (*texts, *law)}
    pages = [markdown_page(path, ROOT, known) for path in texts]
    instruments = [instrument_page(path, ROOT, known) for path in law]
    everything = [*pages, *([index_of(instruments)] if instruments else []), *instruments]
    write(everything, navigation(pages, bool(instruments)), out)
    for page in everything:
        copy_files(page, out)
    return [problem for page in everything for problem in page.problems], len(everything)


def sources() -> list[Path]:
    """The Markdown files: those at the root in a fixed order, then docs/, then its folders."""
    first = [ROOT / name for name in FIRST if (ROOT / name).exists()]
    return [*first, *sorted(DOCS.rglob("*.md"), key=lambda path: (path.parent != DOCS, path))]


def navigation(pages: list[Page], with_law: bool) -> list[tuple[str, list[Page]]]:
    """The pages by group: those at the root, the index of the law, then each folder of docs/."""
    groups = [(group, list(members)) for group, members in groupby(pages, key=lambda page: group_of(page.source))]
    if with_law:
        groups.insert(1, ("The law", [Page(ROOT / "policies", INDEX, "By place")]))
    return groups


def group_of(source: Path) -> str:
    if source.parent == ROOT:
        return "comity"
    return "Pages" if source.parent == DOCS else source.parent.name.replace("-", " ").capitalize()


def write(pages: list[Page], groups: list[tuple[str, list[Page]]], out: Path) -> None:
    loader = FileSystemLoader(TEMPLATE)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.get_template("page.html")
    for page in pages:
        path = out / page.target
        path.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * page.target.count("/")
        path.write_text(template.render(page=page, up=up, navigation=groups), encoding="utf-8", newline="\n")
    shutil.copyfile(TEMPLATE / "style.css", out / "style.css")


def copy_files(page: Page, out: Path) -> None:
    """Copies the pictures and other files that a page links to."""
    for source, target in page.files.items():
        (out / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, out / target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
