"""The law of a place and day as a page for people: what decides each action first, then what goes with it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from comity.decision.page import ACTION_WORDS, EVIDENCE_WORDS, above_alone
from comity.lawview.term_names import glossary_of
from comity.lawview.view import Entry, LawView
from comity.present.page import Block, Heading, Table, Text

EFFECT_WORDS = {
    "requires": "REQUIRED",
    "forbids": "FORBIDDEN",
    "permits": "PERMITTED",
    "protects": "PROTECTED against lower law that would forbid it,",
}


def page_of(view: LawView) -> list[Block]:
    """The whole view."""
    place = f"{view.name} ({view.place})" if view.name else view.place
    known = f" As known on {view.known_on}." if view.known_on else ""
    blocks: list[Block] = [Heading(f"The law of {view.name or view.place}, {view.day}", 1)]
    blocks.append(Text(f"In force at {place} on {view.day}.{known} Law version {view.law_version}.", "quiet"))
    blocks += above_alone(view.not_encoded)
    cites = _cites(view)
    silent = [action for action, entries in view.actions.items() if not entries]
    for action, entries in view.actions.items():
        if entries:
            blocks.append(Heading(f"{ACTION_WORDS.get(action, action)} [{action}]"))
            for own in entries:
                blocks += _effect(own, cites)
    if silent:
        blocks += [
            Heading("No law here decides"),
            *(Text(f"{ACTION_WORDS.get(own, own)} [{own}]", "", 1, "-") for own in silent),
        ]
    return [*blocks, *_aside(view, cites), *_beside(view), *glossary_of(view.terms)]


def _cites(view: LawView) -> dict[str, str]:
    groups = (*view.actions.values(), view.limits, view.obligations, view.advice, view.money)
    return {own.provision: own.cite for group in groups for own in group}


def _effect(own: Entry, cites: dict[str, str]) -> Iterable[Block]:
    if own.only and own.effect == "forbids":
        return  # said with what it permits
    yield Text(f"{EFFECT_WORDS[own.effect]} by {own.cite}{': ' if own.plain else '.'}{own.plain}", "", 1, "-")
    if own.condition:
        lead, rest = ("Only where", "; otherwise FORBIDDEN") if own.only else ("Where", "")
        decider = f"; {own.decider} decides" if own.decider and own.effect == "permits" else ""
        yield Text(f"{lead} {own.condition}{rest}{decider}.", "", 2)
    yield Text(f"{own.provision}; {EVIDENCE_WORDS[own.evidence]}", "quiet", 2)
    for to, reason in own.yields_to:
        yield Text(f"Where both apply it {reason}: {cites.get(to, to)} ({to})", "", 2)


def _aside(view: LawView, cites: dict[str, str]) -> Iterable[Block]:
    if view.set_aside:
        yield Heading("Not in force here")
        for own in view.set_aside:
            yield Text(f"{own.cite} ({own.provision}): {own.reason} {cites.get(own.to, own.to)}", "", 1, "-")
    if view.warnings:
        yield Heading("Legal risks that stand whatever the request says")
        for provision, text in view.warnings:
            yield Text(f"{text} ({provision})", "alarm", 1, "-")


def _beside(view: LawView) -> Iterable[Block]:
    yield from _entries("How long a hold may last, where there is one", view.limits)
    yield from _entries("What is owed", view.obligations)
    yield from _entries("What courts and others warn of", view.advice)
    yield from _entries("Money", view.money)
    if view.params:
        yield Heading("Numbers and days that the law sets")
        yield Table(("Name", "Value"), tuple(view.params.items()), indent=1)
    if view.facts:
        yield Heading("Known of the place, where a request is silent")
        for own in view.facts:
            yield Text(f"{own.fact} = {own.value} ({own.source}; {EVIDENCE_WORDS[own.evidence]})", "", 1, "-")
    if view.agencies:
        yield Heading("Known of one agency, where a request names it")
        for one in view.agencies:
            yield Text(
                f"{one.agency}: {one.fact} = {one.value} ({one.source}; {EVIDENCE_WORDS[one.evidence]})", "", 1, "-"
            )


def _entries(title: str, entries: tuple[Entry, ...]) -> Iterable[Block]:
    """Each once: an entry that stands for several actions names them all."""
    actions: dict[Entry, list[str]] = {}
    for own in entries:
        actions.setdefault(structs.replace(own, action=""), []).append(own.action)
    if entries:
        yield Heading(title)
    for own, concerned in actions.items():
        words = own.words or own.plain or own.effect.replace("_", " ")
        about = f"; about {', '.join(concerned)}" if own.effect == "advises" else ""
        yield Text(f"Where {own.condition}: {words}" if own.condition else words, "", 1, "-")
        yield Text(f"{own.cite}{about}; {EVIDENCE_WORDS[own.evidence]}", "quiet", 2)
