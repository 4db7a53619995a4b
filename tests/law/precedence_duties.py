"""Rows of precedence about duties: a sentence that a lawyer would accept, a small stack, and what must come out.

In their order: setting aside, duties by rank, by place and time, by an act's own words, protection. A row holds the
sentence, the acts, how and with which facts it is asked, the outcome, and what yields to what and why.
"""

from __future__ import annotations

from typing import Any

from tests.law.small_law import act

STATE, COUNTY, CITY = "us/fl/state-law", "us/fl/miami-dade/county-law", "us/ny/new-york-city/city-law"
MEMO, BOARD = "us/fl/miami-dade/memo", "us/fl/miami-dade/board"

Row = tuple[str, list[Any], dict[str, Any], str, set[tuple[str, str, str]]]

DUTIES: list[Row] = [
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
        [
            act(BOARD, "resolution", "forbids hold"),
            act(MEMO, "memo", "requires hold", overrides=f"[{BOARD}]", ended="2016-06-01"),
        ],
        {},
        "forbidden",
        set(),
    ),
    (
        "What was set aside returns while the act that set it aside is suspended",
        [
            act(BOARD, "resolution", "forbids hold"),
            act(
                MEMO,
                "memo",
                "requires hold",
                overrides=f"[{BOARD}]",
                suspended="[{from: 2016-01-01, until: 2017-01-01, by: us/fl/stay}]",
            ),
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
        [
            act(BOARD, "resolution", "forbids hold"),
            act("us/fl/broward/memo", "memo", "requires hold", overrides=f"[{BOARD}]"),
        ],
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
        [
            act("us/fl/constitution", "constitution", "forbids hold"),
            act(STATE, "statute", "requires hold", effective="2016-01-01"),
        ],
        {},
        "forbidden",
        {(f"{STATE}#1", "us/fl/constitution#1", "yields to higher law")},
    ),
    (
        "A federal statute prevails over a state constitution",
        [
            act("us/statute", "statute", "requires share_status"),
            act("us/fl/constitution", "constitution", "forbids share_status"),
        ],
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
        [
            act(BOARD, "resolution", "forbids hold"),
            act("us/fl/miami-dade/later", "resolution", "requires hold", effective="2016-01-01"),
        ],
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
        [
            act(CITY, "ordinance", "forbids hold", effective="2016-01-01"),
            act("us/ny/kings/county-law", "ordinance", "requires hold"),
        ],
        {"place": "us/ny/kings"},
        "in_conflict",
        set(),
    ),
    (
        "An uncertain day counts as its last: what came in by the end of 2015 is later than what came in that October",
        [
            act(BOARD, "resolution", "forbids hold", effective="2015-10-01"),
            act(
                "us/fl/miami-dade/later", "resolution", "requires hold", effective="{between: [2015-06-01, 2015-12-31]}"
            ),
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
        [
            act(BOARD, "resolution", "forbids hold", effective="2016-01-01", subject_to=f"[{MEMO}]"),
            act(MEMO, "memo", "requires hold"),
        ],
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
]
