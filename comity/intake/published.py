"""What the columns of the published tables say of a request, and no more than they say.

The most serious conviction is one of a person's convictions: the list is known in part, and a blank one says nothing,
nor does "Other Immigration Violator". A box that is crossed adds a member to a set; one that is not takes none away
unless the form has no other box. Age is not read from a year of birth. Why a detainer was lifted is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from comity.facts.columns import facts_table, schema_of, whole_of
from comity.facts.kinds import KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.intake.cells import day_written, read_each
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
# The boxes of Form I-247A, which has no other; where each is told, the set is whole.
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
    """Reads the published columns of some rows; what is not understood goes to `count`."""

    def __init__(self, cells: pa.Table, vocabulary: Vocabulary, offenses: Mapping[str, str], count: Count) -> None:
        self.cells, self.vocabulary, self.offenses, self.count = cells, vocabulary, offenses, count
        self.names = frozenset(cells.schema.names)

    def facts(self, forms: pa.Array | None) -> dict[str, pa.Array]:
        """The columns of facts, as `facts.columns` lays them out; `forms` are the forms of the rows where they are known."""
        made: dict[str, pa.Array] = {}
        if self.names & BASIS.keys():
            made |= self.set_of("request.basis", BASIS, forms)
        if self.names & PRIORITY.keys():
            made |= self.set_of("request.priority", PRIORITY, None)
        if self.names & {CODE, CHARGE, CONVICTED, CRIMINALITY}:
            made |= self.convictions()
        if CRIMINALITY in self.names:
            made |= self.charges()
        if self.names & {FINAL_ORDER, CASE_FINAL_ORDER}:
            made["subject.final_order"] = self.final_order()
        return made

    def column(self, name: str) -> pa.Array:
        """A column in one piece, NULL where the table has none of it."""
        if name not in self.names:
            return pa.nulls(self.cells.num_rows, pa.string())
        return self.cells.column(name).combine_chunks()

    def answers(self, name: str) -> pa.Array:
        """Whether a box is crossed, is not, or nothing is said of it."""
        if name not in self.names:
            return pa.array([SILENT], pa.int64()).take(pa.nulls(self.cells.num_rows, pa.int32()).fill_null(0))
        column = self.column(name)
        for own in pc.value_counts(column.drop_null()).to_pylist():
            if own["values"].lower() not in ANSWERS:
                self.count("unknown-answer", f'"{own["values"]}" in {name} is neither YES nor NO', own["counts"])
        return read_each(
            pa.chunked_array([column]), lambda text: ANSWERS.get(text.lower(), SILENT), pa.int64()
        ).fill_null(SILENT)

    def set_of(self, path: str, boxes: Mapping[str, str], forms: pa.Array | None) -> dict[str, pa.Array]:
        """A set out of boxes: rows that answer all of them alike are read once."""
        key = pa.array([0], pa.int64()).take(pa.nulls(self.cells.num_rows, pa.int32()).fill_null(0))
        for name in boxes:
            key = pc.add(pc.multiply(key, 3), self.answers(name))
        if forms is not None:
            key = pc.add(pc.multiply(key, 2), pc.cast(pc.equal(forms, "i247a").fill_null(False), pa.int64()))
        return self.taken(path, key.dictionary_encode(), lambda own: _set(own, list(boxes.values()), forms is not None))

    def taken(self, path: str, keys: pa.DictionaryArray, value: Callable[[Any], Value | None]) -> dict[str, pa.Array]:
        """The columns of a fact, of which each distinct key gives the value."""
        rows = [{path: own} if own is not None else {} for own in map(value, keys.dictionary.to_pylist())]
        table = facts_table(rows, [path], self.vocabulary)
        return {name: table.column(name).combine_chunks().take(keys.indices) for name in (path, whole_of(path))}

    def convictions(self) -> dict[str, pa.Array]:
        """The most serious conviction as a list known in part; one of which nothing is said where there surely is one."""
        codes, days = self.column(CODE), self.column(CONVICTED)
        families = read_each(pa.chunked_array([codes]), self.offenses.get, pa.string())
        for own in pc.value_counts(codes.drop_null()).to_pylist():
            if own["values"] not in self.offenses:
                self.count("unknown-offense", f'no offense has the code "{own["values"]}"', own["counts"])
        for own in pc.value_counts(days.drop_null()).to_pylist():
            if day_written(own["values"]) is None:
                self.count(
                    "unknown-day",
                    f'"{own["values"]}" in {CONVICTED} is no day, which is written YYYY-MM-DD',
                    own["counts"],
                )
        is_so = pc.equal(pc.utf8_lower(self.column(CRIMINALITY)), CONVICTED_CRIMINAL).fill_null(False)
        told = pc.or_(pc.or_(codes.is_valid(), days.is_valid()), pc.or_(self.column(CHARGE).is_valid(), is_so))
        given = {"offense": families, "convicted_on": read_each(pa.chunked_array([days]), day_written, pa.date32())}
        return self.one_record("convictions", told, given)

    def charges(self) -> dict[str, pa.Array]:
        """A pending charge, of which no more is known."""
        said = pc.utf8_lower(self.column(CRIMINALITY))
        for own in pc.value_counts(self.column(CRIMINALITY).drop_null()).to_pylist():
            if own["values"].lower() not in (CONVICTED_CRIMINAL, CHARGED, VIOLATOR):
                self.count(
                    "unknown-criminality",
                    f'"{own["values"]}" is none of the three grades of {CRIMINALITY}',
                    own["counts"],
                )
        told = pc.equal(said, CHARGED).fill_null(False)
        return self.one_record("charges", told, {"pending": told})

    def one_record(self, path: str, told: pa.Array, given: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
        """A list known in part, with one record where `told` is so, and NULL elsewhere."""
        type_ = schema_of([path], self.vocabulary).field(path).type
        count = pc.sum(told).as_py() or 0
        fields = [
            given[own.name].filter(told).cast(own.type) if own.name in given else pa.nulls(count, own.type)
            for own in type_.value_type
        ]
        records = pa.StructArray.from_arrays(fields, fields=list(type_.value_type))
        ends = pc.cumulative_sum(pc.cast(told, pa.int32()))
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
        lists = pa.ListArray.from_arrays(offsets, records, type=type_, mask=pc.invert(told))
        return {path: lists, whole_of(path): pc.if_else(told, pa.scalar(False), pa.scalar(None, pa.bool_()))}

    def final_order(self) -> pa.Array:
        """None where the table says NO; who signed one it does not say. Two columns that differ say nothing."""
        detainer, case = self.answers(FINAL_ORDER), self.answers(CASE_FINAL_ORDER)
        differ = pc.equal(pc.add(detainer, case), YES + NO)
        rows = pc.sum(differ).as_py() or 0
        if rows:
            self.count("final-order-differs", "the two columns on a final order say YES and NO", rows)
        none = pc.and_(pc.equal(pc.max_element_wise(detainer, case), NO), pc.invert(differ))
        return pc.if_else(none, pa.scalar("none"), pa.scalar(None, pa.string()))


def _set(key: int, members: Sequence[str], has_form: bool) -> KnownSet | None:
    """The set that a row's answers make: known in part, but where every box of Form I-247A is told."""
    i247a = bool(has_form and key % 2)
    key //= 2 if has_form else 1
    crossed: set[str] = set()
    empty: set[str] = set()
    for member in reversed(members):
        key, answer = divmod(key, 3)
        if answer:
            (crossed if answer == YES else empty).add(member)
    whole = i247a and (crossed | empty) >= BOXES_OF_I247A
    if whole:
        return KnownSet(frozenset(crossed or {"none_stated"}), whole=True)
    return KnownSet(frozenset(crossed), whole=False) if crossed else None


def notice_added(asks: KnownSet | None) -> KnownSet:
    """What a request asks, with notice of the release beside it."""
    return KnownSet((asks.members if asks else frozenset()) | {"notify"}, asks is not None and asks.whole)
