"""Corrects a fact that was recorded wrong: the event that said it stays, and another says what is right, and why."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comity.desk import deeds, queries
from comity.desk.case import BOOKING, Case
from comity.desk.desk import Desk
from comity.desk.ledger import Refused
from comity.desk.roles import Permission
from comity.finding import Finding, Place, phrase
from comity.web.at_desk import this_desk
from comity.web.fact_fields import Field, facts_in, fields_of
from comity.web.held_fields import fields_turned_on

BAD_REQUEST = 400
CORRECTED = "The fact is corrected. Look at the answers again: they may have changed."


@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, id: str) -> HttpResponse:
    """The form for one fact of a case with its value now, and what becomes of it."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    deeds.allow(by, Permission.CORRECT)
    case, path = queries.find_case(id), request.POST.get("path", request.GET.get("fact", ""))
    field = _field(desk, case, path, now)
    faults: tuple[Finding, ...] = ()
    if request.method == "POST":
        zone = desk.library.gazetteer.places[desk.bound.place].zone
        sent = facts_in(request.POST, desk.library.vocabulary, zone, by.account)
        facts = {path: sent[path]} if path in sent else {}
        event, detainer = _said_by(desk, case, path)
        try:
            _need_value(path, bool(facts))
            reason = request.POST.get("reason", "")
            deeds.correct(desk, id, event=event, reason=reason, facts=facts, detainer=detainer, by=by, at=now)
        except Refused as refusal:
            faults = refusal.findings
        else:
            messages.info(request, CORRECTED)
            return redirect("case", id=id)
    values = {"case": case, "field": field, "path": path, "faults": faults, "reason": request.POST.get("reason", "")}
    return render(request, "desk/correct.html", values, status=BAD_REQUEST if faults else 200)


def _field(desk: Desk, case: Case, path: str, now: datetime) -> Field:
    """The fact as a field; raises `Refused` where the case knows no such fact."""
    known = case.known(case.governing.number if case.governing else BOOKING)
    if path not in known or path not in desk.library.vocabulary.entries:
        words, help = phrase("the case knows no such fact"), phrase("choose one in the list of what is known")
        raise Refused(Finding("no-fact", Place(case.id), words, help))
    [field] = fields_of([path], desk.library.vocabulary, known, columns=fields_turned_on(desk, now.date()))
    return field


def _said_by(desk: Desk, case: Case, path: str) -> tuple[int, int]:
    """The number of the last event that said a fact of the detainer that counts, and the detainer of which it said it."""
    number = case.governing.number if case.governing else BOOKING
    for event in reversed(list(queries.events_of(desk, case.id, with_person=False))):
        happening = event.happening
        if path in getattr(happening, "facts", {}) and getattr(happening, "detainer", BOOKING) in (number, BOOKING):
            return event.number, getattr(happening, "detainer", BOOKING)
    raise Refused(Finding("no-fact", Place(case.id), phrase("no event of the case says this fact")))


def _need_value(path: str, is_there: bool) -> None:
    if not is_there:
        help = phrase("state the value that is right; a fact cannot be made unknown again")
        raise Refused(Finding("missing", Place(path), phrase("no value is given"), help))
