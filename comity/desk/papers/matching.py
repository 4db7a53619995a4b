"""Which field of a paper says what: by the label printed beside it, by its tooltip, or by its name, and by nothing else.

A field that may say two things is not read, and neither is something that two fields say differently: each is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from comity.desk.papers.label_table import Label, known_names, labels, name_words, words_of
from comity.desk.papers.raw import RawField

CHECKED = re.compile(
    r"^[ \t]*(?:\[\s*([xX\u2713\u2714]?)\s*\]|\(\s*([xX]?)\s*\)|([\u2610\u2611\u2612]))[ \t]*(.*)$", re.MULTILINE
)
LINE_MAX = 1_000


class Said(Struct, frozen=True, kw_only=True):
    """Something that a paper says: the target, the text or whether a box is checked, and where it stands."""

    target: str
    text: str = ""
    is_set: bool = False  # of a box or a signature
    page: int
    field: str  # the name of the field, or the printed label
    label: str = ""


class Matched(Struct, frozen=True, kw_only=True):
    """What the fields say by target, the targets that are said in two ways, and fields that fit no label or several."""

    said: dict[str, Said]
    differing: tuple[str, ...]
    unread: tuple[Said, ...]


def match_fields(fields: Iterable[RawField], form: str) -> Iterator[Said]:
    """What each field of a form says; the target of a field that fits no label, or several, is empty."""
    of_form = [label for label in labels() if label.is_of(form)]
    for field in fields:
        found = _labels_of(field, of_form, known_names().get((form, name_words(field.name))))
        target = found[0].target if len({label.target for label in found}) == 1 else ""
        shown = field.tooltip or (field.after if field.kind == "check" else field.before or field.below)
        yield Said(
            target=target, text=field.value.strip(), is_set=field.checked or field.signed, page=field.page, field=field.name,
            label=shown,
        )  # fmt: skip


def _labels_of(field: RawField, of_form: list[Label], known: str | None) -> list[Label]:
    """The labels that a field fits: those that are printed or in its tooltip; by its name only where nothing is printed that fits.

    `known` is what the file of the form says by a field of this name, where that is known; empty where it says nothing that is read.
    """
    if known == "":
        return []
    of_kind = [label for label in of_form if label.kind == field.kind]
    printed = [label for label in of_kind if _is_beside(field, label)] or [
        label for label in of_kind if _is_below(field, label)
    ]
    named = [
        label
        for label in of_kind
        if (label.target == known if known else label.names.fullmatch(name_words(field.name)))
    ]
    if not printed:
        return named
    both = [label for label in printed if label in named]
    if named and not both:
        return [*printed, *named]  # the name says one thing, and the paper another
    return both or printed


def _is_beside(field: RawField, label: Label) -> bool:
    """Whether a label is in the tooltip, after the box, or before the line to fill in."""
    tooltip = f" {words_of(field.tooltip)} "
    if any(f" {words} " in tooltip for words in label.labels):
        return True
    if field.kind == "check":
        return any(f"{words_of(field.after)} ".startswith(f"{words} ") for words in label.labels)
    return any(f" {words_of(field.before)}".endswith(f" {words}") for words in label.labels)


def _is_below(field: RawField, label: Label) -> bool:
    """Whether a label is under the line to fill in, as the labels of signatures are."""
    return field.kind != "check" and any(f"{words_of(field.below)} ".startswith(f"{words} ") for words in label.labels)


def match_text(text: str, page: int, form: str) -> Iterator[Said]:
    """What a text says by its labels: "Date of birth: 02/03/1990" to the next label or the end of the line, and boxes such as "[x]"."""
    of_form = [label for label in labels() if label.is_of(form)]
    by_words = {words: label for label in of_form if label.kind == "text" for words in label.labels}
    for line in text.splitlines():
        yield from _in_line(line[:LINE_MAX], by_words, page)
    for box in CHECKED.finditer(text):
        words = words_of(box[4])
        for label in of_form:
            if label.kind == "check" and any(f"{words} ".startswith(f"{begun} ") for begun in label.labels):
                is_set = bool(box[1] or box[2]) or box[3] in ("\u2611", "\u2612")
                yield Said(
                    target=label.target,
                    is_set=is_set,
                    page=page,
                    field=box[4].strip()[:120],
                    label=box[4].strip()[:120],
                )


def _in_line(line: str, by_words: dict[str, Label], page: int) -> Iterator[Said]:
    starts: list[tuple[int, int, Label]] = []
    for words, label in by_words.items():
        pattern = r"(?<![A-Za-z0-9])" + r"[\W_]{1,3}".join(map(re.escape, words.split())) + r"\.?\s?#?\s?:"
        starts += [(found.start(), found.end(), label) for found in re.finditer(pattern, line, re.IGNORECASE)]
    whole = [each for each in starts if not any(o[0] < each[0] and each[1] <= o[1] for o in starts)]
    whole.sort(key=lambda each: each[0])
    for at, (begun, ended, label) in enumerate(whole):
        until = whole[at + 1][0] if at + 1 < len(whole) else len(line)
        value = line[ended:until].strip(" \t_")
        if value:
            yield Said(
                target=label.target,
                text=value,
                page=page,
                field=line[begun:ended].strip(),
                label=line[begun:ended].strip(),
            )


def settle(found: Iterable[Said]) -> Matched:
    """What is said of each target. Two fields that say the same are one; empty fields say nothing."""
    said: dict[str, Said] = {}
    differing: dict[str, None] = {}
    unread: list[Said] = []
    for each in found:
        if not each.target:
            unread.append(each)
            continue
        known = said.get(each.target)
        if known is None or not (known.text or known.is_set):
            said[each.target] = each
        elif each.text and (each.text, each.is_set) != (known.text, known.is_set):
            differing[each.target] = None
    return Matched(
        said={target: each for target, each in said.items() if target not in differing},
        differing=tuple(differing), unread=tuple(unread),
    )  # fmt: skip
