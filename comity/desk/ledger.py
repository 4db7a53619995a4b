"""Adds events to the record: one writer, which commits the deeds that wait together, and answers only when the disk has them.

A deed is a function of a `Writing`; it adds an event, or is refused and adds nothing. Many deeds share one commit, because a commit
waits for the disk: that makes a thousand durable deeds a second where one by one would be two hundred.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    models,
    transaction,
)
from msgspec import Struct

from comity.desk.audit.lines import Chain
from comity.desk.audit.verifier import FIRST
from comity.desk.case import Case, fold
from comity.desk.events import SILENT, Actor, AnyHappening, Event, OfAccount, OfLaw, personal_fields
from comity.desk.happenings.of_invoices import OfInvoice
from comity.desk.happenings.of_lists import OfList
from comity.desk.models import BlindName, CaseRow, Entry, Fingerprint
from comity.desk.models import PersonKey as PersonRow
from comity.desk.objections import objection
from comity.desk.sealing import DeskKey, PersonKey
from comity.finding import Finding, Place, phrase

T = TypeVar("T")
BATCH_MAX = 256  # deeds of one commit
LOCK = 0x636F6D69  # of PostgreSQL, so that two processes do not write at once
WAIT_SECONDS = 30
GATHER_SECONDS = 0.004  # far less than a commit takes on most disks


class Refused(Exception):
    """A deed that the case, or the desk, does not allow; nothing was written."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class Writing:
    """One transaction of the record: what a deed may read and add.

    Rows that are only inserted are collected and written together before the commit. Read a case, a fingerprint or a person's key
    through here, so that a deed sees what earlier deeds of the same transaction added.
    """

    def __init__(self, key: DeskKey, chain: Chain) -> None:
        self.key, self.chain = key, chain
        self._pending = _Pending()

    def case(self, id: str) -> Case:
        """A case as its events make it; one without events where there is none."""
        change = self._pending.cases.get(id)
        if change is not None:
            return change.case
        row = CaseRow.objects.filter(pk=id).values_list("state", flat=True).first()
        return Case(id=id) if row is None else state_of(row)

    def new_case(self, id: str) -> Case:
        """A case that begins now, under an id that no other has: a second one of it fails at the commit."""
        case = Case(id=id)
        self._pending.cases[id] = _CaseChange(case, is_new=True)
        return case

    def fingerprint(self, fingerprint: str) -> tuple[str, int] | None:
        """The case and the number of the detainer that has a fingerprint, or None."""
        for row in self._pending.of(Fingerprint):
            if row.fingerprint == fingerprint:
                return row.case, row.detainer
        found = Fingerprint.objects.filter(pk=fingerprint).values_list("case", "detainer").first()
        return (found[0], found[1]) if found else None

    def person(self, case_id: str) -> PersonKey:
        """The key of the person of a case, new where there is none; raises `Refused` where it was destroyed."""
        key = self._pending.keys.get(case_id)
        if key is None:
            row = None if self._is_new(case_id) else PersonRow.objects.filter(pk=case_id).first()
            if row is None:
                row = PersonRow(case=case_id, sealed_key=self.key.new_person(case_id))
                self.insert(row)
            if not row.sealed_key:
                raise Refused(Finding("forgotten", Place(case_id), phrase("the key of this person was destroyed")))
            key = self._pending.keys[case_id] = self.key.person(bytes(row.sealed_key), case_id)
        return key

    def insert(self, *rows: models.Model) -> None:
        """Inserts rows before the commit; a `BlindName` that is there already is left as it is."""
        for row in rows:
            self._pending.rows.setdefault(type(row), []).append(row)

    def add(self, case_id: str, happening: AnyHappening, *, by: Actor, at: datetime) -> Event:
        """Adds one event, sealed and chained, and brings the case up to date; raises `Refused`."""
        case = self.case(case_id)
        finding = objection(case, happening, by.account)
        if finding:
            raise Refused(finding)
        event = Event(number=self.chain.count + 1, case=case_id, at=at.astimezone(UTC), by=by, happening=happening)
        kind = str(happening.__struct_config__.tag)
        self._pending.cases.setdefault(case_id, _CaseChange(case, is_new=not case.is_opened))
        line = self._line(event)
        self.insert(Entry(number=event.number, case=case_id, kind=kind, at=event.at, account=by.account, line=line))
        self._pending.cases[case_id] = self._pending.cases[case_id].after(fold(case_id, [event], case), event)
        return event

    def add_of_account(self, happening: OfAccount, *, by: Actor, at: datetime) -> Event:
        """Adds one event of an account to the record; such events belong to no case."""
        return self.add_outside_cases(happening, by=by, at=at)

    def add_outside_cases(self, happening: OfAccount | OfLaw | OfList | OfInvoice, *, by: Actor, at: datetime) -> Event:
        """Adds one event that belongs to no case."""
        event = Event(number=self.chain.count + 1, case="", at=at.astimezone(UTC), by=by, happening=happening)  # type: ignore[arg-type]
        kind = str(happening.__struct_config__.tag)
        line = self._line(event)
        self.insert(Entry(number=event.number, case="", kind=kind, at=event.at, account=by.account, line=line))
        return event

    def run(self, deed: Callable[[Writing], T]) -> T:
        """Runs a deed; where it raises, nothing of it stays here. What it wrote itself is for its savepoint to take back."""
        before, chain = self._pending, (self.chain.count, self.chain.last)
        self._pending = before.copy()
        try:
            return deed(self)
        except BaseException:
            self._pending, self.chain = before, Chain(*chain)
            raise

    def flush(self) -> None:
        """Writes what was collected, in a few statements."""
        pending, self._pending = self._pending, _Pending()
        for model, rows in pending.rows.items():
            model._default_manager.bulk_create(rows, ignore_conflicts=model is BlindName)
        changes = pending.cases.values()
        CaseRow.objects.bulk_create([change.row() for change in changes if change.is_new])
        for change in changes:
            if not change.is_new:
                CaseRow.objects.filter(pk=change.case.id).update(**change.columns())

    def _is_new(self, case_id: str) -> bool:
        change = self._pending.cases.get(case_id)
        return change is not None and change.is_new

    def _line(self, event: Event) -> bytes:
        """The event as a line of the record, with what says who the person is sealed."""
        document: dict[str, Any] = msgspec.to_builtins(event.happening)
        personal = {name: document.pop(name) for name in personal_fields(type(event.happening)) if name in document}
        stated = {name: text for name, text in personal.items() if text}
        fields = {"case": event.case, "at": event.at, "by": event.by, "happening": document}
        if stated:
            fields["sealed"] = self.person(event.case).seal(stated, about_of(event))
        return self.chain.line(fields)


