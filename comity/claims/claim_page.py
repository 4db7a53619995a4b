"""The proofs of a claim as a page for people: what does not hold first, each with its example."""

from __future__ import annotations

from collections.abc import Iterable

from comity.claims.claim_view import Example, Proof, Proofs
from comity.present.page import Block, Heading, Text

NOTE = "About every request that there could be, whatever is known of the place; each example is decided again by the plain engine."
OF_PLACE = "About every request that could come there, with what is recorded of the place; `comity classify` shows each criterion."
NOTHING = {
    "conflicts": "No duty here meets a contrary one of higher law, so none yields to it.",
    "": "There is nothing here that this claim is about, so it holds.",
}
SHOWN_FOR = ("live", "meets")  # claims that something is so of some request: the example is what proves them


def page_of(own: Proofs) -> list[Block]:
    """The whole proof: what does not hold first, each with its example."""
    note = Text(f"{_note(own.claim)} Law version {own.law_version}.", "quiet")
    blocks: list[Block] = [Heading(f"{own.claim}: {own.law}", 1), note, Text("")]
    if not own.proofs:
        blocks.append(Text(NOTHING.get(own.claim, NOTHING[""])))
    order = {False: 0, None: 1, True: 2}
    for proof in sorted(own.proofs, key=lambda each: order[each.holds]):
        mark = {False: "NO", None: "OPEN", True: "yes"}[proof.holds]
        blocks.append(
            Text(
                proof.words,
                "alarm" if proof.holds is False else "open" if proof.holds is None else "",
                0,
                f"{mark:>4} ",
            )
        )
        blocks += _shown(proof) if proof.holds is not True or own.claim in SHOWN_FOR else ()
    return blocks


def _note(claim: str) -> str:
    return OF_PLACE if claim == "meets" else NOTE


def _shown(proof: Proof) -> Iterable[Block]:
    if proof.example:
        yield from example_blocks(proof.example, 3)
    if proof.provisions:
        yield Text(f"By {', '.join(proof.provisions)}", "quiet", 3)


def example_blocks(example: Example, indent: int) -> Iterable[Block]:
    """A request in words, a line for each thing that is known of it."""
    yield Text(
        "For example, whatever else is so:" if example.words else "For example, any request whatever.", "quiet", indent
    )
    for words in (*example.words, *example.assuming):
        yield Text(words, "", indent + 1, "-")
