"""What a paper says, as values that a person must confirm: which form it is, facts, and who the person is. Nothing is guessed.

A value stands here only where a field, box or printed label of a known form says it, and names that field and its page. Of a form that
is not known the text is shown and nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from comity.desk.papers.contained import read_contained
from comity.desk.papers.label_table import FormKind, forms_printed, labels, words_of
from comity.desk.papers.matching import Matched, Said, match_fields, match_text, settle
from comity.desk.papers.raw import RawPage, RawPaper
from comity.finding import Finding, Phrase, Place, phrase
from comity.present.clean import cleaned

WARRANTS = ("i200", "i205")
PERSON, SHOWN, NOTE, WARRANT = "person:", "shown:", "note:", "warrant:"
FIELD_TEXTS = ("name", "tooltip", "value", "before", "after", "below")
PERSON_FIELDS = ("name", "a_number", "born_on")
NEVER_WHOLE = frozenset(("request.asks",))  # a form also asks for what it prints without a box
DAYS = ("%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%B %d, %Y", "%b %d, %Y")
A_NUMBER_DIGITS = (7, 8, 9)
TEXT_MAX = 200_000
ISSUER_PRINTED = "immigration officer"  # in the signature block of both warrants
NOTES: dict[str, Phrase] = {
    "cancels": phrase(
        "a box says that this paper cancels an earlier detainer: record the withdrawal on the case of that detainer"
    ),
    "warrant-served": phrase(
        "a box says that a warrant of arrest was served and is attached: state it if it came with the paper"
    ),
    "upon-conviction": phrase("a box says that the detainer takes effect only upon conviction"),
}


class ReadValue(Struct, frozen=True, kw_only=True):
    """One value that a paper says: a fact by its path, or a field of the person; where it stands, and the label beside it."""

    target: str
    value: Any
    page: int
    field: str
    label: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """A paper as it was read. `values` are for a person to confirm; `unread` are fields that fit no label, or several."""

    form: str = ""  # of the detainer; empty where it is not known
    titles: tuple[str, ...] = ()  # of the forms in it
    values: tuple[ReadValue, ...] = ()
    shown: tuple[ReadValue, ...] = ()  # what is of use to whoever reads it, and is no fact
    unread: tuple[ReadValue, ...] = ()
    notes: tuple[Finding, ...] = ()
    pages: tuple[RawPage, ...] = ()

    @property
    def facts(self) -> tuple[ReadValue, ...]:
        """The values that are facts."""
        return tuple(value for value in self.values if value.target not in PERSON_FIELDS)

    @property
    def person(self) -> tuple[ReadValue, ...]:
        """The values that say who the person is."""
        return tuple(value for value in self.values if value.target in PERSON_FIELDS)


def read_paper(content: bytes, media_type: str = "application/pdf", *, pictures: bool = False) -> Reading:
    """What a paper says: a PDF, read by a child process with limits, or a plain text. Faults are notes; it never raises on its content."""
    if media_type.startswith("text/"):
        return read_text(content[:TEXT_MAX].decode("utf-8", errors="replace"))
    paper, findings = read_contained(content, pictures=pictures)
    return Reading(notes=tuple(findings)) if paper is None else reading_of(paper)


def read_text(text: str) -> Reading:
    """What a pasted text says by its labels; who the person is, also where it names no form."""
    return reading_of(RawPaper(pages=(RawPage(number=1, text=text[:TEXT_MAX]),), page_count=1), is_pasted=True)


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading as the API gives it: the form, the values with their fields and pages, and notes; no pictures."""
    return {
        "form": reading.form or None,
        "titles": list(reading.titles),
        "facts": [msgspec.to_builtins(value) for value in reading.facts],
        "person": [msgspec.to_builtins(value) for value in reading.person],
        "shown": [msgspec.to_builtins(value) for value in reading.shown],
        "unread": [msgspec.to_builtins(value) for value in reading.unread],
        "notes": [{"code": note.code, "message": note.message, "help": note.help} for note in reading.notes],
        "pages": [{"page": page.number, "text": page.text} for page in reading.pages],
    }


# ---- from what the child says to values ----