class _CaseChange(Struct, frozen=True):
    """A case that events of this transaction changed. `changed` is the last event that was no view or export."""

    case: Case
    is_new: bool
    first: Event | None = None
    changed: Event | None = None

    def after(self, case: Case, event: Event) -> _CaseChange:
        changed = self.changed if isinstance(event.happening, SILENT) else event
        return _CaseChange(case, self.is_new, self.first or event, changed)

    def columns(self) -> dict[str, Any]:
        """The columns to update: of a case that was only viewed, the state alone."""
        case = self.case
        columns: dict[str, Any] = {"state": STATE.encode(case), "events": case.events}
        if self.changed:
            columns |= {
                "changed_at": self.changed.at, "closed_at": case.closed_at, "undecided": case.is_undecided,
                "limit_at": case.hold.limit_at if case.hold else None,
            }  # fmt: skip
        return columns

    def row(self) -> CaseRow:
        assert self.first
        return CaseRow(id=self.case.id, place=self.case.place, opened_at=self.first.at, **self.columns())


class _Pending(Struct):
    """What the deeds of a transaction collected: rows to insert, cases that changed, keys of persons that were opened."""

    rows: dict[type[models.Model], list[Any]] = {}
    cases: dict[str, _CaseChange] = {}
    keys: dict[str, PersonKey] = {}

    def of(self, model: type[models.Model]) -> list[Any]:
        return self.rows.get(model, [])

    def copy(self) -> _Pending:
        return _Pending({model: [*rows] for model, rows in self.rows.items()}, {**self.cases}, {**self.keys})


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
        self._last_count = 1  # deeds of the last commit

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
        """The deeds of the next commit, and whether the writer is to end after them.

        Clients that were answered together ask again together: so it waits a moment until as many are here as in the last commit.
        """
        batch, until = [first], time.monotonic() + GATHER_SECONDS
        while len(batch) < BATCH_MAX:
            left = until - time.monotonic() if len(batch) < self._last_count else 0.0
            try:
                waiting = self._waiting.get(timeout=left) if left > 0 else self._waiting.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                return batch, True
            batch.append(waiting)
        self._last_count = len(batch)
        return batch, False


def commit_together(key: DeskKey, batch: list[_Waiting[Any]]) -> None:
    """Runs deeds in one transaction, each in a savepoint of its own, and answers them after the commit."""
    done: list[tuple[Any, Exception | None]] = []
    try:
        with transaction.atomic():
            writing = Writing(key, _end_of_record())
            done += [_run_one(writing, waiting.deed) for waiting in batch]
            writing.flush()
            _refuse_broken()
    except (IntegrityError, DataError) as failure:
        if len(batch) > 1:  # one deed gave a row that the database refuses: the others are done without it
            for waiting in batch:
                commit_together(key, [waiting])
            return
        done = [(None, failure)]
    except Exception as failure:  # the commit failed: none of the deeds is done, and each gets the reason
        done = [(None, failure)] * len(batch)
    for waiting, (result, refusal) in zip(batch, done, strict=True):
        if refusal is None:
            waiting.future.set_result(result)
        else:
            waiting.future.set_exception(refusal)


def _run_one(writing: Writing, deed: Callable[[Writing], Any]) -> tuple[Any, Exception | None]:
    try:
        with transaction.atomic():
            return writing.run(deed), None
    except Exception as fault:  # it is given to whoever did the deed; the chain ends where it ended before
        return None, fault


def _refuse_broken() -> None:
    """Raises where the database took the whole transaction back, as it does when the disk is full or the connection is lost.

    Django would leave its block in silence then, and deeds that seemed done before the fault would be acknowledged.
    """
    if transaction.get_rollback():
        raise OperationalError("the transaction was taken back; nothing of it was written")


def lock_record() -> None:
    """Keeps other processes from writing until the transaction ends. A transaction of SQLite has that lock from its beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _end_of_record() -> Chain:
    """Where the record ends, once no other process can write."""
    lock_record()
    last = Entry.objects.order_by("-number").values_list("number", "line").first()
    return Chain() if last is None else Chain(last[0], bytes(last[1][: len(FIRST)]).decode())
