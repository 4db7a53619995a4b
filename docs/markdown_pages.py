"""Renders one Markdown file as a page of the guide: adjusts links to the site, adds anchors to headings, runs console blocks."""

from __future__ import annotations

import os
import posixpath
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

from comity.site.site_page import page_file

GUIDE = "guide/"
FILES = f"{GUIDE}files/"  # what pages link to that is no page
# A wide table scrolls, with a keyboard too.
TABLE = '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>'


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
class GuidePage:
    """A page of the guide: `path` is its folder in the site; `files` are the files that it links to, by their paths there."""

    source: Path
    path: str
    title: str
    body: Markup = field(default_factory=Markup)
    problems: list[Problem] = field(default_factory=list)
    files: dict[Path, str] = field(default_factory=dict)


def site_path(path: Path, root: Path) -> str:
    """Where a file is in the site: the README is the first page of the guide, each other text has a folder, files lie together."""
    name = path.relative_to(root).as_posix()
    if name == "README.md":
        return GUIDE
    if path.suffix != ".md":
        return f"{FILES}{name}"
    name = name.lower() if path.parent == root else name.removeprefix("docs/")
    return f"{GUIDE}{name.removesuffix('.md')}/"


def markdown_page(path: Path, root: Path, known: dict[Path, str]) -> GuidePage:
    """The page of a Markdown file; its title is its first heading."""
    text = path.read_text(encoding="utf-8")
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    page = GuidePage(path, site_path(path, root), title[1] if title else path.stem)
    page.body = Rendering(page, root, known).html(text)
    return page


RIGHT = "text-align:right"  # the site allows no style in a tag


class Rendering:
    """Renders the text of one page, and records its faults and the files that it needs."""

    def __init__(self, page: GuidePage, root: Path, known: dict[Path, str]) -> None:
        self.page, self.root, self.known = page, root, known
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
            if token.type in ("th_open", "td_open") and token.attrs.pop("style", "") == RIGHT:
                token.attrSet("class", "number")
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
        if path in self.known:
            return self.known[path]
        if path.is_dir():  # a folder has no page: link to the first page inside it, else to the first page of the guide
            inside = sorted(page for page in self.known if page.is_relative_to(path))
            return self.known[inside[0]] if inside else GUIDE
        target = self.page.files[path] = site_path(path, self.root)
        return target

    def relative(self, target: str) -> str:
        file = page_file(target) if target.endswith("/") else target
        return posixpath.relpath(file, self.page.path)

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
        line = token.map[0] + 1 if token.map else 0
        self.page.problems.append(Problem(self.page.source.relative_to(self.root).as_posix(), line, words))


def block_of(text: str, kind: str = "") -> str:
    """Preformatted text that can be scrolled with the keyboard."""
    named = f' class="{kind}"' if kind else ""
    return f'<pre{named} tabindex="0"><code>{escape(text, quote=False)}</code></pre>\n'
