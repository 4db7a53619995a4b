"""A list compared with the cases of a desk, on the database and on its pages: events only added, and no name anywhere."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from msgspec import Struct
from msgspec.structs import replace

from comity.desk.roles import Role
from tests.desk.conftest import NOON, after
from tests.desk.log_in import logged_in, words_of
from tests.desk.test_deeds import OFFICER, SUFFICIENT, SUPERVISOR

YEARS = count(2030)  # each comparison has an August of its own, in which no other test receives anything


class Compared(Struct, frozen=True):
    """A list that was compared with three cases: the same, another day, and one whose person may be another."""

    year: int
    event: Any
    is_new: bool
    cases: list[str]
    listing: Any

    @property
    def august(self) -> dict[str, date]:
        return {"first_on": date(self.year, 8, 1), "last_on": date(self.year, 8, 31)}

    def person(self, number: int) -> str:
        return f"Subject {self.year}{number}"


def received(desk: Any, name: str, at: datetime) -> str:
    from comity.desk import deeds

    person = deeds.Person(name=name, born_on="1990-01-02")
    return deeds.receive(desk, facts=SUFFICIENT, person=person, channel="typed", received_at=at, by=OFFICER, at=at).case


def listing(desk: Any, *rows: str) -> Any:
    from comity.desk.reconciling.read_list import ListArguments, read_list

    content = "\n".join(("Name,Date of birth,Date received,Form,Outcome", *rows)).encode()
    found, findings = read_list(
        content, "list.csv", ListArguments(), library=desk.library, place=desk.bound.place, blind=desk.key.blind
    )
    assert found is not None, findings
    return found


@pytest.fixture
def compared(desk: Any) -> Compared:
    from comity.desk.reconciling import list_deeds

    year = next(YEARS)
    names, at = [f"Subject {year}{number}" for number in range(5)], NOON.replace(year=year, month=8)
    cases = [received(desk, name, at + timedelta(days=3 * (name == names[2]))) for name in names[:3]]
    listed = listing(
        desk, f"{names[0]},1990-01-02,{year}-08-02,I-247A,", f"{names[1]},1990-01-02,{year}-08-05,I-247A,",
        f"{names[3]},,{year}-08-09,I-247A,", f"{names[2]},1991-01-02,{year}-08-05,,", f"{names[4]},,soon,,",
    )  # fmt: skip
    found = Compared(year, None, False, cases, listed)
    event, is_new = list_deeds.reconcile(
        desk, listing=listed, sender="the sender", **found.august, by=SUPERVISOR, at=after(0)
    )
    return replace(found, event=event, is_new=is_new)


def test_a_list_is_compared_once_and_settled_by_events(desk: Any, compared: Compared) -> None:
    from comity.desk.ledger import Refused
    from comity.desk.models import Entry
    from comity.desk.reconciling import list_deeds, list_queries

    event, (first, second, third) = compared.event, compared.cases
    found = list_queries.reconciliation(event.number, by=SUPERVISOR)
    results = [(row.cls, row.case) for row in found.matched.rows]
    assert compared.is_new and results == [
        ("same", first), ("differ", second), ("theirs_only", ""), ("several_possible", ""), ("unreadable", ""),
    ]  # fmt: skip
    entries = Entry.objects.count()
    again, is_new = list_deeds.reconcile(
        desk, listing=compared.listing, sender="the sender", **compared.august, by=SUPERVISOR, at=after(1)
    )
    assert (again, is_new, Entry.objects.count()) == (event, False, entries)

    def settle(entry: int, conclusion: Any, case: str = "", reason: str = "seen on the paper") -> None:
        list_deeds.settle_row(
            desk, number=event.number, entry=entry, conclusion=conclusion, reason=reason, case=case, detainer=1 if case else 0,
            by=SUPERVISOR, at=after(2),
        )  # fmt: skip

    settle(4, "this_case", third)
    settle(3, "another_station")
    for wrong in (
        (4, "this_case", first),
        (9, "never_received"),
        (2, "never_received"),
        (3, "never_received", "", " "),
    ):
        with pytest.raises(Refused):
            settle(*wrong)
    assert Entry.objects.count() == entries + 2
    settled = list_queries.reconciliation(event.number, by=SUPERVISOR).matched
    assert [row.cls for row in settled.rows] == ["same", "differ", "theirs_only", "same", "unreadable"]
    assert settled.rows[2].reasons == ("another_station", "by_person")
    earlier = [each.number for each in list_queries.reconciliations(by=SUPERVISOR)]
    assert event.number in earlier


def test_nobody_is_named_in_the_events_of_a_list(desk: Any, compared: Compared) -> None:
    from comity.desk.models import Entry

    line = bytes(Entry.objects.get(pk=compared.event.number).line)
    assert (
        b'"kind":"list_reconciled"' in line and b"Subject" not in line and b"1990" not in line and b"soon" not in line
    )


def test_what_cannot_be_compared(desk: Any) -> None:
    from comity.desk.ledger import Refused
    from comity.desk.reconciling import list_deeds, list_queries

    nothing = listing(desk, "Subject 0001,,2027-08-01,,")
    for wrong in ({"last_on": date(2027, 7, 1)}, {"last_on": date(2037, 7, 1)}, {"sender": " "}):
        with pytest.raises(Refused):
            list_deeds.reconcile(
                desk, **{"listing": nothing, "sender": "s", "first_on": date(2027, 8, 1), "last_on": date(2027, 8, 31), "by": SUPERVISOR, "at": NOON, **wrong}  # type: ignore[arg-type]
            )  # fmt: skip
    with pytest.raises(Refused):
        list_queries.reconciliation(1, by=SUPERVISOR)


def test_the_pages(served: Any, compared: Compared) -> None:
    client, auditor = logged_in(Role.SUPERVISOR), logged_in(Role.AUDITOR)
    year, (first, second, third) = compared.year, compared.cases
    rows = (f"{compared.person(0)},1990-01-02,08/02/{year}", f"{compared.person(2)},,08/05/{year}")
    content = "\n".join(("Name,DOB,Received", *rows)).encode()
    sent = {"sender": "Police", "first_on": f"{year}-08-01", "last_on": f"{year}-08-31", "days": "mdy"}
    file = lambda: SimpleUploadedFile("a list.csv", content)  # noqa: E731  each file is read once
    shown = client.post("/reconcile", {**sent, "list": file()}, follow=True)
    words = words_of(shown)
    assert shown.status_code == 200 and "2 rows of the list" in words and "3 detainers of this desk" in words
    assert f"For {year}-08-01 to {year}-08-31, the list of Police has 2 detainers, and this desk received 3." in words
    number = shown.wsgi_request.path.rpartition("/")[2]
    assert "was compared before" in words_of(client.post("/reconcile", {**sent, "list": file()}, follow=True))
    settled = client.post(f"/reconcile/{number}/settle", {"entry": "0", "detainer": f"{second} 1", "conclusion": "sender_is_wrong",
                          "reason": "their fax failed"}, follow=True)  # fmt: skip
    assert "The list is wrong. their fax failed" in words_of(settled)
    assert client.post(f"/reconcile/{number}/settle", {"entry": "1", "conclusion": "?"}).status_code == 409
    through = client.post(
        "/reconcile", {**sent, "list": file(), "columns": "columns:\r\n  DOB: ignore\r\n"}, follow=True
    )
    assert "2 rows of the list" in words_of(through) and "born_on" not in words_of(through)
    bad = client.post("/reconcile", {**sent, "list": file(), "last_on": "soon"})
    assert bad.status_code == 400 and "Last on: is no day." in words_of(bad)
    assert client.post("/reconcile", sent).status_code == 400
    assert auditor.post("/reconcile", {**sent, "list": file()}).status_code == 403
    assert client.get(f"/reconcile/{number}/rows.csv").status_code == 403  # a supervisor takes no table out
    table = [*csv.DictReader(io.StringIO(auditor.get(f"/reconcile/{number}/rows.csv").content.decode()))]
    assert [(row["side"], row["class"], row["case"], row["conclusion"]) for row in table] == [
        ("list", "same", first, ""), ("list", "same", third, ""), ("desk", "ours_only", second, "sender_is_wrong"),
    ]  # fmt: skip
    assert "Same on both" not in words_of(auditor.get(f"/reconcile/{compared.event.number}"))
    assert first in words_of(auditor.get(f"/reconcile/{compared.event.number}?class=same"))
    assert auditor.get("/reconcile/1").status_code == 404
