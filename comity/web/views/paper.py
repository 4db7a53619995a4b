"""What was read from a paper, beside its picture: a person confirms or corrects each value, and only then is it a fact of the case."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec import Struct

from comity.desk import deeds, queries
from comity.desk.case import Detainer
from comity.desk.events import Actor, Received
from comity.desk.ledger import Refused
from comity.desk.papers.arriving import cancels, earlier_detainers, find_paper, join, source_of
from comity.desk.papers.confirming import Confirmed, objections_to, settle_confirmed
from comity.desk.papers.keeping import EXTENSIONS, served_as
from comity.desk.papers.reading import PERSON_FIELDS, Reading, ReadValue, read_paper
from comity.desk.roles import Permission
from comity.finding import Finding, Place, phrase
from comity.web.at_desk import this_desk
from comity.web.fact_fields import Field, facts_in, fields_of
from comity.web.fact_words import answer_in_words

BAD_REQUEST = 400
CONFIRM, PERSON = "ok:", "person:"
QUESTIONS = {"name": "Name", "a_number": "A-number", "born_on": "Born on", "booking": "Booking number"}
# What is asked of a paper that does not say it itself, in the order of the form.
OF_THE_PAPER = (
    "request.form",
    "request.basis",
    "request.complete",
    "request.signed",
    "request.warrants",
    "request.asks",
)
NUMBER = re.compile("[0-9]{1,9}")
CANCELLED = "Detainer {} of this case is cancelled, as the paper says."
HOLD_ENDED = " The hold for it has ended: release the person, unless there is another reason to hold."
REPLACED = "The paper is recorded on this case and replaces detainer {}. Confirm what was read from it."


class Entry(Struct, frozen=True, kw_only=True):
    """A value that was read, as the page shows it, with the field that corrects it; a person's field is corrected as text."""

    question: str
    words: str
    read: ReadValue
    name: str  # of the box that confirms it
    is_confirmed: bool  # in the form that was sent
    correction: Field | None = None


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, id: str, detainer: int) -> HttpResponse:
    """The page of a paper; sent, it records what was confirmed or corrected. The paper is read again, so no value comes from the form."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    deeds.allow(by, Permission.RECEIVE)
    paper = find_paper(id, detainer)
    content, media_type = queries.paper_of(desk, id, paper.document, by=by)
    if request.method == "GET":
        deeds.view(desk, id, page="paper", by=by, at=now)
    reading = read_paper(content, media_type, pictures=True)
    faults: tuple[Finding, ...] = ()
    if request.method == "POST":
        sent = _sent(request, reading, paper)
        faults = objections_to(sent, _words_of(sent.both))
        if not faults:
            try:
                person = deeds.Person(**sent.person)
                deeds.state(desk, id, facts=sent.facts, person=person, detainer=detainer, by=by, at=now)
            except Refused as refusal:
                faults = refusal.findings
            else:
                messages.info(request, _recorded(sent))
                return redirect("case", id=id)
    others = _other_person(queries.case_file(desk, id, by=by).person, reading)
    values = (
        _values(request, id, paper, reading) | {"faults": faults, "others": others} | _earlier(id, paper, reading, by)
    )
    return render(request, "desk/paper.html", values, status=BAD_REQUEST if faults else 200)


def _earlier(id: str, paper: Detainer, reading: Reading, by: Actor) -> dict[str, Any]:
    """The detainers that this paper may be about, in other cases of the person and in this one."""
    case = queries.find_case(id)
    is_open = case.closed_at is None
    counts = case.governing is not None and case.governing.number == paper.number
    alone = is_open and len(case.detainers) == 1 and not case.decisions and not case.holds
    before = [detainer for detainer in case.detainers.values() if detainer.status == "superseded"]
    return {
        "cancels": cancels(reading) and is_open,
        "earlier": earlier_detainers(this_desk(), id, reading, by=by) if alone else [],
        "can_join": alone,
        "superseded": before[-1:] if is_open and counts else [],
        "joined_to": case.joined_to,
    }  # fmt: skip


@require_POST
def join_case(request: HttpRequest, id: str, detainer: int) -> HttpResponse:
    """Says that a paper cancels or replaces a detainer of another case, and goes on there."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    other, how = request.POST.get("case", "").strip().upper(), request.POST.get("how", "")
    deeds.allow(by, Permission.RECEIVE)
    if how not in ("cancels", "replaces"):
        help = phrase("choose one of the two buttons")
        raise Refused(Finding("missing", Place("how"), phrase("say whether it cancels or replaces the detainer"), help))
    before = queries.find_case(other)
    sent = request.POST.get("earlier", "")
    number = int(sent) if NUMBER.fullmatch(sent) else before.governing.number if before.governing else 0
    event = join(desk, id, detainer=detainer, earlier_case=other, earlier=number, how=how, by=by, at=now)
    if isinstance(event.happening, Received):
        messages.info(request, REPLACED.format(number))
        return redirect("paper", id=other, detainer=event.happening.detainer)
    ended = before.hold is not None and queries.find_case(other).hold is None
    messages.info(request, CANCELLED.format(number) + (HOLD_ENDED if ended else ""))
    return redirect("case", id=other)


