"""The ways to write one name or number, so that lists that write it otherwise are still compared; digests of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from comity.desk.sealing import normal

A_NUMBER_DIGITS = 9
PARTS_MAX = 6  # of a name
Blind = Callable[[str, str], str]


def name_forms(written: str, last: str = "", first: str = "", middle: str = "") -> set[str]:
    """A name as it may be written: as it is, with the family name first or last, with and without the middle name."""
    if not written.strip():
        return _of_parts(last, first, middle)
    before, comma, after = written.partition(",")
    if not comma:
        parts = written.split()[:PARTS_MAX]
        turned = {" ".join((*parts[-1:], *parts[:-1]))}
        return {written, *turned} | (_of_parts(parts[-1], parts[0], "") if len(parts) > 1 else set())
    given = after.split()
    return {written} | _of_parts(before, given[0] if given else "", " ".join(given[1:]))


def _of_parts(last: str, first: str, middle: str) -> set[str]:
    if not last.strip():
        return set()
    names = {f"{first} {last}", f"{last} {first}"} if first.strip() else {last}
    whole = {f"{first} {middle} {last}", f"{last} {first} {middle}"} if first.strip() and middle.strip() else set()
    return names | whole


def number_forms(written: str) -> set[str]:
    """An A-number with and without its letter, and with and without the zeros before it."""
    digits = re.sub(r"\D", "", written)
    if not digits or len(digits) > A_NUMBER_DIGITS:
        return {written} if written.strip() else set()
    written_as = {digits, digits.lstrip("0") or "0", digits.zfill(A_NUMBER_DIGITS)}
    return {f"{letter}{form}" for form in written_as for letter in ("", "A")}


def digests_of(forms: Mapping[str, Iterable[str]], blind: Blind) -> dict[str, frozenset[str]]:
    """By field, the digests of the ways to write it; a field without letters and digits is left out."""
    found = {field: frozenset(blind(field, text) for text in texts if normal(text)) for field, texts in forms.items()}
    return {field: digests for field, digests in found.items() if digests}
