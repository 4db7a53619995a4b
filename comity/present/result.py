"""Shows a result in a notebook as the page that the API registers for its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import msgspec

from comity.present.page import Block, as_html, as_markdown

_PAGES: dict[str, str] = {}


def register_pages(pages: Mapping[str, str]) -> None:
    """Registers, for each class, the module whose `page_of` builds its page; both are dotted paths.

    A module may also have `full_page_of`, where its page leaves things out.

    A view cannot import the module of its page, which imports the view. The API imports neither, and registers both.
    """
    _PAGES.update(pages)


class Presentable:
    """A result with a page, which notebooks show, and which can be written as Markdown."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The result as plain JSON values: what its command prints with `--json`."""
        document: dict[str, Any] = msgspec.to_builtins(self)
        return document

    def page(self, *, full: bool = False) -> list[Block]:
        """The page of this result, as blocks; with `full`, nothing is left out of it."""
        kind = type(self)
        module = import_module(_PAGES[f"{kind.__module__}.{kind.__name__}"])
        page_of: Callable[[Any], list[Block]] = (
            getattr(module, "full_page_of", module.page_of) if full else module.page_of
        )
        return page_of(self)

    def to_markdown(self, *, full: bool = False) -> str:
        """The page as Markdown, for a board packet or a pull request; with `full`, nothing is left out of it."""
        return as_markdown(self.page(full=full))

    def _repr_html_(self) -> str:
        return as_html(self.page())
