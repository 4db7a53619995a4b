"""Ranks instruments: by the level of their place first, then by their kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from comity.law.instrument import Instrument, InstrumentKind

Rank: TypeAlias = tuple[int, int]  # smaller is higher; the second number is even, so that orders fit between two kinds

FEDERAL, STATE, LOCAL = 0, 1, 2
ORDER_OF_KINDS: tuple[tuple[InstrumentKind, ...], ...] = (
    ("constitution", "charter"),
    ("statute", "ordinance"),
    ("regulation",),
    ("directive",),
    ("resolution", "board_policy"),
    ("executive_order", "memo"),
    ("agency_policy",),
    ("practice", "form", "programme", "agreement", "ruling"),
)
OF_KIND = {kind: 2 * index for index, kinds in enumerate(ORDER_OF_KINDS) for kind in kinds}
STATUTE = OF_KIND["statute"]
ORDERS: tuple[InstrumentKind, ...] = ("injunction", "decree", "order")
# At the federal level these can only limit, oblige and advise: a detainer is a request.
ADVISORY: tuple[InstrumentKind, ...] = (
    *("ruling", "form", "programme", "executive_order", "memo", "directive", "agency_policy", "practice"),
)


def level_of(instrument: Instrument) -> int:
    """0 for federal law, 1 for State law (including the District of Columbia), 2 for local law."""
    return min(instrument.jurisdiction.count("/"), LOCAL)


def rank_of(
    instrument: Instrument, instruments: Mapping[str, Instrument], federal_courts: frozenset[str] = frozenset()
) -> Rank:
    """The rank of an instrument; a precedent has the rank of the law that it construes.

    A federal order has the rank of a federal statute, a State order the rank just above what it reviews.
    """
    if instrument.kind in ORDERS and instrument.court in federal_courts:
        return FEDERAL, STATUTE
    target = instruments.get(instrument.construes if instrument.kind == "precedent" else instrument.reviews)
    if instrument.kind not in ("precedent", *ORDERS):
        return level_of(instrument), OF_KIND[instrument.kind]
    if (
        target is None or target.kind not in OF_KIND
    ):  # construes or reviews nothing known: ranks as a statute of its place
        return level_of(instrument), STATUTE
    level, kind = level_of(target), OF_KIND[target.kind]
    return (level, kind) if instrument.kind == "precedent" else (level, kind - 1)


def home_of(instrument: Instrument, instruments: Mapping[str, Instrument]) -> str:
    """The place to whose law an instrument belongs; for a precedent, that of the law it construes."""
    construed = instruments.get(instrument.construes) if instrument.kind == "precedent" else None
    return construed.jurisdiction if construed else instrument.jurisdiction
