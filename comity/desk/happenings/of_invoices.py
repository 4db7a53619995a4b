"""What became of an invoice to the federal government. Such events belong to no case, and name no person."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from comity.desk.happenings.kind import Happening, Text

Answer: TypeAlias = Literal["paid", "disputed", "refused", "written_off"]


class OfInvoice(Happening, frozen=True, kw_only=True):
    """What happens to an invoice and to no case. `invoice` is the month that it bills, as `2026-11`."""

    invoice: str


class InvoiceAnswered(OfInvoice, frozen=True, kw_only=True, tag="invoice_answered"):
    """An amount of an invoice was paid, disputed or refused by the payer, or written off by the county, on a day.

    `reference` is the payer's, such as the number of a transfer.
    """

    response: Answer
    cents: int
    answered_on: date
    reference: Text = ""


class InvoiceAnswerVoided(OfInvoice, frozen=True, kw_only=True, tag="invoice_answer_voided"):
    """An answer was recorded wrong, and counts no more: the number of its event, and why."""

    event: int
    reason: Text
