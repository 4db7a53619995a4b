"""Makes text from outside safe to show: hidden characters become visible, long texts are cut, formulas are disarmed.

Every text that did not come from this program passes `cleaned` before it is printed, and `safe_cell` before it is written
into a cell of a table. A name in a table must not be able to move a cursor, reorder a line or start a formula.
"""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"
JOINERS = "\u200c\u200d"  # part of the spelling in Persian and Hindi, and of many emoji
FIRST_LETTER_JOINED = "\u0300"  # no script that uses joiners lies below
HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Zl", "Zp")
NAMED_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
FULL_WIDTH_SIGNS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # = + - @ as East Asian keyboards write them
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", *FULL_WIDTH_SIGNS)
NEGATIVE_NUMBER = re.compile(r"-\$?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def cleaned(text: str, length_max: int = 0, *, lines: bool = False) -> str:
    """The text with hidden characters as visible escapes, such as `\\x1b` or `U+202E`.

    A text longer than `length_max` characters is cut and ends with an ellipsis; 0 is no limit. Line ends are kept as
    they are where `lines` is true, and are shown as `\\n` otherwise.
    """
    if length_max and len(text) > length_max:
        text = text[: length_max - 1] + ELLIPSIS
    if text.isascii() and text.isprintable():
        return text
    line_ends = "\n" if lines else ""
    return "".join(
        escape_of(char) if char not in line_ends and is_hidden(text, index) else char for index, char in enumerate(text)
    )


def first_hidden(text: str, *, allowed: str = "\n\t") -> int | None:
    """The index of the first hidden character that is not allowed, or None where there is none."""
    if text.translate(_without(allowed)).isprintable():  # no hidden character is printable, in any script
        return None
    return next((index for index in range(len(text)) if text[index] not in allowed and is_hidden(text, index)), None)


def is_hidden(text: str, index: int) -> bool:
    """Whether a reader cannot see the character: control, format and surrogate characters, and line separators."""
    char = text[index]
    if char in JOINERS:
        return index == 0 or text[index - 1] < FIRST_LETTER_JOINED
    return unicodedata.category(char) in HIDDEN_CATEGORIES


def escape_of(char: str) -> str:
    """A hidden character as visible text: `\\n`, `\\x1b`, or its code point, `U+202E`."""
    if char in NAMED_ESCAPES:
        return NAMED_ESCAPES[char]
    return f"\\x{ord(char):02x}" if ord(char) < 0x80 else f"U+{ord(char):04X}"


def as_cell(text: str) -> str:
    """The text as a cell of a spreadsheet, which must not run it as a formula.

    A text that begins with one of = + - @, a tab or a line end gets an apostrophe in front, as OWASP recommends for CSV.
    A plain negative number or amount (`-226.00`, `-$1,250.00`) stays as it is.
    """
    if not text.lstrip(" ").startswith(FORMULA_SIGNS) or NEGATIVE_NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def safe_cell(text: str) -> str:
    """A text from outside as a cell: hidden characters shown, and no formula."""
    return as_cell(cleaned(text))


def _without(allowed: str) -> dict[int, None]:
    return dict.fromkeys(map(ord, allowed))
