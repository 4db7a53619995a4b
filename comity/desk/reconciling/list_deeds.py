"""What is written of lists: that one was reconciled, and how a row was settled; one event for each call, as every deed of the desk.

Matching is done before the deed, so that the writer waits for nothing. The list itself is not stored.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from comity.desk.deeds import allow
from comity.desk.desk import Desk
from comity.desk.events import Actor, Event
from comity.desk.happenings.of_lists import ListReconciled, RowSettled
from comity.desk.ledger import Refused
from comity.desk.reconciling.entries import Conclusion, Matched, RowResult
from comity.desk.reconciling.list_queries import find_earlier, matched_of, read_reconciled, settled_rows_of
from comity.desk.reconciling.matching import match_list
from comity.desk.reconciling.our_detainers import our_detainers
from comity.desk.reconciling.read_list import ReadList
from comity.desk.reconciling.settling import SettledRow, objection, settle
from comity.desk.roles import Permission
from comity.finding import Finding, Place, phrase
from comity.period import Days

DAYS_MAX = 3 * 366
SENDER_LENGTH_MAX, REASON_LENGTH_MAX = 200, 2_000


def reconcile(
    desk: Desk, *, listing: ReadList, sender: str, first_on: date, last_on: date, by: Actor, at: datetime
) -> tuple[Event, bool]:
    """Compares a list with the desk for a span of days, both included. Returns the event and whether it is new.

    The same list for the same days, where nothing changed at the desk, adds nothing: the earlier event is returned.
    """
    allow(by, Permission.RECONCILE)
    _refuse_span(first_on, last_on)
    if not sender.strip() or len(sender) > SENDER_LENGTH_MAX:
        words = phrase("is empty, or has more than {most} letters", most=SENDER_LENGTH_MAX)
        raise Refused(Finding("missing", Place("sender"), words, phrase("say who made the list")))
    span = Days(first_on, last_on + timedelta(days=1))
    matched = with_unread(match_list(listing.entries, our_detainers(desk, span), span), listing)
    happening = ListReconciled(
        digest=listing.digest, sender=sender.strip(), first_on=first_on, last_on=last_on, compared=listing.compared,
        column_map=listing.column_map, rows=matched.rows, ours=matched.ours,
    )  # fmt: skip
    earlier = find_earlier(happening)
    if earlier:
        return earlier, False
    return desk.ledger.write(lambda writing: writing.add_outside_cases(happening, by=by, at=at)), True


def _refuse_span(first_on: date, last_on: date) -> None:
    if first_on > last_on or (last_on - first_on).days >= DAYS_MAX:
        words = phrase("the last day lies before the first, or more than {most} days after it", most=DAYS_MAX)
        raise Refused(Finding("not-a-period", Place("last_on"), words, phrase("name the days that the list covers")))


def with_unread(matched: Matched, listing: ReadList) -> Matched:
    """What was matched with the rows that cannot be read among the others, in the order of the sheets and rows of the list."""
    unread = [RowResult(each.row, each.sheet, "unreadable", note=each.words) for each in listing.unread]
    sheets = {sheet: at for at, sheet in enumerate(dict.fromkeys(row.sheet for row in (*matched.rows, *unread)))}
    rows = sorted((*matched.rows, *unread), key=lambda row: (sheets[row.sheet], row.row))
    return Matched(rows=tuple(rows), ours=matched.ours)


def settle_row(
    desk: Desk,
    *,
    number: int,
    entry: int,
    conclusion: Conclusion,
    reason: str,
    by: Actor,
    at: datetime,
    case: str = "",
    detainer: int = 0,
) -> Event:
    """A person concludes what a row of the reconciliation with a number is, or a detainer of the desk where `entry` is 0.

    The last conclusion counts. With `this_case` the row is the detainer that is named.
    """
    allow(by, Permission.RECONCILE)
    if not reason.strip() or len(reason) > REASON_LENGTH_MAX:
        words = phrase("is empty, or has more than {most:,} letters", most=REASON_LENGTH_MAX)
        raise Refused(Finding("missing", Place("reason"), words, phrase("write it in a sentence that names nobody")))
    reconciled = read_reconciled(number)
    settled_row = SettledRow(entry=entry, conclusion=conclusion, reason=reason, case=case, detainer=detainer)
    others = [each for each in settled_rows_of(reconciled) if each.about != settled_row.about]
    fault = objection(settle(matched_of(reconciled), others), settled_row)
    if fault:
        raise Refused(Finding("not-now", Place("row", entry), fault))
    happening = RowSettled(
        digest=reconciled.digest, column_map=reconciled.column_map, entry=entry, conclusion=conclusion, reason=reason.strip(),
        case=case, detainer=detainer,
    )  # fmt: skip
    return desk.ledger.write(lambda writing: writing.add_outside_cases(happening, by=by, at=at))
