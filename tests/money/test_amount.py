"""Whole cents: written, read, and divide by a named rounding; no float anywhere in the room."""

from __future__ import annotations

import ast
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.finding import Place
from comity.money.amount import CENTS_MAX, ROUNDINGS, divide, format_decimal, format_dollars, read_amount
from tests.house.tree import PACKAGE

BY_DECIMAL = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}
HERE = Place("here")


@given(st.integers(0, CENTS_MAX), st.integers(1, 100_000), st.sampled_from(ROUNDINGS))
def test_each_rounding_is_the_one_of_its_name(numerator: int, denominator: int, rounding: str) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    if exact != exact.quantize(
        Decimal("1e-10")
    ):  # a quotient that Decimal itself had to cut is compared by its definition
        assert abs(divide(numerator, denominator, rounding) * denominator - numerator) < denominator
        return
    assert divide(numerator, denominator, rounding) == int(exact.quantize(Decimal(1), BY_DECIMAL[rounding]))


@pytest.mark.parametrize(
    ("rounding", "halves"), [("half_up", [1, 2, 3]), ("half_even", [0, 2, 2]), ("down", [0, 1, 2]), ("up", [1, 2, 3])]
)
def test_where_a_half_goes(rounding: str, halves: list[int]) -> None:
    assert [divide(numerator, 2, rounding) for numerator in (1, 3, 5)] == halves


@given(st.integers(0, CENTS_MAX))
def test_what_is_written_is_read_again(cents: int) -> None:
    assert read_amount(format_dollars(cents), HERE) == (cents, [])
    assert read_amount(format_decimal(cents), HERE) == (cents, [])


@pytest.mark.parametrize(
    ("text", "cents"), [("52000", 5_200_000), ("$24,408", 2_440_800), (" 22.39 ", 2239), ("0.5", 50), ("0", 0)]
)
def test_dollars_are_read_as_people_write_them(text: str, cents: int) -> None:
    assert read_amount(text, HERE) == (cents, [])


@pytest.mark.parametrize(
    "text", ["", "1,00", "1e4", "22.389", "12.", "nine", "1.2.3", "∞", "NaN", "100000000000.01", "\u0665\u0662"]
)
def test_what_is_no_amount_is_a_finding(text: str) -> None:
    assert [finding.code for finding in read_amount(text, HERE)[1]] == ["not-an-amount"]


def test_a_negative_amount_has_a_separate_finding() -> None:
    assert [finding.code for finding in read_amount("-5.00", HERE)[1]] == ["negative-amount"]
    assert format_dollars(-500) == "-$5.00" and format_decimal(-1) == "-0.01"


def test_there_is_no_float_in_the_room_nor_where_a_choice_is_worked_out() -> None:
    paths = [
        *(path for path in (PACKAGE / "money").glob("*.py") if path.name != "plot.py"),
        *(PACKAGE / "board" / f"{name}.py" for name in ("figures", "break_even", "comparison")),
    ]
    assert paths and not [f"{path.name}:{line}" for path in paths for line in floats(path.read_text(encoding="utf-8"))]


def floats(text: str) -> list[int]:
    """The lines that write, name or make a float: a literal, the type, a true division, a mean, or weights of a count."""
    found = []
    for node in ast.walk(ast.parse(text)):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        divides = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        named = isinstance(node, ast.Name | ast.Attribute) and "float" in (
            node.id if isinstance(node, ast.Name) else node.attr
        )
        weighs = isinstance(node, ast.keyword) and node.arg == "weights"
        found += [node.lineno if hasattr(node, "lineno") else 0] if literal or divides or named or weighs else []
    return found


@pytest.mark.parametrize(
    "text", ["x = 1.5", "x = a / b", "x /= 2", "y = float(x)", "z = np.float64", "np.bincount(a, weights=b)"]
)
def test_a_float_would_be_seen(text: str) -> None:
    assert floats(text)


@pytest.mark.parametrize("text", ["9" * 5_000, "9" * 5_000 + ".10", "9" + ",999" * 2_000])
def test_an_amount_with_thousands_of_digits_is_a_finding(text: str) -> None:
    cents, findings = read_amount(text, Place("a cell"))
    assert cents == 0 and [finding.code for finding in findings] == ["not-an-amount"]
