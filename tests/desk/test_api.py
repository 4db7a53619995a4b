"""The API: what the screens do, by tokens with scopes, with every error as a problem."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comity.desk.roles import Permission, Role
from comity.facts import kinds
from tests.desk.api_calls import ASKED, FACTS, Api, new_token
from tests.desk.conftest import ROOT


@pytest.fixture
def api(desk: Any) -> Api:
    return Api(desk, new_token(Role.SUPERVISOR))


def received(api: Api, number: int, **facts: Any) -> str:
    person = {"name": f"Subject {number:04}", "booking": f"API-{number}"}
    status, arrived = api("POST", "cases", {"facts": {**FACTS, **facts}, "person": person})
    assert (status, arrived["is_new"]) == (200, True)
    return str(arrived["case"])


def test_from_receipt_to_release(api: Api) -> None:
    id = received(api, 101)
    status, decided = api("POST", f"cases/{id}/decide", {})
    assert status == 200 and decided["answer"]["actions"]["hold"]["outcome"] == "required"
    now = datetime.now(UTC)
    began = (now - timedelta(hours=50)).isoformat()
    assert api("POST", f"cases/{id}/begin-hold", {"began_at": began})[1]["kind"] == "hold_begun"
    status, board = api("GET", "board")
    assert status == 200 and board[0]["case"] == id and board[0]["overdue"] is True
    for deed, body in (
        ("state", {"facts": {"subject.age": 30}}), ("serve-copy", {}), ("serve-copy", {"refused": True}),
        ("give-notice", {"to": "the consulate", "about": "the hold"}), ("note", {"note": "Subject 0101 asked for a lawyer"}),
        ("correct", {"event": 1, "reason": "the age was wrong", "facts": {"subject.age": 31}}),
        ("release", {"reason": "nobody came"}), ("reopen", {"reason": "a new warrant"}),
    ):  # fmt: skip
        status, written = api("POST", f"cases/{id}/{deed}", body)
        assert (status, written["case"]) == (200, id), written
    status, file = api("GET", f"cases/{id}")
    assert (
        status == 200
        and file["person"]["name"] == "Subject 0101"
        and file["case"]["holds"][0]["ended_by"] == "released"
    )
    kind = "viewed"
    status, record = api("GET", f"record?after={file['events'][0]['number'] - 1}")
    assert (
        status == 200 and [each["kind"] for each in record["events"]][-1] == kind and "Subject 0101" not in str(record)
    )


def test_the_example_of_the_page(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from desk_api_example import ANY, EXAMPLE

    def is_like(answer: Any, wanted: Any) -> bool:
        if isinstance(wanted, dict):
            return answer.keys() == wanted.keys() and all(is_like(answer[name], wanted[name]) for name in wanted)
        if isinstance(wanted, list):
            return len(answer) == len(wanted) and all(map(is_like, answer, wanted))
        return bool(wanted == ANY or answer == wanted)

    case = ""
    for step in EXAMPLE:
        headers = {"Idempotency_Key": step.key} if step.key else {}
        status, answer = api(step.method, step.address.replace("CASE", case), step.body, **headers)
        case = case or answer["case"]
        assert is_like(answer, step.answer) and status == step.answer.get("status", 200), (step.words, answer)


def test_what_the_decision_does_not_allow_needs_two_accounts(api: Api, desk: Any) -> None:
    id = received(api, 102, **{"subject.citizenship": "us_proven"})
    assert api("POST", f"cases/{id}/decide", {})[0] == 200
    status, problem = api("POST", f"cases/{id}/begin-hold", {})
    assert (status, problem["code"]) == (409, "not-now") and "second person" in problem["detail"]
    asked = {"decision": 1, "action": "hold", "choice": "do", "reason": "the proof is doubted"}
    assert api("POST", f"cases/{id}/ask-override", asked)[0] == 200
    settled = {"override": 1, "confirmed": True, "reason": "checked"}
    assert api("POST", f"cases/{id}/settle-override", settled)[0] == 409
    other = Api(desk, new_token(Role.COUNTY_ATTORNEY))
    assert other("POST", f"cases/{id}/settle-override", settled)[0] == 200
    assert api("POST", f"cases/{id}/begin-hold", {})[0] == 200
    assert api("POST", f"cases/{id}/transfer", {"to": "ICE"})[0] == 200
    assert api("POST", f"cases/{id}/withdraw", {"detainer": 1})[0] == 200
    assert other("POST", f"cases/{id}/choose", {**asked, "decider": "the sheriff"})[0] == 200
    assert api("POST", f"cases/{id}/acknowledge", {"alarm": "limit"})[0] == 409


def test_a_key_gives_the_same_answer_and_does_the_deed_once(api: Api, desk: Any) -> None:
    from comity.desk.models import Entry

    id, note = received(api, 103), {"note": "Subject 0103 was told"}
    first = api.raw("POST", f"cases/{id}/note", note, Idempotency_Key="k-1")
    count = Entry.objects.count()
    again = api.raw("POST", f"cases/{id}/note", note, Idempotency_Key="k-1")
    assert (again.status_code, again.content, Entry.objects.count()) == (200, first.content, count)
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    status, problem = api("POST", f"cases/{id}/note", {"note": "another"}, Idempotency_Key="k-1")
    assert (status, problem["code"], Entry.objects.count()) == (409, "other-body", count)
    assert Api(desk, new_token(Role.SUPERVISOR))("POST", f"cases/{id}/note", note, Idempotency_Key="k-1")[0] == 200
    cancelled = [api("POST", f"cases/{id}/withdraw", {}, Idempotency_Key="k-2") for _ in range(2)]
    assert cancelled[0] == cancelled[1] and cancelled[0][0] == 200  # though no detainer counts any more


def test_a_deed_that_was_refused_may_be_sent_again_with_its_key(api: Api) -> None:
    id = received(api, 104)
    assert api("POST", f"cases/{id}/begin-hold", {}, Idempotency_Key="k-3")[0] == 409
    assert api("POST", f"cases/{id}/decide", {}, Idempotency_Key="k-4")[0] == 200
    assert api("POST", f"cases/{id}/begin-hold", {}, Idempotency_Key="k-3")[0] == 200


def test_calls_at_once_with_one_key_do_one_deed(api: Api, desk: Any) -> None:
    from comity.desk.models import Entry

    id, found = received(api, 109), []
    before = Entry.objects.count()

    def call() -> None:
        other = Api(desk, api.token)
        found.append(other("POST", f"cases/{id}/note", {"note": "Subject 0109"}, Idempotency_Key="at-once"))

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in found] == [200] * 6 and all(each == found[0] for each in found)
    assert Entry.objects.count() == before + 1


def test_a_copy_is_of_a_detainer_that_is_there(api: Api) -> None:
    """Found by generated calls: with none that counts, the copy was of detainer 0, which no case has."""
    id = received(api, 108)
    assert api("POST", f"cases/{id}/withdraw", {})[0] == 200
    status, problem = api("POST", f"cases/{id}/serve-copy", {})
    assert (status, problem["code"]) == (409, "not-now") and "no detainer 0" in problem["detail"]


def test_tokens_are_hashed_scoped_and_end(desk: Any) -> None:
    from comity.web.api import tokens
    from comity.web.api.models import Token

    secret = new_token(Role.SUPERVISOR, Permission.SEE_BOARD)
    api, row = Api(desk, secret), Token.objects.latest("pk")
    assert secret not in str(Token.objects.values())
    assert api("GET", "board")[0] == 200
    status, problem = api("POST", "decide", ASKED)
    assert (status, problem["code"]) == (403, "not-allowed") and "ask_law" in problem["detail"]
    keeper = Api(desk, new_token(Role.ADMINISTRATOR))
    assert [each["number"] for each in keeper("GET", "tokens")[1]][-2:] == [row.pk, row.pk + 1]
    assert keeper("POST", f"tokens/{row.pk}/revoke")[0] == 204
    assert keeper("POST", f"tokens/{row.pk}/revoke")[0] == 404
    assert api("GET", "board")[0] == 401
    old = new_token(Role.SUPERVISOR, days=1, at=datetime.now(UTC) - timedelta(days=2))
    assert Api(desk, old)("GET", "board")[0] == 401
    locked = new_token(Role.SUPERVISOR)
    account = Token.objects.latest("pk").account
    account.locked_at = datetime.now(UTC)
    account.save()
    tokens._KNOWN.clear()
    assert Api(desk, locked)("GET", "board")[0] == 401


def test_a_token_has_no_more_than_its_account_and_an_administrator_makes_it(database: None) -> None:
    from comity.desk.events import Actor
    from comity.desk.ledger import Refused
    from comity.web.api.tokens import make_token
    from comity.web.models import Account

    now = datetime.now(UTC)
    account = Account.objects.create_user(username="api-auditor", role=Role.AUDITOR.value)
    arguments: dict[str, Any] = {"name": "x", "days": 3, "at": now, "by": Actor("u0", Role.ADMINISTRATOR)}
    with pytest.raises(Refused, match="may not decide"):
        make_token(account, scopes=[Permission.DECIDE, Permission.SEE_BOARD], **arguments)
    with pytest.raises(Refused, match="may not do this"):
        make_token(account, scopes=[Permission.SEE_BOARD], **{**arguments, "by": Actor("u0", Role.SUPERVISOR)})
    with pytest.raises(Refused, match="1 to 366 days"):
        make_token(account, scopes=[Permission.SEE_BOARD], **{**arguments, "days": 400})


def test_a_browser_that_is_logged_in_can_do_nothing_here(api: Api) -> None:
    from comity.web.models import Account

    account = Account.objects.create_user(username="api-browser", role=Role.SUPERVISOR.value)
    api.client.force_login(account)
    api.token = ""
    status, problem = api("GET", "board")
    assert (status, problem["code"]) == (401, "no-token-given")
    assert "Set-Cookie" not in api.raw("GET", "board").headers


def test_who_the_person_is_needs_a_scope_of_its_own(api: Api, desk: Any) -> None:
    id = received(api, 105)
    assert api("POST", f"cases/{id}/note", {"note": "Subject 0105 asked"})[0] == 200
    narrow = Api(desk, new_token(Role.SUPERVISOR, Permission.SEE_CASE))
    status, file = narrow("GET", f"cases/{id}")
    assert status == 200 and "Subject 0105" not in str(file) and file["person"] == {}


@pytest.mark.parametrize("role", Role)
def test_scopes_are_asked_at_every_call(desk: Any, role: Role) -> None:
    """A token with no scope but one gets to no call that names another."""
    from comity.web.api.urls import described

    only = Permission.SEE_METRICS if role in (Role.ADMINISTRATOR, Role.AUDITOR) else Permission.ASK_LAW
    api = Api(desk, new_token(role, only))
    for address, calls in described()["paths"].items():
        for method in calls:
            open_to_it = only is Permission.ASK_LAW and (address.endswith("/decide") or "/law/" in address)
            if open_to_it and "{case}" not in address:
                continue
            filled = (
                address.replace("{case}", "AAAA2222")
                .replace("{number}", "1")
                .replace("{detainer}", "1")
                .replace("{place}", "us/tx")
            )
            assert api(method.upper(), filled, {})[0] == 403, (method, address)


def test_truth_values_are_strict(api: Api, desk: Any) -> None:
    """0, 1, "yes", "true" and the like are no truth values: of every fact, and of every field of a body."""
    vocabulary = desk.library.vocabulary
    facts = [
        path for path, entry in vocabulary.entries.items() if isinstance(entry.kind, kinds.Truth) and "[" not in path
    ]
    assert len(facts) > 20
    for path in facts:
        for value in (0, 1, "yes", "true", "", [], 1.0):
            status, problem = api("POST", "cases", {"facts": {path: value}})
            assert (status, problem["status"]) == (422, 422), (path, value)
    id = received(api, 106)
    for deed, body in (
        ("serve-copy", {"refused": True}),
        ("settle-override", {"override": 1, "confirmed": True, "reason": "x"}),
    ):
        field = "refused" if "refused" in body else "confirmed"
        for value in (0, 1, "yes", "true", None, 1.0):
            status, problem = api("POST", f"cases/{id}/{deed}", {**body, field: value})
            assert status == 422 and problem["findings"][0]["at"].endswith(field), (deed, value)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not-json"),
        (b"[]", 400, "not-a-request"),
        (b"\xff", 400, "encoding"),
        (b'{"at": 1, "at": 2}', 400, "doubled-key"),
        (b"[" * 5_000 + b"]" * 5_000, 400, "not-json"),
        (b'{"a":' * 20 + b"1" + b"}" * 20, 422, "unfit-nested"),
        (b'{"convictions": [' + b"1," * 1_000 + b"1]}", 413, "too-large"),
        (b'{"a": 1e999}', 422, "unfit-number"),
        (b'{"a": 99999999999999999999}', 422, "unfit-number"),
        (b'{"a": "\\ud800"}', 422, "unfit-text"),
        (b'{"a": "\\u0000"}', 422, "unfit-text"),
        (b'{"a": "' + b"x" * 300_000 + b'"}', 413, "too-large"),
        (b"{" + b",".join(b'"a%d":[%s1]' % (at, b"1," * 999) for at in range(30)) + b"}", 413, "too-large"),
    ],
)
def test_limits_at_the_door(api: Api, body: bytes, status: int, code: str) -> None:
    for address in ("decide", "cases"):
        if address == "cases" and len(body) > 300_000:
            continue  # a call that may bring a paper may be longer
        response = api.raw("POST", address, body)
        assert response.status_code == status, response.content
        assert response.headers["Content-Type"] == "application/problem+json"
        assert f'"code":"{code}"'.encode() in response.content


def test_every_error_is_a_problem(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for method, address, status in (
        ("GET", "nothing", 404), ("GET", "/api/v2/", 404), ("DELETE", "board", 405), ("GET", "cases/AAAA2222", 404),
        ("GET", "law/us/xx", 404), ("GET", "law/us/fl?on=never", 422), ("GET", "record?after=-1", 422),
    ):  # fmt: skip
        response = api.raw(method, address)
        problem = response.json()
        assert (response.status_code, problem["status"]) == (status, status), problem
        assert response.headers["Content-Type"] == "application/problem+json"
        assert problem["request_id"] == response.headers["X-Request-ID"] and problem["detail"]
    monkeypatch.setattr("comity.desk.queries.board", lambda *_, **__: 1 / 0)
    response = api.raw("GET", "board")
    assert (response.status_code, response.json()["code"]) == (500, "own-fault") and b"zero" not in response.content


def test_the_law_alone(api: Api, desk: Any) -> None:
    from comity.desk.models import Entry

    before = Entry.objects.count()
    status, decision = api("POST", "decide", ASKED)
    assert status == 200 and decision["actions"]["hold"]["outcome"] == "required"
    assert decision["law_version"] == desk.library.version
    status, view = api("GET", "law/us/fl/miami-dade?on=2026-11-02")
    assert status == 200 and view["place"] == "us/fl/miami-dade" and "hold" in view["actions"]
    status, problem = api("POST", "decide", {**ASKED, "request": {"colour": "blue"}})
    assert status == 422 and "request.colour" in problem["detail"]
    assert Entry.objects.count() == before


def test_metrics_and_logs_hold_no_person(api: Api, desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "comity.web")
    id = received(api, 107)
    api("GET", f"cases/{id}")
    api("GET", "cases/Subject%200107")
    api("POST", f"cases/{id}/state", {"facts": {"subject.citizenship": "Subject 0107"}})
    watcher = Api(desk, new_token(Role.AUDITOR, Permission.SEE_METRICS))
    text = watcher.raw("GET", "/metrics").content.decode()
    assert 'comity_requests_total{page="case",method="GET",status="200"}' in text and "comity_holds_overdue" in text
    assert f"case={id}" in caplog.text and "code=bad-field" in caplog.text
    for secret in ("Subject", "0107", api.token, watcher.token):
        assert secret not in caplog.text and secret not in text
    assert api("GET", "/metrics")[0] == 403
    assert Api(desk, "")("GET", "/metrics")[0] == 401
