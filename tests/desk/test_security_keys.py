"""Security keys as second factors: in a real browser with made-up keys, and what a changed or made-up answer of a key does."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from playwright.sync_api import Browser, expect

from comity.desk.roles import Role
from comity.web.demo import PASSWORD
from tests.desk.log_in import entering, logged_in, new_account, words_of
from tests.desk.test_log_in import events_about
from tests.desk.test_log_in_browser import looked_at, served_page, typed

pytestmark = pytest.mark.usefixtures("served")
KEY = {
    "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page(browser: Browser, served: Any) -> Iterator[Any]:
    """A page at a server that is reached as localhost: keys belong to a name, and not to a number."""
    with served_page(browser, "localhost") as opened:
        yield opened


class Keys:
    """The keys in the ports of a made-up computer: one at a time."""

    def __init__(self, page: Any) -> None:
        self.browser = page.context.new_cdp_session(page)
        self.browser.send("WebAuthn.enable")
        self.current = ""

    def put_in(self) -> None:
        """Takes the key out, and puts a new one in."""
        if self.current:
            self.browser.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.current})
        self.current = self.browser.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]

    def forget(self) -> None:
        """The key has nothing of this desk any more."""
        self.browser.send("WebAuthn.clearCredentials", {"authenticatorId": self.current})


def test_a_key_is_added_used_renamed_and_removed(page: Any) -> None:
    account, keys = new_account("key-holder", Role.AUDITOR, secret=""), Keys(page)
    keys.put_in()
    page.goto("/")
    typed(page)
    typed(page, "key-holder", PASSWORD)
    follow(page, "Use a security key")
    looked_at(page, "Add a security key")
    typed(page)
    looked_at(page, "Recovery codes")
    follow(page, "Go on")
    follow(page, "Your log-in")
    looked_at(page, "Your log-in")
    expect(page.get_by_text("Your only one")).to_be_visible()
    page.get_by_label("Name of Security key 1").fill("The key of the shift")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader")).to_have_text("The key of the shift")

    follow(page, "Add a security key")
    page.keyboard.press("Enter")
    expect(page.locator("#key-fault")).to_have_text("This key is one of yours already. Use another one.")
    keys.put_in()
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader")).to_have_text(["The key of the shift", "Security key 2"])
    page.get_by_role("button", name="Remove The key of the shift").click()
    expect(page.get_by_role("rowheader")).to_have_text("Security key 2")  # this session goes on
    follow(page, "Log out")

    typed(page)
    typed(page, "key-holder", PASSWORD)
    looked_at(page, "Second factor")
    typed(page)
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    kinds = ["second_factor_set", "second_factor_renamed", "second_factor_set", "second_factor_removed"]
    assert events_about(account) == ["logged_in", *kinds, "logged_in"] and "webauthn" in last_line()

    follow(page, "Log out")
    keys.forget()
    typed(page)
    typed(page, "key-holder", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#key-fault")).to_contain_text("No key answered in time")


def follow(page: Any, text: str) -> None:
    """Clicks and waits until the next page is whole, with its scripts."""
    with page.expect_navigation():
        page.click(f"text={text}")


def last_line() -> str:
    from comity.desk.models import Entry

    return bytes(Entry.objects.filter(kind="logged_in").latest("number").line).decode()


def test_a_key_at_an_address_that_is_no_name_says_what_to_do(browser: Browser) -> None:
    new_account("by-number", secret="")
    with served_page(browser, "127.0.0.1") as page:
        page.goto("/")
        typed(page)
        typed(page, "by-number", PASSWORD)
        page.goto("/second-factor/key")
        page.keyboard.press("Enter")
        expect(page.locator("#key-fault")).to_contain_text("do not work at this address")


class MadeUpKey:
    """A key in this program: it answers the options that a page gave, for one origin."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin, self.private, self.id = origin, ec.generate_private_key(ec.SECP256R1()), os.urandom(16)

    def answer(self, kind: str, challenge: str, **parts: bytes) -> dict[str, Any]:
        """The answer with its parts as a browser writes them."""
        given = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}
        response = {
            name: websafe_encode(each)
            for name, each in ({"clientDataJSON": json.dumps(given).encode()} | parts).items()
        }
        id = websafe_encode(self.id)
        return {"id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {}, "response": response}

    def data(self, flags: int, credential: bytes = b"") -> bytes:
        return hashlib.sha256(b"localhost").digest() + bytes([flags]) + bytes(4) + credential

    def create(self, challenge: str) -> dict[str, Any]:
        public = cbor.encode(ES256.from_cryptography_key(self.private.public_key()))
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attested = {"fmt": "none", "attStmt": {}, "authData": self.data(0x41, credential)}
        return self.answer("create", challenge, attestationObject=cbor.encode(attested))

    def get(self, challenge: str) -> dict[str, Any]:
        given, data = self.answer("get", challenge), self.data(0x01)
        signed = data + hashlib.sha256(websafe_decode(given["response"]["clientDataJSON"])).digest()
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self.answer("get", challenge, authenticatorData=data, signature=signature)


def challenge_in(shown: Any) -> str:
    """The challenge in the options of a page."""
    options = re.search(r'<script id="key-options" type="application/json">(.+?)</script>', shown.content.decode())
    assert options
    return str(json.loads(options[1])["publicKey"]["challenge"])


def sending(client: Any, path: str, credential: Any) -> Any:
    return client.post(path, {"name": "", "credential": json.dumps(credential)}, follow=True)


def with_key(name: str) -> tuple[Any, MadeUpKey]:
    """An account that set up a key the whole way, and the key."""
    client, key, account = Client(HTTP_HOST="localhost"), MadeUpKey(), new_account(name, secret="")
    entering(client, name)
    challenge = challenge_in(client.get("/second-factor/key"))
    shown = sending(client, "/second-factor/key", key.create(challenge))
    assert shown.request["PATH_INFO"] == "/second-factor/codes"
    return account, key


def at_code(name: str) -> tuple[Any, str]:
    """A browser that is asked for the second factor, and the challenge for the key."""
    client = Client(HTTP_HOST="localhost")
    client.post("/log-in/banner")
    shown = client.post("/log-in", {"login": name, "password": PASSWORD}, follow=True)
    return client, challenge_in(shown)


def test_what_a_key_signs_is_taken_once_for_this_address_and_this_challenge() -> None:
    account, key = with_key("signing")
    client, challenge = at_code("signing")
    assert sending(client, "/log-in/code", key.get(challenge)).request["PATH_INFO"] == "/"
    other, fresh = at_code("signing")
    assert "not accepted" in words_of(sending(other, "/log-in/code", key.get(challenge)))  # that of the first
    assert "not accepted" in words_of(sending(other, "/log-in/code", MadeUpKey().get(fresh)))
    other, fresh = at_code("signing")
    key.origin = "http://localhost.evil.example"
    assert "not accepted" in words_of(sending(other, "/log-in/code", key.get(fresh)))
    key.origin = "http://localhost"
    other, fresh = at_code("signing")
    changed = key.get(fresh)
    changed["response"]["signature"] = key.get("AAAA")["response"]["signature"]
    assert "not accepted" in words_of(sending(other, "/log-in/code", changed))
    assert account.failures.count() == 4
    other, fresh = at_code("signing")
    sending(other, "/log-in/code", MadeUpKey().get(fresh))
    account.refresh_from_db()
    assert account.locked_at  # wrong keys count as wrong codes do
    assert other.get("/").url == "/log-in?next=/"


BROKEN = (
    "", "{", "[]", "1", '"text"', "null", "{}", '{"response": 7}', json.dumps(MadeUpKey().answer("create", "AAAA")),
    json.dumps(MadeUpKey().answer("create", "AAAA", attestationObject=b"x", authenticatorData=b"x", signature=b"x")),
    json.dumps(MadeUpKey().create("AAAA")), json.dumps(MadeUpKey().get("AAAA")),
)  # fmt: skip


def test_a_made_up_answer_is_refused_when_a_key_is_added_and_when_it_is_used() -> None:
    client, account = Client(HTTP_HOST="localhost"), new_account("broken", secret="")
    entering(client, "broken")
    for sent in BROKEN:
        client.get("/second-factor/key")
        shown = client.post("/second-factor/key", {"name": "", "credential": sent})
        assert shown.status_code == 200 and 'id="key-fault" role="alert">' in shown.content.decode(), sent
    assert events_about(account) == ["logged_in"]
    account, _ = with_key("broken-later")
    client, _ = at_code("broken-later")
    for sent in BROKEN:
        account.failures.all().delete()
        shown = client.post("/log-in/code", {"credential": sent})
        assert shown.status_code == 200 and 'id="key-fault" role="alert">' in shown.content.decode(), sent


def test_the_last_factor_stays_and_a_change_needs_one_that_was_used_just_now() -> None:
    from allauth.mfa.models import Authenticator

    account = new_account("careful")
    client, other = logged_in(Role.AUDITOR, "careful"), logged_in(Role.AUDITOR, "careful")
    app = Authenticator.objects.get(user=account, type="totp")
    refused = client.post(f"/second-factor/{app.pk}/remove")
    assert refused.status_code == 409 and "your only second factor" in words_of(refused)
    assert client.post(f"/second-factor/{app.pk}/rename", {"name": "x"}).status_code == 409
    assert client.post(f"/second-factor/{app.pk}/sell").status_code == 404
    new_account("stranger")
    stranger = Authenticator.objects.exclude(user=account).filter(type="totp").first()
    assert client.post(f"/second-factor/{stranger.pk}/remove").status_code == 409

    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 601
    session.save()
    for path in ("/second-factor/key", f"/second-factor/{app.pk}/remove"):
        assert client.post(path).url == "/second-factor"
    shown = words_of(client.get("/second-factor"))
    assert "log in again" in shown and "Rename" not in shown
    assert client.post("/log-out", {"next": "/log-in?next=/second-factor"}).url == "/log-in?next=/second-factor"

    key, challenge = MadeUpKey(), challenge_in(other.get("/second-factor/key", headers={"Host": "localhost"}))
    other.post(
        "/second-factor/key",
        {"name": "", "credential": json.dumps(key.create(challenge))},
        headers={"Host": "localhost"},
    )
    third = logged_in(Role.AUDITOR, "careful")
    assert other.post(f"/second-factor/{app.pk}/remove").url == "/second-factor"
    assert other.get("/").status_code == 200 and third.get("/").url == "/log-in?next=/"  # all other sessions end
    assert [factor.type for factor in Authenticator.objects.filter(user=account).order_by("type")] == [
        "recovery_codes",
        "webauthn",
    ]


def test_an_administrator_resets_keys_too() -> None:
    account, _ = with_key("lost-key")
    administrator = logged_in(Role.ADMINISTRATOR)
    assert "lost-key" in words_of(administrator.get("/accounts"))
    administrator.post(f"/accounts/{account.pk}/reset-second-factor")
    client = Client()
    assert entering(client, "lost-key").request["PATH_INFO"] == "/second-factor"
    assert events_about(account)[-2:] == ["second_factor_reset", "logged_in"]
