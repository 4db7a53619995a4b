"""Reads typed values from a YAML mapping whose scalars are all text; a key that is not read is a finding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from comity.finding import Finding, Place, did_you_mean
from comity.period import FIRST_DAY, LegalDay, day_of, legal_day_of
from comity.whole import whole_number
from comity.yamltext import Words

Member = TypeVar("Member", bound=str)
DIGITS_MAX = 9
DAY_HELP = "write YYYY-MM-DD, YYYY-MM, YYYY, {between: [DAY, DAY]} or {by: DAY}"


class Keys:
    """Reads the values of one mapping of a file; faults are appended to `findings`."""

    def __init__(self, tree: Any, source: str, line: int, findings: list[Finding]) -> None:
        self.tree: dict[str, Any] = tree if isinstance(tree, dict) else {}
        self.source, self.line, self.findings = source, line, findings
        if not isinstance(tree, dict):
            self.fault("not-a-mapping", None, "this block is no mapping", "write `key: value` lines")

    def __contains__(self, key: str) -> bool:
        return key in self.tree

    def place(self, value: Any) -> Place:
        """The place of a value, or the start of the block."""
        if isinstance(value, Words):
            return Place(self.source, value.line, value.column)
        return Place(self.source, self.line, 1)

    def key_place(self, key: str) -> Place:
        return self.place(self.tree_key(key))

    def fault(self, code: str, value: Any, message: str, help: str = "", grave: bool = True) -> None:
        self.findings.append(Finding(code, self.place(value), message, help, grave))

    def only(self, known: Sequence[str]) -> None:
        """A finding for each key that is not among the known."""
        for key in self.tree:
            if key not in known:
                self.fault("unknown-key", key, f'there is no key "{key}" here', _valid(key, known))

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.tree.get(key)
        if value is None:
            if needed:
                self.fault("missing-key", None, f'the key "{key}" is missing')
            return ""
        if not isinstance(value, str):
            self.fault("not-a-text", self.tree_key(key), f"{key} must be a text")
            return ""
        return str(value).strip()

    def tree_key(self, key: str) -> Any:
        return next((word for word in self.tree if word == key), None)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self.tree.get(key)
        if value is None:
            return ()
        members = value if isinstance(value, list) else [value]
        if not all(isinstance(member, str) for member in members):
            self.fault("not-a-list", self.tree_key(key), f"{key} must be a list of texts")
            return ()
        return tuple(str(member).strip() for member in members)

    def choice(self, key: str, members: Sequence[Member], default: Member | None = None) -> Member | None:
        """One of the members; without the key the default, or a finding where there is no default."""
        value = self.tree.get(key)
        if value is None:
            if default is None:
                self.fault("missing-key", None, f'the key "{key}" is missing', f"one of {', '.join(members)}")
            return default
        found = next((member for member in members if member == value), None)
        if found is None:
            help = did_you_mean(str(value), members) or f"one of {', '.join(members)}"
            self.fault("unknown-choice", value, f'{key} cannot be "{value}"', help)
        return found

    def flag(self, key: str) -> bool:
        return self.choice(key, ("true", "false"), "false") == "true"

    def number(self, key: str) -> int:
        value = self.tree.get(key)
        if value is None:
            return 0
        number = whole_number(value, DIGITS_MAX) if isinstance(value, str) else None
        if number is not None:
            return number
        self.fault("not-a-number", value, f'{key} is "{value}"', "write a whole number")
        return 0

    def day(self, key: str) -> date | None:
        """A certain day."""
        value = self.tree.get(key)
        if value is None:
            return None
        day = day_of(value) if isinstance(value, str) else None
        if day is None:
            self.fault("not-a-day", value, f'{key} is "{value}", which is no day', "write YYYY-MM-DD")
        return day

    def legal_day(self, key: str) -> LegalDay | None:
        """A day that may be uncertain."""
        value = self.tree.get(key)
        return None if value is None else self.as_legal_day(key, value)

    def as_legal_day(self, key: str, value: Any) -> LegalDay | None:
        day = _legal_day(value)
        if day is None:
            shown = f'"{value}"' if isinstance(value, str) else "a mapping"
            where = value if isinstance(value, Words) else self.tree_key(key)
            self.fault("not-a-day", where, f"{key} is {shown}, which is no day", DAY_HELP)
        return day


def _valid(key: str, known: Sequence[str]) -> str:
    """The key that is probably meant, and all that are valid."""
    near, listed = did_you_mean(key, known), ", ".join(known)
    return f"{near} The keys here are {listed}" if near else f"the keys here are {listed}"


def _legal_day(value: Any) -> LegalDay | None:
    if isinstance(value, str):
        return legal_day_of(value)
    if not isinstance(value, dict) or len(value) != 1:
        return None
    key, inner = next(iter(value.items()))
    if key == "by" and isinstance(inner, str) and (last := day_of(inner)):
        return LegalDay(FIRST_DAY, last)
    if key == "between" and isinstance(inner, list) and len(inner) == 2:
        days = [day_of(day) if isinstance(day, str) else None for day in inner]
        if days[0] and days[1] and days[0] <= days[1]:
            return LegalDay(days[0], days[1])
    return None


def days_in(text: str) -> int | None:
    """The number of days that a text such as `90 days` names, or None."""
    found = re.fullmatch(r"([0-9]{1,5}) days?", text.strip())
    return int(found[1]) if found else None
