"""Every English text for which a page asks a language: what the tables of words must have, and nothing else.

Texts that a template writes are read from its syntax; those that Python makes come from the tables that it makes them of.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, nodes

from comity.decision.words import ACTION_WORDS, EVIDENCE_WORDS, SHORT_ACTION_WORDS
from comity.facts.kinds import Number
from comity.facts.vocabulary import Vocabulary
from comity.funding.page import BREACHED, STATES
from comity.law.instrument import ACTIONS
from comity.lawview.citation_links import forms
from comity.site.about.about_page import EVIDENCE_SENTENCES
from comity.site.ask.page import TITLE, TRANSLATED
from comity.site.badge import WORDS
from comity.site.find_data import KIND_WORDS
from comity.site.place.changes import FOR_SOME, HAPPENED, IN_PART
from comity.site.place_law import NONE, NOT_RESEARCHED
from comity.site.place_page import DESCRIPTION
from comity.site.render import SECTIONS, TEMPLATES
from comity.site.standard_requests import standard_requests

# What a template may pass to `_()` beside a text of its own, with where the texts come from; a new one is a fault until
# it is here and its texts are in `made_by_python`.
VARIABLES = {
    "about.html": 3, "ask_words.html": 4, "base.html": 1, "map.html": 7, "place.html": 7, "place_beside.html": 5,
    "place_law.html": 3, "place_macros.html": 1, "place_years.html": 9, "short.html": 2, "start.html": 1,
}  # fmt: skip
STATES_OF_INSTRUMENTS = ("in force", "ended", "not yet in force", "uncertain")
FIGURES = ("Foreign-born residents", "Unauthorized immigrants", "Detainers on record", "Federal money in the budget")
MARKS = ("yes", "no", "not known")
TITLES = (TITLE, DESCRIPTION)  # others are the names of places or of sections


def written_by_templates() -> dict[str, set[str]]:
    """The texts that templates pass to `_()`, each with the names of the templates."""
    found: dict[str, set[str]] = {}
    for name, argument in arguments():
        if isinstance(argument, nodes.Const):
            found.setdefault(argument.value, set()).add(name)
    return found


def variables() -> dict[str, int]:
    """How many other things each template passes to `_()`: names of texts that Python makes."""
    counts: dict[str, int] = {}
    for name, argument in arguments():
        if not isinstance(argument, nodes.Const):
            counts[name] = counts.get(name, 0) + 1
    return counts


def arguments() -> Iterator[tuple[str, nodes.Expr]]:
    """The first argument of each call of `_()`, by template."""
    for path in sorted(TEMPLATES.glob("*.html")):
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                yield path.name, call.args[0]


def made_by_python(vocabulary: Vocabulary) -> set[str]:
    """The texts that Python makes and pages translate."""
    return {*TITLES, *_answers(), *_places(), *_requests(), *_facts(vocabulary)}


def _answers() -> Iterator[str]:
    yield from (*WORDS.values(), *ACTION_WORDS.values(), *SHORT_ACTION_WORDS.values())
    yield from (f"{SHORT_ACTION_WORDS[action][:1].upper()}{SHORT_ACTION_WORDS[action][1:]}" for action in ACTIONS)
    yield from (*EVIDENCE_WORDS.values(), *EVIDENCE_SENTENCES.values(), NONE, NOT_RESEARCHED)
    yield from (form.kind for form in forms())


def _places() -> Iterator[str]:
    yield from (*(words for words, _ in SECTIONS), *KIND_WORDS.values(), *STATES.values(), *BREACHED.values())
    yield from (*HAPPENED.values(), *IN_PART.values(), *FOR_SOME.values(), *STATES_OF_INSTRUMENTS, *FIGURES, *MARKS)


def _requests() -> Iterator[str]:
    for request in standard_requests():
        yield from (request.words, request.says)


def _facts(vocabulary: Vocabulary) -> Iterator[str]:
    for entry in vocabulary.entries.values():
        yield from (text for name in TRANSLATED if (text := getattr(entry, name)))
        yield from entry.words.values()
        if isinstance(entry.kind, Number) and entry.kind.unit:
            yield entry.kind.unit
