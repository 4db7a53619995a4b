"""Single sign-on by OpenID Connect against a provider on the loopback interface, over real HTTP."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from comity.desk.config import DeskSettings, SingleSignOn
from comity.desk.roles import Role
from comity.finding import InputFault
from comity.web.demo import code_at
from comity.web.settings import django_settings
from tests.desk.log_in import new_account, words_of
from tests.desk.provider import CLIENT, SECRET, Provider, serving

REFUSED = "did not name an account of this desk"


@pytest.fixture
def provider(served: Any, tmp_path: Path) -> Iterator[Provider]:
    from django.test import override_settings

    with serving() as provider:
        (tmp_path / "client.key").write_text(SECRET + "\n")
        config = SingleSignOn(server_url=provider.url, client_id=CLIENT, client_secret_file="client.key")
        settings = django_settings(DeskSettings(place="us/fl/miami-dade", single_sign_on=config), tmp_path, secret="x")
        names = [name for name in settings if name.startswith(("SOCIALACCOUNT_", "COMITY_"))]
        with override_settings(**{name: settings[name] for name in [*names, "SESSION_COOKIE_SAMESITE"]}):
            yield provider


def expected(name: str, role: Role = Role.BOOKING_OFFICER) -> Any:
    """An account that an administrator made for single sign-on."""
    from comity.web.at_desk import this_desk
    from comity.web.log_in import account_deeds

    account, password = account_deeds.create(
        this_desk(), name=name, role=role, sign_on="single_sign_on", by=account_deeds.CONSOLE, at=datetime.now(UTC)
    )
    assert password == "" and not account.has_usable_password()
    return account


def arriving(provider: Provider, client: Any = None, query: str = "", **claims: str) -> tuple[Any, Any]:
    """A browser that went to the provider and came back, and the page that it then shows."""
    from django.test import Client

    client = client or Client()
    provider.claims = claims
    client.post("/log-in/banner")
    away = client.post(f"/log-in/with/county{query}")
    assert away.status_code == 302 and away.url.startswith(f"{provider.url}/authorize?")
    assert "code_challenge=" in away.url and "state=" in away.url
    back = requests.get(away.url, allow_redirects=False, timeout=10).headers["Location"]
    return client, client.get(back, follow=True)


def test_the_first_log_in_ties_the_identity_to_the_account_and_still_needs_a_second_factor(provider: Provider) -> None:
    from allauth.socialaccount.models import SocialAccount, SocialToken

    from comity.desk.models import Entry

    account = expected("sso-worker")
    client, shown = arriving(
        provider, sub="id-17", preferred_username="sso-worker", name="Subject 0017", email="a@b.example"
    )
    assert shown.request["PATH_INFO"] == "/second-factor"
    secret = re.search(r'<code class="secret">(\w+)</code>', client.get("/second-factor/app").content.decode())
    assert secret
    client.post("/second-factor/app", {"code": code_at(time.time(), secret[1])})
    assert client.get("/").status_code == 200
    assert SocialAccount.objects.get(user=account).extra_data == {} and not SocialToken.objects.exists()
    account.refresh_from_db()
    assert (account.email, account.first_name, account.last_name) == ("", "", "")
    assert b'"means":["socialaccount"]' in bytes(Entry.objects.filter(kind="logged_in").latest("number").line)
    # From now on the provider's own id counts, whatever name it gives.
    _, shown = arriving(provider, sub="id-17", preferred_username="somebody-else")
    assert shown.request["PATH_INFO"] == "/log-in/code"
    assert SocialAccount.objects.get(user=account).extra_data == {}


def test_who_has_no_account_for_it_is_refused_and_none_is_made(provider: Provider) -> None:
    from comity.web.models import Account

    new_account("with-password")
    expected("tied")
    arriving(provider, sub="id-first", preferred_username="tied")
    before = Account.objects.count()
    for name in ("unknown", "with-password", "tied", ""):
        _, shown = arriving(provider, sub=f"id-of-another-{name}", preferred_username=name)
        assert REFUSED in words_of(shown) and not shown.wsgi_request.user.is_authenticated, name
    assert Account.objects.count() == before


def test_a_locked_account_a_refusal_and_a_token_for_another_client_log_nobody_in(provider: Provider) -> None:
    from comity.web.at_desk import this_desk
    from comity.web.log_in import account_deeds

    account = expected("sso-locked")
    account_deeds.lock(this_desk(), account.pk, by=account_deeds.CONSOLE, at=datetime.now(UTC))
    _, shown = arriving(provider, sub="id-30", preferred_username="sso-locked")
    assert "cannot log in now" in words_of(shown) and not shown.wsgi_request.user.is_authenticated
    expected("sso-fine")
    provider.audience = "another-client"
    _, shown = arriving(provider, sub="id-31", preferred_username="sso-fine")
    assert REFUSED in words_of(shown) and not shown.wsgi_request.user.is_authenticated
    provider.audience, provider.refuses = CLIENT, True
    _, shown = arriving(provider, sub="id-31", preferred_username="sso-fine")
    assert REFUSED in words_of(shown)


def test_nobody_ties_another_identity_to_an_account_of_their_own(provider: Provider) -> None:
    from allauth.socialaccount.models import SocialAccount
    from django.test import Client

    account, client = new_account("ties", secret=""), Client()
    client.force_login(account, backend="comity.web.log_in.lock_out.AccountBackend")
    arriving(provider, client, query="?process=connect", sub="id-40", preferred_username="ties")
    assert not SocialAccount.objects.filter(user=account).exists()


def test_the_state_that_was_sent_must_come_back(provider: Provider) -> None:
    from django.test import Client

    expected("sso-state")
    provider.claims = {"sub": "id-50", "preferred_username": "sso-state"}
    shown = Client().get("/log-in/with/county/back?code=a-code&state=forged", follow=True)
    assert not shown.wsgi_request.user.is_authenticated and provider.exchanged == []


def test_the_form_may_lead_to_the_provider_and_the_session_survives_the_way_back(provider: Provider) -> None:
    from django.test import Client

    client = Client()
    accepted = client.post("/log-in/banner")
    page = client.get("/log-in")
    assert f"form-action 'self' {provider.url};" in page.headers["Content-Security-Policy"]
    assert "Log in with the county&#x27;s single sign-on" in page.content.decode()
    assert accepted.cookies["sessionid"]["samesite"] == "Lax"


def test_a_provider_that_does_not_answer_is_said_in_words(provider: Provider) -> None:
    from django.conf import settings
    from django.test import Client

    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"  # the port of nothing
    client = Client()
    client.post("/log-in/banner")
    assert "does not answer" in words_of(client.post("/log-in/with/county", follow=True))


@pytest.mark.parametrize(
    ("server_url", "wrong"),
    [("http://sso.example", "is no address with https"), ("https://sso.example", "cannot be read")],
)
def test_what_is_wrong_in_the_configuration_is_said_at_the_start(server_url: str, wrong: str, tmp_path: Path) -> None:
    settings = DeskSettings(place="us/fl/miami-dade", single_sign_on=SingleSignOn(server_url=server_url))
    with pytest.raises(InputFault) as fault:
        django_settings(settings, tmp_path, secret="x")
    assert wrong in fault.value.findings[0].message
