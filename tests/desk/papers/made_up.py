"""Fillable PDFs that the tests write themselves: the labels of real forms, the fields of nobody. No third party's file is used."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from msgspec import Struct

FOOTS = {
    "i247a": "DHS Form I-247A (3/17)", "i247d": "DHS Form I-247D (5/15)", "i247n": "DHS Form I-247N (5/15)", "i247x": "DHS Form I-247X (5/15)",
    "i247_2012": "DHS Form I-247 (12/12)", "i200": "Form I-200 (Rev. 09/16)", "i205": "ICE Form I-205 (8/07)",
}  # fmt: skip
GROUNDS = (
    ("final_order", "a final order of removal against the alien;"),
    ("pending_proceedings", "the pendency of ongoing removal proceedings against the alien;"),
    (
        "biometric_and_records",
        "biometric confirmation of the alien's identity and a records check of federal databases",
    ),
    ("statements_or_evidence", "statements made by the alien to an immigration officer and/or other reliable evidence"),
)
OF_2012 = (
    ("reason_to_believe", "Determined that there is reason to believe the individual is an alien subject to removal"),
    ("pending_proceedings", "Initiated removal proceedings and served a Notice to Appear or other charging document."),
    ("final_order", "Obtained an order of deportation or removal from the United States for this person."),
    ("hold", "Maintain custody of the subject for a period NOT TO EXCEED 48 HOURS"),
    ("notify", "Notify this office of the time of release at least 30 days prior to release"),
)
ON_LOAN = ("on_loan_from_dhs", "Upon completion of the proceeding or investigation for which the alien was transferred")
CANCELS = ("cancels", "If checked: please cancel the detainer related to this alien previously submitted to you on")


class Box(Struct, frozen=True, kw_only=True):
    """A field to draw: a text, a check box, or a place for a signature."""

    name: str
    kind: str  # text, check, signature
    x: float
    y: float
    width: float = 12
    value: str = ""
    is_set: bool = False
    tooltip: str = ""
    flags: int = 4


class Sheet(Struct, frozen=True, kw_only=True):
    """A page to draw: printed lines by place, and fields."""

    lines: Sequence[tuple[float, float, str]]
    boxes: Sequence[Box] = ()


def detainer(
    form: str = "i247a", *, texts: dict[str, str] | None = None, checked: Sequence[str] = (), names: dict[str, str] | None = None,
    tooltips: bool = False, signed: bool = False, fields: bool = True,
) -> Sheet:  # fmt: skip
    """A page with the labels of a detainer form; fields are called Text1, CheckBox1 and so on, unless `names` says otherwise."""
    said = {
        "name": "SUBJECT 0017",
        "file": "A012345678",
        "born": "02/03/1990",
        "officer": "Officer 12, deportation officer",
        **(texts or {}),
    }
    who = "Subject" if form in ("i247d", "i247n", "i247x") else "Alien"
    lines: list[tuple[float, float, str]] = [
        (60, 760, "DEPARTMENT OF HOMELAND SECURITY"), (60, 720, "Subject ID:"), (60, 700, "File No:"), (330, 700, "Date:"),
        (60, 660, f"Name of {who}:"), (60, 640, "Date of Birth:"), (250, 640, "Citizenship:"), (60, 40, f"{FOOTS[form]}    Page 1 of 3"),
        (60, 108, "(Name and title of Immigration Officer)"), (330, 108, "(Signature of Immigration Officer) (Sign in ink)"),
    ]  # fmt: skip
    called = names or {}
    places = {"file": (105, 696), "name": (140, 656), "born": (130, 636), "officer": (60, 118), "date": (360, 696)}
    boxes = [
        Box(name=called.get(key, f"Text{at}"), kind="text", x=x, y=y, width=110, value=said.get(key, ""))
        for at, (key, (x, y)) in enumerate(places.items())
    ]
    grounds = (
        OF_2012 if form == "i247_2012" else (*GROUNDS, ON_LOAN, CANCELS) if form != "i247n" else (ON_LOAN, CANCELS)
    )
    for at, (key, label) in enumerate(grounds):
        y = 580 - 22 * at
        lines.append((80, y + 2, label.replace("alien", "subject") if who == "Subject" else label))
        boxes.append(
            Box(
                name=called.get(key, f"CheckBox{at}"),
                kind="check",
                x=62,
                y=y,
                is_set=key in checked,
                tooltip=label if tooltips else "",
            )
        )
    boxes.append(Box(name="SignatureField1", kind="signature", x=330, y=118, width=150, is_set=signed))
    return Sheet(lines=lines, boxes=boxes if fields else ())


def warrant(form: str = "i200", *, name: str = "SUBJECT 0017", signed: bool = False) -> Sheet:
    """A page with the labels of a warrant of an immigration officer."""
    title = "WARRANT FOR ARREST OF ALIEN" if form == "i200" else "WARRANT OF REMOVAL/DEPORTATION"
    block = "(Signature of Authorized Immigration Officer)" if form == "i200" else "(Signature of immigration officer)"
    lines = [
        (200, 740, title),
        (60, 700, "File No:"),
        (60, 640, "Name of Alien:"),
        (300, 108, block),
        (60, 40, FOOTS[form]),
    ]
    boxes = [
        Box(name=f"{form}[0].Text90[0]", kind="text", x=140, y=636, width=180, value=name),
        Box(name=f"{form}[0].Sig[0]", kind="signature", x=300, y=118, width=160, is_set=signed),
    ]
    return Sheet(lines=lines, boxes=boxes)


def pdf(*sheets: Sheet, compressed: bool = True) -> bytes:
    """The bytes of a PDF with these pages."""
    objects: list[bytes] = [
        b"",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]

    def added(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    on, off = (
        added(_stream(b"0 0 m 12 12 l S 0 12 m 12 0 l S", _form_of(12), compressed)),
        added(_stream(b"", _form_of(12), False)),
    )
    signature = added(
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <00> >>"
    )
    pages, fields = [], []
    for sheet in sheets:
        drawn = "".join(f"BT /F1 9 Tf {x} {y} Td ({_escaped(text)}) Tj ET\n" for x, y, text in sheet.lines)
        content = added(_stream(drawn.encode("cp1252"), b"", compressed))
        widgets = [added(_widget(box, on, off, signature, added)) for box in sheet.boxes]
        fields += widgets
        annotations = " ".join(f"{number} 0 R" for number in widgets)
        pages.append(
            added(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
                f"/Contents {content} 0 R /Annots [{annotations}] >>".encode()
            )
        )
    all_fields, kids = (" ".join(f"{number} 0 R" for number in numbers) for numbers in (fields, pages))
    resources = "/DR << /Font << /F1 3 0 R >> >> /DA (/F1 9 Tf 0 g)"
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{all_fields}] {resources} >> >>".encode()
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    return written(objects)


def written(objects: Sequence[bytes]) -> bytes:
    """A PDF file of objects, the first of which is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    begun = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{begun}\n%%EOF\n".encode())


