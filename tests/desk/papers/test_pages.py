"""A detainer from upload to facts of a case: each value is confirmed by a person, or stays unknown; the bytes are kept as they came."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pytest

from comity.desk.events import Actor
from comity.desk.papers import contained
from comity.desk.roles import Role
from comity.period import Days
from tests.desk.conftest import after
from tests.desk.log_in import logged_in
from tests.desk.papers.made_up import detainer, pdf, warrant

CONFIRMED = {
    f"ok:{target}": "on"
    for target in (
        "name",
        "a_number",
        "born_on",
        "request.form",
        "request.basis",
        "request.signed",
        "request.complete",
        "request.warrants",
    )
}


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads the same bytes by one child process: what is tested here is what becomes of a reading."""
    monkeypatch.setattr(contained, "_run", cached_run)


cached_run = cache(contained._run)


@pytest.fixture
def client(desk: Any) -> Iterator[Any]:
    """A booking officer who is logged in."""
    from comity.web.at_desk import open_desk

    open_desk(desk)
    yield logged_in(Role.BOOKING_OFFICER, "officer-of-papers")


def upload(client: Any, content: bytes, **more: str) -> str:
    file = BytesIO(content)
    file.name = "paper.pdf"
    answer = client.post("/receive/paper", {"paper": file, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def paper_of_nobody(number: int, **more: Any) -> bytes:
    texts = {"name": f"SUBJECT {number:04}", "file": f"A{number:09}"}
    return pdf(
        detainer(texts=texts, checked=["final_order"], signed=True, **more), warrant(name=texts["name"], signed=True)
    )


def test_from_upload_to_facts_that_a_person_confirmed(client: Any, desk: Any) -> None:
    from comity.desk import queries

    content = paper_of_nobody(31)
    address = upload(client, content, received_at="2026-11-02T12:00")
    id = address.split("/")[2]
    case = queries.find_case(id)
    assert (
        case.detainers[1].document == hashlib.sha256(content).hexdigest()
        and not case.detainers[1].facts
        and case.is_undecided
    )
    page = client.get(address).content.decode()
    assert "SUBJECT 0031" in page and "data:image/png;base64," in page and page.count('name="ok:') == len(CONFIRMED)
    assert client.post(address, CONFIRMED)["Location"] == f"/cases/{id}"
    facts = queries.find_case(id).detainers[1].facts
    assert {path: fact.value for path, fact in facts.items()} == {
        "request.form": "i247a", "request.basis": ["final_order"], "request.signed": True, "request.complete": True,
        "request.warrants": {"partial": [{"kind": "i200", "issuer": "immigration_officer", "signed": True}]},
    }  # fmt: skip
    basis = facts["request.basis"]
    assert (basis.source, basis.field, basis.document) == (
        "form_field",
        "CheckBox0",
        hashlib.sha256(content).hexdigest(),
    )
    assert queries.case_file(desk, id, by=_officer()).person["name"] == "SUBJECT 0031"
    assert queries.find_by_person(desk, field="a_number", text="A000000031", by=_officer()) == [id]
    saved = client.get(f"{address}/original")
    assert saved.content == content and "attachment" in saved["Content-Disposition"]


def _officer() -> Any:
    return Actor("u1", Role.BOOKING_OFFICER)


def test_what_is_not_confirmed_stays_unknown_and_a_correction_is_typed(client: Any) -> None:
    from comity.desk import queries

    address = upload(client, paper_of_nobody(32))
    answer = client.post(
        address, {"ok:request.form": "on", "fact:request.signed": "no", "person:name": "Subject 0033"}, follow=True
    )
    facts = queries.find_case(address.split("/")[2]).detainers[1].facts
    assert {path: (fact.value, fact.source) for path, fact in facts.items()} == {
        "request.form": ("i247a", "form_field"), "request.signed": (False, "typed"),
    }  # fmt: skip
    text = answer.content.decode()
    assert (
        "3 values are recorded" in text
        and re.search("Not confirmed, so still unknown: the grounds that the request states; .*A-number", text)
        and "Subject 0033" in text
    )


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "nothing was confirmed"),
        ({"ok:request.signed": "on", "fact:request.signed": "no"}, "was confirmed and corrected"),
    ],
)
def test_what_contradicts_itself_is_refused_and_nothing_is_recorded(
    client: Any, sent: dict[str, str], words: str
) -> None:
    from comity.desk import queries

    address = upload(client, paper_of_nobody(34))
    answer = client.post(address, sent)
    assert answer.status_code == 400 and words in answer.content.decode().lower()
    assert not queries.find_case(address.split("/")[2]).detainers[1].facts


