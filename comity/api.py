"""What `import comity` offers. Bad input raises `InputFault`, whose text says what is wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from comity.decision.decision import Decision
from comity.decision.incoming import name_of
from comity.decision.request import decided
from comity.finding import Finding, InputFault, Place, grave
from comity.law import cache as stored
from comity.law.in_force import Agency, in_force
from comity.law.library import Library
from comity.law.places import Jurisdiction
from comity.law.register import own_law_lacking
from comity.lawview.build_view import view_of
from comity.lawview.view import LawView
from comity.pages import PAGES
from comity.period import day_of
from comity.present.result import register_pages

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.board.comparison import Weighed
    from comity.board.inputs import Number
    from comity.claims.claim_view import Proofs
    from comity.claims.diff_view import Diff
    from comity.classification.view import Classified
    from comity.funding.view import Funding
    from comity.hold_clock.view import HoldClock
    from comity.money.view import Costs
    from comity.records.comparison import Comparison
    from comity.records.replay_result import Replayed

SECONDS_MAX, MILLISECONDS = 10, 1_000
register_pages(PAGES)


def load(folders: Sequence[Path | str] = ()) -> Library:
    """The shipped law with a county's own folders laid over it; raises on law that cannot be relied on."""
    library, findings = stored.load(folders)
    if grave(findings):
        raise InputFault(grave(findings))
    return library


def decide(
    request: Mapping[str, Any],
    *,
    library: Library | None = None,
    place: str | None = None,
    at: str | datetime | None = None,
) -> Decision:
    """One request, nested as in JSON, decided by the law of its place and day; `place` and `at` go before its own."""
    made, findings = decided(request, library or load(), place=place, at=at, now=datetime.now(UTC))
    if made is None:
        raise InputFault(findings)
    return made


def clock(
    request: Mapping[str, Any] | None = None,
    *,
    place: str | None = None,
    eligible_at: str | datetime | None = None,
    received_at: str | datetime | None = None,
    form: str | None = None,
    at: str | datetime | None = None,
    library: Library | None = None,
) -> HoldClock:
    """When the hold on a request must end, by every limit in force there: of a request, of what is given by name, or both.

    What is given by name goes before what the request says.
    """
    from comity.hold_clock.hold_clock import clocked, laid_over  # noqa: PLC0415  light until it is called

    given = {"custody.release_eligible_at": eligible_at, "request.received_at": received_at, "request.form": form}
    document = laid_over(request or {}, {path: own for path, own in given.items() if own is not None})
    made, findings = clocked(document, library or load(), place=place, at=at, now=datetime.now(UTC))
    if made is None:
        raise InputFault(findings)
    return made


def holds(table: Any, *, place: str = "", library: Library | None = None) -> pa.Table:
    """When many holds must end: an Arrow table of a row each, in their order, with `until` (UTC), the provision that `rules`, and
    a `finding` where there is no end.

    `table` is a path to CSV or Parquet, or an Arrow, pandas or polars frame, with columns called by facts: place,
    custody.release_eligible_at and, where known, request.form, request.received_at, request.lifted_at, request.replaced_at.
    Moments have an offset or a time zone. Each row falls under the law of its place and its local day of release.
    """
    from comity.hold_clock.table import holds_of  # noqa: PLC0415  no table, no engine

    return holds_of(table, library or load(), place)


def law(
    place: str,
    on: date | str | None = None,
    *,
    known_on: date | str | None = None,
    library: Library | None = None,
    agency: Agency | None = None,
) -> LawView:
    """The law in force at a place on a day (today there, where none is given), as one knew it on `known_on`."""
    library = library or load()
    where = _named(place, library)
    day = _day(on, "on") or datetime.now(ZoneInfo(where.zone)).date()
    known = _day(known_on, "known_on")
    stack = in_force(library, where.path, day, agency, known)
    facts, name = library.facts_at(where.path), name_of(where, library)
    view = view_of(stack, name=name, known_on=known, facts=facts, instruments=library.instruments)
    return replace(view, not_encoded=own_law_lacking(library, where.path, day))


def classify(
    place: str,
    on: date | str | None = None,
    *,
    definition: str = "",
    library: Library | None = None,
    folders: Sequence[Path | str] = (),
) -> Classified:
    """Which definitions of a contested word a place meets on a day (today there, where none is given).

    `definition` asks for one of them. `folders` are a county's own, whose `definitions` are laid over those that ship;
    without a `library` its law is too.
    """
    return classify_many([place], [on], definition=definition, library=library, folders=folders)[0]


