"""What became of an invoice: events that are only added, the balance on the page of costs, and the table that `comity cost` reads."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pyarrow.csv as arrow_csv
import pytest

from comity.desk.billing.payments import Balance, InvoiceAnswer, balance_of, payments_csv
from comity.desk.roles import Role
from comity.money.read_payments import read_payments
from comity.money.view import Payment
from tests.desk.conftest import NOON
from tests.desk.log_in import logged_in, words_of
from tests.desk.test_deeds import SUPERVISOR


def answer(number: int, kind: Any, cents: int, **more: Any) -> InvoiceAnswer:
    fields = {"invoice": "2026-09", "answered_on": date(2026, 10, number), **more}
    return InvoiceAnswer(number=number, answer=kind, cents=cents, **fields)


ANSWERS = [
    answer(1, "paid", 100_05), answer(2, "paid", 9_00, voided="paid another county"), answer(3, "disputed", 40_00),
    answer(4, "refused", 10_00, reference="=letter"), answer(5, "written_off", 10_00),
]  # fmt: skip


def test_the_balance() -> None:
    balance = balance_of(ANSWERS, 200_00)
    assert balance == Balance(billed=200_00, paid=100_05, written_off=10_00, disputed=40_00, refused=10_00)
    assert balance.open == 89_95 and balance_of(ANSWERS, 0).open < 0


def test_the_table_is_one_that_comity_cost_reads() -> None:
    content = payments_csv(ANSWERS)
    assert "100.05" in content and "9.00" not in content and "'=letter" in content
    payments, findings = read_payments(arrow_csv.read_csv(io.BytesIO(content.encode())))
    assert findings == []
    assert [each for each in payments if each.paid or each.written_off] == [
        Payment(on=date(2026, 10, 1), period="2026-09", paid=100_05, written_off=0),
        Payment(on=date(2026, 10, 5), period="2026-09", paid=0, written_off=10_00),
    ]


def test_answers_are_events_and_a_wrong_one_counts_no_more(desk: Any) -> None:
    from comity.desk.billing.payment_deeds import answers_to, record_answer, void_answer
    from comity.desk.ledger import Refused
    from comity.desk.models import Entry

    given: dict[str, Any] = {
        "invoice": "2025-03", "answer": "paid", "cents": 5_00, "answered_on": date(2025, 4, 2), "by": SUPERVISOR, "at": NOON,
    }  # fmt: skip
    event = record_answer(desk, **given)
    entries = Entry.objects.count()
    for wrong in (
        {"invoice": "2025"}, {"invoice": "soon"}, {"cents": 0}, {"cents": 10**13}, {"answered_on": date(2025, 2, 1)},
        {"answered_on": date(2027, 1, 1)}, {"reference": "x" * 501},
    ):  # fmt: skip
        with pytest.raises(Refused):
            record_answer(desk, **{**given, **wrong})
    for number, reason in ((event.number, " "), (event.number + 99, "wrong"), (event.number, "x" * 501)):
        with pytest.raises(Refused):
            void_answer(desk, number=number, reason=reason, by=SUPERVISOR, at=NOON)
    assert Entry.objects.count() == entries
    void_answer(desk, number=event.number, reason="another county's", by=SUPERVISOR, at=NOON)
    with pytest.raises(Refused):
        void_answer(desk, number=event.number, reason="again", by=SUPERVISOR, at=NOON)
    assert [each.voided for each in answers_to("2025", by=SUPERVISOR)] == ["another county's"]
    assert answers_to("2024", by=SUPERVISOR) == []


def test_the_page_of_costs(served: Any) -> None:
    client, auditor = logged_in(Role.SUPERVISOR), logged_in(Role.AUDITOR)
    sent = {
        "invoice": "2025-05",
        "answer": "paid",
        "amount": "$1,234.50",
        "answered_on": "2025-06-03",
        "reference": "wire 17",
    }
    words = words_of(client.post("/costs/answers", sent, follow=True))
    assert "$1,234.50 paid" in words and "wire 17" in words and "-$1,234.50 open" in words and "More was paid" in words
    for wrong in ({"amount": "some"}, {"answer": "lost"}, {"answered_on": "soon"}):
        assert client.post("/costs/answers", {**sent, **wrong}).status_code == 409
    assert "2025-06-03,2025-05,1234.50" in auditor.get("/costs/payments.csv?period=2025-05").content.decode()
    assert auditor.get("/costs/payments.csv?period=../x").status_code == 409
    page = auditor.get("/costs?period=2025-05").content.decode()
    assert "Void" not in page and "Record an answer" not in page
    assert "Invoice answered: 2025-05; paid" in words_of(auditor.get("/record?kind=invoice_answered"))
