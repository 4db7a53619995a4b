"""A reconciliation in words: its classes and reasons, and the paragraph that can be quoted to the public, with no person in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from comity.desk.reconciling.entries import Conclusion, Difference, Matched, Outcome, Reason, RowClass

CLASS_WORDS: dict[RowClass, str] = {
    "same": "The same on both", "differ": "On both, and they differ", "theirs_only": "On the list alone",
    "several_possible": "A person must decide", "unreadable": "Cannot be read",
}  # fmt: skip
OURS_ONLY_WORDS = "At this desk alone"
REASON_WORDS: dict[Reason, str] = {
    "a_number": "the A-number is the same", "booking": "the booking number is the same",
    "name_and_birth": "the name and the day of birth are the same", "name_and_day": "the name and the day of the detainer are the same",
    "day_and_form": "the day and the form are the same; the list names nobody",
    "alike": "several rows or detainers of this day are alike, so the number is certain and which is which is not",
    "by_person": "a person decided this",
    "never_received": "this desk has no record of it", "another_station": "received by another station or agency here",
    "outside_span": "its day is outside the days compared", "not_this_jail": "it concerns another jail",
    "repeated": "the list has the same detainer twice",
    "other_detainer": "the person has a case here, but no other detainer of about that day",
    "name_alone": "the name is the same, and nothing else proves that it is the same person",
    "person_not_known": "a detainer of this day has no person recorded",
    "near_day": "a detainer of this or a near day may be the same", "numbers_differ": "one identifier is the same and another differs",
    "not_listed": "the list does not have it", "superseded": "a later detainer of the same booking replaced it",
    "withdrawn": "the sender cancelled it",
}  # fmt: skip
FIELD_WORDS = {
    "day": "day", "form": "form", "outcome": "outcome", "facility": "facility", "name": "name", "born_on": "day of birth",
    "a_number": "A-number", "booking": "booking number",
}  # fmt: skip
OUTCOME_WORDS: dict[Outcome, str] = {
    "": "not stated", "open": "open", "taken": "handed over", "not_taken": "released, not handed over",
    "cancelled": "cancelled by the sender", "superseded": "replaced by a later detainer",
}  # fmt: skip
CONCLUSION_WORDS: dict[Conclusion, str] = {
    "this_case": "It is this detainer of the desk", "never_received": "It was never received here",
    "another_station": "Another station or agency received it", "not_this_jail": "It concerns another jail",
    "sender_is_wrong": "The list is wrong", "record_is_wrong": "This desk's record is wrong, and is corrected there",
}  # fmt: skip
WHERE_WORDS = {
    "here": "this jail",
    "another_station": "another station or agency here",
    "not_this_jail": "another jail",
}


def difference_words(difference: Difference) -> str:
    """A difference in words, such as `day: 2026-11-02 here, 2026-11-05 on the list`; of who a person is only the field."""
    field = FIELD_WORDS[difference.field]
    if not difference.ours:
        return f"the {field} differs"
    ours, theirs = (_value(difference.field, text) for text in (difference.ours, difference.theirs))
    return f"{field}: {ours} here, {theirs} on the list"


def _value(field: str, text: str) -> str:
    if field == "outcome":
        return next((words for outcome, words in OUTCOME_WORDS.items() if outcome == text), text)
    if field == "facility":
        return WHERE_WORDS.get(text, text)
    return form_words(text) if field == "form" else text


def form_words(form: str) -> str:
    """A form as people write it: `I-247A`, `I-247 (2012)`."""
    if not form.startswith("i247"):
        return form.replace("_", " ")
    edition = form.removeprefix("i247").removeprefix("_")
    return f"I-247 ({edition.replace('pre', 'before ')})" if len(edition) > 1 else f"I-247{edition.upper()}"


def quotable(matched: Matched, sender: str, first_on: date, last_on: date) -> str:
    """The paragraph for the public: how many each side has, and what became of each, so that the figures add up."""
    count = {cls: matched.count(cls) for cls in CLASS_WORDS}
    ours = sum(each.in_span for each in matched.ours)
    sentences = [
        f"For {first_on} to {last_on}, the list of {sender} has {_of(len(matched.rows), 'detainer')}, and this desk received {ours}",
        f"{_are(count['same'])} the same on both, and {count['differ']} on both with a difference"
        + _in_brackets(_differences(matched)),
        f"{_are(count['theirs_only'])} on the list alone" + _in_brackets(_reasons(matched)),
        f"{_are(matched.count_ours('ours_only'))} at this desk alone",
    ]
    if count["several_possible"]:
        rows = _of(count["several_possible"], "row")
        sentences.append(f"{rows} may be one of several detainers, or none, which a person has still to decide")
    if count["unreadable"]:
        sentences.append(f"{_of(count['unreadable'], 'row')} of the list cannot be read")
    return ". ".join((*sentences, ""))[:-1]


def _of(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return f"{count} {'is' if count == 1 else 'are'}"


def _in_brackets(counts: Mapping[str, int]) -> str:
    listed = "; ".join(f"{words}: {count}" for words, count in counts.items())
    return f" ({listed})" if listed else ""


def _differences(matched: Matched) -> dict[str, int]:
    """How many rows differ in each field; a row may differ in several."""
    counted = Counter(each.field for row in matched.rows for each in row.differences)
    return {words: counted[field] for field, words in FIELD_WORDS.items() if counted[field]}


def _reasons(matched: Matched) -> dict[str, int]:
    counted = Counter(row.reasons[0] for row in matched.rows if row.cls == "theirs_only")
    return {words: counted[reason] for reason, words in REASON_WORDS.items() if counted[reason]}
