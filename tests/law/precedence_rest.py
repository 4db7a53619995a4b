"""Further rows of precedence: permission, silence, courts, suspension, agencies, and days that are not known."""

from __future__ import annotations

from comity.law.in_force import Agency
from tests.law.precedence_duties import BOARD, COUNTY, MEMO, STATE, Row
from tests.law.small_law import act

REST: list[Row] = [
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
            act(
                "us/fl/case", "precedent", "forbids hold", construes=STATE, court="Fla. 3d DCA", effective="2016-01-01"
            ),
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
            act(
                "us/fl/case", "precedent", "forbids hold", construes=STATE, court="Fla. 3d DCA", effective="2016-01-01"
            ),
        ],
        {"place": "us/fl/broward"},
        "required",
        set(),
    ),
    (
        "A federal decree binds at the rank of a federal statute, above the state's law",
        [
            act(STATE, "statute", "requires hold"),
            act("us/fl/miami-dade/decree", "decree", "forbids hold", court="S.D. Fla."),
        ],
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
            act(
                STATE, "statute", "requires hold", suspended='[{from: 2016-01-01, by: us/fl/stay, provisions: ["#1"]}]'
            ),
            act(COUNTY, "ordinance", "forbids hold"),
        ],
        {},
        "forbidden",
        {(f"{STATE}#1", "us/fl/stay", "suspended by")},
    ),
    (
        "On a day before an injunction fell nobody knew that it would, and it stops the law of later days too",
        [act(STATE, "statute", "requires hold", suspended="[{from: 2016-01-01, until: 2016-05-01, by: us/fl/stay}]")],
        {"known_on": "2016-04-30"},
        "unaddressed",
        {(f"{STATE}#1", "us/fl/stay", "suspended by")},
    ),
    (
        "From the day on which an injunction fell that is known",
        [act(STATE, "statute", "requires hold", suspended="[{from: 2016-01-01, until: 2016-05-01, by: us/fl/stay}]")],
        {"known_on": "2016-05-01"},
        "required",
        set(),
    ),
    (
        "A stay for other places leaves the law in force here",
        [
            act(
                STATE,
                "statute",
                "requires hold",
                suspended="[{from: 2016-01-01, by: us/fl/stay, covers: [us/fl/broward]}]",
            ),
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
        "An act that only reaches back is over when it takes effect, and decides on the days that it reaches",
        [act(STATE, "statute", "requires hold", effective="2016-07-01", applies_from="2016-05-01", ended="2016-06-20")],
        {"day": "2016-06-19"},
        "required",
        set(),
    ),
    (
        "From the day on which it is over it decides nothing",
        [act(STATE, "statute", "requires hold", effective="2016-07-01", applies_from="2016-05-01", ended="2016-06-20")],
        {"day": "2016-06-20"},
        "unaddressed",
        set(),
    ),
    (
        "Seen on a day before it was enacted, an act that reaches back is not there",
        [
            act(
                STATE,
                "statute",
                "requires hold",
                enacted="2016-07-01",
                effective="2016-07-01",
                applies_from="2016-05-01",
            )
        ],
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
