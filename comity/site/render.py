"""Renders pages from templates, in each language, with links that work from a folder without a server."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct
from msgspec.structs import replace

from comity.lawview.citation_links import pieces_of
from comity.present.clean import cleaned
from comity.site.days import FORMS, MONTHS, say_day
from comity.site.site_page import LANGUAGES, SitePage, folder_of, page_file
from comity.site.words import NAMES, script_words, translate

TEMPLATES = Path(__file__).parent / "templates"
# The sections of the navigation, in order: what each is called, and the path of its first page.
SECTIONS = (
    ("Find a place", ""),
    ("Map", "map/"),
    ("Compare", "compare/"),
    ("Law", "law/"),
    ("Definitions", "definitions/"),
    ("Drafting", "drafting/"),
    ("Guide", "guide/"),
    ("About", "about/"),
    ("Search", "search/"),
)


class Edition(Struct, frozen=True):
    """What every page names: the version of the law, the day that the site is of, and the command that makes it again.

    `sections` are the paths of the sections that this edition has: one place alone has no map.
    """

    law_version: str
    on: date
    command: str
    sections: tuple[str, ...] = tuple(path for _, path in SECTIONS)


class Renderer:
    """Turns pages into HTML; one for a whole build, since templates are compiled once."""

    def __init__(self, edition: Edition, languages: tuple[str, ...] = LANGUAGES) -> None:
        self.edition, self.languages = edition, languages
        self.environments = {language: self._environment(language) for language in languages}

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, finalize=_finalize,
        )  # fmt: skip
        environment.globals |= {
            "_": partial(translate, language), "language": language, "languages": NAMES, "edition": self.edition,
            "say_day": partial(say_day, language), "day_words": {"months": MONTHS[language], "form": FORMS[language]},
            "script_words": partial(script_words, language), "pieces_of": pieces_of,
        }  # fmt: skip
        return environment

    def files_of(self, page: SitePage) -> dict[str, str]:
        """The page as HTML in each of its languages, by the path of its file in the site."""
        languages = self.languages if page.translated else ("en",)
        return {page_file(page.path, language): self.html(page, language) for language in languages}

    def html(self, page: SitePage, language: str) -> str:
        """The page as HTML in one language."""
        folder = folder_of(page.path, language)

        def to(path: str, fragment: str = "", in_language: str = language) -> str:
            """The link from this page to another, by the path of its folder or file in the site."""
            target = page_file(path, in_language) if path == "" or path.endswith("/") else path
            link = posixpath.relpath(target, folder or ".")
            return f"{link}#{fragment}" if fragment else link

        page = _in_language(page, language)
        template = self.environments[language].get_template(page.template)
        sections = [(words, path) for words, path in SECTIONS if path in self.edition.sections]
        others = [code for code in self.languages if code != language] if page.translated else []
        return template.render(
            **page.values, page=page, to=to, sections=sections, other_languages=others, folder=folder
        )


def _in_language(page: SitePage, language: str) -> SitePage:
    """The page with its title and its description in a language; `{name}` is replaced where the page is named."""
    values = {"name": page.named} if page.named else {}
    title, description = (translate(language, text, **values) for text in (page.title, page.description))
    return replace(page, title=title, description=description)


def _finalize(value: Any) -> Any:
    """Text as a person may read it: hidden characters are shown. HTML that a template made stays as it is."""
    return cleaned(value) if type(value) is str else value


LinkTo = Callable[..., str]
