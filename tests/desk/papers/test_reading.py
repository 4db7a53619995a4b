"""Papers as they are read: which form it is, what its fields say and where, and what is not read."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest

from comity.api import load
from comity.desk.papers.contained import read_contained
from comity.desk.papers.label_table import form_kinds, known_names, labels
from comity.desk.papers.reading import Reading, as_json, day_in, read_paper, read_text
from tests.desk.papers.made_up import FOOTS, GROUNDS, Box, Sheet, detainer, pdf, warrant


def values(reading: Reading) -> dict[str, Any]:
    return {value.target: value.value for value in reading.values}


def codes(reading: Reading) -> list[str]:
    return [note.code for note in reading.notes]


def test_a_filled_form_is_read_by_its_printed_labels_though_its_fields_have_meaningless_names() -> None:
    reading = read_paper(pdf(detainer(checked=["final_order"], signed=True), warrant(signed=True)), pictures=True)
    assert values(reading) == {
        "request.form": "i247a", "request.basis": ["final_order"], "request.signed": True, "request.complete": True,
        "request.warrants": {"partial": [{"kind": "i200", "issuer": "immigration_officer", "signed": True}]},
        "name": "SUBJECT 0017", "a_number": "A012345678", "born_on": "1990-02-03",
    }  # fmt: skip
    where = {value.target: (value.page, value.field) for value in reading.values}
    assert (
        where["request.basis"] == (1, "CheckBox0")
        and where["name"] == (1, "Text1")
        and where["request.warrants"][0] == 2
    )
    assert reading.titles == ("Form I-247A", "Form I-200") and len(reading.pages) == 2


@pytest.mark.parametrize("form", [form for form in FOOTS if form.startswith("i247")])
def test_each_form_of_the_family_is_known_by_its_foot(form: str) -> None:
    reading = read_paper(pdf(detainer(form)))
    assert (
        reading.form == form and values(reading)["request.form"] == form and values(reading)["name"] == "SUBJECT 0017"
    )


@pytest.mark.parametrize("ground", [ground for ground, _ in GROUNDS])
@pytest.mark.parametrize("how", ["printed", "tooltip", "name"])
def test_a_checked_box_is_a_ground(ground: str, how: str) -> None:
    names = (
        {key: f"form1[0].#subform[0].{key.title().replace('_', '')}[0]" for key, _ in GROUNDS}
        if how == "name"
        else None
    )
    reading = read_paper(pdf(detainer(checked=[ground], names=names, tooltips=how == "tooltip")))
    assert values(reading)["request.basis"] == [ground]


def test_what_no_box_says_stays_unknown() -> None:
    reading = read_paper(pdf(detainer(texts={"name": "", "born": "", "file": "", "officer": ""})))
    assert values(reading) == {"request.form": "i247a"}


def test_a_form_that_lacks_one_of_its_boxes_gives_its_grounds_in_part() -> None:
    sheet = detainer(checked=["final_order"])
    shorter = Sheet(lines=sheet.lines, boxes=[box for box in sheet.boxes if box.name != "CheckBox2"])
    assert values(read_paper(pdf(shorter)))["request.basis"] == {"partial": ["final_order"]}


def test_the_boxes_of_december_2012() -> None:
    reading = read_paper(pdf(detainer("i247_2012", checked=["reason_to_believe", "hold"])))
    found = values(reading)
    assert found["request.basis"] == ["reason_to_believe"]
    assert found["request.asks"] == {"partial": ["hold"]}


def test_a_form_whose_foot_no_table_has_is_shown_and_not_read() -> None:
    sheet = detainer(checked=["final_order"])
    other = Sheet(
        lines=[(x, y, text.replace("I-247A (3/17)", "I-999 (3/17)")) for x, y, text in sheet.lines], boxes=sheet.boxes
    )
    reading = read_paper(pdf(other))
    assert (reading.values, codes(reading)) == ((), ["unknown-form"]) and "I-999" in reading.pages[0].text


def test_an_edition_that_is_not_known_is_no_form() -> None:
    sheet = detainer("i247_2012")
    other = Sheet(lines=[(x, y, text.replace("12/12", "4/97")) for x, y, text in sheet.lines], boxes=sheet.boxes)
    assert codes(read_paper(pdf(other))) == ["unknown-form"]


def test_two_detainers_in_one_paper_are_not_read() -> None:
    reading = read_paper(pdf(detainer("i247a"), detainer("i247d")))
    assert (reading.values, codes(reading)) == ((), ["two-forms"])


def test_a_warrant_for_another_person_is_noted_and_neither_name_is_read() -> None:
    reading = read_paper(pdf(detainer(), warrant(name="SUBJECT 0018")))
    assert "two-values" in codes(reading) and "name" not in values(reading)


def test_a_name_of_a_field_that_contradicts_its_label_is_not_read() -> None:
    reading = read_paper(pdf(detainer(checked=["final_order"], names={"final_order": "Statements"})))
    assert "request.basis" not in values(reading) and [value.field for value in reading.unread] == ["Statements"]


def test_a_hidden_field_is_no_part_of_the_paper() -> None:
    sheet = detainer(texts={"name": ""})
    hidden = Box(name="AlienName[0]", kind="text", x=200, y=500, width=90, value="SUBJECT 0666", flags=2)
    away = Box(name="AlienName[1]", kind="text", x=900, y=900, width=90, value="SUBJECT 0667")
    reading = read_paper(pdf(Sheet(lines=sheet.lines, boxes=[*sheet.boxes, hidden, away])))
    assert "name" not in values(reading)


def test_a_box_that_cancels_is_a_note() -> None:
    assert "cancels" in codes(read_paper(pdf(detainer(checked=["cancels"]))))


def test_a_paper_without_fields_is_read_by_its_printed_labels() -> None:
    sheet = detainer(fields=False)
    lines = [
        *[line for line in sheet.lines if line[2] != "Name of Alien:"],
        (60, 660, "Name of Alien: SUBJECT 0017 Sex: F"),
    ]
    assert values(read_paper(pdf(Sheet(lines=lines)))) == {"request.form": "i247a", "name": "SUBJECT 0017"}


def test_pasted_text_by_its_labels() -> None:
    text = "Subject name: SUBJECT 0017   Date of birth: 02/03/1990\nFile No.: A 012 345 678\nDHS Form I-247A (3/17)\n"
    text += "[x] a final order of removal against the alien\n[ ] the pendency of ongoing removal proceedings\n"
    assert values(read_text(text)) == {
        "request.form": "i247a", "request.basis": {"partial": ["final_order"]}, "name": "SUBJECT 0017",
        "a_number": "A 012 345 678", "born_on": "1990-02-03",
    }  # fmt: skip
    assert values(read_text("Name of subject: SUBJECT 0018")) == {"name": "SUBJECT 0018"}


@pytest.mark.parametrize(
    ("text", "day"), [("2/3/1990", "1990-02-03"), ("2/3/90", ""), ("31/12/1990", ""), ("March 4, 1991", "1991-03-04")]
)
def test_a_day_is_read_for_certain_or_not(text: str, day: str) -> None:
    assert day_in(text) == day


def test_an_unclear_day_is_noted_without_its_value_for_logs() -> None:
    reading = read_paper(pdf(detainer(texts={"born": "2/3/90"})))
    note = next(note for note in reading.notes if note.code == "unclear")
    assert "2/3/90" in note.message and "2/3/90" not in note.without_values().message


def test_the_picture_is_a_png_of_bounded_size() -> None:
    reading = read_paper(pdf(detainer()), pictures=True)
    png = reading.pages[0].png
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG") and width == 1_000 and height < 2_400
    at = png.index(b"IDAT")
    pixels = zlib.decompress(png[at + 4 : at + 4 + struct.unpack(">I", png[at - 4 : at])[0]])
    assert len(pixels) == (width + 1) * height and min(pixels[1:]) < 100


def test_what_cannot_be_opened_is_a_finding_that_says_what_to_do() -> None:
    for content in (b"", b"no PDF at all", pdf(detainer())[:300]):
        reading = read_paper(content)
        assert codes(reading) == ["damaged-paper"] and "type what it says" in reading.notes[0].help
    paper, findings = read_contained(b"x" * 20_000_001)
    assert paper is None and findings[0].code == "too-large"


def test_the_json_of_a_reading_names_fields_and_pages() -> None:
    document = as_json(read_paper(pdf(detainer(checked=["final_order"]))))
    basis = next(fact for fact in document["facts"] if fact["target"] == "request.basis")
    assert (basis["page"], basis["field"], basis["value"]) == (1, "CheckBox0", ["final_order"])
    assert document["form"] == "i247a" and "png" not in document["pages"][0]


def test_warrants_by_the_names_that_their_fields_have() -> None:
    """The names as they are in the files of the forms; no label is printed beside these fields."""
    who = {"i200": "Name of Alien", "i205": "Full name of alien"}
    signer = {"i200": "Signature of Authorized Immigration Officer", "i205": "Signature of immigration officer"}
    other = {"i200": "Name and Signature of Officer", "i205": "Signature of alien being fingerprinted"}
    for form, signed in (("i200", True), ("i205", True), ("i200", False), ("i205", False)):
        boxes = [
            Box(name=name, kind=kind, x=300, y=700 - 30 * at, width=90, value=text, is_set=is_set)
            for at, (name, kind, text, is_set) in enumerate(
                (
                    (who[form], "text", "SUBJECT 0019", False), ("File No", "text", "A000000019", False),
                    (signer[form], "signature", "", signed), (other[form], "signature", "", True),
                    ("Date and office location", "text", "10/30/2026, Office 4", False),
                )
            )
        ]  # fmt: skip
        reading = read_paper(pdf(Sheet(lines=[(60, 40, FOOTS[form])], boxes=boxes)))
        assert (values(reading)["name"], values(reading)["a_number"]) == ("SUBJECT 0019", "A000000019")
        record = values(reading)["request.warrants"]["partial"][0]
        assert record.get("signed") == (True if signed else None), (form, record)
        assert other[form] in [value.field for value in reading.unread]


def test_the_names_of_fields_say_what_labels_say() -> None:
    targets = {(form, label.target) for label in labels() for form in ("i200", "i205") if label.is_of(form)}
    named = known_names()
    assert len(named) == 42 and {(form, target) for (form, _), target in named.items() if target} <= targets


def test_the_tables_of_labels_say_only_what_the_vocabulary_has() -> None:
    entries = load().vocabulary.entries
    forms = {kind.form for kind in form_kinds()}
    for label in labels():
        assert label.forms <= {*forms, "*"} and all(words == words.lower() for words in label.labels)
        path, _, member = label.target.partition(":")
        if path.startswith("request."):
            assert not member or member in entries[path].words
    assert {form for form in forms if form.startswith("i247")} <= set(entries["request.form"].words)


def test_hidden_characters_of_a_value_are_shown() -> None:
    reading = read_text("Name of subject: SUBJECT\u202e7100 TCEJBUS\n")
    assert values(reading) == {"name": "SUBJECTU+202E7100 TCEJBUS"} and "U+202E" in reading.pages[0].text
