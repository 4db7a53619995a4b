"""One page of the site, before it is rendered: where it is, what it is called, and the values that its template shows."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct, field

LANGUAGES = ("en", "es", "ht")
# Pages whose words are those of the law, or are written in English alone: they exist once, and every language links to them.
IN_ENGLISH_ALONE = ("law/", "definitions/", "guide/", "data/", "search/", "style/", "drafting/")
Crumb: TypeAlias = tuple[str, str]  # what it is called, and the path of its folder


class SitePage(Struct, frozen=True, kw_only=True):
    """A page in one language, or in English alone.

    `path` is its folder in the site without the language, such as `us/fl/miami-dade/ask/`; empty for the first page. `crumbs`
    lead to it from the first page. `scripts` and `styles` are files of `static/` that it loads beside those of every page;
    `data` are scripts of data, by their paths in the site, loaded before these. `translated` is false where the page exists
    in English alone. `title` and `description` are fixed words or, for a page about a place, its name; `named` takes the place
    of `{name}` in them.
    """

    path: str
    template: str
    title: str
    named: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    crumbs: tuple[Crumb, ...] = ()
    section: str = ""
    description: str = ""
    scripts: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    @property
    def translated(self) -> bool:
        """Whether the page exists in each language."""
        return not self.path.startswith(IN_ENGLISH_ALONE)


class SiteFile(Struct, frozen=True):
    """A file of the site that is no page: a script of data, a table to download, a picture. `path` is its path in the site."""

    path: str
    content: bytes


def page_file(path: str, language: str = "en") -> str:
    """The file of a page in the site: `es/us/fl/index.html`."""
    return f"{folder_of(path, language)}index.html"


def folder_of(path: str, language: str = "en") -> str:
    """The folder of a page in the site, with a slash at its end; empty for the first page in English."""
    translated = language != "en" and not path.startswith(IN_ENGLISH_ALONE)
    return f"{language}/{path}" if translated else path
