"""What a form of the I-247 family asks for, where the request does not say it.

The hold forms ask for a hold and for notice, and may ask for more, so their set is known in part. The notice forms ask
for notice only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from comity.facts.kinds import KnownSet
from comity.finding import phrase
from comity.law.instrument import Instrument

# What a request asks for that is about no detainer, by the section in which it says what it is about.
ASKED_BY_SECTION = {
    "place": "enter_nonpublic",
    "visit": "enter_nonpublic",
    "encounter": "ask_status",
    "certification": "certify_victim",
}
USE = "visit.use"  # a visit that says for what property is to be used asks for that
HOLD_FORMS = ("i247_pre2010", "i247_2010", "i247_2011", "i247_2012", "i247d", "i247x", "i247a")
NOTICE_FORMS = ("i247n", "i247g")
# Since this day a document without the name of its form may be a request for notice only (Forms I-247D and I-247N).
SEVERAL_FORMS = date(2015, 7, 2)
FORM_NAMED = re.compile(r"(I247[ADNXG]?) - ")
EDITIONS = {"(as of March 2013)": "i247_2012"}
EARLIER = "I247 - "  # one of the I-247 editions, all of which ask for a hold and for notice
ASKED_BY_HOLD_FORMS = KnownSet(frozenset(("hold", "notify")), whole=False)


def asked_by_form(form: str) -> KnownSet | None:
    """What a form asks for; None for another document, or where the form is not known."""
    if form in HOLD_FORMS:
        return ASKED_BY_HOLD_FORMS
    return KnownSet(frozenset(("notify",))) if form in NOTICE_FORMS else None


def form_named(text: str) -> str | None:
    """The form that a name in the published tables stands for; None where it may be one of several, or is unknown."""
    edition = next((form for words, form in EDITIONS.items() if text.endswith(words)), None)
    match = FORM_NAMED.match(text)
    if match is None:
        return None
    return edition if match[1] == "I247" else match[1].lower()


def is_edition_unknown(name: str) -> bool:
    """Whether a name in the published tables is that of Form I-247, without its edition."""
    return name.startswith(EARLIER)


def asked_of_detainer(form: str, name: str, *, early: bool) -> KnownSet | None:
    """What a detainer in a published table asks: by its form, by any edition of I-247, or without a name by its day.

    `early` says that it was received before `SEVERAL_FORMS`, when every detainer asked for a hold.
    """
    if form:
        return asked_by_form(form)
    return ASKED_BY_HOLD_FORMS if is_edition_unknown(name) or (not name and early) else None


def asked_beyond_the_jail(paths: Iterable[str]) -> KnownSet | None:
    """What a visit, an encounter or a certification asks for, by the facts that it gives; None for a detainer."""
    given = [*paths]
    asked = {ASKED_BY_SECTION[section] for path in given if (section := path.partition(".")[0]) in ASKED_BY_SECTION}
    if USE in given:
        asked = asked - {"enter_nonpublic"} | {"use_property"}
    return KnownSet(frozenset(asked)) if asked else None


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
