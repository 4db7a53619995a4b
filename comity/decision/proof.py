"""Digests of what a decision was made from: the request as it was read, and the law in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from comity.decision.answer import Proof
from comity.facts.document import as_json
from comity.law.in_force import Stack
from comity.law.instrument import Provision
from comity.program import program_digest
from comity.version import VERSION

FORMAT = 1  # version of the JSON of a decision; raised by a change that could break a reader
ASKS, AT = "request.asks", "at"
_ENCODER = msgspec.json.Encoder(order="sorted")


def proof_of(
    stated: Mapping[str, Any],
    stack: Stack,
    *,
    stack_digest: str,
    library_digest: str,
    place: str,
    at: datetime,
    asks_from: str,
    as_of_now: bool,
) -> Proof:
    """The proof of a decision on the facts that a request states, as nested JSON, at a place and a moment.

    `asks_from` says from what it was taken what the request asks for, where it does not say it; `as_of_now` where no moment
    was given.
    """
    request = _ENCODER.encode((place, at.isoformat(), stated))
    filled = {}
    for path, fact in stack.fact_sources.items():
        section, _, name = path.rpartition(".")
        if name not in (stated.get(section, ()) if section else stated):
            filled[path] = f"true of {fact.place_path}"
    if asks_from:
        filled[ASKS] = asks_from
    if as_of_now:
        filled[AT] = "the time of the call"
    return Proof(
        request=sha256(request).hexdigest(),
        stack=stack_digest,
        library=library_digest,
        program=VERSION,
        program_digest=program_digest(),
        format=FORMAT,
        filled=filled,
    )


def digest_of(stack: Stack) -> str:
    """The digest of a stack: each effect with its closed condition, the provisions as they are cited, and the place's facts.

    Where the files lie does not count, and which files there are beside them does not either.
    """
    facts = {path: as_json(value) for path, value in stack.facts.items()}
    sources = {path: (fact.place_path, fact.source) for path, fact in stack.fact_sources.items()}
    provisions = [_content(provision) for provision in stack.provisions.values()]
    titles = {id: (instrument.title, instrument.citation) for id, instrument in stack.instruments.items()}
    parts = [stack.standing, stack.set_aside, stack.warnings, facts, sources, provisions, titles]
    return sha256(_ENCODER.encode(parts)).hexdigest()


def _content(provision: Provision) -> tuple[Any, ...]:
    """What a provision says, without the place of its file."""
    return (
        provision.id, provision.heading, provision.plain, provision.cite, provision.evidence, provision.decider,
        provision.text, provision.limit, provision.obligation,
    )  # fmt: skip
