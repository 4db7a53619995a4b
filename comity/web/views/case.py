"""One case: what is known, what may still change the outcome, the decision, the hold, and every event; and the deeds on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from comity.decision.card_pdf import as_pdf
from comity.desk import deeds, queries
from comity.desk.case import Case
from comity.desk.contradictions import contradictions
from comity.desk.desk import Desk
from comity.desk.events import Actor, AlarmKind, StatedFact
from comity.desk.ledger import Refused
from comity.desk.roles import Permission, Role, may
from comity.finding import Finding, Place, phrase
from comity.web.at_desk import this_desk
from comity.web.decision_card import Card, card_for
from comity.web.fact_fields import Field, facts_in, fields_of, moment_sent
from comity.web.fact_words import facts_in_words
from comity.web.held_fields import fields_turned_on

QUESTIONS_MAX, NUMBER_LENGTH_MAX = 3, 9


@require_GET
def show(request: HttpRequest, id: str) -> HttpResponse:
    """A case whole. Each view is an event, which nothing switches off."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    queries.find_case(id)
    deeds.view(desk, id, page="case", by=by, at=now)
    file = queries.case_file(desk, id, by=by)
    card = card_for(desk, file.case, now)
    governing = file.case.governing
    known = file.case.known(governing.number if governing else 0)
    may_do = {permission.value: may(Role(by.role), permission) for permission in Permission}
    values: dict[str, Any] = {
        "file": file, "case": file.case, "card": card, "may": may_do, "known": _known(desk, known),
        "questions": _questions(desk, card, known, now) if card and not file.case.closed_at else [],
        "contradictions": () if file.case.closed_at else contradictions(known),
        "held": file.case.holds[-1] if file.case.holds else None,
        "events": list(reversed(file.events)),
    }  # fmt: skip
    return render(request, "desk/case.html", values)


def _questions(desk: Desk, card: Card, known: dict[str, StatedFact], now: datetime) -> list[Field]:
    """The most decisive questions, as fields."""
    asked, vocabulary = card.questions[:QUESTIONS_MAX], desk.library.vocabulary
    return fields_of(asked, vocabulary, known, card.decides, fields_turned_on(desk, now.date()))


def _known(desk: Desk, known: dict[str, StatedFact]) -> list[tuple[str, str, str, StatedFact]]:
    """What is known, as path, question and answer, with where it comes from; in the order of the vocabulary."""
    vocabulary = desk.library.vocabulary
    ordered = sorted(known, key=lambda path: vocabulary.order.get(path, 0))
    words = facts_in_words(vocabulary, known)
    return [(path, question, answer, known[path]) for path, (question, answer) in zip(ordered, words, strict=True)]


@require_GET
def card_pdf(request: HttpRequest, id: str) -> HttpResponse:
    """The card of a case as one page of PDF, to be kept with the booking; it names no person, and is logged as a view."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    case = queries.find_case(id)
    deeds.view(desk, id, page="printed card", by=by, at=now)
    card = card_for(desk, case, now)
    if card is None:
        help = phrase("receive a new detainer, or correct the facts")
        raise Refused(Finding("nothing-to-decide", Place(id), phrase("no detainer of this case counts any more"), help))
    name = f"{desk.library.gazetteer.places[desk.bound.place].name}, case {id}"
    headers = {"Content-Disposition": f'inline; filename="card-{id}.pdf"'}
    return HttpResponse(as_pdf(card.decision, name), content_type="application/pdf", headers=headers)


Deed = Callable[[Desk, str, HttpRequest, Actor, datetime], object]


@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, id: str, deed: str) -> HttpResponse:
    """Does one deed on a case, and shows the case again; so does the address of a deed that is only opened."""
    if deed not in DEEDS:
        raise Http404
    if request.method == "GET":
        return redirect("case", id=id)
    DEEDS[deed](this_desk(), id, request, request.user.actor, datetime.now(UTC))
    return redirect("case", id=id)


def _state(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    facts = facts_in(request.POST, desk.library.vocabulary, _zone(desk), by.account)
    return deeds.state(desk, id, facts=facts, by=by, at=now, detainer=_governing(queries.find_case(id)))


def _decide(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    """Records a decision, but none that its page did not show: under a law that changed since, the answer may be another."""
    if request.POST.get("law", desk.library.version) != desk.library.version:
        words = phrase("the law of the desk changed while this page was open")
        raise Refused(Finding("law-changed", Place(id), words, phrase("look at the answer again, then record it")))
    return deeds.decide(desk, id, by=by, at=now)


def _choose(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    return deeds.choose(
        desk, id, decision=_number(request, "decision"), action=_needed(request, "action"), choice=_choice(request),
        decider=request.POST.get("decider", ""), reason=_needed(request, "reason"), by=by, at=now,
    )  # fmt: skip


def _ask_override(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    return deeds.ask_override(
        desk, id, decision=_number(request, "decision"), action=_needed(request, "action"), choice=_choice(request),
        reason=_needed(request, "reason"), by=by, at=now,
    )  # fmt: skip


def _settle_override(desk: Desk, id: str, request: HttpRequest, by: Actor, now: datetime) -> object:
    confirmed, reason = _needed(request, "confirmed") == "yes", _needed(request, "reason")
    override = _number(request, "override")
    return deeds.settle_override(desk, id, override=override, confirmed=confirmed, reason=reason, by=by, at=now)


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
    alarm = next((kind for kind in get_args(AlarmKind) if kind == _needed(request, "alarm")), None)
    if alarm is None:
        raise Refused(Finding("no-alarm", Place(id), phrase("there is no such alarm")))
    return deeds.acknowledge(desk, id, alarm=alarm, note=request.POST.get("note", ""), by=by, at=now)


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
    return moment_sent(request.POST, "moment", _zone(desk), now)


def _needed(request: HttpRequest, name: str) -> str:
    """What a form sends under a name; raises `Refused` where it sends nothing."""
    text = str(request.POST.get(name, "")).strip()
    if not text:
        raise Refused(
            Finding("missing", Place(name), phrase("{} is missing", name), phrase("fill it in and send it again"))
        )
    return text


def _number(request: HttpRequest, name: str) -> int:
    text = _needed(request, name)
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH_MAX):
        raise Refused(Finding("not-a-number", Place(name), phrase("{} is not a number", text)))
    return int(text)


def _choice(request: HttpRequest) -> deeds.Choice:
    return "do" if _needed(request, "choice") == "do" else "decline"
