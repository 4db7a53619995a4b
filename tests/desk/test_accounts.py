"""Accounts: made, changed, locked and released by an administrator or at the console, never deleted, each change in the record."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from comity.desk.roles import Role
from comity.web.demo import write_demo
from tests.desk.conftest import NOON, ROOT
from tests.desk.log_in import entering, logged_in, new_account, words_of

pytestmark = pytest.mark.usefixtures("served")


def entries_about(account: Any) -> list[Any]:
    from comity.desk.models import Entry

    needle = f'"subject":"{account.actor.account}"'.encode()
    return [entry for entry in Entry.objects.filter(case="") if needle in bytes(entry.line)]


def test_each_change_is_an_event_that_names_the_account_by_its_number(served: Any) -> None:
    from comity.desk.audit.verifier import verify
    from comity.desk.models import Entry
    from comity.desk.queries import read_event

    administrator, account = logged_in(Role.ADMINISTRATOR), new_account("unusual-name")
    for deed, sent in (("role", {"role": "auditor"}), ("lock", {}), ("release", {}), ("reset-second-factor", {})):
        assert administrator.post(f"/accounts/{account.pk}/{deed}", sent).url == "/accounts"
    shown = administrator.post(f"/accounts/{account.pk}/reset-password")
    assert "temporary password of unusual-name is" in words_of(shown)
    entries = entries_about(account)
    kinds = ["role_changed", "account_locked", "account_released", "second_factor_reset", "password_reset"]
    assert [entry.kind for entry in entries] == kinds
    assert not any(b"unusual-name" in bytes(entry.line) for entry in entries)
    event = read_event(bytes(entries[0].line))
    assert (event.case, event.happening.role) == ("", Role.AUDITOR)  # type: ignore[union-attr]
    everything = Entry.objects.order_by("number").values_list("line", flat=True)
    assert not verify(bytes(line) for line in everything).faults


def test_a_change_counts_at_once() -> None:
    administrator, officer = logged_in(Role.ADMINISTRATOR), new_account("at-once")
    client = logged_in(Role.BOOKING_OFFICER, "at-once")
    assert client.get("/receive").status_code == 200
    administrator.post(f"/accounts/{officer.pk}/role", {"role": "auditor"})
    assert client.get("/receive").status_code == 403 and client.get("/").status_code == 200
    administrator.post(f"/accounts/{officer.pk}/reset-second-factor")
    assert client.get("/").url == "/log-in?next=/"  # a session that was open has ended
    assert entering(client, "at-once").request["PATH_INFO"] == "/second-factor"
    administrator.post(f"/accounts/{officer.pk}/lock")
    assert client.get("/second-factor").url == "/log-in?next=/second-factor"


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"name": "taken", "role": "auditor"}, "there is an account"),
        ({"name": "TAKEN", "role": "auditor"}, "there is an account"),
        ({"name": "has spaces", "role": "auditor"}, "letters, digits"),
        ({"name": "n" * 151, "role": "auditor"}, "at most 150"),
        ({"name": "fine", "role": "king"}, "there is no such role"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(sent: dict[str, str], wrong: str) -> None:
    from comity.web.models import Account

    administrator = logged_in(Role.ADMINISTRATOR)
    if not Account.objects.filter(username="taken").exists():
        new_account("taken")
    before = Account.objects.count()
    response = administrator.post("/accounts", sent)
    assert response.status_code == 400 and wrong in words_of(response).lower() and Account.objects.count() == before


def test_what_cannot_be_changed_says_why(served: Any) -> None:
    from comity.desk.ledger import Refused
    from comity.web.log_in import account_deeds
    from comity.web.models import Account

    administrator = logged_in(Role.ADMINISTRATOR)
    administering = Account.objects.get(username="a-administrator")

    def refusal(deed: str) -> str:
        response = administrator.post(f"/accounts/{deed}")
        assert response.status_code in (403, 409)
        return words_of(response).lower()

    assert "nobody changes their own account" in refusal(f"{administering.pk}/lock")
    assert "there is no such account" in refusal("999999/lock")
    other, signed_on = new_account("not-locked"), account_deeds.create(
        served, name="signed-on", role=Role.AUDITOR, sign_on="single_sign_on", by=account_deeds.CONSOLE, at=NOON
    )[0]  # fmt: skip
    assert "is not locked" in refusal(f"{other.pk}/release")
    assert "by single sign-on" in refusal(f"{signed_on.pk}/reset-password")
    administrators = Account.objects.filter(role="administrator", locked_at=None).exclude(pk=administering.pk)
    for account in administrators:
        account_deeds.lock(served, account.pk, by=account_deeds.CONSOLE, at=datetime.now(UTC))
    for change in (
        lambda: account_deeds.lock(served, administering.pk, by=account_deeds.CONSOLE, at=NOON),
        lambda: account_deeds.change_role(
            served, administering.pk, role=Role.AUDITOR, by=account_deeds.CONSOLE, at=NOON
        ),
    ):
        with pytest.raises(Refused, match="the last administrator"):
            change()


def test_an_event_of_an_account_belongs_to_no_case(served: Any) -> None:
    from comity.desk import events
    from comity.desk.case import Case
    from comity.desk.objections import objection

    finding = objection(Case(id="X", place="us"), events.AccountReleased(subject="u1"), "u2")
    assert finding and "concerns an account, and no case" in finding.message


def test_the_first_account_is_made_at_the_console_and_released_there(tmp_path: Path) -> None:
    from comity.desk.config import DeskSettings
    from comity.web.start import make_keys

    config = write_demo(tmp_path)
    make_keys(tmp_path, DeskSettings(place=""))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "comity", "desk", *arguments, "--config", str(config)]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    first = run("add-account", "first", "administrator")
    assert first.returncode == 0 and re.search(r"temporary password is \S{20};", first.stdout), first.stderr
    again = run("release-account", "first", "--reset")
    assert again.returncode == 0 and re.search(r"temporary password is \S{20};", again.stdout), again.stderr
