"""A law held open: read once, immutable, and shared by threads. What every function of the API works on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from comity.arguments import day_given, mapping_of
from comity.decision.decision import Decision
from comity.decision.held_law import held_law
from comity.decision.incoming import name_of
from comity.decision.request import decided, outcomes
from comity.engine.outcome import Outcome
from comity.extras import report_missing_extras
from comity.finding import InputFault, Place, grave, phrase
from comity.intake.named_place import find_place
from comity.law import cache
from comity.law.in_force import Agency, in_force
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.lawview.build_view import build_view
from comity.lawview.view import LawView

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.board.comparison import Choice
    from comity.board.inputs import Number
    from comity.claims.claim_view import Proofs
    from comity.claims.diff_view import Diff
    from comity.classification.view import Classified
    from comity.context.view import Context
    from comity.funding.view import Funding
    from comity.hold_clock.view import HoldClock
    from comity.money.view import Costs
    from comity.records.comparison import Comparison
    from comity.records.replay_result import ReplayResult

SECONDS_MAX, MILLISECONDS = 10, 1_000
REQUEST = phrase("request")  # what a finding calls the one request of a call


class Law:
    """The shipped law, with a county's own folders laid over it, held open for many calls.

    Nothing in it changes after it was read, and threads may share it. Stacks are prepared when they are first needed and kept,
    within bounds, for the span between two changes of law. Bad input raises `InputFault`.
    """

    def __init__(self, library: Library, folders: Sequence[Path] = ()) -> None:
        self.library, self.folders = library, tuple(folders)

    def __repr__(self) -> str:
        return f"<comity law {self.version}: {len(self.library.instruments)} instruments>"

    @property
    def version(self) -> str:
        """The hash of every law file that was read and of the program, as 16 hexadecimal digits."""
        return self.library.version

    def refresh(self) -> Law:
        """Reads the same folders again; returns this law itself where no file changed."""
        fresh = open_folders(self.folders)
        return self if fresh.version == self.version else fresh

    def decide(
        self, request: Mapping[str, Any], *, place: str | None = None, at: str | datetime | None = None
    ) -> Decision:
        """Decides one request, nested as in JSON, and explains the decision; `place` and `at` take precedence over its own."""
        return self._decide(request, REQUEST, place, at)

    def outcomes(self, request: Mapping[str, Any]) -> dict[str, tuple[Outcome, ...]]:
        """The possible outcomes of each action, such as `{"hold": ("permitted", "forbidden")}`, without an explanation."""
        found, findings = outcomes(mapping_of(request), self.library, REQUEST)
        if found is None:
            raise InputFault(findings)
        return found

    def decide_many(self, requests: Iterable[Mapping[str, Any]]) -> Iterator[Decision]:
        """Decides requests one after another, as the caller asks for them: a generator.

        A faulty request raises `InputFault`, which names its number (from 1) and ends the generator.
        """
        for number, request in enumerate(requests, 1):
            yield self._decide(request, phrase("request {number}", number=number), None, None)

    def _decide(
        self, request: Mapping[str, Any], source: str, place: str | None, at: str | datetime | None
    ) -> Decision:
        now = datetime.now(UTC)
        decision, findings = decided(mapping_of(request), self.library, source, place=place, at=at, now=now)
        if decision is None:
            raise InputFault(findings)
        return decision

    def at(
        self,
        place: str,
        *,
        on: date | str | None = None,
        known_on: date | str | None = None,
        agency: Agency | None = None,
    ) -> LawView:
        """The law in force at a place on a local day (today, where none is given), as it was known on `known_on`."""
        where, day = self.place(place), day_given(known_on, "known_on")
        on_day = day_given(on, "on") or self._today(where)
        if day is None:
            stack = held_law(self.library).stack(where.path, on_day, agency or Agency())
        else:
            stack = in_force(self.library, where.path, on_day, agency, day)
        facts, name = self.library.facts_at(where.path), name_of(where, self.library)
        view = build_view(stack, name=name, known_on=day, facts=facts, instruments=self.library.instruments)
        at_place = held_law(self.library).places[where.path, "", ""]
        return replace(view, not_encoded=at_place.lacking[on_day, False], researched_to=at_place.researched[on_day])

    def clock(
        self,
        request: Mapping[str, Any] | None = None,
        *,
        place: str | None = None,
        eligible_at: str | datetime | None = None,
        received_at: str | datetime | None = None,
        form: str | None = None,
        at: str | datetime | None = None,
    ) -> HoldClock:
        """When the hold on a request must end, under every limit in force there; what is given by name takes precedence."""
        from comity.hold_clock.hold_clock import count_request, merge_facts  # noqa: PLC0415  light until it is called

        given = {"custody.release_eligible_at": eligible_at, "request.received_at": received_at, "request.form": form}
        named = {path: value for path, value in given.items() if value is not None}
        document = merge_facts(mapping_of({} if request is None else request), named)
        clock, findings = count_request(document, self.library, REQUEST, place=place, at=at, now=datetime.now(UTC))
        if clock is None:
            raise InputFault(findings)
        return clock

    @report_missing_extras()
    def clock_many(self, table: Any, *, place: str = "", columns: Any = None) -> pa.Table:
        """When many holds must end: an Arrow table of a row each, in their order; `comity.clock_holds` says what is read."""
        from comity.hold_clock.table import count_hold_table  # noqa: PLC0415  no table, no engine

        return count_hold_table(table, self.library, place, columns)

    @report_missing_extras()
    def replay(
        self,
        table: Any,
        *,
        law: str = "",
        place: str = "",
        assume: Mapping[str, Any] | None = None,
        group_by: Sequence[str] = (),
        without_duplicates: bool = False,
        columns: Any = None,
    ) -> ReplayResult:
        """Stored requests under the law of their place and day, or of `law` (`PLACE@DAY`): counts, and one row a request."""
        import pyarrow as pa  # noqa: PLC0415  no engine is imported until it is needed

        from comity.records.replay_table import ReplayArguments, prepare_replay  # noqa: PLC0415

        wanted = ReplayArguments(
            law=law, place=place, assume=assume or {}, group_by=tuple(group_by), without_duplicates=without_duplicates,
            columns=columns,
        )  # fmt: skip
        replay, findings = prepare_replay(table, wanted, self.library)
        if replay is None:
            raise InputFault(findings)
        pieces: list[pa.Table] = []
        result = replay.run(pieces.append)
        return replace(result, table=pa.concat_tables(pieces).unify_dictionaries())

    @report_missing_extras()
    def compare(
        self,
        table: Any,
        first: str,
        second: str,
        *,
        assume: Mapping[str, Any] | None = None,
        group_by: Sequence[str] = (),
        columns: Any = None,
    ) -> Comparison:
        """The same stored requests under two laws, each `PLACE@DAY`: who is surely treated alike, and on what the rest turns."""
        import pyarrow as pa  # noqa: PLC0415  no engine is imported until it is needed

        from comity.records.replay_table import prepare_comparison  # noqa: PLC0415

        comparing, findings = prepare_comparison(
            table, (first, second), assume or {}, group_by, self.library, columns=columns
        )
        if comparing is None:
            raise InputFault(findings)
        pieces: list[pa.Table] = []
        result = comparing.run(pieces.append)
        return replace(result, table=pa.concat_tables(pieces).unify_dictionaries())

    @report_missing_extras()
    def prove(
        self,
        claim: str,
        *laws: str,
        action: str = "",
        outcome: str = "",
        when: str = "",
        definition: str = "",
        seconds: int = SECONDS_MAX,
    ) -> Proofs:
        """A claim about every request that could come under a law, proved or refuted by a request."""
        from comity.claims.claim import ClaimWords, prove_claim  # noqa: PLC0415  no solver is imported until it is needed
        from comity.classification.meets import proofs_of_meeting  # noqa: PLC0415
        from comity.lawview.named_law import LawOptions  # noqa: PLC0415

        words = ClaimWords(
            claim=claim, laws=tuple(laws), action=action, outcome=outcome, when=when, definition=definition
        )
        named = LawOptions(folders=self.folders, library=self.library)
        proofs, findings = prove_claim(words, named, milliseconds_max=MILLISECONDS * seconds, meets=proofs_of_meeting)
        if proofs is None:
            raise InputFault(findings)
        return proofs

    @report_missing_extras()
    def diff(
        self,
        first: str,
        second: str = "",
        *,
        table: Any = None,
        stack: bool = False,
        on: date | str | None = None,
        seconds: int = SECONDS_MAX,
    ) -> Diff:
        """What two laws treat differently, in classes that are proved to be all; each is `PLACE@DAY` or a law file."""
        from comity.claims.diff import compare_laws, count_requests  # noqa: PLC0415  no solver is imported until it is needed
        from comity.lawview.named_law import LawOptions, read_committed_law, read_named_law  # noqa: PLC0415

        named = LawOptions(folders=self.folders, stack=stack, day=day_given(on, "on"), library=self.library)
        before, findings = read_named_law(first, named) if second else read_committed_law(first, named)
        after, faults = read_named_law(second or first, named)
        if before is None or after is None:
            raise InputFault([*findings, *faults])
        diff, differences = compare_laws(before, after, MILLISECONDS * seconds)
        if table is None:
            return diff
        with_counts, findings = count_requests(diff, differences, table, after)
        if with_counts is None:
            raise InputFault(findings)
        return with_counts

    def classify(self, place: str, *, on: date | str | None = None, definition: str = "") -> Classified:
        """Which definitions of a sanctuary jurisdiction a place meets on a local day (today there, where none is given)."""
        return self.classify_many([place], [on], definition=definition)[0]

    @report_missing_extras()
    def classify_many(
        self, places: Sequence[str], days: Sequence[date | str | None], *, definition: str = ""
    ) -> list[Classified]:
        """As `classify`, for several places and days: each place with each day, in that order. Everything is read once."""
        from comity.classification.classify import PlaceClassifier, definitions_named, read_all_definitions  # noqa: PLC0415  no solver before

        definitions, findings = read_all_definitions(self.folders, self.library)
        wanted, unknown = definitions_named(definition, definitions)
        if grave([*findings, *unknown]):
            raise InputFault(grave([*findings, *unknown]))
        asking = PlaceClassifier(self.library, definitions, self.folders)
        return [
            asking.classify(where, day_given(on, "on") or self._today(where), wanted)
            for where in [self.place(place) for place in places]
            for on in days
        ]

    @report_missing_extras()
    def funding(self, place: str, *, on: date | str | None = None) -> Funding:
        """Which federal money is at stake at a place on a local day, by which conditions, and whether the law breaches them."""
        from comity.funding.at_stake import find_at_stake, read_money  # noqa: PLC0415  no solver before it is needed

        where = self.place(place)
        money, findings = read_money(self.folders, self.library)
        if grave(findings):
            raise InputFault(grave(findings))
        return find_at_stake(where, day_given(on, "on") or self._today(where), money, self.library, self.folders)

    def context(self, place: str) -> Context:
        """The people of a place beside its law, as they were counted or estimated, and the federal money in its budget."""
        from comity.context.describe import describe_context, read_tables  # noqa: PLC0415  light until it is called

        where = self.place(place)
        tables, findings = read_tables(self.folders, self.library)
        if grave(findings):
            raise InputFault(grave(findings))
        return describe_context(where, tables, self.library)

    @report_missing_extras()
    def cost(
        self,
        table: Any,
        *,
        place: str,
        basis: str = "average",
        rounding: str = "half_up",
        not_billed: bool = False,
        payments: Any = None,
        leave_out: bool = False,
        bill_overlaps: bool = False,
        columns: Any = None,
    ) -> Costs:
        """What the holds of a table cost at a place and who pays, by the rates of each day, in whole cents."""
        from comity.money.cost_table import CostOptions, cost_holds  # noqa: PLC0415  no engine is imported until it is needed
        from comity.money.read_payments import read_payments  # noqa: PLC0415

        paid, findings = read_payments(payments) if payments is not None else ((), [])
        if grave(findings):
            raise InputFault(findings)
        wanted = CostOptions(
            place=place, basis=basis, rounding=rounding, unbilled=not_billed, leaving_out=leave_out,
            bill_overlaps=bill_overlaps, folders=self.folders, columns=columns,
        )  # fmt: skip
        costs, faults = cost_holds(table, wanted, self.library, paid)
        if costs is None:
            raise InputFault(faults)
        return replace(costs, findings=(*costs.findings, *findings))

    @report_missing_extras()
    def weigh(
        self,
        table: Any,
        first: str,
        second: str,
        *,
        place: str = "",
        on: date | str | None = None,
        assume: Mapping[str, Any] | None = None,
        basis: str = "average",
        days: Number | None = None,
        day_cost_cents: int | None = None,
        at_stake_cents: int | None = None,
        not_billed: bool = False,
        requests: int | None = None,
        known_on: date | str | None = None,
        undecided: str = "either",
        figures: str | Path | None = None,
        columns: Any = None,
    ) -> Choice:
        """The choice between two laws, each `PLACE@DAY`: whom each would have held, what that costs, and the break-even."""
        from comity.board.inputs import GivenFigures  # noqa: PLC0415  no engine is imported until it is needed
        from comity.board.weighing import ChoiceOptions, compare_laws  # noqa: PLC0415

        given = GivenFigures(
            basis=basis, days=days, day_cost_cents=day_cost_cents, at_stake_cents=at_stake_cents, unbilled=not_billed,
            known_on=day_given(known_on, "known_on"), folders=self.folders,
        )  # fmt: skip
        wanted = ChoiceOptions(
            laws=(first, second), given=given, place=place, on=day_given(on, "on"), assume=assume or {},
            requests=requests, undecided=undecided, figures=Path(figures) if figures is not None else None,
            columns=columns,
        )  # fmt: skip
        comparison, findings = compare_laws(table, wanted, self.library)
        if comparison is None:
            raise InputFault(findings)
        return comparison

    @report_missing_extras()
    def brief(self, comparison: Choice, *, note: str = "", people: bool = False, trust: bool = False) -> bytes:
        """A choice that was weighed as one page of PDF for a board; the same choice makes the same bytes."""
        from comity.board.beside import Wanted, describe_beside  # noqa: PLC0415
        from comity.board.brief_pdf import as_pdf  # noqa: PLC0415
        from comity.board.briefing import build_brief  # noqa: PLC0415  drawing is slow to import

        beside = describe_beside(comparison, Wanted(people, trust), self.library, self.folders)
        return as_pdf(build_brief(comparison, self.library, note, beside))

    def place(self, name: str) -> Jurisdiction:
        """The place that a path names, also by an alias of it; raises `InputFault` for an unknown place."""
        where, findings = find_place(name, self.library, Place(phrase("place")))
        if where is None:
            raise InputFault(findings)
        return where

    def _today(self, where: Jurisdiction) -> date:
        return datetime.now(ZoneInfo(where.zone)).date()


def open_folders(folders: Sequence[Path]) -> Law:
    """Reads the shipped law with further folders laid over it; raises on law that cannot be relied on."""
    library, findings = cache.load(folders)
    if grave(findings):
        raise InputFault(grave(findings))
    return Law(library, folders)
