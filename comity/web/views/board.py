"""The board of the shift: every live hold with its clock, overdue first, then soonest; then what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from msgspec import Struct

from comity.desk import queries
from comity.desk.contradictions import contradictions
from comity.desk.owed import Due, due_on
from comity.desk.queries import Line
from comity.web.at_desk import this_desk


class BoardLine(Struct, frozen=True):
    """A case of the board: its clock, the duties that are not done, and whether its facts contradict one another."""

    line: Line
    due: tuple[Due, ...]
    contradicts: bool


class Tally(Struct, frozen=True):
    """How many cases of the board need something, in words: `class` of the style sheet, count, what it counts."""

    style: str
    count: int
    words: str


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The board as it is now. The page asks for itself again, which does not keep a session alive."""
    desk, now = this_desk(), datetime.now(UTC)
    lines = []
    for case in queries.live_cases(by=request.user.actor):
        governing = case.governing
        contradicts = bool(governing and contradictions(case.known(governing.number)))
        lines.append(BoardLine(queries.line_of(case, now), due_on(case, desk, now), contradicts))
    return render(request, "desk/board.html", {"lines": lines, "tallies": _tallies(lines)})


def _tallies(lines: Iterable[BoardLine]) -> list[Tally]:
    shown = [line.line for line in lines]
    return [
        Tally("overdue", sum(line.overdue for line in shown), "overdue"),
        Tally("", sum(line.limit_at is not None for line in shown), "holds running"),
        Tally("", sum(line.undecided for line in shown), "to decide"),
        Tally("", sum(bool(line.alarms) for line in shown), "with an open alarm"),
        Tally("", len(shown), "live cases"),
    ]
