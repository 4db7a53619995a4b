"""Agreements under 8 U.S.C. 1357(g) from a published list, as dated facts of the places whose agencies signed them.

The list is complete on some days only. On those, an agency that is listed has the agreements that it is listed with and no
other; and in the States in which each listed agency could be put to a county, whoever is not listed has none. On other days
from the first signing on, what an agency is listed with is known to be among its agreements, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from comity.csvtext import Row, read_rows
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, did_you_mean
from comity.law.instrument import PlaceFact
from comity.law.places import Gazetteer
from comity.period import day_of

FILE = "agreements.csv"
COLUMNS = ("place", "agency", "kind", "model", "signed", "until", "source")
MODELS_FACT, KIND_FACT = "agency.agreements_287g", "agency.kind"
ONE_OF_ITS_KIND = ("sheriff", "state_prison")  # of which a place has one, so that the kind tells the agency
COUNTRY, LOCAL_DEPTH = "us", 2  # how deep the paths of counties and cities are


class Listed(Struct, frozen=True):
    """An agreement on the list: whose, of which model, from the day of signing until the first day of which nothing is known.

    A row without an agency says where and on which days the list is complete.
    """

    agency: str
    kind: str
    model: str
    since: date
    until: date
    source: str
    line: int = 0


class Agreements(Struct, frozen=True):
    """The list by place, where and when it is complete, and the local places about which it says something."""

    listed: dict[str, tuple[Listed, ...]] = {}
    complete: dict[str, tuple[Listed, ...]] = {}
    touched: frozenset[str] = frozenset()
    path: str = ""

    def facts(self, place: str) -> Iterator[PlaceFact]:
        """What the list says of the agencies of a place: of those listed, then of any other, where it is complete.

        Of an agency that is not named it may be one that is listed, so that nothing is known of it there.
        """
        for agency in dict.fromkeys(own.agency for own in self.listed.get(place, ())):
            yield from self._of_agency(place, agency)
        state = place.rpartition("/")[0] if place in self.touched else place
        for days in self.complete.get(state, ()) if state != COUNTRY else ():
            yield self._fact(
                place,
                MODELS_FACT,
                None if place in self.touched else [],
                (days.since, days.until),
                days,
                (),
                whole=True,
            )

    def _of_agency(self, place: str, agency: str) -> Iterator[PlaceFact]:
        """What an agency had, from each day on which that changes to the next."""
        rows = [own for own in self.listed[place] if own.agency == agency]
        complete = self.complete.get(COUNTRY, ())
        ends = sorted({day for own in (*rows, *complete) for day in (own.since, own.until)})
        bound = self._bound(place, rows[0])
        for since, until in pairwise(ends):
            had = sorted({own.model for own in rows if own.since <= since < own.until})
            whole = any(own.since <= since < own.until for own in complete)
            if had or whole:
                yield self._fact(
                    place, MODELS_FACT, had if whole else {"partial": had}, (since, until), rows[0], bound, whole
                )
        if rows[0].kind:
            span = (min(own.since for own in rows), max(own.until for own in rows))
            yield self._fact(place, KIND_FACT, rows[0].kind, span, rows[0], (agency,), whole=True)

    def _bound(self, place: str, own: Listed) -> tuple[str, ...]:
        """Whom a fact concerns: the agency by its name, and by its kind where the place has no other of that kind."""
        alike = {other.agency for other in self.listed[place] if other.kind == own.kind}
        return (own.agency, own.kind) if own.kind in ONE_OF_ITS_KIND and len(alike) == 1 else (own.agency,)

    def _fact(
        self,
        place: str,
        fact: str,
        value: object,
        span: tuple[date, date],
        row: Listed,
        binds: tuple[str, ...],
        whole: bool,
    ) -> PlaceFact:
        where = Place(self.path, row.line, 1)
        return PlaceFact(fact, value, place, *span, row.source, "verified" if whole else "partly", where, binds)


def read_agreements(path: Path, gazetteer: Gazetteer, vocabulary: Vocabulary) -> tuple[Agreements, list[Finding]]:
    """The list and the faults in it; nothing where there is no such file."""
    if not path.is_file():
        return Agreements(), []
    listed: dict[str, list[Listed]] = {}
    complete: dict[str, list[Listed]] = {}
    reading = _Reading(gazetteer, vocabulary)
    rows, findings = read_rows(path, COLUMNS)
    for row in rows:
        agreement = reading.row(row, findings)
        if agreement:
            (listed if agreement.agency else complete).setdefault(row["place"], []).append(agreement)
    by_place, whole = ({place: tuple(rows) for place, rows in found.items()} for found in (listed, complete))
    return Agreements(by_place, whole, frozenset(_touched(by_place, gazetteer)), str(path)), findings


def _touched(places: Iterable[str], gazetteer: Gazetteer) -> Iterator[str]:
    """Each local place with a listed agency, and those around it."""
    for place in places:
        yield from (own for own in gazetteer.containing(place) if own.count("/") >= LOCAL_DEPTH)


class _Reading:
    """Reads the rows one by one; the few values that columns may have are looked up once."""

    def __init__(self, gazetteer: Gazetteer, vocabulary: Vocabulary) -> None:
        self.gazetteer = gazetteer
        models, kind = vocabulary.kind(MODELS_FACT), vocabulary.kind(KIND_FACT)
        self.models = models.members if isinstance(models, kinds.Set) else ()
        self.kinds = ("", *kind.members) if isinstance(kind, kinds.Choice) else ("",)

    def row(self, row: Row, findings: list[Finding]) -> Listed | None:
        place, agency, kind, model, signed, until, source = (row[column] for column in COLUMNS)
        since, end = day_of(signed), day_of(until)
        fault = self.fault(place, agency, kind, model)
        if fault or since is None or end is None or end <= since:
            help = did_you_mean(model, self.models) or f"the columns are {', '.join(COLUMNS)}"
            findings.append(Finding("agreement", row.at, fault or "an agreement needs its two days, in order", help))
            return None
        return Listed(agency, kind, model, since, end, source, row.at.line)

    def fault(self, place: str, agency: str, kind: str, model: str) -> str:
        if place not in self.gazetteer.places:
            return f'there is no place "{place}"'
        if agency and model not in self.models:
            return f'there is no model "{model}"'
        return "" if kind in self.kinds else f'there is no kind of agency "{kind}"'
