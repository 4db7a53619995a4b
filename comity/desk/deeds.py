"""Everything that is written at the desk: one function for each deed, one event for each call.

Each takes `by`, who does it, and `at`, when; asks whether that role may; and returns once the disk has the event. What is not allowed
raises `Refused` with a finding for the person, and writes nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from comity.decision.decision import Decision
from comity.decision.incoming import incoming
from comity.desk import events
from comity.desk.case import Case
from comity.desk.deciding import decide_case, document_of, end_of_hold
from comity.desk.desk import Desk
from comity.desk.events import Actor, Channel, Event, StatedFact
from comity.desk.ledger import Refused, Writing
from comity.desk.models import BlindName, Fingerprint
from comity.desk.papers.keeping import dispose_of, store_paper
from comity.desk.roles import Permission, may
from comity.desk.sealing import DeskKey
from comity.finding import Finding, Place, grave, phrase

ID_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another on the telephone
ID_LENGTH = 8
PAPER_BYTES_MAX = 20_000_000
FACTS_MAX, LIST_MAX = 200, 1_000
Choice = Literal["do", "decline"]


class Person(Struct, frozen=True, kw_only=True):
    """Who the person of a booking is; every field is sealed."""

    name: str = ""
    a_number: str = ""
    booking: str = ""
    born_on: str = ""


NOBODY = Person()  # of whom nothing is said


class Arrived(Struct, frozen=True):
    """What became of a request that arrived: its case and number, and whether it had arrived before."""

    case: str
    detainer: int
    is_new: bool


def allow(by: Actor, permission: Permission) -> None:
    """Raises `Refused` where the role of an actor has not this permission."""
    if not may(by.role, permission):
        words = phrase("a {role} may not do this", role=by.role.replace("_", " "))
        raise Refused(Finding("not-allowed", Place("desk"), words, phrase("ask a supervisor who may")))


# ---- receiving ----


def receive(
    desk: Desk,
    *,
    facts: Mapping[str, StatedFact],
    person: Person,
    channel: Channel,
    received_at: datetime,
    by: Actor,
    at: datetime,
    case: str = "",
    paper: bytes = b"",
    media_type: str = "",
) -> Arrived:
    """A detainer arrives: it opens a case, or supersedes the others of the case that is named.

    The same request sent twice, by its facts and person or by the bytes of its paper, is one: the case that has it is returned,
    unless another case is named.
    """
    allow(by, Permission.RECEIVE)
    _refuse_unreadable(desk, facts, received_at)
    if len(paper) > PAPER_BYTES_MAX:
        words = phrase("the paper has {size:,} bytes, and may have {most:,}", size=len(paper), most=PAPER_BYTES_MAX)
        raise Refused(Finding("too-large", Place("paper"), words, phrase("send it in parts, or at a lower resolution")))
    digest = hashlib.sha256(paper).hexdigest() if paper else ""
    fingerprint = fingerprint_of(desk.key, facts, person, digest)

    def deed(writing: Writing) -> Arrived:
        known = writing.fingerprint(fingerprint)
        if known and case in ("", known[0]):
            return Arrived(*known, is_new=False)
        id = case or _new_id()
        before = writing.case(id) if case else writing.new_case(id)
        if case and not before.is_opened:
            raise Refused(Finding("no-case", Place(case), phrase("there is no such case")))
        same = [each.number for each in before.detainers.values() if each.fingerprint == fingerprint]
        if same:
            return Arrived(id, same[0], is_new=False)
        number = len(before.detainers) + 1
        others = tuple(number for number, detainer in before.detainers.items() if detainer.status == "live")
        happening = events.Received(
            detainer=number, place=desk.bound.place, channel=channel, received_at=received_at, fingerprint=fingerprint,
            document=digest, supersedes=others, facts={**facts}, **msgspec.structs.asdict(person),
        )  # fmt: skip
        writing.add(id, happening, by=by, at=at)
        if not known:
            writing.insert(Fingerprint(fingerprint=fingerprint, case=id, detainer=number))
        writing.insert(*blind_names(desk.key, id, person))
        if paper:
            store_paper(writing, id, digest, paper, media_type)
        return Arrived(id, number, is_new=True)

    return desk.ledger.write(deed)


def _new_id() -> str:
    """An id that says nothing of the person or of how many cases there are."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


def fingerprint_of(key: DeskKey, facts: Mapping[str, StatedFact], person: Person, digest: str) -> str:
    """What is the same for the same request sent twice; it is blinded, so that nobody can try names against it."""
    said = {path: fact.value for path, fact in facts.items()}
    content = msgspec.json.encode((said, person, digest), order="sorted")
    return key.blind("fingerprint", hashlib.sha256(content).hexdigest())


