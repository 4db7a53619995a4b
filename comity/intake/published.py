"""Reads the columns of the published tables as facts, and infers nothing beyond what they say.

The most serious conviction is one of a person's convictions, so the list is known in part. A blank one says nothing, and
neither does "Other Immigration Violator"; "No Conviction" says that there is none. A word that a column does not know is never
a fact, above all never a conviction. A checked box adds a member to a set; an unchecked box removes none, unless the
form has no other boxes. Age is not read from a year of birth. The reason for lifting a detainer is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from comity.facts.columns import facts_table, schema_of, whole_of
from comity.facts.kinds import KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.finding import phrase
from comity.intake.blanks import NO_CODES, is_word_for_nothing, says_no_conviction
from comity.intake.cells import read_each
from comity.intake.damage import quote
from comity.intake.day_cells import SENTINELS, not_a_day, read_day, sentinel_day
from comity.intake.headings import CASE_FINAL_ORDER, FINAL_ORDER
from comity.intake.offense_words import names_an_offense

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
Count = Callable[
    [str, str, pa.Array], None
]  # takes a code, an example in words, and a boolean array that marks its rows


class Published:
    """Reads the published columns of some rows; what cannot be read is passed to `count`, and its fact is marked as unread."""

    def __init__(self, cells: pa.Table, *, vocabulary: Vocabulary, offenses: Mapping[str, str], count: Count) -> None:
        self.cells, self.vocabulary, self.offenses, self.count = cells, vocabulary, offenses, count
        self.names = frozenset(cells.schema.names)
        self.unread: dict[str, pa.Array] = {}

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

    def mark_unread(self, path: str, rows: pa.Array | None) -> None:
        """Marks a fact of some rows as said and not understood."""
        if rows is not None:
            self.unread[path] = pc.or_(self.unread[path], rows) if path in self.unread else rows

    def read(self, name: str, read: Callable[[str], Any], type_: pa.DataType) -> pa.Array:
        """A column read into values of a type, each distinct text once; NULL where it is blank or not understood."""
        return read_each(pa.chunked_array([self.column(name)]), read, type_)

    def not_understood(
        self, name: str, code: str, wrong: Callable[[str], str], among: pa.Array | None = None
    ) -> pa.Array | None:
        """The rows `among` some whose cell is not understood, counted; None where there are none.

        `wrong` says what is wrong with a text; it is empty where the text is understood.
        """
        column = self.column(name)
        encoded = (
            column if among is None else pc.if_else(among, column, pa.scalar(None, column.type))
        ).dictionary_encode()
        texts = [wrong(text) for text in encoded.dictionary.to_pylist()]
        if not any(texts):
            return None
        for place, example in enumerate(texts):
            if example:
                rows = pc.equal(encoded.indices, place).fill_null(False)
                self.count(code, example, rows)
        return pa.array([bool(text) for text in texts], pa.bool_()).take(encoded.indices).fill_null(False)

    def answers(self, name: str, *paths: str) -> pa.Array:
        """The answers of a box: YES, NO, or SILENT where it has none. The facts of `paths` are unread where it is neither."""
        if name not in self.names:
            return pa.array([SILENT], pa.int64()).take(pa.nulls(self.cells.num_rows, pa.int32()).fill_null(0))

        def wrong(text: str) -> str:
            known = text.lower() in ANSWERS or is_word_for_nothing(text)
            return "" if known else phrase("{} in {name} is neither YES nor NO", quote(text), name=name)

        rows = self.not_understood(name, "unknown-answer", wrong)
        for path in paths:
            self.mark_unread(path, rows)
        return self.read(name, lambda text: ANSWERS.get(text.lower(), SILENT), pa.int64()).fill_null(SILENT)

    def set_of(self, path: str, boxes: Mapping[str, str], forms: pa.Array | None) -> dict[str, pa.Array]:
        """A set read from boxes; each distinct combination of answers is read once."""
        key = pa.array([0], pa.int64()).take(pa.nulls(self.cells.num_rows, pa.int32()).fill_null(0))
        for name in boxes:
            key = pc.add(pc.multiply(key, 3), self.answers(name, path))
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
        """The most serious conviction as a list known in part; a record of Unknown fields where only its existence is known.

        The list is empty where the charge says that there is no conviction, and no other cell says that there is one.
        """
        path = "convictions"
        codes = self.read(CODE, self.offenses.get, pa.string())
        days = self.read(CONVICTED, _plausible_day, pa.date32())
        charges = self.read(CHARGE, lambda text: names_an_offense(text) or None, pa.bool_())
        grades = pc.equal(pc.utf8_lower(self.column(CRIMINALITY)), CONVICTED_CRIMINAL).fill_null(False)
        for name, code, wrong in (
            (CODE, "unknown-offense", self.wrong_code),
            (CONVICTED, "unknown-day", _wrong_day),
        ):
            self.mark_unread(path, self.not_understood(name, code, wrong))
        has_conviction = pc.or_(pc.or_(codes.is_valid(), days.is_valid()), grades)
        # Beside a code or a day the words of a charge add nothing.
        self.mark_unread(path, self.not_understood(CHARGE, "unknown-charge", _wrong_charge, pc.invert(has_conviction)))
        has_conviction = pc.or_(has_conviction, charges.is_valid())
        none = self.read(CHARGE, lambda text: says_no_conviction(text) or None, pa.bool_()).is_valid()
        differ = pc.and_(none, has_conviction)
        if pc.any(differ).as_py():
            message = phrase(
                "{charge} says that there is no conviction, and another column that there is one", charge=CHARGE
            )
            self.count("conviction-differs", message, differ)
            self.mark_unread(path, differ)
        has_conviction = pc.and_not(has_conviction, differ)
        return self.one_record(path, has_conviction, {"offense": codes, "convicted_on": days}, self.surely_none(none))

    def surely_none(self, none: pa.Array) -> pa.Array:
        """The rows that say that there is no conviction, and in which nothing else was said of one."""
        for name in (CODE, CONVICTED):
            none = pc.and_not(none, self.read(name, _says_something, pa.bool_()).is_valid())
        unread = self.unread.get("convictions")
        return none if unread is None else pc.and_not(none, unread)

    def wrong_code(self, text: str) -> str:
        if text in self.offenses or text in NO_CODES or is_word_for_nothing(text):
            return ""
        return phrase("no offense has the code {}", quote(text))

    def charges(self) -> dict[str, pa.Array]:
        """A pending charge, of which nothing more is known."""

        def wrong(text: str) -> str:
            if text.lower() in (CONVICTED_CRIMINAL, CHARGED, VIOLATOR) or is_word_for_nothing(text):
                return ""
            return phrase("{} is none of the three grades of {name}", quote(text), name=CRIMINALITY)

        rows = self.not_understood(CRIMINALITY, "unknown-criminality", wrong)
        for path in ("charges", "convictions"):
            self.mark_unread(path, rows)
        has_charge = pc.equal(pc.utf8_lower(self.column(CRIMINALITY)), CHARGED).fill_null(False)
        return self.one_record("charges", has_charge, {"pending": has_charge})

    def one_record(
        self, path: str, has_record: pa.Array, given: Mapping[str, pa.Array], none: pa.Array | None = None
    ) -> dict[str, pa.Array]:
        """A list known in part, with one record where `has_record` is true; known whole and empty where `none` is; else NULL."""
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
        said = has_record if none is None else pc.or_(has_record, none)
        lists = pa.ListArray.from_arrays(offsets, records, type=type_, mask=pc.invert(said))
        return {path: lists, whole_of(path): pc.if_else(said, pc.invert(has_record), pa.scalar(None, pa.bool_()))}

    def final_order(self) -> pa.Array:
        """`none` where the table says NO; NULL where it says YES, as it does not say who signed it, or where columns differ."""
        path = "subject.final_order"
        detainer, case = self.answers(FINAL_ORDER, path), self.answers(CASE_FINAL_ORDER, path)
        differ = pc.equal(pc.add(detainer, case), YES + NO)
        if pc.any(differ).as_py():
            self.count("final-order-differs", phrase("the two columns on a final order say YES and NO"), differ)
            self.mark_unread(path, differ)
        most = pc.max_element_wise(detainer, case)
        self.mark_unread(path, pc.equal(most, YES))  # there is an order, and no assumption may say that there is none
        none = pc.and_(pc.equal(most, NO), pc.invert(differ))
        return pc.if_else(none, pa.scalar("none"), pa.scalar(None, pa.string()))


def _says_something(text: str) -> bool | None:
    return None if text in NO_CODES or is_word_for_nothing(text) else True


def _plausible_day(text: str) -> date | None:
    day = read_day(text)
    return None if day in SENTINELS else day


def _wrong_day(text: str) -> str:
    if _plausible_day(text) or is_word_for_nothing(text):
        return ""
    return sentinel_day(text, CONVICTED) if read_day(text) else not_a_day(text, CONVICTED)


def _wrong_charge(text: str) -> str:
    if names_an_offense(text) or says_no_conviction(text) or is_word_for_nothing(text):
        return ""
    return phrase("{} in {name} is not read as the name of an offense", quote(text), name=CHARGE)


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