def classify_many(
    places: Sequence[str],
    days: Sequence[date | str | None],
    *,
    definition: str = "",
    library: Library | None = None,
    folders: Sequence[Path | str] = (),
) -> list[Classified]:
    """The same for several places and days, each place with each day, with everything read once."""
    from comity.classification.classify import Asking, chosen, definitions_of  # noqa: PLC0415  no solver before it is needed

    library = library or load(folders)
    own = [Path(folder) for folder in folders]
    definitions, findings = definitions_of(own, library)
    wanted, unknown = chosen(definition, definitions)
    if grave([*findings, *unknown]):
        raise InputFault(grave([*findings, *unknown]))
    asking = Asking(library, definitions, own)
    found = []
    for where in [_named(place, library) for place in places]:
        for on in days:
            found.append(asking.classified(where, _day(on, "on") or datetime.now(ZoneInfo(where.zone)).date(), wanted))
    return found


def funding(
    place: str, *, on: date | str | None = None, library: Library | None = None, folders: Sequence[Path | str] = ()
) -> Funding:
    """Which federal money is at stake at a place on a local day (today there, where none is given): the programmes, the conditions
    put on them, whether each has force there, and whether the law there breaches it. `folders` may hold conditions and budgets."""
    from comity.funding.at_stake import money_of, staked  # noqa: PLC0415  no solver before it is needed

    library = library or load(folders)
    own = [Path(folder) for folder in folders]
    where = _named(place, library)
    money, findings = money_of(own, library)
    if grave(findings):
        raise InputFault(grave(findings))
    return staked(where, _day(on, "on") or datetime.now(ZoneInfo(where.zone)).date(), money, library, own)


def replay(
    table: Any,
    *,
    law: str = "",
    place: str = "",
    assume: Mapping[str, Any] | None = None,
    group_by: Sequence[str] = (),
    without_duplicates: bool = False,
    library: Library | None = None,
) -> Replayed:
    """Stored requests under the law of their place and day, or of `PLACE@DAY`, with counts and one row a request.

    `table` is a path to CSV, XLSX or Parquet, or an Arrow, pandas or polars frame; `place` is where all were held, and
    `assume` gives facts, by path, that hold where a row does not say. A row that cannot be read is refused and counted,
    never dropped; one that no local law binds is counted by the class of its facility. `group_by` takes county, year,
    month, facility, state, class and law.
    """
    import pyarrow as pa  # noqa: PLC0415  no engine is imported until it is needed

    from comity.records.replay_table import Wanted, prepared  # noqa: PLC0415

    wanted = Wanted(
        law=law, place=place, assume=assume or {}, group_by=tuple(group_by), without_duplicates=without_duplicates
    )
    replaying, findings = prepared(table, wanted, library or load())
    if replaying is None:
        raise InputFault(findings)
    pieces: list[pa.Table] = []
    made = replaying.run(pieces.append)
    return replace(made, table=pa.concat_tables(pieces).unify_dictionaries())


def compare(
    table: Any,
    first: str,
    second: str,
    *,
    assume: Mapping[str, Any] | None = None,
    group_by: Sequence[str] = (),
    library: Library | None = None,
) -> Comparison:
    """The same stored requests under two laws, each `PLACE@DAY`: who is surely treated alike, who surely not, and on which
    facts the rest turns. `table`, `assume` and `group_by` as in `replay`.
    """
    import pyarrow as pa  # noqa: PLC0415  no engine is imported until it is needed

    from comity.records.replay_table import compared  # noqa: PLC0415

    comparing, findings = compared(table, (first, second), assume or {}, group_by, library or load())
    if comparing is None:
        raise InputFault(findings)
    pieces: list[pa.Table] = []
    made = comparing.run(pieces.append)
    return replace(made, table=pa.concat_tables(pieces).unify_dictionaries())


def cost(
    table: Any,
    *,
    place: str,
    basis: str = "average",
    rounding: str = "half_up",
    not_billed: bool = False,
    payments: Any = None,
    leave_out: bool = False,
    bill_overlaps: bool = False,
    library: Library | None = None,
    folders: Sequence[Path | str] = (),
) -> Costs:
    """What the holds of a table cost at a place and who pays, by the rates of each day; every amount is in whole cents.

    `table` and `payments` are paths or frames. `basis` is the kind of rate that a day costs: average, marginal or federal.
    A row that cannot be costed is a fault, or with `leave_out` is refused. Overlapping holds of one person are billed once and named in
    `findings`; with `bill_overlaps` they are billed twice. `folders` may hold a `rates.csv`.
    """
    from comity.money.cost_table import Wanted, costed  # noqa: PLC0415  no engine is imported until it is needed
    from comity.money.read_payments import payments_in  # noqa: PLC0415

    paid, findings = payments_in(payments) if payments is not None else ((), [])
    if findings:
        raise InputFault(findings)
    wanted = Wanted(
        place=place, basis=basis, rounding=rounding, unbilled=not_billed, leaving_out=leave_out,
        bill_overlaps=bill_overlaps, folders=tuple(map(Path, folders)),
    )  # fmt: skip
    made, findings = costed(table, wanted, library or load(folders), paid)
    if made is None:
        raise InputFault(findings)
    return made


