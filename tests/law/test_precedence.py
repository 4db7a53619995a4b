"""What yields to what: each row a sentence that a lawyer would accept, a small stack, and what must come out.

The rows follow the order of precedence of the language: setting aside, duties by rank, place and time, protection,
permission, silence, courts, suspension, agencies, and days that are not known.
"""

from __future__ import annotations

from typing import Any

import pytest

from comity.law.in_force import Agency
from tests.law.small_law import act, decision_of, stack_of

STATE, COUNTY, CITY = "us/fl/state-law", "us/fl/miami-dade/county-law", "us/ny/new-york-city/city-law"
MEMO, BOARD = "us/fl/miami-dade/memo", "us/fl/miami-dade/board"

Row = tuple[str, list[Any], dict[str, Any], str, set[tuple[str, str, str]]]

ROWS: list[Row] = [
    # Setting aside
    (
        "What another instrument in force sets aside leaves the stack whole",
        [act(BOARD, "resolution", "forbids hold"), act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]")],
        {},
        "required",
        {(f"{BOARD}#1", MEMO, "overridden by")},
    ),
    (
        "Setting aside works upwards in rank too, and only a warning tells of it",
        [act(COUNTY, "ordinance", "forbids hold"), act(MEMO, "memo", "permits hold", overrides=f"[{COUNTY}]")],
        {},
        "permitted",
        {(f"{COUNTY}#1", MEMO, "overridden by")},
    ),
    (
        "What was set aside returns when the act that set it aside ends",
        [act(BOARD, "resolution", "forbids hold"), act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]", ended="2016-06-01")],
        {},
        "forbidden",
        set(),
    ),
    (
        "What was set aside returns while the act that set it aside is suspended",
        [
            act(BOARD, "resolution", "forbids hold"),
            act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]", suspended="[{from: 2016-01-01, until: 2017-01-01, by: us/fl/stay}]"),
        ],
        {},
        "forbidden",
        {(f"{MEMO}#1", "us/fl/stay", "suspended by")},
    ),
    (
        "An act suspended in part still sets aside",
        [
            act(BOARD, "resolution", "forbids hold"),
            act(
                MEMO,
                "memo",
                "requires hold",
                "requires notify",
                overrides=f"[{BOARD}]",
                suspended='[{from: 2016-01-01, by: us/fl/stay, provisions: ["#1"]}]',
            ),
        ],
        {},
        "unaddressed",
        {(f"{BOARD}#1", MEMO, "overridden by"), (f"{MEMO}#1", "us/fl/stay", "suspended by")},
    ),
    (
        "What is itself set aside sets nothing aside",
        [
            act(BOARD, "resolution", "forbids hold"),
            act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]"),
            act("us/fl/miami-dade/second", "memo", "requires notify", overrides=f"[{MEMO}]"),
        ],
        {},
        "forbidden",
        {(f"{MEMO}#1", "us/fl/miami-dade/second", "overridden by")},
    ),
    (
        "A protection that is set aside protects nothing",
        [
            act(STATE, "statute", "protects hold"),
            act("us/fl/repeal", "statute", "requires notify", overrides=f"[{STATE}]"),
            act(COUNTY, "ordinance", "forbids hold"),
        ],
        {},
        "forbidden",
        {(f"{STATE}#1", "us/fl/repeal", "overridden by")},
    ),
    (
        "An act of another place sets nothing aside here",
        [act(BOARD, "resolution", "forbids hold"), act("us/fl/broward/memo", "memo", "requires hold", overrides=f"[{BOARD}]")],
        {},
        "forbidden",
        set(),
    ),
    # Duties by rank
    (
        "A county's prohibition yields to a state's command",
        [act(STATE, "statute", "requires hold"), act(COUNTY, "ordinance", "forbids hold")],
        {},
        "required",
        {(f"{COUNTY}#1", f"{STATE}#1", "yields to higher law")},
    ),
    (
        "A county's command yields to a state's prohibition",
        [act(STATE, "statute", "forbids hold"), act(COUNTY, "ordinance", "requires hold")],
        {},
        "forbidden",
        {(f"{COUNTY}#1", f"{STATE}#1", "yields to higher law")},
    ),
    (
        "A later county ordinance does not prevail over an earlier state statute",
        [act(STATE, "statute", "requires hold"), act(COUNTY, "ordinance", "forbids hold", effective="2016-01-01")],
        {},
        "required",
        {(f"{COUNTY}#1", f"{STATE}#1", "yields to higher law")},
    ),
    (
        "A state directive prevails over a county ordinance, for the level counts before the kind",
        [act("us/fl/directive", "directive", "forbids hold"), act(COUNTY, "ordinance", "requires hold")],
        {},
        "forbidden",
        {(f"{COUNTY}#1", "us/fl/directive#1", "yields to higher law")},
    ),
    (
        "A mayor's memo yields to the board's resolution that it does not set aside",
        [act(BOARD, "resolution", "forbids hold"), act(MEMO, "memo", "requires hold", effective="2016-01-01")],
        {},
        "forbidden",
        {(f"{MEMO}#1", f"{BOARD}#1", "yields to higher law")},
    ),
    (
        "A board's resolution yields to an ordinance of the same county",
        [act(COUNTY, "ordinance", "requires hold"), act(BOARD, "resolution", "forbids hold", effective="2016-01-01")],
        {},
        "required",
        {(f"{BOARD}#1", f"{COUNTY}#1", "yields to higher law")},
    ),
    (
        "A practice yields to everything written at its place",
        [act("us/fl/miami-dade/habit", "practice", "requires hold"), act(MEMO, "memo", "forbids hold")],
        {},
        "forbidden",
        {("us/fl/miami-dade/habit#1", f"{MEMO}#1", "yields to higher law")},
    ),
    (
        "A state constitution prevails over a state statute, however late",
        [act("us/fl/constitution", "constitution", "forbids hold"), act(STATE, "statute", "requires hold", effective="2016-01-01")],
        {},
        "forbidden",
        {(f"{STATE}#1", "us/fl/constitution#1", "yields to higher law")},
    ),
    (
        "A federal statute prevails over a state constitution",
        [act("us/statute", "statute", "requires share_status"), act("us/fl/constitution", "constitution", "forbids share_status")],
        {"action": "share_status"},
        "required",
        {("us/fl/constitution#1", "us/statute#1", "yields to higher law")},
    ),
    (
        "A duty that has yielded defeats nothing: the county stands again once the state has yielded to Washington",
        [
            act("us/statute", "statute", "requires hold"),
            act(STATE, "statute", "forbids hold"),
            act(COUNTY, "ordinance", "requires hold"),
        ],
        {},
        "required",
        {(f"{STATE}#1", "us/statute#1", "yields to higher law")},
    ),
    (
        "A duty that does not apply defeats nothing",
        [act(STATE, "statute", "requires hold when request.signed"), act(COUNTY, "ordinance", "forbids hold")],
        {"facts": {"request__signed": False}},
        "forbidden",
        set(),
    ),
    # Duties by place and time
    (
        "Of two acts of one kind at one place, the later effective prevails",
        [act(BOARD, "resolution", "forbids hold"), act("us/fl/miami-dade/later", "resolution", "requires hold", effective="2016-01-01")],
        {},
        "required",
        {(f"{BOARD}#1", "us/fl/miami-dade/later#1", "yields to what took effect later")},
    ),
    (
        "Of two that took effect on one day, the later enacted prevails",
        [
            act(BOARD, "resolution", "forbids hold", enacted="2014-10-01"),
            act("us/fl/miami-dade/later", "resolution", "requires hold", enacted="2014-11-01"),
        ],
        {},
        "required",
        {(f"{BOARD}#1", "us/fl/miami-dade/later#1", "yields to what was enacted later")},
    ),
    (
        "Two of one day and one enactment, which contradict each other, both stand",
        [act(BOARD, "resolution", "forbids hold"), act("us/fl/miami-dade/twin", "resolution", "requires hold")],
        {},
        "in_conflict",
        set(),
    ),
    (
        "A city's ordinance and its county's are of one rank, and neither yields",
        [act(CITY, "ordinance", "forbids hold", effective="2016-01-01"), act("us/ny/kings/county-law", "ordinance", "requires hold")],
        {"place": "us/ny/kings"},
        "in_conflict",
        set(),
    ),
    (
        "An uncertain day counts as its last: what came in by the end of 2015 is later than what came in that October",
        [
            act(BOARD, "resolution", "forbids hold", effective="2015-10-01"),
            act("us/fl/miami-dade/later", "resolution", "requires hold", effective="{between: [2015-06-01, 2015-12-31]}"),
        ],
        {},
        "required",
        {(f"{BOARD}#1", "us/fl/miami-dade/later#1", "yields to what took effect later")},
    ),
    (
        "One act that both requires and forbids contradicts itself",
        [act(COUNTY, "ordinance", "requires hold", "forbids hold")],
        {},
        "in_conflict",
        set(),
    ),
    # By its own words
    (
        "An act yields by its own words to another of its place, whichever is later",
        [act(BOARD, "resolution", "forbids hold", effective="2016-01-01", subject_to=f"[{MEMO}]"), act(MEMO, "memo", "requires hold")],
        {},
        "required",
        {(f"{BOARD}#1", f"{MEMO}#1", "yields by its own words")},
    ),
    (
        "A state statute may yield by its own words to a county's ordinance",
        [act(STATE, "statute", "requires hold", subject_to=f"[{COUNTY}]"), act(COUNTY, "ordinance", "forbids hold")],
        {},
        "forbidden",
        {(f"{STATE}#1", f"{COUNTY}#1", "yields by its own words")},
    ),
    (
        "To yield by its own words to what does not apply is not to yield",
        [
            act(STATE, "statute", "requires hold", subject_to=f"[{COUNTY}]"),
            act(COUNTY, "ordinance", "forbids hold when request.signed"),
        ],
        {"facts": {"request__signed": False}},
        "required",
        set(),
    ),
    # Protection
    (
        "A prohibition yields to a higher law that protects the action, and then nothing is left",
        [act("us/1373", "statute", "protects share_status"), act(COUNTY, "ordinance", "forbids share_status")],
        {"action": "share_status"},
        "unaddressed",
        {(f"{COUNTY}#1", "us/1373#1", "yields to a higher law that protects this")},
    ),
    (
        "Protection defeats no command",
        [act("us/1373", "statute", "protects share_status"), act(COUNTY, "ordinance", "requires share_status")],
        {"action": "share_status"},
        "required",
        set(),
    ),
    (
        "Protection of the same rank defeats no prohibition",
        [act(STATE, "statute", "protects hold"), act("us/fl/other", "statute", "forbids hold")],
        {},
        "forbidden",
        set(),
    ),
    (
        "A prohibition that has yielded to a protection no longer stands against a lower command",
        [
            act("us/1373", "statute", "protects hold"),
            act(STATE, "statute", "forbids hold"),
            act(COUNTY, "ordinance", "requires hold"),
        ],
        {},
        "required",
        {(f"{STATE}#1", "us/1373#1", "yields to a higher law that protects this")},
    ),
    # Permission and silence
    (
        "A permission of higher rank never defeats a prohibition: that a county may honor leaves it its own rule",
        [act(STATE, "statute", "permits hold"), act(COUNTY, "ordinance", "forbids hold")],
        {},
        "forbidden",
        set(),
    ),
    (
        "A permission adds nothing to a command",
        [act(STATE, "statute", "permits hold"), act(COUNTY, "ordinance", "requires hold")],
        {},
        "required",
        set(),
    ),
    (
        "Where there is no duty, a permission decides",
        [act(STATE, "statute", "permits hold")],
        {},
        "permitted",
        set(),
    ),
    (
        "Where no law speaks, nothing is decided",
        [act(STATE, "statute", "requires notify")],
        {},
        "unaddressed",
        set(),
    ),
    (
        "What is allowed only on a condition is forbidden without it",
        [act(COUNTY, "ordinance", "only hold when request.signed")],
        {"facts": {"request__signed": False}},
        "forbidden",
        set(),
    ),
    (
        "What is allowed only on a condition is never unaddressed, though the condition is not known",
        [act(COUNTY, "ordinance", "only hold when request.signed")],
        {"possible": ("permitted", "forbidden")},
        "undetermined",
        set(),
    ),
    (
        "Advice changes no outcome",
        [act("us/ruling", "ruling", "advises hold", court="S.D. Fla.")],
        {},
        "unaddressed",
        set(),
    ),
    # Courts
    (
        "A precedent stands at the rank of the law that it construes, and as the later one prevails over it",
        [
            act(STATE, "statute", "requires hold"),
            act("us/fl/case", "precedent", "forbids hold", construes=STATE, court="Fla. 3d DCA", effective="2016-01-01"),
        ],
        {},
        "forbidden",
        {(f"{STATE}#1", "us/fl/case#1", "yields to what took effect later")},
    ),
    (
        "A later statute answers a precedent",
        [
            act(STATE, "statute", "requires notify"),
            act("us/fl/case", "precedent", "forbids hold", construes=STATE, court="Fla. 3d DCA"),
            act("us/fl/answer", "statute", "requires hold", effective="2016-01-01"),
        ],
        {},
        "required",
        {("us/fl/case#1", "us/fl/answer#1", "yields to what took effect later")},
    ),
    (
        "A precedent does not bind outside its court's places",
        [
            act(STATE, "statute", "requires hold"),
            act("us/fl/case", "precedent", "forbids hold", construes=STATE, court="Fla. 3d DCA", effective="2016-01-01"),
        ],
        {"place": "us/fl/broward"},
        "required",
        set(),
    ),
    (
        "A federal decree binds at the rank of a federal statute, above the state's law",
        [act(STATE, "statute", "requires hold"), act("us/fl/miami-dade/decree", "decree", "forbids hold", court="S.D. Fla.")],
        {},
        "forbidden",
        {(f"{STATE}#1", "us/fl/miami-dade/decree#1", "yields to higher law")},
    ),
    (
        "A state court's order stands just above what it reviews",
        [
            act(COUNTY, "ordinance", "requires hold", effective="2016-01-01"),
            act("us/fl/miami-dade/order", "order", "forbids hold", court="Fla. Cir. Ct.", reviews=COUNTY),
        ],
        {},
        "forbidden",
        {(f"{COUNTY}#1", "us/fl/miami-dade/order#1", "yields to higher law")},
    ),
    (
        "A state court's order about an ordinance does not reach the state's statute",
        [
            act(STATE, "statute", "requires hold"),
            act(COUNTY, "ordinance", "requires hold"),
            act("us/fl/miami-dade/order", "order", "forbids hold", court="Fla. Cir. Ct.", reviews=COUNTY),
        ],
        {},
        "required",
        {("us/fl/miami-dade/order#1", f"{STATE}#1", "yields to higher law")},
    ),
    # Suspension, agencies, days
    (
        "A provision that is stayed is out of force, and the lower law speaks",
        [
            act(STATE, "statute", "requires hold", suspended='[{from: 2016-01-01, by: us/fl/stay, provisions: ["#1"]}]'),
            act(COUNTY, "ordinance", "forbids hold"),
        ],
        {},
        "forbidden",
        {(f"{STATE}#1", "us/fl/stay", "suspended by")},
    ),
    (
        "A stay for other places leaves the law in force here",
        [
            act(STATE, "statute", "requires hold", suspended="[{from: 2016-01-01, by: us/fl/stay, covers: [us/fl/broward]}]"),
            act(COUNTY, "ordinance", "forbids hold"),
        ],
        {},
        "required",
        {(f"{COUNTY}#1", f"{STATE}#1", "yields to higher law")},
    ),
    (
        "Local law does not bind a state prison unless it says so",
        [act(COUNTY, "ordinance", "forbids hold")],
        {"agency": Agency("state_prison")},
        "unaddressed",
        set(),
    ),
    (
        "State law binds a state prison",
        [act(STATE, "statute", "forbids hold")],
        {"agency": Agency("state_prison")},
        "forbidden",
        set(),
    ),
    (
        "A rule for the police does not bind the jail",
        [act(COUNTY, "ordinance", "forbids hold", binds="[police_department]")],
        {"agency": Agency("corrections_department")},
        "unaddressed",
        set(),
    ),
    (
        "With the agency not given, a rule for any agency counts",
        [act(COUNTY, "ordinance", "forbids hold", binds="[police_department]")],
        {},
        "forbidden",
        set(),
    ),
    (
        "What is enacted but not yet in force decides nothing, and is named",
        [act(STATE, "statute", "requires hold", enacted="2016-05-01", effective="2016-07-01")],
        {},
        "unaddressed",
        {(f"{STATE}#1", "2016-07-01", "not in force until")},
    ),
    (
        "An act that reaches back applies from before it took effect",
        [act(STATE, "statute", "requires hold", effective="2016-07-01", applies_from="2016-05-01")],
        {},
        "required",
        set(),
    ),
    (
        "Seen on a day before it was enacted, an act that reaches back is not there",
        [act(STATE, "statute", "requires hold", enacted="2016-07-01", effective="2016-07-01", applies_from="2016-05-01")],
        {"known_on": "2016-06-15"},
        "unaddressed",
        set(),
    ),
    (
        "In the month in which an act came in on some day, both outcomes are open",
        [act(COUNTY, "ordinance", "forbids hold", effective="2016-06")],
        {"day": "2016-06-15", "possible": ("forbidden", "unaddressed")},
        "undetermined",
        set(),
    ),
    (
        "An end in the span of its successor's start is one Unknown: one of the two decides, never both or neither",
        [
            act(BOARD, "resolution", "forbids hold", ended="2016-06", ended_by=MEMO),
            act(MEMO, "memo", "requires hold", effective="2016-06"),
        ],
        {"day": "2016-06-15", "possible": ("required", "forbidden")},
        "undetermined",
        set(),
    ),
    (
        "An expiry after 90 days leaves day 90 out of force",
        [act(STATE, "statute", "requires hold", effective="2016-03-03", expires="{after: 90 days}")],
        {"day": "2016-06-01"},
        "unaddressed",
        set(),
    ),
    (
        "The day before it is the last in force",
        [act(STATE, "statute", "requires hold", effective="2016-03-03", expires="{after: 90 days}")],
        {"day": "2016-05-31"},
        "required",
        set(),
    ),
]


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "diagram"])
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_precedence(row: Row, plain: bool) -> None:
    _, acts, given, outcome, yields = row
    how = {key: given[key] for key in ("place", "day", "agency", "known_on") if key in given}
    decision = decision_of(stack_of(*acts, **how), plain, **given.get("facts", {}))
    answer = decision.actions[given.get("action", "hold")]
    assert answer.outcome == outcome
    assert {(own.provision, own.to, own.reason) for own in answer.yielding if not own.maybe} == yields
    if "possible" in given:
        assert answer.possible == given["possible"]


def test_there_are_forty_rows() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS) >= 40


def test_a_lower_act_over_a_higher_one_is_warned_of() -> None:
    stack = stack_of(act(BOARD, "resolution", "forbids hold"), act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]"))
    warnings = decision_of(stack).actions["hold"].warnings
    assert [own.provision for own in warnings] == [MEMO]
    assert "a memo over a resolution" in warnings[0].text


def test_a_circle_of_setting_aside_leaves_an_answer() -> None:
    stack = stack_of(
        act(BOARD, "resolution", "forbids hold", overrides=f"[{MEMO}]"), act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]")
    )
    assert decision_of(stack).actions["hold"].outcome != "undetermined"