@require_GET
def original(request: HttpRequest, id: str, detainer: int) -> HttpResponse:
    """The bytes of a paper as they came, as a file to save: a browser does not open it beside the desk."""
    desk, by, now = this_desk(), request.user.actor, datetime.now(UTC)
    paper = find_paper(id, detainer)
    content, media_type = queries.paper_of(desk, id, paper.document, by=by)
    deeds.view(desk, id, page="paper as it came", by=by, at=now)
    name = f"{id}-{detainer}.{EXTENSIONS.get(media_type, 'bin')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox"}
    return HttpResponse(content, content_type=served_as(media_type), headers=headers)


def _other_person(known: dict[str, str], reading: Reading) -> list[tuple[str, str, str]]:
    """What the case says of the person and the paper says otherwise: the paper may belong to another case."""
    return [
        (QUESTIONS[value.target], known[value.target], str(value.value))
        for value in reading.person
        if known.get(value.target) and _letters(known[value.target]) != _letters(str(value.value))
    ]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold())).removeprefix("a" if any(map(str.isdigit, text)) else "")


def _values(request: HttpRequest, id: str, paper: Detainer, reading: Reading) -> dict[str, Any]:
    vocabulary = this_desk().library.vocabulary
    read = {value.target for value in reading.values}
    sent = facts_in(request.POST, vocabulary, _zone(), "")
    pictures = [
        (page.number, base64.b64encode(page.png).decode("ascii") if page.png else "", page.text)
        for page in reading.pages
    ]
    return {
        "id": id, "paper": paper, "reading": reading, "entries": list(_entries(request, reading)), "sheets": pictures,
        "asked": fields_of([path for path in OF_THE_PAPER if path not in read], vocabulary, sent),
        "person": [(name, QUESTIONS[name], request.POST.get(f"{PERSON}{name}", "")) for name in QUESTIONS if name not in read],
        "has_picture": any(page.png for page in reading.pages),
    }  # fmt: skip


def _entries(request: HttpRequest, reading: Reading) -> Iterator[Entry]:
    vocabulary = this_desk().library.vocabulary
    for value in (*reading.person, *reading.facts):
        confirmed = f"{CONFIRM}{value.target}" in request.POST
        name = f"{CONFIRM}{value.target}"
        if value.target in PERSON_FIELDS:
            question = QUESTIONS[value.target]
            yield Entry(question=question, words=str(value.value), read=value, name=name, is_confirmed=confirmed)
        elif value.target in vocabulary.entries:
            yield Entry(
                question=vocabulary.entries[value.target].question, words=answer_in_words(vocabulary, value.target, value.value),
                read=value, name=name, is_confirmed=confirmed, correction=fields_of([value.target], vocabulary)[0],
            )  # fmt: skip


def _sent(request: HttpRequest, reading: Reading, paper: Detainer) -> Confirmed:
    """What the form says of what was read. A fact that was typed is typed, though the paper is beside it."""
    account, vocabulary = request.user.actor.account, this_desk().library.vocabulary
    typed = facts_in(request.POST, vocabulary, _zone(), account, document=paper.document)
    named = {name: text for name in QUESTIONS if (text := request.POST.get(f"{PERSON}{name}", "").strip())}
    ticked = {value.target for value in reading.values if f"{CONFIRM}{value.target}" in request.POST}
    return settle_confirmed(
        reading, ticked, facts=typed, person=named, source=source_of(paper), document=paper.document, account=account
    )


def _words_of(targets: Iterable[str]) -> dict[str, str]:
    return {target: QUESTIONS[target] if target in PERSON_FIELDS else _about(target) for target in targets}


def _about(path: str) -> str:
    """A fact in a few words: `the form`, `whether the request is signed`."""
    entry = this_desk().library.vocabulary.entries[path]
    return entry.noun or f"whether {entry.says}"


def _recorded(sent: Confirmed) -> str:
    count = len(sent.facts) + len(sent.person)
    left = f" Not confirmed, so still unknown: {'; '.join(_words_of(sent.left).values())}." if sent.left else ""
    return f"{count} {'value is' if count == 1 else 'values are'} recorded.{left}"


def _zone() -> str:
    desk = this_desk()
    return desk.library.gazetteer.places[desk.bound.place].zone
