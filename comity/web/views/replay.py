"""The desk's own record under another law: its counts beside those of the law here, and the table that `comity replay` reads."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from msgspec import Struct

from comity.desk.counts import cases_of
from comity.desk.deeds import allow
from comity.desk.desk import Desk
from comity.desk.events import Actor
from comity.desk.requests_table import request_rows, requests_csv
from comity.desk.roles import Permission, Role, may
from comity.engine.outcome import OUTCOMES
from comity.web.at_desk import this_desk
from comity.web.operating.replaying import Replayed, replay_rows
from comity.web.spans import Span, span_named

Row = dict[str, str]


class Counted(Struct, frozen=True):
    """An outcome of an action: how many requests have it under the law here, and under the other."""

    outcome: str
    here: int
    there: int


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The counts of the requests of a span under the law here; with `law=PLACE@DAY`, also under that law."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    allow(by, Permission.REPLAY)
    span = span_named(request.GET.get("period", "") or f"{now:%Y}", desk, now)
    named = request.GET.get("law", "").strip()
    rows = _rows(desk, span, by)
    laws = ["", named] if named else [""]
    here, there, *_ = [*replay_rows(desk.library, rows, laws), None] if rows else (None, None)
    values = {
        "span": span, "law": named, "rows": len(rows), "refused": here.refused if here else 0,
        "actions": _counted(here, there) if here else [], "there": there, "place": desk.bound.place,
        "may_export": may(Role(by.role), Permission.EXPORT),
    }  # fmt: skip
    return render(request, "desk/replay.html", values)


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The requests of a span as CSV, with no person in them."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    allow(by, Permission.EXPORT)
    span = span_named(request.GET.get("period", "") or f"{now:%Y}", desk, now)
    content = requests_csv(_rows(desk, span, by), desk.library.vocabulary)
    headers = {"Content-Disposition": f'attachment; filename="requests-{span.name}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _rows(desk: Desk, span: Span, by: Actor) -> list[Row]:
    return list(request_rows(cases_of(span.since, span.until, by=by), desk.bound, desk.library.vocabulary))


def _counted(here: Replayed, there: Replayed | None) -> list[tuple[str, list[Counted]]]:
    """Each action with the outcomes that occur, as they are under either law."""
    found = []
    for action, outcomes in here.actions.items():
        other = there.actions[action] if there else {}
        lines = [Counted(each, outcomes.get(each, 0), other.get(each, 0)) for each in OUTCOMES]
        found.append((action, [line for line in lines if line.here or line.there]))
    return found
