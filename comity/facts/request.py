"""What is known of one request: facts by path, each of its vocabulary kind. An absent fact is Unknown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
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
from comity.facts.synonyms import find_meanings, suggest_choices
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Phrase, Place, did_you_mean, phrase
from comity.period import day_of
from comity.present.clean import ELLIPSIS
from comity.whole import whole_number
from comity.yamltext import Words

FIRST_YEAR, LAST_YEAR = 1900, 2200  # nothing of this law lies outside, and days near the ends of the calendar overflow
LIST_MAX = 100_000  # records of a list, or members of a set: far above what a person has
FINDINGS_MAX = 50  # of one request; a message must be read by somebody
MOMENT_MIN, MOMENT_MAX = 11, 64  # characters of a moment as text
PATH_MAX = 120  # characters of a path that a finding names
KEY_HELP = phrase("write a name in quotes")
READ_AS = "read-as"  # the code of a finding that says by which word a value or a fact was read
NOTHING: Mapping[str, Collection[str]] = {}
DERIVED_DAYS = {
    "request.received_on": "request.received_at",
    "custody.release_eligible_on": "custody.release_eligible_at",
    "certification.requested_on": "certification.requested_at",
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


def read_values(
    flat: Mapping[Any, Any],
    vocabulary: Vocabulary,
    source: str,
    not_suggested: Mapping[str, Collection[str]] = NOTHING,
) -> tuple[dict[str, Value], list[Finding]]:
    """The typed facts of dotted paths, from JSON values or from text (`Words`), and what could not be read.

    A fact that is null is absent. Rows are never half-read: a faulty fact is left out and is a grave finding. A synonym of a
    choice and an alias of a fact are read, and a finding that is not grave says so. No help text suggests a choice that is in
    `not_suggested`, by the path of its fact.
    """
    reader = _Reader(vocabulary, not_suggested)
    named = reader.without_aliases(flat, source)
    values: dict[str, Value] = {}
    for path, raw in named.items():
        if reader.is_full:
            break
        if not isinstance(path, str):
            message = phrase("a fact is named by {}", shown(path))
            reader.findings.append(Finding("unknown-fact", Place(source), message, KEY_HELP))
            continue
        if raw is None:
            continue
        where = _where(source, path, raw)
        kind = vocabulary.kind(path) if "[]" not in path else None
        if kind is None:
            help = phrase("{known}", known=did_you_mean(path, vocabulary.facts))
            where = _where(source, path, raw, known=False)
            reader.findings.append(Finding("unknown-fact", where, phrase('there is no fact "{}"', path), help))
            continue
        value = reader.read(kind, raw, path, where)
        if value is not None:
            values[path] = value
    return values, [*reader.findings, *([_further_faults(source)] if reader.is_full else [])]


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
            message = phrase(
                "{day} is {}, but {moment} falls on {} in {zone}",
                with_days[day_path], local, day=day_path, moment=moment_path, zone=zone,
            )  # fmt: skip
            findings.append(Finding("day-and-moment", Place(source), message, phrase("give one of the two")))
    with_days.setdefault("decision.on", at.astimezone(ZoneInfo(zone)).date())
    return with_days, findings


def read_moment(raw: Any, where: Place, path: str) -> tuple[datetime | None, Finding | None]:
    """A moment with its offset, or the finding that says why it is none."""
    raw = unwrapped(raw)
    moment = raw if isinstance(raw, datetime) else _parsed_moment(raw)
    if moment is None:
        message = phrase('{fact} is "{}", which is no moment', shown(raw), fact=path)
        return None, Finding("moment", where, message, phrase("write 2017-01-20T09:00:00-05:00"))
    with_offset = plain_moment(moment)
    if with_offset is None:
        help = phrase("write the offset from UTC too, as in {}-05:00", moment.replace(tzinfo=None).isoformat())
        message = phrase('{fact} is "{}", a moment without an offset', shown(raw), fact=path)
        return None, Finding("no-offset", where, message, help)
    return with_offset, None


def _parsed_moment(raw: Any) -> datetime | None:
    if not isinstance(raw, str) or not MOMENT_MIN <= len(raw) <= MOMENT_MAX:
        return None
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _further_faults(source: str) -> Finding:
    message = phrase("{most} faults were found, and reading stopped", most=FINDINGS_MAX)
    return Finding("more", Place(source), message, phrase("mend these first"))


def _where(source: str, path: str, raw: Any, known: bool = True) -> Place:
    """Where a value was written; `known` where the path is that of a fact."""
    if isinstance(raw, Words):
        return Place(source, raw.line, raw.column)
    path = path if len(path) <= PATH_MAX else f"{path[:PATH_MAX]}{ELLIPSIS}"
    named = phrase("{fact}", fact=path) if known else phrase("{}", path)
    return Place(location(source, named))


def location(source: str, fact: str) -> str:
    """Where in an input a fact is, such as `request: subject.age`; `source` names the input, and may be empty."""
    named = fact if isinstance(fact, Phrase) else phrase(fact)
    return phrase("{}: {}", source, named) if source else named


class _Reader:
    """Reads the values of one request, and collects what could not be read or was read by another word."""

    def __init__(self, vocabulary: Vocabulary, not_suggested: Mapping[str, Collection[str]]) -> None:
        self.vocabulary, self.not_suggested = vocabulary, not_suggested
        self.findings: list[Finding] = []
        self.notes = 0

    @property
    def is_full(self) -> bool:
        """Whether so many faults were found that reading stops."""
        return len(self.findings) - self.notes >= FINDINGS_MAX

    def _note(self, where: Place, message: Phrase) -> None:
        """Says by which word something was read; after many such notes, once, that there are more."""
        if self.notes > FINDINGS_MAX:
            return
        if self.notes == FINDINGS_MAX:
            message = phrase("further values were read by other words")
        self.notes += 1
        self.findings.append(Finding(READ_AS, where, message, grave=False))

    def without_aliases(
        self, given: Mapping[Any, Any], source: str, listed: str = "", name: str = ""
    ) -> dict[Any, Any]:
        """The values by the names that the vocabulary has; `listed` and `name` are those of a list and of its record."""
        found: dict[Any, Any] = {}
        entries, aliases = self.vocabulary.entries, self.vocabulary.aliases
        for key, raw in given.items():
            if self.is_full:
                break
            if not isinstance(key, str):
                found[key] = raw
                continue
            path = f"{listed}[].{plain_text(key)}" if listed else plain_text(key)
            is_field = listed or "[]" not in path
            known = aliases.get(path.casefold(), path) if path not in entries and is_field else path
            if known == path or raw is None:
                found.setdefault(key, raw)
                continue
            fact = known.rpartition("[].")[2]
            where = Place(location(source, phrase("{name}", name=name or fact)))
            named = phrase("{record}.{fact}", record=name, fact=fact) if listed else phrase("{fact}", fact=fact)
            if fact in found or given.get(fact) is not None:
                message = phrase('{fact} is given twice, the second time as "{}"', plain_text(key), fact=named)
                self.findings.append(Finding("doubled-key", where, message, phrase("keep one of them")))
                continue
            self._note(where, phrase('{fact} was read from "{}"', plain_text(key), fact=named))
            found[fact] = raw
        return found

    def read(self, kind: kinds.Kind, raw: Any, path: str, where: Place) -> Value | None:
        raw = unwrapped(raw)
        if raw is None:
            return None
        match kind:
            case kinds.Records(fields):
                return self._read_list(fields, raw, path, where)
            case kinds.Set(members):
                return self._read_set(members, raw, path, where)
            case kinds.Choice(members):
                return self._read_member(members, raw, path, where)
            case _:
                return _read_scalar(kind, raw, path, where, self.findings)

    def _read_list(self, fields: Mapping[str, kinds.Field], raw: Any, path: str, where: Place) -> KnownList | None:
        records, whole = _open_part(raw)
        if not isinstance(records, list):
            help = phrase('write [] for none, [{...}] for all of them, {"partial": [...]} for some of them')
            self.findings.append(Finding("not-a-list", where, phrase("{fact} must be a list", fact=path), help))
            return None
        if self._is_too_long(records, path, where):
            return None
        items = []
        for index, record in enumerate(records):
            if self.is_full:
                break
            name = f"{path}[{index}]"
            if not isinstance(record, Mapping):
                message = phrase("{record} must be a record", record=name)
                self.findings.append(Finding("not-a-record", where, message, phrase('write {"field": value}')))
                continue
            items.append(self._read_record(fields, record, path, name, where))
        return KnownList(tuple(items), whole)

    def _is_too_long(self, entries: list[Any], path: str, where: Place) -> bool:
        if len(entries) <= LIST_MAX:
            return False
        message = phrase("{fact} has more than {most} entries", fact=path, most=f"{LIST_MAX:,}")
        self.findings.append(Finding("too-long", where, message, phrase("is it one request?")))
        return True

    def _read_record(
        self, fields: Mapping[str, kinds.Field], record: Mapping[Any, Any], path: str, name: str, where: Place
    ) -> dict[str, Scalar | KnownSet]:
        values: dict[str, Scalar | KnownSet] = {}
        if any(key not in fields for key in record):
            record = self.without_aliases(record, "", path, name)
        for key, raw in record.items():
            if self.is_full:
                break
            if not isinstance(key, str):
                message = phrase("a field of {record} is named by {}", shown(key), record=name)
                self.findings.append(Finding("unknown-fact", where, message, KEY_HELP))
            elif key not in fields:
                help = phrase("{known}", known=did_you_mean(plain_text(key), fields))
                message = phrase('{record} has no field "{}"', plain_text(key), record=name)
                self.findings.append(Finding("unknown-fact", where, message, help))
            elif raw is not None:
                value = self.read(fields[key], raw, f"{name}.{key}", where)
                if value is not None and not isinstance(value, KnownList):
                    values[key] = value
        return values

    def _read_set(self, members: tuple[str, ...], raw: Any, path: str, where: Place) -> KnownSet | None:
        chosen, whole = _open_part(raw)
        if not isinstance(chosen, list):
            message = phrase("{fact} must be a list of members", fact=path)
            self.findings.append(Finding("not-a-set", where, message, phrase("write [] for none")))
            return None
        if self._is_too_long(chosen, path, where):
            return None
        found = []
        for word in chosen:
            member = self._read_member(members, word, path, where)
            if member is None:
                return None
            found.append(member)
        return KnownSet(frozenset(found), whole)

    def _read_member(self, members: tuple[str, ...], raw: Any, path: str, where: Place) -> str | None:
        """The member that a word names, also by a synonym; or None and a finding with what may be meant."""
        if isinstance(raw, str) and raw in members:
            return plain_text(raw)
        fact = re.sub(r"\[\d+\]", "[]", path)
        names = self.vocabulary.names.get(fact, {})
        meanings = find_meanings(raw, names) if isinstance(raw, str) else ()
        if len(meanings) == 1:
            self._note(where, phrase('{fact} "{}" was read as {}', shown(raw), meanings[0], fact=path))
            return meanings[0]
        left_out = self.not_suggested.get(fact, ())
        meant = [member for member in meanings if member not in left_out]
        if len(meant) > 1:
            message = phrase('{fact} "{}" may mean {}', shown(raw), " or ".join(meant), fact=path)
            help = phrase("write the one that is meant")
        else:
            message = phrase('{fact} cannot be "{}"', shown(raw), fact=path)
            near = meant or suggest_choices(raw, names, left_out) if isinstance(raw, str) else ()
            help = phrase("{help}", help=_suggestion(near) or _list_of(members, left_out))
        self.findings.append(Finding("unknown-choice", where, message, help))
        return None


def _suggestion(near: Sequence[str]) -> str:
    quoted = [f'"{member}"' for member in near]
    return f"did you mean {' or '.join(quoted)}?" if near else ""


def _list_of(members: Iterable[str], left_out: Collection[str]) -> str:
    return f"one of {', '.join(member for member in members if member not in left_out)}"


def _open_part(raw: Any) -> tuple[Any, bool]:
    """The members and whether they are all there are: `{"partial": [...]}` is known in part."""
    if isinstance(raw, Mapping) and set(raw) == {"partial"}:
        return unwrapped(raw["partial"]), False
    return raw, True


def _read_scalar(kind: kinds.Kind, raw: Any, path: str, where: Place, findings: list[Finding]) -> Scalar | None:
    match kind:
        case kinds.Truth():
            truth = {"true": True, "false": False}.get(raw) if isinstance(raw, Words) else raw
            if isinstance(truth, bool):
                return truth
            help = phrase("write true or false, or leave it out if not known")
            findings.append(Finding("not-a-truth", where, _is_shown(path, raw), help))
        case kinds.Number(_, minimum):
            number = _whole(raw)
            if number is not None and number >= minimum:
                return number
            help = phrase("write a whole number from {minimum}", minimum=minimum)
            findings.append(Finding("not-a-number", where, _is_shown(path, raw), help))
        case kinds.Day():
            day = _as_day(raw)
            if day:
                return day
            message = phrase("{is_shown}, which is no day", is_shown=_is_shown(path, raw))
            findings.append(Finding("not-a-day", where, message, phrase("write YYYY-MM-DD")))
        case kinds.Moment():
            moment, finding = read_moment(raw, where, path)
            findings += [finding] if finding else []
            return moment
        case kinds.Text():
            if isinstance(raw, str) and raw.strip() and len(raw) <= TEXT_MAX and is_writable(raw):
                return plain_text(raw).strip()
            findings.append(_no_name(raw, path, where))
    return None


def _no_name(raw: Any, path: str, where: Place) -> Finding:
    message = _is_shown(path, raw)
    if isinstance(raw, str) and len(raw) > TEXT_MAX:
        message = phrase("{fact} has more than {most} characters", fact=path, most=f"{TEXT_MAX:,}")
    elif isinstance(raw, str) and not is_writable(raw):
        message = phrase("{is_shown}, which holds half of a character pair and so is not text", is_shown=message)
    return Finding("not-a-name", where, message, phrase("write a name"))


def _as_day(raw: Any) -> date | None:
    """A day, given as one, as text, or as pandas has it: a time of day of zero and no zone."""
    if isinstance(raw, datetime):
        return raw.date() if raw.tzinfo is None and raw.time() == time.min else None
    return raw if isinstance(raw, date) else day_of(raw) if isinstance(raw, str) else None


def _is_shown(path: str, raw: Any) -> Phrase:
    """What a fact is said to be, as the beginning of a message."""
    return phrase("{fact} is {}", f'"{shown(raw)}"' if isinstance(raw, str) else shown(raw), fact=path)


def _whole(raw: Any) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return int(raw) if abs(raw) <= NUMBER_MAX else None
    return whole_number(raw, signed=True) if isinstance(raw, Words) else None
