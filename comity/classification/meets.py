"""The claim that the law of a place meets a definition, as proofs."""

from __future__ import annotations

from comity.claims.claim import ClaimWords
from comity.claims.claim_view import Example, Proof, Proofs
from comity.classification.classify import PlaceClassifier, definitions_named, read_all_definitions
from comity.classification.view import UNKNOWN, Classified, DefinitionAnswer
from comity.finding import Finding, Place, grave
from comity.lawview.named_law import LawOptions, NamedLaw


def proofs_of_meeting(words: ClaimWords, law: NamedLaw, named: LawOptions) -> tuple[Proofs | None, list[Finding]]:
    """Proves or refutes that the law of a place meets a definition.

    A law file alone is the law of no place.
    """
    definitions, findings = read_all_definitions(named.folders, law.library)
    wanted, unknown = definitions_named(words.definition, definitions)
    stopping = [*grave(findings), *unknown]
    if not words.definition or words.laws[0].endswith(".md"):
        help = "name PLACE@DAY and a definition, as in def-cis"
        stopping = [
            Finding("no-definition", Place("definition"), "this claim is about a place and one definition", help)
        ]
    if stopping:
        return None, stopping
    where = law.library.gazetteer.places[law.stack.place]
    found = PlaceClassifier(law.library, definitions, named.folders).classify(where, law.stack.day, wanted)
    proofs = tuple(_of_definition(id, answer, found) for id, answer in found.definitions.items())
    return Proofs(
        claim="meets",
        law=law.name,
        place=law.stack.place,
        day=law.stack.day,
        law_version=law.stack.version,
        proofs=proofs,
    ), []


def _of_definition(id: str, answer: DefinitionAnswer, found: Classified) -> Proof:
    holds = None if answer.meets == UNKNOWN else answer.meets is True
    lacking = [fact for criterion in answer.criteria for fact in criterion.lacking]
    verb = {True: "meets", False: "does not meet", None: "may or may not meet"}[holds]
    open_on = f"; not known: {'; '.join(dict.fromkeys(lacking))}" if holds is None and lacking else ""
    shown = next((witness for criterion in answer.criteria for witness in criterion.witnesses), None)
    example = Example(shown.request, shown.words) if shown else None
    return Proof(
        about=id,
        holds=holds,
        words=f"The law of {found.name} {verb} this definition: {answer.title} ({answer.by}){open_on}.",
        example=example,
    )
