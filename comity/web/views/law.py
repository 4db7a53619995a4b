"""The law of the place, as the desk decides under it; and the live cases that it decides otherwise than their last decision."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from msgspec import Struct, structs

from comity.desk import queries
from comity.desk.case import Case
from comity.desk.deciding import decide_case
from comity.desk.desk import Desk
from comity.desk.events import Actor
from comity.desk.ledger import Refused
from comity.desk.roles import Permission, Role, may
from comity.finding import Finding, Place, phrase
from comity.law.in_force import Agency
from comity.law.library import Library
from comity.lawview.page import MORE, full_page_of, page_of
from comity.present.page import Block, Table
from comity.web.at_desk import this_desk, this_law


class Change(Struct, frozen=True):
    """An action that the law decides otherwise now: its outcome in the last decision, and now."""

    action: str
    before: str
    now: str


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The law in force on a day; today, where none is given. `full=1` leaves nothing out."""
    desk, text = this_desk(), request.GET.get("on", "").strip()
    agency = Agency(desk.bound.agency_kind, desk.bound.agency_name)
    view = this_law().at(desk.bound.place, on=_day(text), agency=agency)
    is_full = request.GET.get("full") == "1"
    title, *blocks = full_page_of(view) if is_full else map(_without_option, page_of(view))
    role = Role(request.user.role)
    values = {
        "title": title, "blocks": blocks, "day": view.day.isoformat(), "is_full": is_full,
        "may_propose": may(role, Permission.PROPOSE_LAW), "may_confirm": may(role, Permission.CONFIRM_LAW),
    }  # fmt: skip
    return render(request, "desk/law.html", values)


def _without_option(block: Block) -> Block:
    """A block in which the link to everything stands for the option of the command."""
    return (
        block if isinstance(block, Table) else structs.replace(block, text=block.text.replace(MORE, "under All of it"))
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        words, help = phrase("{} is not a day", text), phrase("write it as 2026-11-02")
        raise Refused(Finding("not-a-day", Place("on"), words, help)) from None


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """The live cases whose last decision is not what the law decides now."""
    desk = this_desk()
    found = differing_cases(desk, desk.library, by=request.user.actor, now=datetime.now(UTC))
    return render(request, "desk/law_changes.html", {"cases": found})


def differing_cases(desk: Desk, library: Library, *, by: Actor, now: datetime) -> list[tuple[Case, list[Change]]]:
    """The live cases of which a law decides an action otherwise than their last decision, with these actions."""
    found = [(case, changes_of(desk, case, library, now)) for case in queries.live_cases(by=by)]
    return [(case, differing) for case, differing in found if differing]


def changes_of(desk: Desk, case: Case, library: Library, now: datetime) -> list[Change]:
    """The actions of the detainer that counts which a law decides otherwise than its last decision."""
    governing = case.governing
    last = case.decision_on(governing.number) if governing else None
    if governing is None or last is None:
        return []
    decision, _, _ = decide_case(case, governing.number, desk.bound, library, now)
    if decision is None:
        return []
    outcomes: dict[str, str] = {action: answer.outcome for action, answer in decision.actions.items()}
    return [
        Change(action, last.outcomes.get(action, ""), outcome)
        for action, outcome in outcomes.items()
        if outcome != last.outcomes.get(action)
    ]
