"""What is written and read of the answers to invoices: one event for each, and for each that was recorded wrong."""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from comity.desk.billing.payments import InvoiceAnswer
from comity.desk.deeds import allow
from comity.desk.desk import Desk
from comity.desk.events import Actor, Event
from comity.desk.happenings.of_invoices import Answer, InvoiceAnswered, InvoiceAnswerVoided
from comity.desk.ledger import Refused
from comity.desk.models import Entry
from comity.desk.queries import read_event
from comity.desk.roles import Permission
from comity.finding import Finding, Place, phrase
from comity.period import legal_day_of

KINDS = tuple(str(kind.__struct_config__.tag) for kind in (InvoiceAnswered, InvoiceAnswerVoided))
CENTS_MAX = 10**12
TEXT_LENGTH_MAX = 500


def record_answer(
    desk: Desk,
    *,
    invoice: str,
    answer: Answer,
    cents: int,
    answered_on: date,
    by: Actor,
    at: datetime,
    reference: str = "",
) -> Event:
    """An amount of the invoice of a month was paid, disputed, refused or written off on a day."""
    allow(by, Permission.RECORD_PAYMENT)
    month = legal_day_of(invoice)
    if month is None or len(invoice) != len("2026-11"):
        words = phrase("{} is not a month", invoice)
        raise Refused(
            Finding("not-a-period", Place("invoice"), words, phrase("write the month of the invoice as 2026-11"))
        )
    if not 0 < cents <= CENTS_MAX:
        words, help = phrase("is not above zero, or is far too large"), phrase("write dollars and cents, as in 1234.50")
        raise Refused(Finding("bad-amount", Place("amount"), words, help))
    if answered_on < month.first or answered_on > at.date():
        words = phrase("lies before the month of the invoice, or in the future")
        raise Refused(
            Finding("not-a-day", Place("answered_on"), words, phrase("write the day of the payment or letter"))
        )
    _refuse_long(reference, "reference")
    happening = InvoiceAnswered(
        invoice=invoice, response=answer, cents=cents, answered_on=answered_on, reference=reference.strip()
    )
    return desk.ledger.write(lambda writing: writing.add_outside_cases(happening, by=by, at=at))


def void_answer(desk: Desk, *, number: int, reason: str, by: Actor, at: datetime) -> Event:
    """An answer was recorded wrong: the event of a number counts no more, for a reason. The event stays."""
    allow(by, Permission.RECORD_PAYMENT)
    _refuse_long(reason, "reason")
    if not reason.strip():
        raise Refused(Finding("missing", Place("reason"), phrase("is empty"), phrase("write it in a sentence")))
    known = next((each for each in _answers() if each.number == number), None)
    if known is None or known.voided:
        words = phrase("there is no such answer to an invoice, or it counts no more")
        raise Refused(Finding("not-now", Place("answer", number), words))
    happening = InvoiceAnswerVoided(invoice=known.invoice, event=number, reason=reason.strip())
    return desk.ledger.write(lambda writing: writing.add_outside_cases(happening, by=by, at=at))


def _refuse_long(text: str, field: str) -> None:
    if len(text) > TEXT_LENGTH_MAX:
        words = phrase("has more than {most} letters", most=TEXT_LENGTH_MAX)
        raise Refused(Finding("too-large", Place(field), words))


def answers_to(period: str, *, by: Actor) -> list[InvoiceAnswer]:
    """The answers to the invoices of a month, of a year, or of all where the period is empty, in the order of their events."""
    allow(by, Permission.SEE_COUNTS)
    return [each for each in _answers() if each.invoice.startswith(period)]


def _answers() -> list[InvoiceAnswer]:
    lines = Entry.objects.filter(case="", kind__in=KINDS).order_by("number").values_list("line", flat=True)
    found: dict[int, InvoiceAnswer] = {}
    for event in (read_event(bytes(line)) for line in lines):
        happening = event.happening
        if isinstance(happening, InvoiceAnswered):
            found[event.number] = InvoiceAnswer(
                number=event.number, invoice=happening.invoice, answer=happening.response, cents=happening.cents,
                answered_on=happening.answered_on, reference=happening.reference, account=event.by.account, at=event.at,
            )  # fmt: skip
        elif isinstance(happening, InvoiceAnswerVoided) and happening.event in found:
            found[happening.event] = replace(found[happening.event], voided=happening.reason)
    return list(found.values())
