"""Obligations that yield, what a form asks, and warnings that say whom they bind."""

from __future__ import annotations

import pytest
from msgspec import structs

from comity.claims import claims
from comity.claims.prover import Prover
from comity.decision.answer import Warned
from comity.decision.decision import Decision
from comity.decision.risks import OF_DECLINING, rank_risks
from comity.law.consistency import check_relations
from comity.law.instrument import Instrument
from tests.law.small_law import COURTS, act, decision_of, gazetteer, stack_of, vocabulary

TELL = "obliges give_notice does notify"
KEEP_OUT = "obliges keep_out refuses hold"
BOTH = pytest.mark.parametrize("plain", [False, True], ids=["diagrams", "search"])


def owed(decision: Decision) -> list[tuple[str, str]]:
    return [(item.deed, item.condition) for item in decision.obligations]


@BOTH
def test_an_obligation_yields_where_higher_law_forbids_what_it_demands(plain: bool) -> None:
    county, state = act("us/fl/miami-dade/a", "ordinance", TELL), act("us/fl/b", "statute", "forbids notify")
    assert owed(decision_of(stack_of(county), plain)) == [("give_notice", "")]
    assert owed(decision_of(stack_of(county, state), plain)) == []


@BOTH
def test_an_obligation_of_higher_law_stands_and_the_lower_prohibition_yields_nothing(plain: bool) -> None:
    state, county = act("us/fl/a", "statute", TELL), act("us/fl/miami-dade/b", "ordinance", "forbids notify")
    stack = stack_of(state, county)
    assert owed(decision_of(stack, plain)) == [("give_notice", "")]
    [verdict] = claims.dutiful(Prover(stack))
    assert verdict.holds is False and verdict.provisions == ("us/fl/miami-dade/b#1",)


@BOTH
def test_whether_it_yields_may_turn_on_a_fact_that_is_not_known(plain: bool) -> None:
    county = act("us/fl/miami-dade/a", "ordinance", TELL)
    state = act("us/fl/b", "statute", "forbids notify when request.signed")
    stack = stack_of(county, state)
    assert owed(decision_of(stack, plain, request__signed=False)) == [("give_notice", "")]
    assert owed(decision_of(stack, plain, request__signed=True)) == []
    [(deed, condition)] = owed(decision_of(stack, plain))
    assert deed == "give_notice" and condition
    [verdict] = claims.dutiful(Prover(stack))
    assert verdict.holds is True


@BOTH
def test_a_duty_to_keep_out_yields_to_a_higher_duty_and_to_what_protects(plain: bool) -> None:
    county = act("us/fl/miami-dade/a", "resolution", KEEP_OUT)
    for effect in ("requires hold", "protects hold"):
        assert owed(decision_of(stack_of(county, act("us/fl/b", "statute", effect)), plain)) == []
    assert owed(decision_of(stack_of(county, act("us/fl/b", "statute", "forbids hold")), plain)) == [("keep_out", "")]


@BOTH
def test_an_obligation_ends_with_its_instrument(plain: bool) -> None:
    overridden = act("us/fl/miami-dade/a", "resolution", TELL)
    over = act("us/fl/miami-dade/b", "memo", "permits hold", overrides="[us/fl/miami-dade/a]")
    assert owed(decision_of(stack_of(overridden, over), plain)) == []
    stay = act("us/fl/miami-dade/c", "resolution", TELL, suspended="[{from: 2016-01-01}]")
    assert owed(decision_of(stack_of(stay), plain)) == []


@BOTH
def test_what_a_form_asks_obliges_nobody(plain: bool) -> None:
    form = act("us/f", "form", "asks give_notice does notify")
    decision = decision_of(stack_of(form, act("us/fl/b", "statute", "forbids notify")), plain)
    assert decision.obligations == () and [item.deed for item in decision.asked_by_form] == ["give_notice"]
    assert decision.outcome("notify") == "forbidden"


def test_what_the_form_asks_comes_before_what_a_rule_asks() -> None:
    rule, form = act("us/a", "regulation", "asks show_records"), act("us/f", "form", "asks serve_copy")
    assert [item.deed for item in decision_of(stack_of(rule, form)).asked_by_form] == ["serve_copy", "show_records"]


