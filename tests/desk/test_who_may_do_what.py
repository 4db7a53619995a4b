"""Who may do what, as a matrix: every page, every deed on a case or an account, and every function that takes `by`, for every role.

The matrix is compared with what is there: a page, a deed or a function that has no line here fails, and so does a page that asks for
another permission than its line says.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.urls import URLPattern

from comity.desk.events import Actor
from comity.desk.roles import MAY, Permission, Role, may
from tests.desk.conftest import SAMPLE_PAPER
from tests.desk.log_in import logged_in, new_account
from tests.desk.test_deeds import received

pytestmark = pytest.mark.usefixtures("served")
ALL, LOGGED_IN = "everybody", "whoever is logged in"
CASE = "CASE"  # stands for the id of one
P = Permission
# By the name of a page: its address, and the permission that it needs.
PAGES: dict[str, tuple[str, Permission | str]] = {
    "board": ("/", P.SEE_BOARD),
    "receive": ("/receive", P.RECEIVE),
    "case": ("/cases/CASE", P.SEE_CASE),
    "card": ("/cases/CASE/card", P.SEE_CASE),
    "correct": ("/cases/CASE/correct", P.CORRECT),
    "receive-paper": ("/receive/paper", P.RECEIVE),
    "receive-pasted": ("/receive/pasted", P.RECEIVE),
    "paper": ("/cases/CASE/papers/1", P.RECEIVE),
    "paper-original": ("/cases/CASE/papers/1/original", P.SEE_PERSON),
    "find": ("/find", P.SEE_PERSON),
    "record": ("/record", P.SEE_RECORD),
    "counts": ("/counts", P.SEE_COUNTS),
    "costs": ("/costs", P.SEE_COUNTS),
    "invoice": ("/costs/invoice", P.EXPORT),
    "payments": ("/costs/payments.csv", P.EXPORT),
    "replay": ("/replay", P.REPLAY),
    "requests": ("/replay/requests.csv", P.EXPORT),
    "reconcile": ("/reconcile", P.SEE_RECORD),
    "reconciled": ("/reconcile/1", P.SEE_RECORD),
    "reconciled-rows": ("/reconcile/1/rows.csv", P.EXPORT),
    "law": ("/law", P.ASK_LAW),
    "law-changes": ("/law/changes", P.SEE_BOARD),
    "law-upload": ("/law/upload", P.PROPOSE_LAW),
    "law-proposed": ("/law/proposed", P.CONFIRM_LAW),
    "accounts": ("/accounts", P.KEEP_ACCOUNTS),
    "stay": ("/stay", ALL),
    "password": ("/password", LOGGED_IN),
    "mfa_index": ("/second-factor", LOGGED_IN),
    "mfa_deactivate_totp": ("/second-factor", LOGGED_IN),
    "mfa_activate_totp": ("/second-factor/app", LOGGED_IN),
    "mfa_add_webauthn": ("/second-factor/key", LOGGED_IN),
    "mfa_view_recovery_codes": ("/second-factor/codes", LOGGED_IN),
    "static": ("/static/desk.css", ALL),
    "health": ("/health", ALL),
    "account_login": ("/log-in", ALL),
    "banner": ("/log-in/banner", ALL),
    "mfa_authenticate": ("/log-in/code", ALL),
    "openid_connect_login": ("/log-in/with/county", ALL),
    "openid_connect_callback": ("/log-in/with/county/back", ALL),
    "log-out": ("/log-out", LOGGED_IN),
}
ONLY_SENT = {
    "deed",
    "account-deed",
    "settle",
    "paper-join",
    "factor-deed",
    "invoice-answer",
    "invoice-answer-void",
}  # the addresses of deeds, which are sent below
CASE_DEEDS = {
    "state": P.RECEIVE, "decide": P.DECIDE, "choose": P.USE_DISCRETION, "ask-override": P.ASK_OVERRIDE,
    "settle-override": P.CONFIRM_OVERRIDE, "begin-hold": P.TEND_HOLD, "serve-copy": P.TEND_HOLD, "give-notice": P.TEND_HOLD,
    "withdraw": P.RECEIVE, "transfer": P.TEND_HOLD, "release": P.TEND_HOLD, "acknowledge": P.ACKNOWLEDGE_ALARM,
    "note": P.ADD_NOTE, "reopen": P.DECIDE,
}  # fmt: skip
ACCOUNT_DEEDS = dict.fromkeys(("role", "lock", "release", "reset-password", "reset-second-factor"), P.KEEP_ACCOUNTS)
SENT = {
    "decision": "1", "override": "1", "action": "hold", "choice": "do", "decider": "sheriff", "reason": "because", "confirmed": "yes",
    "alarm": "limit", "to": "somebody", "about": "something", "note": "a note", "role": "auditor",
}  # fmt: skip
# By module and function: the permission that the function asks for before anything else.
FUNCTIONS = {
    "deeds.receive": P.RECEIVE, "deeds.state": P.RECEIVE, "deeds.correct": P.CORRECT, "deeds.withdraw": P.RECEIVE,
    "deeds.decide": P.DECIDE, "deeds.choose": P.USE_DISCRETION, "deeds.ask_override": P.ASK_OVERRIDE,
    "deeds.settle_override": P.CONFIRM_OVERRIDE, "deeds.reopen": P.DECIDE, "deeds.begin_hold": P.TEND_HOLD,
    "deeds.serve_copy": P.TEND_HOLD, "deeds.give_notice": P.TEND_HOLD, "deeds.transfer": P.TEND_HOLD,
    "deeds.release": P.TEND_HOLD, "deeds.acknowledge": P.ACKNOWLEDGE_ALARM, "deeds.add_note": P.ADD_NOTE,
    "deeds.view": P.SEE_CASE, "deeds.export": P.EXPORT, "deeds.forget_person": P.KEEP_DESK,
    "queries.board": P.SEE_BOARD, "queries.case_file": P.SEE_CASE, "queries.find_by_person": P.SEE_PERSON,
    "queries.paper_of": P.SEE_PERSON, "queries.live_cases": P.SEE_BOARD, "queries.entries_after": P.SEE_RECORD,
    "list_deeds.reconcile": P.RECONCILE, "list_deeds.settle_row": P.RECONCILE, "list_queries.reconciliations": P.SEE_RECORD,
    "list_queries.reconciliation": P.SEE_RECORD, "list_queries.reconciliation_to_export": P.EXPORT,
    "arriving.settle_paper": P.RECEIVE, "arriving.join": P.RECEIVE, "arriving.earlier_detainers": P.SEE_PERSON,
    "payment_deeds.record_answer": P.RECORD_PAYMENT, "payment_deeds.void_answer": P.RECORD_PAYMENT,
    "payment_deeds.answers_to": P.SEE_COUNTS,
    "account_deeds.create": P.KEEP_ACCOUNTS, "account_deeds.change_role": P.KEEP_ACCOUNTS, "account_deeds.lock": P.KEEP_ACCOUNTS,
    "account_deeds.release": P.KEEP_ACCOUNTS, "account_deeds.reset_password": P.KEEP_ACCOUNTS,
    "account_deeds.reset_second_factor": P.KEEP_ACCOUNTS,
    "uploaded_law.propose": P.PROPOSE_LAW, "uploaded_law.settle": P.CONFIRM_LAW,
}  # fmt: skip
ASKS_NOTHING = {"deeds.allow", "queries.permits_person"}  # these answer whether a role may


def addresses() -> Iterator[URLPattern]:
    """All addresses of the desk's pages; those of the API have tests of their own."""
    from comity.web.urls import urlpatterns

    waiting = list(urlpatterns)
    while waiting:
        found = waiting.pop()
        if str(found.pattern).startswith("api/"):
            continue
        waiting += getattr(found, "url_patterns", [])
        if isinstance(found, URLPattern):
            yield found


