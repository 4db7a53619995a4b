"""The page of a claim: its proofs, with what does not hold first and an example for each."""

from __future__ import annotations

from collections.abc import Iterable

from comity.claims.claim_view import Example, Proof, Proofs
from comity.present.page import Block, Heading, Text

NOTE = "About every possible request, whatever is known of the place; the reference engine has confirmed each example."
OF_PLACE = "About every request that could arrive there, with the recorded facts of the place; `comity classify` shows each criterion."
NOTHING = {
    "conflicts": "No duty here is contrary to one of higher law, so none yields to it.",
    "": "Nothing in this law is the subject of this claim, so it holds.",
}
SHOWN_FOR = ("live", "meets")  # claims that some request exists: the example is their proof


def page_of(proofs: Proofs) -> list[Block]:
    """The whole page: what does not hold comes first, each proof with its example."""
    note = Text(f"{_note(proofs.claim)} Law version {proofs.law_version}.", "quiet")
    blocks: list[Block] = [Heading(f"{proofs.claim}: {proofs.law}", 1), note, Text("")]
    if not proofs.proofs:
        blocks.append(Text(NOTHING.get(proofs.claim, NOTHING[""])))
    order = {False: 0, None: 1, True: 2}
    for proof in sorted(proofs.proofs, key=lambda proof: order[proof.holds]):
        mark = {False: "NO", None: "OPEN", True: "yes"}[proof.holds]
        blocks.append(
            Text(
                proof.words,
                "alarm" if proof.holds is False else "open" if proof.holds is None else "",
                0,
                f"{mark:>4} ",
            )
        )
        blocks += _shown(proof) if proof.holds is not True or proofs.claim in SHOWN_FOR else ()
    return blocks


def _note(claim: str) -> str:
    return OF_PLACE if claim == "meets" else NOTE


def _shown(proof: Proof) -> Iterable[Block]:
    if proof.example:
        yield from example_blocks(proof.example, 3)
    if proof.provisions:
        yield Text(f"By {', '.join(proof.provisions)}", "quiet", 3)


def example_blocks(example: Example, indent: int) -> Iterable[Block]:
    """A request in words, one line for each fact known about it."""
    yield Text(
        "For example, whatever else is true:" if example.words else "For example, any request at all.", "quiet", indent
    )
    for words in (*example.words, *example.assuming):
        yield Text(words, "", indent + 1, "-")
