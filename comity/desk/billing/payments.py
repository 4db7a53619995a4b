"""What became of invoices: a fold of the answers to each, and the table of payments that `comity cost` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from comity.desk.happenings.of_invoices import Answer
from comity.present.clean import safe_cell

HEAD = ("on", "period", "paid", "written_off", "disputed", "refused", "reference")  # `comity cost` reads the first four
ANSWERS: tuple[Answer, ...] = get_args(Answer)


class InvoiceAnswer(Struct, frozen=True, kw_only=True):
    """One answer to an invoice, by the number of its event; `voided` says why it counts no more."""

    number: int
    invoice: str
    answer: Answer
    cents: int
    answered_on: date
    reference: str = ""
    account: str = ""
    at: datetime | None = None
    voided: str = ""


class Balance(Struct, frozen=True, kw_only=True):
    """What was billed, and what became of it, in cents. What is disputed or refused is still open until it is paid or written off."""

    billed: int
    paid: int = 0
    written_off: int = 0
    disputed: int = 0
    refused: int = 0

    @property
    def open(self) -> int:
        """What is neither paid nor written off; negative where more was paid than billed."""
        return self.billed - self.paid - self.written_off


def balance_of(answers: Iterable[InvoiceAnswer], billed: int) -> Balance:
    """The balance of some invoices, of which so much was billed."""
    sums = dict.fromkeys(ANSWERS, 0)
    for each in answers:
        if not each.voided:
            sums[each.answer] += each.cents
    return replace(Balance(billed=billed), **{str(name): cents for name, cents in sums.items()})


def payments_csv(answers: Iterable[InvoiceAnswer]) -> str:
    """The answers that count as CSV, a row each, in the columns of `comity cost --payments` and more."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEAD, restval="", lineterminator="\n")
    writer.writeheader()
    for each in sorted(answers, key=lambda answer: (answer.answered_on, answer.number)):
        if not each.voided:
            row = {
                "on": each.answered_on.isoformat(),
                "period": each.invoice,
                each.answer: _dollars(each.cents),
            }
            writer.writerow({**row, "reference": safe_cell(each.reference)})
    return out.getvalue()


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