def _widget(box: Box, on: int, off: int, signature: int, added: object) -> bytes:
    rectangle = f"[{box.x} {box.y} {box.x + box.width} {box.y + 12}]"
    head = f"<< /Type /Annot /Subtype /Widget /F {box.flags} /Rect {rectangle} /T ({_escaped(box.name)})"
    head += f" /TU ({_escaped(box.tooltip)})" if box.tooltip else ""
    if box.kind == "check":
        state = "Yes" if box.is_set else "Off"
        return f"{head} /FT /Btn /V /{state} /AS /{state} /AP << /N << /Yes {on} 0 R /Off {off} 0 R >> >> >>".encode()
    if box.kind == "signature":
        return f"{head} /FT /Sig{f' /V {signature} 0 R' if box.is_set else ''} >>".encode()
    drawn = f"/Tx BMC BT /F1 9 Tf 2 3 Td ({_escaped(box.value)}) Tj ET EMC".encode("cp1252")
    resources = b"/Resources << /Font << /F1 3 0 R >> >>"
    look = added(_stream(drawn, _form_of(box.width) + resources, False))  # type: ignore[operator]
    return f"{head} /FT /Tx /DA (/F1 9 Tf 0 g) /V ({_escaped(box.value)}) /AP << /N {look} 0 R >> >>".encode("cp1252")


def _form_of(width: float) -> bytes:
    return f"/Type /XObject /Subtype /Form /BBox [0 0 {width} 12] ".encode()


def _stream(content: bytes, head: bytes, compressed: bool) -> bytes:
    packed = zlib.compress(content) if compressed else content
    how = b"/Filter /FlateDecode " if compressed else b""
    return b"<< " + head + how + f"/Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
