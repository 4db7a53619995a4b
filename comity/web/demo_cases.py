"""The accounts of a demonstration, one for each role, and a few cases of nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from comity.desk import deeds
from comity.desk.events import Actor, StatedFact
from comity.desk.roles import Role
from comity.web.at_desk import this_desk
from comity.web.demo import PASSWORD
from comity.web.models import Account

OFFICER = Actor("u1", Role.BOOKING_OFFICER)
WARRANT = {"kind": "i200", "issuer": "immigration_officer", "signed": True}


def fill_demo(now: datetime) -> None:
    """Makes the accounts and cases of a demonstration, where there are none."""
    if Account.objects.exists():
        return
    for role in Role:
        Account.objects.create_user(username=role.value.replace("_", "-"), password=PASSWORD, role=role.value)
    _received(14, now - timedelta(days=9), held=True, released=50)
    _received(15, now - timedelta(days=5), held=True, released=40)
    _received(16, now - timedelta(hours=90), held=True, released=47)
    _received(17, now - timedelta(hours=50), held=True)
    _received(18, now - timedelta(hours=30), held=True)
    _received(19, now - timedelta(hours=2))
    _received(20, now - timedelta(minutes=40), citizenship="us_claimed")
    _received(21, now - timedelta(minutes=5), decided=False)


def _received(
    number: int, at: datetime, *, held: bool = False, released: float = 0, decided: bool = True,
    citizenship: str = "none_claimed",
) -> None:  # fmt: skip
    """A case of a made-up person, held where `held`, and released after so many hours where that is not 0."""
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
    if released:
        gone_at = at + timedelta(hours=1 + released)
        deeds.release(desk, arrived.case, released_at=gone_at, reason="ICE did not come", by=OFFICER, at=gone_at)
