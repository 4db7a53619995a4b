"""What templates may call: outcomes and actions in words, moments in the time of the desk, spans until a limit."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

from comity.decision.card import COMMANDS
from comity.decision.words import OUTCOME_WORDS, describe_action
from comity.desk.events import Event
from comity.web.at_desk import this_desk

register = template.Library()
MINUTE = 60
WORDS: dict[str, str] = {str(outcome): words for outcome, words in OUTCOME_WORDS.items()}
# The fields of events that their line on a page shows, in this order.
TOLD = ("alarm", "action", "choice", "to", "about", "page", "what", "reason", "note")


@register.filter
def outcome_words(outcome: str) -> str:
    """`MUST`, `MUST NOT`, `MAY`, `DEPENDS`: an outcome as an officer reads it."""
    return COMMANDS.get(outcome) or WORDS.get(outcome, outcome)


@register.filter
def action_words(action: str) -> str:
    """An action as an instruction."""
    return describe_action(action)


@register.filter
def local(moment: datetime | None) -> str:
    """A moment in the time of the desk: `Mon 2026-11-02 12:00 EST`."""
    if moment is None:
        return ""
    desk = this_desk()
    zone = ZoneInfo(desk.library.gazetteer.places[desk.bound.place].zone)
    return moment.astimezone(zone).strftime("%a %Y-%m-%d %H:%M %Z")


@register.filter
def until(limit: datetime | None, now: datetime) -> str:
    """How long until a limit, or past it: `3 h 20 min`, `12 min over`."""
    if limit is None:
        return ""
    seconds = int((limit - now).total_seconds())
    hours, minutes = divmod(abs(seconds) // MINUTE, MINUTE)
    words = f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
    return f"{words} over" if seconds <= 0 else words


@register.filter
def happened(event: Event) -> str:
    """What happened, in a few words."""
    happening = event.happening
    kind = str(happening.__struct_config__.tag).replace("_", " ").capitalize()
    said = {name: getattr(happening, name) for name in TOLD if getattr(happening, name, "")}
    return f"{kind}: {'; '.join(str(value) for value in said.values())}" if said else kind
