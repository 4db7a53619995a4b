"""Reads a PDF with PDFium: fields as they are drawn, printed text, and pictures. Only the child process imports this.

One library reads the values and draws the picture that a person compares them with, so that the two cannot be of different
readings of one file. A field that is hidden, or lies outside its page, is no part of what a person sees, and is left out.
"""

from __future__ import annotations

import ctypes
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from comity.desk.papers.raw import Kind, RawField, RawPage, RawPaper

PAGES_MAX, PICTURES_MAX, FIELDS_MAX = 40, 8, 2_000
TEXT_MAX, VALUE_MAX = 20_000, 2_000  # characters of a page, of a value or label
PICTURE_WIDTH, PICTURE_HEIGHT_MAX = 1_000, 2_400  # pixels
PAGE_SIDE_MAX = 14_400  # points: the largest page that the format allows
UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW | raw.FPDF_ANNOT_FLAG_INVISIBLE
KINDS: dict[int, Kind] = {
    raw.FPDF_FORMFIELD_TEXTFIELD: "text", raw.FPDF_FORMFIELD_COMBOBOX: "text", raw.FPDF_FORMFIELD_CHECKBOX: "check",
    raw.FPDF_FORMFIELD_RADIOBUTTON: "check", raw.FPDF_FORMFIELD_SIGNATURE: "signature",
}  # fmt: skip
# How far printed text beside a field is looked for, in points.
BESIDE, BELOW, LINE = 420.0, 14.0, 6.0

Box = tuple[float, float, float, float]  # left, bottom, right, top


