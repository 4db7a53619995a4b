"""The condition language on one page: frozen nodes and nothing else.

Nodes that contain others cache their hash, since a term that is used twice is one shared node.

A condition as written may contain terms, params and quantified variables. The engines get a *closed* condition from
`law.in_force`, in which terms and params are replaced by their meanings on the day of the decision.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

Comparison: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]
Unit: TypeAlias = Literal["years", "months", "days"]


class Truth(Struct, frozen=True, tag="truth"):
    """`true` or `false`."""

    value: bool


class Integer(Struct, frozen=True, tag="integer"):
    """A whole number."""

    value: int


class Text(Struct, frozen=True, tag="text"):
    """A member of a choice or a set, or a name: `"robbery"`."""

    value: str


class Day(Struct, frozen=True, tag="day"):
    """A day: `day("2014-12-14")`."""

    value: date


class Fact(Struct, frozen=True, tag="fact"):
    """A fact of the vocabulary: `request.form`, `convictions`."""

    path: str


class Item(Struct, frozen=True, tag="item"):
    """The member of a set that a quantifier's variable means."""

    variable: str


class Field(Struct, frozen=True, tag="field"):
    """A field of the record that a quantifier's variable means: `c.offense`."""

    variable: str
    name: str


class Param(Struct, frozen=True, tag="param"):
    """A dated value of the law: `params.years`. Not in a closed condition."""

    name: str


class Term(Struct, frozen=True, tag="term"):
    """A defined term, with the variable it is applied to, if any: `forcible_felony(c)`. Not in a closed condition."""

    name: str
    argument: str = ""


class Not(Struct, frozen=True, tag="not", cache_hash=True):
    """`!a`"""

    body: Condition


class And(Struct, frozen=True, tag="and", cache_hash=True):
    """`a && b && ...`, two parts or more."""

    parts: tuple[Condition, ...]


class Or(Struct, frozen=True, tag="or", cache_hash=True):
    """`a || b || ...`, two parts or more."""

    parts: tuple[Condition, ...]


class Compare(Struct, frozen=True, tag="compare", cache_hash=True):
    """`a < b` between integers or days; `==` and `!=` also between choices, names and truths."""

    operator: Comparison
    left: Operand
    right: Operand


class Among(Struct, frozen=True, tag="among", cache_hash=True):
    """`a in ["x", "y"]`: a choice, a name or an integer among literals."""

    item: Operand
    members: tuple[Text | Integer, ...]


class Member(Struct, frozen=True, tag="member", cache_hash=True):
    """`"hold" in request.asks`, `"ma_violent" in c.classes`: a literal, or a variable, in a set."""

    item: Text | Item
    of: Fact | Field


class Exists(Struct, frozen=True, tag="exists", cache_hash=True):
    """`xs.exists(x, body)`: some record of a list, or member of a set, satisfies the body."""

    over: Fact
    variable: str
    body: Condition


class All(Struct, frozen=True, tag="all", cache_hash=True):
    """`xs.all(x, body)`: every record of a list, or member of a set, satisfies the body."""

    over: Fact
    variable: str
    body: Condition


class Count(Struct, frozen=True, tag="count", cache_hash=True):
    """`xs.count(x, body) >= 2`: how many satisfy the body, compared with an integer."""

    over: Fact
    variable: str
    body: Condition
    operator: Comparison
    number: Number


class Sum(Struct, frozen=True, tag="sum", cache_hash=True):
    """`a + b`, or `a - b` where `minus`, on integers and cents."""

    left: Number
    right: Number
    minus: bool = False


class Shift(Struct, frozen=True, tag="shift", cache_hash=True):
    """`day + years(n)`, or `day - years(n)` where `minus`; month ends clamp."""

    day: Moved
    unit: Unit
    amount: Number
    minus: bool = False


Number: TypeAlias = Integer | Fact | Field | Param | Sum
Moved: TypeAlias = Day | Fact | Field | Shift
Operand: TypeAlias = Truth | Integer | Text | Day | Fact | Item | Field | Param | Sum | Shift
Quantifier: TypeAlias = Exists | All | Count
Condition: TypeAlias = Truth | Fact | Field | Term | Not | And | Or | Compare | Among | Member | Exists | All | Count
Node: TypeAlias = Condition | Operand
