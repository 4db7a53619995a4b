"""What calls on papers send and get, as schemas."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Path, Query, Schema
from pydantic import Field

from comity.web.api.bodies import (
    FACTS_MAX,
    NAME_MAX,
    NUMBER_MAX,
    Body,
    Facts,
    FindingOut,
    Moment,
    Name,
    Number,
    PersonBody,
)

DIGEST = r"^[0-9a-f]{64}$"
DetainerNumber = Annotated[int, Path(ge=0, le=NUMBER_MAX, description="The number of a detainer that came as a paper.")]
OfCase = Annotated[
    str,
    Query(pattern=r"^[0-9A-Z]{0,32}$", description="The case of the booking, where it has one; else one is opened."),
]
ReceivedAt = Annotated[Moment | None, Query(description="When the paper came; now, where it is not said.")]
Target = Annotated[str, Field(max_length=NAME_MAX)]


class ConfirmBody(Body):
    """Which values of a reading are right, by their targets, with corrections of others and what is typed beside the paper."""

    document: Annotated[str, Field(pattern=DIGEST, description="The digest of the paper that was read.")]
    confirmed: Annotated[list[Target], Field(max_length=FACTS_MAX, default_factory=list)]
    facts: Facts = Field(default_factory=dict)
    person: PersonBody = PersonBody()


class JoinBody(Body):
    """The detainer of another case that a paper cancels or replaces; 0 is that which counts."""

    case: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,32}$")]
    how: Literal["cancels", "replaces"]
    detainer: Number = 0


class ReadOut(Schema):
    """A value that a field or printed label says: a fact by its path, or a field of the person; empty where it fits none."""

    target: str
    value: Any
    page: int
    field: str
    label: str


class PageOut(Schema):
    """The printed text of a page."""

    page: int
    text: str


class EarlierOut(Schema):
    """A detainer that counts, in another case of the person whom the paper names."""

    case: str
    detainer: int
    received_at: datetime
    is_held: bool


class PaperOut(Schema):
    """A paper that is kept as it came, and what was read from it. None of it is a fact before it is confirmed.

    `unread` are fields that fit no label, or several; `notes` say what else could not be read. `cancels` says that a box cancels an
    earlier detainer; `earlier` are those it may be about, for a token that may see who persons are.
    """

    case: str
    detainer: int
    is_new: bool
    document: str
    media_type: str
    size: int
    form: str | None
    titles: list[str]
    facts: list[ReadOut]
    person: list[ReadOut]
    shown: list[ReadOut]
    unread: list[ReadOut]
    notes: list[FindingOut]
    pages: list[PageOut]
    cancels: bool
    earlier: list[EarlierOut]


class ConfirmedOut(Schema):
    """What was recorded, by its targets; the facts name the account that confirmed them."""

    event: int
    case: str
    detainer: int
    facts: list[str]
    person: list[Name]
    left: list[str]
