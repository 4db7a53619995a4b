"""The clockwork: alarms on the screen, by e-mail and by signed webhook; its heartbeat, and what watches it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from comity.desk.config import AlarmConfig
from comity.finding import InputFault
from tests.desk.conftest import after
from tests.desk.servers import HookServer, MailServer, running
from tests.desk.test_deeds import OFFICER, received

KEY = bytes(range(32))


@pytest.fixture
def servers(database: None) -> Iterator[tuple[MailServer, HookServer]]:
    with running(MailServer()) as mail, running(HookServer()) as hook:
        yield mail, hook


def alarms_to(servers: tuple[MailServer, HookServer], folder: Path) -> AlarmConfig:
    mail, hook = servers
    path = folder / "webhook.key"
    path.write_text(KEY.hex())
    path.chmod(0o600)
    return AlarmConfig(
        emails=("shift@sheriff.example",),
        webhook=f"http://127.0.0.1:{hook.server_address[1]}/alarms",
        webhook_key_file=path.name,
        mail_host="127.0.0.1",
        mail_port=mail.server_address[1],
        mail_from="desk@sheriff.example",
    )


def begun(desk: Any, number: int, hours: float) -> str:
    """A case whose hold of 48 hours begins some hours after noon."""
    from comity.desk import deeds

    id = received(desk, number)
    deeds.decide(desk, id, by=OFFICER, at=after(hours))
    deeds.begin_hold(desk, id, began_at=after(hours), by=OFFICER, at=after(hours))
    return id


def ended(desk: Any, *ids: str, at: datetime) -> None:
    from comity.desk import deeds
    from comity.desk.models import Outgoing

    for id in ids:
        deeds.release(desk, id, released_at=at, by=OFFICER, at=at)
    Outgoing.objects.all().delete()


def test_an_alarm_goes_out_by_email_and_signed_webhook(desk: Any, servers: Any, tmp_path: Path) -> None:
    from comity.desk.clockwork import tick
    from comity.web.operating.delivery import alarm_targets, open_sender

    mail, hook = servers
    alarms, now = alarms_to(servers, tmp_path), after(50)
    id, send = begun(desk, 401, 2), open_sender(alarms, tmp_path, lambda: now)
    ticked = tick(desk, now, alarm_targets(alarms), send)
    assert (ticked.alarms, ticked.sent, ticked.failed) == (((id, "limit"),), 2, 0)
    [email] = mail.taken
    assert (email["Subject"], email["To"]) == (f"Case {id}: the hold is at its limit", "shift@sheriff.example")
    assert "Subject 0401" not in email.as_string() and after(50).isoformat() in email.as_string().replace("Z", "+00:00")
    [(headers, body)] = hook.taken
    wanted = hmac.new(KEY, headers["Comity-Time"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Comity-Signature"] == f"sha256={wanted}"
    assert datetime.fromisoformat(headers["Comity-Time"]) == now
    assert {name: json.loads(body)[name] for name in ("case", "alarm")} == {"case": id, "alarm": "limit"}
    assert tick(desk, after(50.1), alarm_targets(alarms), send).sent == 0  # nothing is sent twice
    ended(desk, id, at=after(51))


def test_what_is_not_taken_is_tried_again_with_growing_delay(desk: Any, servers: Any, tmp_path: Path) -> None:
    from comity.desk.clockwork import tick, watch
    from comity.desk.models import Outgoing
    from comity.web.operating.delivery import alarm_targets, open_sender

    mail, hook = servers
    mail.fails, hook.status = True, 302  # a redirect is not followed
    alarms, begin = alarms_to(servers, tmp_path), after(50)
    targets, send = alarm_targets(alarms), open_sender(alarms, tmp_path)
    id = begun(desk, 402, 2)
    tried = [minute for minute in range(140) if tick(desk, begin + timedelta(minutes=minute), targets, send).failed]
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123]
    assert len(hook.taken) == len(tried) and len({headers["Comity-Message"] for headers, _ in hook.taken}) == 1
    assert {*Outgoing.objects.values_list("last_fault", flat=True)} == {"SMTPSenderRefused", "HTTPError"}
    assert "2 messages could not be delivered for an hour" in watch(begin + timedelta(minutes=140)).faults
    mail.fails, hook.status = False, 200
    assert tick(desk, begin + timedelta(minutes=200), targets, send).sent == 2 and len(mail.taken) == 1
    ended(desk, id, at=after(54))


def test_a_server_that_is_down_is_asked_once_in_a_tick(desk: Any, servers: Any, tmp_path: Path) -> None:
    from comity.desk.clockwork import tick
    from comity.web.operating.delivery import alarm_targets, open_sender

    mail, hook = servers
    hook.status = 503
    alarms = alarms_to(servers, tmp_path)
    ids = [begun(desk, number, 2) for number in (403, 404, 405)]
    ticked = tick(desk, after(50), alarm_targets(alarms), open_sender(alarms, tmp_path))
    assert (len(ticked.alarms), ticked.sent, ticked.failed, len(hook.taken)) == (3, 3, 1, 1)
    ended(desk, *ids, at=after(51))


def test_what_watches_the_clockwork(desk: Any) -> None:
    from comity.desk.clockwork import LATE_AFTER, tick, watch

    tick(desk, after(30))
    assert watch(after(30)).faults == ()
    late = watch(after(30) + LATE_AFTER + timedelta(seconds=1)).faults
    assert late == ("the clockwork is late: its last heartbeat was 2026-11-03T23:00:00+00:00",)
    id = begun(desk, 406, 2)
    assert id in watch(after(38.2)).missing and id not in watch(after(38.01)).missing
    assert any(f"alarms are missing in 1 cases: {id}" in words for words in watch(after(38.2)).faults)
    tick(desk, after(38.2))
    assert watch(after(38.2)).faults == ()
    ended(desk, id, at=after(40))


def test_heads_are_signed_each_hour_and_hold(desk: Any) -> None:
    from comity.desk.audit.verifier import verify
    from comity.desk.clockwork import tick
    from comity.desk.models import Entry, SignedHead

    first = after(5_000)  # later than every other test
    sizes = []
    for minute in (0, 20, 59, 61, 125):
        received(desk, 410 + minute)
        sizes.append(tick(desk, first + timedelta(minutes=minute)).signed)
    assert [size > 0 for size in sizes] == [True, False, False, True, True]
    assert tick(desk, first + timedelta(minutes=300)).signed == 0  # nothing is new
    lines = [bytes(line) for line in Entry.objects.values_list("line", flat=True)]
    heads = [bytes(head.line) for head in SignedHead.objects.filter(size__in=sizes)]
    assert len(heads) == 3 and not verify(lines, heads).faults


def test_a_case_is_compared_with_the_law_once_a_day_and_after_each_change(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.desk import clockwork, deeds

    id, asked, checked = received(desk, 420), [], {}  # type: ignore[var-annotated]
    deeds.decide(desk, id, by=OFFICER, at=after(0))
    compare = clockwork.differing_actions
    monkeypatch.setattr(clockwork, "differing_actions", lambda *given: asked.append(given[1].id) or compare(*given))
    for hours in (0, 0.1, 0.2, 24, 24.1):
        clockwork.tick(desk, after(hours), checked=checked)
    deeds.add_note(desk, id, note="a word", by=OFFICER, at=after(25))
    clockwork.tick(desk, after(25), checked=checked)
    assert asked.count(id) == 3
    ended(desk, id, at=after(26))


@pytest.mark.parametrize(
    ("webhook", "words"),
    [("http://example.org/", "must begin with https://"), ("https://example.org/", "cannot be read")],
)
def test_an_unsafe_webhook_is_refused(database: None, tmp_path: Path, webhook: str, words: str) -> None:
    from comity.web.operating.delivery import open_sender

    with pytest.raises(InputFault, match=words):
        open_sender(AlarmConfig(webhook=webhook, webhook_key_file="none.key"), tmp_path)


def test_the_health_page_says_whether_alarms_run(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.test import RequestFactory

    from comity.desk.clockwork import tick
    from comity.web.at_desk import open_desk
    from comity.web.views import health

    class Clock:
        """A clock that stands still."""

        now_at = after(6_000)

        @classmethod
        def now(cls, zone: object) -> datetime:
            return cls.now_at

    monkeypatch.setattr(health, "datetime", Clock)
    open_desk(desk)
    tick(desk, after(6_000))
    answer = health.show(RequestFactory().get("/health"))
    body = json.loads(answer.content)
    assert (answer.status_code, body["clockwork_late"], body["alarms_missing"]) == (200, False, 0)
    Clock.now_at = after(6_000.1)
    answer = health.show(RequestFactory().get("/health"))
    assert (answer.status_code, json.loads(answer.content)["clockwork_late"]) == (503, True)
