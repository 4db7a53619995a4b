"""The changes of law at a place since 2007, each with the requests that are treated differently since, as `comity diff` finds them.

A place's page describes the changes of its own law. It links to the changes of its State's law, and of federal law, on the pages
of these, where its own answers to a standard request changed with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from msgspec import Struct

from comity.claims.diff_view import Class
from comity.decision.words import describe_action
from comity.law.calendar import ChangeKind, LifeChange, changes_of, deciding_instruments
from comity.law.instrument import ACTIONS, Instrument
from comity.period import LegalDay
from comity.site.answers import FIRST, Answers
from comity.site.outline import Outline, outline_of
from comity.site.place.today import Answer, answer_of
from comity.site.place_law import Source
from comity.site.site import Site

HAPPENED: dict[ChangeKind, str] = {
    "begins": "takes effect", "ends": "is in force no longer", "suspended": "is suspended", "resumes": "is in force again",
    "number": "changes a number or a day that it sets",
}  # fmt: skip
IN_PART: dict[ChangeKind, str] = {
    "suspended": "is suspended in part",
    "resumes": "is in force again where it was suspended in part",
}
FOR_SOME: dict[ChangeKind, str] = {
    "suspended": "is suspended for some places or parties",
    "resumes": "is in force again for all",
}
EVERYONE = "everyone"
DAY = timedelta(1)


class Happened(Struct, frozen=True):
    """What happened to an instrument: its id and title, in words, on which day, which may be uncertain."""

    instrument: str
    title: str
    what: str
    day: LegalDay


class ShownClass(Struct, frozen=True, kw_only=True):
    """A class of requests that is treated differently: the action, both answers, when, by which law, and an example."""

    words: str
    before: Answer
    after: Answer
    condition: Outline
    by_before: tuple[Source, ...]
    by_after: tuple[Source, ...]
    example: tuple[Outline, ...]


class Change(Struct, frozen=True, kw_only=True):
    """A change of the law of a place: between `before` and `after`, the days whose law was compared.

    `since` is the first day of the new law, or the first on which it may have been law; it names the change on its page.
    `unsettled` are actions of which it was not settled in time whether more requests are treated differently.
    """

    since: date
    before: date
    after: date
    happened: tuple[Happened, ...]
    classes: tuple[ShownClass, ...]
    equivalent: bool
    unsettled: tuple[str, ...]
    unasked: int
    terms: tuple[tuple[str, str, Outline], ...]

    @property
    def instruments(self) -> tuple[tuple[str, str], ...]:
        """The instruments to which something happened, each once, by id and title."""
        return tuple(dict.fromkeys((event.instrument, event.title) for event in self.happened))


class Elsewhere(Struct, frozen=True):
    """A change of the answers here that this place's own law did not make on a known day.

    It was made by the law of `place`, which contains this one, or is this one where an instrument was certainly in force from
    that day and nobody knows since when. Where `place` is empty, recorded facts changed it, such as a 287(g) agreement: `facts`
    has the source of each, and whether it was recorded from that day or until it.
    """

    since: date
    place: str
    name: str
    happened: tuple[Happened, ...]
    facts: tuple[tuple[str, bool], ...] = ()


def changes_at(site: Site, path: str) -> list[Change]:
    """The changes of the law that a place itself made, the latest first; each once for the whole build.

    A day on which law is not different, though an instrument began or ended, is among them: every request is treated alike.
    """
    windows = _windows(_happened(site, path), site.on)
    changes = (_change(site, path, window, [*events, *_meanwhile(site, path, window)]) for window, events in windows)
    return [*reversed([change for change in changes if change.classes or _matters(change)])]


def _matters(change: Change) -> bool:
    return any(happened.what != HAPPENED["number"] for happened in change.happened)


def _happened(site: Site, path: str) -> list[Happened]:
    """What happened, or may have happened, to the instruments of a place since 2007, in the order of the days."""
    local = (found for found in deciding_instruments(site.law.library, path) if found.jurisdiction == path)
    found = {happened for instrument in local for happened in _of_instrument(instrument, site.on)}
    whole = {(event.instrument, event.day) for event in found if event.what != HAPPENED["number"]}
    # That an instrument sets a number on the day on which it begins says nothing more.
    events = [event for event in found if event.what != HAPPENED["number"] or (event.instrument, event.day) not in whole]
    return sorted(events, key=lambda happened: (happened.day, happened.instrument, happened.what))


def _of_instrument(instrument: Instrument, last: date) -> Iterator[Happened]:
    for change in changes_of(instrument):
        if change.day.last > FIRST and change.day.first <= last:
            yield Happened(instrument.id, instrument.title, _words(change), change.day)


def _words(change: LifeChange) -> str:
    """What happened, in words; a suspension that is not of all provisions and for everyone says so."""
    if change.stay and change.stay.provisions:
        return IN_PART[change.kind]
    if change.stay and EVERYONE not in change.stay.covers:
        return FOR_SOME[change.kind]
    return HAPPENED[change.kind]


def _windows(happened: Iterable[Happened], last: date) -> list[tuple[LegalDay, list[Happened]]]:
    """What happened, grouped by the days on which it happened; uncertain days that overlap are one group."""
    windows: list[tuple[LegalDay, list[Happened]]] = []
    for event in (event for event in happened if event.day.first > FIRST):
        until = min(event.day.last, last)
        if windows and event.day.first <= windows[-1][0].last:
            window, events = windows[-1]
            windows[-1] = LegalDay(window.first, max(window.last, until)), [*events, event]
        else:
            windows.append((LegalDay(event.day.first, until), [event]))
    return windows


def _change(site: Site, path: str, window: LegalDay, happened: list[Happened]) -> Change:
    before, after = window.first - DAY, window.last
    diff = site.law.diff(f"{path}@{before}", f"{path}@{after}")
    asked = [found for found in diff.classes if found.asked]
    return Change(
        since=window.first,
        before=before,
        after=after,
        happened=tuple(happened),
        classes=tuple(_shown(found, site) for found in asked or diff.classes),
        equivalent=bool(diff.equivalent),
        unsettled=tuple(describe_action(action) for action in diff.unsettled),
        unasked=len(diff.classes) - len(asked) if asked else 0,
        terms=tuple((term.name, term.instrument, outline_of(term.words)) for term in diff.terms),
    )


def _shown(found: Class, site: Site) -> ShownClass:
    return ShownClass(
        words=describe_action(found.action),
        before=answer_of(found.from_),
        after=answer_of(found.to),
        condition=outline_of(found.condition),
        by_before=tuple(Source(cited.cite, cited.provision.partition("#")[0]) for cited in found.before),
        by_after=tuple(Source(cited.cite, cited.provision.partition("#")[0]) for cited in found.after),
        example=tuple(map(outline_of, (*found.witness.words, *found.witness.assuming))),
    )


def changes_around(site: Site, path: str) -> list[Elsewhere]:
    """The days on which the answers of a place changed, though its own law did not, the latest first."""
    library = site.law.library
    windows = _windows(_happened(site, path), site.on)
    days = [span.since for span in _answers_changed(site.answers(path))]
    found = []
    for day in days:
        if any(window.first <= day <= window.last for window, _ in windows):
            continue
        makers = [
            (place, events)
            for place in library.gazetteer.containing(path)
            if (events := _on_day(_happened(site, place), day))
        ]
        found += [Elsewhere(day, place, site.name(place), tuple(events)) for place, events in makers]
        if not makers:
            found.append(Elsewhere(day, "", "", (), tuple(_facts_on(site, path, day))))
    return found[::-1]


def _facts_on(site: Site, path: str, day: date) -> list[tuple[str, bool]]:
    """The sources of the facts of a place, and of those around it, that were recorded from a day or until it."""
    library = site.law.library
    facts = [fact for place in library.gazetteer.containing(path) for fact in library.facts_at(place)]
    found = [(fact.source, fact.since == day) for fact in facts if day in (fact.since, fact.until)]
    return sorted({*found}, key=lambda entry: (not entry[1], entry[0]))


def _meanwhile(site: Site, path: str, window: LegalDay) -> Iterator[Happened]:
    """What happened on the same days to the instruments of the places around a place, since both changes are compared as one."""
    for place in site.law.library.gazetteer.containing(path):
        if place != path:
            events = _happened(site, place)
            yield from (event for event in events if window.first <= event.day.last and event.day.first <= window.last)


def _on_day(happened: Iterable[Happened], day: date) -> list[Happened]:
    return [event for event in happened if event.day.first <= day <= event.day.last]


def _answers_changed(spans: list[Answers]) -> list[Answers]:
    """The spans whose answer to some standard request on an action of a detainer differs from that of the span before."""
    return [
        span
        for before, span in pairwise(spans)
        if any(
            before.by_request[request].get(action) != possible.get(action)
            for request, possible in span.by_request.items()
            for action in ACTIONS
        )
    ]
