"""The one writer: what it acknowledges is in the database, whatever fails beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection

from comity.desk.events import Actor, Viewed
from comity.desk.roles import Role
from tests.desk.conftest import NOON, OTHER
from tests.desk.test_deeds import received

OFFICER = Actor("a-officer", Role.BOOKING_OFFICER)


def committed(desk: Any, *deeds: Callable[[Any], Any]) -> list[Any]:
    """What came of deeds that share a commit: the result of each, or what it raised."""
    from comity.desk.ledger import _Waiting, commit_together

    batch = [_Waiting(deed) for deed in deeds]
    commit_together(desk.key, batch)
    return [waiting.future.exception() or waiting.future.result() for waiting in batch]


def viewed(id: str, page: str = "board") -> Callable[[Any], Any]:
    return lambda writing: writing.add(id, Viewed(page=page), by=OFFICER, at=NOON)


def count() -> int:
    from comity.desk.models import Entry

    return Entry.objects.count()


def is_whole() -> bool:
    from comity.desk.audit.verifier import verify
    from comity.desk.models import Entry

    return not verify(bytes(line) for line in Entry.objects.values_list("line", flat=True)).faults


def test_nothing_is_acknowledged_where_the_database_took_the_transaction_back(desk: Any) -> None:
    """Django leaves its block in silence then: a deed that was done before the fault must not be acknowledged."""
    id, before = received(desk, 301), count()

    def fault(writing: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
        raise DatabaseError("the disk is full")

    found = committed(desk, viewed(id), fault, viewed(id))
    assert all(isinstance(each, DatabaseError) for each in found)
    assert count() == before and is_whole()
    assert [event.number for event in committed(desk, viewed(id))] == [before + 1]


@pytest.mark.skipif(bool(OTHER), reason="a limit of pages is one of SQLite")
def test_on_a_full_disk_nothing_is_acknowledged_and_later_everything_goes_on(desk: Any) -> None:
    id, before = received(desk, 302), count()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
    try:
        found = committed(desk, viewed(id), *(viewed(id, "x" * 9_000) for _ in range(40)))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1073741823")
    assert all(isinstance(each, DatabaseError) for each in found)
    assert count() == before and is_whole()
    assert [event.number for event in committed(desk, viewed(id))] == [before + 1]


def test_a_row_that_the_database_refuses_fails_its_own_deed_alone(desk: Any) -> None:
    from comity.desk.models import Fingerprint

    id, before = received(desk, 303), count()
    taken = Fingerprint.objects.get(case=id).fingerprint
    double = lambda writing: writing.insert(Fingerprint(fingerprint=taken, case=id, detainer=9))  # noqa: E731
    first, refused, last = committed(desk, viewed(id), double, viewed(id))
    assert (first.number, last.number) == (before + 1, before + 2)
    assert isinstance(refused, IntegrityError) and is_whole()


def test_a_deed_that_is_refused_leaves_nothing_of_itself(desk: Any) -> None:
    id, before = received(desk, 304), count()

    def half(writing: Any) -> None:
        writing.add(id, Viewed(page="never"), by=OFFICER, at=NOON)
        raise ValueError("afterwards")

    first, failed, last = committed(desk, viewed(id), half, viewed(id))
    assert (first.number, last.number) == (before + 1, before + 2) and isinstance(failed, ValueError)
    assert is_whole()


def test_the_same_request_twice_in_one_commit_is_one_case(desk: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as clients:
        cases = set(clients.map(lambda _: received(desk, 305), range(16)))
    assert len(cases) == 1 and is_whole()


def test_the_state_of_every_case_is_the_fold_of_its_events(desk: Any) -> None:
    from comity.desk.case import fold
    from comity.desk.ledger import state_of
    from comity.desk.models import CaseRow
    from comity.desk.queries import events_of

    received(desk, 306)
    for row in CaseRow.objects.all():
        assert fold(row.id, events_of(desk, row.id, with_person=False)) == state_of(row.state), row.id
