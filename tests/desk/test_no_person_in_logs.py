"""No log, session or file of the database holds who a person is: the whole path is driven with a made-up name, then all bytes are searched."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comity.desk.roles import Role
from tests.desk.conftest import OTHER, SAMPLE_PAPER
from tests.desk.log_in import logged_in
from tests.desk.test_who_may_do_what import CASE_DEEDS, SENT, here

NAME, NUMBER, BOOKING, BORN = "Quillon Vantreight-Osei", "A087654399", "BK-7714-Z", "1971-02-28"
NOTE = "brother of Quillon, telephone 555-0199"
WORDS = ("quillon", "vantreight", "87654399", "bk-7714", "1971-02-28", "555-0199")


@contextmanager
def listening() -> Iterator[list[str]]:
    """The message and arguments of each record that is logged in the block. What handlers write goes where it always goes."""
    lines: list[str] = []
    make = logging.getLogRecordFactory()

    def keep(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make(*arguments, **named)
        lines.append(f"{record.getMessage()} {record.args}")
        return record

    # The handlers of the test runner would keep Python from writing warnings that have no handler to standard error, as it does.
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    of_runner = [
        (each, handler)
        for each in loggers
        for handler in each.handlers
        if type(handler).__module__.startswith("_pytest")
    ]
    for each, handler in of_runner:
        each.removeHandler(handler)
    logging.setLogRecordFactory(keep)
    yield lines
    logging.setLogRecordFactory(make)
    for each, handler in of_runner:
        each.addHandler(handler)


def found_in(content: str | bytes) -> list[str]:
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    return [word for word in WORDS if word in text.casefold()]


def drive(served: Any) -> str:
    """The whole path of one person, with faults on the way; returns the id of the case."""
    from comity.desk import deeds, queries
    from comity.desk.models import CaseRow
    from tests.desk.test_deeds import OFFICER, SUFFICIENT

    client = logged_in(Role.SUPERVISOR)
    client.raise_request_exception = False
    person = {"name": NAME, "a_number": NUMBER, "booking": BOOKING, "born_on": BORN}
    known = set(CaseRow.objects.values_list("pk", flat=True))
    assert client.post("/receive", {**person, "fact:request.form": "i247a"}).status_code == 302
    assert (
        client.post("/receive", {**person, "fact:request.form": NAME}).status_code == 400
    )  # a name where no name belongs
    (case,) = set(CaseRow.objects.values_list("pk", flat=True)) - known
    served_person, now = deeds.Person(**person), queries.find_case(case).detainers[1].received_at
    deeds.receive(
        served, facts=SUFFICIENT, person=served_person, channel="pdf", received_at=now, by=OFFICER, at=now, case=case,
        paper=SAMPLE_PAPER + NAME.encode(), media_type="application/pdf",
    )  # fmt: skip
    for path, _ in here().values():
        client.get(path.replace("CASE", case)).close()
    for content in (
        f"Name,Born on,Booking\n{NAME},{BORN},{BOOKING}\n",
        f"Name,Received\n{NAME},{NAME}\n",
        f"{NAME},{BOOKING}\n",
    ):
        span = {"first_on": f"{now:%Y-%m-01}", "last_on": f"{now:%Y-%m-%d}"}
        file = SimpleUploadedFile(f"{NAME}.csv", content.encode())
        client.post("/reconcile", {"list": file, "sender": "the sender", **span}, follow=True)
    client.post("/find", {"field": "name", "text": NAME})
    client.post("/log-in", {"login": NAME, "password": NOTE})  # typed into the wrong fields
    client.post("/accounts", {"name": NAME})
    for deed in CASE_DEEDS:
        client.post(f"/cases/{case}/{deed}", {**SENT, "note": NOTE})
        client.post(f"/cases/{case}/{deed}", {"decision": NAME, "alarm": NAME, "note": NOTE})  # what no form sends
    assert NAME in client.get(f"/cases/{case}").content.decode()
    return case


@pytest.mark.skipif(bool(OTHER), reason="the files of PostgreSQL belong to its server")
def test_no_log_session_or_file_holds_who_a_person_is(served: Any, capfd: pytest.CaptureFixture[str]) -> None:
    from django.conf import settings
    from django.contrib.sessions.models import Session

    with listening() as logged:
        logging.getLogger("comity.web").info("a line of this test")
        case = drive(served)
    assert [line for line in logged if found_in(line)] == []
    assert any("a line of this test" in line for line in logged)  # the logs were listened to
    captured = capfd.readouterr()
    assert found_in(captured.out + captured.err) == []
    assert not any(found_in(str(session.get_decoded())) for session in Session.objects.all())
    database = Path(settings.DATABASES["default"]["NAME"])
    files = [path for path in database.parent.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {database.name, f"{database.name}-wal"}
    assert {path.name: found_in(path.read_bytes()) for path in files if found_in(path.read_bytes())} == {}
    assert case.encode() in b"".join(path.read_bytes() for path in files)  # the right files were searched
