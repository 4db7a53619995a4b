"""What becomes of papers that arrived: their values are confirmed, and a paper about an earlier detainer goes to the case of that detainer.

A paper opens a case when it arrives, so that it is on the board and in the record at once. Where it cancels or replaces a detainer of
another case of the same person, somebody says so; the case that the paper opened is closed then, and its work goes on in the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from comity.desk import events, queries
from comity.desk.case import Case, Detainer
from comity.desk.deeds import allow
from comity.desk.desk import Desk
from comity.desk.events import Actor, Event, Source, StatedFact
from comity.desk.ledger import Refused, Writing
from comity.desk.name_forms import number_forms
from comity.desk.papers.confirming import Confirmed, not_read, objections_to, settle_confirmed
from comity.desk.papers.keeping import open_paper, store_paper
from comity.desk.papers.reading import Reading, read_paper
from comity.desk.roles import Permission
from comity.finding import Finding, Phrase, Place, phrase

How = Literal["cancels", "replaces"]


class Earlier(Struct, frozen=True, kw_only=True):
    """A detainer that counts, in another case of the person whom a paper names."""

    case: str
    detainer: int
    received_at: datetime
    is_held: bool


def find_paper(case: str, number: int) -> Detainer:
    """The detainer of a case that came as a paper; raises `Refused` where there is none."""
    found = queries.find_case(case).detainers.get(number)
    if found is None or not found.document:
        words = phrase("detainer {number} of this case has no paper", number=number)
        raise Refused(Finding("no-paper", Place(case), words))
    return found


def settle_paper(
    desk: Desk,
    case: str,
    *,
    detainer: int,
    document: str,
    confirmed: Collection[str],
    facts: Mapping[str, StatedFact],
    person: Mapping[str, str],
    by: Actor,
) -> Confirmed:
    """The values of a paper that are confirmed by their targets, with facts and fields of the person that were typed, to be stated.

    The paper is read again, so that no value comes from whoever confirms it. Raises `Refused` where `document` is not the digest of
    the paper, a target was not read, or nothing is to be recorded.
    """
    allow(by, Permission.RECEIVE)
    paper = find_paper(case, detainer)
    if document != paper.document:
        words = phrase("this is not the digest of the paper of detainer {number}", number=detainer)
        raise Refused(
            Finding("other-paper", Place("document"), words, phrase("read the paper again, and send its digest"))
        )
    content, media_type = open_paper(desk.key, case, document)
    reading = read_paper(content, media_type)
    if unread := not_read(reading, confirmed):
        raise Refused(*unread)
    settled = settle_confirmed(
        reading, confirmed, facts=facts, person=person, source=source_of(paper), document=document, account=by.account
    )
    if faults := objections_to(settled, {}):
        raise Refused(*faults)
    return settled


def source_of(paper: Detainer) -> Source:
    """Where the facts come from that a paper says."""
    return "pasted" if paper.channel == "pasted" else "form_field"


# ---- papers about an earlier detainer ----


def cancels(reading: Reading) -> bool:
    """Whether a box of the paper says that it cancels an earlier detainer."""
    return any(note.code == "cancels" for note in reading.notes)


def earlier_detainers(desk: Desk, case: str, reading: Reading, *, by: Actor) -> list[Earlier]:
    """The detainers that count in other cases of the person whom a paper names, by A-number, or by name and day of birth."""
    allow(by, Permission.SEE_PERSON)
    read = {value.target: str(value.value) for value in reading.person}
    found: dict[str, None] = {}
    for text in sorted(number_forms(read.get("a_number", ""))):
        found.update(dict.fromkeys(queries.find_by_person(desk, field="a_number", text=text, by=by)))
    if read.get("name") and read.get("born_on"):
        born = set(queries.find_by_person(desk, field="born_on", text=read["born_on"], by=by))
        named = queries.find_by_person(desk, field="name", text=read["name"], by=by)
        found.update(dict.fromkeys(id for id in named if id in born))
    return [each for id in found if id != case for each in _counting(queries.find_case(id))]


def _counting(case: Case) -> Iterator[Earlier]:
    governing = case.governing
    if governing is not None and case.closed_at is None:
        yield Earlier(
            case=case.id, detainer=governing.number, received_at=governing.received_at, is_held=case.hold is not None
        )


def join(
    desk: Desk, case: str, *, detainer: int, earlier_case: str, earlier: int, how: How, by: Actor, at: datetime
) -> Event:
    """A paper that opened a case cancels or replaces a detainer of another; returns the event in that other case.

    Where it cancels, the earlier detainer is withdrawn, and a hold for it ends. Where it replaces, it is a detainer of the other
    case with what was confirmed of it, and supersedes those that count there. Either way the case that it opened is closed.
    """
    allow(by, Permission.RECEIVE)

    def deed(writing: Writing) -> Event:
        before, other = writing.case(case), writing.case(earlier_case)
        paper = before.detainers.get(detainer)
        words = _objection(before, other, paper, earlier)
        if words or paper is None:
            raise Refused(Finding("not-now", Place(case), words or phrase("there is no such paper")))
        if how == "cancels":
            happening: events.Withdrawn | events.Received = events.Withdrawn(
                detainer=earlier, withdrawn_at=_end_of(other, paper), reason=f"by the paper of case {case}", joined=case
            )
        else:
            happening = _replacing(other, before, paper)
            content, media_type = open_paper(writing.key, case, paper.document)
            store_paper(writing, earlier_case, paper.document, content, media_type)
        writing.add(case, events.JoinedTo(into=earlier_case, how=how), by=by, at=at)
        return writing.add(earlier_case, happening, by=by, at=at)

    return desk.ledger.write(deed)


def _end_of(other: Case, paper: Detainer) -> datetime:
    """When a cancellation takes effect: when its paper came, and not before a hold began that it ends."""
    return max(paper.received_at, other.hold.began_at) if other.hold else paper.received_at


def _replacing(other: Case, before: Case, paper: Detainer) -> events.Received:
    others = tuple(number for number, each in other.detainers.items() if each.status == "live")
    return events.Received(
        detainer=len(other.detainers) + 1, place=before.place, channel=paper.channel, received_at=paper.received_at,
        fingerprint=paper.fingerprint, document=paper.document, supersedes=others, facts=paper.facts, joined=before.id,
    )  # fmt: skip


def _objection(before: Case, other: Case, paper: Detainer | None, earlier: int) -> Phrase | None:
    """Why a paper cannot go to another case, or None where it can."""
    if paper is None or not paper.document:
        return phrase("this detainer has no paper")
    if before.id == other.id or not other.is_opened:
        return phrase("name another case, which is there")
    if len(before.detainers) > 1 or before.decisions or before.holds or before.closed_at:
        return phrase("more than this paper happened in its case; record the withdrawal on the other case")
    if earlier not in other.detainers or other.detainers[earlier].status != "live":
        return phrase("detainer {number} of the other case does not count any more", number=earlier)
    return None