def test_a_value_that_no_field_says_cannot_be_confirmed(client: Any) -> None:
    from comity.desk import queries

    address = upload(client, pdf(detainer(texts={"name": "SUBJECT 0035"})))
    client.post(address, {"ok:request.form": "on", "ok:request.basis": "on", "ok:request.complete": "on"})
    assert list(queries.find_case(address.split("/")[2]).detainers[1].facts) == ["request.form"]


def test_the_same_paper_sent_twice_is_one_case(client: Any) -> None:
    assert upload(client, paper_of_nobody(36)) == upload(client, paper_of_nobody(36))


def test_a_broken_pdf_is_recorded_as_it_came_and_what_it_says_is_typed(client: Any) -> None:
    from comity.desk import queries

    address = upload(client, paper_of_nobody(37)[:900])
    page = client.get(address)
    assert page.status_code == 200 and "damaged" in page.content.decode()
    client.post(address, {"fact:request.form": "i247a", "person:name": "Subject 0037"})
    fact = queries.find_case(address.split("/")[2]).detainers[1].facts["request.form"]
    assert (fact.value, fact.source) == ("i247a", "typed")


def test_a_paper_that_names_another_person_than_its_case_is_said(client: Any) -> None:
    address = upload(client, paper_of_nobody(38))
    client.post(address, CONFIRMED)
    second = upload(client, paper_of_nobody(39), case=address.split("/")[2])
    assert second.endswith("/papers/2") and "Another person?" in client.get(second).content.decode()


def cancelling(number: int, *checked: str) -> bytes:
    return pdf(detainer(texts={"name": f"SUBJECT {number:04}", "file": f"A{number:09}"}, checked=["cancels", *checked]))


def held(desk: Any, number: int) -> str:
    """The case of a person who is held for a detainer that was typed."""
    from comity.desk import deeds
    from tests.desk.test_deeds import received

    id = received(desk, number)
    deeds.decide(desk, id, by=_officer(), at=after(1))
    deeds.begin_hold(desk, id, began_at=after(2), by=_officer(), at=after(2))
    return id


def test_a_paper_that_cancels_ends_the_hold_of_the_earlier_case_and_leaves_no_new_one(client: Any, desk: Any) -> None:
    from comity.desk import counts, deeds, queries
    from comity.desk.reconciling.our_detainers import our_detainers

    id = held(desk, 51)
    address = upload(client, cancelling(51), received_at="2026-11-02T15:00")
    new = address.split("/")[2]
    page = client.get(address).content.decode()
    assert "cancels an earlier detainer" in page and f'href="/cases/{id}"' in page and "the person is held" in page
    sent = {"case": id, "earlier": "1", "how": "cancels"}
    answer = client.post(f"{address}/join", sent, follow=True)
    assert answer.redirect_chain == [(f"/cases/{id}", 302)] and "The hold for it has ended" in answer.content.decode()
    case = queries.find_case(id)
    assert (case.governing, case.hold, case.holds[0].ended_by, case.joined) == (None, None, "withdrawn", (new,))
    joined = queries.find_case(new)
    assert (joined.closed_by, joined.joined_to) == ("joined", id)
    assert new not in [line.case for line in queries.board(desk, by=_officer(), now=after(5))]
    figures = {each.words: each.count for each in counts.counts([case, joined], after(5))}
    assert (figures["bookings with a detainer"], figures["detainers"], figures["cancelled by the sender"]) == (1, 1, 1)
    ours = our_detainers(desk, Days(date(2026, 11, 1), date(2026, 11, 4)))
    assert [(each.case, each.outcome) for each in ours if each.case in (id, new)] == [(id, "cancelled")]
    assert f'goes on in <a href="/cases/{id}">' in client.get(f"/cases/{new}").content.decode()
    assert client.post(f"{address}/join", sent).status_code == 409
    deeds.release(desk, id, released_at=after(6), by=_officer(), at=after(6))
    deeds.forget_person(desk, id, by=Actor("u0", Role.ADMINISTRATOR), at=after(7))
    assert "its key was destroyed" in client.get(f"{address}/original", follow=True).content.decode()


