"""What each form asks for, and which instrument it is."""

from __future__ import annotations

from pathlib import Path

from comity.facts.kinds import Choice, KnownSet
from comity.facts.vocabulary import read_vocabulary
from comity.intake.form import HOLD_FORMS, NOTICE_FORMS, asked_by_form, instrument_of

POLICIES = Path(__file__).parents[2] / "policies"


def test_a_hold_form_asks_for_hold_and_notice_and_perhaps_for_more() -> None:
    for form in HOLD_FORMS:
        assert asked_by_form(form) == KnownSet(frozenset(("hold", "notify")), whole=False)


def test_a_notice_form_asks_for_notice_alone() -> None:
    for form in NOTICE_FORMS:
        assert asked_by_form(form) == KnownSet(frozenset(("notify",)), whole=True)


def test_nothing_is_known_of_another_paper() -> None:
    assert asked_by_form("other") is None
    assert asked_by_form("") is None


def test_every_form_of_the_vocabulary_is_placed_and_has_its_instrument() -> None:
    kind = read_vocabulary(POLICIES)[0].kind("request.form")
    assert isinstance(kind, Choice)
    assert {*kind.members} == {*HOLD_FORMS, *NOTICE_FORMS, "other"}
    for form in (*HOLD_FORMS, *NOTICE_FORMS):
        assert (POLICIES / f"{instrument_of(form)}.md").is_file()
    assert instrument_of("other") == ""
