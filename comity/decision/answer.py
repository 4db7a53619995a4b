"""The parts of a decision: the answer for each action, what it rests on, what goes with it, and what it was made from."""

from __future__ import annotations

from msgspec import Struct

from comity.engine.outcome import Outcome


class Ground(Struct, frozen=True):
    """A provision that an answer names, for display: its citation, evidence mark and summary in plain words."""

    provision: str
    cite: str
    evidence: str
    plain: str = ""


class Yielded(Struct, frozen=True):
    """A provision that yields, what it yields to (a provision, an instrument or a day), and the reason.

    `maybe` is true if that depends on facts that are not known.
    """

    provision: str
    to: str
    reason: str
    maybe: bool = False


class Missing(Struct, frozen=True):
    """A fact that would narrow the answer: the question to ask, and how many possible outcomes its answer removes.

    `removes_at_least` is for the worst answer, `removes_on_average` the mean over distinct answers. For a field of a record
    (`convictions[0].grade`), `alike` counts the records that the law treats as this one, for which the same holds.
    """

    fact: str
    question: str
    removes_at_least: int
    removes_on_average: float
    alike: int = 1


class Warned(Struct, frozen=True):
    """A warning with the provision or instrument that it comes from; `maybe` where its condition is not known.

    `topic` says what kind of risk it tells of, `about` which side it burdens: doing the action or declining it (empty: either).
    `force` of a court's word is `binding` where it reaches the place, else `persuasive`; `courts` names the court. `parties_only`
    where it commands parties of whom this place is not one. `same_as` is a provision that says the same. `since` is the day from
    which it is in force, `rank` its place among the decision's warnings from 1, given in JSON. `constitutional` is true of a
    warning of a constitution, which comes before all others. `disputes` is the id of the instrument that a dispute is about.
    """

    provision: str
    text: str
    maybe: bool = False
    topic: str = ""
    about: str = ""
    force: str = ""
    courts: str = ""
    parties_only: bool = False
    same_as: str = ""
    since: str = ""
    rank: int = 0
    constitutional: bool = False
    disputes: str = ""


class Known(Struct, frozen=True):
    """A decisive fact: what it is, and where it came from (`request`, `assumed`, or a source about the place)."""

    fact: str
    value: str
    source: str


class ActionAnswer(Struct, frozen=True):
    """What the law says of one action; `possible` has each outcome that the missing facts leave open, one where it is decided.

    `determining` has the ids of the provisions on which the outcome rests, `yielding` those that would say otherwise, `missing` the
    facts to find out, the most decisive first, and `decisive` the known facts on which it turns. `decider` is who decides where the
    action is permitted; where it is required, the official whose order the duty waits for, if it waits for one.
    """

    outcome: Outcome
    possible: tuple[Outcome, ...]
    determining: tuple[str, ...] = ()
    yielding: tuple[Yielded, ...] = ()
    missing: tuple[Missing, ...] = ()
    warnings: tuple[Warned, ...] = ()
    decisive: tuple[Known, ...] = ()
    decider: str = ""


class Owed(Struct, frozen=True):
    """An obligation, or what a form asks: the `bearer` owes the `deed`, to whom and `by` when where the law says it, in words.

    `condition` is in words where it is not known whether it applies. `ours` where the receiving agency bears it. `actions` are
    those that fulfilling it does or declines, `deadline` the moment until which it is due, where that is known, else empty. A
    duty of the `calendar` follows from no request; `last_day` is the day by which it was to be done once.
    """

    provision: str
    bearer: str
    deed: str
    to: str = ""
    by: str = ""
    condition: str = ""
    ours: bool = False
    deadline: str = ""
    actions: tuple[str, ...] = ()
    sentence: str = ""
    after: str = ""
    calendar: bool = False
    last_day: str = ""


class Limited(Struct, frozen=True):
    """A limit on a hold: `words` say it, and `until` is the moment at which it ends, empty where its start is not known.

    `rules` where that moment governs; `condition` is in words where it is not known whether the limit applies.
    """

    provision: str
    until: str = ""
    words: str = ""
    condition: str = ""
    rules: bool = False


class Researched(Struct, frozen=True):
    """How far the law of a place was followed: the latest day to which the sources that were looked at reach, and what they were.

    `to` is empty where nobody looked; `beyond` where the decision is about a later day.
    """

    name: str
    to: str = ""
    looked_at: str = ""
    not_found: str = ""
    beyond: bool = False


class Proof(Struct, frozen=True, kw_only=True):
    """What a decision was made from. The same request under a law and a program with these digests gives the same decision.

    Digests are SHA-256, as 64 hexadecimal digits: `request` of the facts as they were read, with the place and the moment; `stack`
    of the law in force, with the facts of the place; `library` of every law file and of the program, whose first 16 digits are the
    `law_version`; `program_digest` of the program's source files. `program` is its version, `format` that of a decision as JSON.
    `filled` names each fact that the request does not state, and where it came from: its form, what is true of the place, or, for
    `at`, the time of the call.
    """

    request: str
    stack: str
    library: str
    program: str
    program_digest: str
    format: int
    filled: dict[str, str] = {}
