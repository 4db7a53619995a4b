"""The end of the demo: what the board of January 2017 could have had before it, on one printed page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from comity import api as calls
from comity.board.comparison import Weighed
from comity.law.cache import shipped
from comity.law.library import Library
from comity.present.files import put
from comity.present.page import Block, Heading, Text

TABLE = "requests-2016.csv"
NAME = "brief-for-the-board-january-2017.pdf"
MADE_UP = "The rows are made up; that about 100 requests were declined in 2016 is from the Miami Herald of 2017-01-26."
CHOICE = (
    "The mayor set $52,000 for a hundred holds against $355 million of federal money. What the board could know then, with its sources,"
    " stands on one page: what each law does with a hundred requests, what that costs, which conditions stood on the money and whether"
    " either law breached them, and the chance of losing it at which the choice turns."
)


def weighed(laws: tuple[str, str], known_on: str, library: Library) -> Weighed:
    """The requests that ship under two laws, as one could know it on a day."""
    return calls.weigh(shipped() / "demo" / TABLE, *laws, known_on=known_on, library=library)


def brief_in(own: Weighed, library: Library, folder: Path) -> str:
    """Writes the page into a folder; its path."""
    return str(put(folder, {NAME: calls.brief(own, library=library, note=MADE_UP)})[0])


def told(own: Weighed, library: Library, path: str) -> Iterable[Block]:
    """The choice in a few lines, and where the page is."""
    from comity.board.briefing import turn_in_words  # noqa: PLC0415  drawing is slow to import

    yield Heading("Before the board")
    yield Text(CHOICE)
    yield Text(turn_in_words(own), "strong")
    for one in own.bearing:
        yield Text(f"{one.title}: {one.state}; the first law {one.first}, the second {one.second}.", "", 1, "-")
    yield Text(path, "", 1, "-")
