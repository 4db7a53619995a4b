"""Papers by the API: a PDF arrives, is read, and its values are confirmed; nothing that was read is a fact before that."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import pytest

from comity.desk.events import Actor
from comity.desk.papers import contained
from comity.desk.roles import Permission, Role
from tests.desk.api_calls import Api, new_token
from tests.desk.papers.made_up import detainer, pdf
from tests.desk.papers.test_pages import paper_of_nobody

PDF = "application/pdf"
OFFICER = Actor("u1", Role.BOOKING_OFFICER)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads the same bytes by one child process: what is tested here is what becomes of a reading."""
    monkeypatch.setattr(contained, "_run", cached_run)


cached_run = cache(contained._run)


@pytest.fixture
def api(desk: Any) -> Api:
    return Api(desk, new_token(Role.BOOKING_OFFICER))


def send(api: Api, content: bytes, address: str = "papers", media_type: str = PDF, **headers: str) -> Any:
    given = {"Authorization": f"Bearer {api.token}", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return api.client.generic("POST", f"/api/v1/{address}", content, media_type, headers=given)


def multipart(content: bytes, field: str = "paper") -> tuple[bytes, str]:
    head = f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="a.pdf"\r\nContent-Type: {PDF}\r\n\r\n'
    return head.encode() + content + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


def test_a_pdf_is_kept_read_and_confirmed(api: Api, desk: Any) -> None:
    from comity.desk import queries
    from comity.web.api.models import Answered, Token

    content = paper_of_nobody(71)
    digest = hashlib.sha256(content).hexdigest()
    first = send(api, content, "papers?received_at=2026-11-02T12:00:00-05:00", Idempotency_Key="paper-71").json()
    id = first["case"]
    assert (first["document"], first["size"], first["form"], first["is_new"]) == (digest, len(content), "i247a", True)
    basis = next(each for each in first["facts"] if each["target"] == "request.basis")
    assert (basis["value"], basis["page"], basis["field"]) == (["final_order"], 1, "CheckBox0")
    assert {each["target"]: each["value"] for each in first["person"]}["name"] == "SUBJECT 0071"
    case = queries.find_case(id)
    assert case.is_undecided and not case.detainers[1].facts and case.detainers[1].received_at.hour == 17
    form, media_type = multipart(content)
    again = send(api, form, "papers?received_at=2026-11-02T12:00:00-05:00", media_type, Idempotency_Key="paper-71")
    assert again.json() == first and again.headers["Idempotency-Replayed"] == "true"
    assert not any(b"0071" in bytes(row.body) for row in Answered.objects.all())

    body = {
        "document": digest,
        "confirmed": ["request.form", "request.basis", "name"],
        "facts": {"request.signed": False},
    }
    address = f"cases/{id}/papers/1"
    status, recorded = api("POST", f"{address}/confirm", body, Idempotency_Key="confirm-71")
    assert status == 200 and recorded["facts"] == ["request.basis", "request.form", "request.signed"]
    assert (
        recorded["person"] == ["name"] and "a_number" in recorded["left"] and "request.signed" not in recorded["left"]
    )
    facts = queries.find_case(id).detainers[1].facts
    account = Token.objects.latest("pk").account.actor.account
    assert {fact.confirmed_by for fact in facts.values()} == {account}
    assert (facts["request.basis"].source, facts["request.basis"].field, facts["request.basis"].document) == (
        "form_field", "CheckBox0", digest,
    )  # fmt: skip
    assert (facts["request.signed"].source, facts["request.signed"].value) == ("api", False)
    assert api("POST", f"{address}/confirm", body, Idempotency_Key="confirm-71")[1] == recorded
    read = api("GET", address)[1]
    assert read["facts"] == first["facts"] and read["document"] == digest
    assert api.raw("GET", f"{address}/original").content == content
    happened = queries.events_of(desk, id, with_person=False)
    assert [each.happening.page for each in happened if each.happening.__struct_config__.tag == "viewed"] == [
        "paper", "paper as it came",
    ]  # fmt: skip


def test_what_cannot_be_confirmed_is_a_problem_and_records_nothing(api: Api, desk: Any) -> None:
    from comity.desk import queries

    arrived = send(api, paper_of_nobody(71)).json()
    before = queries.find_case(arrived["case"])
    for change, code in (
        ({"document": "0" * 64}, "other-paper"), ({"confirmed": ["request.priority"]}, "not-read"),
        ({"confirmed": []}, "nothing-confirmed"), ({"facts": {"request.form": "i247d"}}, "confirmed-and-corrected"),
        ({"facts": {"request.colour": "blue"}}, "unknown-fact"), ({"document": "short"}, "bad-field"),
        ({"confirmed": ["x"] * 201}, "bad-field"), ({"read": True}, "bad-field"),
    ):  # fmt: skip
        body = {"document": arrived["document"], "confirmed": ["request.form"], **change}
        status, problem = api("POST", f"cases/{arrived['case']}/papers/1/confirm", body)
        assert (status, problem["code"]) == (422, code), problem
    assert queries.find_case(arrived["case"]) == before


def test_a_damaged_pdf_is_kept_and_what_could_not_be_read_is_said(api: Api) -> None:
    content = paper_of_nobody(73)[:900]
    arrived = send(api, content).json()
    assert arrived["facts"] == [] and arrived["notes"][0]["code"] == "damaged-paper" and arrived["notes"][0]["help"]
    assert api.raw("GET", f"cases/{arrived['case']}/papers/1/original").content == content


def test_what_is_no_paper_is_refused_at_the_door(api: Api) -> None:
    form, media_type = multipart(b"%PDF-1.7", field="other")
    for content, kind, status, code in (
        (b"GIF89a", PDF, 422, "no-pdf"), (b"%PDF-1.7", "application/json", 415, "bad-media-type"),
        (form, media_type, 422, "no-pdf"), (b"--edge\r\n", "multipart/form-data", 400, "bad-form"),
        (b"nothing", "multipart/form-data; boundary=edge", 422, "no-pdf"),
        (b"%PDF-1.7" + bytes(20_060_000), PDF, 413, "too-large"), (b"%PDF-1.7" + bytes(20_000_000), PDF, 413, "too-large"),
    ):  # fmt: skip
        answer = send(api, content, media_type=kind)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (content[:20], kind)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert send(api, paper_of_nobody(74), "papers?case=AAAA2222").json()["code"] == "no-case"
    assert api("GET", "cases/AAAA2222/papers/1")[0] == 404


def test_a_paper_in_base64_may_be_as_long_as_one_by_itself(api: Api) -> None:
    """A body over 20 MB was refused, though a paper may have 20 MB before it is written in base64."""
    import base64

    paper = base64.b64encode(b"%PDF-1.7" + bytes(16_000_000)).decode()
    assert api("POST", "cases", {"paper": paper, "media_type": "text/html\r\nX: y"})[0] == 200


def test_a_cancellation_by_paper_is_led_to_the_case_of_the_detainer(api: Api, desk: Any) -> None:
    from comity.desk import queries

    person = {"name": "Subject 0075", "a_number": "000 000 075"}
    id = api("POST", "cases", {"facts": {"request.form": "i247a"}, "person": person})[1]["case"]
    texts = {"name": "SUBJECT 0075", "file": "A000000075"}
    arrived = send(api, pdf(detainer(texts=texts, checked=["cancels"]))).json()
    assert arrived["cancels"] and [(each["case"], each["detainer"]) for each in arrived["earlier"]] == [(id, 1)]
    narrow = Api(desk, new_token(Role.BOOKING_OFFICER, Permission.RECEIVE))
    assert send(narrow, pdf(detainer(texts=texts, checked=["cancels"]))).json()["earlier"] == []
    joined = api(
        "POST", f"cases/{arrived['case']}/papers/1/join", {"case": id, "how": "cancels"}, Idempotency_Key="join-75"
    )
    assert joined[0] == 200 and joined[1]["kind"] == "withdrawn"
    assert (
        api("POST", f"cases/{arrived['case']}/papers/1/join", {"case": id, "how": "cancels"}, Idempotency_Key="join-75")
        == joined
    )
    assert (queries.find_case(id).detainers[1].status, queries.find_case(arrived["case"]).joined_to) == (
        "withdrawn",
        id,
    )
    assert (
        api("POST", f"cases/{arrived['case']}/papers/1/join", {"case": id, "how": "replaces"})[1]["code"] == "not-now"
    )


@pytest.mark.parametrize("role", Role)
def test_papers_ask_for_the_role_and_the_scope(desk: Any, role: Role) -> None:
    from comity.desk.roles import may

    arrived = send(Api(desk, new_token(Role.BOOKING_OFFICER)), paper_of_nobody(71)).json()
    api, address = Api(desk, new_token(role)), f"cases/{arrived['case']}/papers/1"
    assert (send(api, paper_of_nobody(71)).status_code == 200) == may(role, Permission.RECEIVE)
    assert (api("POST", f"{address}/confirm", {"document": "0" * 64})[0] == 422) == may(role, Permission.RECEIVE)
    assert (api("POST", f"{address}/join", {"case": "AAAA2222", "how": "cancels"})[0] == 404) == may(
        role, Permission.RECEIVE
    )
    for page in (address, f"{address}/original"):
        assert (api.raw("GET", page).status_code == 200) == may(role, Permission.SEE_PERSON)
