"""Shortens texts for a page that must not grow: cut at a word, or left out by whole parts."""

from __future__ import annotations

from collections.abc import Sequence

ELLIPSIS = "…"


def clip(text: str, most: int) -> str:
    """A text cut to a length, at a word; 0 is no limit."""
    if not most or len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:.( ") + ELLIPSIS


def fit(parts: Sequence[str], most: int, joint: str = "; ") -> str:
    """As many of the parts as fit into a length, joined; the first is cut where it alone is too long. 0 is no limit."""
    parts = [part for part in parts if part]
    for count in range(len(parts), 1, -1):
        text = joint.join(parts[:count])
        if not most or len(text) <= most:
            return text
    return clip(parts[0], most) if parts else ""
