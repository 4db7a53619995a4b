"""Renders a layout as a PDF that a screen reader can read (PDF/UA-1), in the fonts that ship with the program and those of `COMITY_FONTS`.

What fills a layout goes in as JSON, so that no text is ever taken for layout. No time of creation is written: the same content
gives the same bytes on every machine that has the same fonts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from comity.present.pdf_text import added_folder, added_fonts, shipped_fonts

STANDARD: Literal["ua-1"] = "ua-1"
ONE_PAGE = "the content must fit on one page"  # what a layout of one page says by `assert` where it does not fit


def render_pdf(layout: Path, document: Any, **inputs: str) -> bytes:
    """The PDF of a layout, which finds the document as JSON in `sys.inputs`, beside the other inputs."""
    import typst  # noqa: PLC0415  a large library that only this function needs

    added = added_folder()
    given = {
        "document": msgspec.json.encode(document).decode(),
        "fonts": msgspec.json.encode([*added_fonts(added)]).decode(),
        **inputs,
    }
    return typst.compile(
        layout.read_bytes(), format="pdf", pdf_standards=[STANDARD], sys_inputs=given, ignore_system_fonts=True,
        font_paths=_fonts(added),
    )  # fmt: skip


def render_one_page(layout: Path, attempts: Iterable[tuple[Any, float]]) -> bytes:
    """The PDF of the first document, at its size of type in points, that fits on one page.

    The layout finds the size in `sys.inputs.size`, and asserts with the message `ONE_PAGE` that its content is one page. Raises
    `OverflowError` where no attempt fits.
    """
    import typst  # noqa: PLC0415

    for document, size in attempts:
        try:
            return render_pdf(layout, document, size=str(size), too_long=ONE_PAGE)
        except typst.TypstError as fault:
            if ONE_PAGE not in str(fault):
                raise
    raise OverflowError(ONE_PAGE)


@cache
def _fonts(added: str) -> Any:
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=False, font_paths=[*shipped_fonts(), *([added] if added else [])])
