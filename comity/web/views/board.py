"""The board of the shift: every live hold with its clock, overdue first, then soonest; then what waits for a decision."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from comity.desk import queries
from comity.web.at_desk import this_desk


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The board as it is now."""
    lines = queries.board(this_desk(), by=request.user.actor, now=datetime.now(UTC))
    return render(request, "desk/board.html", {"lines": lines})
