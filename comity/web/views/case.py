"""One case: what is known, what may still change the outcome, the decision, the hold, and every event; and the deeds on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from comity.desk import deeds, queries
from comity.desk.case import Case
from comity.desk.desk import Desk
from comity.desk.events import Actor
from comity.desk.roles import Permission, Role, may
from comity.web.at_desk import this_desk
from comity.web.decision_card import card_for
from comity.web.fact_fields import facts_in, fields_of, with_zone

QUESTIONS_MAX = 3


@require_GET
def show(request: HttpRequest, id: str) -> HttpResponse:
    """A case whole. Each view is an event, which nothing switches off."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    queries.find_case(id)
    deeds.view(desk, id, page="case", by=by, at=now)
    file = queries.case_file(desk, id, by=by)
    card = card_for(desk, file.case, now)
    vocabulary, known = (
        desk.library.vocabulary,
        file.case.known(file.case.governing.number if file.case.governing else 0),
    )
    values: dict[str, Any] = {
        "file": file, "case": file.case, "card": card, "known": _in_words(desk, known),
        "questions": fields_of(card.questions[:QUESTIONS_MAX], vocabulary, known, card.decides) if card else [],
        "may": {permission.value: may(Role(by.role), permission) for permission in Permission},
        "events": list(reversed(file.events)),
    }  # fmt: skip
    return render(request, "desk/case.html", values)


def _in_words(desk: Desk, known: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """What is known, as question and answer, with where it comes from."""
    entries = desk.library.vocabulary.entries
    return [(entries[path].question, _answer(entries[path].words, fact.value), fact) for path, fact in known.items()]


def _answer(words: dict[str, str], value: Any) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case str():
            return words.get(value, value)
        case list():
            return "; ".join(_answer(words, entry) for entry in value) or "None"
        case {"partial": entries}:
            return f"{_answer(words, entries)}, and perhaps more"
        case dict():
            return ", ".join(f"{name.replace('_', ' ')} {_answer(words, entry)}" for name, entry in value.items())
    return str(value)


Deed = Callable[[Desk, str, HttpRequest, Actor, datetime], object]


@require_POST
def do(request: HttpRequest, id: str, deed: str) -> HttpResponse:
    """Does one deed on a case, and shows the case again."""
    if deed not in DEEDS:
        raise Http404
    DEEDS[deed](this_desk(), id, request, request.user.actor, datetime.now(UTC))
    return redirect("case", id=id)


def _state(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    facts = facts_in(request.POST, desk.library.vocabulary, _zone(desk), by.account)
    return deeds.state(desk, id, facts=facts, by=by, at=now, detainer=_governing(queries.find_case(id)))


def _decide(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    return deeds.decide(desk, id, by=by, at=now)


def _choose(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    sent = request.POST
    return deeds.choose(
        desk, id, decision=int(sent["decision"]), action=sent["action"], choice="do" if sent["choice"] == "do" else "decline",
        decider=sent.get("decider", ""), reason=sent["reason"], by=by, at=now,
    )  # fmt: skip


def _ask_override(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    sent = request.POST
    choice: deeds.Choice = "do" if sent["choice"] == "do" else "decline"
    return deeds.ask_override(
        desk,
        id,
        decision=int(sent["decision"]),
        action=sent["action"],
        choice=choice,
        reason=sent["reason"],
        by=by,
        at=now,
    )


def _settle_override(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    sent = request.POST
    confirmed = sent["confirmed"] == "yes"
    return deeds.settle_override(
        desk, id, override=int(sent["override"]), confirmed=confirmed, reason=sent["reason"], by=by, at=now
    )


def _begin_hold(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    return deeds.begin_hold(desk, id, began_at=_moment(desk, request, now), by=by, at=now)


def _serve_copy(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    case, refused = queries.find_case(id), request.POST.get("refused") == "yes"
    served_at = _moment(desk, request, now)
    return deeds.serve_copy(desk, id, detainer=_governing(case), served_at=served_at, refused=refused, by=by, at=now)


def _give_notice(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    sent = request.POST
    return deeds.give_notice(
        desk, id, to=sent.get("to", ""), about=sent.get("about", ""), obligation=sent.get("obligation", ""),
        given_at=_moment(desk, request, now), by=by, at=now,
    )  # fmt: skip


def _withdraw(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    number, reason = _governing(queries.find_case(id)), request.POST.get("reason", "")
    return deeds.withdraw(
        desk, id, detainer=number, withdrawn_at=_moment(desk, request, now), reason=reason, by=by, at=now
    )


def _transfer(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    return deeds.transfer(
        desk, id, to=request.POST.get("to", ""), transferred_at=_moment(desk, request, now), by=by, at=now
    )


def _release(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    reason = request.POST.get("reason", "")
    return deeds.release(desk, id, released_at=_moment(desk, request, now), reason=reason, by=by, at=now)


def _acknowledge(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    sent = request.POST
    return deeds.acknowledge(desk, id, alarm=sent["alarm"], note=sent.get("note", ""), by=by, at=now)


def _add_note(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    return deeds.add_note(desk, id, note=request.POST.get("note", ""), by=by, at=now)


def _reopen(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    return deeds.reopen(desk, id, reason=request.POST.get("reason", ""), by=by, at=now)


DEEDS: dict[str, Deed] = {
    "state": _state, "decide": _decide, "choose": _choose, "ask-override": _ask_override, "settle-override": _settle_override,
    "begin-hold": _begin_hold, "serve-copy": _serve_copy, "give-notice": _give_notice, "withdraw": _withdraw,
    "transfer": _transfer, "release": _release, "acknowledge": _acknowledge, "note": _add_note, "reopen": _reopen,
}  # fmt: skip


def _zone(desk: Desk) -> str:
    return desk.library.gazetteer.places[desk.bound.place].zone


def _governing(case: Case) -> int:
    return case.governing.number if case.governing else 0


def _moment(desk: Desk, request: HttpRequest, now: datetime) -> datetime:
    """The moment that a form gives in the time of the desk; now, where it gives none."""
    try:
        return datetime.fromisoformat(with_zone(request.POST.get("moment", ""), _zone(desk)))
    except ValueError:
        return now
