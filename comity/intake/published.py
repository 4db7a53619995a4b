"""Reads the columns of the published tables as facts, and infers nothing beyond what they say.

The most serious conviction is one of a person's convictions, so the list is known in part. A blank one says nothing, and
neither does "Other Immigration Violator". A checked box adds a member to a set; an unchecked box removes none, unless the
form has no other boxes. Age is not read from a year of birth. The reason for lifting a detainer is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from comity.facts.columns import facts_table, schema_of, whole_of
from comity.facts.kinds import KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.intake.cells import not_a_day, read_day, read_each
from comity.intake.damage import quote
from comity.intake.headings import CASE_FINAL_ORDER, FINAL_ORDER

CHARGE, CODE, CONVICTED = "most_serious_conviction_charge", "msc_charge_code", "msc_conviction_date"
CRIMINALITY = "detainer_prepared_criminality"
CONVICTED_CRIMINAL, CHARGED = "1 convicted criminal", "2 pending criminal charges"
VIOLATOR = "3 other immigration violator"
ASKED_FOR_NOTICE = "notify_release_request_yes_no"
BASIS = {
    "deportation_ordered_yes_no": "final_order",
    "order_show_cause_served_yes_no": "pending_proceedings",
    "biometric_match_yes_no": "biometric_and_records",
    "statements_made_yes_no": "statements_or_evidence",
    "resume_custody_yes_no": "on_loan_from_dhs",
    "active_investigation_yes_no": "investigation_initiated",
}
# The boxes of Form I-247A, which has no others: where each is answered, the set is known whole.
BOXES_OF_I247A = frozenset((*BASIS.values(),)) - {"investigation_initiated"}
PRIORITY = {
    "prior_felony_yes_no": "felony",
    "multiple_prior_misd_yes_no": "three_misdemeanors",
    "violent_misdemeanor_yes_no": "violent_misdemeanor",
    "illegal_entry_yes_no": "illegal_entry",
    "illegal_reentry_yes_no": "illegal_reentry",
    "immigration_fraud_yes_no": "immigration_fraud",
    "significant_risk_yes_no": "significant_risk",
    "other_removal_reason_yes_no": "other",
    "criminal_street_gang_yes_no": "gang",
    "aggravated_felony_yes_no": "aggravated_felony",
}
COLUMNS = frozenset(
    (CODE, CHARGE, CONVICTED, CRIMINALITY, ASKED_FOR_NOTICE, FINAL_ORDER, CASE_FINAL_ORDER, *BASIS, *PRIORITY)
)
YES, NO, SILENT = 2, 1, 0
ANSWERS = {"yes": YES, "y": YES, "true": YES, "no": NO, "n": NO, "false": NO}
Count = Callable[[str, str, int], None]  # takes a code, an example in words, and how many rows


class Published:
    """Reads the published columns of some rows; what cannot be read is passed to `count`."""

    def __init__(self, cells: pa.Table, *, vocabulary: Vocabulary, offenses: Mapping[str, str], count: Count) -> None:
        self.cells, self.vocabulary, self.offenses, self.count = cells, vocabulary, offenses, count
        self.names = frozenset(cells.schema.names)

    def facts(self, forms: pa.Array | None) -> dict[str, pa.Array]:
        """The columns of facts, in the layout of `facts.columns`; `forms` are the forms of the rows where known."""
        columns: dict[str, pa.Array] = {}
        if self.names & BASIS.keys():
            columns |= self.set_of("request.basis", BASIS, forms)
        if self.names & PRIORITY.keys():
            columns |= self.set_of("request.priority", PRIORITY, None)
        if self.names & {CODE, CHARGE, CONVICTED, CRIMINALITY}:
            columns |= self.convictions()
        if CRIMINALITY in self.names:
            columns |= self.charges()
        if self.names & {FINAL_ORDER, CASE_FINAL_ORDER}:
            columns["subject.final_order"] = self.final_order()
        return columns

    def column(self, name: str) -> pa.Array:
        """A column in one piece; all NULL where the table does not have it."""
        if name not in self.names:
            return pa.nulls(self.cells.num_rows, pa.string())
        return self.cells.column(name).combine_chunks()

    def answers(self, name: str) -> pa.Array:
        """The answers of a box: YES, NO, or SILENT where it has none."""
        if name not in self.names:
            return pa.array([SILENT], pa.int64()).take(pa.nulls(self.cells.num_rows, pa.int32()).fill_null(0))
        column = self.column(name)
        for answer in pc.value_counts(column.drop_null()).to_pylist():
            if answer["values"].lower() not in ANSWERS:
                message = f"{quote(answer['values'])} in {name} is neither YES nor NO"
                self.count("unknown-answer", message, answer["counts"])
        return read_each(
            pa.chunked_array([column]), lambda text: ANSWERS.get(text.lower(), SILENT), pa.int64()
        ).fill_null(SILENT)

    def set_of(self, path: str, boxes: Mapping[str, str], forms: pa.Array | None) -> dict[str, pa.Array]:
        """A set read from boxes; each distinct combination of answers is read once."""
        key = pa.array([0], pa.int64()).take(pa.nulls(self.cells.num_rows, pa.int32()).fill_null(0))
        for name in boxes:
            key = pc.add(pc.multiply(key, 3), self.answers(name))
        if forms is not None:
            key = pc.add(pc.multiply(key, 2), pc.cast(pc.equal(forms, "i247a").fill_null(False), pa.int64()))
        members, has_form = list(boxes.values()), forms is not None
        return self.fact_columns(path, key.dictionary_encode(), lambda answers: _set(answers, members, has_form))

    def fact_columns(
        self, path: str, keys: pa.DictionaryArray, read: Callable[[Any], Value | None]
    ) -> dict[str, pa.Array]:
        """The columns of a fact whose value depends on a key; each distinct key is read once."""
        rows = [{path: value} if value is not None else {} for value in map(read, keys.dictionary.to_pylist())]
        table = facts_table(rows, [path], self.vocabulary)
        return {name: table.column(name).combine_chunks().take(keys.indices) for name in (path, whole_of(path))}

    def convictions(self) -> dict[str, pa.Array]:
        """The most serious conviction as a list known in part; a record of Unknown fields where only its existence is known."""
        codes, days = self.column(CODE), self.column(CONVICTED)
        families = read_each(pa.chunked_array([codes]), self.offenses.get, pa.string())
        for entry in pc.value_counts(codes.drop_null()).to_pylist():
            if entry["values"] not in self.offenses:
                self.count("unknown-offense", f"no offense has the code {quote(entry['values'])}", entry["counts"])
        for entry in pc.value_counts(days.drop_null()).to_pylist():
            if read_day(entry["values"]) is None:
                self.count("unknown-day", not_a_day(entry["values"], CONVICTED), entry["counts"])
        is_so = pc.equal(pc.utf8_lower(self.column(CRIMINALITY)), CONVICTED_CRIMINAL).fill_null(False)
        has_conviction = pc.or_(
            pc.or_(codes.is_valid(), days.is_valid()), pc.or_(self.column(CHARGE).is_valid(), is_so)
        )
        given = {"offense": families, "convicted_on": read_each(pa.chunked_array([days]), read_day, pa.date32())}
        return self.one_record("convictions", has_conviction, given)

    def charges(self) -> dict[str, pa.Array]:
        """A pending charge, of which nothing more is known."""
        grades = pc.utf8_lower(self.column(CRIMINALITY))
        for entry in pc.value_counts(self.column(CRIMINALITY).drop_null()).to_pylist():
            if entry["values"].lower() not in (CONVICTED_CRIMINAL, CHARGED, VIOLATOR):
                self.count(
                    "unknown-criminality",
                    f"{quote(entry['values'])} is none of the three grades of {CRIMINALITY}",
                    entry["counts"],
                )
        has_charge = pc.equal(grades, CHARGED).fill_null(False)
        return self.one_record("charges", has_charge, {"pending": has_charge})

    def one_record(self, path: str, has_record: pa.Array, given: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
        """A list known in part, with one record where `has_record` is true, and NULL elsewhere."""
        type_ = schema_of([path], self.vocabulary).field(path).type
        count = pc.sum(has_record).as_py() or 0
        fields = [
            given[field.name].filter(has_record).cast(field.type)
            if field.name in given
            else pa.nulls(count, field.type)
            for field in type_.value_type
        ]
        records = pa.StructArray.from_arrays(fields, fields=list(type_.value_type))
        ends = pc.cumulative_sum(pc.cast(has_record, pa.int32()))
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
        lists = pa.ListArray.from_arrays(offsets, records, type=type_, mask=pc.invert(has_record))
        return {path: lists, whole_of(path): pc.if_else(has_record, pa.scalar(False), pa.scalar(None, pa.bool_()))}

    def final_order(self) -> pa.Array:
        """`none` where the table says NO; NULL where it says YES, as it does not say who signed it, or where columns differ."""
        detainer, case = self.answers(FINAL_ORDER), self.answers(CASE_FINAL_ORDER)
        differ = pc.equal(pc.add(detainer, case), YES + NO)
        rows = pc.sum(differ).as_py() or 0
        if rows:
            self.count("final-order-differs", "the two columns on a final order say YES and NO", rows)
        none = pc.and_(pc.equal(pc.max_element_wise(detainer, case), NO), pc.invert(differ))
        return pc.if_else(none, pa.scalar("none"), pa.scalar(None, pa.string()))


def _set(key: int, members: Sequence[str], has_form: bool) -> KnownSet | None:
    """The set for a row's answers: known in part, but whole where every box of Form I-247A is answered."""
    i247a = bool(has_form and key % 2)
    key //= 2 if has_form else 1
    checked: set[str] = set()
    empty: set[str] = set()
    for member in reversed(members):
        key, answer = divmod(key, 3)
        if answer:
            (checked if answer == YES else empty).add(member)
    whole = i247a and (checked | empty) >= BOXES_OF_I247A
    if whole:
        return KnownSet(frozenset(checked or {"none_stated"}), whole=True)
    return KnownSet(frozenset(checked), whole=False) if checked else None


def notice_added(asks: KnownSet | None) -> KnownSet:
    """What a request asks, with notice of the release added."""
    return KnownSet((asks.members if asks else frozenset()) | {"notify"}, asks is not None and asks.whole)
