"""Decides every case of the law, and takes the digest of each decision: what bench/drafting.py runs in both Pythons."""

from __future__ import annotations

import hashlib
from typing import Any

from comity.decision.cases import run_cases
from comity.decision.decision import Decision
from comity.decision.explain import decide
from comity.facts.request import Request
from comity.law.in_force import Stack
from comity.law.library import Library


def run_all(library: Library) -> dict[str, Any]:
    """The digest of each decision of the law's cases, in their order, and how many cases fail."""
    digests: list[str] = []

    def recording(stack: Stack, request: Request) -> Decision:
        decision = decide(stack, request)
        digests.append(hashlib.sha256(decision.to_json()).hexdigest())
        return decision

    failing = run_cases(library, engine=recording)
    return {"digests": digests, "failing": len(failing), "version": library.version}
