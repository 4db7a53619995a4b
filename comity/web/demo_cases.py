"""The accounts of a demonstration, one for each role, and a few cases of nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP

from comity.desk import deeds
from comity.desk.events import Actor, StatedFact
from comity.desk.roles import Role
from comity.web.at_desk import this_desk
from comity.web.demo import PASSWORD, TOTP_SECRET
from comity.web.models import Account

OFFICER = Actor("u1", Role.BOOKING_OFFICER)
WARRANT = {"kind": "i200", "issuer": "immigration_officer", "signed": True}


def fill_demo(now: datetime) -> None:
    """Makes the accounts and cases of a demonstration, where there are none."""
    if Account.objects.exists():
        return
    for role in Role:
        account = Account.objects.create_user(username=role.value.replace("_", "-"), password=PASSWORD, role=role.value)
        TOTP.activate(account, TOTP_SECRET)
    _received(17, now - timedelta(hours=50), held=49)
    _received(18, now - timedelta(hours=30), held=26)
    _received(19, now - timedelta(hours=2))
    _received(20, now - timedelta(minutes=40), citizenship="us_claimed")
    _received(21, now - timedelta(minutes=5), decided=False)


def _received(
    number: int, at: datetime, *, held: float = 0, decided: bool = True, citizenship: str = "none_claimed"
) -> None:
    """A case of a made-up person; `held` is for how many hours the hold has run by now."""
    said: dict[str, Any] = {
        "request.form": "i247a", "request.complete": True, "request.warrants": [WARRANT], "convictions": [],
        "subject.citizenship": citizenship,
    }  # fmt: skip
    facts = {
        path: StatedFact(value=value, source="typed", confirmed_by=OFFICER.account) for path, value in said.items()
    }
    person = deeds.Person(name=f"Subject {number:04}", booking=f"DEMO-{number}")
    desk = this_desk()
    arrived = deeds.receive(desk, facts=facts, person=person, channel="typed", received_at=at, by=OFFICER, at=at)
    if decided:
        deeds.decide(desk, arrived.case, by=OFFICER, at=at)
    if held:
        deeds.begin_hold(desk, arrived.case, began_at=at + timedelta(hours=1), by=OFFICER, at=at + timedelta(hours=1))
