"""What calls send and get, as schemas: truth values, numbers and moments are strict, and unknown fields are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Header, Path, Query, Schema
from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, WithJsonSchema

NUMBER_MAX = 2**31 - 1
SENTENCE_MAX, NAME_MAX, KEY_MAX, FACTS_MAX = 4_000, 200, 200, 200


def _moment(value: Any) -> datetime:
    """A moment with its offset, written as RFC 3339; a number is none."""
    if not isinstance(value, str):
        raise ValueError("a moment is a text such as 2026-11-02T12:00:00-05:00")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("a moment is a text such as 2026-11-02T12:00:00-05:00") from None
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a moment has its UTC offset, and a year from {FIRST_YEAR} to {LAST_YEAR}")
    return moment


FIRST_YEAR, LAST_YEAR = 1900, 2199
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Number = Annotated[StrictInt, Field(ge=0, le=NUMBER_MAX)]
Sentence = Annotated[str, Field(max_length=SENTENCE_MAX)]
Name = Annotated[str, Field(max_length=NAME_MAX)]
Choice = Literal["do", "decline"]
Facts = Annotated[dict[Annotated[str, Field(max_length=NAME_MAX)], Any], Field(max_length=FACTS_MAX)]
CaseId = Annotated[str, Path(pattern=r"^[0-9A-Z]{1,32}$", description="The id of a case.")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=KEY_MAX, pattern=r"^[!-~]+$",
        description="The same key and body get the same answer, and the deed is done once.",
    ),
]  # fmt: skip
TokenNumber = Annotated[int, Path(ge=0, le=NUMBER_MAX)]
After = Annotated[int, Query(ge=0, le=NUMBER_MAX, description="The number of the last event that is known already.")]
Count = Annotated[int, Query(ge=1, le=1_000)]


class Body(Schema):
    """A body whose fields are all known."""

    model_config = ConfigDict(extra="forbid")


class PersonBody(Body):
    """Who the person is; every field is sealed."""

    name: Name = ""
    a_number: Name = ""
    booking: Name = ""
    born_on: Name = ""


class ReceiveBody(Body):
    """A detainer. `case` names the booking, where it has a case; facts are by their paths, as `comity decide` has them."""

    facts: Facts = Field(default_factory=dict)
    person: PersonBody = PersonBody()
    received_at: Moment | None = None
    case: Annotated[str, Field(pattern=r"^[0-9A-Z]{0,32}$")] = ""
    paper: str = ""  # in base64
    media_type: Annotated[str, Field(max_length=NAME_MAX)] = ""


class StateBody(Body):
    """Facts of a detainer; of the booking where `detainer` is 0."""

    facts: Facts
    detainer: Number = 0


class CorrectBody(StateBody):
    """An earlier event was wrong."""

    event: Number
    reason: Sentence


class DecideBody(Body):
    """Which detainer; 0 is that which counts."""

    detainer: Number = 0


class ChooseBody(Body):
    """A choice that the law leaves."""

    decision: Number
    action: Name
    choice: Choice
    reason: Sentence
    decider: Name = ""


class OverrideBody(Body):
    """A wish to act against a decision."""

    decision: Number
    action: Name
    choice: Choice
    reason: Sentence


class SettleBody(Body):
    """What a second person says of an override."""

    override: Number
    confirmed: StrictBool
    reason: Sentence


class HoldBody(Body):
    """When a hold begins."""

    began_at: Moment | None = None
    detainer: Number = 0


class CopyBody(Body):
    """A copy of the detainer was served, or refused."""

    served_at: Moment | None = None
    detainer: Number = 0
    refused: StrictBool = False


class NoticeBody(Body):
    """A notice; `obligation` is the provision that it meets."""

    to: Sentence
    about: Sentence = ""
    given_at: Moment | None = None
    obligation: Name = ""


class WithdrawBody(Body):
    """The sender cancelled a detainer."""

    detainer: Number = 0
    withdrawn_at: Moment | None = None
    reason: Sentence = ""


class TransferBody(Body):
    """The person was handed over."""

    to: Sentence
    transferred_at: Moment | None = None


class ReleaseBody(Body):
    """The person was let go."""

    released_at: Moment | None = None
    reason: Sentence = ""


class AcknowledgeBody(Body):
    """Somebody saw an alarm."""

    alarm: Literal["12h", "4h", "1h", "limit"]
    note: Sentence = ""


class NoteBody(Body):
    """A note, which is sealed."""

    note: Sentence


class ReopenBody(Body):
    """Why the question is open again."""

    reason: Sentence


class FindingOut(Schema):
    """What is wrong, where, and what would be right."""

    code: str
    at: str
    message: str
    help: str


class Problem(Schema):
    """An error, as RFC 9457 has it, with the findings behind it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    findings: list[FindingOut]


class EventOut(Schema):
    """An event that was written."""

    event: int
    case: str
    kind: str
    at: datetime


class ArrivedOut(Schema):
    """What became of a request that arrived."""

    case: str
    detainer: int
    is_new: bool


class DecidedOut(Schema):
    """A decision that was recorded: its event, and the answer as `POST /decide` gives it."""

    event: int
    case: str
    decision: int
    answer: dict[str, Any]


class LineOut(Schema):
    """A case on the board."""

    case: str
    limit_at: datetime | None
    overdue: bool
    undecided: bool
    reopened: str
    alarms: list[str]
    outcome: str


class CaseOut(Schema):
    """A case with its person, where the caller may see who it is, and its events."""

    case: dict[str, Any]
    person: dict[str, str]
    events: list[dict[str, Any]]


class EntryOut(Schema):
    """An event of the record, with no person."""

    number: int
    case: str
    kind: str
    at: datetime
    account: str


class RecordOut(Schema):
    """Events of the record in their order."""

    events: list[EntryOut]
    last: int


class TokenOut(Schema):
    """A token, without its secret."""

    number: int
    name: str
    account: str
    scopes: list[str]
    expires_at: datetime
    revoked_at: datetime | None


class LawChangeOut(Schema):
    """The versions of the law before and after a change; the same where no file changed."""

    before: str
    law_version: str
    changed: bool


# What any call may answer beside its own answer.
ERRORS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 500, 503), Problem)
