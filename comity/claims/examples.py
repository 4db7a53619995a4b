"""A request that shows something, as a document that can be decided and in words."""

from __future__ import annotations

from collections.abc import Mapping

from comity.claims.claim_view import Example
from comity.claims.describe import request_in_words
from comity.facts.document import document_of
from comity.facts.kinds import Value
from comity.law.life import is_force
from comity.lawview.build_view import with_force
from comity.lawview.named_law import Side
from comity.records.joint import SECOND


def example_of(values: Mapping[str, Value], side: Side) -> Example:
    """The request as it would come in at noon of the law's day; what cannot stand in a request is told beside it."""
    vocabulary, instruments = with_force(side.stack), side.library.instruments
    known = {path: value for path, value in values.items() if not is_force(path)}
    force = {path: value for path, value in values.items() if is_force(path)}
    of_request = {path: value for path, value in known.items() if not path.endswith(SECOND)}
    document = {"place": side.stack.place, "at": side.at.isoformat(), **document_of(of_request)}
    words, assuming = (tuple(request_in_words(own, vocabulary, instruments)) for own in (known, force))
    return Example(document, words, assuming)