def reading_of(paper: RawPaper, *, is_pasted: bool = False) -> Reading:
    """The values of a paper as it was read, with hidden characters shown."""
    paper = replace(paper, pages=tuple(_cleaned(page) for page in paper.pages))
    kinds, by_form = _pages_by_form(paper.pages)
    detainers = [kind for kind in kinds if kind.form not in WARRANTS]
    notes = [_note("left-out", phrase("not read: {}", words)) for words in paper.left_out]
    if not any(kinds) and not is_pasted:
        words = phrase("no form is known that prints this at its foot: its text is shown, and nothing was read from it")
        return Reading(pages=paper.pages, notes=(*notes, _note("unknown-form", words)))
    if len({kind.form for kind in detainers}) > 1:
        words = phrase("holds two forms of detainer: nothing was read; send each as a paper of its own")
        return Reading(
            pages=paper.pages, titles=tuple(kind.title for kind in kinds), notes=(*notes, _note("two-forms", words))
        )
    form = detainers[0].form if detainers else ""
    if is_pasted and not kinds:
        by_form = {"": list(paper.pages)}
    of_forms = {name: settle(_said(pages, name)) for name, pages in by_form.items()}
    of_person = (
        each for matched in of_forms.values() for each in matched.said.values() if each.target.startswith(PERSON)
    )
    whole = settle(of_person)
    values, more = _values(form, of_forms, whole, kinds, by_form)
    differing = {*whole.differing, *(target for matched in of_forms.values() for target in matched.differing)}
    notes += more + [
        _note("two-values", phrase("two fields differ: {target}", target=target)) for target in sorted(differing)
    ]
    values = [value for value in values if value.target not in {target.removeprefix(PERSON) for target in differing}]
    every = [said for matched in of_forms.values() for said in matched.said.values()]
    shown = [
        _value(said, said.target.removeprefix(SHOWN)) for said in every if said.target.startswith(SHOWN) and said.text
    ]
    unread = [_value(said, "") for matched in of_forms.values() for said in matched.unread if said.text or said.is_set]
    return Reading(
        form=form, titles=tuple(kind.title for kind in kinds), values=tuple(values), shown=tuple(shown), unread=tuple(unread),
        notes=tuple(notes), pages=paper.pages,
    )  # fmt: skip


def _cleaned(page: RawPage) -> RawPage:
    """A page whose texts show hidden characters: a value that reorders its line would be confirmed as something else."""
    fields = tuple(
        replace(field, **{name: cleaned(" ".join(getattr(field, name).split())) for name in FIELD_TEXTS})
        for field in page.fields
    )
    return replace(page, text=cleaned(page.text, lines=True), fields=fields)


def _pages_by_form(pages: Iterable[RawPage]) -> tuple[dict[FormKind, ReadValue], dict[str, list[RawPage]]]:
    """The forms with where each is printed, and the pages of each: a page that prints no foot belongs to the form before it."""
    kinds: dict[FormKind, ReadValue] = {}
    by_form: dict[str, list[RawPage]] = {}
    current = ""
    for page in pages:
        printed = forms_printed(page.text)
        for kind, words in printed:
            kinds.setdefault(
                kind, ReadValue(target="request.form", value=kind.form, page=page.number, field=words, label=words)
            )
        current = printed[0][0].form if len(printed) == 1 else "" if printed else current
        if current:
            by_form.setdefault(current, []).append(page)
    return kinds, by_form


def _said(pages: Iterable[RawPage], form: str) -> Iterator[Said]:
    """What the pages of a form say: by fields; by printed labels where a page has no field."""
    for page in pages:
        yield from match_fields(page.fields, form) if page.fields else match_text(page.text, page.number, form)


def _values(
    form: str,
    of_forms: dict[str, Matched],
    whole: Matched,
    kinds: dict[FormKind, ReadValue],
    pages: dict[str, list[RawPage]],
) -> tuple[list[ReadValue], list[Finding]]:
    said = of_forms[form].said if form in of_forms else {}
    person, notes = _person(whole)
    values = [printed for kind, printed in kinds.items() if kind.form == form]
    values += [value for value in (*_sets(form, said), *_signed(said), *_complete(form, said)) if value]
    values += _warrants(of_forms, kinds, pages)
    notes += [
        _note(name, NOTES[name])
        for target, each in said.items()
        if each.is_set and (name := target.removeprefix(NOTE)) in NOTES
    ]
    return values + person, notes


