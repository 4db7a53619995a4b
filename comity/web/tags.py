"""What templates may call: outcomes and actions in words, moments in the time of the desk, spans until a limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comity.decision.card import COMMANDS
from comity.decision.words import OUTCOME_WORDS, describe_action, shorten_action
from comity.desk.clockwork import CLOCKWORK
from comity.desk.events import Event
from comity.money.amount import format_dollars
from comity.present.page import Block, Heading, Table
from comity.web.at_desk import this_desk
from comity.web.fact_words import SOURCE_WORDS, facts_in_words

register = template.Library()
MINUTE = 60
WORDS: dict[str, str] = {str(outcome): words for outcome, words in OUTCOME_WORDS.items()}
# The fields of events that their line on a page shows, in this order.
SHOWN = (
    "subject",
    "into",
    "role",
    "alarm",
    "action",
    "choice",
    "decider",
    "to",
    "about",
    "page",
    "what",
    "sender",
    "invoice",
    "response",
    "conclusion",
    "limit_at",
    "digest",
    "reason",
    "note",
)
MOMENTS = ("limit_at",)
# The kinds of events in words; another is its name.
KIND_WORDS = {
    "stated": "Facts recorded", "copy_served": "Copy given to the person", "hold_begun": "Hold begun, until",
    "used_discretion": "Choice made", "override_asked": "Override asked for", "override_settled": "Override settled",
    "withdrawn": "Cancelled by the sender", "joined_to": "Goes on in", "transferred": "Handed over", "reopened": "Opened again",
    "list_reconciled": "List compared, of", "row_settled": "Row of a list settled", "invoice_answered": "Invoice answered",
    "invoice_answer_voided": "Answer to an invoice voided",
    "note_added": "Note", "viewed": "Viewed", "exported": "Left the desk",
    "law_proposed": "Law uploaded", "law_confirmed": "Uploaded law confirmed", "law_refused": "Uploaded law refused",
}  # fmt: skip


@register.filter
def outcome_words(outcome: str) -> str:
    """`MUST`, `MUST NOT`, `MAY`, `DEPENDS`: an outcome as an officer reads it."""
    return COMMANDS.get(outcome) or WORDS.get(outcome, outcome)


@register.filter
def action_words(action: str) -> str:
    """An action as an instruction."""
    return describe_action(action)


@register.filter
def short_action(action: str) -> str:
    """An action in a few words."""
    return shorten_action(action)


@register.filter
def actions_list(actions: Iterable[str]) -> str:
    """Some actions in a few words each, with commas."""
    return ", ".join(map(shorten_action, actions))


@register.filter
def local(moment: datetime | None) -> SafeString | str:
    """A moment in the time of the desk, as an element: `Mon 2026-11-02 12:00 EST`."""
    if moment is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), _in_words(moment))


def _in_words(moment: datetime) -> str:
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
def kind_words(kind: str) -> str:
    """The kind of an event in words."""
    return KIND_WORDS.get(kind, kind.replace("_", " ").capitalize())


@register.filter
def happened(event: Event) -> str:
    """What happened, in a few words."""
    happening = event.happening
    kind = kind_words(str(happening.__struct_config__.tag))
    said = {name: getattr(happening, name) for name in SHOWN if getattr(happening, name, "")}
    shown = [_in_words(value) if name in MOMENTS else str(value) for name, value in said.items()]
    return f"{kind}: {'; '.join(shown)}" if shown else kind


@register.filter
def facts_said(event: Event) -> list[tuple[str, str]]:
    """The facts that an event records, as questions and answers."""
    return facts_in_words(this_desk().library.vocabulary, getattr(event.happening, "facts", {}))


@register.filter
def outcomes_said(event: Event) -> list[tuple[str, str]]:
    """The actions and outcomes that an event records, where it is a decision."""
    answer = getattr(event.happening, "answer", None) or {}
    return [(name, given["outcome"]) for name, given in answer.get("actions", {}).items()]


@register.filter
def source_words(source: str) -> str:
    """Where a fact comes from, in words."""
    return SOURCE_WORDS.get(source, source)


@register.filter
def account_name(account: str, names: Mapping[str, str]) -> str:
    """The name under which an account logs in; of the clockwork, that it is a program."""
    return "the clock of the desk" if account == CLOCKWORK.account else names.get(account, account)


@register.filter
def plain_words(name: str) -> str:
    """A name of ours as words: `booking_officer` is `booking officer`."""
    return name.replace("_", " ")


@register.filter
def dollars(cents: int) -> str:
    """Whole cents as dollars."""
    return format_dollars(cents)


@register.filter
def block_kind(block: Block) -> str:
    """What a template draws a block of a page as: heading, table or text."""
    return "heading" if isinstance(block, Heading) else "table" if isinstance(block, Table) else "text"
