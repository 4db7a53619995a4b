"""What two laws treat differently, as a page for people."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from comity.claims.claim_page import example_blocks
from comity.claims.diff_view import Cited, Class, Diff
from comity.claims.sentences import OUTCOMES
from comity.decision.page import ACTION_WORDS
from comity.lawview.term_names import glossary_of
from comity.present.page import Block, Heading, Text

PROVED = "Every other request is treated alike: this is proved, not sampled."
SAME = "Every request that there could be is treated alike under both: this is proved, not sampled."
UNSETTLED = (
    "Whether further requests are treated differently was not settled in time, which proves nothing either way; about"
)


def page_of(own: Diff) -> list[Block]:
    """The whole comparison, by action; what is asked for comes first."""
    blocks: list[Block] = [Heading("What is treated differently", 1)]
    blocks += [
        Text(f"Before: {own.first}.", "quiet"),
        Text(f"After: {own.second}. Law version {own.law_version}.", "quiet"),
        Text(""),
    ]
    if own.equivalent:
        return [*blocks, Text(SAME, "strong")]
    count = "One class of requests is" if len(own.classes) == 1 else f"{len(own.classes)} classes of requests are"
    blocks.append(Text(f"{count} treated differently.", "strong"))
    unsettled = ", ".join(ACTION_WORDS.get(action, action) for action in own.unsettled)
    blocks.append(Text(f"{UNSETTLED}: {unsettled}." if unsettled else PROVED, "open" if unsettled else "strong"))
    if own.table:
        blocks.append(Text(f"Stored requests counted: {own.rows:,} of {own.table}."))
    number = 0
    for action, of_action in groupby(own.classes, lambda each: each.action):
        blocks.append(Heading(f"{ACTION_WORDS.get(action, action)} [{action}]"))
        for each in of_action:
            number += 1
            blocks += _class(number, each)
    return [*blocks, *glossary_of(own.terms)]


def _class(number: int, own: Class) -> Iterable[Block]:
    change = f"{OUTCOMES[own.from_].upper()} before, {OUTCOMES[own.to].upper()} after"
    yield Text(f"{change}, {own.condition}.", "", 1, f"{number}.")
    yield from _rests("Before", own.before)
    yield from _rests("After", own.after)
    if own.stored:
        surely, at_most = own.stored.surely, own.stored.at_most
        yield Text(f"{surely:,}{'' if surely == at_most else f' to {at_most:,}'} stored requests", "open", 2)
    yield from example_blocks(own.witness, 2)


def _rests(when: str, cited: tuple[Cited, ...]) -> Iterable[Block]:
    named = "; ".join(f"{own.cite} ({own.provision})" for own in cited)
    yield Text(f"{when} by {named}" if named else f"{when}: no law decides it", "quiet", 2)
