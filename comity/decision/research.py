"""How far the law was followed, as the sentence at the head of a card and of the page of a law."""

from __future__ import annotations

from collections.abc import Mapping

from comity.decision.answer import Researched

NOT_RESEARCHED = "not researched"
BEYOND = "A later change is not known here."


def describe_research(researched_to: Mapping[str, Researched], place: str, not_encoded: str) -> str:
    """`Law of Maryland researched to 2026-07-09; law of Frederick County not researched, none encoded.`

    Places go from the State inwards; empty for the country itself. `not_encoded` is that of a decision or a view.
    """
    texts = []
    for path, row in researched_to.items():
        reach = f"researched to {row.to}" if row.to else NOT_RESEARCHED
        none = ", none encoded" if path == place and not_encoded else ""
        texts.append(f"law of {row.name} {reach}{none}")
    text = "; ".join(texts)
    beyond = f" {BEYOND}" if is_beyond(researched_to) else ""
    return f"{text[:1].upper()}{text[1:]}.{beyond}" if text else ""


def is_beyond(researched_to: Mapping[str, Researched]) -> bool:
    """Whether the day asked about lies beyond the day to which some law was researched."""
    return any(row.beyond for row in researched_to.values())


def is_researched(researched_to: Mapping[str, Researched]) -> bool:
    """Whether the law of the State was researched; the country itself has no row, and is."""
    state = next(iter(researched_to.values()), None)
    return state is None or bool(state.to)
