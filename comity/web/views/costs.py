"""What the holds of a month or a year cost by the rates of the place, and the invoice to the federal government."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from comity.decision.incoming import name_of
from comity.desk import deeds
from comity.desk.billing.payment_deeds import answers_to, record_answer, void_answer
from comity.desk.billing.payments import ANSWERS, balance_of, payments_csv
from comity.desk.counts import HoldOf, holds_of
from comity.desk.desk import Desk
from comity.desk.events import Actor
from comity.desk.happenings.of_invoices import Answer, InvoiceAnswerVoided
from comity.desk.ledger import Refused
from comity.desk.roles import Permission, Role, may
from comity.finding import Finding, Place, phrase
from comity.money.amount import read_amount
from comity.money.invoice import Invoice, as_csv, build_invoice
from comity.money.invoice_pdf import as_pdf
from comity.money.view import Costs
from comity.period import day_of
from comity.web.at_desk import this_desk, this_law
from comity.web.hold_costs import cost_ended
from comity.web.spans import Span, span_named

ANSWER_WORDS: dict[Answer, str] = {
    "paid": "Paid", "disputed": "Disputed", "refused": "Refused", "written_off": "Written off by the county",
}  # fmt: skip


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The holds that ended in a span, each with its days and cost, and what is charged for the span."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    span = span_named(request.GET.get("period", ""), desk, now)
    holds = list(holds_of(span.since, span.until, by=by))
    costs, ended = cost_ended(holds, desk, this_law())
    values = {
        "span": span, "holds": ended, "running": sum(each.hold.ended_at is None for each in holds),
        "may_see": may(Role(by.role), Permission.SEE_CASE), "may_export": may(Role(by.role), Permission.EXPORT), **_sums(costs, span),
        "rates": (*costs.priced, *costs.federal) if costs else (),
        **_payments(request, span, _sums(costs, span)["charged"]),
    }  # fmt: skip
    return render(request, "desk/costs.html", values)


def _payments(request: HttpRequest, span: Span, billed: int) -> dict[str, object]:
    """What became of the invoices of the span, and the form for another answer to that of a month."""
    answers = answers_to(span.name, by=request.user.actor)
    may_record = may(Role(request.user.role), Permission.RECORD_PAYMENT)
    return {
        "answers": answers, "balance": balance_of(answers, billed), "answer_words": ANSWER_WORDS,
        "may_record": may_record, "is_month": len(span.name) == len("2026-11"),
    }  # fmt: skip


def _sums(costs: Costs | None, span: Span) -> dict[str, int]:
    """The days and cents of the span itself: of a hold that crosses its beginning or end only the days inside."""
    periods = [each for each in costs.periods if span.first <= each.since < span.beyond] if costs else []
    return {
        "days": sum(each.days for each in periods),
        "cost": sum(each.cost for each in periods),
        "charged": sum(each.charged for each in periods),
    }


@require_GET
def invoice(request: HttpRequest) -> HttpResponse:
    """The invoice of a span as PDF or CSV; each case on it records that it left the desk."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    deeds.allow(by, Permission.EXPORT)
    span = span_named(request.GET.get("period", ""), desk, now)
    holds = list(holds_of(span.since, span.until, by=by))
    costs, _ = cost_ended(holds, desk, this_law())
    if costs is None:
        help = phrase("name a month in which a hold ended")
        raise Refused(Finding("nothing-to-bill", Place("period"), phrase("no hold ended in {}", span.name), help))
    built, findings = build_invoice(costs, span.name)
    if built is None:
        raise Refused(*findings)
    _record_export(desk, holds, built, by, now)
    stem = f"invoice-{built.place.rpartition('/')[2]}-{built.name}"
    if request.GET.get("format") == "csv":
        return _file(as_csv(built).encode(), "text/csv; charset=utf-8", f"{stem}.csv")
    content, _ = as_pdf(built, name_of(desk.library.gazetteer.places[desk.bound.place], desk.library))
    return _file(content, "application/pdf", f"{stem}.pdf")


def _record_export(desk: Desk, holds: Iterable[HoldOf], built: Invoice, by: Actor, now: datetime) -> None:
    billed = {line.person for line in built.lines}
    for case in dict.fromkeys(each.case for each in holds if each.case in billed):
        deeds.export(desk, case, what=f"invoice {built.name}", to="the federal government", by=by, at=now)


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Records that an amount of the invoice of a month was paid, disputed, refused or written off."""
    sent, by, now = request.POST, request.user.actor, datetime.now(UTC)
    deeds.allow(by, Permission.RECORD_PAYMENT)
    cents, findings = read_amount(sent.get("amount", ""), Place("amount"))
    on = day_of(sent.get("answered_on", "").strip())
    given = next((each for each in ANSWERS if each == sent.get("answer")), None)
    if on is None:
        findings.append(
            Finding("not-a-day", Place("answered_on"), phrase("is no day"), phrase("write it as 2026-11-02"))
        )
    if given is None:
        findings.append(Finding("missing", Place("answer"), phrase("is not chosen"), phrase("say whether it was paid")))
    if findings or on is None or given is None:
        raise Refused(*findings)
    record_answer(
        this_desk(), invoice=sent.get("invoice", ""), answer=given, cents=cents, answered_on=on,
        reference=sent.get("reference", ""), by=by, at=now,
    )  # fmt: skip
    messages.info(request, "The answer to the invoice is recorded.")
    return redirect(f"/costs?{urlencode({'period': sent.get('invoice', '')})}")


@require_POST
def void(request: HttpRequest, number: int) -> HttpResponse:
    """An answer that was recorded wrong counts no more."""
    event = void_answer(
        this_desk(), number=number, reason=request.POST.get("reason", ""), by=request.user.actor, at=datetime.now(UTC)
    )
    messages.info(request, "The answer counts no more; its event stays in the record.")
    assert isinstance(event.happening, InvoiceAnswerVoided)
    return redirect(f"/costs?{urlencode({'period': event.happening.invoice})}")


@require_GET
def payments(request: HttpRequest) -> HttpResponse:
    """The answers to invoices as the table of payments that `comity cost` reads; of a month, a year, or all."""
    by = request.user.actor
    deeds.allow(by, Permission.EXPORT)
    period = request.GET.get("period", "").strip()
    name = span_named(period, this_desk(), datetime.now(UTC)).name if period else ""
    content = payments_csv(answers_to(name, by=by))
    return _file(content.encode(), "text/csv; charset=utf-8", f"payments{'-' if name else ''}{name}.csv")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
