"""Every door has limits of bytes and seconds: what is beyond them is refused in words, and what takes too long is ended."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest

from comity.desk.roles import Role
from comity.finding import InputFault
from tests.desk.api_calls import ASKED, Api, new_token
from tests.desk.conftest import ROOT
from tests.desk.log_in import logged_in
from tests.desk.test_deeds import received

RUNBOOK = ROOT / "docs" / "desk-runbook.md"
BEGIN, END = "| door |", "\n\n"  # of the table
MISSING = "none"


def table() -> str:
    """The table of the doors, as the runbook has it."""
    from comity.web.operating.doors import API, DOORS

    lines = [
        "| door | addresses | bytes | seconds | what a body may hold | child process |", "|---|---|---:|---:|---|---|",
    ]  # fmt: skip
    for door in DOORS:
        names = ", ".join(f"`{name.removeprefix(API)}`" for name in door.names if name != API) or "all others"
        inside, apart = door.inside or MISSING, door.apart or MISSING
        lines.append(f"| {door.what} | {names} | {door.bytes_max:,} | {door.seconds_max} | {inside} | {apart} |")
    return "\n".join(lines)


def test_the_runbook_has_the_limits_of_every_door(served: Any) -> None:
    """With COMITY_ACCEPT=1 it writes the table."""
    text = RUNBOOK.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    found, end, after = rest.partition(END)
    if os.environ.get("COMITY_ACCEPT"):
        RUNBOOK.write_text(before + table() + end + after, encoding="utf-8", newline="\n")
    else:
        assert begin + found == table()


def test_a_door_names_addresses_that_are_there(served: Any) -> None:
    from comity.web.api.urls import urlpatterns as of_api
    from comity.web.operating.doors import API, DOORS
    from tests.desk.test_who_may_do_what import addresses

    calls = [call for pattern in of_api[:1] for call in pattern.url_patterns]
    known = {found.name for found in addresses()} | {f"{API}{call.name}" for call in calls} | {API}
    assert {name for door in DOORS for name in door.names} <= known


def test_a_body_beyond_its_door_is_refused(served: Any) -> None:
    from comity.web.operating.doors import API, DOORS

    page, api = logged_in(Role.SUPERVISOR), Api(served, new_token(Role.SUPERVISOR))
    addresses = {"receive-paper": "/receive/paper", "receive-pasted": "/receive/pasted", "replay": "/replay"}
    tried = set()
    for door in DOORS:
        for name, length in [(name, str(door.bytes_max + 1)) for name in door.names or ("find",)]:
            address = {"find": "/find", **addresses}.get(name)
            if address:
                response = page.generic("POST", address, b"x", CONTENT_LENGTH=length)
                assert response.status_code == 413 and "may have" in response.content.decode(), name
            elif name in (f"{API}decide", f"{API}receive"):
                path = "/api/v1/cases" if name.endswith("receive") else "/api/v1/decide"
                headers = {"Authorization": f"Bearer {api.token}"}
                answer = api.client.generic("POST", path, b"{}", headers=headers, CONTENT_LENGTH=length)
                assert (answer.status_code, answer.json()["code"]) == (413, "too-large"), name
            else:
                continue
            tried.add(name)
    assert len(tried) == 6


def test_a_paper_of_16_mb_arrives_by_the_api(served: Any) -> None:
    paper = base64.b64encode(b"%PDF-1.7 " + bytes(16_000_000)).decode()
    api = Api(served, new_token(Role.SUPERVISOR))
    assert api("POST", "cases", {"paper": paper, "media_type": "application/pdf"})[0] == 200


def _spin(*given: Any, **named: Any) -> Any:
    while True:
        sum(range(1_000))


def test_what_takes_too_long_is_ended_and_the_thread_goes_on(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.web.api import on_law
    from comity.web.operating import doors, time_limit
    from comity.web.views import law

    monkeypatch.setattr(time_limit, "LOOK_SECONDS", 0.02)
    api, client = Api(served, new_token(Role.SUPERVISOR)), logged_in(Role.SUPERVISOR)
    with monkeypatch.context() as patched:
        patched.setattr(doors, "door_named", lambda name: doors.Door(what="", bytes_max=9_999, seconds_max=0))
        patched.setattr(on_law, "decided", _spin)
        patched.setattr(law, "this_law", _spin)
        for _ in range(3):
            status, problem = api("POST", "decide", ASKED)
            assert (status, problem["code"]) == (503, "took-too-long") and "look before" in problem["detail"]
            page = client.get("/law")
            assert page.status_code == 503 and "It took too long, and was ended" in page.content.decode()
    assert api("POST", "decide", ASKED)[0] == 200 and client.get("/law").status_code == 200


def test_a_limit_ends_with_its_work() -> None:
    """What was raised and has not arrived is taken back: a later request of the thread meets nothing."""
    from comity.web.operating.time_limit import _WATCH, TimeLimit, TookTooLong, _raise_in

    with TimeLimit(60) as limit:
        pass
    assert limit.thread not in _WATCH._ends
    with pytest.raises(TookTooLong, match="took too long"), TimeLimit(60) as limit:
        _raise_in(limit.thread, TookTooLong)
        sum(range(10))
        _spin()
    sum(range(10))


def test_many_requests_are_replayed_in_a_child_process(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    from comity.desk.counts import cases_of
    from comity.desk.events import Actor
    from comity.desk.requests_table import request_rows
    from comity.web.operating import replaying
    from comity.web.operating.contained import Limits
    from comity.web.operating.replaying import ROWS_MAX, replay_rows

    received(served, 590)
    cases = cases_of(datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC), by=Actor("u9", Role.AUDITOR))
    row = next(iter(request_rows(cases, served.bound, served.library.vocabulary)))
    laws = ["", "us/ca/los-angeles@2026-11-01"]
    monkeypatch.setattr(replaying, "ROWS_HERE_MAX", 3)
    here = replay_rows(served.library, [row] * 3, laws)
    apart = replay_rows(served.library, [row] * 4, laws)
    assert [sum(each.actions["hold"].values()) for each in (*here, *apart)] == [3, 3, 4, 4]
    assert [sorted(each.actions["hold"]) for each in here] == [sorted(each.actions["hold"]) for each in apart]
    for limits, code in ((Limits(0.05, 2_000_000_000), "took-too-long"), (Limits(20, 60_000_000), "too-large")):
        with pytest.raises(InputFault) as fault:
            replay_rows(served.library, [row], laws, limits=limits)
        assert fault.value.findings[0].code == code
    with pytest.raises(InputFault, match="200,001 requests"):
        replay_rows(served.library, [row] * (ROWS_MAX + 1), laws)


def test_a_child_of_a_replay_says_what_is_wrong(served: Any, tmp_path: Path) -> None:
    from comity.web.operating.replaying import replay_rows

    with pytest.raises(InputFault, match="us/nowhere"):
        replay_rows(served.library, [{"place": "us/fl/miami-dade", "at": "2026-11-02T12:00:00-05:00"}], ["us/nowhere@2026-01-01"])  # fmt: skip
