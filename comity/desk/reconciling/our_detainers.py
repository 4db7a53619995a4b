"""The detainers of the desk as entries to compare with a list: the day on which each was received, its form, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from comity.desk.case import JOINED, Case, Detainer
from comity.desk.desk import Desk
from comity.desk.ledger import state_of
from comity.desk.models import BlindName, CaseRow
from comity.desk.reconciling.entries import Keys, Ours, Outcome
from comity.desk.reconciling.matching import DAYS_APART_MAX
from comity.period import Days, shifted

FORM = "request.form"
CASES_A_QUERY = 500
BY_CLOSING: dict[str, Outcome] = {"transferred": "taken", "released": "not_taken"}


def our_detainers(desk: Desk, span: Days) -> list[Ours]:
    """Every detainer received in a span of days, and some days before and after it, with digests of who the person is."""
    zone = ZoneInfo(desk.library.gazetteer.places[desk.bound.place].zone)
    near = Days(shifted(span.since, days=-DAYS_APART_MAX), shifted(span.until, days=DAYS_APART_MAX))
    since = datetime.combine(near.since, time(), zone) - timedelta(days=1)
    # An event is never recorded before it is received here, so a case that did not change since then has no detainer of the span.
    rows = CaseRow.objects.filter(changed_at__gte=since).order_by("id").values_list("state", flat=True)
    found = [
        (case, detainer)
        for case in (state_of(state) for state in rows.iterator())
        if case.closed_by != JOINED  # its paper is a detainer of the case in which it goes on, or cancels one there
        for detainer in case.detainers.values()
        if detainer.received_at.astimezone(zone).date() in near
    ]
    keys = _keys_of(sorted({case.id for case, _ in found}))
    return [_entry(case, detainer, zone, keys.get(case.id, {})) for case, detainer in found]


def _keys_of(cases: Sequence[str]) -> dict[str, Keys]:
    """The digests of the person of each case, from the blind index; a person who was forgotten has none."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for part in _parts(cases):
        for case, field, digest in BlindName.objects.filter(case__in=part).values_list("case", "field", "digest"):
            found[case][field].add(digest)
    return {case: {field: frozenset(digests) for field, digests in fields.items()} for case, fields in found.items()}


def _parts(cases: Sequence[str]) -> Iterator[Sequence[str]]:
    return (cases[at : at + CASES_A_QUERY] for at in range(0, len(cases), CASES_A_QUERY))


def _entry(case: Case, detainer: Detainer, zone: ZoneInfo, keys: Keys) -> Ours:
    form = case.known(detainer.number).get(FORM)
    return Ours(
        case=case.id, detainer=detainer.number, day=detainer.received_at.astimezone(zone).date(),
        form=str(form.value) if form else "", outcome=outcome_of(case, detainer), keys=keys,
    )  # fmt: skip


def outcome_of(case: Case, detainer: Detainer) -> Outcome:
    """What became of a detainer: withdrawn or superseded, else how the case was closed, or open."""
    if detainer.status == "superseded":
        return "superseded"
    if detainer.status == "withdrawn":
        return "cancelled"
    return BY_CLOSING.get(case.closed_by, "open")
