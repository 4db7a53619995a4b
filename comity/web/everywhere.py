"""What every page shows: whose desk it is, who is logged in, whether the alarms run, and which law is held."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from comity.desk import clockwork
from comity.desk.roles import Permission, Role, may
from comity.web.at_desk import this_desk
from comity.web.models import Account
from comity.web.settings import IDLE_SECONDS

# The pages of the navigation: what each is called, its address, and what one must be allowed to do.
PAGES = (
    ("Board", "/", Permission.SEE_BOARD),
    ("Receive a detainer", "/receive", Permission.RECEIVE),
    ("Find a person", "/find", Permission.SEE_PERSON),
    ("Record", "/record", Permission.SEE_RECORD),
    ("Counts", "/counts", Permission.SEE_COUNTS),
    ("Costs", "/costs", Permission.SEE_COUNTS),
    ("Replay", "/replay", Permission.REPLAY),
    ("Reconcile", "/reconcile", Permission.SEE_RECORD),
    ("Law", "/law", Permission.SEE_BOARD),
    ("Accounts", "/accounts", Permission.KEEP_ACCOUNTS),
)


def of_every_page(request: HttpRequest) -> dict[str, Any]:
    """The values that the frame of a page needs."""
    now, user = datetime.now(UTC), request.user
    if not user.is_authenticated:
        return {"now": now, "pages": (), "alarms_late": False}
    role, desk = Role(user.role), this_desk()
    return {
        "now": now,
        "pages": [(words, to, _current(request.path, to)) for words, to, permission in PAGES if may(role, permission)],
        "alarms_late": clockwork.is_late(now),
        "place_name": desk.library.gazetteer.places[desk.bound.place].name,
        "zone": desk.library.gazetteer.places[desk.bound.place].zone,
        "law_version": desk.library.version,
        "idle_seconds": IDLE_SECONDS,
        "role_words": role.value.replace("_", " "),
        "account_names": SimpleLazyObject(_account_names),
    }


def _current(path: str, address: str) -> str:
    """How a link of the navigation is marked on a page: as the page itself, or as the one that the page is below."""
    return "page" if path == address else "true" if address != "/" and path.startswith(f"{address}/") else ""


def _account_names() -> dict[str, str]:
    """The name under which each account logs in, by its number in the record; asked only by pages that show events."""
    return {f"u{number}": name for number, name in Account.objects.values_list("pk", "username")}
