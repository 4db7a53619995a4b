"""The log-in as a browser meets it: banner, password, second factor, lock-out, idle sessions; each of it in the record."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comity.desk.roles import Role
from comity.web.demo import PASSWORD, code_at
from tests.desk.log_in import entering, forget_codes, logged_in, new_account, words_of

LOCKED_AFTER = "After five failures in fifteen minutes"


pytestmark = pytest.mark.usefixtures("served")


def visitor() -> Any:
    from django.test import Client

    return Client()


def events_about(account: Any) -> list[str]:
    from comity.desk.models import Entry

    needle = f'"subject":"{account.actor.account}"'.encode()
    return [entry.kind for entry in Entry.objects.filter(case="") if needle in bytes(entry.line)]


def test_nobody_reaches_a_page_before_a_second_factor_is_set_up_and_used() -> None:
    account, client = new_account("set-up", secret=""), visitor()
    assert client.get("/").url == "/log-in?next=/"
    assert "official use" in words_of(client.get("/log-in"))
    assert client.post("/log-in", {"login": "set-up", "password": PASSWORD}).url == "/log-in"  # before the banner
    shown = entering(client, "set-up")
    assert shown.request["PATH_INFO"] == "/second-factor"
    for path in ("/", "/receive", "/accounts", "/cases/X", "/password", "/second-factor/codes"):
        response = client.get(path)
        assert response.status_code in (302, 404) and getattr(response, "url", "/second-factor") == "/second-factor"
    shown = client.get("/second-factor/app")
    secret = re.search(r'<code class="secret">(\w+)</code>', shown.content.decode())
    assert secret
    wrong = client.post("/second-factor/app", {"code": "000000"})
    assert "does not belong to this secret" in words_of(wrong) and secret[1] in wrong.content.decode()
    shown = client.post("/second-factor/app", {"code": code_at(time.time(), secret[1])}, follow=True)
    codes = re.findall(r"<li><code>(\w+)</code></li>", shown.content.decode())
    assert len(codes) == 10 and client.get("/").status_code == 200
    assert codes[0] not in client.get("/second-factor/codes").content.decode()  # they are shown once
    assert events_about(account) == ["logged_in", "second_factor_set"]
    other = visitor()
    assert entering(other, "set-up", code=codes[0]).request["PATH_INFO"] == "/"
    again = visitor()
    assert "wrong or was used already" in words_of(entering(again, "set-up", code=codes[0]))
    assert again.get("/").url == "/log-in?next=/"


def test_a_session_from_before_the_second_factor_is_ended() -> None:
    new_account("early", secret="")
    early, late = visitor(), visitor()
    entering(early, "early")
    entering(late, "early")
    shown = late.get("/second-factor/app")
    secret = re.search(r'<code class="secret">(\w+)</code>', shown.content.decode())
    assert secret
    late.post("/second-factor/app", {"code": code_at(time.time(), secret[1])})
    assert late.get("/").status_code == 200
    assert early.get("/").url == "/log-in" and early.get("/").url == "/log-in?next=/"


def test_the_secret_of_a_second_factor_is_sealed() -> None:
    from allauth.mfa.models import Authenticator

    from comity.web.demo import TOTP_SECRET

    account = new_account("sealed")
    data = Authenticator.objects.get(user=account, type="totp").data
    assert TOTP_SECRET not in str(data) and len(data["secret"]) > len(TOTP_SECRET)


def test_wrong_passwords_and_wrong_codes_are_counted_together_and_lock_the_account() -> None:
    account, administrator = new_account("forgetful"), logged_in(Role.ADMINISTRATOR)
    inside = visitor()
    assert entering(inside, "forgetful").request["PATH_INFO"] == "/"
    for _ in range(3):
        assert LOCKED_AFTER in words_of(entering(visitor(), "forgetful", password="wrong"))
    for _ in range(2):
        assert LOCKED_AFTER in words_of(entering(visitor(), "forgetful", code="000000"))
    account.refresh_from_db()
    assert account.locked_at and events_about(account)[-1] == "account_locked"
    right = entering(visitor(), "forgetful")
    assert not right.wsgi_request.user.is_authenticated and LOCKED_AFTER in words_of(right)
    assert inside.get("/").url == "/log-in?next=/"  # a session that was open has ended
    assert words_of(right) == words_of(entering(visitor(), "nobody-of-this-name"))  # nothing says who has an account
    administrator.post(f"/accounts/{account.pk}/release")
    assert entering(visitor(), "forgetful").request["PATH_INFO"] == "/"
    assert events_about(account)[-2:] == ["account_released", "logged_in"]


def test_a_code_is_taken_one_time_whatever_a_process_forgets() -> None:
    from allauth.core import context
    from django.core.cache import cache
    from django.test import RequestFactory

    from comity.web.log_in.second_factor import CodeForm

    account, now = new_account("one-time"), time.time()

    def is_taken(code: str) -> bool:
        cache.clear()  # as after a restart, and in another process: what counts is in the database
        with context.request_context(RequestFactory().post("/log-in/code")):
            return bool(CodeForm({"code": code}, user=account).is_valid())

    before, code = code_at(now - 30), code_at(now)  # the code before this one is taken too
    assert is_taken(before) and not is_taken(before) and not is_taken(f"{before[:3]} {before[3:]}")
    assert is_taken(code) and not is_taken(code) and account.failures.count() == 3
    assert not is_taken(before)  # nor one that is older than the last
    assert not is_taken(code_at(now - 90))


def test_one_code_sent_twice_at_once_logs_in_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from allauth.mfa.models import Authenticator
    from django.db import connections

    from comity.web.log_in.factor_deeds import use_code

    app, code = Authenticator.objects.get(user=new_account("twice"), type="totp"), code_at(time.time())

    def use() -> bool:
        try:
            return use_code(app, code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: use(), range(4))) == 1


def test_the_code_that_set_the_app_up_logs_nobody_in() -> None:
    new_account("set-up-once", secret="")
    client, other = visitor(), visitor()
    entering(client, "set-up-once")
    secret = re.search(r'<code class="secret">(\w+)</code>', client.get("/second-factor/app").content.decode())
    assert secret
    code = code_at(time.time(), secret[1])
    client.post("/second-factor/app", {"code": code})
    other.post("/log-in/banner")
    other.post("/log-in", {"login": "set-up-once", "password": PASSWORD})
    assert "wrong or was used already" in words_of(other.post("/log-in/code", {"code": code}))


def test_a_lock_between_password_and_code_holds() -> None:
    from comity.web.at_desk import this_desk
    from comity.web.log_in import account_deeds

    account, client = new_account("between"), visitor()
    client.post("/log-in/banner")
    assert client.post("/log-in", {"login": "between", "password": PASSWORD}).url == "/log-in/code"
    account_deeds.lock(this_desk(), account.pk, by=account_deeds.CONSOLE, at=datetime.now(UTC))
    client.post("/log-in/code", {"code": code_at(time.time())})
    assert client.get("/").url == "/log-in?next=/"


def test_failures_count_for_fifteen_minutes() -> None:
    from comity.web.log_in.lock_out import count_failure

    account, noon = new_account("slow"), datetime(2026, 11, 2, 17, tzinfo=UTC)
    moments = [noon + timedelta(minutes=4 * number) for number in range(10)]
    assert not any(count_failure(account, at) for at in moments)  # never more than four in fifteen minutes
    assert count_failure(account, moments[-1] + timedelta(minutes=1))


def test_an_idle_session_ends_and_what_a_script_asks_for_is_no_activity() -> None:
    client = logged_in(Role.BOOKING_OFFICER)
    assert 'data-seconds="900"' in client.get("/").content.decode()

    def idle(seconds: float) -> None:
        session = client.session
        session["active_at"] = time.time() - seconds
        session.save()

    idle(790)
    assert 100 < client.get("/stay").json()["seconds"] <= 110  # asking does not extend it
    client.get("/", headers={"Sec-Fetch-Dest": "empty"})
    assert client.get("/stay").json()["seconds"] <= 110
    assert client.post("/stay").json()["seconds"] >= 899
    idle(899)
    client.get("/")
    assert client.get("/stay").json()["seconds"] >= 899
    idle(901)
    ended = client.get("/receive")
    assert ended.url == "/log-in?ended=1&next=/receive"
    shown = client.get(ended.url)
    assert "nothing was done for fifteen minutes" in words_of(shown) and 'value="/receive"' in shown.content.decode()
    assert client.get("/").url == "/log-in?next=/"


def test_a_session_is_saved_by_activity_alone_and_outlasts_its_idle_end() -> None:
    """Else it would be gone before the desk can say that it ended, and a board that renews itself would keep it."""
    from django.contrib.sessions.models import Session

    client = logged_in(Role.BOOKING_OFFICER)
    saved = Session.objects.filter(pk=client.session.session_key)
    saved.update(expire_date=datetime.now(UTC) + timedelta(seconds=1000))
    before = saved.get().expire_date
    client.get("/", headers={"X-Refresh": "1"})
    assert saved.get().expire_date == before
    client.get("/")
    assert saved.get().expire_date > datetime.now(UTC) + timedelta(seconds=1700)


def test_the_banner_that_was_accepted_is_in_the_record() -> None:
    from comity.desk.models import Entry
    from comity.web.log_in.pages import banner_digest

    client = logged_in(Role.AUDITOR)
    line = bytes(Entry.objects.filter(kind="logged_in").latest("number").line).decode()
    assert f'"banner":"{banner_digest()}"' in line and '"means":["password","totp"]' in line
    assert client.post("/log-out").url == "/log-in" and client.get("/").url == "/log-in?next=/"


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_a_log_in_leads_to_this_desk_alone(wanted: str) -> None:
    logged_in(Role.BOOKING_OFFICER)
    client = visitor()
    client.post("/log-in/banner", {"next": wanted})
    assert 'name="next" value=""' in client.get("/log-in", {"next": wanted}).content.decode()
    client.post("/log-in", {"login": "a-booking_officer", "password": PASSWORD, "next": wanted})
    forget_codes()
    assert client.post("/log-in/code", {"code": code_at(time.time())}).url == "/"


def test_a_temporary_password_is_replaced_before_anything_else() -> None:
    from comity.web.models import Account

    administrator = logged_in(Role.ADMINISTRATOR)
    shown = administrator.post("/accounts", {"name": "newcomer", "role": "booking_officer", "sign_on": "password"})
    temporary = re.search(r"temporary password of newcomer is <code>(\S+)</code>", shown.content.decode())
    assert temporary and temporary[1] not in administrator.get("/accounts").content.decode()
    client = visitor()
    entering(client, "newcomer", temporary[1])
    shown = client.get("/second-factor/app")
    secret = re.search(r'<code class="secret">(\w+)</code>', shown.content.decode())
    assert secret
    client.post("/second-factor/app", {"code": code_at(time.time(), secret[1])})
    assert client.get("/").url == "/password"
    assert "too short" in words_of(client.post("/password", {"new_password1": "short", "new_password2": "short"}))
    chosen = "seven yellow barrels of rain"
    shown = client.post("/password", {"new_password1": chosen, "new_password2": chosen}, follow=True)
    assert shown.request["PATH_INFO"] == "/" and client.get("/password").url == "/"
    account = Account.objects.get(username="newcomer")
    assert events_about(account) == ["account_created", "logged_in", "second_factor_set"]