def _refuse_unreadable(desk: Desk, facts: Mapping[str, StatedFact], at: datetime) -> None:
    """Raises `Refused` where a fact cannot be read as `comity decide` would read it."""
    if len(facts) > FACTS_MAX:
        words = phrase("there are {count} facts, and a case may have {most}", count=len(facts), most=FACTS_MAX)
        raise Refused(Finding("too-large", Place("facts"), words))
    long = next(
        (path for path, fact in facts.items() if isinstance(fact.value, list) and len(fact.value) > LIST_MAX), ""
    )
    if long:
        raise Refused(Finding("too-large", Place(long), phrase("lists more than {most:,} entries", most=LIST_MAX)))
    _, findings = incoming(document_of(desk.bound, at, facts), desk.library)
    if grave(findings):
        raise Refused(*grave(findings))


def blind_names(key: DeskKey, case: str, person: Person) -> list[BlindName]:
    """The rows by which a person is found again."""
    return [
        BlindName(field=field, digest=key.blind(field, text), case=case)
        for field, text in msgspec.structs.asdict(person).items()
        if text
    ]


def state(
    desk: Desk,
    case: str,
    *,
    facts: Mapping[str, StatedFact],
    by: Actor,
    at: datetime,
    detainer: int = 0,
    person: Person = NOBODY,
) -> Event:
    """Facts of a detainer, or of the booking, that were not known before; and who the person is, where that was not."""
    allow(by, Permission.RECEIVE)
    _refuse_unreadable(desk, facts, at)

    def deed(writing: Writing) -> Event:
        said = msgspec.structs.asdict(person)
        for field, text in said.items():
            if text:
                BlindName.objects.get_or_create(field=field, digest=desk.key.blind(field, text), case=case)
        return writing.add(case, events.Stated(detainer=detainer, facts={**facts}, **said), by=by, at=at)

    return desk.ledger.write(deed)


def correct(
    desk: Desk,
    case: str,
    *,
    event: int,
    reason: str,
    facts: Mapping[str, StatedFact],
    by: Actor,
    at: datetime,
    detainer: int = 0,
) -> Event:
    """An earlier event was wrong; the facts as they are, and why. The event itself stays in the record."""
    allow(by, Permission.CORRECT)
    _need(reason, "reason")
    _refuse_unreadable(desk, facts, at)
    happening = events.Corrected(event=event, reason=reason, detainer=detainer, facts={**facts})
    return _add(desk, case, happening, by=by, at=at)


def withdraw(
    desk: Desk, case: str, *, detainer: int, withdrawn_at: datetime, by: Actor, at: datetime, reason: str = ""
) -> Event:
    """The sender cancelled a detainer; a hold for it ends."""
    allow(by, Permission.RECEIVE)
    happening = events.Withdrawn(detainer=detainer, withdrawn_at=withdrawn_at, reason=reason)
    return _add(desk, case, happening, by=by, at=at)


# ---- deciding ----


def decide(desk: Desk, case: str, *, by: Actor, at: datetime, detainer: int = 0) -> tuple[Decision, Event]:
    """Decides a detainer of a case, that which counts where none is named, and records the whole decision."""
    allow(by, Permission.DECIDE)

    def deed(writing: Writing) -> tuple[Decision, Event]:
        before = writing.case(case)
        number = detainer or _governing(before)
        decision, snapshot, findings = decide_case(before, number, desk.bound, desk.library, at)
        if decision is None or snapshot is None:
            raise Refused(*findings)
        return decision, writing.add(case, snapshot, by=by, at=at)

    return desk.ledger.write(deed)


def _governing(case: Case) -> int:
    if case.governing is None:
        raise Refused(Finding("nothing-to-decide", Place(case.id), phrase("no detainer of this case counts any more")))
    return case.governing.number


