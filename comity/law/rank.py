"""Which law is higher: the level of its place first, then the kind of instrument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from comity.law.instrument import Instrument, InstrumentKind

Rank: TypeAlias = tuple[int, int]  # smaller is higher; the second number is doubled so that orders fit between

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
# Of Washington, these may limit, oblige and advise, and no more: a detainer is a request.
ADVISORY: tuple[InstrumentKind, ...] = (
    *("ruling", "form", "programme", "executive_order", "memo", "directive", "agency_policy", "practice"),
)


def level_of(instrument: Instrument) -> int:
    """0 for federal, 1 for state (the District of Columbia included), 2 for local law."""
    return min(instrument.jurisdiction.count("/"), LOCAL)


def rank_of(
    own: Instrument, instruments: Mapping[str, Instrument], federal_courts: frozenset[str] = frozenset()
) -> Rank:
    """The rank of an instrument; a precedent has that of the law it construes, an order one of its own.

    A federal order binds at the rank of a federal statute, a state order just above what it reviews.
    """
    if own.kind in ORDERS and own.court in federal_courts:
        return FEDERAL, STATUTE
    target = instruments.get(own.construes if own.kind == "precedent" else own.reviews)
    if own.kind not in ("precedent", *ORDERS):
        return level_of(own), OF_KIND[own.kind]
    if target is None or target.kind not in OF_KIND:  # nothing that it could stand beside: as a statute of its place
        return level_of(own), STATUTE
    level, kind = level_of(target), OF_KIND[target.kind]
    return (level, kind) if own.kind == "precedent" else (level, kind - 1)


def home_of(instrument: Instrument, instruments: Mapping[str, Instrument]) -> str:
    """The place whose law an instrument is; a precedent belongs to the place of the law that it construes."""
    construed = instruments.get(instrument.construes) if instrument.kind == "precedent" else None
    return construed.jurisdiction if construed else instrument.jurisdiction
