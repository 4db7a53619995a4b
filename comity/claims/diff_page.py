"""The page of a comparison of two laws: the classes of requests that they treat differently."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from comity.claims.claim_page import example_blocks
from comity.claims.diff_view import Cited, Class, Diff
from comity.decision.words import describe_action, emphasize
from comity.lawview.term_names import glossary_of
from comity.present.page import Block, Heading, Text

PROVED = "Every other request is treated alike: this is proved, not sampled."
SAME = "Every possible request is treated alike under both: this is proved, not sampled."
UNSETTLED = (
    "Whether further requests are treated differently was not settled in time, which proves nothing either way; about"
)


def page_of(diff: Diff) -> list[Block]:
    """The whole page, by action.

    Within an action, classes of requests that ask for it come first.
    """
    blocks: list[Block] = [Heading("What is treated differently", 1)]
    blocks += [
        Text(f"Before: {diff.first}.", "quiet"),
        Text(f"After: {diff.second}. Law version {diff.law_version}.", "quiet"),
        Text(""),
    ]
    if diff.equivalent:
        return [*blocks, Text(SAME, "strong")]
    count = "One class of requests is" if len(diff.classes) == 1 else f"{len(diff.classes)} classes of requests are"
    blocks.append(Text(f"{count} treated differently.", "strong"))
    unsettled = ", ".join(describe_action(action) for action in diff.unsettled)
    blocks.append(Text(f"{UNSETTLED}: {unsettled}." if unsettled else PROVED, "open" if unsettled else "strong"))
    if diff.table:
        blocks.append(Text(f"Stored requests counted: {diff.rows:,} of {diff.table}."))
        blocks += [Text(sentence, "quiet") for sentence in diff.table_read]
        blocks += [
            Text(f"{code} ({count:,}): {diff.table_examples.get(code, '')}", "open", 1, "-")
            for code, count in diff.table_findings.items()
        ]
    number = 0
    for action, of_action in groupby(diff.classes, lambda of_class: of_class.action):
        blocks.append(Heading(f"{describe_action(action)} [{action}]"))
        for of_class in of_action:
            number += 1
            blocks += _class(number, of_class)
    return [*blocks, *glossary_of(diff.terms)]


def _class(number: int, of_class: Class) -> Iterable[Block]:
    change = f"{emphasize(of_class.from_)} before, {emphasize(of_class.to)} after"
    yield Text(f"{change}, {of_class.condition}.", "", 1, f"{number}.")
    yield from _rests("Before", of_class.before)
    yield from _rests("After", of_class.after)
    if of_class.stored:
        surely, at_most = of_class.stored.surely, of_class.stored.at_most
        yield Text(f"{surely:,}{'' if surely == at_most else f' to {at_most:,}'} stored requests", "open", 2)
    yield from example_blocks(of_class.witness, 2)


def _rests(when: str, cited: tuple[Cited, ...]) -> Iterable[Block]:
    named = "; ".join(f"{provision.cite} ({provision.provision})" for provision in cited)
    yield Text(f"{when} by {named}" if named else f"{when}: no rule applies", "quiet", 2)
