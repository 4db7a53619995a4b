"""The pages of the law: each instrument, with its front matter as a table, and an index by place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from pathlib import Path

from markdown_pages import TABLE, Page, Problem, Rendering, site_path
from markupsafe import Markup

from comity.law.literate import split_law_file
from comity.yamltext import Tree

INDEX = "law/index.html"
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
NAME = re.compile(r"us(/[a-z0-9-]+)+")


def instrument_page(path: Path, root: Path, known: dict[Path, str]) -> Page:
    """The page of one file under policies/: an instrument, or the facts of a place."""
    text = path.read_text(encoding="utf-8")
    body = FRONT.sub("", text)
    parts, findings = split_law_file(text, path.name)
    heading = re.match(r"# (.+)\n", body)
    front = {str(key): value for key, value in parts.front.items()}
    title = str(front.pop("title", "") or (heading[1] if heading else path.stem))
    page = Page(path, site_path(path, root), title)
    name = path.relative_to(root).as_posix()
    page.problems += [Problem(name, finding.place.line, finding.message) for finding in findings]
    rendering = Rendering(page, root, known, text[: len(text) - len(body)].count("\n") + 1)
    top = "" if heading else f"<h1>{escape(title)}</h1>\n"
    page.body = Markup(top + place_line(page) + table_of(front, rendering)) + rendering.html(body)
    return page


def place_line(page: Page) -> str:
    up = "../" * (page.target.count("/") - 1)
    place = place_of(page)
    return f'<p class="caption"><a href="{up}index.html#{anchor(place)}">{escape(place)}</a></p>\n'


def table_of(front: Mapping[str, Tree], rendering: Rendering) -> str:
    """The front matter as a table with a row for each key; the id of another instrument is a link."""
    if not front:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(key.replace("_", " "))}</th><td>{linked(words(value), rendering)}</td></tr>\n'
        for key, value in front.items()
    )
    return f"{TABLE}\n{rows}</table></div>\n"


def words(value: Tree) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        mark = "; " if any(isinstance(inner, dict) for inner in value) else ", "
        return mark.join(words(inner) for inner in value)
    return str(value)


def linked(text: str, rendering: Rendering) -> str:
    def link(found: re.Match[str]) -> str:
        target = rendering.known.get(rendering.root / "policies" / f"{found[0]}.md")
        return f'<a href="{rendering.relative(target)}">{found[0]}</a>' if target else found[0]

    return NAME.sub(link, escape(text))


def place_of(page: Page) -> str:
    return page.target.removeprefix("law/").rpartition("/")[0]


def anchor(place: str) -> str:
    return place.replace("/", "-")


def index_of(pages: Iterable[Page]) -> Page:
    """The instruments by place, wider places first."""
    index = Page(Path("policies"), INDEX, "The law by place")
    body = "<h1>The law by place</h1>\n"
    for place, members in groupby(sorted(pages, key=lambda page: (place_of(page), page.title)), key=place_of):
        rows = "".join(
            f'<li><a href="{page.target.removeprefix("law/")}">{escape(page.title)}</a></li>\n' for page in members
        )
        body += f'<h2 id="{anchor(place)}">{escape(place)}</h2>\n<ul>\n{rows}</ul>\n'
    index.body = Markup(body)
    return index
