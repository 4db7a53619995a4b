"""The end of the demo: the brief that the board of January 2017 could have had, on one printed page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from comity import api
from comity.board.comparison import Choice
from comity.law.cache import shipped
from comity.law.library import Library
from comity.present.files import write_files
from comity.present.page import Block, Heading, Text

TABLE = "requests-2016.csv"
NAME = "brief-for-the-board-january-2017.pdf"
INVENTED = (
    "The rows are invented; that about 100 requests were declined in 2016 is from the Miami Herald of 2017-01-26."
)
CHOICE = (
    "The mayor weighed $52,000 for a hundred holds against $355 million of federal money. What the board could know then is on one page,"
    " with its sources: what each law does with a hundred requests, what that costs, which conditions were attached to the money and"
    " whether either law breached them, and the chance of losing the money at which both laws cost the same."
)


def compare_laws(laws: tuple[str, str], known_on: str, library: Library) -> Choice:
    """Compares two laws on the requests that ship, with what was known on a day."""
    return api.weigh(shipped() / "demo" / TABLE, *laws, known_on=known_on, library=library)


def write_brief(comparison: Choice, library: Library, folder: Path) -> str:
    """Writes the brief into a folder, and returns its path."""
    return str(write_files(folder, {NAME: api.brief(comparison, library=library, note=INVENTED)})[0])


def describe_choice(comparison: Choice, path: str) -> Iterable[Block]:
    """The choice in a few lines, and the path of the brief."""
    from comity.board.briefing import describe_break_even  # noqa: PLC0415  drawing is slow to import

    yield Heading("Before the board")
    yield Text(CHOICE)
    yield Text(describe_break_even(comparison), "strong")
    for condition in comparison.conditions:
        compared = f"the first law {condition.first}, the second {condition.second}"
        yield Text(f"{condition.title}: {condition.state}; {compared}.", "", 1, "-")
    yield Text(path, "", 1, "-")
