"""The duties beside the answers of a decision: whose they are, which follow from the request, and which are past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from comity.decision.answer import Owed
from comity.decision.decision import Decision

DONE_AFTER = {"hold": "hold", "notice": "notify", "transfer": "transfer"}  # what a duty waits for, and the action
ON_CERTIFICATION = "certification_request"  # what the deadline of an answer about a victim's certification runs from
INITIALS = ("dhs", "ice", "cbp", "287g")
LATEST = "9999"


class Duties(Struct, frozen=True):
    """The duties of a decision: those of the receiving agency by deadline, those of others, and those whose day has passed."""

    ours: tuple[Owed, ...]
    others: tuple[Owed, ...]
    past: tuple[Owed, ...]


def duties_of(decision: Decision) -> Duties:
    """All duties of a decision, in groups."""
    past = tuple(item for item in decision.obligations if is_past(item.last_day, decision.day))
    rest = [item for item in decision.obligations if item not in past]
    ours = sorted((item for item in rest if item.ours), key=_by_deadline)
    return Duties(tuple(ours), tuple(item for item in rest if not item.ours), past)


def is_past(last_day: str, day: date) -> bool:
    """Whether the last day of a duty is before a day; false where the duty has no last day."""
    return bool(last_day) and date.fromisoformat(last_day) < day


def duties_now(decision: Decision) -> list[Owed]:
    """The receiving agency's own duties that follow from this request under these answers, those with a deadline first."""
    return [item for item in _following(decision) if is_due(item, decision)]


def duties_without_deadline(decision: Decision) -> list[Owed]:
    """The agency's other duties: the law sets no time for them, and they do nothing that the request asks for."""
    return [item for item in _following(decision) if not is_due(item, decision)]


def is_due(item: Owed, decision: Decision) -> bool:
    """Whether a duty has a time, or does or declines what the request asks for, so that it is fulfilled by the answer to it."""
    return bool(item.by or item.deadline) or any(action in decision.asked for action in item.actions)


def _following(decision: Decision) -> list[Owed]:
    """Of a visit only the duties about what it asks for; of a detainer all that do not wait for what the answers rule out."""
    ours = [item for item in duties_of(decision).ours if not item.calendar and not _waits(item, decision)]
    if not decision.is_beyond_jail:
        return ours
    return [item for item in ours if {*item.actions} & {*decision.asked} or item.after == ON_CERTIFICATION]


def _by_deadline(item: Owed) -> tuple[bool, bool, str, bool]:
    return item.calendar, bool(item.condition), item.deadline or LATEST, not item.by


def _waits(item: Owed, decision: Decision) -> bool:
    """Whether a duty waits for something that the answers rule out: to have held, told, handed over, or declined."""
    action = DONE_AFTER.get(item.after)
    if action:
        return decision.outcome(action) in ("forbidden", "unaddressed")
    return item.after == "decline" and decision.outcome("hold") == "required"


def say_duty(item: Owed) -> str:
    """A deed said to its bearer: `Give the person a copy of the form.`"""
    if item.sentence:
        return item.sentence
    receiver = f" (to {name_party(item.to)})" if item.to and not _is_named(item.to, item.deed) else ""
    words = _in_words(item.deed)
    return f"{words[:1].upper()}{words[1:]}{receiver}."


def _is_named(party: str, deed: str) -> bool:
    """Whether a deed names its receiver, as `notify judge` does."""
    return party.replace("_", " ").split(" ")[-1] in deed.replace("_", " ").split(" ")


def describe_duty(bearer: str, deed: str, to: str, by: str) -> str:
    """`the agency must serve copy (to the subject), after receipt`."""
    receiver = f" (to {name_party(to)})" if to else ""
    return f"{name_party(bearer)} must {_in_words(deed)}{receiver}{', ' if by else ''}{by}"


def name_party(party: str) -> str:
    """A bearer or a receiver in words: `the agency`, `DHS`."""
    words = _in_words(party)
    return words if party in INITIALS else f"the {words}"


def _in_words(name: str) -> str:
    return " ".join(_initials(name.replace("_", " ").split(" ")))


def _initials(words: Iterable[str]) -> Iterable[str]:
    return (word.upper() if word in INITIALS[:3] else "287(g)" if word == "287g" else word for word in words)
