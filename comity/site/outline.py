"""A condition in words as nested lists: `either (1) ...; or (2) both (A) ...` is easier to read as a list within a list.

The words are those that `language.sentence` writes, whose parts are numbered so that they cannot be misread. Where a text is
not numbered it stays as it is.
"""

from __future__ import annotations

import re

from msgspec import Struct

from comity.language.sentence import label_of

# How a group begins in a sentence, and the words for it where the outline stands by itself.
IN_FULL = {
    "it is not so that both:": "not both of these are so:",
    "both:": "both of these are so:",
    "either:": "at least one of these is so:",
}
MEANS = "(that is: "
NAME = re.compile(r'"([^"]+)"( applies| does not apply)? $')


class Outline(Struct, frozen=True):
    """A text, the parts that it introduces, and the meanings of the terms that it names."""

    words: str
    parts: tuple[Outline, ...] = ()
    meanings: tuple[tuple[str, Outline], ...] = ()


def outline_of(text: str) -> Outline:
    """A condition in words as an outline."""
    plain, meanings = _without_meanings(text)
    return _with_meanings(_parts(plain, ()), dict(meanings))


def outline_in_full(text: str) -> Outline:
    """A condition as an outline that stands by itself: `both of these are so` above two parts, and not `both`."""
    return _in_full(outline_of(text))


def _in_full(outline: Outline) -> Outline:
    lead = next((short for short in IN_FULL if outline.words == short or outline.words.endswith(f" {short}")), "")
    words = outline.words.removesuffix(lead) + IN_FULL[lead] if lead and outline.parts else outline.words
    return Outline(words, tuple(map(_in_full, outline.parts)), outline.meanings)


def _without_meanings(text: str) -> tuple[str, list[tuple[str, Outline]]]:
    """The text without `(that is: ...)` after the name of a term, and what each term means."""
    found: list[tuple[str, Outline]] = []
    at = text.find(MEANS)
    while at >= 0:
        named, end = NAME.search(text[:at]), _closing(text, at)
        if named and end:
            found.append((named[1], outline_of(text[at + len(MEANS) : end])))
            text = text[: at - 1] + text[end + 1 :]
        at = text.find(MEANS, at if named and end else at + 1)
    return text, found


def _closing(text: str, at: int) -> int:
    """Where the bracket that opens at `at` is closed; 0 where it is not."""
    depth = 0
    for index in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if not depth:
            return index
    return 0


def _parts(text: str, label: tuple[int, ...]) -> Outline:
    lead, mark, rest = text.partition(f" ({label_of((*label, 1))}) ")
    if not mark:
        return Outline(text)
    texts, number = [], 2
    while found := re.search(rf"; (?:and |or )?\({re.escape(label_of((*label, number)))}\) ", rest):
        texts.append(rest[: found.start()])
        rest, number = rest[found.end() :], number + 1
    if not texts:
        return Outline(text)
    parts = [_parts(part, (*label, index)) for index, part in enumerate([*texts, rest], 1)]
    return Outline(f"{lead.rstrip(':')}:", tuple(parts))


def _with_meanings(outline: Outline, meanings: dict[str, Outline]) -> Outline:
    """The outline with the meaning of each term beside the first part that names it."""
    named = tuple((name, meanings.pop(name)) for name in [*meanings] if f'"{name}"' in outline.words)
    return Outline(outline.words, tuple(_with_meanings(part, meanings) for part in outline.parts), named)
