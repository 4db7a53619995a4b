"""Reads a claim about one or two laws from its words, has it proved, and describes the result in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct

from comity.claims import claims
from comity.claims.boundaries import coverage, findings_of
from comity.claims.claim_view import Proof, Proofs
from comity.claims.claims import Claim, Verdict
from comity.claims.diff import compare_laws
from comity.claims.diff_view import Diff
from comity.claims.examples import example_of
from comity.claims.prover import Prover, actions_of
from comity.claims.sentences import NOT_SETTLED, sentence_of
from comity.decision.words import noun_of
from comity.engine.outcome import CERTAIN, Outcome
from comity.finding import Finding, Place, did_you_mean
from comity.language import syntax
from comity.language.check import Known, check
from comity.language.connect import ALWAYS
from comity.language.parse import parse
from comity.language.sentence import clause
from comity.lawview.build_view import cited, with_force
from comity.lawview.named_law import LawOptions, NamedLaw, read_named_law

OF_TWO_LAWS: tuple[Claim, ...] = ("equivalent", "differs")
WITH_OUTCOME: tuple[Claim, ...] = ("implies", "never")
SIMPLE: Mapping[Claim, Callable[[Prover], Iterable[Verdict]]] = {
    "total": claims.total,
    "unambiguous": claims.unambiguous,
    "dutiful": claims.dutiful,
    "live": claims.live,
    "conflicts": claims.conflicts,
}


class ClaimWords(Struct, frozen=True, kw_only=True):
    """A claim in the words of whoever asks for it; nothing in it has been checked."""

    claim: str
    laws: tuple[str, ...]
    action: str = ""
    outcome: str = ""
    when: str = ""
    definition: str = ""


Meets: TypeAlias = Callable[[ClaimWords, NamedLaw, LawOptions], tuple[Proofs | None, list[Finding]]]


class ParsedClaim(Struct, frozen=True, kw_only=True):
    """A claim about one law whose words have been checked.

    `when` is a condition on the requests that the claim is about.
    """

    claim: Claim
    action: str = ""
    outcome: Outcome = "required"
    when: syntax.Condition = ALWAYS


def prove_claim(
    words: ClaimWords, named: LawOptions, *, milliseconds_max: int, meets: Meets
) -> tuple[Proofs | None, list[Finding]]:
    """The proofs of a claim, or None and what is wrong with its words.

    `meets` proves the claim that a law meets a definition; definitions are read by a higher room.
    """
    claim = claims.claim_named(words.claim)
    if claim is None:
        help = did_you_mean(words.claim, claims.CLAIMS) or f"one of {', '.join(claims.CLAIMS)}"
        return None, [Finding("unknown-claim", Place("CLAIM"), f'there is no claim "{words.claim}"', help)]
    count = 2 if claim in OF_TWO_LAWS else 1
    if len(words.laws) != count:
        message = f"{claim} is about {count} law{'s' * (count - 1)}, and {len(words.laws)} are named"
        return None, [Finding("not-so-many-laws", Place("LAW"), message, "name each as PLACE@DAY or a law file")]
    readings = [read_named_law(name, named) for name in words.laws]
    findings = [finding for _, faults in readings for finding in faults]
    laws = [named_law for named_law, _ in readings if named_law]
    if len(laws) != count:
        return None, findings
    if claim == "meets":
        return meets(words, laws[0], named)
    return (
        (_of_two(claim, laws[0], laws[1], milliseconds_max), [])
        if count > 1
        else _of_one(claim, words, laws[0], milliseconds_max)
    )


def _of_two(claim: Claim, first: NamedLaw, second: NamedLaw, milliseconds_max: int) -> Proofs:
    diff, _ = compare_laws(first, second, milliseconds_max)
    same, count = diff.equivalent, len(diff.classes)
    classes = f"{count} class{'es' if count != 1 else ''} of requests"
    words = {
        True: "The two laws treat every request alike.",
        False: f"The two laws treat {classes} differently; the first: {first_of(diff)}",
        None: f"{NOT_SETTLED}: whether the two laws treat every request alike.",
    }[same]
    holds = same if claim == "equivalent" or same is None else not same
    example = diff.classes[0].witness if diff.classes else None
    name = f"{first.name} compared with {second.name}"
    return Proofs(
        claim=claim,
        law=name,
        place=first.stack.place,
        day=first.stack.day,
        law_version=diff.law_version,
        proofs=(Proof(about=claim, holds=holds, words=words, example=example),),
    )


def first_of(diff: Diff) -> str:
    """The first class of a comparison in words; empty if there is none."""
    return diff.classes[0].words if diff.classes else ""


def _covered(law: NamedLaw) -> Proofs:
    """Whether the cases of each instrument of a law cover both sides of each boundary."""
    proofs = []
    for instrument in law.stack.instruments.values():
        found = coverage(law.library, instrument)
        lacking = [finding.message for finding in findings_of(found, law.library.vocabulary)]
        words = (
            f"{instrument.title}: {'; '.join(lacking)}."
            if lacking
            else f"{instrument.title}: cases on each side of all {len(found)} boundaries."
        )
        proofs += [Proof(about=instrument.id, holds=not lacking, words=words)] if found else []
    return Proofs(
        claim="covered",
        law=law.name,
        place=law.stack.place,
        day=law.stack.day,
        law_version=law.stack.version,
        proofs=tuple(proofs),
    )


def _of_one(
    claim: Claim, words: ClaimWords, law: NamedLaw, milliseconds_max: int
) -> tuple[Proofs | None, list[Finding]]:
    if claim == "covered":
        return _covered(law), []
    parsed, findings = parse_claim(claim, words, law)
    return (_prove(law, parsed, milliseconds_max), []) if parsed else (None, findings)


def parse_claim(claim: Claim, words: ClaimWords, law: NamedLaw) -> tuple[ParsedClaim | None, list[Finding]]:
    """A claim about one law, or None and what is wrong with its words."""
    outcome: Outcome | None = next((known for known in CERTAIN if known == words.outcome), None)
    findings = list(_lacking(words, outcome, law)) if claim in WITH_OUTCOME else []
    condition, faults = _condition(words.when, law)
    findings += faults
    if findings or condition is None:
        return None, findings
    return ParsedClaim(claim=claim, action=words.action, outcome=outcome or "required", when=condition), []


def _lacking(words: ClaimWords, outcome: Outcome | None, law: NamedLaw) -> Iterable[Finding]:
    actions = actions_of(law.stack)
    if words.action not in actions:
        help = did_you_mean(words.action, actions) or f"one of {', '.join(actions)}"
        yield Finding("unknown-action", Place("action"), f'"{words.action}" is no action that this law answers', help)
    if outcome is None:
        yield Finding(
            "unknown-outcome", Place("outcome"), f'"{words.outcome}" is no outcome', f"one of {', '.join(CERTAIN)}"
        )


def _condition(text: str, law: NamedLaw) -> tuple[syntax.Condition | None, list[Finding]]:
    """The condition of a claim; it may name facts only, since terms belong to instruments."""
    if not text:
        return ALWAYS, []
    parsed, findings = parse(text, Place("when", 1, 1))
    if parsed is None:
        return None, findings
    findings += [
        finding for finding in check(parsed, Known(law.library.vocabulary, {}, {}), actions=False) if finding.grave
    ]
    return parsed.condition, findings


def _prove(law: NamedLaw, claim: ParsedClaim, milliseconds_max: int) -> Proofs:
    prover = Prover(law.stack, milliseconds_max=milliseconds_max)
    match claim.claim:
        case "never":
            found: Iterable[Verdict] = [
                claims.never(prover, action=claim.action, outcome=claim.outcome, when=claim.when)
            ]
        case "implies":
            found = [claims.implies(prover, when=claim.when, action=claim.action, outcome=claim.outcome)]
        case _:
            found = SIMPLE[claim.claim](prover)
    proofs = tuple(_proof(verdict, claim, law) for verdict in found)
    return Proofs(
        claim=claim.claim,
        law=law.name,
        place=law.stack.place,
        day=law.stack.day,
        law_version=law.stack.version,
        proofs=proofs,
    )


def _proof(verdict: Verdict, claim: ParsedClaim, law: NamedLaw) -> Proof:
    vocabulary = with_force(law.stack)
    is_provision = verdict.about in law.stack.provisions
    name = cited(verdict.about, law.stack) if is_provision else noun_of(verdict.about)
    to = ", ".join(cited(provision, law.stack) for provision in verdict.provisions)
    where = clause(claim.when, vocabulary) if claim.when != ALWAYS else ""
    words = sentence_of(verdict, name, vocabulary, to=to, outcome=claim.outcome, where=where)
    example = None if verdict.example is None else example_of(verdict.example, law)
    return Proof(about=verdict.about, holds=verdict.holds, words=words, example=example, provisions=verdict.provisions)
