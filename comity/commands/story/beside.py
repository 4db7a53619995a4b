"""What the demo shows beside the eight requests: the people of the county, and Boston's City Hall on the same day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from comity import api
from comity.context.page import describe_foreign_born, describe_source, describe_time, format_people
from comity.context.view import Context, CountView
from comity.decision.decision import Decision
from comity.decision.words import OUTCOME_WORDS
from comity.law.library import Library
from comity.present.page import Block, Heading, Text

YEAR = "2017"
BOSTON, ENTRY = "us/ma/boston", "enter_nonpublic"
DAYS = {"26 January 2017": "2017-01-26T12:00:00-05:00", "6 February 2026": "2026-02-06T12:00:00-05:00"}
VISIT: dict[str, Any] = {
    "visit": {"kind": "public_office", "purpose": "civil_enforcement", "imminent_danger": False},
    "request": {"warrants": []},
}
PEOPLE = "No law above reads these figures; they are what the story is about."
NO_RULE = "no rule that is encoded here applies"
CITY_HALL = (
    "In those days Boston's mayor offered City Hall itself as shelter. Behind his words no instrument was found: the city's"
    " Trust Act of 2014 bound its police, and not its buildings. Agents without a judge's warrant ask to be let into the offices:"
)


class Beside(Struct, frozen=True, kw_only=True):
    """The people of the county, and the request of agents to enter City Hall in Boston, decided on each of two days."""

    context: Context
    city_hall: dict[str, Decision]

    def to_dict(self) -> dict[str, Any]:
        """Both as plain JSON values."""
        decisions = {day: decision.to_dict() for day, decision in self.city_hall.items()}
        return {"context": self.context.to_dict(), "city_hall": decisions}


def read_beside(place: str, library: Library) -> Beside:
    """The people of a place, and the decisions on City Hall."""
    decisions = {
        day: api.decide({**VISIT, "place": BOSTON}, at=moment, library=library) for day, moment in DAYS.items()
    }
    return Beside(context=api.describe_context(place, library=library), city_hall=decisions)


def describe_beside(beside: Beside) -> Iterable[Block]:
    """The paragraphs of both."""
    yield Heading("The people of the county")
    for count in beside.context.foreign_born:
        yield Text(describe_foreign_born(count), "strong")
        yield Text(f"{count.by}: {describe_source(count)}", "quiet")
    estimates = [count for count in beside.context.national if count.since[: len(YEAR)] <= YEAR]
    yield Text(f"Unauthorized immigrants in the country, by estimates until then: {_list(estimates)}. {PEOPLE}")
    yield Heading("The same day in Boston")
    yield Text(CITY_HALL)
    for day, decision in beside.city_hall.items():
        yield Text(f"{day}: {_outcome(decision)}.", "", 1, "-")


def _list(estimates: Iterable[CountView]) -> str:
    return "; ".join(f"{format_people(count.number)} ({count.by}, {describe_time(count)})" for count in estimates)


def _outcome(decision: Decision) -> str:
    answer = decision.actions[ENTRY]
    cites = ", ".join(dict.fromkeys(decision.grounds[name].cite for name in answer.determining))
    if answer.outcome == "unaddressed":
        return NO_RULE
    return f"{OUTCOME_WORDS[answer.outcome]}{f' by {cites}' if cites else ''}"
