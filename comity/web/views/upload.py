"""A detainer arrives as a PDF or as a pasted text. It is recorded as it came at once, before anything is read from it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comity.desk import deeds
from comity.desk.events import Channel
from comity.desk.ledger import Refused
from comity.desk.papers.contained import BYTES_MAX, is_pdf
from comity.desk.papers.reading import TEXT_MAX
from comity.desk.roles import Permission
from comity.finding import Finding, Place, phrase
from comity.web.at_desk import this_desk
from comity.web.fact_fields import with_zone

BAD_REQUEST = 400
SEEN_BEFORE = "The same paper was received before: it is detainer {} of this case. Nothing was recorded twice."
RECORDED = "The paper is recorded as it came. Confirm what was read from it."


@require_http_methods(["GET", "POST"])
def pdf(request: HttpRequest) -> HttpResponse:
    """The form for a PDF, and what becomes of it: a detainer whose facts are not known until a person confirms them."""
    if request.method == "GET":
        return _form(request, "pdf")
    file = request.FILES.get("paper")
    content = file.read() if file else b""
    if not content:
        words = phrase("no file came, or it has more than {most} MB", most=BYTES_MAX // 1_000_000)
        return _form(
            request, "pdf", Finding("no-file", Place("paper"), words, phrase("choose the PDF and send it again"))
        )
    if not is_pdf(content):
        help = phrase("print it to a PDF, or type what it says on the page of typed detainers")
        return _form(request, "pdf", Finding("no-pdf", Place("paper"), phrase("the file is no PDF"), help))
    return _receive(request, content, "application/pdf", "pdf")


@require_http_methods(["GET", "POST"])
def pasted(request: HttpRequest) -> HttpResponse:
    """The form for a text, such as an e-mail, and what becomes of it."""
    text = request.POST.get("text", "").strip()
    if request.method == "GET":
        return _form(request, "pasted")
    if not text or len(text) > TEXT_MAX:
        words = phrase("the text is empty, or has more than {most:,} characters", most=TEXT_MAX)
        return _form(request, "pasted", Finding("no-text", Place("text"), words, phrase("paste the whole message")))
    return _receive(request, text.encode("utf-8", errors="replace"), "text/plain", "pasted")


def _receive(request: HttpRequest, content: bytes, media_type: str, channel: Channel) -> HttpResponse:
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    try:
        arrived = deeds.receive(
            desk, facts={}, person=deeds.Person(), channel=channel, received_at=_received_at(request, now), by=by, at=now,
            case=request.POST.get("case", ""), paper=content, media_type=media_type,
        )  # fmt: skip
    except Refused as refusal:
        return _form(request, channel, *refusal.findings)
    messages.info(request, RECORDED if arrived.is_new else SEEN_BEFORE.format(arrived.detainer))
    return redirect("paper", id=arrived.case, detainer=arrived.detainer)


def _received_at(request: HttpRequest, now: datetime) -> datetime:
    """When the paper came: as it was typed, or now; raises `Refused` on what is no moment."""
    text, desk = request.POST.get("received_at", "").strip(), this_desk()
    try:
        return (
            datetime.fromisoformat(with_zone(text, desk.library.gazetteer.places[desk.bound.place].zone))
            if text
            else now
        )
    except ValueError:
        help = phrase("write it as 2026-11-02T12:00")
        raise Refused(
            Finding("not-a-moment", Place("received_at"), phrase('"{}" is not a moment', text), help)
        ) from None


def _form(request: HttpRequest, channel: str, *faults: Finding) -> HttpResponse:
    deeds.allow(request.user.actor, Permission.RECEIVE)
    values = {
        "faults": faults, "is_pdf": channel == "pdf", "sent": request.POST, "megabytes": BYTES_MAX // 1_000_000,
        "case": request.POST.get("case", request.GET.get("case", "")),
    }  # fmt: skip
    return render(request, "desk/upload.html", values, status=BAD_REQUEST if faults else 200)
