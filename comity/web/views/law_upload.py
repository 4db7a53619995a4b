"""Law of the county as a ZIP file: uploaded and checked, then confirmed or refused by a second person."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comity.desk.deeds import allow
from comity.desk.ledger import Refused
from comity.desk.roles import Permission, Role, may
from comity.finding import Finding, Place, grave, phrase
from comity.web.at_desk import this_desk
from comity.web.operating import uploaded_law
from comity.web.operating.law_change import LawFolders, kept_folders
from comity.web.operating.law_zip import BYTES_MAX
from comity.web.views.law import differing_cases

BAD_REQUEST = 400
WAITS = "The law was checked. It waits for a second person, and the desk decides as before."
CONFIRMED = "The law is confirmed. The desk decides under version {} from now on."
REFUSED = "The law was refused. The desk decides as before."


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The form for a ZIP of law, and what its check found."""
    by, now = request.user.actor, datetime.now(UTC)
    allow(by, Permission.PROPOSE_LAW)
    if request.method == "GET":
        return _form(request)
    file = request.FILES.get("law")
    content = file.read(BYTES_MAX + 1) if file else b""
    if not content:
        help = phrase("choose the ZIP file and send it again")
        return _form(request, Finding("no-file", Place("law"), phrase("no file came"), help))
    proposal, checked = uploaded_law.propose(this_desk(), _folders(), content, by=by, at=now)
    if proposal is None:
        return _form(request, *grave(checked.findings))
    messages.info(request, WAITS)
    return redirect("law-proposed")


def _form(request: HttpRequest, *faults: Finding) -> HttpResponse:
    values = {"faults": faults, "megabytes": BYTES_MAX // 1_000_000}
    return render(request, "desk/law_upload.html", values, status=BAD_REQUEST if faults else 200)


@require_http_methods(["GET", "POST"])
def proposed(request: HttpRequest) -> HttpResponse:
    """The law that waits, with what it would change; and what a second person says of it."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    allow(by, Permission.CONFIRM_LAW)
    folders = _folders()
    if request.method == "POST":
        return _settled(request, folders)
    proposal, may_see = uploaded_law.waiting(folders), may(Role(by.role), Permission.SEE_BOARD)
    library = uploaded_law.library_of(folders, proposal) if proposal and may_see else None
    values = {
        "proposal": proposal, "may_see": may_see, "readable": library is not None,
        "cases": differing_cases(desk, library, by=by, now=now) if library else [],
        "is_own": proposal is not None and proposal.by == by.account,
        "may_propose": may(Role(by.role), Permission.PROPOSE_LAW),
    }  # fmt: skip
    return render(request, "desk/law_proposed.html", values)


def _settled(request: HttpRequest, folders: LawFolders) -> HttpResponse:
    event, reason = request.POST.get("event", ""), request.POST.get("reason", "").strip()
    if not reason:
        raise Refused(
            Finding("missing", Place("reason"), phrase("a reason is missing"), phrase("say why, in a sentence"))
        )
    library = uploaded_law.settle(
        this_desk(), folders, event=int(event) if event.isascii() and event.isdigit() else 0,
        confirmed=request.POST.get("confirmed") == "yes", reason=reason, by=request.user.actor, at=datetime.now(UTC),
    )  # fmt: skip
    messages.info(request, CONFIRMED.format(library.version) if library else REFUSED)
    return redirect("law")


def _folders() -> LawFolders:
    folders = kept_folders()
    if folders is None:
        words = phrase("this desk was not opened from a configuration")
        raise Refused(Finding("not-now", Place("law"), words))
    return folders
