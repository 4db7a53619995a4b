"""Facts as fields of a form, and a form that was sent as facts: each is known, not known, or a list with perhaps more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from msgspec import Struct

from comity.desk.events import Source, StatedFact
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary

PREFIX, WHOLE = "fact:", "whole"
YES, NO = "yes", "no"
RECORDS_MAX = 20
# Of the records of a list, the fields that a desk asks for at first; the others only where the law here turns on them.
FIRST_FIELDS = {
    "request.warrants": ("kind", "issuer", "signed"),
    "convictions": ("offense", "grade", "convicted_on"),
    "charges": ("offense", "grade", "pending"),
}


class Option(Struct, frozen=True):
    """One choice of a field: what is sent, the words for it, and whether it is the value now."""

    value: str
    words: str
    chosen: bool = False


class Field(Struct, frozen=True, kw_only=True):
    """A fact as a field: `name` in the form, the question, and what kind of control it needs."""

    path: str
    name: str
    question: str
    control: str  # choice, set, number, day, moment, text, records
    form: str = ""
    options: tuple[Option, ...] = ()
    value: str = ""
    columns: tuple[Field, ...] = ()  # of the records of a list
    rows: tuple[str, ...] = ()  # the numbers of rows to fill in
    decides: tuple[str, ...] = ()


def fields_of(
    paths: Iterable[str],
    vocabulary: Vocabulary,
    known: Mapping[str, StatedFact] | None = None,
    decides: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Field]:
    """The fields of some facts, with what is known already as their values."""
    stated, actions = known or {}, decides or {}
    return [
        _field(path, vocabulary, stated[path].value if path in stated else None, actions.get(path, ()))
        for path in paths
        if path in vocabulary.entries
    ]


def _field(path: str, vocabulary: Vocabulary, value: Any, decides: tuple[str, ...] = (), name: str = "") -> Field:
    entry = vocabulary.entries[path]
    base: dict[str, Any] = {
        "path": path,
        "name": name or f"{PREFIX}{path}",
        "question": entry.question,
        "form": entry.form,
        "decides": decides,
    }
    match entry.kind:
        case kinds.Truth():
            yes_no = (Option(YES, "Yes", value is True), Option(NO, "No", value is False))
            return Field(control="choice", options=yes_no, **base)
        case kinds.Choice(members):
            options = tuple(Option(member, entry.words.get(member, member), value == member) for member in members)
            return Field(control="choice", options=options, **base)
        case kinds.Set(members):
            chosen = _members(value)
            options = tuple(Option(member, entry.words.get(member, member), member in chosen) for member in members)
            return Field(control="set", options=options, value=WHOLE if isinstance(value, list) else "", **base)
        case kinds.Records():
            numbers = tuple(str(number) for number in range(1, 4))
            columns = tuple(
                _field(f"{path}[].{column}", vocabulary, None, name=f"{PREFIX}{path}#{column}")
                for column in FIRST_FIELDS.get(path, ())
            )
            return Field(control="records", columns=columns, rows=numbers, **base)
        case _:
            control = str(entry.kind.__struct_config__.tag)
            return Field(control=control, value="" if value is None else str(value), **base)


def _members(value: Any) -> list[str]:
    members = value.get("partial", []) if isinstance(value, dict) else value
    return members if isinstance(members, list) else []


def facts_in(
    sent: QueryDict, vocabulary: Vocabulary, zone: str, account: str, source: Source = "typed", document: str = ""
) -> dict[str, StatedFact]:
    """The facts that a form says; what was left empty is not known. Values are read, and refused, where they are recorded."""
    paths = dict.fromkeys(name.removeprefix(PREFIX).partition("#")[0] for name in sent if name.startswith(PREFIX))
    found = {path: _value(sent, path, vocabulary, zone) for path in paths if path in vocabulary.entries}
    return {
        path: StatedFact(value=value, source=source, confirmed_by=account, document=document)
        for path, value in found.items()
        if value is not None
    }


def _value(sent: QueryDict, path: str, vocabulary: Vocabulary, zone: str) -> Any:
    kind = vocabulary.entries[path].kind
    if isinstance(kind, kinds.Records):
        return _records(sent, path, vocabulary, zone)
    if isinstance(kind, kinds.Set):
        members = [member for member in sent.getlist(f"{PREFIX}{path}") if member not in (WHOLE, "")]
        is_whole = WHOLE in sent.getlist(f"{PREFIX}{path}")
        return members if is_whole else {"partial": members} if members else None
    return _scalar(sent.get(f"{PREFIX}{path}", "").strip(), kind, zone)


def _scalar(text: str, kind: kinds.Kind, zone: str) -> Any:
    """A value as JSON has it; None where nothing was said. What is no number stays text, and is refused in words."""
    if not text:
        return None
    match kind:
        case kinds.Truth():
            return {YES: True, NO: False}.get(text, text)
        case kinds.Number():
            return int(text) if text.isascii() and text.isdigit() else text
        case kinds.Moment():
            return with_zone(text, zone)
    return text


def with_zone(text: str, zone: str) -> str:
    """A local moment as a browser sends it (`2026-11-02T12:00`) with the offset of the zone; another text stays as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).isoformat()


def _records(sent: QueryDict, path: str, vocabulary: Vocabulary, zone: str) -> Any:
    """The records of a list: `whole` where the form says that there are no others, also where there is none."""
    columns = FIRST_FIELDS.get(path, ())
    lists = {column: sent.getlist(f"{PREFIX}{path}#{column}") for column in columns}
    rows = range(min(RECORDS_MAX, max((len(values) for values in lists.values()), default=0)))
    records = []
    for row in rows:
        cells = {column: values[row].strip() if row < len(values) else "" for column, values in lists.items()}
        record = {
            column: value
            for column, text in cells.items()
            if (value := _scalar(text, vocabulary.entries[f"{path}[].{column}"].kind, zone)) is not None
        }
        if record:
            records.append(record)
    is_whole = WHOLE in sent.getlist(f"{PREFIX}{path}")
    return records if is_whole else {"partial": records} if records else None