def choose(
    desk: Desk,
    case: str,
    *,
    decision: int,
    action: str,
    choice: Choice,
    decider: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> Event:
    """Where the law leaves a choice, whoever it names makes it, for a reason."""
    allow(by, Permission.USE_DISCRETION)
    _need(reason, "reason")
    happening = events.UsedDiscretion(decision=decision, action=action, choice=choice, decider=decider, reason=reason)
    return _add(desk, case, happening, by=by, at=at)


def ask_override(
    desk: Desk, case: str, *, decision: int, action: str, choice: Choice, reason: str, by: Actor, at: datetime
) -> Event:
    """Asks to act against a decision, for a reason; nothing follows until a second person confirms it."""
    allow(by, Permission.ASK_OVERRIDE)
    _need(reason, "reason")

    def deed(writing: Writing) -> Event:
        number = len(writing.case(case).overrides) + 1
        happening = events.OverrideAsked(
            override=number, decision=decision, action=action, choice=choice, reason=reason
        )
        return writing.add(case, happening, by=by, at=at)

    return desk.ledger.write(deed)


def settle_override(
    desk: Desk, case: str, *, override: int, confirmed: bool, reason: str, by: Actor, at: datetime
) -> Event:
    """A second person confirms an override, or refuses it."""
    allow(by, Permission.CONFIRM_OVERRIDE)
    _need(reason, "reason")
    happening = events.OverrideSettled(override=override, confirmed=confirmed, reason=reason)
    return _add(desk, case, happening, by=by, at=at)


def reopen(
    desk: Desk, case: str, *, reason: str, by: Actor, at: datetime, law_version: str = "", differs: tuple[str, ...] = ()
) -> Event:
    """Opens the question again, by a person or a change of law. A hold that ended does not begin by it."""
    allow(by, Permission.DECIDE)
    _need(reason, "reason")
    happening = events.Reopened(reason=reason, law_version=law_version, differs=differs)
    return _add(desk, case, happening, by=by, at=at)


# ---- the hold ----


def begin_hold(desk: Desk, case: str, *, began_at: datetime, by: Actor, at: datetime, detainer: int = 0) -> Event:
    """The person would be free but for the detainer: the hold runs, until the limit that governs."""
    allow(by, Permission.TEND_HOLD)

    def deed(writing: Writing) -> Event:
        before = writing.case(case)
        number = detainer or _governing(before)
        decided = before.decision_on(number)
        if decided is None:
            raise Refused(Finding("undecided", Place(case), phrase("decide the detainer before a hold begins")))
        end, findings = end_of_hold(before, number, desk.bound, desk.library, began_at)
        if end is None:
            raise Refused(*findings)
        happening = events.HoldBegun(
            detainer=number, decision=decided.number, began_at=began_at, limit_at=end.limit_at, provision=end.provision
        )
        return writing.add(case, happening, by=by, at=at)

    return desk.ledger.write(deed)


def serve_copy(
    desk: Desk, case: str, *, detainer: int, served_at: datetime, by: Actor, at: datetime, refused: bool = False
) -> Event:
    """The person was given a copy of the detainer, or refused to take it."""
    allow(by, Permission.TEND_HOLD)
    happening = events.CopyServed(detainer=detainer, served_at=served_at, refused=refused)
    return _add(desk, case, happening, by=by, at=at)


def give_notice(
    desk: Desk, case: str, *, to: str, about: str, given_at: datetime, by: Actor, at: datetime, obligation: str = ""
) -> Event:
    """Notice was given; `obligation` is the provision that it meets."""
    allow(by, Permission.TEND_HOLD)
    _need(to, "to")
    happening = events.NoticeGiven(to=to, about=about, given_at=given_at, obligation=obligation)
    return _add(desk, case, happening, by=by, at=at)


def transfer(desk: Desk, case: str, *, to: str, transferred_at: datetime, by: Actor, at: datetime) -> Event:
    """The person was handed over; the hold ends and the case is closed."""
    allow(by, Permission.TEND_HOLD)
    _need(to, "to")
    return _add(desk, case, events.Transferred(to=to, transferred_at=transferred_at), by=by, at=at)


def release(desk: Desk, case: str, *, released_at: datetime, by: Actor, at: datetime, reason: str = "") -> Event:
    """The person was let go; the hold ends and the case is closed."""
    allow(by, Permission.TEND_HOLD)
    return _add(desk, case, events.Released(released_at=released_at, reason=reason), by=by, at=at)


def acknowledge(desk: Desk, case: str, *, alarm: events.AlarmKind, by: Actor, at: datetime, note: str = "") -> Event:
    """Somebody saw an alarm, and says what is done."""
    allow(by, Permission.ACKNOWLEDGE_ALARM)
    return _add(desk, case, events.AlarmAcknowledged(alarm=alarm, note=note), by=by, at=at)


# ---- notes, views, exports ----


def add_note(desk: Desk, case: str, *, note: str, by: Actor, at: datetime) -> Event:
    """A note on the case; it may name people, and is sealed."""
    allow(by, Permission.ADD_NOTE)
    _need(note, "note")
    return _add(desk, case, events.NoteAdded(note=note), by=by, at=at)


def view(desk: Desk, case: str, *, page: str, by: Actor, at: datetime) -> Event:
    """Somebody looked at the case. No setting switches this off."""
    allow(by, Permission.SEE_CASE)
    return _add(desk, case, events.Viewed(page=page), by=by, at=at)


def export(desk: Desk, case: str, *, what: str, by: Actor, at: datetime, to: str = "") -> Event:
    """The case, or what it says, leaves the desk."""
    allow(by, Permission.EXPORT)
    return _add(desk, case, events.Exported(what=what, to=to), by=by, at=at)


def forget_person(desk: Desk, case: str, *, by: Actor, at: datetime) -> None:
    """Destroys the key of a person: names, numbers, notes and papers of the case cannot be read any more, and the record still verifies.

    So is what papers of this person opened and goes on here. Another person's case that has the same paper keeps it, and the same
    request sent once more opens a new case.
    """
    allow(by, Permission.KEEP_DESK)

    def deed(writing: Writing) -> None:
        if not writing.case(case).closed_at:
            raise Refused(Finding("not-closed", Place(case), phrase("only a closed case can be forgotten")))
        for id in (case, *writing.case(case).joined):
            dispose_of(id, at)

    desk.ledger.write(deed)


def _add(desk: Desk, case: str, happening: events.AnyHappening, *, by: Actor, at: datetime) -> Event:
    return desk.ledger.write(lambda writing: writing.add(case, happening, by=by, at=at))


def _need(text: str, field: str) -> None:
    if not text.strip():
        raise Refused(Finding("missing", Place(field), phrase("is empty"), phrase("write it in a sentence")))
