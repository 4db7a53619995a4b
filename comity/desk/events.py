"""What happens to a case, as events that are only added. A case is a fold of its events (`case.py`).

Each kind of event is a struct with a tag. A field of the type `Personal` says who a person is: it is sealed under the key of that
person before the event is written, so that destroying the key disposes of it while the chain of events still verifies.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeAlias, get_args, get_type_hints

import msgspec
from msgspec import Struct, field

from comity.desk.happenings.kind import Happening, Personal, Text
from comity.desk.happenings.of_invoices import InvoiceAnswered, InvoiceAnswerVoided
from comity.desk.happenings.of_lists import ListReconciled, RowSettled
from comity.desk.roles import Role

Channel: TypeAlias = Literal["typed", "pdf", "pasted", "api"]
AlarmKind: TypeAlias = Literal["12h", "4h", "1h", "limit"]
FactorKind: TypeAlias = Literal["totp", "webauthn"]
Source: TypeAlias = Literal["typed", "form_field", "pasted", "api", "place"]


class Actor(Struct, frozen=True):
    """Who did a deed: the id of an account, never a name, and the role that it had then."""

    account: str
    role: Role


class StatedFact(Struct, frozen=True, kw_only=True):
    """A fact of a case: its value as JSON, where it comes from, and the account that confirmed it."""

    value: Any
    source: Source
    confirmed_by: str
    document: str = ""  # the digest of the paper that says it
    field: str = ""  # of a form


class Received(Happening, frozen=True, kw_only=True, tag="received"):
    """A detainer arrived; the first of a booking opens its case.

    `fingerprint` is the same for the same request sent twice. Those that it `supersedes` count no more. Who the person is is
    sealed. `facts` are what the paper says, as they were entered or read and confirmed. `joined` is the case that its paper opened,
    where the paper came before anybody said whose it is.
    """

    detainer: int
    place: str
    channel: Channel
    received_at: datetime
    fingerprint: str
    document: str = ""  # the digest of the bytes as they came
    supersedes: tuple[int, ...] = ()
    joined: str = ""
    facts: dict[str, StatedFact] = field(default_factory=dict)
    name: Personal = ""
    a_number: Personal = ""
    booking: Personal = ""
    born_on: Personal = ""


class Stated(Happening, frozen=True, kw_only=True, tag="stated"):
    """Facts were entered or read and confirmed: of a detainer, or of the booking where `detainer` is 0.

    It also says who the person is, where that was confirmed after the paper had been received.
    """

    detainer: int
    facts: dict[str, StatedFact]
    name: Personal = ""
    a_number: Personal = ""
    booking: Personal = ""
    born_on: Personal = ""


class Withdrawn(Happening, frozen=True, kw_only=True, tag="withdrawn"):
    """The sender cancelled a detainer. `joined` is the case that the paper opened by which it did, if it came as one."""

    detainer: int
    withdrawn_at: datetime
    reason: Text = ""
    joined: str = ""


class JoinedTo(Happening, frozen=True, kw_only=True, tag="joined_to"):
    """The paper that opened this case cancels or replaces a detainer of another case: this one is closed, and goes on there."""

    into: str
    how: Literal["cancels", "replaces"]


class Decided(Happening, frozen=True, kw_only=True, tag="decided"):
    """A decision with all that makes it again: the request, the law and program by hash, the answer."""

    detainer: int
    decision: int
    request: dict[str, Any]
    law_version: str
    stack: str
    program: str
    answer: dict[str, Any]


class UsedDiscretion(Happening, frozen=True, kw_only=True, tag="used_discretion"):
    """The law leaves a choice, and whoever it names made it, for a reason."""

    decision: int
    action: str
    choice: Literal["do", "decline"]
    decider: str
    reason: Text


class OverrideAsked(Happening, frozen=True, kw_only=True, tag="override_asked"):
    """Somebody asks to act against a decision, for a reason; a second person must confirm it."""

    override: int
    decision: int
    action: str
    choice: Literal["do", "decline"]
    reason: Text


class OverrideSettled(Happening, frozen=True, kw_only=True, tag="override_settled"):
    """A second person confirmed an override, or refused it."""

    override: int
    confirmed: bool
    reason: Text


class CopyServed(Happening, frozen=True, kw_only=True, tag="copy_served"):
    """The person was given a copy of the detainer, or refused to take it."""

    detainer: int
    served_at: datetime
    refused: bool = False


class NoticeGiven(Happening, frozen=True, kw_only=True, tag="notice_given"):
    """Notice was given, as an obligation or the agency's choice has it."""

    to: Text
    about: Text
    given_at: datetime
    obligation: str = ""  # the provision that is met


class HoldBegun(Happening, frozen=True, kw_only=True, tag="hold_begun"):
    """The person would be free but for the detainer: the hold runs, to a limit."""

    detainer: int
    decision: int
    began_at: datetime
    limit_at: datetime
    provision: str


class AlarmRaised(Happening, frozen=True, kw_only=True, tag="alarm_raised"):
    """A hold comes to its limit."""

    alarm: AlarmKind
    limit_at: datetime


class AlarmAcknowledged(Happening, frozen=True, kw_only=True, tag="alarm_acknowledged"):
    """Somebody saw an alarm, and says what is done."""

    alarm: AlarmKind
    note: Text = ""


class Transferred(Happening, frozen=True, kw_only=True, tag="transferred"):
    """The person was handed over, to an agency or another keeper: the case is closed."""

    to: Text
    transferred_at: datetime


