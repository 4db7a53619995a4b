"""Turns a citation into the public address of its text, where one is known: `8 CFR 287.7(d)` into that of the eCFR.

The forms of citations are in the table `citation_links.yaml`. The text of a citation stays as it is: a part of it becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote

import msgspec
import yaml
from msgspec import Struct

from comity.law.instrument import Instrument

TABLE = Path(__file__).with_name("citation_links.yaml")
OTHER = "Orders, policies and papers"
ADDRESS = re.compile(r"https?://[^\s,;)]+[^\s,;).]")
PARAGRAPHS = re.compile(r"(?:\([A-Za-z0-9]{1,4}\))*")  # of the section that a citation names
SIGNS = " ,;:()"
UNCHANGED = "()"  # signs that are left in an address: paragraphs of a regulation


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form of citations: the pattern, and the address that its groups make, or the reason why there is none."""

    kind: str
    pattern: str
    place: str = ""
    address: str = ""
    why_not: str = ""

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, ready to search."""
        return _compiled(self.pattern)


class Piece(Struct, frozen=True):
    """A part of a citation, and the address of the text that it names; empty where it has none."""

    words: str
    address: str = ""


@cache
def forms() -> tuple[Form, ...]:
    """Every form of citations, in the order in which they are tried."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return msgspec.convert(rows, tuple[Form, ...])


@lru_cache(maxsize=8192)
def pieces_of(citation: str, place: str = "us") -> tuple[Piece, ...]:
    """A citation in its parts, of which those that name a published text have its address.

    `place` is the place of the law that is cited: a short citation is meant as it is there. An address that the citation itself
    has is taken before all others.
    """
    found: list[Piece] = []
    end = 0
    for start, stop, address in _links(citation, place):
        found += [Piece(citation[end:start])] if start > end else []
        found.append(Piece(citation[start:stop], address))
        end = stop
    return (*found, Piece(citation[end:])) if end < len(citation) else tuple(found)


def address_of(citation: str, place: str = "us") -> str:
    """The address of the first text that a citation names; empty where none is known."""
    return next((piece.address for piece in pieces_of(citation, place) if piece.address), "")


def own_address(instrument: Instrument) -> str:
    """The address of an instrument's own text: of a source that is its citation and an address; empty where none is."""
    for source in instrument.sources:
        address = ADDRESS.search(source)
        if address and instrument.citation and source[: address.start()].strip(SIGNS) == instrument.citation:
            return address[0]
    return ""


def pieces_in(citation: str, instrument: Instrument) -> tuple[Piece, ...]:
    """A citation of an instrument in its parts; where no published text is known, all of it leads to the instrument's own."""
    pieces = pieces_of(citation, instrument.jurisdiction)
    address = own_address(instrument)
    return (Piece(citation, address),) if address and not any(piece.address for piece in pieces) else pieces


def kind_of(citation: str, place: str = "us") -> str:
    """The kind of a citation, by the first form that it has: `State codes`, or papers that are in no published series."""
    found = [(match.start(), number, form.kind) for number, (form, match) in enumerate(_matches(citation, place))]
    return min(found)[2] if found else OTHER


def count_by_kind(instruments: Iterable[Instrument]) -> dict[str, tuple[int, int]]:
    """How many different citations of instruments and provisions lead to their text, and how many there are, by kind."""
    cited = {
        (cite, instrument.jurisdiction): instrument
        for instrument in instruments
        for cite in (instrument.citation, *(provision.cite for provision in instrument.provisions))
        if cite
    }
    counts: dict[str, tuple[int, int]] = {form.kind: (0, 0) for form in forms()}
    for (cite, place), instrument in cited.items():
        linked, whole = counts[kind_of(cite, place)]
        has_link = any(piece.address for piece in pieces_in(cite, instrument))
        counts[kind_of(cite, place)] = linked + has_link, whole + 1
    return counts


def _links(citation: str, place: str) -> Iterator[tuple[int, int, str]]:
    """Where each link starts and ends, with its address, from left to right; no two overlap."""
    written = ADDRESS.search(citation)
    if written:
        yield written.start(), written.end(), written[0]
        return
    end = 0
    matches = [(match.start(), number, form, match) for number, (form, match) in enumerate(_matches(citation, place))]
    for start, _, form, match in sorted(matches, key=lambda found: found[:2]):
        if start >= end:
            end = PARAGRAPHS.match(citation, match.end()).end()  # type: ignore[union-attr]  # it always matches
            if form.address:
                yield start, end, _address(form, match)


def _matches(citation: str, place: str) -> Iterator[tuple[Form, re.Match[str]]]:
    for form in forms():
        if not form.place or place == form.place or place.startswith(f"{form.place}/"):
            for match in form.compiled.finditer(citation):
                yield form, match


def _address(form: Form, match: re.Match[str]) -> str:
    return form.address.format(**{name: quote(text, safe=UNCHANGED) for name, text in match.groupdict().items()})


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
