"""Which events a case allows, and why it does not allow another. Deeds ask before they add an event; `case.fold` relies on it."""

from __future__ import annotations

from comity.desk import events
from comity.desk.case import BOOKING, Case, DecisionMade
from comity.desk.events import AnyHappening
from comity.desk.happenings.of_invoices import OfInvoice
from comity.desk.happenings.of_lists import OfList
from comity.finding import Finding, Phrase, Place, phrase


def objection(case: Case, happening: AnyHappening, account: str) -> Finding | None:
    """Why a case does not allow an event, or None where it does. `account` is that of whoever does the deed."""
    opens = isinstance(happening, events.Received)
    words = phrase("there is no such case") if not case.is_opened and not opens else _words(case, happening, account)
    return Finding("not-now", Place(case.id), words) if words else None


def _words(case: Case, happening: AnyHappening, account: str) -> Phrase | None:
    match happening:
        case events.OfAccount():
            return phrase("this concerns an account, and no case")
        case OfList() | OfInvoice():
            return phrase("this concerns a list or an invoice, and no case")
        case events.OfLaw():
            return phrase("this concerns the law, and no case")
        case events.Received(detainer=number, supersedes=others):
            gone = (_not_live(case, other) for other in others)
            return _next(number, len(case.detainers) + 1, "detainer") or next(filter(None, gone), None)
        case events.Decided(decision=number, detainer=detainer):
            return _next(number, len(case.decisions) + 1, "decision") or _not_live(case, detainer)
        case events.JoinedTo():
            return phrase("the case is closed already") if case.closed_at else None
        case events.Withdrawn(detainer=number):
            return _not_live(case, number)
        case events.Stated(detainer=number) | events.Corrected(detainer=number):
            return _unknown(case, number) if number != BOOKING else None
        case events.CopyServed(detainer=number):
            return _unknown(case, number)
        case events.UsedDiscretion(decision=number) | events.OverrideAsked(decision=number):
            return None if number in case.decisions else phrase("there is no decision {number}", number=number)
        case events.OverrideSettled(override=number):
            return _unsettled(case, number, account)
        case events.HoldBegun():
            return _no_hold(case, happening)
        case events.AlarmRaised(alarm=alarm):
            due = case.hold is not None and alarm not in case.hold.alarms
            return None if due else phrase("no hold runs, or this alarm was raised")
        case events.AlarmAcknowledged(alarm=alarm):
            last = case.holds[-1] if case.holds else None
            waits = last is not None and alarm in last.alarms and alarm not in last.acknowledged
            return None if waits else phrase("there is no such alarm to acknowledge")
        case events.Transferred() | events.Released():
            return phrase("the case is closed already") if case.closed_at else None
        case events.Reopened():
            decided = bool(case.closed_at or case.decisions)
            return None if decided else phrase("nothing was decided that could be opened again")
    return None


def _next(number: int, expected: int, what: str) -> Phrase | None:
    if number == expected:
        return None
    return phrase("the next {what} of this case is number {expected}", what=what, expected=expected)


def _unknown(case: Case, number: int) -> Phrase | None:
    return None if number in case.detainers else phrase("there is no detainer {number}", number=number)


def _not_live(case: Case, number: int) -> Phrase | None:
    if number not in case.detainers:
        return _unknown(case, number)
    status = case.detainers[number].status
    return None if status == "live" else phrase("detainer {number} was {status} already", number=number, status=status)


def _unsettled(case: Case, number: int, account: str) -> Phrase | None:
    asked = case.overrides.get(number)
    if asked is None or asked.confirmed is not None:
        return phrase("there is no override {number} to settle", number=number)
    return phrase("whoever asked for an override cannot confirm it") if asked.asked_by == account else None


def _no_hold(case: Case, happening: events.HoldBegun) -> Phrase | None:
    if case.closed_at:
        return phrase("the case is closed; a new detainer or a new decision opens it")
    if case.hold:
        return phrase("a hold runs already")
    if happening.limit_at <= happening.began_at:
        return phrase("the limit lies before the hold would begin")
    decided = case.decision_on(happening.detainer)
    if decided is None or decided.number != happening.decision:
        return phrase("detainer {number} has no such decision", number=happening.detainer)
    return _not_live(case, happening.detainer) or _not_allowed(case, decided)


def _not_allowed(case: Case, decided: DecisionMade) -> Phrase | None:
    """Why a decision allows no hold: it forbids one, or leaves a choice that nobody made."""
    overridden = any(
        each.confirmed and each.decision == decided.number and (each.action, each.choice) == ("hold", "do")
        for each in case.overrides.values()
    )
    if overridden:
        return None
    outcome = decided.outcomes.get("hold", "")
    if outcome == "required":
        return None
    chosen = any((each.decision, each.action, each.choice) == (decided.number, "hold", "do") for each in case.choices)
    if outcome == "permitted" and chosen:
        return None
    if outcome == "permitted":
        return phrase("the law leaves the choice: whoever decides must choose, with a reason, before a hold begins")
    return phrase(
        "the decision allows no hold ({outcome}); an override needs a reason and a second person", outcome=outcome
    )
