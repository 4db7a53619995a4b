"""How a result shows itself in a notebook: as the page that the API names for its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from comity.present.page import Block, as_html, as_markdown

_PAGES: dict[str, str] = {}


def register_pages(pages: Mapping[str, str]) -> None:
    """Names the module whose `page_of` makes the page of each class; both are dotted paths.

    A view cannot import its page, which is made from it. The API stands above both and knows which belong together.
    """
    _PAGES.update(pages)


class Presentable:
    """A result that has a page: shown by itself in a notebook, and written as Markdown where that is asked for."""

    __slots__ = ()

    def page(self) -> list[Block]:
        """The page of this result, before it is laid out."""
        kind = type(self)
        page_of: Callable[[Any], list[Block]] = import_module(_PAGES[f"{kind.__module__}.{kind.__name__}"]).page_of
        return page_of(self)

    def to_markdown(self) -> str:
        """The page as Markdown, for a board packet or a pull request."""
        return as_markdown(self.page())

    def _repr_html_(self) -> str:
        return as_html(self.page())
