"""Proofs about the tree of a record (RFC 6962 2.1): that an event is in it, and that it only grew.

`verifier` checks them, and needs nothing else. Here they are made, from the hashes of the leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.desk.audit.verifier import root_of


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path that shows that the leaf at an index (from 0) is in the tree of all leaves."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    half = _largest_power_below(len(leaves))
    if index < half:
        return [*inclusion_proof(leaves[:half], index), root_of(leaves[half:])]
    return [*inclusion_proof(leaves[half:], index - half), root_of(leaves[:half])]


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The path that shows that the tree of the first leaves, at least one, is the beginning of the tree of all."""
    if not 0 < first <= len(leaves):
        raise IndexError(first)
    return _subproof(leaves, first, whole=True)


def _subproof(leaves: Sequence[bytes], first: int, *, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root_of(leaves)]
    half = _largest_power_below(len(leaves))
    if first <= half:
        return [*_subproof(leaves[:half], first, whole=whole), root_of(leaves[half:])]
    return [*_subproof(leaves[half:], first - half, whole=False), root_of(leaves[:half])]


def _largest_power_below(size: int) -> int:
    """The largest power of two that is smaller than a size above 1."""
    return 1 << (size - 1).bit_length() - 1
