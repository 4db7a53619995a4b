"""What `import comity` offers: a function for each capability, on a law that the process holds open.

Every function takes `library`, which `comity.open` or `comity.load` gives; without one it works on the shipped law with
`folders` laid over it, read once a process, and with `refresh=True` read again where a file changed. Bad input raises
`InputFault`, whose text says what is wrong, where, and what would be right; so does law that cannot be relied on, and a function
whose optional libraries are not installed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

from comity.decision.decision import Decision
from comity.finding import Finding, InputFault, Place, phrase
from comity.law.in_force import Agency
from comity.law.library import Library
from comity.lawview.view import LawView
from comity.pages import PAGES
from comity.present.result import register_pages
from comity.session import SECONDS_MAX, Law, open_folders

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

Folders: TypeAlias = Path | str | Sequence[Path | str]
HELD_MAX = 8  # laws that a process holds open at a time, by their folders
_HELD: dict[tuple[Path, ...], Law] = {}
_LOCK = Lock()
register_pages(PAGES)


def open(folders: Folders = ()) -> Law:
    """Reads the shipped law, with a county's own folders laid over it, and holds it open; threads may share it.

    `folders` is a path or several; a file in a later one replaces the file at the same path in an earlier one. Raises `InputFault`
    where a folder does not exist or holds no law, and where a law file has an error.
    """
    return open_folders(_folders(folders))


def load(folders: Folders = ()) -> Library:
    """The shipped law with a county's own folders laid over it, as a library: what was read, without what `open` adds.

    `folders` and faults as in `open`.
    """
    return open_folders(_folders(folders)).library


def decide(
    request: Mapping[str, Any],
    *,
    library: Law | Library | None = None,
    place: str | None = None,
    at: str | datetime | None = None,
    refresh: bool = False,
) -> Decision:
    """Decides one request under the law of its place and day, and explains the decision.

    `request` is a mapping, nested as in JSON, of `place`, `at` and the facts known: JSON values, Python dates and datetimes, or
    scalars of numpy and pandas. A fact that is absent or None is Unknown. `place` (a path) and `at` (a moment with its offset from
    UTC) take precedence over those of the request; without a moment it is decided as of now. Raises `InputFault` for a request
    that is no mapping, an unknown place or fact, a value that its fact cannot have, and days that contradict each other.
    """
    return _law(library, (), refresh).decide(request, place=place, at=at)


def clock_hold(
    request: Mapping[str, Any] | None = None,
    *,
    place: str | None = None,
    eligible_at: str | datetime | None = None,
    received_at: str | datetime | None = None,
    form: str | None = None,
    at: str | datetime | None = None,
    library: Law | Library | None = None,
    refresh: bool = False,
) -> HoldClock:
    """When the hold on a request must end, by every limit in force there.

    What is given by name takes precedence over what the request says: the moment of release, that of receipt, the form. Moments
    are datetimes with a zone, or text with an offset from UTC; so are those of the result. Raises `InputFault` as `decide` does,
    and for moments that contradict each other.
    """
    law = _law(library, (), refresh)
    return law.clock(request, place=place, eligible_at=eligible_at, received_at=received_at, form=form, at=at)


def clock_holds(
    table: Any, *, place: str = "", columns: Any = None, library: Law | Library | None = None, refresh: bool = False
) -> pa.Table:
    """When many holds must end: an Arrow table of a row each, in their order, with `until` (UTC), `rules` and `finding`.

    `table` is a path or an Arrow, pandas or polars frame, with columns called by facts: place, custody.release_eligible_at
    and, where known, request.form, request.received_at, request.lifted_at, request.replaced_at. Moments have an offset or
    a time zone; `columns` is a map of columns, as in `replay`. Each row falls under the law of its place and its local day of
    release. A row that cannot be read has its code in `finding`; raises `InputFault` where the table or a whole column cannot be read.
    """
    return _law(library, (), refresh).clock_many(table, place=place, columns=columns)


def law_at(
    place: str,
    *,
    on: date | str | None = None,
    known_on: date | str | None = None,
    library: Law | Library | None = None,
    agency: Agency | None = None,
    refresh: bool = False,
) -> LawView:
    """The law in force at a place on a local day: by action, what yields to what, and what is set aside.

    `on` and `known_on` are dates, or text as YYYY-MM-DD; without `on` it is today there. With `known_on`, law that could not be
    known on that day is left out. `agency` is the receiving agency, where only its law is asked for. Raises `InputFault` for an
    unknown place and for text that is no day.
    """
    return _law(library, (), refresh).at(place, on=on, known_on=known_on, agency=agency)


def classify(
    place: str,
    *,
    on: date | str | None = None,
    definition: str = "",
    library: Law | Library | None = None,
    folders: Folders = (),
    refresh: bool = False,
) -> Classified:
    """Which definitions of a sanctuary jurisdiction a place meets on a local day: yes, no, or open, with the reasons.

    `on` is a date, or text as YYYY-MM-DD; without it, it is today there. `definition` asks for one of them, by its id. `folders`
    are a county's own, whose `definitions` are laid over those that ship; without a `library` its law is too. Raises `InputFault`
    for an unknown place or definition, and for text that is no day.
    """
    return _law(library, folders, refresh).classify(place, on=on, definition=definition)


def classify_many(
    places: Sequence[str],
    days: Sequence[date | str | None],
    *,
    definition: str = "",
    library: Law | Library | None = None,
    folders: Folders = (),
    refresh: bool = False,
) -> list[Classified]:
    """As `classify`, for several places and days: each place with each day, in that order. Everything is read once."""
    return _law(library, folders, refresh).classify_many(places, days, definition=definition)


def money_at_stake(
    place: str,
    *,
    on: date | str | None = None,
    library: Law | Library | None = None,
    folders: Folders = (),
    refresh: bool = False,
) -> Funding:
    """Which federal money is at stake at a place on a local day (today there, where none is given).

    That is: the programmes, the conditions put on them, whether each is in force there, and whether the law there breaches
    it. Amounts are in whole cents, or None where nobody published them. `folders` may hold conditions and budgets. Raises
    `InputFault` for an unknown place, for text that is no day, and for a table of a folder that cannot be read.
    """
    return _law(library, folders, refresh).funding(place, on=on)


def describe_context(
    place: str, *, library: Law | Library | None = None, folders: Folders = (), refresh: bool = False
) -> Context:
    """The people of a place beside its law: foreign-born residents, estimates, detainers on record, and federal money.

    Each figure has its time, who made it, its source and mark of evidence; amounts are in whole cents. No decision reads any of
    them. `folders` may hold a `context.csv` and a `budgets.csv`. Raises `InputFault` for an unknown place, and for a table of a
    folder that cannot be read.
    """
    return _law(library, folders, refresh).context(place)


def replay(
    table: Any,
    *,
    law: str = "",
    place: str = "",
    assume: Mapping[str, Any] | None = None,
    group_by: Sequence[str] = (),
    without_duplicates: bool = False,
    columns: Any = None,
    library: Law | Library | None = None,
    refresh: bool = False,
) -> ReplayResult:
    """Stored requests under the law of their place and day, or of `PLACE@DAY`, with counts and one row a request.

    `table` is a path to CSV, XLSX or Parquet, or an Arrow, pandas or polars frame; `place` is where all were held, and
    `assume` gives facts, by path, that hold where a row does not say. A row that cannot be read is refused and counted,
    never dropped; one that no local law binds, or whose place is not known, is counted by the class of its facility. `placed`
    of the result counts rows by the place found for their facility. `group_by` takes county, year, month, facility, state, class
    and law. `columns` maps the columns of a table with headings of its own: a mapping of headings to facts, or the path of a map
    that `comity columns` began. `table` of the result is an Arrow table. Raises `InputFault` for a table without a column of days
    or places, for a map that is still open, and for an unknown place, law, fact or group.
    """
    return _law(library, (), refresh).replay(
        table, law=law, place=place, assume=assume, group_by=group_by, without_duplicates=without_duplicates,
        columns=columns,
    )  # fmt: skip


def compare(
    table: Any, first: str, second: str, *, assume: Mapping[str, Any] | None = None, group_by: Sequence[str] = (),
    columns: Any = None, library: Law | Library | None = None, refresh: bool = False,
) -> Comparison:  # fmt: skip
    """The same stored requests under two laws, each `PLACE@DAY`.

    It counts the requests that surely have the same outcome, those that surely do not, and the facts that decide the others.
    `table`, `assume`, `group_by`, `columns` and faults as in `replay`.
    """
    return _law(library, (), refresh).compare(table, first, second, assume=assume, group_by=group_by, columns=columns)


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
    columns: Any = None,
    library: Law | Library | None = None,
    folders: Folders = (),
    refresh: bool = False,
) -> Costs:
    """What the holds of a table cost at a place and who pays, by the rates of each day; every amount is in whole cents.

    `table` and `payments` are paths or frames. `basis` is the kind of rate that a day costs: average, marginal or federal.
    A row that cannot be costed is a fault, or with `leave_out` is refused. Overlapping holds of one person are billed once and
    named in `findings`; with `bill_overlaps` they are billed twice. `columns` is a map of columns, as in `replay`. `folders` may hold
    a `rates.csv`. Raises `InputFault` where no
    rate is published for a day, for a table without the columns of a hold, and for an unknown place, basis or rounding.
    """
    return _law(library, folders, refresh).cost(
        table, place=place, basis=basis, rounding=rounding, not_billed=not_billed, payments=payments,
        leave_out=leave_out, bill_overlaps=bill_overlaps, columns=columns,
    )  # fmt: skip


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
    figures: str | Path | None = None,
    columns: Any = None,
    library: Law | Library | None = None,
    folders: Folders = (),
    refresh: bool = False,
) -> Choice:
    """The choice between two laws, each `PLACE@DAY`: whom each would have held, what that costs and puts at stake, and the break-even.

    Figures are those of the second law's day, or of `on`, at the laws' place, or at `place`. `days` (of a hold), `day_cost_cents`
    and `at_stake_cents` replace published figures, and so does a worksheet in `figures`, a path; `folders` may hold tables of a
    county. `requests` is how many a year there are. `undecided` says whether people on whom no rule applies are held: held, not-held,
    or either, which gives bounds. Raises `InputFault` as `compare` does, and where a figure is neither given nor published.
    """
    return _law(library, folders, refresh).weigh(
        table, first, second, place=place, on=on, assume=assume, basis=basis, days=days, day_cost_cents=day_cost_cents,
        at_stake_cents=at_stake_cents, not_billed=not_billed, requests=requests, known_on=known_on, undecided=undecided,
        figures=figures, columns=columns,
    )  # fmt: skip


def brief(
    comparison: Choice, *, library: Law | Library | None = None, folders: Folders = (),
    note: str = "", people: bool = False, trust: bool = False,
) -> bytes:  # fmt: skip
    """A choice that was weighed as one page of PDF for a board, with tags for screen readers.

    `comparison` is the result of `weigh`. `note` says what else is to be known of the requests. `people` adds the foreign-born
    residents of the place and `trust` at most three findings on trust, chosen by a rule that does not read which way they point;
    both as published by `known_on` of the choice. `folders` may hold a `context.csv` and a `trust.csv`. The same choice makes the
    same bytes.
    """
    return _law(library, folders, False).brief(comparison, note=note, people=people, trust=trust)


def prove(
    claim: str,
    *laws: str,
    action: str = "",
    outcome: str = "",
    when: str = "",
    definition: str = "",
    seconds: int = SECONDS_MAX,
    library: Law | Library | None = None,
    folders: Folders = (),
    refresh: bool = False,
) -> Proofs:
    """Proves a claim about every request that could come under a law, or refutes it by a request.

    Each law is `PLACE@DAY` or a law file. `claim` is one of `comity.claims.claims.CLAIMS`: never and implies need `action` and
    `outcome` and may take a condition in `when`, equivalent and differs take two laws, meets a `definition`. `holds` is None where
    a question is not settled within `seconds`. Raises `InputFault` for an unknown claim, law, action, outcome or definition, and
    for a condition that cannot be read.
    """
    return _law(library, folders, refresh).prove(
        claim, *laws, action=action, outcome=outcome, when=when, definition=definition, seconds=seconds
    )


def diff(
    first: str,
    second: str = "",
    *,
    table: Any = None,
    stack: bool = False,
    on: date | str | None = None,
    seconds: int = SECONDS_MAX,
    library: Law | Library | None = None,
    folders: Folders = (),
    refresh: bool = False,
) -> Diff:
    """What two laws treat differently, in classes that are proved to be all; each is `PLACE@DAY` or a law file.

    A file alone is compared with itself as last committed. Files are taken alone, or with `stack` among all law of their
    place, on their first certain day or `on`. `table` holds stored requests, as in `replay`, to be counted in each class; `seconds`
    bounds each question. Raises `InputFault` for an unknown place, a file that cannot be read, and a table as in `replay`.
    """
    law = _law(library, folders, refresh)
    return law.diff(first, second, table=table, stack=stack, on=on, seconds=seconds)


def place_named(place: str, library: Law | Library) -> str:
    """The path of a place, also where it is called by another name; raises on one that is none."""
    return _law(library, (), False).place(place).path


def library_given(library: Law | Library | None) -> Library:
    """The library of a law that a caller gave, or of the one that the process holds open."""
    return _law(library, (), False).library


def _law(library: object, folders: Folders, refresh: bool) -> Law:
    """The law to work on: the one that is given, or the one that the process holds open for some folders."""
    paths = _folders(folders)
    if isinstance(library, Law):
        return Law(library.library, paths) if paths else library
    if isinstance(library, Library):
        return Law(library, paths)
    if library is not None:
        message = phrase(
            "a library is what comity.open() or comity.load() gives, and this is of type {type}",
            type=type(library).__name__,
        )
        help = phrase("give library=comity.open(folders)")
        raise InputFault([Finding("not-a-library", Place(phrase("library")), message, help)])
    held = _HELD.get(paths)
    if held is None or refresh:
        held = held.refresh() if held else open_folders(paths)
        with _LOCK:
            _HELD[paths] = held
            while len(_HELD) > HELD_MAX:
                del _HELD[next(iter(_HELD))]
    return held


def _folders(folders: Folders) -> tuple[Path, ...]:
    """The folders as paths; one alone may be given as it is."""
    if isinstance(folders, str | Path):
        return (Path(folders),)
    return tuple(Path(folder) for folder in folders)
