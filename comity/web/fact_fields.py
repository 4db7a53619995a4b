"""Facts as fields of a form, and a form that was sent as facts: each is known, not known, or a list with perhaps more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from msgspec import Struct
from msgspec.structs import replace

from comity.desk.events import Source, StatedFact
from comity.desk.ledger import Refused
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, phrase

PREFIX, WHOLE = "fact:", "whole"
YES, NO = "yes", "no"
RECORDS_MAX, NUMBER_LENGTH_MAX = 20, 4
# Fields of records that are asked for where the law here turns on none, so that a list can still be entered.
FIRST_FIELDS: dict[str, tuple[str, ...]] = {
    "request.warrants": ("kind", "issuer", "signed"),
    "convictions": ("offense", "grade", "convicted_on"),
    "charges": ("offense", "grade", "pending"),
}
LOCAL_LENGTH = len("2026-11-02T12:00")  # a moment as the control of a browser takes it
BLANK_ROWS = 3  # of a list, beside those that are known


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
    item: str = ""  # one record of the list in a word: warrant
    rows: tuple[tuple[Field, ...], ...] = ()  # the fields of each record of a list, then of records to fill in
    known_rows: int = 0  # how many of them are records that are known
    decides: tuple[str, ...] = ()


def fields_of(
    paths: Iterable[str],
    vocabulary: Vocabulary,
    known: Mapping[str, StatedFact] | None = None,
    decides: Mapping[str, tuple[str, ...]] | None = None,
    columns: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Field]:
    """The fields of some facts, with what is known already as their values.

    `decides` gives the actions that depend on a fact, `columns` the fields of records on which the law turns, by list.
    """
    stated, actions, asked_columns = known or {}, decides or {}, columns or {}
    found = []
    for path in paths:
        if path in vocabulary.entries:
            value = stated[path].value if path in stated else None
            field = _field(path, vocabulary, value, actions.get(path, ()))
            is_list = field.control == "records"
            found.append(_with_rows(field, vocabulary, value, asked_columns) if is_list else field)
    return found


def _with_rows(field: Field, vocabulary: Vocabulary, value: Any, asked_columns: Mapping[str, tuple[str, ...]]) -> Field:
    """A list with the fields of each record that is known, and of some more to fill in."""
    path = field.path
    columns: tuple[str, ...] = asked_columns.get(path) or FIRST_FIELDS.get(path, ())
    known: list[dict[str, Any]] = [record for record in _members(value) if isinstance(record, dict)]
    blank: list[dict[str, Any]] = [{}] * BLANK_ROWS
    records = [*known, *blank][:RECORDS_MAX]
    rows = tuple(
        tuple(
            _field(f"{path}[].{column}", vocabulary, record.get(column), name=f"{PREFIX}{path}#{number}#{column}")
            for column in dict.fromkeys([*columns, *record.keys()])
            if f"{path}[].{column}" in vocabulary.entries
        )
        for number, record in enumerate(records, 1)
    )
    return replace(field, rows=rows, known_rows=len(known))


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
            whole = WHOLE if isinstance(value, list) else ""
            return Field(control="records", item=entry.item, value=whole, **base)
        case _:
            control = str(entry.kind.__struct_config__.tag)
            text = "" if value is None else str(value)
            return Field(control=control, value=text[:LOCAL_LENGTH] if control == "moment" else text, **base)


def _members(value: Any) -> list[Any]:
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
    return _one(sent, f"{PREFIX}{path}", kind, zone)


def _one(sent: QueryDict, name: str, kind: kinds.Kind, zone: str) -> Any:
    """The value of one control of a form, or of the boxes of a set."""
    if isinstance(kind, kinds.Set):
        members = [member for member in sent.getlist(name) if member not in (WHOLE, "")]
        return members if WHOLE in sent.getlist(name) else {"partial": members} if members else None
    return _scalar(sent.get(name, "").strip(), kind, zone)


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


def moment_sent(sent: QueryDict, name: str, zone: str, now: datetime) -> datetime:
    """The moment that a form gives in the time of the desk, or now where it gives none; raises `Refused` on another text."""
    text = sent.get(name, "").strip()
    try:
        return datetime.fromisoformat(with_zone(text, zone)) if text else now
    except ValueError:
        help = phrase("write it as 2026-11-02T12:00")
        raise Refused(Finding("not-a-moment", Place(name), phrase("{} is not a moment", text), help)) from None


def _records(sent: QueryDict, path: str, vocabulary: Vocabulary, zone: str) -> Any:
    """The records of a list: `whole` where the form says that there are no others, also where there is none."""
    rows: dict[int, dict[str, Any]] = {}
    for name in sent:
        listed, _, rest = name.partition("#")
        number, _, column = rest.partition("#")
        entry = vocabulary.entries.get(f"{path}[].{column}")
        if listed != f"{PREFIX}{path}" or entry is None or not number.isdigit() or len(number) > NUMBER_LENGTH_MAX:
            continue
        value = _one(sent, name, entry.kind, zone)
        if value is not None:
            rows.setdefault(int(number), {})[column] = value
    records = [rows[number] for number in sorted(rows)][:RECORDS_MAX]
    is_whole = WHOLE in sent.getlist(f"{PREFIX}{path}")
    return records if is_whole else {"partial": records} if records else None
