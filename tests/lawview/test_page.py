"""The page of a law: defaults first, terms in words, at most about sixty lines; the full page leaves nothing out."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec import structs

from comity.decision.answer import Researched
from comity.decision.words import describe_action
from comity.law.cache import load
from comity.law.in_force import in_force
from comity.law.instrument import BEYOND_ACTIONS
from comity.law.library import Library
from comity.lawview.build_view import build_view
from comity.lawview.page import FORMS_ASK, LINES_MAX, full_page_of, page_of
from comity.lawview.sentences import describe_effect, name_agencies
from comity.lawview.view import Entry, LawView
from comity.present.page import as_text
from comity.session import Law
from tests.law.small_law import act, gazetteer, vocabulary

LIBRARY = load()[0]
LAW = Law(LIBRARY)
DAY = date(2026, 11, 1)
PLACES = (
    *(path for path in LIBRARY.gazetteer.places if path.count("/") == 1),
    *("us/ca/los-angeles", "us/il/cook", "us/tx/harris", "us/az/maricopa", "us/ca/san-diego", "us/ca/orange"),
    *("us/fl/miami-dade", "us/tx/dallas", "us/ny/kings", "us/ca/riverside", "us/ny/new-york-city", "us/md/frederick"),
)
TERM = re.compile(r'"[a-z0-9 ]+"( applies| does not apply)(?! \(that is: )')


def view_at(place: str, day: date = DAY) -> LawView:
    return LAW.at(place, on=day)


def entry(**more: object) -> Entry:
    fields = {
        "provision": "us/fl/a#1",
        "instrument": "us/fl/a",
        "effect": "forbids",
        "action": "hold",
        "cite": "A",
        "evidence": "verified",
    }
    return Entry(**{**fields, "plain": "", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("place", PLACES)
def test_a_page_has_at_most_sixty_lines_and_names_no_term_without_its_meaning(place: str) -> None:
    view = view_at(place)
    text = as_text(page_of(view))
    assert text.count("\n") <= LINES_MAX and max(map(len, text.splitlines())) <= 100
    assert text == as_text(page_of(view_at(place)))
    words = [words for entries in view.actions.values() for one in entries for words in (one.where, one.unless)]
    assert not [found[0] for one in words if (found := TERM.search(one)) and f"{found[0]} (that is: " not in one]
    assert all(f"[{action}]" in text or f"- {describe_action(action)}: " in text for action in view.actions)
    assert all(f"[{action}]" in text for action in view.actions if action not in BEYOND_ACTIONS)


@pytest.mark.parametrize("place", PLACES)
def test_the_default_of_an_action_comes_first(place: str) -> None:
    view = view_at(place)
    for section in "\n".join(as_text(page_of(view)).splitlines()).split("\n\n"):
        lines = section.splitlines()
        action = re.search(r"\[([a-z_]+)\]", section)
        if not action or lines[0].startswith(("THE LAW", "No rule applies")):
            continue
        body = " ".join(line.strip() for line in lines if not line.startswith(("Keep", "Tell", "Hand", "Let")))
        deciding = [one for one in view.actions[action[1]] if one.effect != "protects"]
        if any(one.is_default for one in deciding):
            assert "No rule applies, except:" not in body
            assert re.search(
                r"- ([A-Z][^:]*: )?(Forbidden|Required|Permitted)(, unless| where a request| as for| \(|;)", body
            )
        else:
            assert "No rule applies" in body or "Not researched" in body


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Forbidden"),
        ({"unless": "a judge has signed"}, "Forbidden, unless a judge has signed"),
        ({"where": "it is a jail", "unless": "a judge has signed"}, "Forbidden where it is a jail, unless a judge has signed"),
        ({"effect": "requires", "on_request": True}, "Required where a request asks for it"),
        (
            {"effect": "permits", "only": True, "where": "a judge has signed", "decider": "sheriff"},
            "Forbidden, unless a judge has signed; then sheriff decides",
        ),
        (
            {"effect": "permits", "only": True, "where": "a judge has signed", "unless": "bail is paid"},
            "Forbidden, unless a judge has signed, except where bail is paid; then permitted",
        ),
        ({"effect": "permits", "only": True, "unless": "bail is paid"}, "Permitted, unless bail is paid; then forbidden"),
        ({"effect": "permits", "decider": "sheriff"}, "Permitted; sheriff decides"),
        ({"effect": "protects"}, "No lower law may forbid it"),
    ],
)  # fmt: skip
def test_an_effect_is_a_sentence(given: dict[str, object], words: str) -> None:
    assert describe_effect(entry(**given)) == words


def test_a_protection_is_shown_with_its_condition() -> None:
    view = view_at("us/id", date(2026, 6, 1))
    where = "where the kind of place is an office in a jail"
    for page in (page_of(view), full_page_of(view)):
        assert f"o lower law may forbid it {where}" in " ".join(as_text(page).split())
    some, always = (entry(effect="protects", where=words, cite=cite) for words, cite in (("A", "C"), ("", "D")))
    view = structs.replace(view, actions={"hold": [some, always]})
    text = as_text(page_of(view))
    assert "- No rule applies. No lower law may forbid it where A (C).\n" in text
    assert "- No lower law may forbid it (D).\n" in text


def test_a_duty_comes_before_a_permission() -> None:
    """A permission never defeats a duty, so it is no default where there is one."""
    lines = [line.strip() for line in as_text(page_of(view_at("us/tx/harris"))).splitlines()]
    hold = lines[lines.index("Keep in custody past release [hold]") :]
    required = next(index for index, line in enumerate(hold) if line.startswith("- Required where a request asks"))
    assert required < next(index for index, line in enumerate(hold) if line.startswith("- Sheriff: Permitted"))


def test_a_rule_that_binds_some_agencies_alone_begins_with_their_names() -> None:
    view = view_at("us/ny/new-york-city", date(2026, 3, 1))
    for page in (page_of(view), full_page_of(view)):
        text = as_text(page)
        assert all(f"\n  - {who}: Forbidden, unless" in text for who in ("Police", "Corrections", "Probation"))
        named = " ".join(text.split())
        assert "Bound by law of their own: " in named and "A rule with no agency before it binds all." in named
    assert {entry.binds for entry in view.actions["hold"]} >= {
        ("police_department",),
        ("corrections_department",),
        ("probation",),
        (),
    }


def test_agencies_that_share_their_law_are_named_at_the_rules_alone() -> None:
    text = as_text(page_of(view_at("us/ca/los-angeles", date(2026, 3, 1))))
    assert "Bound by law of their own" not in text and "Sheriff and probation: Forbidden" in text
    assert "Bound by law of their own" not in as_text(page_of(view_at("us/ma/boston", date(2026, 3, 1))))


@pytest.mark.parametrize(
    ("binds", "words"),
    [
        ((), ""),
        (("sheriff",), "sheriff"),
        (("sheriff", "corrections_department", "state_prison"), "sheriff, corrections and state prison"),
        (("Miami-Dade Corrections and Rehabilitation Department",), "Miami-Dade Corrections and Rehabilitation Department"),
    ],
)  # fmt: skip
def test_agencies_are_named_in_a_list(binds: tuple[str, ...], words: str) -> None:
    assert name_agencies(binds) == words


def test_a_long_condition_is_cut_and_who_decides_is_not() -> None:
    long = entry(effect="permits", only=True, where="a judge " * 60, decider="sheriff")
    assert len(describe_effect(long, 100)) <= 100 and describe_effect(long, 100).endswith("…; then sheriff decides")


def test_past_duties_stand_under_past_and_those_of_others_after_the_agencys() -> None:
    view = view_at("us/fl/miami-dade")
    full = as_text(full_page_of(view))
    ours, others = full.index("What the receiving agency owes"), full.index("What others owe")
    assert ours < others < full.index(FORMS_ASK) < full.index("\nRisks\n") < full.index("\nPast\n")
    past = full[full.index("\nPast\n") :]
    assert "publish sanctuary list" in past and "publish sanctuary list" not in full[: full.index("\nPast\n")]
    before = as_text(full_page_of(view_at("us/md/frederick", date(2025, 5, 27))))
    assert "publish sanctuary list" in before[: before.index("\nRisks\n")]


def test_the_full_page_has_every_provision_and_cuts_nothing() -> None:
    view = view_at("us/ca/los-angeles")
    full = " ".join(as_text(full_page_of(view)).split())
    entries = [one for entries in view.actions.values() for one in entries]
    assert all(one.provision in full for one in entries) and "…" not in full and "--full" not in full
    assert all(" ".join(risk.warned.text.split()) in full for risk in view.risks)
    assert all(
        " ".join(one.words.split()) in full for one in (*view.limits, *view.obligations, *view.asks, *view.money)
    )


def test_the_penalties_of_an_instrument_are_one_risk_and_not_money() -> None:
    full = " ".join(as_text(full_page_of(view_at("us/tx/harris"))).split())
    assert full.count("class A misdemeanor for a sheriff") == full.count("pays $1,000 to $1,500") == 1
    assert full.index("class A misdemeanor for a sheriff") < full.index("pays $1,000 to $1,500") < full.index(" Past ")
    assert (
        "Penal Code 39.07, Gov't Code 752.0565, Gov't Code 752.056; about hold, notify, transfer, interview, share_status; verified"
        in full
    )


def test_risks_are_ranked_as_in_a_decision_and_money_is_one_line() -> None:
    acts = (
        act("us/fl/one", "statute", "advises hold", "forbids hold", title="An act"),
        act("us/fl/two", "statute", "advises hold", title="Another act"),
    )
    money = structs.replace(
        acts[1], provisions=tuple(structs.replace(one, topic="money") for one in acts[1].provisions)
    )
    library = Library(vocabulary(), gazetteer(), {}, {one.id: one for one in (acts[0], money)})
    view = build_view(in_force(library, "us/fl/alachua", date(2016, 6, 1)))
    assert [(risk.rank, risk.provisions[0], risk.why_not) for risk in view.risks] == [
        (1, "us/fl/one#1", ""), (2, "us/fl/two#1", "Federal money"),
    ]  # fmt: skip
    assert [(one.provision, one.rank, one.topic) for one in view.advice] == [
        ("us/fl/one#1", 1, ""), ("us/fl/two#1", 2, "money"),
    ]  # fmt: skip
    assert "Federal money: comity funding us/fl/alachua" in as_text(page_of(view))


def test_the_heading_says_how_far_the_law_was_researched_and_json_has_it() -> None:
    view = view_at("us/md/frederick")
    assert "Law of Maryland researched to " in as_text(page_of(view))
    assert view.to_dict()["researched_to"]["us/md"]["to"] == LIBRARY.researched["us/md"].to.isoformat()
    nobody = structs.replace(view_at("us/oh"), researched_to={"us/oh": Researched("Ohio")})
    text = as_text(page_of(nobody))
    assert "Law of Ohio not researched." in text and "Not researched\n" in text and "No rule applies" not in text
