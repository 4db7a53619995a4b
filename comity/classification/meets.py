"""The claim that the law of a place meets a definition, answered as a proof."""

from __future__ import annotations

from comity.claims.claim import Words
from comity.claims.claim_view import Example, Proof, Proofs
from comity.classification.classify import Asking, chosen, definitions_of
from comity.classification.view import UNKNOWN, Classified, DefinitionAnswer
from comity.finding import Finding, Place, grave
from comity.lawview.named_law import Named, Side


def proofs_of_meeting(words: Words, side: Side, named: Named) -> tuple[Proofs | None, list[Finding]]:
    """Whether the law of a place meets a definition; a file alone is the law of no place."""
    definitions, findings = definitions_of(named.folders, side.library)
    wanted, unknown = chosen(words.definition, definitions)
    stopping = [*grave(findings), *unknown]
    if not words.definition or words.laws[0].endswith(".md"):
        help = "name PLACE@DAY and --definition ID, as in def-cis"
        stopping = [
            Finding("no-definition", Place("--definition"), "this claim is about a place and one definition", help)
        ]
    if stopping:
        return None, stopping
    where = side.library.gazetteer.places[side.stack.place]
    found = Asking(side.library, definitions, named.folders).classified(where, side.stack.day, wanted)
    proofs = tuple(_of_definition(id, own, found) for id, own in found.definitions.items())
    return Proofs("meets", side.name, side.stack.place, side.stack.day, side.stack.version, proofs), []


def _of_definition(id: str, own: DefinitionAnswer, found: Classified) -> Proof:
    holds = None if own.meets == UNKNOWN else own.meets is True
    lacking = [each for criterion in own.criteria for each in criterion.lacking]
    said = {True: "meets", False: "does not meet", None: "may or may not meet"}[holds]
    open_on = f"; not known: {'; '.join(dict.fromkeys(lacking))}" if holds is None and lacking else ""
    shown = next((one for criterion in own.criteria for one in criterion.witnesses), None)
    example = Example(shown.request, shown.words) if shown else None
    return Proof(
        id, holds, f"The law of {found.name} {said} this definition: {own.title} ({own.by}){open_on}.", example
    )
