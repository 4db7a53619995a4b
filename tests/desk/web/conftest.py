"""A desk behind its pages: accounts of each role, made-up cases in every state, and a server for a real browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

from comity.desk.roles import Role
from comity.web.demo import RATES
from tests.browser import is_elsewhere
from tests.desk.log_in import logged_in

NOW = datetime.now(UTC)
Cases = dict[str, str]


@pytest.fixture(scope="session")
def law_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("law")
    (folder / "rates.csv").write_text(RATES, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def web_desk(database: None, law_folder: Path) -> Iterator[Any]:
    """The desk that the pages of this process serve, for the whole session."""
    from comity.api import load
    from comity.desk.deciding import Bound
    from comity.desk.desk import Desk
    from comity.desk.sealing import DeskKey

    bound = Bound("us/fl/miami-dade", "corrections_department")
    desk = Desk(bound, load(), DeskKey(bytes(32)), Ed25519PrivateKey.generate())
    yield desk
    desk.ledger.close()


@pytest.fixture(autouse=True)
def served(web_desk: Any, law_folder: Path) -> None:
    """Makes it the desk of this process, also after tests that serve another."""
    from comity.web.at_desk import open_desk

    open_desk(web_desk, [law_folder])


@pytest.fixture(scope="session")
def cases(web_desk: Any) -> Cases:
    """A case in each state, by the name of the state. The clockwork has just run."""
    from comity.desk.clockwork import tick

    found = {
        "overdue": add_case(web_desk, 31, hours=50, held=True),
        "held": add_case(web_desk, 32, hours=30, held=True),
        "decided": add_case(web_desk, 33, hours=2),
        "claimed": add_case(web_desk, 34, hours=1, citizenship="us_claimed"),
        "proven": add_case(web_desk, 35, hours=1, citizenship="us_proven"),
        "released": add_case(web_desk, 36, hours=60, held=True, released=40),
        "open": add_case(web_desk, 37, hours=0.1, decided=False, known=False),
    }
    tick(web_desk, NOW)
    found["list"] = add_list(web_desk)
    return found


def add_list(desk: Any) -> str:
    """A list of a made-up sender that was compared with these cases; the number of its reconciliation."""
    from comity.desk.events import Actor
    from comity.desk.reconciling import list_deeds
    from comity.desk.reconciling.read_list import ListArguments, read_list

    def day(hours: float) -> str:
        return (NOW - timedelta(hours=hours)).astimezone(ZoneInfo("America/New_York")).date().isoformat()

    rows = (
        f"Subject 0031,W-31,{day(50)},I-247A,", f"Subject 0032,W-32,{day(30)},I-247A,", f"Subject 0033,W-33,{day(30)},I-247A,",
        f"Subject 0036,W-36,{day(60)},I-247A,Picked up", f"Subject 0034,W-90,{day(1)},I-247A,", f"Subject 0091,W-91,{day(20)},I-247A,",
        f"Subject 0092,W-92,{day(20)},I-247D,", "Subject 0093,,soon,I-247A,",
    )  # fmt: skip
    content = "\n".join(("Name,Booking,Received,Form,Outcome", *rows)).encode()
    listing, _ = read_list(
        content, "list.csv", ListArguments(), library=desk.library, place=desk.bound.place, blind=desk.key.blind
    )
    assert listing is not None
    event, _ = list_deeds.reconcile(
        desk, listing=listing, sender="ICE Miami field office (made up)", first_on=NOW.date() - timedelta(days=9), last_on=NOW.date(),
        by=Actor("u1", Role.SUPERVISOR), at=NOW,
    )  # fmt: skip
    return str(event.number)


def add_case(desk: Any, number: int, *, hours: float, known: bool = True, decided: bool = True, held: bool = False,
          released: float = 0, citizenship: str = "none_claimed") -> str:  # fmt: skip
    """A case of a made-up person, received some hours ago; `released` is after how many hours of a hold."""
    from comity.desk import deeds
    from comity.desk.events import Actor, StatedFact

    officer, at = Actor("u1", Role.BOOKING_OFFICER), NOW - timedelta(hours=hours)
    values: dict[str, Any] = {"request.form": "i247a"}
    if known:
        warrant = {"kind": "i200", "issuer": "immigration_officer", "signed": True}
        values |= {"request.complete": True, "request.warrants": [warrant], "convictions": []}
        values |= {"subject.citizenship": citizenship}
    facts = {path: StatedFact(value=value, source="typed", confirmed_by="u1") for path, value in values.items()}
    person = deeds.Person(name=f"Subject {number:04}", booking=f"W-{number}")
    case = deeds.receive(desk, facts=facts, person=person, channel="typed", received_at=at, by=officer, at=at).case
    if decided:
        deeds.decide(desk, case, by=officer, at=at)
    if held:
        deeds.begin_hold(desk, case, began_at=at + timedelta(hours=1), by=officer, at=at + timedelta(hours=1))
    if released:
        gone_at = at + timedelta(hours=1 + released)
        deeds.release(desk, case, released_at=gone_at, by=officer, at=gone_at)
    return case


@pytest.fixture(scope="session")
def session_of(web_desk: Any) -> Callable[[Role], str]:
    """The key of a session of an account of a role, which logged in the whole way; each role logs in once."""

    @cache
    def session(role: Role) -> str:
        return str(logged_in(role, role.value.replace("_", "-")).cookies["sessionid"].value)

    return session


@pytest.fixture
def client_of(session_of: Callable[[Role], str], cases: Cases) -> Callable[[Role], Any]:
    """A client of an account of a role, which is logged in."""
    from django.conf import settings
    from django.test import Client

    def client(role: Role) -> Any:
        opened = Client()
        opened.cookies[settings.SESSION_COOKIE_NAME] = session_of(role)
        return opened

    return client


class _SilentHandler(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, format: str, *arguments: Any) -> None:
        return None


@pytest.fixture(scope="session")
def address(cases: Cases) -> Iterator[str]:
    """The address of a server of this desk, in threads of this process."""
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application

    server = ThreadedWSGIServer(("127.0.0.1", 0), _SilentHandler)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page_of(browser: Browser, address: str, session_of: Callable[[Role], str]) -> Iterator[Callable[[Role], Page]]:
    """A page of 1100 by 900 for an account of a role. What it loads from elsewhere, or a script's fault, is a failure."""
    from django.conf import settings

    from comity.desk.models import Heartbeat

    contexts, faults = [], []

    def page(role: Role) -> Page:
        Heartbeat.objects.update(at=datetime.now(UTC))  # these tests may take longer than the clockwork may be silent
        context = browser.new_context(
            viewport={"width": 1100, "height": 900}, base_url=address, reduced_motion="reduce"
        )
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(role), "url": address}])
        opened = context.new_page()
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on("console", lambda message: faults.append(message.text) if _is_fault(message.text) else None)
        opened.on("request", lambda request: faults.append(request.url) if is_elsewhere(request.url) else None)
        return opened

    yield page
    for context in contexts:
        context.close()
    assert not faults


def _is_fault(text: str) -> bool:
    """Whether a line of the console is a fault; pages of errors have their status, of which the console tells."""
    return "the server responded with a status of" not in text