class Released(Happening, frozen=True, kw_only=True, tag="released"):
    """The person was let go: the case is closed."""

    released_at: datetime
    reason: Text = ""


class Reopened(Happening, frozen=True, kw_only=True, tag="reopened"):
    """A change of law, or a person, opened the question again. A hold that ended does not begin by it."""

    reason: Text
    law_version: str = ""
    differs: tuple[str, ...] = ()  # the actions that are now decided otherwise


class NoteAdded(Happening, frozen=True, kw_only=True, tag="note_added"):
    """A note, which may name people and is sealed."""

    note: Personal


class Viewed(Happening, frozen=True, kw_only=True, tag="viewed"):
    """Somebody looked at the case; it cannot be switched off."""

    page: str


class Exported(Happening, frozen=True, kw_only=True, tag="exported"):
    """The case, or what it says, left the desk."""

    what: Text
    to: Text = ""


class Corrected(Happening, frozen=True, kw_only=True, tag="corrected"):
    """An earlier event was wrong: which, why, and the facts as they are. The event itself stays."""

    event: int
    reason: Text
    detainer: int = 0
    facts: dict[str, StatedFact] = field(default_factory=dict)


class OfAccount(Happening, frozen=True, kw_only=True):
    """What happens to an account of the desk and to no case. `subject` is the id of the account, never a name."""

    subject: str


class AccountCreated(OfAccount, frozen=True, kw_only=True, tag="account_created"):
    """An account was made for a person who works at the desk."""

    role: Role
    sign_on: Literal["password", "single_sign_on"]


class RoleChanged(OfAccount, frozen=True, kw_only=True, tag="role_changed"):
    """An account has another role from now on."""

    role: Role


class AccountLocked(OfAccount, frozen=True, kw_only=True, tag="account_locked"):
    """An account was locked, by an administrator or by too many failures; its sessions end."""

    reason: Literal["administrator", "failures"]


class AccountReleased(OfAccount, frozen=True, kw_only=True, tag="account_released"):
    """An administrator unlocked an account."""


class PasswordReset(OfAccount, frozen=True, kw_only=True, tag="password_reset"):
    """An administrator gave an account a temporary password; its sessions end."""


class SecondFactorReset(OfAccount, frozen=True, kw_only=True, tag="second_factor_reset"):
    """An administrator removed the second factor of an account, which must be set up again; its sessions end."""


class SecondFactorSet(OfAccount, frozen=True, kw_only=True, tag="second_factor_set"):
    """A person set up a second factor of their own account: an authenticator app or a security key."""

    factor: FactorKind = "totp"


class SecondFactorRenamed(OfAccount, frozen=True, kw_only=True, tag="second_factor_renamed"):
    """A person gave a security key of their own another name; the name is not recorded."""

    factor: FactorKind


class SecondFactorRemoved(OfAccount, frozen=True, kw_only=True, tag="second_factor_removed"):
    """A person removed a second factor of their own account and has another; the account's other sessions end."""

    factor: FactorKind


class LoggedIn(OfAccount, frozen=True, kw_only=True, tag="logged_in"):
    """A person logged in: by which means, and the digest of the use banner that they accepted."""

    means: tuple[str, ...]
    banner: str = ""


class OfLaw(Happening, frozen=True, kw_only=True):
    """What happens to the law that the desk decides under, and to no case: the digest of the files, and the version that they make."""

    digest: str
    law_version: str


class LawProposed(OfLaw, frozen=True, kw_only=True, tag="law_proposed"):
    """Law of the county was uploaded and checked; a second person must confirm it."""

    files: int


class LawConfirmed(OfLaw, frozen=True, kw_only=True, tag="law_confirmed"):
    """A second person confirmed law that was uploaded: the desk decides under it from then on."""

    reason: Text


class LawRefused(OfLaw, frozen=True, kw_only=True, tag="law_refused"):
    """A second person refused law that was uploaded."""

    reason: Text


AnyHappening: TypeAlias = (
    Received | Stated | Withdrawn | JoinedTo | Decided | UsedDiscretion | OverrideAsked | OverrideSettled
    | CopyServed | NoticeGiven | HoldBegun | AlarmRaised | AlarmAcknowledged | Transferred | Released | Reopened | NoteAdded
    | Viewed | Exported | Corrected
    | AccountCreated | RoleChanged | AccountLocked | AccountReleased | PasswordReset | SecondFactorReset | SecondFactorSet
    | SecondFactorRenamed | SecondFactorRemoved | LoggedIn | ListReconciled | RowSettled | InvoiceAnswered | InvoiceAnswerVoided
    | LawProposed | LawConfirmed | LawRefused
)  # fmt: skip
KINDS: tuple[type[Happening], ...] = get_args(AnyHappening)
# Views do not change a case: they are events so that the record tells who looked.
SILENT: tuple[type[Happening], ...] = (Viewed, Exported)


class Event(Struct, frozen=True, kw_only=True):
    """One event of the record: its number in the whole record, its case, when and by whom, and what happened."""

    number: int
    case: str
    at: datetime
    by: Actor
    happening: AnyHappening


@cache
def personal_fields(kind: type[Happening]) -> tuple[str, ...]:
    """The fields of a kind of event that say who a person is."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(name for name in kind.__struct_fields__ if hints.get(name) == Personal)


def happening_of(document: dict[str, Any]) -> AnyHappening:
    """An event's happening from its JSON; raises `msgspec.ValidationError` on anything else."""
    happening: AnyHappening = msgspec.convert(document, AnyHappening, strict=True)
    return happening
