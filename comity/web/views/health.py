"""Whether the desk works: for what watches it, with no person in it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from comity.desk import clockwork, queries
from comity.web.at_desk import this_desk

WORKS, FAILS = 200, 503


@require_GET
def show(request: HttpRequest) -> JsonResponse:
    """The state of the database, the law and the clockwork; 503 where one does not work."""
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    watched = clockwork.watch(now)
    body = {
        "database": connection.vendor,
        "law_version": this_desk().library.version,
        "clockwork_late": watched.late,
        "alarms_missing": len(watched.missing),
        "messages_undelivered": watched.undelivered,
        "overdue": len(queries.overdue(now)),
    }
    return JsonResponse(body, status=FAILS if watched.late or watched.missing else WORKS)
