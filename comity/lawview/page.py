"""The page of the law of a place on a day: what decides each action first, then what comes with it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from comity.decision.page import above_alone
from comity.decision.words import EVIDENCE_WORDS, describe_action
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
            blocks.append(Heading(f"{describe_action(action)} [{action}]"))
            for entry in entries:
                blocks += _effect(entry, cites)
    if silent:
        blocks += [
            Heading("No law here decides"),
            *(Text(f"{describe_action(action)} [{action}]", "", 1, "-") for action in silent),
        ]
    return [*blocks, *_aside(view, cites), *_further(view), *glossary_of(view.terms)]


def _cites(view: LawView) -> dict[str, str]:
    groups = (*view.actions.values(), view.limits, view.obligations, view.advice, view.money)
    return {entry.provision: entry.cite for group in groups for entry in group}


def _effect(entry: Entry, cites: dict[str, str]) -> Iterable[Block]:
    if entry.only and entry.effect == "forbids":
        return  # the permission of the same provision says this too
    yield Text(f"{EFFECT_WORDS[entry.effect]} by {entry.cite}{': ' if entry.plain else '.'}{entry.plain}", "", 1, "-")
    if entry.condition:
        lead, rest = ("Only where", "; otherwise FORBIDDEN") if entry.only else ("Where", "")
        decider = f"; {entry.decider} decides" if entry.decider and entry.effect == "permits" else ""
        yield Text(f"{lead} {entry.condition}{rest}{decider}.", "", 2)
    yield Text(f"{entry.provision}; {EVIDENCE_WORDS[entry.evidence]}", "quiet", 2)
    for to, reason in entry.yields_to:
        yield Text(f"Where both apply it {reason}: {cites.get(to, to)} ({to})", "", 2)


def _aside(view: LawView, cites: dict[str, str]) -> Iterable[Block]:
    if view.set_aside:
        yield Heading("Not in force here")
        for aside in view.set_aside:
            yield Text(f"{aside.cite} ({aside.provision}): {aside.reason} {cites.get(aside.to, aside.to)}", "", 1, "-")
    if view.warnings:
        yield Heading("Legal risks whatever the request says")
        for provision, text in view.warnings:
            yield Text(f"{text} ({provision})", "alarm", 1, "-")


def _further(view: LawView) -> Iterable[Block]:
    yield from _entries("Limits on how long a hold may last", view.limits)
    yield from _entries("Obligations", view.obligations)
    yield from _entries("Warnings by courts and others", view.advice)
    yield from _entries("Money", view.money)
    if view.params:
        yield Heading("Numbers and days that the law sets")
        yield Table(("Name", "Value"), tuple(view.params.items()), indent=1)
    if view.facts:
        yield Heading("Facts of the place, used where a request is silent")
        for fact in view.facts:
            yield Text(f"{fact.fact} = {fact.value} ({fact.source}; {EVIDENCE_WORDS[fact.evidence]})", "", 1, "-")
    if view.agencies:
        yield Heading("Facts of one agency, used where a request names it")
        for of_agency in view.agencies:
            yield Text(
                f"{of_agency.agency}: {of_agency.fact} = {of_agency.value} ({of_agency.source}; {EVIDENCE_WORDS[of_agency.evidence]})",
                "",
                1,
                "-",
            )


def _entries(title: str, entries: tuple[Entry, ...]) -> Iterable[Block]:
    """Entries under a title; those that differ only in their action are shown once, with all their actions."""
    actions: dict[Entry, list[str]] = {}
    for entry in entries:
        actions.setdefault(structs.replace(entry, action=""), []).append(entry.action)
    if entries:
        yield Heading(title)
    for entry, concerned in actions.items():
        words = entry.words or entry.plain or entry.effect.replace("_", " ")
        about = f"; about {', '.join(concerned)}" if entry.effect == "advises" else ""
        yield Text(f"Where {entry.condition}: {words}" if entry.condition else words, "", 1, "-")
        yield Text(f"{entry.cite}{about}; {EVIDENCE_WORDS[entry.evidence]}", "quiet", 2)
