"""Finds the cases of a person by a whole name or number. What is looked for is sent in a form, so that it is in no address."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from comity.desk import deeds, queries
from comity.desk.roles import Permission
from comity.web.at_desk import this_desk

FIELDS = (("name", "Name"), ("a_number", "A-number"), ("booking", "Booking number"), ("born_on", "Born on"))


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest) -> HttpResponse:
    """The form, and the cases that it finds. Each case found is recorded as viewed."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    deeds.allow(by, Permission.SEE_PERSON)
    field = next((name for name, _ in FIELDS if name == request.POST.get("field")), FIELDS[0][0])
    text = request.POST.get("text", "").strip()
    found = queries.find_by_person(desk, field=field, text=text, by=by) if text else []
    for id in found:
        deeds.view(desk, id, page="search", by=by, at=now)
    values = {
        "fields": FIELDS, "field": field, "text": text, "searched": request.method == "POST",
        "cases": [queries.find_case(id) for id in found],
    }  # fmt: skip
    return render(request, "desk/find.html", values)
