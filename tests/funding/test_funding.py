"""Federal money at stake, as the law that ships has it: Miami-Dade in 2017, who was covered by which order, what breaches what."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import comity
from comity.finding import InputFault
from comity.funding.page import page_of
from comity.funding.view import ConditionView, Funding
from comity.law.library import Library
from comity.present.page import as_text

MIAMI, SANTA_CLARA = "us/fl/miami-dade", "us/ca/santa-clara"
ORDER = "eo13768-9a"
POLICIES = Path(__file__).parents[2] / "policies"


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


@pytest.fixture(scope="module")
def february(library: Library) -> Funding:
    return comity.money_at_stake(MIAMI, on="2017-02-01", library=library)


def order(place: str, day: str, library: Library) -> ConditionView:
    funding = comity.money_at_stake(place, on=day, library=library)
    return funding.conditions.get(ORDER) or funding.others[ORDER]


def test_the_share_of_the_budget_is_as_it_was_published(february: Funding) -> None:
    stake = february.stake
    assert stake and (stake.federal_cents, stake.total_cents, stake.share_basis_points) == (
        355_000_000_00,
        7_000_000_000_00,
        507,
    )


def test_each_programme_has_its_statute_and_the_conditions_that_touch_it(february: Funding) -> None:
    touched = {programme.id: programme.conditions for programme in february.programmes}
    assert all(programme.statute and programme.source for programme in february.programmes)
    assert touched["byrne_jag"] == ("doj-2016-section-1373", ORDER) and touched["transit"] == (ORDER,)


@pytest.mark.parametrize(
    ("place", "day", "state", "here"),
    [
        (MIAMI, "2017-01-24", "not_yet", []),
        (MIAMI, "2017-01-25", "in_force", []),
        (MIAMI, "2017-04-24", "in_force", []),
        (MIAMI, "2017-04-25", "stopped_here", [True]),
        (MIAMI, "2018-07-31", "stopped_here", [True]),
        (MIAMI, "2018-08-01", "in_force", [False]),
        (SANTA_CLARA, "2018-08-01", "stopped_here", [True]),
        (MIAMI, "2021-01-19", "in_force", [False]),
        (MIAMI, "2021-01-20", "ended", []),
    ],
)
def test_the_order_of_2017_is_in_force_or_stopped_for_whom_a_court_said(
    place: str, day: str, state: str, here: list[bool], library: Library
) -> None:
    condition = order(place, day, library)
    assert (condition.state, [suspending.here for suspending in condition.orders]) == (state, here)


@pytest.mark.parametrize(
    ("place", "day", "condition", "state", "breached"),
    [
        (MIAMI, "2018-01-01", "jag-2017-certificate", "in_force", False),
        (MIAMI, "2018-01-01", "jag-2017-notice", "stopped_here", False),
        (MIAMI, "2018-07-01", "jag-2017-access", "in_force", False),
        ("us/pa/philadelphia", "2018-07-01", "jag-2017-certificate", "stopped_here", False),
        ("us/pa/philadelphia", "2018-07-01", "jag-2017-notice", "stopped_here", True),
        ("us/ca/san-francisco", "2025-09-01", "eo14159-17", "stopped_here", "unknown"),
        ("us/ca/san-francisco", "2025-09-01", "eo14287-3", "stopped_here", True),
        (MIAMI, "2025-09-01", "eo14159-17", "in_force", "unknown"),
        (MIAMI, "2025-09-01", "eo14287-3", "in_force", False),
    ],
)
def test_each_condition_has_force_for_those_whom_no_order_covers(
    place: str, day: str, condition: str, state: str, breached: bool | str, library: Library
) -> None:
    view = comity.money_at_stake(place, on=day, library=library).conditions[condition]
    assert (view.state, view.breached) == (state, breached)


@pytest.mark.parametrize("day", ["2017-01-25", "2017-02-01"])
def test_neither_declining_nor_honoring_detainers_breaches_what_the_order_says(day: str, library: Library) -> None:
    assert order(MIAMI, day, library).breached is False


def test_a_condition_on_all_detainers_is_breached_by_the_resolution_and_not_by_the_memo(library: Library) -> None:
    eve, after = (
        comity.money_at_stake(MIAMI, on=day, library=library).others["hr3003-2017"]
        for day in ("2017-01-25", "2017-02-01")
    )
    assert (eve.breached, after.breached) == (True, False)
    witness = eve.criteria[0].witnesses[0]
    assert [rests.provision.partition("#")[0] for rests in witness.provisions] == ["us/fl/miami-dade/r-1008-13"]
    decided = comity.decide(witness.request, library=library)
    assert decided.actions[witness.action].outcome == witness.outcome == "forbidden"


@pytest.mark.parametrize(
    ("element", "pointing", "says"),
    [
        ("unambiguous", "against", "names no programme"),
        ("notice", "against", "excepts no grant that was accepted earlier"),
        ("related", "against", "for transit and housing as for police"),
        (
            "coercion",
            "open",
            "5.07 % of this place's budget: more than the 5 % of South Dakota v. Dole and less than the 10 %",
        ),
        ("congress", "against", "the order is the President's own"),
        ("commandeering", "against", "cannot command a sheriff"),
    ],
)
def test_what_legal_experts_said_that_week_stands_element_by_element(
    february: Funding, element: str, pointing: str, says: str
) -> None:
    view = next(each for each in february.conditions[ORDER].elements if each.element == element)
    assert view.facts == pointing and any(says in point.words for point in view.points) and view.decisions
    assert all(point.source and point.evidence for point in view.points)


def test_nothing_is_shown_that_could_not_be_known_that_day(february: Funding, library: Library) -> None:
    said = as_text(page_of(february))
    assert "Murphy" not in said and "order of 2017-04-25" not in said
    later = as_text(page_of(comity.money_at_stake(MIAMI, on="2018-09-01", library=library)))
    assert "Murphy" in later and "order of 2017-04-25" in later


@pytest.mark.parametrize(
    ("place", "day", "cite"), [("us/tx/travis", "2018-06-01", "752.056"), ("us/nh/hillsborough", "2026-02-01", "106")]
)
def test_what_a_state_puts_at_stake_by_its_own_law_stands_beside_the_federal_money(
    place: str, day: str, cite: str, library: Library
) -> None:
    funding = comity.money_at_stake(place, on=day, library=library)
    assert any(cite in each.source and ("$" in each.words or "percent" in each.words) for each in funding.of_law_here)
    assert "puts at stake itself" in as_text(page_of(funding))


def test_no_page_gives_a_verdict(february: Funding) -> None:
    said = as_text(page_of(february)).lower()
    assert "courts decide" in said and "unconstitutional" not in said and "invalid" not in said


def test_of_a_place_whose_law_is_not_encoded_a_breach_is_not_known(library: Library) -> None:
    funding = comity.money_at_stake("us/fl/alachua", on="2017-02-01", library=library)
    assert funding.not_encoded and funding.conditions["doj-2016-section-1373"].breached == "unknown"
    assert funding.stake is None and "not recorded" in as_text(page_of(funding))


@pytest.mark.parametrize("table", ["programmes", "spending-clause", "budgets"])
def test_a_figure_that_has_lost_its_source_is_refused(table: str, tmp_path: Path, library: Library) -> None:
    with (POLICIES / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with (tmp_path / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows([{**rows[0], "source": ""}, *rows[1:]])
    with pytest.raises(InputFault, match="needs a source"):
        comity.money_at_stake(MIAMI, on="2017-02-01", folders=[tmp_path])
