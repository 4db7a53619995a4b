"""Adds events to the record: one writer, which commits the deeds that wait together, and answers only when the disk has them.

A deed is a function of a `Writing`; it adds an event, or is refused and adds nothing. Many deeds share one commit, because a commit
waits for the disk: that makes a thousand durable deeds a second where one by one would be two hundred.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec
from django.db import close_old_connections, connection, transaction

from comity.desk.audit.lines import Chain
from comity.desk.audit.verifier import FIRST
from comity.desk.case import Case, fold
from comity.desk.events import SILENT, Actor, AnyHappening, Event, OfAccount, personal_fields
from comity.desk.models import CaseRow, Entry, PersonKey
from comity.desk.objections import objection
from comity.desk.sealing import DeskKey
from comity.finding import Finding

T = TypeVar("T")
BATCH_MAX = 256  # deeds of one commit
LOCK = 0x636F6D69  # of PostgreSQL, so that two processes do not write at once
WAIT_SECONDS = 30


class Refused(Exception):
    """A deed that the case, or the desk, does not allow; nothing was written."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class Writing:
    """One transaction of the record: what a deed may read and add."""

    def __init__(self, key: DeskKey, chain: Chain) -> None:
        self.key, self.chain = key, chain

    def case(self, id: str) -> Case:
        """A case as its events make it; one without events where there is none."""
        row = CaseRow.objects.filter(pk=id).values_list("state", flat=True).first()
        return Case(id=id) if row is None else state_of(row)

    def add(self, case_id: str, happening: AnyHappening, *, by: Actor, at: datetime) -> Event:
        """Adds one event, sealed and chained, and brings the case up to date; raises `Refused`."""
        case = self.case(case_id)
        finding = objection(case, happening, by.account)
        if finding:
            raise Refused(finding)
        event = Event(number=self.chain.count + 1, case=case_id, at=at.astimezone(UTC), by=by, happening=happening)
        kind = str(happening.__struct_config__.tag)
        Entry.objects.create(
            number=event.number, case=case_id, kind=kind, at=event.at, account=by.account, line=self._line(event)
        )
        self._save(fold(case_id, [event], case), event, is_new=not case.is_opened)
        return event

    def add_of_account(self, happening: OfAccount, *, by: Actor, at: datetime) -> Event:
        """Adds one event of an account to the record; such events belong to no case."""
        event = Event(number=self.chain.count + 1, case="", at=at.astimezone(UTC), by=by, happening=happening)  # type: ignore[arg-type]
        kind = str(happening.__struct_config__.tag)
        Entry.objects.create(
            number=event.number, case="", kind=kind, at=event.at, account=by.account, line=self._line(event)
        )
        return event

    def _line(self, event: Event) -> bytes:
        """The event as a line of the record, with what says who the person is sealed."""
        document: dict[str, Any] = msgspec.to_builtins(event.happening)
        personal = {name: document.pop(name) for name in personal_fields(type(event.happening)) if name in document}
        stated = {name: text for name, text in personal.items() if text}
        fields = {"case": event.case, "at": event.at, "by": event.by, "happening": document}
        if stated:
            fields["sealed"] = self._person(event.case).seal(stated, about_of(event))
        return self.chain.line(fields)

    def _person(self, case_id: str) -> Any:
        row, _ = PersonKey.objects.get_or_create(case=case_id, defaults={"sealed_key": self.key.new_person(case_id)})
        return self.key.person(bytes(row.sealed_key), case_id)

    def _save(self, case: Case, event: Event, *, is_new: bool) -> None:
        columns = {
            "changed_at": event.at, "closed_at": case.closed_at, "limit_at": case.hold.limit_at if case.hold else None,
            "undecided": case.is_undecided, "state": STATE.encode(case), "events": case.events,
        }  # fmt: skip
        if is_new:
            CaseRow.objects.create(id=case.id, place=case.place, opened_at=event.at, **columns)
        elif isinstance(event.happening, SILENT):
            CaseRow.objects.filter(pk=case.id).update(state=columns["state"], events=case.events)
        else:
            CaseRow.objects.filter(pk=case.id).update(**columns)


STATE = msgspec.msgpack.Encoder()
_CASES = msgspec.msgpack.Decoder(Case)


def state_of(row: bytes | memoryview) -> Case:
    """A case from the state that its row holds."""
    return _CASES.decode(row)


def about_of(event: Event) -> str:
    """What a sealed part belongs to, so that it can be opened nowhere else."""
    return f"{event.case} {event.number}"


class _Waiting(Generic[T]):
    """A deed that waits for the writer."""

    def __init__(self, deed: Callable[[Writing], T]) -> None:
        self.deed, self.future = deed, Future[T]()


class Ledger:
    """The one writer of a process. Threads hand it deeds and wait for the commit."""

    def __init__(self, key: DeskKey) -> None:
        self.key = key
        self._waiting: queue.SimpleQueue[_Waiting[Any] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def write(self, deed: Callable[[Writing], T]) -> T:
        """Runs a deed in a transaction and returns its result once it is on the disk; raises what the deed raises."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
                self._thread.start()
        waiting = _Waiting(deed)
        self._waiting.put(waiting)
        return waiting.future.result(WAIT_SECONDS)

    def close(self) -> None:
        """Ends the writer when the deeds that wait are done."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread:
            self._waiting.put(None)
            thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, ends = self._batch(first)
            close_old_connections()
            commit_together(self.key, batch)
            if ends:
                break
        connection.close()

    def _batch(self, first: _Waiting[Any]) -> tuple[list[_Waiting[Any]], bool]:
        """The deeds that wait now, and whether the writer is to end after them."""
        batch = [first]
        while len(batch) < BATCH_MAX:
            try:
                waiting = self._waiting.get_nowait()
            except queue.Empty:
                return batch, False
            if waiting is None:
                return batch, True
            batch.append(waiting)
        return batch, False


def commit_together(key: DeskKey, batch: list[_Waiting[Any]]) -> None:
    """Runs deeds in one transaction, each in a savepoint of its own, and answers them after the commit."""
    done: list[tuple[Any, Exception | None]] = []
    try:
        with transaction.atomic():
            writing = Writing(key, _end_of_record())
            done += [_run_one(writing, waiting.deed) for waiting in batch]
    except Exception as failure:  # the commit failed: none of the deeds is done, and each is told why
        done = [(None, failure)] * len(batch)
    for waiting, (result, refusal) in zip(batch, done, strict=True):
        if refusal is None:
            waiting.future.set_result(result)
        else:
            waiting.future.set_exception(refusal)


def _run_one(writing: Writing, deed: Callable[[Writing], Any]) -> tuple[Any, Exception | None]:
    count, last = writing.chain.count, writing.chain.last
    try:
        with transaction.atomic():
            return deed(writing), None
    except Exception as fault:  # it is given to whoever did the deed; the chain ends where it ended before
        writing.chain = Chain(count, last)
        return None, fault


def _end_of_record() -> Chain:
    """Where the record ends. The lock keeps other processes out until the commit; SQLite has it from the beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Entry.objects.order_by("-number").values_list("number", "line").first()
    return Chain() if last is None else Chain(last[0], bytes(last[1][: len(FIRST)]).decode())
