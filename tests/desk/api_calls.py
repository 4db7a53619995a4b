"""Calls of the API for tests: accounts with tokens, and a client without cookies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from comity.desk.events import Actor
from comity.desk.roles import MAY, Permission, Role

ADMINISTRATOR = Actor("u0", Role.ADMINISTRATOR)
WARRANT = {"kind": "i200", "issuer": "immigration_officer", "signed": True}
FACTS: dict[str, Any] = {
    "request.form": "i247a", "request.complete": True, "request.warrants": [WARRANT], "convictions": [],
    "subject.citizenship": "none_claimed",
}  # fmt: skip
ASKED = {
    "place": "us/fl/miami-dade", "at": "2026-11-02T12:00:00-05:00", "subject": {"citizenship": "none_claimed"},
    "request": {"form": "i247a", "complete": True, "warrants": [WARRANT]}, "convictions": [],
}  # fmt: skip


def new_token(role: Role, *scopes: Permission, days: int = 30, at: datetime | None = None) -> str:
    """The secret of a token of a new account, with all permissions of its role where none is named."""
    from comity.web.api.tokens import make_token
    from comity.web.models import Account

    account = Account.objects.create_user(username=f"api-{Account.objects.count()}", role=role.value)
    wanted = scopes or (*MAY[role], Permission.ASK_LAW)
    return make_token(account, name="tests", scopes=wanted, days=days, by=ADMINISTRATOR, at=at or datetime.now(UTC))


class Api:
    """The API as another system calls it."""

    def __init__(self, desk: Any, token: str) -> None:
        from django.test import Client

        from comity.web.at_desk import open_desk

        open_desk(desk)
        self.client, self.token = Client(enforce_csrf_checks=True), token

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        response = self.raw(method, address, body, **headers)
        return response.status_code, msgspec.json.decode(response.content) if response.content else None

    def raw(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        given = {
            "Authorization": f"Bearer {self.token}",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        return self.client.generic(
            method, address if address.startswith("/") else f"/api/v1/{address}", content, "application/json",
            headers=given,
        )  # fmt: skip
