"""The ask page of one place as one file that needs nothing else: for a desktop folder, with no network.

Scripts and styles are in the file, and its policy allows these alone, by their hashes. The law is packed, and of earlier law
there is as much as fits.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup
from msgspec import Struct, structs

from comity.finding import Finding, InputFault, Place, phrase
from comity.site.answers import FIRST
from comity.site.ask.page import ENGINE, ENGINE_SCRIPTS, SCRIPTS, ask_page, facts_of, parts_of
from comity.site.ask.spans import AHEAD, AskLaw, law_to_ask
from comity.site.ask.surroundings import surroundings_of
from comity.site.render import Edition, Renderer
from comity.site.site import Site

STATIC = Path(__file__).parents[1] / "static"
STYLES = ("site.css", "ask/ask.css")
BYTES_MAX = 400_000
NEVER_IN_SCRIPTS = ("</script", "<!--")  # what would end a script in a page, or change how its end is found


class SingleFile(Struct, frozen=True):
    """The file, and the first and the last day for which it answers."""

    html: bytes
    first: date
    last: date


def single_file(site: Site, path: str, command: str, most: int = BYTES_MAX) -> SingleFile:
    """The file of a place, with the law of as many earlier days as fit. Raises `InputFault` where not even today's fits."""
    applying = path if site.is_full(path) else site.applying(path)
    law = law_to_ask(site.law.library, applying, site.on)
    known = surroundings_of(site, applying, path)
    for first in sorted({FIRST, *(span.since for span in law.spans if span.since <= site.on)}):
        since_then = structs.replace(law, spans=tuple(span for span in law.spans if span.until > first))
        html = _html(site, path, command, first=first, packed=_packed(site, since_then, known))
        if len(html) <= most:
            return SingleFile(html, first, site.on + AHEAD)
    message = phrase("the law of {} does not fit into a file of {} bytes", path, most)
    raise InputFault([Finding("too-large", Place("--single-file"), message, phrase("build the pages of the place"))])


def _packed(site: Site, law: AskLaw, known: dict[str, Any]) -> str:
    """What the scripts of a page hand over, as JSON with gzip in base64."""
    first, second = parts_of(law, site)
    pairs = [
        ("vocabulary", facts_of(site.law.library.vocabulary, "en")), ("law", {**known, **first}), ("law", second)
    ]  # fmt: skip
    text = json.dumps(pairs, separators=(",", ":"))
    return b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def _html(site: Site, path: str, command: str, *, first: date, packed: str) -> bytes:
    style = "".join((STATIC / name).read_text(encoding="utf-8") for name in STYLES)
    script = "".join(_script(name) for name in SCRIPTS)
    page = ask_page(site, path)
    page = structs.replace(
        page, template="ask_single.html", data=(), scripts=(),
        values={
            **page.values, "first": first.isoformat(), "style": Markup(style), "script": Markup(script),
            "packed": packed, "style_hash": _hash(style), "script_hash": _hash(script),
        },
    )  # fmt: skip
    edition = Edition(site.law.version, site.on, command, ())
    return Renderer(edition, ("en",)).html(page, "en").encode()


def _script(name: str) -> str:
    folder = ENGINE if name in ENGINE_SCRIPTS else STATIC / "ask"
    text = (folder / name).read_text(encoding="utf-8")
    assert not any(mark in text for mark in NEVER_IN_SCRIPTS), name
    return text


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
