"""Calls on the desk itself: its tokens, a change of its law, and its counts for what watches it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from comity.desk import clockwork, queries
from comity.desk.deeds import allow
from comity.desk.ledger import Refused
from comity.desk.models import CaseRow, Entry, Outgoing
from comity.desk.roles import Permission
from comity.finding import Finding, InputFault, Place, phrase
from comity.web.api import bodies
from comity.web.api.bodies import ERRORS
from comity.web.api.models import Token
from comity.web.api.problems import no_token, plain_problem, problem
from comity.web.api.tokens import TokenAuth, revoke_token
from comity.web.at_desk import this_desk
from comity.web.observing import COUNTS
from comity.web.operating.law_change import kept_folders

router = Router(tags=["desk"])
KEEP_ACCOUNTS = TokenAuth(Permission.KEEP_ACCOUNTS)
METRICS = TokenAuth(Permission.SEE_METRICS)
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/tokens", response={200: list[bodies.TokenOut], **ERRORS}, auth=KEEP_ACCOUNTS, operation_id="tokens")
def tokens(request: HttpRequest) -> HttpResponse:
    """All tokens, without their secrets. New ones are made by `comity desk token`."""
    allow(request.auth.actor, Permission.KEEP_ACCOUNTS)
    found = [
        bodies.TokenOut(
            number=token.pk, name=token.name, account=token.account.actor.account, scopes=token.scopes.split(),
            expires_at=token.expires_at, revoked_at=token.revoked_at,
        )
        for token in Token.objects.select_related("account")
    ]  # fmt: skip
    return HttpResponse(msgspec.json.encode([each.dict() for each in found]), content_type="application/json")


@router.post("/tokens/{number}/revoke", response={204: None, **ERRORS}, auth=KEEP_ACCOUNTS, operation_id="revoke_token")
def revoke(request: HttpRequest, number: bodies.TokenNumber) -> HttpResponse:
    """Ends a token, within five seconds in every process."""
    revoke_token(number, by=request.auth.actor, at=datetime.now(UTC))
    return HttpResponse(status=204)


@router.post(
    "/law-changes", response={200: bodies.LawChangeOut, **ERRORS}, auth=TokenAuth(Permission.KEEP_DESK),
    operation_id="change_law",
)  # fmt: skip
def change_law(request: HttpRequest) -> HttpResponse:
    """Reads the law of the configuration's folders again and decides under it from now on, in one step.

    It is read in a child process with limits, and archived. Law that cannot be relied on changes nothing.
    """
    allow(request.auth.actor, Permission.KEEP_DESK)
    desk, folders = this_desk(), kept_folders()
    if folders is None:
        raise Refused(Finding("not-now", Place("law"), phrase("this desk was not opened from a configuration")))
    before = desk.library.version
    library, findings = folders.change(desk)
    if library is None:
        raise InputFault(findings)
    body = {"before": before, "law_version": library.version, "changed": library.version != before}
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def metrics(request: HttpRequest) -> HttpResponse:
    """The counts and times of the service as Prometheus reads them, for a token with the scope `see_metrics`."""
    try:
        caller = METRICS(request)
    except Refused as refusal:
        return problem(request, refusal.findings)
    if caller is None:
        return no_token(request)
    if request.method != "GET":
        return plain_problem(request, 405, "bad-method", "this address has no such method", "use GET")
    allow(caller.actor, Permission.SEE_METRICS)
    now = datetime.now(UTC)
    gauges = {
        "comity_events": (
            "Events of the record.",
            Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0,
        ),
        "comity_cases_live": ("Cases that are not closed.", CaseRow.objects.filter(closed_at=None).count()),
        "comity_cases_undecided": ("Cases that wait for a decision.", CaseRow.objects.filter(undecided=True).count()),
        "comity_holds_overdue": ("Holds at or past their limit.", len(queries.overdue(now))),
        "comity_messages_waiting": ("Messages not delivered yet.", Outgoing.objects.filter(sent_at=None).count()),
        "comity_clockwork_late": ("Whether the clockwork gives no sign of life.", int(clockwork.is_late(now))),
    }
    lines = COUNTS.lines()
    for name, (help, value) in gauges.items():
        lines += [f"# HELP {name} {help}", f"# TYPE {name} gauge", f"{name} {value}"]
    lines += ["# HELP comity_law The law that is held.", "# TYPE comity_law gauge"]
    lines.append(f'comity_law{{version="{this_desk().library.version}"}} 1')
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT)