def _person(whole: Matched) -> tuple[list[ReadValue], list[Finding]]:
    values: list[ReadValue] = []
    notes: list[Finding] = []
    for name in PERSON_FIELDS:
        said = whole.said.get(f"{PERSON}{name}")
        if said is None or not said.text:
            continue
        text = day_in(said.text) if name == "born_on" else said.text
        if name == "a_number" and sum(map(str.isdigit, said.text)) not in A_NUMBER_DIGITS:
            text = ""
        if text:
            values.append(_value(said, name, text))
        else:
            words = phrase('{what} "{}" cannot be read for certain', said.text, what=name.replace("_", " "))
            notes.append(_note("unclear", words))
    return values, notes


def day_in(text: str) -> str:
    """A day as `2026-11-02`; empty where the text is none for certain, as where a year has two digits."""
    for form in DAYS:
        try:
            day = datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
        return day.isoformat() if day.year > 1_000 else ""
    return ""


def _sets(form: str, said: dict[str, Said]) -> Iterator[ReadValue]:
    """The facts that boxes give: whole only where the paper has every box of the form, and one is checked."""
    of_form = [
        label.target for label in labels() if label.is_of(form) and label.kind == "check" and ":" in label.target
    ]
    for path in dict.fromkeys(target.partition(":")[0] for target in of_form if target.startswith("request.")):
        boxes = [target for target in of_form if target.startswith(f"{path}:")]
        checked = [said[target] for target in boxes if target in said and said[target].is_set]
        if checked:
            members = [each.target.partition(":")[2] for each in checked]
            is_whole = path not in NEVER_WHOLE and all(target in said for target in boxes)
            fields = "; ".join(each.field for each in checked)
            labels_read = "; ".join(each.label for each in checked)
            yield ReadValue(
                target=path, value=members if is_whole else {"partial": members}, page=checked[0].page, field=fields, label=labels_read,
            )  # fmt: skip


def _signed(said: dict[str, Said]) -> Iterator[ReadValue]:
    """A signature that the file holds. A field without one may be signed by hand on another copy, so it says nothing."""
    signature = said.get("request.signed")
    if signature and signature.is_set:
        yield _value(signature, "request.signed", value=True)


def _complete(form: str, said: dict[str, Said]) -> Iterator[ReadValue]:
    """That the form is complete: every line that it requires is filled in, a ground is checked, and a signature is there."""
    required = [label.target for label in labels() if label.required and label.is_of(form)]
    filled = [said[target] for target in required if target in said and said[target].text]
    grounds = [each for target, each in said.items() if target.startswith("request.basis:") and each.is_set]
    signature = said.get("request.signed")
    if form and len(filled) == len(required) and grounds and signature and signature.is_set:
        fields = "; ".join(each.field for each in (*filled, grounds[0], signature))
        yield ReadValue(target="request.complete", value=True, page=filled[0].page, field=fields, label=fields)


def _warrants(
    of_forms: dict[str, Matched], kinds: dict[FormKind, ReadValue], pages: dict[str, list[RawPage]]
) -> list[ReadValue]:
    """The warrants in the paper. Others may have come apart, so the list is never whole."""
    records: list[dict[str, Any]] = []
    fields: list[str] = []
    found = [(kind.form, foot) for kind, foot in kinds.items() if kind.form in WARRANTS]
    for form, foot in found:
        record: dict[str, Any] = {"kind": form}
        fields.append(foot.field)
        if any(ISSUER_PRINTED in words_of(page.text) for page in pages.get(form, ())):
            record["issuer"] = "immigration_officer"
        signature = of_forms[form].said.get("warrant:signed") if form in of_forms else None
        if signature and signature.is_set:
            record["signed"] = True
            fields.append(signature.field)
        records.append(record)
    if not found:
        return []
    field = "; ".join(fields)
    return [
        ReadValue(
            target="request.warrants", value={"partial": records}, page=found[0][1].page, field=field, label=field
        )
    ]


def _value(said: Said, target: str, value: Any = None) -> ReadValue:
    return ReadValue(
        target=target,
        value=(said.text or said.is_set) if value is None else value,
        page=said.page,
        field=said.field,
        label=said.label,
    )


def _note(code: str, words: Phrase) -> Finding:
    return Finding(code, Place("paper"), words, grave=False)
