"""What a form of the I-247 family asks for, where the request does not say it.

The hold forms ask for a hold and for notice, and may ask for more, so their set is known in part. The notice forms ask
for notice only.
"""

from __future__ import annotations

from datetime import date

from comity.facts.kinds import KnownSet
from comity.finding import phrase
from comity.law.instrument import Instrument

HOLD_FORMS = ("i247_pre2010", "i247_2010", "i247_2011", "i247_2012", "i247d", "i247x", "i247a")
NOTICE_FORMS = ("i247n", "i247g")
ASKED_BY_HOLD_FORMS = KnownSet(frozenset(("hold", "notify")), whole=False)


def asked_by_form(form: str) -> KnownSet | None:
    """What a form asks for; None for another document, or where the form is not known."""
    if form in HOLD_FORMS:
        return ASKED_BY_HOLD_FORMS
    return KnownSet(frozenset(("notify",))) if form in NOTICE_FORMS else None


def instrument_of(form: str) -> str:
    """The id of the instrument that a form is (`us/i247a`); empty for another document."""
    return f"us/{form.replace('_', '-')}" if form in (*HOLD_FORMS, *NOTICE_FORMS) else ""


def find_form_out_of_use(form: Instrument | None, received: date) -> str:
    """A warning where a form was certainly not in use on the day a request was received; empty where it may have been."""
    if form and received < form.effective.first:
        return phrase("{} was first used on {}, after this request of {}", form.title, form.effective, received)
    if form and form.ended and received >= form.ended.last:
        return phrase("{} was out of use from {}, before this request of {}", form.title, form.ended, received)
    return ""
