"""The worked example on the page of the desk's API; a test makes each call and compares its answer. `...` stands for any value."""

from __future__ import annotations

from typing import Any, NamedTuple

ANY = "..."


class Step(NamedTuple):
    """A call: what it does, its method and address, its body and key, and what it answers. CASE stands for the id of the case."""

    words: str
    method: str
    address: str
    body: dict[str, Any]
    key: str
    answer: Any


FACTS = {
    "request.form": "i247a", "request.complete": True, "convictions": [], "subject.citizenship": "none_claimed",
    "request.warrants": [{"kind": "i200", "issuer": "immigration_officer", "signed": True}],
}  # fmt: skip
EXAMPLE = (
    Step(
        "The detainer is received. The key is the number that the sending system gave it.",
        "POST", "cases", {"facts": FACTS, "person": {"name": "Subject 0017", "booking": "B-17"}}, "inbox-20417",
        {"case": ANY, "detainer": 1, "is_new": True},
    ),
    Step(
        "It is decided under the law in force now. `answer` is what `POST /api/v1/decide` gives.",
        "POST", "cases/CASE/decide", {}, "inbox-20417-decide",
        {"event": ANY, "case": ANY, "decision": 1, "answer": ANY},
    ),
    Step(
        "The person would be free but for the detainer: the hold begins.",
        "POST", "cases/CASE/begin-hold", {"began_at": "2026-11-02T12:00:00-05:00"}, "inbox-20417-hold",
        {"event": ANY, "case": ANY, "kind": "hold_begun", "at": ANY},
    ),
    Step(
        "Nobody came, and the person is released.",
        "POST", "cases/CASE/release", {"reason": "the limit was reached"}, "inbox-20417-release",
        {"event": ANY, "case": ANY, "kind": "released", "at": ANY},
    ),
    Step(
        "A hold cannot begin on a case that is closed. The problem says why.",
        "POST", "cases/CASE/begin-hold", {}, "",
        {
            "type": "urn:comity:problem:not-now", "title": "Conflict", "status": 409, "detail": ANY, "code": "not-now",
            "request_id": ANY,
            "findings": [
                {"code": "not-now", "at": ANY, "message": ANY, "help": ""},
            ],
        },
    ),
)  # fmt: skip
