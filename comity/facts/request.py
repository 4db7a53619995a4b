"""What is known of one request: facts by path, each of its vocabulary kind. An absent fact is Unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Scalar, Value
from comity.facts.plain_values import (
    NUMBER_MAX,
    TEXT_MAX,
    is_writable,
    plain_moment,
    plain_text,
    shown,
    unwrapped,
)
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, did_you_mean
from comity.period import day_of
from comity.present.clean import ELLIPSIS
from comity.whole import whole_number
from comity.yamltext import Words

FIRST_YEAR, LAST_YEAR = 1900, 2200  # nothing of this law lies outside, and days near the ends of the calendar overflow
LIST_MAX = 100_000  # records of a list, or members of a set: far above what a person has
FINDINGS_MAX = 50  # of one request; a message must be read by somebody
MOMENT_MIN, MOMENT_MAX = 11, 64  # characters of a moment as text
PATH_MAX = 120  # characters of a path that a finding names
KEY_HELP = "write a name in quotes"
DERIVED_DAYS = {
    "request.received_on": "request.received_at",
    "custody.release_eligible_on": "custody.release_eligible_at",
}


class Request(msgspec.Struct, frozen=True):
    """One request: the `place` it came to (a gazetteer path), the moment of the decision, and the facts known."""

    place: str
    at: datetime
    values: dict[str, Value] = {}

    def knowing(self, more: Mapping[str, Value]) -> Request:
        """The same request with facts added where they were absent; what it already says stands."""
        return msgspec.structs.replace(self, values={**more, **self.values})


def flatten(document: Mapping[Any, Any], vocabulary: Vocabulary) -> dict[Any, Any]:
    """Nested JSON (`{"request": {"form": ...}}`) as dotted paths; dotted keys may be mixed in."""
    flat: dict[Any, Any] = {}
    for key, value in document.items():
        inner = isinstance(key, str) and isinstance(value, Mapping) and key not in vocabulary.entries
        if inner and value.get("partial") is None:
            flat |= {(f"{key}.{name}" if isinstance(name, str) else name): deeper for name, deeper in value.items()}
        else:
            flat[key] = value
    return flat


def read_values(flat: Mapping[Any, Any], vocabulary: Vocabulary, source: str) -> tuple[dict[str, Value], list[Finding]]:
    """The typed facts of dotted paths, from JSON values or from text (`Words`), and what could not be read.

    A fact that is null is absent. Rows are never half-read: a faulty fact is left out and is a grave finding.
    """
    values: dict[str, Value] = {}
    findings: list[Finding] = []
    for path, raw in flat.items():
        if len(findings) >= FINDINGS_MAX:
            findings.append(_further_faults(source))
            break
        if not isinstance(path, str):
            findings.append(Finding("unknown-fact", Place(source), f"a fact is named by {shown(path)}", KEY_HELP))
            continue
        if raw is None:
            continue
        where = _where(source, path, raw)
        kind = vocabulary.kind(path) if "[]" not in path else None
        if kind is None:
            help = did_you_mean(path, vocabulary.facts)
            findings.append(Finding("unknown-fact", where, f'there is no fact "{path}"', help))
            continue
        value = _read(kind, raw, path, where, findings)
        if value is not None:
            values[path] = value
    return values, findings


def derive_days(
    values: dict[str, Value], zone: str, at: datetime, source: str
) -> tuple[dict[str, Value], list[Finding]]:
    """Adds the local days that moments fall on in the place's zone, and the local day of the decision."""
    findings = []
    with_days = dict(values)
    for day_path, moment_path in DERIVED_DAYS.items():
        moment = values.get(moment_path)
        if not isinstance(moment, datetime):
            continue
        local = moment.astimezone(ZoneInfo(zone)).date()
        if with_days.setdefault(day_path, local) != local:
            message = f"{day_path} is {with_days[day_path]}, but {moment_path} falls on {local} in {zone}"
            findings.append(Finding("day-and-moment", Place(source), message, "give one of the two"))
    with_days.setdefault("decision.on", at.astimezone(ZoneInfo(zone)).date())
    return with_days, findings


def read_moment(raw: Any, where: Place, path: str) -> tuple[datetime | None, Finding | None]:
    """A moment with its offset, or the finding that says why it is none."""
    raw = unwrapped(raw)
    moment = raw if isinstance(raw, datetime) else _parsed_moment(raw)
    if moment is None:
        message = f'{path} is "{shown(raw)}", which is no moment'
        return None, Finding("moment", where, message, "write 2017-01-20T09:00:00-05:00")
    with_offset = plain_moment(moment)
    if with_offset is None:
        help = f"write the offset from UTC too, as in {moment.replace(tzinfo=None).isoformat()}-05:00"
        return None, Finding("no-offset", where, f'{path} is "{shown(raw)}", a moment without an offset', help)
    return with_offset, None


def _parsed_moment(raw: Any) -> datetime | None:
    if not isinstance(raw, str) or not MOMENT_MIN <= len(raw) <= MOMENT_MAX:
        return None
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _further_faults(source: str) -> Finding:
    return Finding("more", Place(source), f"{FINDINGS_MAX} faults were found, and reading stopped", "mend these first")


def _where(source: str, path: str, raw: Any) -> Place:
    if isinstance(raw, Words):
        return Place(source, raw.line, raw.column)
    path = path if len(path) <= PATH_MAX else f"{path[:PATH_MAX]}{ELLIPSIS}"
    return Place(f"{source}: {path}" if source else path)


def _read(kind: kinds.Kind, raw: Any, path: str, where: Place, findings: list[Finding]) -> Value | None:
    raw = unwrapped(raw)
    if raw is None:
        return None
    match kind:
        case kinds.Records(fields):
            return _read_list(fields, raw, path, where, findings)
        case kinds.Set(members):
            return _read_set(members, raw, path, where, findings)
        case _:
            return _read_scalar(kind, raw, path, where, findings)


