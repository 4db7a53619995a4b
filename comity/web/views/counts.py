"""Counts of the desk for a month or a year, with no person in them, on a page and as CSV."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from comity.desk.counts import Count, cases_of, counts
from comity.desk.deeds import allow
from comity.desk.roles import Permission
from comity.web.at_desk import this_desk
from comity.web.spans import Span, span_named
from comity.web.tags import outcome_words


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The counts of the cases opened in a month or a year; with `format=csv` as a table."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    span = span_named(request.GET.get("period", ""), desk, now)
    figures = counts(cases_of(span.since, span.until, by=by), now)
    if request.GET.get("format") == "csv":
        allow(by, Permission.EXPORT)
        return _csv(figures, span)
    groups = [
        (group, [(outcome_words(each.words), each.count) for each in of_group])
        for group, of_group in groupby(figures, attrgetter("group"))
    ]
    return render(request, "desk/counts.html", {"groups": groups, "span": span})


def _csv(figures: list[Count], span: Span) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("period", "group", "what", "count"))
    writer.writerows((span.name, each.group, each.words, each.count) for each in figures)
    headers = {"Content-Disposition": f'attachment; filename="counts-{span.name}.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
