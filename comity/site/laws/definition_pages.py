"""The pages of the contested word: every definition as prose, and a table of which places meet which on the day of the site.

The table is that of the places that have law of their own on detainers; each is classified once. No definition is ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from comity.classification.classify import PREFIX, PlaceClassifier, read_all_definitions
from comity.classification.definition import Criterion, Definition, target_of
from comity.classification.view import UNKNOWN, Classified, DefinitionAnswer
from comity.decision.words import EVIDENCE_WORDS, OUTCOME_WORDS, noun_of
from comity.finding import InputFault, grave
from comity.language import syntax
from comity.language.connect import ALWAYS, all_of
from comity.language.sentence import clause
from comity.law.closing import ASKS
from comity.law.register import is_beyond_jail
from comity.period import FIRST_DAY, LAST_DAY
from comity.site.days import say_day
from comity.site.laws.force_today import say_legal_day, say_since
from comity.site.outline import Outline, outline_in_full
from comity.site.site import Site
from comity.site.site_page import SiteFile, SitePage

INDEX = "definitions/"
COUNTRY = "us"
YES, NO, OPEN, UNSETTLED = "yes", "no", "open", "not settled"
MARKS: dict[bool | str, str] = {True: YES, False: NO, UNKNOWN: OPEN}
# How a criterion is decided, before the condition of the requests that it is about; {what} is an action with its outcome.
SORTS = {
    "some": "For at least one possible request{asked}, {what}",
    "every": "For every possible request{asked}, {what}",
    "rule_against": "A rule of the place or of its State forbids {nouns} for some request{asked}, even if it yields to higher law",
}


class ShownCriterion(Struct, frozen=True, kw_only=True):
    """A criterion: its heading and sentence, how it is decided, the requests that it is about, and what it links to."""

    name: str
    plain: str
    decided: str
    where: Outline | None = None
    places: tuple[tuple[str, str], ...] = ()
    like: str = ""
    like_title: str = ""


class PlaceMarks(Struct, frozen=True):
    """A place with its State, and the mark of each definition by its id."""

    path: str
    name: str
    state: str
    marks: dict[str, str]


class Row(Struct, frozen=True, kw_only=True):
    """A definition in the index: whose it is, when it is in use, and how many places have each mark."""

    id: str
    short: str
    path: str
    title: str
    by: str
    in_use: str
    evidence: str
    counts: dict[str, int]


def definition_pages(site: Site) -> Iterator[SitePage | SiteFile]:
    """The index with its table, and a page and the file of each definition."""
    definitions, findings = read_all_definitions(site.law.folders, site.law.library)
    if grave(findings):
        raise InputFault(grave(findings))
    places = classify_places(site, definitions)
    rows = [_row(definition, places, site) for definition in definitions.values()]
    yield SitePage(
        path=INDEX,
        template="definitions.html",
        title="The contested word",
        section=INDEX,
        description='What "sanctuary jurisdiction" means by each definition, and which places meet which.',
        values={"rows": rows, "places": places, "marks": MARKS.values(), "full": _full(places, site)},
        scripts=("filter.js",),
    )
    for definition in definitions.values():
        yield _definition_page(definition, definitions, places, site)
        yield SiteFile(f"{path_of(definition.id)}definition.txt", Path(definition.place.source).read_bytes())


def path_of(id: str) -> str:
    """The folder of a definition: its id with the signs that a file name may not have everywhere as dashes."""
    return f"{INDEX}{re.sub(r'[^a-z0-9]+', '-', id.removeprefix(PREFIX).lower()).strip('-')}/"


def classify_places(site: Site, definitions: Mapping[str, Definition]) -> list[PlaceMarks]:
    """Every place with law of its own on detainers, under each definition, on the day of the site; by State and name."""
    library = site.law.library
    paths = {instrument.jurisdiction for instrument in library.instruments.values() if not is_beyond_jail(instrument)}
    classifier = PlaceClassifier(library, definitions, site.law.folders)
    found = []
    for path in sorted(paths - {COUNTRY}, key=lambda path: (_state_of(path, site), path.count("/"), site.name(path))):
        if not site.wanted or site.has_page(path):
            answers: Classified = classifier.classify(site.places[path], site.on, definitions)
            marks = {id: mark_of(answer) for id, answer in answers.definitions.items()}
            found.append(PlaceMarks(path, site.name(path), _state_of(path, site), marks))
    return found


def mark_of(answer: DefinitionAnswer) -> str:
    """`yes`, `no`, `open`, or `not settled` where the solver was out of time."""
    if answer.meets == UNKNOWN and not all(criterion.settled for criterion in answer.criteria):
        return UNSETTLED
    return MARKS[answer.meets]


def _state_of(path: str, site: Site) -> str:
    return site.name("/".join(path.split("/")[:2]))


def _row(definition: Definition, places: Sequence[PlaceMarks], site: Site) -> Row:
    counts = Counter(place.marks[definition.id] for place in places)
    return Row(
        id=definition.id,
        short=definition.id.removeprefix(PREFIX),
        path=path_of(definition.id),
        title=definition.title,
        by=definition.by,
        in_use={True: "in use", False: "not in use", None: "uncertain"}[definition.in_use(site.on)],
        evidence=EVIDENCE_WORDS[definition.evidence],
        counts={mark: counts[mark] for mark in MARKS.values()},
    )


def _definition_page(
    definition: Definition, definitions: Mapping[str, Definition], places: Sequence[PlaceMarks], site: Site
) -> SitePage:
    meeting = {
        mark: [place for place in places if place.marks[definition.id] == mark] for mark in (*MARKS.values(), UNSETTLED)
    }
    return SitePage(
        path=path_of(definition.id),
        template="definition.html",
        title=definition.title,
        section=INDEX,
        crumbs=(("Definitions", INDEX),),
        description=definition.summary[:200],
        values={
            "definition": definition,
            "days": days_of(definition),
            "evidence": EVIDENCE_WORDS[definition.evidence],
            "within": site.name(definition.within) if definition.within else "",
            "met_where": met_where(definition, site),
            "criteria": [_shown(criterion, definitions, site) for criterion in definition.criteria.values()],
            "places": meeting,
            "full": _full(places, site),
            "raw": f"{path_of(definition.id)}definition.txt",
        },
    )


def _full(places: Sequence[PlaceMarks], site: Site) -> set[str]:
    """The places that have a page of their own, to be linked to."""
    return {place.path for place in places if site.has_page(place.path) and site.is_full(place.path)}


def days_of(definition: Definition) -> str:
    """When a definition was in use: `In use since January 25, 2017 until January 20, 2021.`"""
    since = "" if definition.since.last == FIRST_DAY else f" {say_since(definition.since)}"
    until = (
        "" if definition.until.first == LAST_DAY else f" until {say_legal_day(definition.until).removeprefix('on ')}"
    )
    return f"In use{since}{until}." if since or until else "In use on every day."


def met_where(definition: Definition, site: Site) -> str:
    """How the criteria are joined, as a sentence."""
    if definition.score:
        return (
            f"It is met where at least {definition.score.at_least} of its {len(definition.score.of)} criteria are met."
        )
    joined, parts = definition.meets, getattr(definition.meets, "parts", ())
    if isinstance(joined, syntax.Term):
        return "It is met where its criterion is met." if len(definition.criteria) == 1 else _met(joined, site)
    if all(isinstance(part, syntax.Term) for part in parts) and len(parts) == len(definition.criteria):
        return f"It is met where {'any' if isinstance(joined, syntax.Or) else 'each'} of its criteria is met."
    return _met(joined, site)


def _met(joined: syntax.Condition, site: Site) -> str:
    words = clause(joined, site.law.library.vocabulary)
    return f"It is met where {words.replace('does not apply', 'is not met').replace('applies', 'is met')}."


def _shown(criterion: Criterion, definitions: Mapping[str, Definition], site: Site) -> ShownCriterion:
    target, part = target_of(criterion.like, definitions) if criterion.like else (None, None)
    rest, _ = without_asking(criterion)
    return ShownCriterion(
        name=criterion.name.replace("_", " "),
        plain=criterion.plain,
        decided=_decided(criterion, site),
        where=outline_in_full(clause(rest, site.law.library.vocabulary)) if rest != ALWAYS else None,
        places=tuple((site.name(path), path) for path in sorted(criterion.places) if path in site.places),
        like=path_of(target.id) if target else "",
        like_title=f"{target.title}{f': {part.heading}' if part and part.heading else ''}" if target else "",
    )


def _decided(criterion: Criterion, site: Site) -> str:
    """How a criterion is decided, as the beginning of a sentence."""
    outcomes = " or ".join(OUTCOME_WORDS.get(outcome, outcome) for outcome in criterion.outcomes)  # type: ignore[call-overload]
    nouns = _or([noun_of(action) for action in criterion.actions])
    match criterion.sort:
        case "place":
            return f"It is recorded of the place that {clause(criterion.so, site.law.library.vocabulary)}"
        case "listed":
            since = "" if criterion.since == FIRST_DAY else f" from {say_day('en', criterion.since)}"
            until = "" if criterion.until == LAST_DAY else f" until {say_day('en', criterion.until)}"
            return f"The place, or one that contains it, is on a list{since}{until}"
        case "beyond":
            return f"It depends on {criterion.fact.rstrip('.')}, which no rule about requests can show"
        case "as":
            return "The same as"
    asked = " that asks for it" if without_asking(criterion)[1] else ""
    return SORTS[criterion.sort].format(what=f"{nouns} is {outcomes}", nouns=nouns, asked=asked)


def without_asking(criterion: Criterion) -> tuple[syntax.Condition, bool]:
    """The condition of the requests that a criterion is about, without that they ask for its action, and whether they must."""
    action, when = next(iter(criterion.when.items()), ("", ALWAYS))
    parts = when.parts if isinstance(when, syntax.And) else (when,)
    asking = syntax.Member(syntax.Text(action), syntax.Fact(ASKS))
    return all_of([part for part in parts if part != asking]), asking in parts


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
