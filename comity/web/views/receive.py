"""A detainer arrives: typed in by an officer."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comity.desk import deeds
from comity.desk.ledger import Refused
from comity.desk.roles import Permission
from comity.web.at_desk import this_desk
from comity.web.fact_fields import facts_in, fields_of, moment_sent
from comity.web.held_fields import fields_turned_on

# What is asked at first, in the order in which an officer has it; the rest of the paper lies behind a fold.
OF_THE_PERSON = ("subject.citizenship",)
OF_THE_PAPER = ("request.form", "request.complete", "request.signed", "request.warrants")
FURTHER = ("custody.release_eligible_at", "request.asks", "request.reimbursement_agreed")
BAD_REQUEST = 400
RECORDED = "The detainer is recorded."
SEEN_BEFORE = "The same request was received before: it is detainer {} of this case. Nothing was recorded twice."


@require_http_methods(["GET", "POST"])
def typed(request: HttpRequest) -> HttpResponse:
    """The form for a detainer, and what becomes of it: a new case, or the one that had it already."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    deeds.allow(by, Permission.RECEIVE)
    zone, vocabulary = desk.library.gazetteer.places[desk.bound.place].zone, desk.library.vocabulary
    faults: tuple[object, ...] = ()
    facts = facts_in(request.POST, vocabulary, zone, by.account)
    case = request.POST.get("case", request.GET.get("case", ""))
    if request.method == "POST":
        person = deeds.Person(
            **{name: request.POST.get(name, "").strip() for name in ("name", "a_number", "booking", "born_on")}
        )
        try:
            received_at = moment_sent(request.POST, "received_at", zone, now)
            arrived = deeds.receive(
                desk, facts=facts, person=person, channel="typed", received_at=received_at, by=by, at=now, case=case
            )
        except Refused as refusal:
            faults = refusal.findings
        else:
            messages.info(request, RECORDED if arrived.is_new else SEEN_BEFORE.format(arrived.detainer))
            return redirect("case", id=arrived.case)
    columns = fields_turned_on(desk, now.date())
    values = {
        "faults": faults, "case": case, "sent": request.POST,
        "paper": fields_of(OF_THE_PAPER, vocabulary, facts, columns=columns),
        "person": fields_of(OF_THE_PERSON, vocabulary, facts), "more": fields_of(FURTHER, vocabulary, facts),
    }  # fmt: skip
    return render(request, "desk/receive.html", values, status=BAD_REQUEST if faults else 200)