def functions() -> Iterator[tuple[str, Any]]:
    """The public functions of the modules of deeds and queries that take `by`."""
    from comity.desk import deeds, queries
    from comity.desk.billing import payment_deeds
    from comity.desk.papers import arriving
    from comity.desk.reconciling import list_deeds, list_queries
    from comity.web.log_in import account_deeds
    from comity.web.operating import uploaded_law

    modules: tuple[ModuleType, ...] = (
        deeds,
        queries,
        list_deeds,
        list_queries,
        arriving,
        payment_deeds,
        account_deeds,
        uploaded_law,
    )
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and "by" in inspect.signature(function).parameters:
                yield f"{module.__name__.rpartition('.')[2]}.{name}", function


def test_the_matrix_has_every_page_deed_and_function() -> None:
    from comity.web.log_in.accounts import DEEDS as OF_ACCOUNTS
    from comity.web.views.case import DEEDS as OF_CASES

    assert {found.name for found in addresses()} - PAGES.keys() - ONLY_SENT == set()
    assert set(OF_CASES) == set(CASE_DEEDS) and set(OF_ACCOUNTS) == set(ACCOUNT_DEEDS)
    assert {name for name, _ in functions()} - ASKS_NOTHING - FUNCTIONS.keys() == set()


def expected(role: Role, wanted: Permission | str) -> bool:
    return wanted in (ALL, LOGGED_IN) or may(role, Permission(wanted))


