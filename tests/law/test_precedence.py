"""What yields to what, in the order of precedence of the language: the rows of `precedence_duties` and `precedence_rest`."""

from __future__ import annotations

import pytest

from tests.law.precedence_duties import BOARD, DUTIES, MEMO, Row
from tests.law.precedence_rest import REST
from tests.law.small_law import act, decision_of, stack_of

ROWS: list[Row] = [*DUTIES, *REST]


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "diagram"])
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_precedence(row: Row, plain: bool) -> None:
    _, acts, given, outcome, yields = row
    how = {key: given[key] for key in ("place", "day", "agency", "known_on") if key in given}
    decision = decision_of(stack_of(*acts, **how), plain, **given.get("facts", {}))
    answer = decision.actions[given.get("action", "hold")]
    assert answer.outcome == outcome
    assert {(duty.provision, duty.to, duty.reason) for duty in answer.yielding if not duty.maybe} == yields
    if "possible" in given:
        assert answer.possible == given["possible"]


def test_there_are_forty_rows() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS) >= 40


def test_a_lower_act_over_a_higher_one_is_warned_of() -> None:
    stack = stack_of(
        act(BOARD, "resolution", "forbids hold"), act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]")
    )
    warnings = decision_of(stack).actions["hold"].warnings
    assert [warning.provision for warning in warnings] == [MEMO]
    assert "a memo over a resolution" in warnings[0].text


def test_a_circle_of_setting_aside_leaves_an_answer() -> None:
    stack = stack_of(
        act(BOARD, "resolution", "forbids hold", overrides=f"[{MEMO}]"),
        act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]"),
    )
    assert decision_of(stack).actions["hold"].outcome != "undetermined"
