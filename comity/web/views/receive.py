"""A detainer arrives: typed in by an officer."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comity.desk import deeds
from comity.desk.ledger import Refused
from comity.desk.roles import Permission
from comity.web.at_desk import this_desk
from comity.web.fact_fields import facts_in, fields_of, with_zone

# What the paper itself says, in the order of the form.
OF_THE_PAPER = (
    "request.form", "request.asks", "request.complete", "request.signed", "request.warrants", "request.reimbursement_agreed",
)  # fmt: skip
OF_THE_PERSON = ("subject.citizenship", "custody.release_eligible_at")


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
            arrived = deeds.receive(
                desk, facts=facts, person=person, channel="typed", received_at=_received_at(request, zone, now), by=by,
                at=now, case=case,
            )  # fmt: skip
            return redirect("case", id=arrived.case)
        except Refused as refusal:
            faults = refusal.findings
    values = {
        "faults": faults, "case": case, "sent": request.POST,
        "paper": fields_of(OF_THE_PAPER, vocabulary, facts), "person": fields_of(OF_THE_PERSON, vocabulary, facts),
    }  # fmt: skip
    return render(request, "desk/receive.html", values, status=400 if faults else 200)


def _received_at(request: HttpRequest, zone: str, now: datetime) -> datetime:
    """When the paper came: as it was typed, or now."""
    try:
        return datetime.fromisoformat(with_zone(request.POST.get("received_at", ""), zone))
    except ValueError:
        return now
