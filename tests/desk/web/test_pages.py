"""The pages of the desk without a browser: who may see which, what forms do, what tables and files hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import comity
from comity.desk.contradictions import contradictions
from comity.desk.events import StatedFact
from comity.desk.roles import Permission, Role, may
from tests.desk.web.conftest import NOW, add_case

Clients = Callable[[Role], Any]
OFFICER, AUDITOR, RECORDS = Role.BOOKING_OFFICER, Role.AUDITOR, Role.PUBLIC_RECORDS_OFFICER
NEEDS = {
    "/": Permission.SEE_BOARD, "/receive": Permission.RECEIVE, "/find": Permission.SEE_PERSON, "/record": Permission.SEE_RECORD,
    "/counts": Permission.SEE_COUNTS, "/counts?format=csv": Permission.EXPORT, "/costs": Permission.SEE_COUNTS,
    "/costs/invoice?format=csv": Permission.EXPORT, "/replay": Permission.REPLAY, "/replay/requests.csv": Permission.EXPORT,
    "/law/changes": Permission.SEE_BOARD, "/cases/{held}": Permission.SEE_CASE, "/cases/{held}/card": Permission.SEE_CASE,
}  # fmt: skip
WARRANT = {"fact:request.warrants#1#kind": "i200", "fact:request.warrants#1#issuer": "immigration_officer",
           "fact:request.warrants#1#signed": "yes", "fact:request.warrants": "whole"}  # fmt: skip
PAPER = {
    "fact:request.form": "i247a",
    "fact:request.complete": "yes",
    "fact:subject.citizenship": "none_claimed",
    **WARRANT,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", NEEDS)
def test_a_page_is_shown_to_those_who_may_see_it(
    path: str, role: Role, client_of: Clients, cases: dict[str, str]
) -> None:
    response = client_of(role).get(path.format(**cases))
    if may(role, NEEDS[path]):
        assert response.status_code == 200, response.content
    elif path == "/":  # whoever may not see the board begins at another page
        assert response.status_code == 302 and response["Location"] != "/"
    else:
        assert response.status_code == 403
        assert "may not do this" in response.content.decode()
        assert "Subject 00" not in response.content.decode()


def test_a_person_is_named_only_to_those_who_may_see_one(client_of: Clients, cases: dict[str, str]) -> None:
    for path in NEEDS:
        if not path.startswith(("/cases", "/find")):
            assert "Subject 00" not in client_of(AUDITOR).get(path).content.decode("utf-8", "replace"), path


def test_the_same_request_is_said_to_be_received_before(client_of: Clients) -> None:
    client, sent = client_of(OFFICER), {"name": "Subject 0071", **PAPER}
    first = client.post("/receive", sent, follow=True)
    assert "The detainer is recorded." in first.content.decode()
    again = client.post("/receive", sent, follow=True)
    assert "The same request was received before: it is detainer 1 of this case." in again.content.decode()
    assert again.redirect_chain == first.redirect_chain


def test_records_are_read_by_row_and_shown_in_words(client_of: Clients) -> None:
    second = {"fact:request.warrants#3#kind": "judicial_criminal", "fact:request.warrants#3#signed": "no"}
    page = (
        client_of(OFFICER).post("/receive", {"name": "Subject 0072", **PAPER, **second}, follow=True).content.decode()
    )
    assert "Form I-200, issued by an immigration officer, signed; a judge&#x27;s criminal warrant, not signed" in page
    assert "A warrant that came with the request is not signed." in page


def test_a_moment_that_is_none_is_refused_and_not_taken_for_now(client_of: Clients, cases: dict[str, str]) -> None:
    client = client_of(OFFICER)
    page = client.post("/receive", {"received_at": "yesterday", **PAPER})
    assert page.status_code == 400 and "esterday is not a moment" in page.content.decode()
    page = client.post(f"/cases/{cases['decided']}/begin-hold", {"moment": "at noon"})
    assert page.status_code == 409 and "t noon is not a moment" in page.content.decode()
    assert f"/cases/{cases['decided']}" in page.content.decode()


@pytest.mark.parametrize(
    "deed", ["ask-override", "settle-override", "choose", "acknowledge", "state", "decide", "note"]
)
def test_a_form_that_lacks_its_fields_is_answered_in_words(
    deed: str, client_of: Clients, cases: dict[str, str]
) -> None:
    for role in (OFFICER, Role.SUPERVISOR):
        sent = client_of(role).post(f"/cases/{cases['decided']}/{deed}", {})
        assert sent.status_code in (302, 403, 409)


def test_where_the_law_leaves_a_choice_whom_it_names_is_filled_in(
    client_of: Clients, cases: dict[str, str], web_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.desk.deciding import Bound

    monkeypatch.setattr(web_desk, "bound", Bound("us/ca/los-angeles", "sheriff"))
    client, address = client_of(Role.SUPERVISOR), f"/cases/{cases['decided']}"
    officer = client_of(OFFICER)
    officer.post(f"{address}/decide")
    page = client.get(address).content.decode()
    assert "The law leaves a choice" in page and 'id="c-decider" name="decider" value="' in page
    sent = {
        "decision": "2",
        "action": "share_status",
        "choice": "decline",
        "decider": "the sheriff",
        "reason": "policy",
    }
    assert client.post(f"{address}/choose", sent).status_code == 302
    assert "Choice made: share_status; decline; the sheriff; policy" in client.get(address).content.decode()
    monkeypatch.undo()
    officer.post(f"{address}/decide")


def test_the_address_of_a_deed_that_is_only_opened_leads_to_the_case(client_of: Clients, cases: dict[str, str]) -> None:
    client, address = client_of(OFFICER), f"/cases/{cases['held']}"
    assert client.get(f"{address}/release").headers["Location"] == address
    assert client.get(f"{address}/explode").status_code == 404


def test_a_fact_is_corrected_with_a_reason_and_the_answers_follow(client_of: Clients) -> None:
    client = client_of(OFFICER)
    address = client.post("/receive", {"name": "Subject 0073", **PAPER}).headers["Location"]
    client.post(f"{address}/decide")
    form = client.get(f"{address}/correct?fact=subject.citizenship").content.decode()
    assert 'value="none_claimed" checked' in form
    sent = {"path": "subject.citizenship", "fact:subject.citizenship": "us_proven", "fact:request.form": "i247d"}
    assert client.post(f"{address}/correct", {**sent, "reason": ""}).status_code == 400
    lacking = client.post(f"{address}/correct", {"path": "subject.citizenship", "reason": "a passport"})
    assert lacking.status_code == 400 and "cannot be made unknown again" in lacking.content.decode()
    page = client.post(f"{address}/correct", {**sent, "reason": "a passport"}, follow=True).content.decode()
    assert "The fact is corrected." in page and "MUST NOT" in page and "Record this decision" in page
    assert "Form I-247A" in page and "Corrected: a passport" in page and "Contradiction." in page
    assert client.get(f"{address}/correct?fact=subject.age").status_code == 409
    assert client_of(AUDITOR).get(f"{address}/correct?fact=subject.citizenship").status_code == 403


def test_a_running_hold_has_its_limit_and_a_duty_is_done_once(client_of: Clients, cases: dict[str, str]) -> None:
    client, address = client_of(OFFICER), f"/cases/{cases['held']}"
    page = client.get(address).content.decode()
    assert "At the latest" in page and "Tell the judge who sets bail" in page
    client.post(f"{address}/give-notice", {"obligation": _duty(page), "to": "the judge", "about": "the detainer"})
    after = client.get(address).content.decode()
    assert after.count('name="obligation"') < page.count('name="obligation"')
    assert "The law gives no more time" in client.get(f"/cases/{cases['overdue']}").content.decode()
    board, page = (client.get(path).content.decode() for path in ("/", f"/cases/{cases['overdue']}"))
    line = board[board.index(f'id="case-{cases["overdue"]}"') :].partition("</tr>")[0]
    assert "no more time" in line and "MUST" not in line  # nobody reads of a duty to hold where the limit has passed
    hold = page[page.index("What the law says now") :].partition("</li>")[0]
    assert "no more time" in hold and "MUST" not in hold


def _duty(page: str) -> str:
    return page.split('name="obligation" value="')[1].split('"')[0]


def test_a_person_is_found_by_a_whole_name_and_the_search_is_recorded(
    client_of: Clients, cases: dict[str, str]
) -> None:
    found = client_of(OFFICER).post("/find", {"field": "name", "text": "SUBJECT-0036"}).content.decode()
    assert cases["released"] in found and "closed, released" in found
    record = client_of(AUDITOR).get(f"/record?kind=viewed&case={cases['released'].lower()}").content.decode()
    assert "Viewed: search" in record


def test_the_record_is_filtered_and_leads_to_older_events(client_of: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.desk import record_pages

    monkeypatch.setattr(record_pages, "PAGE_LENGTH", 3)
    client = client_of(AUDITOR)
    page = client.get("/record?kind=received").content.decode()
    assert page.count("<td>Received</td>") == 3
    older = page.split('href="/record?')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(f"/record?{older}").content.decode().count("<td>Received</td>") == 3
    assert "0 events" in client.get("/record?day=2001-01-01").content.decode()
    assert client.get("/record?day=tomorrow").status_code == 409


def test_counts_are_those_of_the_cases(client_of: Clients, web_desk: Any) -> None:
    """Other tests have cases of their own, so what is counted is what one case more adds."""
    before = figures_of(client_of(RECORDS))
    assert (
        sum(count for (group, _), count in before.items() if group.startswith("Hold, by"))
        == before["Received", "detainers"]
    )
    add_case(web_desk, 38, hours=60, held=True, released=40)
    after = figures_of(client_of(RECORDS))
    added = {
        figure: after[figure] - before.get(figure, 0) for figure in after if after[figure] != before.get(figure, 0)
    }
    assert added == {
        ("Received", "bookings with a detainer"): 1, ("Received", "detainers"): 1, ("Decisions", "made"): 1,
        ("Holds", "begun"): 1, ("Holds", "ended within the limit"): 1, ("Closed", "released"): 1,
        ("Hold, by the last decision", "required"): 1,
    }  # fmt: skip


def figures_of(client: Any) -> dict[tuple[str, str], int]:
    content = client.get(f"/counts?format=csv&period={NOW:%Y}").content.decode()
    return {(row["group"], row["what"]): int(row["count"]) for row in csv.DictReader(io.StringIO(content))}


def test_a_hold_that_ended_is_costed_and_billed(client_of: Clients, cases: dict[str, str]) -> None:
    client = client_of(AUDITOR)
    ended = NOW - timedelta(hours=19)
    page = client.get(f"/costs?period={ended:%Y}").content.decode()
    assert cases["released"] in page and "still running" in page
    bill = client.get(f"/costs/invoice?period={ended:%Y}&format=csv").content.decode()
    *lines, total = csv.DictReader(io.StringIO(bill))
    [line] = [line for line in lines if line["person"] == cases["released"]]
    assert total["line"] == "total" and float(total["amount"]) == sum(float(line["amount"]) for line in lines)
    assert int(line["days"]) * 120 == float(line["amount"])
    assert client.get(f"/costs/invoice?period={ended:%Y}").content.startswith(b"%PDF")
    assert client.get("/costs/invoice?period=1999-01").status_code == 409
    record = client.get(f"/record?kind=exported&case={cases['released']}").content.decode()
    assert f"invoice {ended:%Y}" in record


def test_the_record_of_the_desk_is_a_table_that_replay_reads(
    client_of: Clients, cases: dict[str, str], web_desk: Any, tmp_path: Any
) -> None:
    """The outcomes of a replay are those that the desk decided, case by case."""
    from comity.desk import queries

    content = client_of(RECORDS).get(f"/replay/requests.csv?period={NOW:%Y}").content.decode()
    assert "Subject" not in content and "W-3" not in content
    path = tmp_path / "requests.csv"
    path.write_text(content, encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(content)))
    replayed = comity.replay(str(path), library=web_desk.library)
    outcomes = replayed.table.to_pylist()
    assert len(rows) == len(outcomes) >= 7 and not replayed.refused
    compared = 0
    for row, outcome in zip(rows, outcomes, strict=True):
        decision = queries.find_case(row["case"]).decision_on(int(row["detainer"]))
        if decision and row["case"] in cases.values():
            compared += 1
            assert outcome["hold"] == decision.outcomes["hold"], row
    assert compared >= 6
    page = client_of(RECORDS).get(f"/replay?period={NOW:%Y}&law=us/ca/los-angeles@{NOW:%Y-%m-%d}").content.decode()
    assert f"{len(rows)} requests" in page and "us/ca/los-angeles@" in page
    assert client_of(RECORDS).get("/replay?law=us/nowhere@2026-01-01").status_code == 400


def test_cases_that_the_law_decides_otherwise_are_listed(
    client_of: Clients, cases: dict[str, str], web_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.desk.deciding import Bound

    client = client_of(OFFICER)
    assert cases["held"] not in client.get("/law/changes").content.decode()
    monkeypatch.setattr(web_desk, "bound", Bound("us/ca/los-angeles", "sheriff"))
    page = client.get("/law/changes").content.decode()
    assert cases["held"] in page and "MUST NOT" in page and cases["released"] not in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing-here", 404, "There is no such page."), ("/cases/AAAAAAAA", 404, "There is no such case."),
        ("/law?on=noon", 409, "Write it as 2026-11-02."), ("/counts?period=soon", 409, "Write 2026-11 or 2026."),
    ],
)  # fmt: skip
def test_errors_say_what_to_do_next(path: str, status: int, words: str, client_of: Clients) -> None:
    response = client_of(AUDITOR).get(path)
    assert response.status_code == status and words in response.content.decode()
    assert 'class="button" href="/"' in response.content.decode()


def test_a_form_of_an_old_session_says_to_send_it_again(
    session_of: Callable[[Role], str], cases: dict[str, str]
) -> None:
    from django.conf import settings
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(OFFICER)
    response = client.post(f"/cases/{cases['held']}/note", {"note": "x"})
    assert response.status_code == 403 and "send the form once more" in response.content.decode()


def test_a_page_that_renews_itself_does_not_keep_a_session_alive(
    session_of: Callable[[Role], str], cases: dict[str, str]
) -> None:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(OFFICER)
    assert settings.SESSION_COOKIE_NAME in client.get("/").cookies
    assert (
        settings.SESSION_COOKIE_NAME
        not in client.get("/", headers={"X-Refresh": "1", "Sec-Fetch-Dest": "empty"}).cookies
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, []),
        ({"subject.citizenship": "us_proven"}, []),
        ({"subject.citizenship": "us_proven", "request.form": "i247a"}, ["proven to be a United States citizen, and the request"]),
        ({"subject.citizenship": "us_claimed", "request.warrants": [{"kind": "i205"}]}, ["claims United States citizenship"]),
        ({"subject.citizenship": "us_proven", "request.warrants": [{"kind": "judicial_criminal"}]}, []),
        ({"request.warrants": {"partial": [{"kind": "i200", "signed": False}]}}, ["not signed"]),
        ({"subject.citizenship": "lawful_status_proven", "request.form": "i247a"}, ["proven to be here lawfully"]),
        ({"subject.citizenship": "none_claimed", "request.form": "i247a"}, []),
    ],
)  # fmt: skip
def test_contradictions(facts: dict[str, Any], words: list[str]) -> None:
    stated = {path: StatedFact(value=value, source="typed", confirmed_by="u1") for path, value in facts.items()}
    found = contradictions(stated)
    assert len(found) == len(words) and all(part in text for part, text in zip(words, found, strict=True))
