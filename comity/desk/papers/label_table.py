"""What the forms print, as tables: which form a page is, and which field or box says what.

`forms.csv` has the number and edition at the foot of each form. `labels.csv` has a row for each thing that a form says: patterns of the
names that fields may have in a file, and the beginnings of the labels that the form prints. `field_names.csv` has the names of all fields
of the files of Forms I-200 and I-205, with where they were found; those without a target say nothing that is read. No names were
found for the forms of detainers, so for these the patterns are made from their printed labels.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from comity.csvtext import read_rows
from comity.desk.papers.raw import Kind

FOLDER = Path(__file__).parent
EVERY_FORM = "*"
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# The foot of a form: "DHS Form I-247A (3/17)", "Form I-200 (Rev. 09/16)".
FOOT = re.compile(
    r"form\s+(I\s?[-\u2010-\u2015\u2212]\s?\d{3}[A-Z]?)\s*\(\s*(?:rev\.?\s*)?0?(\d{1,2})/(\d\d|\d{4})\)", re.I
)


class FormKind(Struct, frozen=True, kw_only=True):
    """A form: the word for it in the vocabulary, its number, the edition (empty: any), and its title for people."""

    form: str
    number: str
    edition: str
    title: str


class Label(Struct, frozen=True, kw_only=True):
    """What a field says: `target` is a fact with its member, a field of the person, a note, or something that is only shown."""

    forms: frozenset[str]
    kind: Kind
    target: str
    names: re.Pattern[str]
    labels: tuple[str, ...]
    required: bool

    def is_of(self, form: str) -> bool:
        """Whether a form has this field."""
        return EVERY_FORM in self.forms or form in self.forms


def words_of(text: str) -> str:
    """The words of a label or of a field's name, in small letters, with one space between."""
    return " ".join(re.findall(r"[a-z0-9]+", CAMEL.sub(" ", text).lower().replace("\u2019", "").replace("'", "")))


def name_words(name: str) -> str:
    """The words of the last part of a field's name: `form1[0].page1[0].AlienName[0]` is `alien name`."""
    return words_of(re.sub(r"\[\d+\]", "", name).rpartition(".")[2])


@cache
def form_kinds() -> tuple[FormKind, ...]:
    """The forms that are known, as `forms.csv` has them."""
    rows, _ = read_rows(FOLDER / "forms.csv", tuple(FormKind.__struct_fields__))
    return tuple(FormKind(**row.cells) for row in rows)


@cache
def known_names() -> dict[tuple[str, str], str]:
    """What the fields of a form say, by the words of their names, as `field_names.csv` has it; empty for what is not read."""
    rows, _ = read_rows(FOLDER / "field_names.csv", ("form", "name", "target", "source"))
    return {(row["form"], name_words(row["name"])): row["target"] for row in rows}


@cache
def labels() -> tuple[Label, ...]:
    """What fields say, as `labels.csv` has it."""
    rows, _ = read_rows(FOLDER / "labels.csv", tuple(Label.__struct_fields__))
    return tuple(
        Label(
            forms=frozenset(row["forms"].split()), kind=msgspec.convert(row["kind"], Kind), target=row["target"],
            names=re.compile(f"(?:{row['names']})( \\d+)?"), labels=tuple(row["labels"].split("|")),
            required=row["required"] == "yes",
        )
        for row in rows
    )  # fmt: skip


def forms_printed(text: str) -> list[tuple[FormKind, str]]:
    """The forms whose foot a page prints, each with the words that say so; an edition that is not known is no form."""
    found: dict[str, tuple[FormKind, str]] = {}
    for match in FOOT.finditer(text):
        number = re.sub(r"[^A-Z0-9]", "", match[1].upper())
        edition = f"{int(match[2])}/{match[3][-2:]}"
        for kind in form_kinds():
            if kind.number.replace("-", "") == number and kind.edition in ("", edition):
                found.setdefault(kind.form, (kind, " ".join(match[0].split())))
    return list(found.values())