def _open_part(raw: Any) -> tuple[Any, bool]:
    """The members and whether they are all there are: `{"partial": [...]}` is known in part."""
    if isinstance(raw, Mapping) and set(raw) == {"partial"}:
        return unwrapped(raw["partial"]), False
    return raw, True


def _read_list(
    fields: Mapping[str, kinds.Field], raw: Any, path: str, where: Place, findings: list[Finding]
) -> KnownList | None:
    records, whole = _open_part(raw)
    if not isinstance(records, list):
        help = 'write [] for none, [{...}] for all of them, {"partial": [...]} for some of them'
        findings.append(Finding("not-a-list", where, f"{path} must be a list", help))
        return None
    if len(records) > LIST_MAX:
        findings.append(_too_long(path, where))
        return None
    items = []
    for index, record in enumerate(records):
        if len(findings) >= FINDINGS_MAX:
            break
        name = f"{path}[{index}]"
        if not isinstance(record, Mapping):
            findings.append(Finding("not-a-record", where, f"{name} must be a record", 'write {"field": value}'))
            continue
        items.append(_read_record(fields, record, name, where, findings))
    return KnownList(tuple(items), whole)


def _too_long(path: str, where: Place) -> Finding:
    return Finding("too-long", where, f"{path} has more than {LIST_MAX:,} entries", "is it one request?")


def _read_record(
    fields: Mapping[str, kinds.Field], record: Mapping[Any, Any], name: str, where: Place, findings: list[Finding]
) -> dict[str, Scalar | KnownSet]:
    known: dict[str, Scalar | KnownSet] = {}
    for key, raw in record.items():
        if len(findings) >= FINDINGS_MAX:
            break
        if not isinstance(key, str):
            findings.append(Finding("unknown-fact", where, f"a field of {name} is named by {shown(key)}", KEY_HELP))
        elif key not in fields:
            help = did_you_mean(key, fields)
            findings.append(Finding("unknown-fact", where, f'{name} has no field "{key}"', help))
        elif raw is not None:
            value = _read(fields[key], raw, f"{name}.{key}", where, findings)
            if value is not None and not isinstance(value, KnownList):
                known[key] = value
    return known


def _read_set(members: tuple[str, ...], raw: Any, path: str, where: Place, findings: list[Finding]) -> KnownSet | None:
    chosen, whole = _open_part(raw)
    if not isinstance(chosen, list):
        findings.append(Finding("not-a-set", where, f"{path} must be a list of members", "write [] for none"))
        return None
    if len(chosen) > LIST_MAX:
        findings.append(_too_long(path, where))
        return None
    for member in chosen:
        if not isinstance(member, str) or member not in members:
            findings.append(_no_member(member, members, path, where))
            return None
    return KnownSet(frozenset(plain_text(member) for member in chosen), whole)


def _no_member(raw: Any, members: tuple[str, ...], path: str, where: Place) -> Finding:
    text = shown(raw)
    help = did_you_mean(text, members) or f"one of {', '.join(members)}"
    return Finding("unknown-choice", where, f'{path} cannot be "{text}"', help)


def _read_scalar(kind: kinds.Kind, raw: Any, path: str, where: Place, findings: list[Finding]) -> Scalar | None:
    match kind:
        case kinds.Truth():
            truth = {"true": True, "false": False}.get(raw) if isinstance(raw, Words) else raw
            if isinstance(truth, bool):
                return truth
            findings.append(
                Finding(
                    "not-a-truth",
                    where,
                    f"{path} is {_shown(raw)}",
                    "write true or false, or leave it out if not known",
                )
            )
        case kinds.Number(_, minimum):
            number = _whole(raw)
            if number is not None and number >= minimum:
                return number
            findings.append(
                Finding("not-a-number", where, f"{path} is {_shown(raw)}", f"write a whole number from {minimum}")
            )
        case kinds.Day():
            day = (
                raw
                if isinstance(raw, date) and not isinstance(raw, datetime)
                else day_of(raw)
                if isinstance(raw, str)
                else None
            )
            if day:
                return day
            findings.append(
                Finding("not-a-day", where, f"{path} is {_shown(raw)}, which is no day", "write YYYY-MM-DD")
            )
        case kinds.Moment():
            moment, finding = read_moment(raw, where, path)
            findings += [finding] if finding else []
            return moment
        case kinds.Choice(members):
            if isinstance(raw, str) and raw in members:
                return plain_text(raw)
            findings.append(_no_member(raw, members, path, where))
        case kinds.Text():
            if isinstance(raw, str) and raw.strip() and len(raw) <= TEXT_MAX and is_writable(raw):
                return plain_text(raw)
            findings.append(_no_name(raw, path, where))
    return None


def _no_name(raw: Any, path: str, where: Place) -> Finding:
    if isinstance(raw, str) and len(raw) > TEXT_MAX:
        return Finding("not-a-name", where, f"{path} has more than {TEXT_MAX:,} characters", "write a name")
    if isinstance(raw, str) and not is_writable(raw):
        message = f'{path} is "{plain_text(raw)}", which holds half of a character pair and so is not text'
        return Finding("not-a-name", where, message, "write a name")
    return Finding("not-a-name", where, f"{path} is {_shown(raw)}", "write a name")


def _shown(raw: Any) -> str:
    return f'"{shown(raw)}"' if isinstance(raw, str) else shown(raw)


def _whole(raw: Any) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return int(raw) if abs(raw) <= NUMBER_MAX else None
    return whole_number(raw, signed=True) if isinstance(raw, Words) else None
