"""Digests of what a decision was made from: the request as it was read, and the law in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from comity.decision.decision import Proof
from comity.facts.document import as_json
from comity.law.in_force import Stack
from comity.version import VERSION

FORMAT = 1  # version of the JSON of a decision; raised by a change that could break a reader
ASKS = "request.asks"
_ENCODER = msgspec.json.Encoder(order="sorted")


def proof_of(
    stated: Mapping[str, Any],
    stack: Stack,
    *,
    stack_digest: str,
    place: str,
    at: datetime,
    asked_by_form: bool,
) -> Proof:
    """The proof of a decision on the facts that a request states, as JSON values by path, at a place and a moment."""
    request = _ENCODER.encode({"place": place, "at": at.isoformat(), "facts": stated})
    filled = {path: f"true of {fact.place_path}" for path, fact in stack.fact_sources.items() if path not in stated}
    if asked_by_form:
        filled[ASKS] = "what the form asks for"
    return Proof(
        request=sha256(request).hexdigest(),
        stack=stack_digest,
        library=stack.version,
        program=VERSION,
        format=FORMAT,
        filled=filled,
    )


def digest_of(stack: Stack) -> str:
    """The digest of a stack: every effect with its closed condition, what is set aside, and the facts of the place."""
    facts = {path: as_json(value) for path, value in stack.facts.items()}
    return sha256(_ENCODER.encode([stack.standing, stack.set_aside, facts])).hexdigest()