def relations(*acts: Instrument) -> list[str]:
    found = {instrument.id: instrument for instrument in acts}
    return [finding.message for finding in check_relations(found, [], vocabulary(), gazetteer(), COURTS)]


def test_a_form_may_not_oblige_and_a_practice_may_not_command() -> None:
    assert relations(act("us/f", "form", TELL)) == ["a form commands nobody, and this has the effect obliges"]
    for effect in ("requires hold", "forbids hold"):
        [message] = relations(act("us/fl/miami-dade/p", "practice", effect))
        assert message.startswith("a practice commands nobody")
    assert relations(act("us/fl/miami-dade/p", "practice", "permits hold")) == []


def test_a_demand_names_an_action_that_there_is() -> None:
    assert relations(act("us/fl/a", "statute", "obliges tell does notice")) == ['there is no action "notice"']


def test_a_suspension_names_provisions_that_there_are() -> None:
    stays = "[{{from: 2016-01-01, provisions: ['{}']}}]"
    assert relations(act("us/fl/a", "statute", TELL, suspended=stays.format("#1"))) == []
    message = 'suspended names "us/fl/a#1", which is no provision of this file'
    assert relations(act("us/fl/a", "statute", TELL, suspended=stays.format("us/fl/a#1"))) == [message]


def force_of(kind: str, place: str, **front: str) -> str:
    ruling = act(front.pop("id", "us/r"), kind, "advises hold", **front)
    [warned] = [
        warned
        for warned in decision_of(stack_of(ruling, place=place)).actions["hold"].warnings
        if warned.text == "Mind this."
    ]
    return f"{warned.force} {warned.parties_only}"


def test_a_courts_word_binds_where_it_reaches_and_persuades_elsewhere() -> None:
    assert force_of("ruling", "us/fl/miami-dade", court="11th Cir.") == "binding False"
    assert force_of("ruling", "us/tx/harris", court="11th Cir.") == "persuasive False"
    assert force_of("ruling", "us/fl/miami-dade", court="S.D. Fla.") == "persuasive False"
    assert force_of("order", "us/fl/miami-dade", court="S.D. Fla.", parties="[us/fl/miami-dade]") == "binding False"
    assert force_of("order", "us/tx/harris", court="S.D. Fla.", parties="[us/fl/miami-dade]") == "persuasive True"


def test_a_ruling_on_law_that_is_gone_is_history() -> None:
    gone = act("us/fl/miami-dade/gone", "ordinance", "forbids hold", ended="2016-01-01")
    ruling = act("us/r", "ruling", "advises hold", court="11th Cir.", reviews="us/fl/miami-dade/gone")
    for day, topic in (("2015-12-31", ""), ("2016-01-01", "history")):
        [warned] = decision_of(stack_of(gone, ruling, day=day)).actions["hold"].warnings
        assert warned.topic == topic


def test_a_liability_for_holding_is_no_risk_of_an_answer_that_forbids_holding() -> None:
    advice = act("us/fl/miami-dade/r", "ordinance", "advises hold", evidence="verified")
    burdened = advice_with(advice, topic="liability", burdens="doing")
    forbids = act("us/fl/b", "statute", "forbids hold")
    assert [risk.counts for risk in decision_of(stack_of(burdened)).risks()] == [True]
    assert [risk.counts for risk in decision_of(stack_of(burdened, forbids)).risks()] == [False]


def warning_act(id: str, topic: str, when: str = "", **front: str) -> Instrument:
    kind = "ruling" if "court" in front else "statute"
    return advice_with(act(id, kind, f"advises hold{f' when {when}' if when else ''}", **front), topic=topic)


def ranked_ids(*acts: Instrument) -> list[str]:
    ranked = decision_of(stack_of(*acts)).risks()
    assert [risk.rank for risk in ranked] == [*range(1, len(ranked) + 1)]
    return [risk.provisions[0].partition("#")[0] for risk in ranked]


def test_risks_come_binding_then_form_then_persuasive_then_dispute() -> None:
    order = ranked_ids(
        warning_act("us/a", "dispute"),
        warning_act("us/b", "form"),
        warning_act("us/c", "liability", court="S.D. Fla."),
        warning_act("us/d", "liability", court="11th Cir."),
        warning_act("us/e", "history"),
    )
    assert order == ["us/d", "us/b", "us/c", "us/a", "us/e"]


