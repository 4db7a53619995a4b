"""Proposes the map of a table, from its headings and its cells. A person reviews it; what is not sure is left open.

A heading must name a target, and its cells must fit it. Where one of the two is missing, the column is open.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import structs

from comity.facts import kinds
from comity.finding import Finding
from comity.intake import headings
from comity.intake.cells import open_table
from comity.intake.column_map.code_values import is_hold
from comity.intake.column_map.column_map import (
    BOOKING,
    IGNORE,
    NCIC,
    OPEN,
    PUBLISHED_READ,
    kind_of_target,
    path_of_target,
    read_target,
)
from comity.intake.column_map.heading_words import (
    HOME,
    OPEN_MARK,
    is_ignored,
    may_be_home,
    targets_by_words,
    without_number,
    without_unit,
    words_of,
)
from comity.intake.column_map.odd_rows import describe_odd_rows
from comity.intake.column_map.profile import ROWS_LOOKED_AT, Profile, profile_columns
from comity.intake.column_map.proposal import Proposal, ProposedCode, ProposedColumn, in_cells
from comity.intake.column_map.propose_codes import FITS_MIN, is_understood, propose_codes, propose_place_codes
from comity.intake.form import form_named, is_edition_unknown
from comity.intake.headings import names_of
from comity.law.library import Library
from comity.present.clean import cleaned

DIGITS_OF_YEARS = 4  # an age has fewer; four are the year of a birth
NEAR = 0.86  # how much of a heading must be as listed to be a candidate
RECEIVED, FORM = "request.received_on", "request.form"
FACILITIES = ("facility", "facility_code", "place", headings.FACILITY, headings.FACILITY_CODE)
SAYS_NONE = re.compile(
    r"(?:none|nil|no|zero)(?: (?:known|priors?|records?|convictions?|charges?|history))*", re.IGNORECASE
)
NAMED_AS_FACT = "the heading is the name of a fact"
PUBLISHED_NAME = "the heading is that of a published column"
NAMED_AS_LISTED = "the heading is one that tables use for it"
MAY_BE = "the heading may be one of the candidates"
RESEMBLES = "the heading resembles one that tables use for a candidate"
NO_FACT = "no fact is called so"
ARE_DAYS = "its cells are days"
NO_NUMBERS = "its cells do not look like numbers of bookings"
MAY_BE_HOME = "beside an address it may be where the person lives"
BY_SOMEBODY = re.compile(r"\bby\s*$", re.IGNORECASE)  # a column of names, as `Signed By`
DETAINER_OR_DETENTION = re.compile(r"\bdet\b", re.IGNORECASE)
ISSUER = "request.issuer"
ARRESTED = "custody.arrested_on"
PERSONAL = "a column about the person or the case that no law asks about; its cells were not looked at"


def propose_map(table: Any, library: Library) -> tuple[Proposal | None, list[Finding]]:
    """The proposed map of a table, and how it was read; None with findings where it cannot be read."""
    opened, findings = open_table(table, None, lambda row: _known(row, library))
    if opened is None:
        return None, findings
    profiles = profile_columns(opened)
    is_published = {headings.RECEIVED} <= {*opened.names} and not {
        headings.FACILITY,
        headings.FACILITY_CODE,
    }.isdisjoint(opened.names)
    columns = [_propose(profile, library, is_published=is_published) for profile in profiles]
    columns = _with_homes(_with_states(_one_each(_with_days_of_others(columns)), profiles, library))
    days = {RECEIVED, headings.RECEIVED}
    if not any(days & {column.fact, *column.candidates} for column in columns):
        columns = [_as_day(column, profile) for column, profile in zip(columns, profiles, strict=True)]
    rows = profiles[0].rows if profiles else 0
    reading = opened.reading()
    notes = [*reading.notes]
    notes += [
        f"sheet {cleaned(account.sheet)} is left out: {account.why}" for account in reading.accounts if account.why
    ]
    if rows == ROWS_LOOKED_AT:
        notes.append(f"only the first {rows:,} rows were looked at")
    booking, columns = _booking_of(columns, profiles)
    notes += describe_odd_rows(opened, profiles, columns, booking)
    return Proposal(source=opened.source, rows=rows, booking=booking, columns=tuple(columns), notes=tuple(notes)), []


def _known(row: Sequence[str], library: Library) -> int:
    """How many of some headings a map could name."""
    return sum(1 for heading in row if heading.strip() and (_targets(heading, library)[0] or is_ignored(heading)))


def _targets(heading: str, library: Library) -> tuple[tuple[str, ...], str]:
    """What a heading may name, and how that is known; it is open where `OPEN_MARK` is among them."""
    if read_target(heading.strip(), library.vocabulary):
        return (heading.strip(),), PUBLISHED_NAME if heading.strip() in PUBLISHED_READ else NAMED_AS_FACT
    listed = targets_by_words()
    bare, _ = without_unit(heading)
    plain, number = without_number(bare)
    for text in (heading, bare, plain):
        found = listed.get(words_of(text))
        if BY_SOMEBODY.search(text) and found != (ISSUER,):
            return (), ""
        if found and words_of(text):
            numbered = tuple(target.replace("[]", f"[{number or ''}]") for target in found)
            if DETAINER_OR_DETENTION.search(text) and OPEN_MARK not in numbered:
                numbered = (*numbered, OPEN_MARK)
            return numbered, MAY_BE if len(found) > 1 else NAMED_AS_LISTED
    name = names_of([heading])[0]
    if name != " ".join(heading.split()) and read_target(name, library.vocabulary):
        return (name,), PUBLISHED_NAME
    if is_ignored(heading):
        return (), ""
    joined = [" ".join(words) for words in listed]
    near = difflib.get_close_matches(" ".join(words_of(plain)), joined, 1, NEAR) if words_of(plain) else []
    found = next((targets for words, targets in listed.items() if near and " ".join(words) == near[0]), ())
    return (
        ((*(target.replace("[]", f"[{number or ''}]") for target in found), OPEN_MARK), RESEMBLES)
        if found
        else ((), "")
    )


def _propose(profile: Profile, library: Library, *, is_published: bool) -> ProposedColumn:
    heading = profile.heading
    targets, why = _targets(heading, library)
    name = names_of([heading])[0]
    if is_published and name in PUBLISHED_READ:
        targets, why = (name,), PUBLISHED_NAME
    elif is_published and name in headings.PUBLISHED:
        return ProposedColumn(heading=heading, fact=IGNORE, seen=("a published column that is not read",))
    if not targets:
        reason = PERSONAL if is_ignored(heading) else NO_FACT
        return ProposedColumn(heading=heading, fact=IGNORE, seen=(reason,))
    filled = f"{profile.filled:,} of {profile.rows:,} cells are filled"
    if not profile.filled:
        return ProposedColumn(heading=heading, fact=IGNORE, seen=(why, "no cell is filled"))
    names = tuple(target for target in targets if target != OPEN_MARK)
    if len(targets) > 1:
        fitting = tuple(name for name in names if name == BOOKING or _fits(profile, name, library))
        if profile.are_days() and not any(_is_of_days(name, library) for name in names):
            fitting, why = (RECEIVED,), ARE_DAYS
        days, sentences = _days_of_candidates(profile, fitting or names, library)
        seen = (why, filled, *sentences)
        return ProposedColumn(heading=heading, fact=OPEN, candidates=fitting or names, days=days, seen=seen)
    [name] = names
    if name == FORM and _are_published_forms(profile):
        name = headings.FORM
    is_day = name == BOOKING and "number" not in words_of(heading) and _fits(profile, RECEIVED, library)
    if is_day or (profile.are_days() and not _is_of_days(name, library)):
        days, sentences = _days_of(profile)
        is_of_request = name.startswith("request.")
        candidates = (ARRESTED, RECEIVED) if name == BOOKING else (RECEIVED,) if is_of_request else (name,)
        seen = (filled, ARE_DAYS, *sentences)
        return ProposedColumn(heading=heading, fact=OPEN, candidates=candidates, days=days, seen=seen)
    if name == BOOKING:
        is_key = (
            not profile.counts or 2 * sum(any(map(str.isdigit, text)) for text in profile.counts) > profile.distinct
        )
        seen = (why, filled, _repeats(profile) if is_key else NO_NUMBERS)
        return ProposedColumn(heading=heading, fact=BOOKING if is_key else IGNORE, seen=seen)
    if not _fits(profile, name, library):
        return ProposedColumn(
            heading=heading, fact=OPEN, candidates=(name,), seen=(why, filled, f"few cells look like values of {name}")
        )
    return settle(profile, name, (why, filled), library)


def _is_of_days(name: str, library: Library) -> bool:
    target = read_target(name, library.vocabulary)
    return bool(target and isinstance(kind_of_target(target, library.vocabulary), kinds.Day | kinds.Moment))


def _days_of_candidates(profile: Profile, names: Sequence[str], library: Library) -> tuple[str, tuple[str, ...]]:
    """The order of days of an open column that can only hold days."""
    if not all(_is_of_days(name, library) for name in names):
        return "", ()
    return _days_of(profile)


def _are_published_forms(profile: Profile) -> bool:
    known = sum(count for text, count in profile.counts.items() if form_named(text) or is_edition_unknown(text))
    return known >= FITS_MIN * profile.filled


def settle(profile: Profile, name: str, seen: Sequence[str], library: Library) -> ProposedColumn:
    """The column as one that gives a fact, with the order of its days and what its codes seem to stand for."""
    target = read_target(name, library.vocabulary)
    assert target is not None, name
    kind = kind_of_target(target, library.vocabulary)
    is_list = bool(target.field) or isinstance(kind, kinds.Set | kinds.Records)
    separator = profile.separator() if is_list else ""
    if separator:
        seen = (*seen, "some cells hold several values")
        profile = profile.parts(separator)
    column = ProposedColumn(
        heading=profile.heading, fact=name, seen=tuple(seen), is_list=is_list, separator=separator
    )  # fmt: skip
    if isinstance(kind, kinds.Day | kinds.Moment):
        order, sentences = _days_of(profile)
        return structs.replace(column, days=order, seen=(*seen, *sentences))
    if target.field == "offense" and _are_ncic(profile, library):
        sentence = "most cells are codes of the national list of offenses"
        return structs.replace(column, code_list=NCIC, seen=(*seen, sentence))
    nones = tuple(
        ProposedCode(code=text, value="", cells=count)
        for text, count in sorted(profile.counts.items())
        if is_list and SAYS_NONE.fullmatch(text)
    )
    if nones:
        profile = profile.without({code.code for code in nones})
    codes, unclear, sentences = propose_codes(profile, path_of_target(target), kind, library.vocabulary)
    if target.field == "offense":
        holds = sum(count for text, count in profile.counts.items() if is_hold(text))
        sentences = (
            *sentences,
            *((f"{in_cells(holds)} with an immigration hold, which is no charge",) if holds else ()),
        )
    return structs.replace(column, codes=codes, unclear=unclear, nones=nones, seen=(*seen, *sentences))


def _fits(profile: Profile, name: str, library: Library) -> bool:
    """Whether the cells of a column can be what a target holds."""
    target = read_target(name, library.vocabulary)
    assert target is not None, name
    kind = kind_of_target(target, library.vocabulary)
    profile = profile.parts(profile.separator()) if target.field and profile.separator() else profile
    if isinstance(kind, kinds.Day | kinds.Moment):
        return max(profile.days().values(), default=0) >= FITS_MIN * profile.filled
    if isinstance(kind, kinds.Number):
        whole = sum(
            count
            for text, count in profile.counts.items()
            if text.removesuffix(".0").isdigit() and len(text) < (DIGITS_OF_YEARS if kind.unit == "years" else 8)
        )
        return whole >= FITS_MIN * profile.filled
    if not is_understood(profile, path_of_target(target), kind, library.vocabulary):
        return _has_codes(profile, path_of_target(target), kind, library)
    if name == "state":
        known = sum(count for text, count in profile.counts.items() if _is_state(text, library))
        return known >= FITS_MIN * profile.filled
    return True


def _has_codes(profile: Profile, path: str, kind: kinds.Kind, library: Library) -> bool:
    """Whether a proposal asks what the cells of a column stand for, since some look like codes."""
    codes, _, _ = propose_codes(profile, path, kind, library.vocabulary)
    return bool(codes) or _are_ncic(profile, library)


def _is_state(text: str, library: Library) -> bool:
    return len(text) > 1 and text.lower().replace(" ", "-") in {
        *library.gazetteer.states, *(code.lower() for code in library.gazetteer.states.values()),
    }  # fmt: skip


def _are_ncic(profile: Profile, library: Library) -> bool:
    known = sum(count for text, count in profile.counts.items() if text.zfill(4) in library.offenses and text.isdigit())
    return known >= FITS_MIN * profile.filled


def _days_of(profile: Profile) -> tuple[str, tuple[str, ...]]:
    """The order in which a column writes days, `?` where two fit, and none where days need no order; with what was seen."""
    found = profile.days()
    plain = found.pop("", 0)
    shapes = " and ".join(f"{count:,} like {shape}" for shape, count in profile.shapes())
    if plain == profile.filled:
        return "", (f"all {plain:,} cells are days in one reading only: {shapes}",)
    most = max(found.values(), default=0)
    best = [order for order, count in found.items() if count == most]
    _, said = without_unit(profile.heading)
    if said:  # the heading says the order: it must fit as well as any
        best = [said] if said in best else [*best, said]
    fit = f"{most:,} of {profile.filled:,} cells are days written {' and '.join(best)}: {shapes}"
    others = [
        f"{count:,} also written {order}" for order, count in found.items() if order not in best and count > plain
    ]
    sentences = (fit, *others)
    if most < profile.filled:
        sentences = (*sentences, f"{in_cells(profile.filled - most)} that do not fit, and are refused or unknown")
    mixed = profile.days_of_others(best[0]) if len(best) == 1 and best[0] != "excel" else 0
    if mixed:
        sentences = (
            *sentences,
            f"{in_cells(mixed)} that can only be days of another order, so the orders may be mixed",
        )
    return best[0] if len(best) == 1 and not mixed else OPEN, sentences


def _with_days_of_others(columns: Sequence[ProposedColumn]) -> list[ProposedColumn]:
    """The columns, with the order of days that another column settles named beside those that fit two orders."""
    settled = {column.days: column.heading for column in columns if column.days not in ("", OPEN)}
    if len(settled) != 1:
        return [*columns]
    [(order, heading)] = settled.items()
    hint = f"another column of days, {heading}, fits {order} alone"
    return [structs.replace(column, seen=(*column.seen, hint)) if column.days == OPEN else column for column in columns]


def _one_each(columns: Sequence[ProposedColumn]) -> list[ProposedColumn]:
    """The columns, with a fact that several seem to give left open in each, and without candidates that another column gives."""
    counts = Counter(column.fact for column in columns if column.fact not in (OPEN, IGNORE, BOOKING))
    return [_settled(column, counts) for column in columns]


def _settled(column: ProposedColumn, counts: Counter[str]) -> ProposedColumn:
    if counts[column.fact] > 1 and not (column.is_list and "[" not in column.fact):
        seen = (*column.seen, "another column seems to give the same")
        return structs.replace(column, fact=OPEN, candidates=(column.fact,), seen=seen)
    free = tuple(name for name in column.candidates if not counts[name])
    return structs.replace(column, candidates=free or column.candidates)


def _with_states(
    columns: Sequence[ProposedColumn], profiles: Sequence[Profile], library: Library
) -> list[ProposedColumn]:
    """The columns, with counties as codes of places where one State is named, and State and county only beside a place of holding."""
    facilities = any(column.fact in FACILITIES for column in columns)
    states = {
        text
        for column, profile in zip(columns, profiles, strict=True)
        if column.fact == "state"
        for text in profile.counts
    }
    settled = []
    for column, profile in zip(columns, profiles, strict=True):
        if column.fact == "place":
            settled.append(propose_place_codes(column, profile, states, library))
        elif column.fact == "state" and not facilities:
            seen = (*column.seen, "no column names a facility, so it may be another State")
            settled.append(structs.replace(column, fact=OPEN, candidates=("state",), seen=seen))
        else:
            settled.append(column)
    return settled


def _with_homes(columns: Sequence[ProposedColumn]) -> list[ProposedColumn]:
    """The columns, with a State, a county and a city left open where the table has an address and they do not name the jail."""
    if not any(HOME & {*words_of(column.heading)} for column in columns):
        return [*columns]
    return [
        structs.replace(column, fact=OPEN, candidates=(column.fact,), codes=(), seen=(*column.seen, MAY_BE_HOME))
        if column.fact in ("state", "place", "city") and may_be_home(column.heading)
        else column
        for column in columns
    ]


def _as_day(column: ProposedColumn, profile: Profile) -> ProposedColumn:
    """The column as one that may hold the days of requests, where it holds days and nothing says of what."""
    is_free = column.fact == IGNORE and column.seen == (NO_FACT,) and profile.filled
    if not is_free or max(profile.days().values(), default=0) < FITS_MIN * profile.filled:
        return column
    return structs.replace(
        column, fact=OPEN, candidates=(RECEIVED,), seen=("its cells are days, and no heading names the day",)
    )


def _booking_of(columns: Sequence[ProposedColumn], profiles: Sequence[Profile]) -> tuple[str, list[ProposedColumn]]:
    """The column that names the booking, where its values repeat; it is no fact of its own."""
    found = [
        (column.heading, profile) for column, profile in zip(columns, profiles, strict=True) if column.fact == BOOKING
    ]
    repeats = [heading for heading, profile in found if not profile.counts or profile.distinct < profile.filled]
    named = [heading for heading in repeats if "booking" in words_of(heading)]
    booking = repeats[0] if len(repeats) == 1 else named[0] if len(named) == 1 else ""
    return booking, [structs.replace(column, fact=IGNORE) if column.fact == BOOKING else column for column in columns]


def _repeats(profile: Profile) -> str:
    if not profile.counts:
        return "its values are too many to count"
    several = sum(1 for count in profile.counts.values() if count > 1)
    return f"{several:,} of {profile.distinct:,} bookings have several rows" if several else "each booking has one row"
