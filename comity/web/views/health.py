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
    late, missing = clockwork.is_late(now), clockwork.missing_alarms(now)
    body = {
        "database": connection.vendor,
        "law_version": this_desk().library.version,
        "clockwork_late": late,
        "alarms_missing": len(missing) if late else 0,
        "overdue": len(queries.overdue(now)),
    }
    return JsonResponse(body, status=FAILS if late else WORKS)