def here() -> dict[str, tuple[str, Permission | str]]:
    """The pages of the matrix that this desk has."""
    names = {found.name for found in addresses()}
    return {name: line for name, line in PAGES.items() if name in names and name != "log-out"}


@pytest.mark.parametrize("role", Role)
def test_pages_and_deeds(served: Any, role: Role) -> None:
    from comity.web.log_in.entry import home_of

    client, other = logged_in(role), new_account(f"changed-by-{role.value}")
    client.raise_request_exception = False
    number = 500 + list(Role).index(role)
    case = received(served, number, paper=SAMPLE_PAPER + b" %d" % number, media_type="application/pdf")

    def is_refused(response: Any) -> bool:
        response.close()
        leads_home = response.status_code == 302 and response.wsgi_request.path == "/" != home_of(role)
        return bool(response.status_code == 403 or leads_home)

    for name, (path, wanted) in here().items():
        response = client.get(path.replace(CASE, case))
        assert is_refused(response) != expected(role, wanted), (name, response.status_code)
    for deed, permission in CASE_DEEDS.items():
        response = client.post(f"/cases/{case}/{deed}", SENT)
        assert is_refused(response) != may(role, permission), (deed, response.status_code)
    for deed, permission in ACCOUNT_DEEDS.items():
        response = client.post(f"/accounts/{other.pk}/{deed}", SENT)
        assert is_refused(response) != may(role, permission), (deed, response.status_code)
    for path in ("/reconcile", "/reconcile/1/settle"):
        assert is_refused(client.post(path, SENT)) != may(role, P.RECONCILE), path
    for path in ("/costs/answers", "/costs/answers/1/void"):
        assert is_refused(client.post(path, SENT)) != may(role, P.RECORD_PAYMENT), path
    assert is_refused(client.post("/accounts", {"name": f"by-{role.value}", "role": "auditor"})) != may(
        role, P.KEEP_ACCOUNTS
    )
    assert is_refused(client.post("/receive", {"name": "Subject 0500"})) != may(role, P.RECEIVE)
    joined = client.post(f"/cases/{case}/papers/1/join", {"case": case, "how": "cancels"})
    assert is_refused(joined) != may(role, P.RECEIVE)


def test_who_is_not_logged_in_reaches_the_log_in_alone() -> None:
    from django.test import Client

    client, early = Client(), Client()
    early.force_login(new_account("without-factor", secret=""), backend="comity.web.log_in.lock_out.AccountBackend")
    for path, wanted in [*PAGES.values(), *((f"/cases/X/{deed}", P.DECIDE) for deed in CASE_DEEDS)]:
        if wanted != ALL:
            is_log_out = path == "/log-out"  # whoever is out already needs no way back to it
            assert client.get(path).url == ("/log-in" if is_log_out else f"/log-in?next={path}"), path
            assert client.post(path).url == ("/log-in" if is_log_out else "/log-in?unsent=1"), path
        if wanted not in (ALL, LOGGED_IN):
            assert early.get(path).url == early.post(path).url == "/second-factor", path


@pytest.mark.parametrize("role", Role)
def test_functions_ask_for_the_permission_before_anything_else(served: Any, role: Role) -> None:
    from comity.desk.ledger import Refused

    by = Actor(f"matrix-{role.value}", role)
    for name, function in functions():
        if name in ASKS_NOTHING:
            continue
        taken = inspect.signature(function).parameters
        given: dict[str, Any] = dict.fromkeys(taken) | {"by": by} | ({"desk": served} if "desk" in taken else {})
        try:
            function(**given)
            refused = False
        except Refused as refusal:
            refused = refusal.findings[0].code == "not-allowed"
        except Exception:  # nothing sensible was given: whoever may do it meets that
            refused = False
        assert refused != may(role, FUNCTIONS[name]), name


def test_an_administrator_sees_no_case_and_an_auditor_changes_nothing() -> None:
    sees = {P.SEE_BOARD, P.SEE_CASE, P.SEE_PERSON, P.SEE_RECORD}
    assert not MAY[Role.ADMINISTRATOR] & sees
    writes = {*CASE_DEEDS.values(), *ACCOUNT_DEEDS.values(), P.CORRECT, P.KEEP_DESK, P.RECONCILE, P.RECORD_PAYMENT}
    assert not MAY[Role.AUDITOR] & writes and sees <= MAY[Role.AUDITOR]
