"""The record of the desk: its events newest first, with filters, for those who may see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from comity.desk.ledger import Refused
from comity.desk.record_pages import KIND_NAMES, RecordFilter, record_page
from comity.finding import Finding, Place, phrase
from comity.web.at_desk import this_desk
from comity.web.models import Account

NUMBER_LENGTH_MAX = 15


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """One page of the record."""
    sent = {name: request.GET.get(name, "").strip() for name in ("kind", "account", "case", "day", "before")}
    day = _day(sent["day"])
    wanted = RecordFilter(
        kind=sent["kind"] if sent["kind"] in KIND_NAMES else "", account=sent["account"], case=sent["case"].upper(),
        since=day, until=day + timedelta(days=1) if day else None, before=_number(sent["before"]),
    )  # fmt: skip
    page = record_page(wanted, by=request.user.actor)
    address = urlencode({name: text for name, text in {**sent, "before": page.next_before}.items() if text})
    accounts = [
        (f"u{number}", name) for number, name in Account.objects.order_by("username").values_list("pk", "username")
    ]
    values = {"page": page, "sent": sent, "kinds": KIND_NAMES, "accounts": accounts, "older": address}
    return render(request, "desk/record.html", values)


def _day(text: str) -> datetime | None:
    """The beginning of a local day; raises `Refused` where the text is none."""
    if not text:
        return None
    desk = this_desk()
    zone = ZoneInfo(desk.library.gazetteer.places[desk.bound.place].zone)
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=zone)
    except ValueError:
        words, help = phrase("{} is not a day", text), phrase("write it as 2026-11-02")
        raise Refused(Finding("not-a-day", Place("day"), words, help)) from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH_MAX else 0
