"""Outcomes of two actions as numbers: a bit for each pair, where a leaf of a diagram is a set of pairs."""

from __future__ import annotations

from comity.engine.outcome import CERTAIN, Outcome

ALL = (1 << len(CERTAIN)) - 1


def pair_bit(bits: int) -> int:
    """The bit of one pair, from the bit of the first's outcome and, above it, that of the second's; none where either has none."""
    first, second = bits & ALL, bits >> len(CERTAIN)
    return 1 << (first.bit_length() - 1) * len(CERTAIN) + second.bit_length() - 1 if first and second else 0


def same_bit(pair: int) -> int:
    """1 for a pair of equal outcomes, 2 for another, 0 for none."""
    place = pair.bit_length() - 1
    return 0 if not pair else 1 if place // len(CERTAIN) == place % len(CERTAIN) else 2


def pairs_of_bits(bits: int) -> tuple[tuple[Outcome, Outcome], ...]:
    """The pairs that a number stands for."""
    places = [
        (one, other)
        for one in range(len(CERTAIN))
        for other in range(len(CERTAIN))
        if bits >> one * len(CERTAIN) + other & 1
    ]
    return tuple((CERTAIN[one], CERTAIN[other]) for one, other in places)
