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
from comity.facts.synonyms import find_meanings, suggest_choices
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Phrase, Place, did_you_mean, phrase
from comity.period import day_of
from comity.whole import whole_number
from comity.yamltext import Words

FIRST_YEAR, LAST_YEAR = 1900, 2200  # nothing of this law lies outside, and days near the ends of the calendar overflow
READ_AS = "read-as"  # the code of a finding that says by which word a value or a fact was read
NOTHING: Mapping[str, Collection[str]] = {}
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


def flatten(document: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Nested JSON (`{"request": {"form": ...}}`) as dotted paths; dotted keys may be mixed in."""
    flat: dict[str, Any] = {}
    for key, value in document.items():
        inner = isinstance(value, Mapping) and key not in vocabulary.entries and "partial" not in value
        if inner:
            flat |= {f"{key}.{name}": deeper for name, deeper in value.items()}
        else:
            flat[key] = value
    return flat


def read_values(
    flat: Mapping[str, Any],
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
    return values, reader.findings


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
    if isinstance(raw, datetime):
        moment: datetime | None = raw
    else:
        moment = _parsed_moment(raw)
    if moment is None:
        message = phrase('{fact} is "{}", which is no moment', raw, fact=path)
        return None, Finding("moment", where, message, phrase("write 2017-01-20T09:00:00-05:00"))
    if moment.tzinfo is None:
        help = phrase("write the offset from UTC too, as in {}-05:00", moment.isoformat())
        message = phrase('{fact} is "{}", a moment without an offset', raw, fact=path)
        return None, Finding("no-offset", where, message, help)
    return moment, None


def _parsed_moment(raw: Any) -> datetime | None:
    if not isinstance(raw, str) or len(raw) < 11:
        return None
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _where(source: str, path: str, raw: Any, known: bool = True) -> Place:
    """Where a value was written; `known` where the path is that of a fact."""
    if isinstance(raw, Words):
        return Place(source, raw.line, raw.column)
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

    def without_aliases(
        self, given: Mapping[str, Any], source: str, listed: str = "", name: str = ""
    ) -> dict[str, Any]:
        """The values by the names that the vocabulary has; `listed` and `name` are those of a list and of its record."""
        found: dict[str, Any] = {}
        entries, aliases = self.vocabulary.entries, self.vocabulary.aliases
        for key, raw in given.items():
            path = f"{listed}[].{key}" if listed else str(key)
            is_field = listed or "[]" not in path
            known = aliases.get(path.casefold(), path) if path not in entries and is_field else path
            if known == path or raw is None:
                found.setdefault(key, raw)
                continue
            fact = known.rpartition("[].")[2]
            where = Place(location(source, phrase("{name}", name=name or fact)))
            shown = phrase("{record}.{fact}", record=name, fact=fact) if listed else phrase("{fact}", fact=fact)
            if fact in found or given.get(fact) is not None:
                message = phrase('{fact} is given twice, the second time as "{}"', key, fact=shown)
                self.findings.append(Finding("doubled-key", where, message, phrase("keep one of them")))
                continue
            message = phrase('{fact} was read from "{}"', key, fact=shown)
            self.findings.append(Finding(READ_AS, where, message, grave=False))
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
        items = []
        for index, record in enumerate(records):
            name = f"{path}[{index}]"
            if not isinstance(record, Mapping):
                message = phrase("{record} must be a record", record=name)
                self.findings.append(Finding("not-a-record", where, message, phrase('write {"field": value}')))
                continue
            items.append(self._read_record(fields, record, path, name, where))
        return KnownList(tuple(items), whole)

    def _read_record(
        self, fields: Mapping[str, kinds.Field], record: Mapping[str, Any], path: str, name: str, where: Place
    ) -> dict[str, Scalar | KnownSet]:
        values: dict[str, Scalar | KnownSet] = {}
        if any(key not in fields for key in record):
            record = self.without_aliases(record, "", path, name)
        for key, raw in record.items():
            if key not in fields:
                help = phrase("{known}", known=did_you_mean(str(key), fields))
                message = phrase('{record} has no field "{}"', key, record=name)
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
            return str(raw)
        fact = re.sub(r"\[\d+\]", "[]", path)
        names = self.vocabulary.names.get(fact, {})
        meanings = find_meanings(raw, names) if isinstance(raw, str) else ()
        if len(meanings) == 1:
            message = phrase('{fact} "{}" was read as {}', raw, meanings[0], fact=path)
            self.findings.append(Finding(READ_AS, where, message, grave=False))
            return meanings[0]
        left_out = self.not_suggested.get(fact, ())
        meant = [member for member in meanings if member not in left_out]
        if len(meant) > 1:
            message = phrase('{fact} "{}" may mean {}', raw, " or ".join(meant), fact=path)
            help = phrase("write the one that is meant")
        else:
            message = phrase('{fact} cannot be "{}"', raw, fact=path)
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
        return raw["partial"], False
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
            if isinstance(raw, str) and raw.strip():
                return str(raw)
            findings.append(Finding("not-a-name", where, _is_shown(path, raw), phrase("write a name")))
    return None


def _as_day(raw: Any) -> date | None:
    """A day, given as one, as text, or as pandas has it: a time of day of zero and no zone."""
    if isinstance(raw, datetime):
        return raw.date() if raw.tzinfo is None and raw.time() == time.min else None
    return raw if isinstance(raw, date) else day_of(raw) if isinstance(raw, str) else None


def _is_shown(path: str, raw: Any) -> Phrase:
    """What a fact is said to be, as the beginning of a message."""
    return phrase("{fact} is {}", f'"{raw}"' if isinstance(raw, str) else str(raw), fact=path)


def _whole(raw: Any) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw
    return whole_number(raw, signed=True) if isinstance(raw, Words) else None


def unwrapped(raw: Any) -> Any:
    """A value of numpy or pandas as Python has it: a scalar, a list, or None for what is not available."""
    if type(raw).__module__.partition(".")[0] not in ("numpy", "pandas") or isinstance(raw, datetime):
        return None if type(raw).__name__ == "NaTType" else raw
    if type(raw).__name__ == "NAType":
        return None
    if type(raw).__name__ == "datetime64":
        raw = raw.astype("datetime64[us]")  # of nanoseconds, which pandas has, `tolist` makes a number
    return raw.tolist() if hasattr(raw, "tolist") else raw
