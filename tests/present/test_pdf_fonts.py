"""Fonts that are added to those of a PDF: what they have is shown, what they lack is still a code point."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from comity.board import brief_pdf
from comity.decision import card_pdf
from comity.money import invoice_pdf
from comity.present.pdf import ONE_PAGE, render_one_page, render_pdf
from comity.present.pdf_text import added_fonts, printable

LAYOUT = """#let shown = json(bytes(sys.inputs.at("document")))
#set document(title: "Names")
#set text(font: ("Libertinus Serif", ..json(bytes(sys.inputs.fonts))), fallback: false)
#shown.name
"""


def write_font(path: Path, chars: str, family: str, style: str = "Regular") -> None:
    """A font in which each of some characters is a square."""
    names = [".notdef", *(f"u{ord(char):04X}" for char in chars)]
    pen = TTGlyphPen(None)
    for step, point in enumerate([(0, 0), (0, 700), (700, 700), (700, 0)]):
        pen.lineTo(point) if step else pen.moveTo(point)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(char): f"u{ord(char):04X}" for char in chars})
    font.setupGlyf(dict.fromkeys(names, square))
    font.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": style, "psName": f"{family}-{style}".replace(" ", "")})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWeightClass=700 if style == "Bold" else 400)
    font.setupPost()
    font.save(path)


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "fonts"
    folder.mkdir()
    write_font(folder / "squares.ttf", "\u738b\u674e", "Squares")
    write_font(folder / "squares-bold.ttf", "\u738b", "Squares", "Bold")
    (folder / "no-font.ttf").write_bytes(b"no font")
    monkeypatch.setenv("COMITY_FONTS", str(folder))
    return folder


def test_a_character_that_each_font_of_a_family_has_is_shown(fonts: Path) -> None:
    assert added_fonts(str(fonts)) == {"Squares": frozenset([0x738B])}
    assert printable("Wang \u738b, Li \u674e") == "Wang \u738b, Li [U+674E]"


def test_without_the_folder_it_is_a_code_point(fonts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert printable("\u738b") == "\u738b"
    for folder in ("", str(fonts / "none")):
        monkeypatch.setenv("COMITY_FONTS", folder)
        assert printable("\u738b") == "[U+738B]"


def test_the_pdf_is_written_in_it(fonts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = tmp_path / "layout.typ"
    layout.write_text(LAYOUT, encoding="utf-8")
    pdf = render_pdf(layout, {"name": "\u738b"})
    assert b"Squares" in pdf and pdf == render_pdf(layout, {"name": "\u738b"})
    monkeypatch.delenv("COMITY_FONTS")
    assert b"Squares" not in render_pdf(layout, {"name": "a"})


def test_the_largest_size_that_fits_is_used_and_none_is_a_fault(tmp_path: Path) -> None:
    layout = tmp_path / "layout.typ"
    layout.write_text(
        LAYOUT + "#assert(float(sys.inputs.size) < 9, message: sys.inputs.too_long)\n#sys.inputs.size",
        encoding="utf-8",
    )
    document = {"name": "a"}
    assert render_one_page(layout, [(document, 10.0), (document, 8.0), (document, 7.0)]) == render_pdf(
        layout, document, size="8.0", too_long=ONE_PAGE
    )
    with pytest.raises(OverflowError):
        render_one_page(layout, [(document, 10.0), (document, 9.0)])


@pytest.mark.parametrize("module", [brief_pdf, card_pdf, invoice_pdf])
def test_every_layout_takes_added_fonts(module: object) -> None:
    layout: Path = module.LAYOUT  # type: ignore[attr-defined]
    assert "..json(bytes(sys.inputs.fonts))" in layout.read_text(encoding="utf-8")
