"""The ask page of each place: the law of any day since 2007, run in the reader's browser by the engine that it loads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comity.decision.card import COMMANDS
from comity.decision.risks import AGENCY_TEXT
from comity.decision.words import EVIDENCE_WORDS, OUTCOME_WORDS, SHORT_ACTION_WORDS
from comity.facts import kinds
from comity.facts.vocabulary import Entry, Vocabulary
from comity.site.answers import FIRST
from comity.site.ask.pooled import Pool
from comity.site.ask.spans import AHEAD, HOLDING, AskLaw, AskSpan, law_to_ask
from comity.site.ask.surroundings import surroundings_of
from comity.site.days import FORMS, MONTHS
from comity.site.site import Site
from comity.site.site_page import LANGUAGES, SiteFile, SitePage
from comity.site.words import translate

ENGINE = Path(__file__).parents[2] / "engine" / "browser"
ENGINE_SCRIPTS = ("clock.js", "engine.js")
# In the order in which they need one another.
SCRIPTS = (
    *("clock.js", "engine.js", "dom.js", "law.js", "warnings.js", "card.js", "facts.js"),
    *("fields.js", "view.js", "link.js", "ask.js"),
)
TODAY, EARLIER = "law.js", "earlier.js"
TITLE = "{name}: ask what the law says of a request"
TRANSLATED = ("question", "form", "item")


def ask_files(site: Site) -> Iterator[SiteFile]:
    """The files that all ask pages load: the engine's scripts, and the vocabulary in each language."""
    for name in ENGINE_SCRIPTS:
        yield SiteFile(f"static/ask/{name}", (ENGINE / name).read_bytes())
    for language in LANGUAGES:
        facts = facts_of(site.law.library.vocabulary, language)
        yield SiteFile(facts_path(language), script("vocabulary", facts))


def facts_path(language: str) -> str:
    """The script of the vocabulary in a language, by its path in the site."""
    return f"static/ask/vocabulary-{language}.js"


def ask_pages(site: Site, path: str) -> Iterator[SitePage | SiteFile]:
    """The ask page of a place that has a page of its own, with the law of its day and, apart, the law of other days."""
    law = law_to_ask(site.law.library, path, site.on)
    today, earlier = scripts_of(law, site, path)
    folder = f"{path}/ask/"
    yield ask_page(site, path)
    yield SiteFile(f"{folder}{TODAY}", today)
    yield SiteFile(f"{folder}{EARLIER}", earlier)


def ask_page(site: Site, path: str) -> SitePage:
    """The page alone, without its data."""
    name = site.name(path)
    return SitePage(
        path=f"{path}/ask/",
        template="ask.html",
        title=TITLE,
        named=name,
        crumbs=(*site.crumbs(path), (name, f"{path}/")),
        values={
            "name": name,
            "place": path,
            "first": FIRST.isoformat(),
            "last": (site.on + AHEAD).isoformat(),
            "commands": COMMANDS,
            "outcomes": OUTCOME_WORDS,
            "actions": SHORT_ACTION_WORDS,
            "evidence": EVIDENCE_WORDS,
            "agency_text": AGENCY_TEXT,
            "all_months": MONTHS,
            "day_forms": FORMS,
            "agencies": {kind: site.law.library.vocabulary.entries["agency.kind"].words[kind] for kind in HOLDING},
        },
        data=(f"{path}/ask/{TODAY}",),
        scripts=tuple(f"ask/{name}" for name in SCRIPTS),
    )


def scripts_of(law: AskLaw, site: Site, path: str) -> tuple[bytes, bytes]:
    """The scripts of a place: with the law of the site's day and what the page knows of the place, and with all other law."""
    parts = parts_of(law, site)
    return script("law", {**surroundings_of(site, path), **parts[0]}), script("law", parts[1])


def parts_of(law: AskLaw, site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """The spans of the site's day, then all others: documents, and the pool of what they share, which continues."""
    pool = Pool(site.text_address)
    now = [span for span in law.spans if span.since <= site.on < span.until]
    numbers = list(dict.fromkeys(span.document for span in now))
    first = {"documents": {number: pool.pooled(law.documents[number]) for number in numbers}, "spans": spans_json(now)}
    first["pool"] = list(pool.values)
    others = sorted({span.document for span in law.spans}.difference(numbers))
    second = {
        "documents": {number: pool.pooled(law.documents[number]) for number in others},
        "from": len(first["pool"]),
    }
    second |= {"pool": pool.values[len(first["pool"]) :]}
    return {**first, "from": 0}, {**second, "spans": spans_json([span for span in law.spans if span not in now])}


def spans_json(spans: list[AskSpan]) -> list[list[Any]]:
    """Spans as JSON: since, until, day of the stack, kinds of agency, number of the document."""
    return [
        [span.since.isoformat(), span.until.isoformat(), span.day.isoformat(), list(span.kinds), span.document]
        for span in spans
    ]


def script(kind: str, value: Any) -> bytes:
    """A classic script that hands a value over to the page: data that a page in a folder may load."""
    text = json.dumps(value, separators=(",", ":")).replace("</", "<\\/")
    return f'(globalThis.comityData ??= []).push(["{kind}",{text}]);\n'.encode()


def facts_of(vocabulary: Vocabulary, language: str) -> dict[str, dict[str, Any]]:
    """Every fact by its path: kind, question, words of members, and what else a control needs."""
    return {path: _fact(entry, language) for path, entry in vocabulary.entries.items()}


def _fact(entry: Entry, language: str) -> dict[str, Any]:
    words = {name: translate(language, text) for name in TRANSLATED if (text := getattr(entry, name))}
    number: dict[str, Any] = {}
    if isinstance(entry.kind, kinds.Number):
        number = {"minimum": entry.kind.minimum, "unit": translate(language, entry.kind.unit)}
    members = {member: translate(language, text) for member, text in entry.words.items()}
    return {
        "kind": str(entry.kind.__struct_config__.tag), **words, **number, **({"members": members} if members else {}),
    }  # fmt: skip