def test_a_newer_detainer_by_paper_replaces_the_one_of_the_earlier_case(client: Any, desk: Any) -> None:
    from comity.desk import queries

    id = held(desk, 52)
    address = upload(client, cancelling(52, "final_order"))
    client.post(address, {"ok:request.basis": "on"})
    answer = client.post(f"{address}/join", {"case": id.lower(), "how": "replaces"})
    assert answer["Location"] == f"/cases/{id}/papers/2"
    case = queries.find_case(id)
    assert [each.status for each in case.detainers.values()] == ["superseded", "live"] and case.hold is not None
    assert case.detainers[2].facts["request.basis"].source == "form_field"
    page = client.get(answer["Location"]).content.decode()
    assert "It has superseded detainer 1" in page and 'name="ok:request.basis"' in page
    assert client.get(f"{answer['Location']}/original").content == cancelling(52, "final_order")
    client.post(f"/cases/{id}/withdraw", {"reason": "it cancels, and asks for nothing new"})
    assert queries.find_case(id).holds[0].ended_by == "withdrawn"  # though the hold was for the detainer before


def test_a_paper_of_a_person_with_a_live_case_says_so_and_cannot_join_what_is_not_there(client: Any, desk: Any) -> None:
    from comity.desk import deeds, queries

    id = held(desk, 53)
    address = upload(client, paper_of_nobody(53))
    page = client.get(address).content.decode()
    assert (
        "has a detainer that counts" in page and "It cancels that detainer" not in page and "It replaces that" in page
    )
    for sent, words in (
        ({"case": "AAAA2222", "how": "replaces"}, "no such case"), ({"case": id}, "cancels or replaces"),
        ({"case": id, "how": "cancels", "earlier": "7"}, "does not count any more"),
        ({"case": address.split("/")[2], "how": "cancels"}, "name another case"),
    ):  # fmt: skip
        answer = client.post(f"{address}/join", sent)
        assert answer.status_code in (400, 404, 409) and words in answer.content.decode().lower()
    assert queries.find_case(id).governing is not None
    deeds.release(desk, id, released_at=after(6), by=_officer(), at=after(6))  # so that no hold runs in other tests
    unknown = client.get(upload(client, cancelling(54))).content.decode()
    assert "No live case was found" in unknown and 'name="case"' in unknown


@pytest.mark.parametrize(("content", "words"), [(b"", "no file came"), (b"\x89PNG not this", "is no pdf")])
def test_what_is_no_pdf_is_refused_with_what_to_do(client: Any, content: bytes, words: str) -> None:
    file = BytesIO(content)
    file.name = "paper.pdf"
    answer = client.post("/receive/paper", {"paper": file})
    assert answer.status_code == 400 and words in answer.content.decode().lower()


def test_a_pasted_message_is_confirmed_beside_its_text(client: Any) -> None:
    from comity.desk import queries

    text = "Subject name: SUBJECT 0040\nFile No: A000000040\nDHS Form I-247A (3/17)\n[x] a final order of removal"
    address = client.post("/receive/pasted", {"text": text})["Location"]
    page = client.get(address).content.decode()
    assert re.search(r"<pre>Subject name: SUBJECT 0040", page)
    client.post(address, {"ok:request.basis": "on", "ok:name": "on"})
    fact = queries.find_case(address.split("/")[2]).detainers[1].facts["request.basis"]
    assert (fact.source, fact.value) == ("pasted", {"partial": ["final_order"]})


def test_nothing_of_a_paper_is_shown_to_a_role_without_the_right(client: Any, desk: Any) -> None:
    address = upload(client, paper_of_nobody(41))
    for role in (Role.AUDITOR, Role.PUBLIC_RECORDS_OFFICER, Role.ADMINISTRATOR):
        other = logged_in(role, f"{role.value}-of-papers")
        assert other.get(address).status_code == 403 and other.get("/receive/paper").status_code == 403
        assert "SUBJECT" not in other.get(address).content.decode()


def test_each_look_at_a_paper_is_an_event(client: Any, desk: Any) -> None:
    from comity.desk import queries

    address = upload(client, paper_of_nobody(42))
    client.get(address)
    client.get(f"{address}/original")
    happened = queries.events_of(desk, address.split("/")[2], with_person=False)
    assert [event.happening.page for event in happened if event.happening.__struct_config__.tag == "viewed"] == [
        "paper",
        "paper as it came",
    ]
