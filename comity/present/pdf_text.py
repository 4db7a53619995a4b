"""Text for a PDF in the fonts that ship with the program: what they cannot show is written as code points.

PDF/UA allows no character without a glyph, so that one name in Chinese would leave a county without its invoice. Typst ships
with fonts for Latin, Greek, Cyrillic and Devanagari; DejaVu Sans, which matplotlib ships, adds Arabic, Armenian, Georgian,
symbols and faces where it is installed. No font here has the scripts of East Asia, which would be tens of megabytes; the variable
`COMITY_FONTS` names a folder of fonts that do.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from comity.present.clean import JOINERS, cleaned

VARIABLE = "COMITY_FONTS"
NAME_MAX = 200  # characters of a text in a PDF
DEVANAGARI = range(0x900, 0x980)  # in New Computer Modern Math, which typst ships
# What Libertinus Serif, which typst ships, has whole: Latin, Greek, Cyrillic, Vietnamese, and punctuation.
LIBERTINUS = (
    *(range(0x20, 0x7F), range(0xA0, 0x250), range(0x391, 0x3A2), range(0x3A3, 0x3CF), range(0x400, 0x478)),
    *(range(0x1E00, 0x1F00), range(0x2010, 0x2028), range(0x20AC, 0x20AD)),
)


def shipped_fonts() -> list[str]:
    """The folders of the fonts that layouts add to those of typst: those of matplotlib, where it is installed."""
    if find_spec("matplotlib") is None:
        return []
    import matplotlib  # noqa: PLC0415  a large library, for its fonts alone

    return [str(Path(matplotlib.get_data_path(), "fonts", "ttf"))]


def added_folder() -> str:
    """The folder of further fonts, which the environment names; empty where there is none, or nothing to read its fonts with."""
    folder = os.environ.get(VARIABLE, "")
    return folder if folder and find_spec("matplotlib") and Path(folder).is_dir() else ""


@cache
def added_fonts(folder: str) -> dict[str, frozenset[int]]:
    """The families of fonts in a folder by name, and the code points for which each font of the family has a glyph."""
    if not folder:
        return {}
    import typst  # noqa: PLC0415  a large library that only PDF needs
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    families: dict[str, frozenset[int]] = {}
    for font in typst.Fonts(include_system_fonts=False, font_paths=[folder]).fonts():
        if font.path is not None and font.index == 0:
            glyphs = frozenset(FT2Font(str(font.path)).get_charmap())
            families[font.family] = families.get(font.family, glyphs) & glyphs
    return dict(sorted(families.items()))


@cache
def _glyphs(added: str) -> frozenset[int]:
    """The code points that the fonts of the layouts have a glyph for."""
    others = frozenset(DEVANAGARI).union(*added_fonts(added).values())
    folders = shipped_fonts()
    if not folders:
        return others.union(*LIBERTINUS)
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    return others | frozenset(FT2Font(str(Path(folders[0], "DejaVuSans.ttf"))).get_charmap())


def printable(text: str, length_max: int = NAME_MAX) -> str:
    """The text with hidden characters as escapes, and each run of characters without a glyph as `[U+738B U+660E]`.

    A text longer than `length_max` characters is cut; 0 is no limit.
    """
    shown = cleaned(text, length_max)
    if shown.isascii():
        return shown
    glyphs = _glyphs(added_folder())
    parts: list[str] = []
    missing: list[str] = []
    for char in f"{shown} ":  # the space at the end closes a last run
        if ord(char) in glyphs and not (missing and char in JOINERS):  # a joiner belongs to what it joins
            parts += [f"[{' '.join(missing)}]"] if missing else []
            parts.append(char)
            missing = []
        else:
            missing.append(f"U+{ord(char):04X}")
    return "".join(parts)[:-1]
