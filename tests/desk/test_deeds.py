"""A detainer from receipt to release on a real database, by the deeds that pages and calls use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from comity.desk.events import Actor, StatedFact
from comity.desk.roles import Role
from tests.desk.conftest import NOON, SAMPLE_PAPER, after

OFFICER, SUPERVISOR = Actor("a-officer", Role.BOOKING_OFFICER), Actor("a-supervisor", Role.SUPERVISOR)
ATTORNEY, AUDITOR = Actor("a-attorney", Role.COUNTY_ATTORNEY), Actor("a-auditor", Role.AUDITOR)
ADMINISTRATOR = Actor("a-administrator", Role.ADMINISTRATOR)


def stated(**facts: Any) -> dict[str, StatedFact]:
    return {
        path.replace("__", "."): StatedFact(value=value, source="typed", confirmed_by=OFFICER.account)
        for path, value in facts.items()
    }


SUFFICIENT = stated(
    request__form="i247a",
    request__complete=True,
    request__warrants=[{"kind": "i200", "issuer": "immigration_officer", "signed": True}],
    subject__citizenship="none_claimed",
    convictions=[],
)


def received(desk: Any, number: int, **more: Any) -> str:
    from comity.desk import deeds

    person = deeds.Person(name=f"Subject {number:04}", a_number=f"A{number:09}", booking=f"B-{number}")
    arrived = deeds.receive(
        desk, facts=SUFFICIENT, person=person, channel="typed", received_at=NOON, by=OFFICER, at=NOON, **more
    )
    return arrived.case


def test_from_receipt_to_release(desk: Any) -> None:
    from comity.desk import clockwork, deeds, queries

    id = received(desk, 17, paper=SAMPLE_PAPER, media_type="application/pdf")
    assert [line.undecided for line in queries.board(desk, by=OFFICER, now=NOON) if line.case == id] == [True]
    decision, _ = deeds.decide(desk, id, by=OFFICER, at=after(1))
    assert decision.outcome("hold") == "required"
    begun = deeds.begin_hold(desk, id, began_at=after(2), by=OFFICER, at=after(2))
    assert begun.happening.limit_at - begun.happening.began_at == timedelta(hours=48)  # type: ignore[union-attr]
    assert queries.overdue(after(49.9)) == [] and id in queries.overdue(after(50))
    alarms = [clockwork.tick(desk, after(hours)).alarms for hours in (30, 38, 38, 46, 49, 50, 51)]
    assert alarms == [(), ((id, "12h"),), (), ((id, "4h"),), ((id, "1h"),), ((id, "limit"),), ()]
    deeds.acknowledge(desk, id, alarm="limit", by=SUPERVISOR, at=after(50.1), note="released now")
    deeds.release(desk, id, released_at=after(50.2), by=OFFICER, at=after(50.3), reason="ICE did not come")
    case = queries.find_case(id)
    assert (case.closed_by, case.hold, case.holds[0].ended_by) == ("released", None, "released")
    assert id not in queries.overdue(after(99)) and id not in [
        line.case for line in queries.board(desk, by=OFFICER, now=after(60))
    ]


def test_the_same_request_sent_twice_is_one_case(desk: Any) -> None:
    from comity.desk import deeds

    person = deeds.Person(name="Subject 0018", a_number="A000000018")
    arguments = {"facts": SUFFICIENT, "person": person, "channel": "api", "received_at": NOON, "by": OFFICER}
    first = deeds.receive(desk, at=NOON, **arguments)  # type: ignore[arg-type]
    again = deeds.receive(desk, at=after(5), **arguments)  # type: ignore[arg-type]
    assert (again.case, again.detainer, again.is_new) == (first.case, 1, False)
    other = deeds.receive(
        desk, at=after(5), **{**arguments, "facts": {**SUFFICIENT, **stated(request__complete=False)}}
    )  # type: ignore[arg-type]
    assert other.is_new and other.case != first.case


def test_a_later_detainer_supersedes_and_a_cancellation_ends_the_hold(desk: Any) -> None:
    from comity.desk import deeds, queries

    id = received(desk, 19)
    second = deeds.receive(
        desk, facts={**SUFFICIENT, **stated(request__signed=True)}, person=deeds.Person(), channel="typed",
        received_at=after(1), by=OFFICER, at=after(1), case=id,
    )  # fmt: skip
    assert (second.case, second.detainer) == (id, 2)
    assert [each.status for each in queries.find_case(id).detainers.values()] == ["superseded", "live"]
    deeds.decide(desk, id, by=OFFICER, at=after(2))
    deeds.begin_hold(desk, id, began_at=after(3), by=OFFICER, at=after(3))
    deeds.withdraw(desk, id, detainer=2, withdrawn_at=after(4), by=OFFICER, at=after(4))
    case = queries.find_case(id)
    assert case.hold is None and case.holds[0].ended_by == "withdrawn"


def test_what_the_decision_does_not_allow_needs_a_reason_and_a_second_person(desk: Any) -> None:
    from comity.desk import deeds
    from comity.desk.ledger import Refused

    citizen = {**SUFFICIENT, **stated(subject__citizenship="us_proven")}
    arrived = deeds.receive(
        desk,
        facts=citizen,
        person=deeds.Person(name="Subject 0020"),
        channel="typed",
        received_at=NOON,
        by=OFFICER,
        at=NOON,
    )
    decision, _ = deeds.decide(desk, arrived.case, by=OFFICER, at=NOON)
    assert decision.outcome("hold") == "forbidden"
    with pytest.raises(Refused, match="an override needs a reason and a second person"):
        deeds.begin_hold(desk, arrived.case, began_at=after(1), by=OFFICER, at=after(1))
    with pytest.raises(Refused, match="is empty"):
        deeds.ask_override(
            desk, arrived.case, decision=1, action="hold", choice="do", reason=" ", by=SUPERVISOR, at=after(1)
        )
    deeds.ask_override(
        desk,
        arrived.case,
        decision=1,
        action="hold",
        choice="do",
        reason="the proof is doubted",
        by=SUPERVISOR,
        at=after(1),
    )
    with pytest.raises(Refused, match="whoever asked for an override cannot confirm it"):
        deeds.settle_override(desk, arrived.case, override=1, confirmed=True, reason="yes", by=SUPERVISOR, at=after(1))
    deeds.settle_override(desk, arrived.case, override=1, confirmed=True, reason="checked", by=ATTORNEY, at=after(2))
    deeds.begin_hold(desk, arrived.case, began_at=after(3), by=OFFICER, at=after(3))


def test_roles_are_asked(desk: Any) -> None:
    from comity.desk import deeds, queries
    from comity.desk.ledger import Refused

    id = received(desk, 21)
    with pytest.raises(Refused, match="a auditor may not do this|an auditor may not do this"):
        deeds.decide(desk, id, by=AUDITOR, at=NOON)
    with pytest.raises(Refused, match="may not do this"):
        queries.case_file(desk, id, by=ADMINISTRATOR)
    assert queries.case_file(desk, id, by=AUDITOR).person["name"] == "Subject 0021"


def test_a_person_is_sealed_found_and_forgotten(desk: Any) -> None:
    from comity.desk import deeds, queries
    from comity.desk.audit.verifier import verify
    from comity.desk.models import Entry

    id = received(desk, 22, paper=SAMPLE_PAPER + b" 22", media_type="application/pdf")
    deeds.add_note(desk, id, note="Subject 0022 asked for a lawyer", by=OFFICER, at=NOON)
    lines = [bytes(line) for line in Entry.objects.filter(case=id).values_list("line", flat=True)]
    assert not any(b"0022" in line for line in lines)
    assert queries.find_by_person(desk, field="name", text="SUBJECT 0022 ", by=OFFICER) == [id]
    digest = queries.find_case(id).detainers[1].document
    assert queries.paper_of(desk, id, digest, by=OFFICER) == (SAMPLE_PAPER + b" 22", "application/pdf")
    deeds.release(desk, id, released_at=after(1), by=OFFICER, at=after(1))
    deeds.forget_person(desk, id, by=ADMINISTRATOR, at=after(2))
    assert queries.case_file(desk, id, by=OFFICER).person == {}
    assert queries.find_by_person(desk, field="name", text="Subject 0022", by=OFFICER) == []
    everything = Entry.objects.order_by("number").values_list("line", flat=True)
    assert not verify(bytes(line) for line in everything).faults


def test_a_paper_of_two_cases_outlives_either_person(desk: Any) -> None:
    from comity.desk import deeds, queries
    from comity.desk.audit.verifier import verify
    from comity.desk.ledger import Refused
    from comity.desk.models import Entry, Paper

    content = SAMPLE_PAPER + b" of two cases"
    first = received(desk, 61, paper=content, media_type="application/pdf")
    second = received(desk, 62, paper=content, media_type="application/pdf")
    digest = queries.find_case(first).detainers[1].document
    assert first != second and digest == queries.find_case(second).detainers[1].document
    for id in (first, second):
        assert queries.paper_of(desk, id, digest, by=OFFICER)[0] == content
        deeds.release(desk, id, released_at=after(1), by=OFFICER, at=after(1))
    sealed = dict(Paper.objects.filter(digest=digest).values_list("case", "sealed"))
    deeds.forget_person(desk, first, by=ADMINISTRATOR, at=after(2))
    with pytest.raises(Refused, match="its key was destroyed"):
        queries.paper_of(desk, first, digest, by=OFFICER)
    assert queries.paper_of(desk, second, digest, by=OFFICER)[0] == content
    _refuse_opening(desk, second, digest, sealed[first])  # a copy of the first case, as a backup has it
    deeds.forget_person(desk, second, by=ADMINISTRATOR, at=after(2))
    with pytest.raises(Refused, match="its key was destroyed"):
        queries.paper_of(desk, second, digest, by=OFFICER)
    assert all(not bytes(row.sealed) for row in Paper.objects.filter(digest=digest))
    everything = Entry.objects.order_by("number").values_list("line", flat=True)
    assert not verify(bytes(line) for line in everything).faults
    assert received(desk, 61, paper=content, media_type="application/pdf") not in (first, second)


def _refuse_opening(desk: Any, case: str, digest: str, sealed: bytes) -> None:
    """Tries the sealed bytes of another case with the key of this one."""
    from comity.desk.models import PersonKey
    from comity.desk.sealing import Unsealable

    key = desk.key.person(bytes(PersonKey.objects.get(pk=case).sealed_key), case)
    for about in (f"{case} {digest}", digest):
        with pytest.raises(Unsealable):
            key.open_bytes(bytes(sealed), about)


def test_the_same_paper_for_another_case_that_is_named_is_recorded_there_once(desk: Any) -> None:
    from comity.desk import deeds, queries

    arguments: dict[str, Any] = {
        "facts": {}, "person": deeds.Person(), "channel": "pdf", "received_at": NOON, "by": OFFICER, "at": NOON,
        "paper": SAMPLE_PAPER + b" 63", "media_type": "application/pdf",
    }  # fmt: skip
    first, other = deeds.receive(desk, **arguments), received(desk, 64)
    assert deeds.receive(desk, **arguments) == deeds.Arrived(first.case, 1, is_new=False)
    assert deeds.receive(desk, case=other, **arguments) == deeds.Arrived(other, 2, is_new=True)
    assert deeds.receive(desk, case=other, **arguments) == deeds.Arrived(other, 2, is_new=False)
    assert deeds.receive(desk, **arguments).case == first.case
    digest = queries.find_case(other).detainers[2].document
    assert queries.paper_of(desk, other, digest, by=OFFICER) == queries.paper_of(desk, first.case, digest, by=OFFICER)


def test_papers_of_an_earlier_database_are_taken_over(tmp_path: Any) -> None:
    import sqlite3
    from importlib import import_module
    from types import SimpleNamespace

    database = sqlite3.connect(tmp_path / "d.sqlite3")
    columns = '"case" text, digest text, media_type text, size integer, sealed blob'
    database.execute(f"create table desk_paper ({columns})")
    database.execute(f"create table desk_case_paper (id integer primary key, {columns})")
    database.execute("insert into desk_paper values ('AAAA2222', 'd', 'application/pdf', 3, x'010203')")
    editor = SimpleNamespace(execute=database.execute, quote_name=lambda name: f'"{name}"')
    import_module("comity.desk.migrations.0004_papers_by_case").take_over(None, editor)
    assert database.execute("select * from desk_case_paper").fetchall() == [
        (1, "AAAA2222", "d", "application/pdf", 3, b"\1\2\3")
    ]


def test_the_database_refuses_to_change_or_delete_events(desk: Any) -> None:
    from comity.desk.models import Entry, SignedHead

    received(desk, 23)
    desk.sign()
    for table in (Entry, SignedHead):
        with pytest.raises(DatabaseError, match="events are only added"):
            table.objects.all().delete()
    with pytest.raises(DatabaseError, match="events are only added"):
        Entry.objects.filter(number=1).update(kind="other")


def test_a_decision_is_made_again_to_the_letter(desk: Any, tmp_path: Any) -> None:
    from comity.desk import deeds, queries
    from comity.desk.deciding import decide_again
    from comity.desk.law_archive import LawArchive
    from comity.law.cache import shipped

    id = received(desk, 24)
    deeds.decide(desk, id, by=OFFICER, at=after(1))
    archive = LawArchive(tmp_path / "laws", desk.signing_key)
    assert archive.keep(desk.library, [shipped()]) and not archive.keep(desk.library, [shipped()])
    snapshot, _ = queries.decision_of(id, 1)
    library, findings = archive.load(snapshot.law_version)
    assert library is not None and not findings
    answer, differing = decide_again(snapshot, library)
    assert differing == [] and answer == snapshot.answer
    packed = tmp_path / "laws" / f"{snapshot.law_version}.zip"
    packed.write_bytes(packed.read_bytes()[:-1] + b"x")
    library, findings = archive.load(snapshot.law_version)
    assert library is None and "was changed since it was kept" in findings[0].message


def test_facts_that_cannot_be_read_are_refused_whole(desk: Any) -> None:
    from comity.desk import deeds
    from comity.desk.ledger import Refused
    from comity.desk.models import Entry

    before = Entry.objects.count()
    with pytest.raises(Refused, match="there is no fact"):
        deeds.receive(
            desk,
            facts=stated(request__colour="blue"),
            person=deeds.Person(),
            channel="typed",
            received_at=NOON,
            by=OFFICER,
            at=NOON,
        )
    assert Entry.objects.count() == before