def read_pdf(content: bytes, *, pictures: bool) -> RawPaper:
    """The pages of a PDF; a fault where it cannot be opened. Raises what PDFium's binding raises on other damage."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as fault:
        return RawPaper(fault="locked-paper" if "password" in str(fault).lower() else "damaged-paper")
    document.init_forms()
    count = len(document)
    pages: list[RawPage] = []
    left_out: list[str] = []
    fields_left = FIELDS_MAX
    for at in range(min(count, PAGES_MAX)):
        try:
            page = _page(document, at, pictures=pictures and at < PICTURES_MAX, most=fields_left)
        except (pdfium.PdfiumError, ValueError, OverflowError):
            left_out.append(f"page {at + 1} is damaged")
            continue
        fields_left -= len(page.fields)
        pages.append(page)
    if count > PAGES_MAX:
        left_out.append(f"pages after page {PAGES_MAX}")
    if fields_left <= 0:
        left_out.append(f"fields after the first {FIELDS_MAX:,}")
    return RawPaper(pages=tuple(pages), page_count=count, left_out=tuple(left_out))


def _page(document: Any, at: int, *, pictures: bool, most: int) -> RawPage:
    page = document[at]
    text = page.get_textpage()
    width, height = page.get_size()
    if not (0 < width <= PAGE_SIDE_MAX and 0 < height <= PAGE_SIDE_MAX):
        raise ValueError("a page of no possible size")
    printed = text.get_text_range(0, min(text.count_chars(), TEXT_MAX)) if text.count_chars() > 0 else ""
    fields = tuple(_fields(document, page, text, at + 1, most)) if document.formenv else ()
    png = _picture(page, width, height) if pictures else b""
    return RawPage(number=at + 1, text=_plain(printed, TEXT_MAX), fields=fields, png=png)


def _fields(document: Any, page: Any, text: Any, number: int, most: int) -> Iterator[RawField]:
    """The fields of a page that are drawn on it, in the order of the file."""
    form = document.formenv
    found: list[tuple[Any, Box, Kind]] = []
    try:
        for at in range(min(raw.FPDFPage_GetAnnotCount(page), FIELDS_MAX * 2)):
            annotation = raw.FPDFPage_GetAnnot(page, at)
            if not annotation:
                continue
            kind = KINDS.get(raw.FPDFAnnot_GetFormFieldType(form, annotation))
            box = _box(annotation)
            seen = not raw.FPDFAnnot_GetFlags(annotation) & UNSEEN
            if kind and box and seen and _is_on(box, page.get_size()) and len(found) < most:
                found.append((annotation, box, kind))
            else:
                raw.FPDFPage_CloseAnnot(annotation)
        boxes = [box for _, box, _ in found]
        for annotation, box, kind in found:
            yield _field(form, annotation, text, kind=kind, box=box, boxes=boxes, number=number)
    finally:
        for annotation, _, _ in found:
            raw.FPDFPage_CloseAnnot(annotation)


def _field(form: Any, annotation: Any, text: Any, *, kind: Kind, box: Box, boxes: list[Box], number: int) -> RawField:
    left, bottom, right, top = box
    beside = [other for other in boxes if other is not box and other[1] < top and other[3] > bottom]
    begins = max([other[2] for other in beside if other[2] <= left + 1] + [left - BESIDE, 0])
    ends = min([other[0] for other in beside if other[0] >= right - 1] + [right + BESIDE])
    middle = (bottom + top) / 2
    low, high = (max(bottom, middle - LINE), min(top, middle + LINE))
    return RawField(
        page=number,
        name=_said(raw.FPDFAnnot_GetFormFieldName, form, annotation),
        tooltip=_said(raw.FPDFAnnot_GetFormFieldAlternateName, form, annotation),
        kind=kind,
        value=_said(raw.FPDFAnnot_GetFormFieldValue, form, annotation) if kind == "text" else "",
        checked=kind == "check" and bool(raw.FPDFAnnot_IsChecked(form, annotation)),
        signed=kind == "signature" and _holds_signature(annotation),
        before=_printed(text, (begins, low, left, high)),
        after=_printed(text, (right, low, ends, high)),
        below=_printed(text, (left - 2, bottom - BELOW, max(right, ends - 2), bottom)),
    )


def _holds_signature(annotation: Any) -> bool:
    held = (raw.FPDF_OBJECT_DICTIONARY, raw.FPDF_OBJECT_REFERENCE)
    return raw.FPDFAnnot_GetValueType(annotation, b"V") in held


def _box(annotation: Any) -> Box | None:
    rectangle = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, rectangle):
        return None
    left, right = sorted((rectangle.left, rectangle.right))
    bottom, top = sorted((rectangle.bottom, rectangle.top))
    return (left, bottom, right, top) if left < right and bottom < top else None


def _is_on(box: Box, size: tuple[float, float]) -> bool:
    return box[0] < size[0] and box[1] < size[1] and box[2] > 0 and box[3] > 0


def _said(ask: Callable[..., int], form: Any, annotation: Any) -> str:
    """A text that PDFium writes into a buffer in UTF-16; a longer one than a value may have is cut."""
    size = ask(form, annotation, None, 0)
    if size <= 2 or size > 1 << 20:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(form, annotation, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return _plain(buffer.raw[: size - 2].decode("utf-16-le", errors="replace"), VALUE_MAX)


def _printed(text: Any, box: Box) -> str:
    left, bottom, right, top = box
    if right <= left or top <= bottom:
        return ""
    found = text.get_text_bounded(left, bottom, right, top)
    return _plain(" ".join(found.split()), VALUE_MAX)


def _plain(text: str, most: int) -> str:
    """A text without what no JSON can hold, cut to a length. PDFium writes the hyphen at the end of a line as a control character."""
    for written, plain in (("\r\n", "\n"), ("\x02", "-"), ("\ufffe", "-"), ("\x00", "")):
        text = text.replace(written, plain)
    return text.encode("utf-8", "replace").decode("utf-8")[:most]


def _picture(page: Any, width: float, height: float) -> bytes:
    """The page as a PNG in grey, as a person sees it, with the fields drawn."""
    scale = min(PICTURE_WIDTH / width, PICTURE_HEIGHT_MAX / height)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = bytes(bitmap.buffer)
    if bitmap.n_channels != 1:
        return b""
    lines = b"".join(
        b"\0" + rows[at * bitmap.stride : at * bitmap.stride + bitmap.width] for at in range(bitmap.height)
    )
    head = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
