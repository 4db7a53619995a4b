"""Renders one Markdown file as a page: adjusts links to the site, adds anchors to headings, runs console blocks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from console_blocks import run_block
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

# A wide table scrolls, with a keyboard too.
TABLE = '<div class="table" tabindex="0" role="group" aria-label="Table"><table>'


@dataclass(frozen=True)
class Problem:
    """Why the site cannot be published: the file, the line (0 where there is none) and the fault."""

    source: str
    line: int
    words: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.words}"


@dataclass
class Page:
    """A page of the site: `target` is its path there; `files` are the files that it links to and that are copied."""

    source: Path
    target: str
    title: str
    body: Markup = field(default_factory=Markup)
    problems: list[Problem] = field(default_factory=list)
    files: dict[Path, str] = field(default_factory=dict)


def site_path(path: Path, root: Path) -> str:
    """The path of a file in the site: the README is the index, docs/ is at the root, the law is under law/."""
    name = path.relative_to(root).as_posix()
    if name == "README.md":
        return "index.html"
    if path.parent == root and path.suffix == ".md":
        name = name.lower()
    for folder, instead in (("docs/", ""), ("policies/", "law/")):
        if name.startswith(folder):
            name = instead + name.removeprefix(folder)
    return f"{name.removesuffix('.md')}.html" if name.endswith(".md") else name


def markdown_page(path: Path, root: Path, known: dict[Path, str]) -> Page:
    """The page of a Markdown file; its title is its first heading."""
    text = path.read_text(encoding="utf-8")
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    page = Page(path, site_path(path, root), title[1] if title else path.stem)
    page.body = Rendering(page, root, known).html(text)
    return page


class Rendering:
    """Renders the text of one page, and records its faults and the files that it needs."""

    def __init__(self, page: Page, root: Path, known: dict[Path, str], first_line: int = 1) -> None:
        self.page, self.root, self.known, self.first_line = page, root, known, first_line
        self.anchors: dict[str, int] = {}
        self.markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self.renderer = RendererHTML()
        self.renderer.rules.update(self.rules())

    def rules(self) -> dict[str, Callable[..., str]]:
        return {
            "fence": self.fence,
            "code_block": lambda tokens, index, *rest: block_of(tokens[index].content),
            "table_open": lambda *rest: f"{TABLE}\n",
            "table_close": lambda *rest: "</table></div>\n",
        }

    def html(self, text: str) -> Markup:
        tokens = self.markdown.parse(text)
        for index, token in enumerate(tokens):
            if token.type == "heading_open":
                token.attrSet("id", self.anchor(tokens[index + 1].content))
            elif token.type == "th_open":
                token.attrSet("scope", "col")
            for child in token.children or (token,):
                self.mend(child, token)
        return Markup(self.renderer.render(tokens, self.markdown.options, {}))

    def anchor(self, heading: str) -> str:
        """The anchor of a heading, as code hosts compute it."""
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = self.anchors[slug] = self.anchors.get(slug, -1) + 1
        return f"{slug}-{count}" if count else slug

    def mend(self, token: Token, within: Token) -> None:
        if token.type == "link_open":
            token.attrSet("href", self.led(str(token.attrGet("href")), within))
        elif token.type == "image":
            token.attrSet("src", self.led(str(token.attrGet("src")), within))
            if not token.content.strip():
                self.problem(within, "an image without words for those who cannot see it")
        elif token.type in ("html_inline", "html_block") and re.search(r"<(img|a)\b", token.content):
            self.problem(within, "a link or an image as HTML; write it as Markdown, so that it can be checked")

    def led(self, link: str, within: Token) -> str:
        """The link as the site needs it; a file that is not a page is copied."""
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path:
            return link
        path = Path(os.path.normpath(self.page.source.parent / unquote(parts.path)))
        if not path.is_relative_to(self.root) or not path.exists():
            self.problem(within, f'the link "{link}" leads nowhere')
            return link
        return self.relative(self.target_of(path)) + (f"#{parts.fragment}" if parts.fragment else "")

    def target_of(self, path: Path) -> str:
        if path == self.root / "policies":
            return "law/index.html"
        if path in self.known:
            return self.known[path]
        if path.is_dir():  # a folder has no page: link to the first page inside it, else to the first page of the site
            inside = sorted(page for page in self.known if page.is_relative_to(path))
            return self.known[inside[0]] if inside else "index.html"
        target = self.page.files[path] = site_path(path, self.root)
        return target

    def relative(self, target: str) -> str:
        return os.path.relpath(target, os.path.dirname(self.page.target) or ".").replace(os.sep, "/")

    def fence(self, tokens: Sequence[Token], index: int, *rest: Any) -> str:
        token = tokens[index]
        language = token.info.strip()
        if language != "console":
            caption = f'<p class="caption">{escape(language)}</p>\n' if " " in language else ""
            return caption + block_of(token.content)
        shown, faults = run_block(token.content, self.root)
        for fault in faults:
            self.problem(token, fault)
        return "".join(block_of(text, kind) for kind, text in shown)

    def problem(self, token: Token, words: str) -> None:
        line = token.map[0] + self.first_line if token.map else 0
        self.page.problems.append(Problem(self.page.source.relative_to(self.root).as_posix(), line, words))


def block_of(text: str, kind: str = "") -> str:
    """Preformatted text that can be scrolled with the keyboard."""
    named = f' class="{kind}"' if kind else ""
    return f'<pre{named} tabindex="0"><code>{escape(text, quote=False)}</code></pre>\n'
