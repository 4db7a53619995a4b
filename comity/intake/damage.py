"""Cells that cannot be read at all: too long, not text, nested too deeply, or a number with too many digits.

A row with such a cell is refused. A cell that merely has a value that its fact cannot have is taken for Unknown instead.
"""

from __future__ import annotations

import json
import re
from typing import Any

from comity.facts import kinds

CELL_BYTES_MAX = 100_000
DIGITS_MAX = 4_300  # Python converts no longer text to an integer
LEVELS_MAX = 20  # a list of records that hold sets has four
SHOWN_MAX = 80
WHOLE_NUMBER = re.compile(r"-?\d+")
# A frame may hold half of a character pair, which is not text and cannot be written. `open_table` puts this
# noncharacter, which no text contains, in front of such a cell.
NOT_TEXT = "\uffff"


def quote(text: str) -> str:
    """A cell in quotation marks, as a message shows it: cut where it is long."""
    return f'"{text}"' if len(text) <= SHOWN_MAX else f'"{text[:SHOWN_MAX]}..."'


def mark_not_text(cell: Any) -> Any:
    """A cell of a frame, marked and with its lone surrogates spelled out where it has any."""
    if isinstance(cell, str) and has_lone_surrogate(cell):
        return NOT_TEXT + cell.encode("utf-8", "backslashreplace").decode()
    return cell


def has_lone_surrogate(value: Any) -> bool:
    """Whether a JSON value holds half of a character pair, which no file and no table can hold."""
    try:
        (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).encode()
    except UnicodeEncodeError:
        return True
    return False


def find_damage(text: str, kind: kinds.Kind | None) -> str:
    """Why a cell cannot be read as a fact of this kind, as the end of a sentence; empty where it can be tried."""
    match kind:
        case kinds.Number() if text.lstrip("-").isdigit():
            if not WHOLE_NUMBER.fullmatch(text):
                return "looks like a number and is none"
            return _too_many_digits() if len(text) > DIGITS_MAX else ""
        case kinds.Set() | kinds.Records() if text[:1] in "[{":
            return read_json_cell(text)[1]
    return ""


def _too_many_digits() -> str:
    return f"has a number of more than {DIGITS_MAX:,} digits"


class DoubledKey(ValueError):
    """Raised for a JSON object that has a key twice, so that one of its two values would be lost; its text is the key."""


def parse_json(text: str | bytes) -> Any:
    """The JSON value of a text; raises `DoubledKey`, `ValueError` for what is no JSON, and `RecursionError`."""
    return json.loads(text, object_pairs_hook=_object_of)


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        raise DoubledKey(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return values


def read_json_cell(text: str) -> tuple[Any, str]:
    """The value of a JSON cell, or why it cannot be read; text that is no JSON stays text."""
    try:
        value = parse_json(text)
    except DoubledKey:
        return None, "has a record with one key twice"
    except json.JSONDecodeError:
        return text, ""
    except RecursionError:
        return None, _too_deep()
    except ValueError:  # the one other fault of the parser: an integer that Python does not convert
        return None, _too_many_digits()
    if _is_deeper(value, LEVELS_MAX):
        return None, _too_deep()
    return (None, "holds half of a character pair, which is not text") if has_lone_surrogate(value) else (value, "")


def _too_deep() -> str:
    return f"is nested more than {LEVELS_MAX} levels deep"


def _is_deeper(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, list | dict)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not layer:
            return False
    return True
