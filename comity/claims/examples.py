"""The witness of a claim or a difference as an example: a document that can be decided, and its words."""

from __future__ import annotations

from collections.abc import Mapping

from comity.claims.claim_view import Example
from comity.claims.describe import request_in_words
from comity.facts.document import document_of
from comity.facts.kinds import Value
from comity.law.life import is_force
from comity.lawview.build_view import with_force
from comity.lawview.named_law import NamedLaw
from comity.records.joint import SECOND


def example_of(values: Mapping[str, Value], law: NamedLaw) -> Example:
    """The request as received at noon on the law's day.

    What a request cannot say is in `assuming`.
    """
    vocabulary, instruments = with_force(law.stack), law.library.instruments
    known = {path: value for path, value in values.items() if not is_force(path)}
    force = {path: value for path, value in values.items() if is_force(path)}
    of_request = {path: value for path, value in known.items() if not path.endswith(SECOND)}
    document = {"place": law.stack.place, "at": law.at.isoformat(), **document_of(of_request)}
    words, assuming = (tuple(request_in_words(facts, vocabulary, instruments)) for facts in (known, force))
    return Example(document, words, assuming)