def test_what_binds_comes_first_even_where_it_only_may_apply() -> None:
    order = ranked_ids(
        warning_act("us/a", "liability", court="S.D. Fla."),
        warning_act("us/b", "liability", "request.signed", court="11th Cir."),
        warning_act("us/c", "authority"),
        warning_act("us/d", "form", "request.complete"),
    )
    assert order == ["us/c", "us/b", "us/a", "us/d"]


def test_what_only_a_visit_asks_comes_last_where_it_is_not_known_what_is_asked() -> None:
    visit = Warned("us/fl/a#1", "Mind this.", topic="authority")
    jail = structs.replace(visit, provision="us/fl/b#1", text="Mind that.")
    ranked = rank_risks([("enter_nonpublic", visit), ("hold", jail)])
    assert [risk.warned.provision for risk in ranked] == ["us/fl/b#1", "us/fl/a#1"]
    ranked = rank_risks([("enter_nonpublic", visit), ("hold", jail)], asked=["enter_nonpublic"])
    assert [risk.warned.provision for risk in ranked] == ["us/fl/a#1", "us/fl/b#1"]


def test_a_dispute_about_the_law_that_decides_ranks_as_a_question_of_authority() -> None:
    county = act("us/fl/miami-dade/a", "ordinance", "forbids hold")
    others = (warning_act("us/b", "form"), warning_act("us/c", "dispute"))
    suit = warning_act("us/d", "dispute", court="S.D. Fla.", reviews="us/fl/miami-dade/a")
    assert ranked_ids(county, suit, *others) == ["us/d", "us/b", "us/c"]
    other_suit = warning_act("us/d", "dispute", court="S.D. Fla.", reviews="us/b")
    assert ranked_ids(county, other_suit, *others) == ["us/b", "us/c", "us/d"]


def test_a_dispute_of_the_state_comes_first_where_no_rule_decides() -> None:
    others = (warning_act("us/b", "authority"), warning_act("us/c", "dispute"))
    pending = warning_act("us/fl/d", "dispute", court="Fla. 3d DCA", effective="2014-01-01")
    stack = stack_of(pending, *others)
    [warned] = [warned for warned in decision_of(stack).actions["hold"].warnings if warned.topic == "dispute"][:1]
    assert (warned.force, warned.disputes) == (
        "",
        "us/fl/d",
    )  # nothing is decided, so that it neither binds nor persuades
    assert {*ranked_ids(pending, *others)[:2]} == {"us/b", "us/fl/d"}
    decided = act("us/fl/e", "statute", "permits hold")
    assert ranked_ids(pending, decided, *others)[0] == "us/b"


def test_the_penalties_of_the_law_that_decides_are_one_warning() -> None:
    penalties = ("penalty hold", "penalty hold")
    strict = act("us/fl/a", "statute", "requires hold", *penalties)
    law, other = (
        advice_with(strict, burdens="declining"),
        advice_with(act("us/fl/b", "statute", *penalties[:1]), burdens="declining"),
    )
    first, second = decision_of(stack_of(law, other)).risks()
    assert first.counts and first.provisions == ("us/fl/a#2", "us/fl/a#3") and first.warned.text == "Pay this."
    assert second.provisions == ("us/fl/b#1",) and second.why_not == OF_DECLINING
    free = decision_of(stack_of(other)).risks()
    assert [risk.counts for risk in free] == [True]


def test_a_warning_of_the_constitution_comes_first() -> None:
    old = advice_with(
        act("us/a", "constitution", "advises hold", effective="1997-04-01"), topic="authority", burdens="doing"
    )
    later = advice_with(act("us/b", "ruling", "advises hold", court="11th Cir."), topic="liability")
    ranked = decision_of(stack_of(old, later)).risks()
    assert [risk.provisions[0] for risk in ranked] == ["us/a#1", "us/b#1"]
    forbids = act("us/fl/c", "statute", "forbids hold")
    ranked = decision_of(stack_of(old, later, forbids)).risks()  # nobody is held, so the risk of holding is not run
    assert [risk.provisions[0] for risk in ranked] == ["us/b#1", "us/a#1"]


def advice_with(instrument: Instrument, **keys: str) -> Instrument:
    provisions = tuple(structs.replace(provision, **keys) for provision in instrument.provisions)
    return structs.replace(instrument, provisions=provisions)
