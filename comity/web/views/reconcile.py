"""A list of the sender, or of another agency, compared with the desk: sent, shown by class, settled by a person, and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec import Struct

from comity.desk.deeds import allow
from comity.desk.ledger import Refused
from comity.desk.reconciling import list_deeds, list_queries
from comity.desk.reconciling.entries import CONCLUSIONS, ROW_CLASSES, Detainer, OursResult, RowResult
from comity.desk.reconciling.list_queries import Reconciliation
from comity.desk.reconciling.read_list import BYTES_MAX, ListArguments, read_list
from comity.desk.reconciling.result_csv import result_csv
from comity.desk.reconciling.sentences import (
    CLASS_WORDS,
    CONCLUSION_WORDS,
    OURS_ONLY_WORDS,
    REASON_WORDS,
    difference_words,
    form_words,
    quotable,
)
from comity.desk.reconciling.sentences import OUTCOME_WORDS as OUTCOMES
from comity.desk.reconciling.settling import EXPLANATIONS, SettledRow
from comity.desk.roles import Permission, Role, may
from comity.finding import Finding, Place, phrase
from comity.intake.column_map.day_orders import EXAMPLES, ORDERS
from comity.period import day_of
from comity.web.at_desk import this_desk

BAD_REQUEST = 400
OURS_ONLY: Literal["ours_only"] = "ours_only"
SHOWN_FIRST, SHOWN_MAX = 25, 500  # rows of a class on the page of all, and on its own page
NAMES_MAX = 50
DONE = "The list is compared. What is on one side alone comes first; settle each row with a reason."
UNCHANGED = "This list was compared before, and nothing changed since. This is the earlier result."


class Line(Struct, frozen=True, kw_only=True):
    """A row of the list, or a detainer that the desk alone has, as the page shows it."""

    entry: int
    what: str  # the row, or the case
    key: Detainer | None
    day: date | None
    form: str
    outcome: str
    words: list[str]
    possible: tuple[Detainer, ...] = ()
    more: int = 0
    settled_row: SettledRow | None = None
    concluded: str = ""
    conclusions: list[tuple[str, str]] = []


class Group(Struct, frozen=True, kw_only=True):
    """A class with its rows, of which the page shows some."""

    name: str
    words: str
    count: int
    lines: list[Line]


@require_http_methods(["GET", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """The reconciliations so far, with the form for another list; and what becomes of a list that is sent."""
    desk, by = this_desk(), request.user.actor
    found = list_queries.reconciliations(by=by)
    if request.method == "GET":
        return _form(request, found)
    allow(by, Permission.RECONCILE)
    try:
        event, is_new = list_deeds.reconcile(
            desk, listing=_read(request), sender=request.POST.get("sender", ""), first_on=_day(request, "first_on"),
            last_on=_day(request, "last_on"), by=by, at=datetime.now(UTC),
        )  # fmt: skip
    except Refused as refusal:
        return _form(request, found, refusal.findings)
    messages.info(request, DONE if is_new else UNCHANGED)
    return redirect("reconciled", number=event.number)


def _form(request: HttpRequest, found: list[Reconciliation], faults: tuple[Finding, ...] = ()) -> HttpResponse:
    compared = [
        (each, [each.matched.count(cls) for cls in ROW_CLASSES], each.matched.count_ours(OURS_ONLY)) for each in found
    ]
    values = {
        "found": compared, "headings": [*CLASS_WORDS.values(), OURS_ONLY_WORDS], "faults": faults, "sent": request.POST,
        "may_reconcile": may(Role(request.user.role), Permission.RECONCILE), "megabytes": BYTES_MAX // 1_000_000,
        "orders": [(order, EXAMPLES[order]) for order in ORDERS],
    }  # fmt: skip
    return render(request, "desk/reconcile.html", values, status=BAD_REQUEST if faults else 200)


def _read(request: HttpRequest) -> Any:
    """The list that was sent, read; raises `Refused` where it cannot be."""
    desk = this_desk()
    file = request.FILES.get("list")
    column_map = (
        request.POST.get("columns", "").strip().replace("\r\n", "\n")
    )  # in the one line end, so that its digest is the same
    names = request.POST.get("our_names", "").splitlines()[:NAMES_MAX]
    days = request.POST.get("days", "")
    arguments = ListArguments(
        column_map=column_map.encode("utf-8", errors="replace"), days=days if days in ORDERS else "", our_names=names
    )
    listing, findings = read_list(
        file.read() if file else b"", file.name if file else "", arguments, library=desk.library, place=desk.bound.place,
        blind=desk.key.blind,
    )  # fmt: skip
    if listing is None:
        raise Refused(*findings)
    return listing


def _day(request: HttpRequest, name: str) -> date:
    day = day_of(request.POST.get(name, "").strip())
    if day is None:
        raise Refused(Finding("not-a-day", Place(name), phrase("is no day"), phrase("write it as 2026-11-02")))
    return day


@require_GET
def show(request: HttpRequest, number: int) -> HttpResponse:
    """One reconciliation: its counts, the paragraph to quote, and its rows by class; with `class=` those of one class."""
    found = list_queries.reconciliation(number, by=request.user.actor)
    wanted = request.GET.get("class", "")
    role = Role(request.user.role)
    values = {
        "found": found, "wanted": wanted, "groups": _groups(found, wanted),
        "counts": [(cls, words, found.matched.count(cls)) for cls, words in CLASS_WORDS.items()],
        "ours": [
            (words, sum(each.in_span and each.cls in classes for each in found.matched.ours))
            for words, classes in (
                ("On both", ("same", "differ")), ("A person must decide", ("several_possible",)), (OURS_ONLY_WORDS, (OURS_ONLY,)),
            )
        ],
        "rows": len(found.matched.rows), "received": sum(each.in_span for each in found.matched.ours),
        "paragraph": quotable(found.matched, found.list.sender, found.list.first_on, found.list.last_on),
        "may_settle": may(role, Permission.RECONCILE), "may_export": may(role, Permission.EXPORT),
    }  # fmt: skip
    return render(request, "desk/reconciled.html", values)


def _groups(found: Reconciliation, wanted: str) -> list[Group]:
    """The classes with their rows, what a person must look at first; the same rows only where they are asked for."""
    order = ("several_possible", "theirs_only", OURS_ONLY, "differ", "unreadable", "same")
    shown = [cls for cls in order if cls == wanted or (not wanted and cls != "same")]
    most = SHOWN_MAX if wanted else SHOWN_FIRST
    words: dict[str, str] = {OURS_ONLY: OURS_ONLY_WORDS} | {str(cls): each for cls, each in CLASS_WORDS.items()}
    groups = []
    for cls in shown:
        lines = [*_lines(found, cls)]
        groups.append(Group(name=cls, words=words[cls], count=len(lines), lines=[*map(_described, lines[:most])]))
    return [group for group in groups if group.count]


Found = tuple[int, RowResult | OursResult, SettledRow | None]


def _lines(found: Reconciliation, cls: str) -> Iterator[Found]:
    if cls == OURS_ONLY:
        for ours in found.matched.ours:
            if ours.cls == cls and ours.in_span:
                yield 0, ours, found.settled_rows.get((0, *ours.key))
        return
    for entry, row in enumerate(found.matched.rows, 1):
        if row.cls == cls:
            yield entry, row, found.settled_rows.get((entry, "", 0))


def _described(each: Found) -> Line:
    """A row or a detainer with its reasons in words, and the conclusions that fit it."""
    entry, result, settled_row = each
    words = [REASON_WORDS[reason] for reason in result.reasons]
    concluded = CONCLUSION_WORDS[settled_row.conclusion] if settled_row else ""
    if isinstance(result, OursResult):
        return Line(
            entry=0, what="", key=result.key, day=result.day, form=form_words(result.form), outcome=OUTCOMES[result.outcome],
            words=words, settled_row=settled_row, concluded=concluded, conclusions=_conclusions(EXPLANATIONS),
        )  # fmt: skip
    where = f"row {result.row}" + (f" of {result.sheet}" if result.sheet else "")
    fitting = EXPLANATIONS if result.case else CONCLUSIONS
    return Line(
        entry=entry, what=where, key=result.key if result.case else None, day=result.day, form=form_words(result.form),
        outcome=OUTCOMES[result.outcome], words=[*map(difference_words, result.differences), *words, *filter(None, [result.note])],
        possible=result.candidates, more=result.more, settled_row=settled_row, concluded=concluded,
        conclusions=[] if result.cls == "same" else _conclusions(fitting),
    )  # fmt: skip


def _conclusions(fitting: tuple[Any, ...]) -> list[tuple[str, str]]:
    return [(name, words) for name, words in CONCLUSION_WORDS.items() if name in fitting]


@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """A person's conclusion on one row; raises `Refused` where it does not fit."""
    conclusion = next((each for each in CONCLUSIONS if each == request.POST.get("conclusion")), None)
    by = request.user.actor
    allow(by, Permission.RECONCILE)
    if conclusion is None:
        raise Refused(
            Finding("missing", Place("conclusion"), phrase("is not chosen"), phrase("choose one from the list"))
        )
    entry = _number(request.POST.get("entry", ""))
    about_case = not entry or conclusion == "this_case"
    case, _, detainer = request.POST.get("detainer", "").strip().upper().partition(" ") if about_case else ("", "", "")
    list_deeds.settle_row(
        this_desk(), number=number, entry=entry, conclusion=conclusion,
        reason=request.POST.get("reason", ""), case=case, detainer=_number(detainer) or 1 if case else 0, by=by, at=datetime.now(UTC),
    )  # fmt: skip
    messages.info(request, "The row is settled.")
    return redirect("reconciled", number=number)


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@require_GET
def table(request: HttpRequest, number: int) -> HttpResponse:
    """A reconciliation as CSV, with no person in it."""
    content = result_csv(list_queries.reconciliation_to_export(number, by=request.user.actor))
    headers = {"Content-Disposition": f'attachment; filename="reconciliation-{number}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
