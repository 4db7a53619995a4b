"""Text for a PDF in the fonts that ship with the program: what they cannot show is written as code points.

PDF/UA allows no character without a glyph, so that one name in Chinese would leave a county without its invoice. Typst ships
with fonts for Latin, Greek, Cyrillic and Devanagari; DejaVu Sans, which matplotlib ships, adds Arabic, Armenian, Georgian,
symbols and faces. No font here has the scripts of East Asia, which would be tens of megabytes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from comity.present.clean import cleaned

NAME_MAX = 200  # characters of a text in a PDF
DEVANAGARI = range(0x900, 0x980)  # in New Computer Modern Math, which typst ships


def font_folder() -> Path:
    """The folder of the fonts that matplotlib ships, which layouts add to those of typst."""
    import matplotlib  # noqa: PLC0415  a large library, for its fonts alone

    return Path(matplotlib.get_data_path(), "fonts", "ttf")


@cache
def _glyphs() -> frozenset[int]:
    """The code points that the fonts of the layouts have a glyph for."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    return frozenset(FT2Font(str(font_folder().joinpath("DejaVuSans.ttf"))).get_charmap()) | frozenset(DEVANAGARI)


def printable(text: str, length_max: int = NAME_MAX) -> str:
    """The text with hidden characters as escapes, and each run of characters without a glyph as `[U+738B U+660E]`.

    A text longer than `length_max` characters is cut; 0 is no limit.
    """
    shown = cleaned(text, length_max)
    if shown.isascii():
        return shown
    glyphs = _glyphs()
    parts: list[str] = []
    missing: list[str] = []
    for char in f"{shown} ":  # the space at the end closes a last run
        if ord(char) in glyphs:
            parts += [f"[{' '.join(missing)}]"] if missing else []
            parts.append(char)
            missing = []
        else:
            missing.append(f"U+{ord(char):04X}")
    return "".join(parts)[:-1]
