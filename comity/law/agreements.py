"""Reads a published list of agreements under 8 U.S.C. 1357(g) as dated facts of the places whose agencies signed them.

The list is complete on some days only. On those days a listed agency has exactly the agreements it is listed with. In a
State in which every listed agency was matched to a county, an agency that is not listed has none. On other days from the
first signing on, a listed agency is known to have at least the agreements it is listed with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from comity.csvtext import Row, read_overlaid
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, did_you_mean
from comity.law.instrument import PlaceFact
from comity.law.places import Gazetteer
from comity.period import day_of

FILE = "agreements.csv"
COLUMNS = ("place", "agency", "kind", "model", "signed", "until", "source")
MODELS_FACT, KIND_FACT = "agency.agreements_287g", "agency.kind"
# A place has one agency of these kinds, so the kind identifies the agency.
ONE_OF_ITS_KIND = ("sheriff", "state_prison", "corrections_department")
COUNTRY, LOCAL_DEPTH = "us", 2  # slashes in the path of a county or city


class Listed(Struct, frozen=True):
    """One agreement on the list: the agency, the model, the day of signing and the first day that the list does not cover.

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
    """The list by place, where and when it is complete, and the local places that it mentions (`touched`)."""

    listed: dict[str, tuple[Listed, ...]] = {}
    complete: dict[str, tuple[Listed, ...]] = {}
    touched: frozenset[str] = frozenset()
    path: str = ""

    def facts(self, place: str) -> Iterator[PlaceFact]:
        """The facts of a place's agencies: of those listed, then of any other, where the list is complete.

        Where an agency of the place is listed, an unnamed agency may be that one, so nothing is known of it.
        """
        for agency in dict.fromkeys(agreement.agency for agreement in self.listed.get(place, ())):
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

    def last_listed(self, place: str, day: date) -> str:
        """What the list said of a place's agencies on its last day before a day, in words; empty where it covers the day.

        So that an end of the list is not read as an end of the agreements.
        """
        rows = self.listed.get(place, ())
        until = max((row.until for row in rows), default=day)
        if not rows or day < until:
            return ""
        agencies: dict[str, list[str]] = {}
        for row in rows:
            if row.until == until:
                agencies.setdefault(row.agency, []).append(row.model.replace("_", " "))
        listed = "; ".join(f"{agency} with {' and '.join(sorted(models))}" for agency, models in agencies.items())
        return f"listed on {until - timedelta(days=1)}: {listed}; not known since"

    def _of_agency(self, place: str, agency: str) -> Iterator[PlaceFact]:
        """The agreements of one agency, as one fact for each span of days between two changes."""
        rows = [row for row in self.listed[place] if row.agency == agency]
        complete = self.complete.get(COUNTRY, ())
        ends = sorted({day for row in (*rows, *complete) for day in (row.since, row.until)})
        for since, until in pairwise(ends):
            had = sorted({row.model for row in rows if row.since <= since < row.until})
            whole = any(row.since <= since < row.until for row in complete)
            if had or whole:
                bound = self._bound(place, rows[0], since)
                yield self._fact(
                    place, MODELS_FACT, had if whole else {"partial": had}, (since, until), rows[0], bound, whole
                )
        if rows[0].kind:
            span = (min(row.since for row in rows), max(row.until for row in rows))
            yield self._fact(place, KIND_FACT, rows[0].kind, span, rows[0], (agency,), whole=True)

    def _bound(self, place: str, agreement: Listed, day: date) -> tuple[str, ...]:
        """The names that identify an agency on a day: its name, and its kind where no other of that kind is listed then.

        A list may name one department in two ways, on different days or on one.
        """
        alike = [other for other in self.listed[place] if other.kind == agreement.kind]
        on_day = [other for other in alike if other.since <= day < other.until] or alike
        is_one = {other.agency for other in on_day} == {agreement.agency}
        return (
            (agreement.agency, agreement.kind) if agreement.kind in ONE_OF_ITS_KIND and is_one else (agreement.agency,)
        )

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


def read_agreements(
    path: Path, gazetteer: Gazetteer, vocabulary: Vocabulary, over: Sequence[Path] = ()
) -> tuple[Agreements, list[Finding]]:
    """The list, with the tables `over` laid over it agency by agency, and the faults; empty where no file exists."""
    listed: dict[str, list[Listed]] = {}
    complete: dict[str, list[Listed]] = {}
    reading = _Reading(gazetteer, vocabulary)
    rows, findings = read_overlaid([path, *over], COLUMNS, lambda row: (row["place"], row["agency"]))
    for row in rows:
        agreement = reading.row(row, findings)
        if agreement:
            (listed if agreement.agency else complete).setdefault(row["place"], []).append(agreement)
    by_place, whole = ({place: tuple(rows) for place, rows in found.items()} for found in (listed, complete))
    return Agreements(by_place, whole, frozenset(_touched(by_place, gazetteer)), str(path)), findings


def _touched(places: Iterable[str], gazetteer: Gazetteer) -> Iterator[str]:
    """Each local place with a listed agency, and the local places that contain it."""
    for place in places:
        yield from (path for path in gazetteer.containing(place) if path.count("/") >= LOCAL_DEPTH)


class _Reading:
    """Reads the rows one by one; the values that a column may have are looked up once."""

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
            findings.append(
                Finding("agreement", row.at, fault or "signed and until must be days, and until the later one", help)
            )
            return None
        return Listed(agency, kind, model, since, end, source, row.at.line)

    def fault(self, place: str, agency: str, kind: str, model: str) -> str:
        if place not in self.gazetteer.places:
            return f'there is no place "{place}"'
        if agency and model not in self.models:
            return f'there is no model "{model}"'
        return "" if kind in self.kinds else f'there is no kind of agency "{kind}"'