def weigh(
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
    library: Library | None = None,
    folders: Sequence[Path | str] = (),
) -> Weighed:
    """The choice between two laws, each `PLACE@DAY`: whom each would have held, what that costs and puts at stake, and the break-even.

    Figures are those of the second law's day, or of `on`, at the laws' place, or at `place`. `days` (of a hold), `day_cost_cents`
    and `at_stake_cents` replace published figures; `folders` may hold tables of a county. `requests` is how many a year there are.
    """
    from comity.board.inputs import Given  # noqa: PLC0415  no engine is imported until it is needed
    from comity.board.weighing import Wanted, weighed  # noqa: PLC0415

    given = Given(
        basis=basis, days=days, day_cost_cents=day_cost_cents, at_stake_cents=at_stake_cents, unbilled=not_billed,
        known_on=_day(known_on, "known_on"), folders=tuple(map(Path, folders)),
    )  # fmt: skip
    wanted = Wanted(
        laws=(first, second), given=given, place=place, on=_day(on, "on"), assume=assume or {}, requests=requests, undecided=undecided
    )  # fmt: skip
    made, findings = weighed(table, wanted, library or load(folders))
    if made is None:
        raise InputFault(findings)
    return made


def brief(made: Weighed, *, library: Library | None = None, note: str = "") -> bytes:
    """A choice that was weighed as one page of PDF for a board, with tags for screen readers; `note` says what else is to be known of
    the requests. The same choice makes the same bytes."""
    from comity.board.brief_pdf import as_pdf  # noqa: PLC0415
    from comity.board.briefing import brief_of  # noqa: PLC0415  drawing is slow to import

    return as_pdf(brief_of(made, library or load(), note))


def prove(
    claim: str,
    *laws: str,
    action: str = "",
    outcome: str = "",
    when: str = "",
    definition: str = "",
    seconds: int = SECONDS_MAX,
    library: Library | None = None,
    folders: Sequence[Path] = (),
) -> Proofs:
    """A claim about every request that could come under a law, `PLACE@DAY` or a law file, proved or refuted by a request.

    `claim` is one of `comity.claims.claims.CLAIMS`: never and implies need `action` and `outcome` and may take a condition
    in `when`, equivalent and differs take two laws, meets a `definition`. What is not settled within `seconds` for one
    question is neither: then `holds` is None.
    """
    from comity.claims.claim import Words, proofs_of  # noqa: PLC0415  no solver is imported until it is needed
    from comity.classification.meets import proofs_of_meeting  # noqa: PLC0415
    from comity.lawview.named_law import Named  # noqa: PLC0415

    words = Words(claim=claim, laws=tuple(laws), action=action, outcome=outcome, when=when, definition=definition)
    named = Named(folders=tuple(folders), library=library)
    made, findings = proofs_of(words, named, milliseconds_max=MILLISECONDS * seconds, meets=proofs_of_meeting)
    if made is None:
        raise InputFault(findings)
    return made


def diff(
    first: str,
    second: str = "",
    *,
    table: Any = None,
    stack: bool = False,
    on: date | str | None = None,
    seconds: int = SECONDS_MAX,
    library: Library | None = None,
    folders: Sequence[Path] = (),
) -> Diff:
    """What two laws treat differently, in classes that are proved to be all; each is `PLACE@DAY` or a law file.

    A file alone is compared with itself as last committed. Files are taken alone, or with `stack` among all law of their
    place, on their first certain day or `on`. `table` holds stored requests, as in `replay`, to be counted in each class.
    """
    from comity.claims.diff import compared, counted  # noqa: PLC0415  no solver is imported until it is needed
    from comity.lawview.named_law import Named, side_of, side_of_commit  # noqa: PLC0415

    named = Named(folders=tuple(folders), stack=stack, day=_day(on, "on"), library=library)
    before, findings = side_of(first, named) if second else side_of_commit(first, named)
    after, faults = side_of(second or first, named)
    if before is None or after is None:
        raise InputFault([*findings, *faults])
    made, told = compared(before, after, MILLISECONDS * seconds)
    if table is None:
        return made
    with_counts, findings = counted(made, told, table, after)
    if with_counts is None:
        raise InputFault(findings)
    return with_counts


def place_named(place: str, library: Library) -> str:
    """The path of a place, also where it is called by another name; raises on one that is none."""
    return _named(place, library).path


def _named(place: str, library: Library) -> Jurisdiction:
    where = library.gazetteer.named(place)
    if where is None:
        help = library.gazetteer.suggestion(place) or "write a path, as in us/fl/miami-dade"
        raise InputFault([Finding("unknown-place", Place("place"), f'there is no place "{place}"', help)])
    return where


def _day(given: date | str | None, name: str) -> date | None:
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    day = day_of(given) if isinstance(given, str) else None
    if day is None:
        raise InputFault(
            [Finding("not-a-day", Place(name), f'"{given}" is no day', "write YYYY-MM-DD, as in 2017-01-26")]
        )
    return day
