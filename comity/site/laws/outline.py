"""A condition in words as a nested list: the numbered parts of `language.sentence` become items, so that each is a line.

The words stay those of the sentence; only its numbers become the structure of the list.
"""

from __future__ import annotations

from msgspec import Struct

from comity.language.sentence import label_of

# How a group begins in a sentence, and the words of the same above a list.
LEADS = {
    "it is not so that both": "not both of these are so:",
    "both": "both of these are so:",
    "either": "at least one of these is so:",
    "neither of these is so:": "neither of these is so:",
    "at least one of these is so:": "at least one of these is so:",
    "all of these are so:": "all of these are so:",
    "none of these is so:": "none of these is so:",
    "not all of these are so:": "not all of these are so:",
}
JOINTS = ("; ", "; and ", "; or ")


class Outline(Struct, frozen=True):
    """A clause, and the parts that it is followed by: none where it stands alone."""

    text: str
    items: tuple[Outline, ...] = ()


def outline_of(clause: str, above: tuple[int, ...] = ()) -> Outline:
    """The outline of a clause; a clause without numbered parts is one line."""
    first = f" ({label_of((*above, 1))}) "
    lead, found, rest = clause.partition(first)
    opening = next((words for words in LEADS if lead == words or lead.endswith(f" {words}")), "")
    if not found or not opening:
        return Outline(clause)
    texts = _split(rest, above)
    items = tuple(outline_of(text, (*above, number)) for number, text in enumerate(texts, 1))
    return Outline(lead.removesuffix(opening) + LEADS[opening], items)


def _split(rest: str, above: tuple[int, ...]) -> list[str]:
    """The texts of the parts of a group, of which the first begins at the beginning."""
    texts: list[str] = []
    while True:
        label = label_of((*above, len(texts) + 2))
        ends = [(at, mark) for joint in JOINTS for mark in [f"{joint}({label}) "] if (at := rest.find(mark)) >= 0]
        if not ends:
            return [*texts, rest]
        at, mark = min(ends)
        texts.append(rest[:at])
        rest = rest[at + len(mark) :]


def words_of(outline: Outline) -> str:
    """The words of an outline without its structure, as a search or a table shows them."""
    return "; ".join([outline.text, *(words_of(item) for item in outline.items)])
