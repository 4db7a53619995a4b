"""Reads an answer typed at a question: a number of its list, a word, a day; and says what would be right where it is none."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from msgspec import Struct

from comity.decision.local_times import read_local
from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.request import read_values
from comity.facts.synonyms import squeeze
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, grave, phrase
from comity.whole import whole_number

RECORDS_MAX = 20  # of a list that is asked record by record; more belong into a file
ANSWER_MAX = 2_000  # characters of one answer
YES, NO, NONE = ("y", "yes", "true", "1"), ("n", "no", "false", "2"), ("0", "none", "no")
AT_LEAST = "+"
CHOICE_HELP = "type a number or a word of the list; ? says what each means"
MOMENT_HELP = "write local time, as in 2026-11-25 18:00"
PARTS = re.compile(r"[,;]")


class Choice(Struct, frozen=True):
    """A numbered choice of a question: the member, and the words for it."""

    member: str
    words: str


class Question(Struct, frozen=True):
    """What is asked next: the `fact` (`place`, `request.form`, `convictions[0].grade`), in words, with its choices.

    `record` says which record of a list is meant, `form` where on a form the answer is found, `source` who knows it, and `decides`
    the actions that depend on it. A question about a list of convictions asks how many there are.
    """

    fact: str
    text: str
    kind: kinds.Kind
    choices: tuple[Choice, ...] = ()
    record: str = ""
    form: str = ""
    source: str = ""
    decides: tuple[str, ...] = ()


def read_answer(
    text: str, question: Question, vocabulary: Vocabulary, zone: str, not_suggested: dict[str, tuple[str, ...]]
) -> tuple[Value | None, list[Finding]]:
    """The typed value of an answer; or None and a grave finding. A word that was read by a synonym is a finding, too."""
    words = text.strip()[:ANSWER_MAX]
    if isinstance(question.kind, kinds.Records):
        return _read_count(words, question)
    findings: list[Finding] = []
    raw = _raw(words, question, zone, findings)
    if grave(findings):
        return None, [_fault(question, words, finding.help) for finding in findings]
    listed, bracket, rest = question.fact.partition("[")
    name = rest.partition("].")[2]
    flat = {listed: [{name: raw}]} if bracket else {listed: raw}
    values, faults = read_values(flat, vocabulary, "", not_suggested)
    value = values.get(listed)
    if bracket:
        value = value.items[0].get(name) if isinstance(value, KnownList) else None
    if grave(faults) or value is None:
        return None, [_in_plain_words(fault, words, question) for fault in grave(faults)]
    shown = show_answer(value, question)
    read_otherwise = [] if squeeze(shown) == squeeze(words) else [*findings, *faults][:1]
    return value, [finding.changed(message=phrase("read as {}", shown)) for finding in read_otherwise]


def _in_plain_words(fault: Finding, words: str, question: Question) -> Finding:
    """A fault without the name that the fact has in a file, and with what to type."""
    ambiguous = fault.code == "unknown-choice" and " may mean " in fault.message
    if ambiguous:
        return fault.changed(message=phrase("{}", fault.message[fault.message.index('"') :]))
    help = {"moment": MOMENT_HELP, "unknown-choice": CHOICE_HELP}.get(fault.code, fault.help)
    help = fault.help if fault.help.startswith("did you mean") else help
    return _fault(question, words, help)


def _raw(words: str, question: Question, zone: str, findings: list[Finding]) -> Any:
    """The answer as JSON would have it."""
    lowered = words.casefold()
    match question.kind:
        case kinds.Truth():
            if lowered in YES or lowered in NO:
                return lowered in YES
            findings.append(_fault(question, words, "answer yes or no"))
            return None
        case kinds.Number():
            number = whole_number(words, signed=True)
            return words if number is None else number
        case kinds.Moment():
            return read_local(words, zone, question.fact, "", findings)
        case kinds.Choice():
            return _member(words, question)
        case kinds.Set():
            if lowered in NONE:
                return []
            chosen = words.removesuffix(AT_LEAST).strip()
            parts = PARTS.split(chosen) if PARTS.search(chosen) else _numbers(chosen) or [chosen]
            members = [_member(part.strip(), question) for part in parts if part.strip()]
            return {"partial": members} if words.endswith(AT_LEAST) else members
        case _:
            return words


def _numbers(text: str) -> list[str]:
    """Numbers separated by spaces; none where anything else is in the text."""
    parts = text.split()
    return parts if all(part.isdecimal() for part in parts) else []


def _member(words: str, question: Question) -> str:
    """The member that a number of the list names; a word stays as it is."""
    number = whole_number(words)
    return question.choices[number - 1].member if number and number <= len(question.choices) else words


def _read_count(words: str, question: Question) -> tuple[Value | None, list[Finding]]:
    """A list with so many records of which nothing is known yet; `2+` where there may be more."""
    number = 0 if words.casefold() in NONE else whole_number(words.removesuffix(AT_LEAST).strip())
    if number is None or not 0 <= number <= RECORDS_MAX:
        help = (
            f"type how many there are, at most {RECORDS_MAX}: 0 for none, 2+ for two or more; each is asked about next"
        )
        return None, [_fault(question, words, help)]
    return KnownList(tuple({} for _ in range(number)), whole=not words.endswith(AT_LEAST)), []


def _fault(question: Question, words: str, help: str) -> Finding:
    message = phrase('"{}" does not answer the question', words)
    return Finding("not-an-answer", Place(question.fact), message, phrase("{help}", help=help))


def show_answer(value: Value, question: Question) -> str:
    """An answer as it was understood: `Form I-247A`, `yes`, `2 or more`."""
    words = {choice.member: choice.words for choice in question.choices}
    match value:
        case bool():
            return "yes" if value else "no"
        case KnownList(items, whole):
            return f"{len(items)}{'' if whole else ' or more'}"
        case KnownSet(members, whole):
            shown = ", ".join(words.get(member, member) for member in sorted(members)) or "none"
            return shown if whole else f"{shown}, perhaps more"
        case datetime():
            return value.isoformat(" ", "minutes")
        case _:
            return words.get(str(value), str(value))
