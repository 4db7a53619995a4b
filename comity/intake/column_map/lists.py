"""Builds the lists of a request from columns: a record from several columns, several records from a cell or from a row.

The result is the JSON that a column named after the list would hold, so that it is read by the same reader. A record stands for
a charge or a conviction, so none is made of a text that was not understood: the list is then known in part.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet
from comity.facts.request import read_values
from comity.facts.vocabulary import Vocabulary
from comity.finding import Phrase, grave, phrase
from comity.intake.blanks import is_word_for_nothing
from comity.intake.column_map.code_values import NOTHING, CellValue, CodeReader
from comity.intake.damage import quote, read_json_cell
from comity.yamltext import Words

HOLD, NOT_READ, UNEVEN, NONE_AND_SOME = "hold-not-charge", "not-understood", "uneven-cells", "none-and-some"


class Built(Struct, frozen=True):
    """A list of one row: its JSON, None where nothing is known of it; what is odd, by code, each with its words.

    `unread` says that the row says something of the list that was not understood.
    """

    json: str | None
    odd: Mapping[str, Phrase] = {}
    unread: bool = False


class FieldValue(Struct, frozen=True):
    """A field of a record as JSON, or what the cell says instead; `wrong` says why a text is no such value."""

    cell: CellValue
    value: Any = None
    wrong: Phrase | None = None


class ListBuilder:
    """Builds one list of each row from the texts of its columns, in the order of `readers`."""

    def __init__(self, path: str, readers: Sequence[CodeReader], vocabulary: Vocabulary) -> None:
        self.path, self.readers, self.vocabulary = path, readers, vocabulary
        self.complete = any(reader.column.complete for reader in readers)
        self.known: dict[tuple[int, str], FieldValue] = {}

    def build(self, texts: Sequence[str]) -> Built:
        """The list of a row; a text is empty where its cell has no value."""
        records: dict[int, list[dict[str, Any]]] = {}
        odd: dict[str, Phrase] = {}
        meanings: Counter[str] = Counter()
        by_record: dict[int, list[int]] = {}
        for at, reader in enumerate(self.readers):
            by_record.setdefault(reader.column.target.record, []).append(at)
        for number, places in sorted(by_record.items()):
            records[number] = self.records(places, texts, odd=odd, meanings=meanings)
        found = [record for number in sorted(records) for record in records[number]]
        unread = bool(meanings["unread"])
        if found and meanings["none"]:
            message = phrase("one column says that there is none in {fact}, and another names one", fact=self.path)
            return Built(None, {**odd, NONE_AND_SOME: message}, True)
        if not found:
            is_none = not unread and (meanings["none"] or (meanings["hold"] and self.complete))
            return Built("[]" if is_none else None, odd, unread)
        whole = self.complete and not unread
        return Built(json.dumps(found if whole else {"partial": found}, ensure_ascii=False), odd, unread)

    def records(
        self, places: Sequence[int], texts: Sequence[str], *, odd: dict[str, Phrase], meanings: Counter[str]
    ) -> list[dict[str, Any]]:
        """The records that some columns make together: one, or as many as their cells have values."""
        parts = {at: self.readers[at].parts(texts[at]) if texts[at] else [] for at in places}
        counts = {len(values) for values in parts.values() if values}
        if len(counts) > 1:
            names = " and ".join(quote(self.readers[at].column.heading) for at in places if parts[at])
            odd[UNEVEN] = phrase("{names} hold different numbers of values, so they make no records", names=names)
            meanings["unread"] += 1
            return []
        records = []
        for index in range(max(counts, default=0)):
            cells = {at: self.field(at, values[index]) for at, values in parts.items() if values}
            if any(field.cell.meaning == "hold" for field in cells.values()):
                meanings["hold"] += 1
                at = next(at for at, field in cells.items() if field.cell.meaning == "hold")
                heading = self.readers[at].column.heading
                odd[HOLD] = phrase(
                    "{} in {column} is a hold and no charge", quote(parts[at][index]), column=quote(heading)
                )
                continue
            record = {}
            for at, field in cells.items():
                meanings[field.cell.meaning] += 1
                if field.wrong:
                    odd[NOT_READ] = field.wrong
                if field.cell.meaning == "value":
                    record[self.readers[at].column.target.field] = field.value
            if record:
                records.append(record)
        return records

    def field(self, at: int, text: str) -> FieldValue:
        key = (at, text)
        if key not in self.known:
            self.known[key] = self.read_field(self.readers[at], text)
        return self.known[key]

    def read_field(self, reader: CodeReader, text: str) -> FieldValue:
        """What a text says of a field: a value that the vocabulary knows, or that it was not understood."""
        cell = reader.read(text)
        if cell.meaning not in ("value", "unread"):
            return FieldValue(cell)
        if is_word_for_nothing(text) and not self.is_value(reader, cell.text):
            return FieldValue(NOTHING)
        target, column = reader.column.target, quote(reader.column.heading)
        if cell.meaning == "unread":
            what = f"day written {reader.order or 'YYYY-MM-DD'}" if reader.is_day else "known code of an offense"
            wrong = phrase("{} in {column} is no {what}", quote(text), column=column, what=what)
            return FieldValue(cell, None, wrong)
        value, fault = self.value(reader, cell.text)
        if fault:
            wrong = phrase("{} in {column} is not understood: {fault}", quote(text), column=column, fault=fault)
            return FieldValue(CellValue("unread", text), None, wrong)
        assert value is not None, target
        return FieldValue(cell, value)

    def is_value(self, reader: CodeReader, text: str) -> bool:
        return self.value(reader, text)[0] is not None

    def value(self, reader: CodeReader, text: str) -> tuple[Any, Phrase | None]:
        """A text as the JSON of a field, or what is wrong with it."""
        field = reader.column.target.field
        is_set = isinstance(reader.kind, kinds.Set)
        raw: Any = [Words(text)] if is_set else Words(text.lower() if isinstance(reader.kind, kinds.Truth) else text)
        values, findings = read_values({self.path: [{field: raw}]}, self.vocabulary, "")
        faults = grave(findings)
        if faults:
            plain = faults[0].without_values()
            return None, Phrase(faults[0].message, plain.message)
        records = values.get(self.path)
        assert isinstance(records, KnownList)
        known = records.items[0].get(field)
        if isinstance(known, KnownSet):
            return [text] if reader.column.complete else {"partial": [text]}, None
        if isinstance(known, bool | int):
            return known, None
        return (text if known is not None else None), None


def is_list_as_json(text: str) -> bool:
    """Whether a text is a list, or a part of one, as JSON."""
    if text[:1] not in ("[", "{"):
        return False
    value, damage = read_json_cell(text)
    part = value.get("partial") if isinstance(value, dict) and len(value) == 1 else value
    return not damage and isinstance(part, list)


def merge(lists: Sequence[str | None], unread: bool) -> str | None:
    """One list of the lists of several rows as JSON: the records of all, known whole only where each is."""
    said = [json.loads(text) for text in lists if text is not None]
    if not said:
        return None
    records = [record for known in said for record in (known["partial"] if isinstance(known, dict) else known)]
    whole = not unread and not any(isinstance(known, dict) for known in said)
    if not records and not whole:
        return None
    return json.dumps(records if whole else {"partial": records}, ensure_ascii=False)
