"""Claims about a law through the whole house: named as words, put to the engines, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct

from comity.claims import claims
from comity.claims.boundaries import coverage, findings_of
from comity.claims.claim_view import Proof, Proofs
from comity.claims.claims import Claim, Verdict
from comity.claims.diff import compared
from comity.claims.diff_view import Diff
from comity.claims.examples import example_of
from comity.claims.prover import Prover
from comity.claims.sentences import NOT_SETTLED, noun_of, sentence_of
from comity.engine.outcome import CERTAIN, Outcome
from comity.finding import Finding, Place, did_you_mean
from comity.language import syntax
from comity.language.check import Known, check
from comity.language.connect import ALWAYS
from comity.language.parse import parse
from comity.language.sentence import clause
from comity.lawview.build_view import cited, with_force
from comity.lawview.named_law import Named, Side, side_of

OF_TWO_LAWS: tuple[Claim, ...] = ("equivalent", "differs")
WITH_OUTCOME: tuple[Claim, ...] = ("implies", "never")
SIMPLE: Mapping[Claim, Callable[[Prover], Iterable[Verdict]]] = {
    "total": claims.total,
    "unambiguous": claims.unambiguous,
    "live": claims.live,
    "conflicts": claims.conflicts,
}


class Words(Struct, frozen=True):
    """A claim as it is asked for."""

    claim: str
    laws: tuple[str, ...]
    action: str = ""
    outcome: str = ""
    when: str = ""
    definition: str = ""


Meets: TypeAlias = Callable[[Words, Side, Named], tuple[Proofs | None, list[Finding]]]


class Claimed(Struct, frozen=True):
    """A claim about one law that can be put: of which action and outcome, for requests of which a condition is so."""

    claim: Claim
    action: str = ""
    outcome: Outcome = "required"
    when: syntax.Condition = ALWAYS


def proofs_of(words: Words, named: Named, milliseconds_max: int, meets: Meets) -> tuple[Proofs | None, list[Finding]]:
    """What comes of a claim, or nothing and what is wrong with how it was asked for.

    `meets` answers the claim that a law meets a definition, which the room of definitions does.
    """
    claim = claims.claim_named(words.claim)
    if claim is None:
        help = did_you_mean(words.claim, claims.CLAIMS) or f"one of {', '.join(claims.CLAIMS)}"
        return None, [Finding("unknown-claim", Place("CLAIM"), f'there is no claim "{words.claim}"', help)]
    count = 2 if claim in OF_TWO_LAWS else 1
    if len(words.laws) != count:
        message = f"{claim} is about {count} law{'s' * (count - 1)}, and {len(words.laws)} are named"
        return None, [Finding("not-so-many-laws", Place("LAW"), message, "name each as PLACE@DAY or a law file")]
    sides = [side_of(law, named) for law in words.laws]
    findings = [own for _, faults in sides for own in faults]
    laws = [side for side, _ in sides if side]
    if len(laws) != count:
        return None, findings
    if claim == "meets":
        return meets(words, laws[0], named)
    return (
        (_of_two(claim, laws[0], laws[1], milliseconds_max), [])
        if count > 1
        else _of_one(claim, words, laws[0], milliseconds_max)
    )


def _of_two(claim: Claim, first: Side, second: Side, milliseconds_max: int) -> Proofs:
    diff, _ = compared(first, second, milliseconds_max)
    same = diff.equivalent
    words = {
        True: "The two laws treat every request alike.",
        False: f"The two laws treat {len(diff.classes)} classes of requests differently, of which this is the first: {first_of(diff)}",
        None: f"{NOT_SETTLED}: whether the two laws treat every request alike.",
    }[same]
    holds = same if claim == "equivalent" or same is None else not same
    example = diff.classes[0].witness if diff.classes else None
    name = f"{first.name}, beside {second.name}"
    return Proofs(
        claim, name, first.stack.place, first.stack.day, diff.law_version, (Proof(claim, holds, words, example),)
    )


def first_of(diff: Diff) -> str:
    """The first class of a comparison, in words."""
    return diff.classes[0].words if diff.classes else ""


def _covered(side: Side) -> Proofs:
    """Whether the cases of each instrument of a law stand on each side of the boundaries that it draws."""
    proofs = []
    for own in side.stack.instruments.values():
        found = coverage(side.library, own)
        lacking = [each.message for each in findings_of(found, side.library.vocabulary)]
        words = (
            f"{own.title}: {'; '.join(lacking)}."
            if lacking
            else f"{own.title}: cases on each side of all {len(found)} boundaries."
        )
        proofs += [Proof(own.id, not lacking, words)] if found else []
    return Proofs("covered", side.name, side.stack.place, side.stack.day, side.stack.version, tuple(proofs))


def _of_one(claim: Claim, words: Words, side: Side, milliseconds_max: int) -> tuple[Proofs | None, list[Finding]]:
    if claim == "covered":
        return _covered(side), []
    own, findings = claimed(claim, words, side)
    return (proved(side, own, milliseconds_max), []) if own else (None, findings)


def claimed(claim: Claim, words: Words, side: Side) -> tuple[Claimed | None, list[Finding]]:
    """A claim about one law that can be put, or what is wrong with its words."""
    outcome: Outcome | None = next((own for own in CERTAIN if own == words.outcome), None)
    findings = list(_lacking(words, outcome, side)) if claim in WITH_OUTCOME else []
    condition, faults = _condition(words.when, side)
    findings += faults
    if findings or condition is None:
        return None, findings
    return Claimed(claim, words.action, outcome or "required", condition), []


def _lacking(words: Words, outcome: Outcome | None, side: Side) -> Iterable[Finding]:
    actions = Prover(side.stack).actions
    if words.action not in actions:
        help = did_you_mean(words.action, actions) or f"one of {', '.join(actions)}"
        yield Finding("unknown-action", Place("--action"), f'"{words.action}" is no action that this law answers', help)
    if outcome is None:
        yield Finding(
            "unknown-outcome", Place("--outcome"), f'"{words.outcome}" is no outcome', f"one of {', '.join(CERTAIN)}"
        )


def _condition(text: str, side: Side) -> tuple[syntax.Condition | None, list[Finding]]:
    """A condition on the command line; it may name facts only, since terms belong to instruments."""
    if not text:
        return ALWAYS, []
    parsed, findings = parse(text, Place("--when", 1, 1))
    if parsed is None:
        return None, findings
    findings += [own for own in check(parsed, Known(side.library.vocabulary, {}, {}), actions=False) if own.grave]
    return parsed.condition, findings


def proved(side: Side, own: Claimed, milliseconds_max: int) -> Proofs:
    """What comes of a claim about one law."""
    prover = Prover(side.stack, milliseconds_max)
    match own.claim:
        case "never":
            found: Iterable[Verdict] = [claims.never(prover, own.action, own.outcome, own.when)]
        case "implies":
            found = [claims.implies(prover, own.when, own.action, own.outcome)]
        case _:
            found = SIMPLE[own.claim](prover)
    proofs = tuple(_proof(verdict, own, side) for verdict in found)
    return Proofs(own.claim, side.name, side.stack.place, side.stack.day, side.stack.version, proofs)


def _proof(verdict: Verdict, own: Claimed, side: Side) -> Proof:
    vocabulary = with_force(side.stack)
    is_provision = verdict.about in side.stack.provisions
    name = cited(verdict.about, side.stack) if is_provision else noun_of(verdict.about)
    to = ", ".join(cited(provision, side.stack) for provision in verdict.provisions)
    where = clause(own.when, vocabulary) if own.when != ALWAYS else ""
    words = sentence_of(verdict, name, vocabulary, to=to, outcome=own.outcome, where=where)
    example = None if verdict.example is None else example_of(verdict.example, side)
    return Proof(verdict.about, verdict.holds, words, example, verdict.provisions)
