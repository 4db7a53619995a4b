"""Matching a list with the detainers of the desk: one class for each row, whatever their order; and each class with its reasons."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.desk.reconciling.entries import CONCLUSIONS, Difference, Keys, Listed, Matched, Ours, RowResult
from comity.desk.reconciling.matching import content_of, match_list
from comity.desk.reconciling.settling import SettledRow, objection, settle
from comity.period import Days

MONDAY = date(2026, 11, 2)
EXAMPLES = int(os.environ.get("COMITY_DESK_LISTS", "40"))
NOVEMBER = Days(date(2026, 11, 1), date(2026, 12, 1))
SUBJECT: Keys = {"name": frozenset({"subject 0017"}), "born_on": frozenset({"1990-01-02"})}


def day(number: int) -> date:
    return date(2026, 11, 1) + timedelta(days=number - 1)


def named(**fields: str) -> Keys:
    return {field: frozenset((text,)) for field, text in fields.items()}


def row(number: int = 2, **fields: Any) -> Listed:
    return Listed(row=number, **{"day": MONDAY, "form": "i247a", **fields})


def ours(case: str = "A", **fields: Any) -> Ours:
    return Ours(**{"case": case, "detainer": 1, "day": MONDAY, "form": "i247a", **fields})


def only(listed: Listed, *mine: Ours) -> RowResult:
    (result,) = match_list([listed], mine, NOVEMBER).rows
    return result


# ---- properties ----

KEYS = st.dictionaries(
    st.sampled_from(("name", "born_on", "a_number", "booking")), st.sampled_from("pq").map(lambda letter: frozenset((letter,)))
)  # fmt: skip
DAY = st.integers(0, 34).map(day)
FORM = st.sampled_from(("", "i247", "i247_2012", "i247a", "i247d"))
LISTED = st.builds(
    Listed, row=st.just(0), day=st.none() | DAY, form=FORM, outcome=st.sampled_from(("", "taken", "cancelled")),
    keys=KEYS, where=st.sampled_from(("here", "unknown", "another_station", "not_this_jail")), marked_duplicate=st.booleans(),
)  # fmt: skip
OURS = st.builds(
    Ours, case=st.just(""), detainer=st.just(1), day=DAY, form=FORM, keys=KEYS,
    outcome=st.sampled_from(("open", "taken", "not_taken", "cancelled", "superseded")),
)  # fmt: skip


@st.composite
def two_lists(draw: st.DrawFn) -> tuple[list[Listed], list[Ours]]:
    listed = draw(st.lists(LISTED, max_size=12))
    mine = draw(st.lists(OURS, max_size=12))
    return (
        [Listed(**{**fields_of(each), "row": number}) for number, each in enumerate(listed, 2)],
        [Ours(**{**fields_of(each), "case": f"C{number:02}"}) for number, each in enumerate(mine)],
    )


def fields_of(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def without_place(result: RowResult) -> tuple[Any, ...]:
    """A result without the number of its row, and without which of several equal cases it has."""
    return (
        result.cls,
        result.reasons,
        result.day,
        result.form,
        result.outcome,
        result.where,
        result.more,
        bool(result.case),
    )


@given(two_lists(), st.randoms())
@settings(max_examples=EXAMPLES, deadline=None)
def test_each_ends_in_one_class_whatever_the_order(lists: tuple[list[Listed], list[Ours]], random: Any) -> None:
    listed, mine = lists
    matched = match_list(listed, mine, NOVEMBER)
    assert [each.row for each in matched.rows] == [each.row for each in listed]
    assert sum(matched.count(cls) for cls in ("same", "differ", "theirs_only", "several_possible")) == len(listed)
    pairs = [each.key for each in matched.rows if each.case]
    assert len(pairs) == len(set(pairs)) == sum(each.cls in ("same", "differ") for each in matched.rows)
    assert sorted(pairs) == sorted(each.key for each in matched.ours if each.cls in ("same", "differ"))
    assert {each.key for each in mine if each.day in NOVEMBER} == {each.key for each in matched.ours if each.in_span}
    turned = [*listed]
    random.shuffle(turned)
    again = match_list(turned, [*reversed(mine)], NOVEMBER)
    contents = {each.row: content_of(each) for each in listed}
    results = [Counter((contents[each.row], without_place(each)) for each in one.rows) for one in (matched, again)]
    assert results[0] == results[1]
    assert Counter(each.cls for each in matched.ours) == Counter(each.cls for each in again.ours)


@given(two_lists(), st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_conclusions_keep_the_sums(lists: tuple[list[Listed], list[Ours]], data: st.DataObject) -> None:
    matched = match_list(*lists, NOVEMBER)
    settled_rows: list[SettledRow] = []
    for _ in range(4):
        mine = data.draw(st.sampled_from(matched.ours)) if matched.ours else None
        settled_row = SettledRow(
            entry=data.draw(st.integers(0, len(matched.rows))), conclusion=data.draw(st.sampled_from(CONCLUSIONS)),
            reason="seen", case=mine.case if mine else "", detainer=1,
        )  # fmt: skip
        if objection(settle(matched, settled_rows), settled_row) is None:
            settled_rows.append(settled_row)
    settled = settle(matched, settled_rows)
    assert settle(matched, [*settled_rows, *settled_rows]) == settled
    assert len(settled.rows) == len(matched.rows) and len(settled.ours) == len(matched.ours)
    pairs = [each.key for each in settled.rows if each.case]
    assert sorted(pairs) == sorted({each.key for each in settled.ours if each.cls in ("same", "differ")})
    possible = {key for each in settled.rows if each.cls == "several_possible" for key in each.candidates}
    assert possible <= {each.key for each in settled.ours if each.cls == "several_possible"}


# ---- each class ----


@pytest.mark.parametrize(
    ("theirs", "mine", "reason"),
    [
        ({"a_number": "1"}, {"a_number": "1"}, "a_number"),
        ({"booking": "1"}, {"booking": "1", "a_number": "2"}, "booking"),
        ({"name": "p", "born_on": "d"}, {"name": "p", "born_on": "d"}, "name_and_birth"),
        ({"name": "p"}, {"name": "p", "born_on": "d"}, "name_and_day"),
        ({}, {"name": "p"}, "day_and_form"),
    ],
)
def test_the_same(theirs: dict[str, str], mine: dict[str, str], reason: str) -> None:
    result = only(row(keys=named(**theirs)), ours(keys=named(**mine)))
    assert (result.cls, result.reasons, result.key, result.differences) == ("same", (reason,), ("A", 1), ())


def test_what_they_differ_in() -> None:
    listed = row(day=day(5), form="i247d", outcome="taken", where="another_station", keys=named(a_number="1", name="p"))
    result = only(listed, ours(outcome="not_taken", keys=named(a_number="1", name="q")))
    assert result.cls == "differ" and result.differences == (
        Difference("day", "2026-11-02", "2026-11-05"), Difference("form", "i247a", "i247d"),
        Difference("outcome", "not_taken", "taken"), Difference("facility", "here", "another_station"), Difference("name"),
    )  # fmt: skip
    assert only(row(form="i247"), ours(form="i247_2012")).cls == "same"
    assert only(row(outcome="taken"), ours(outcome="superseded")).cls == "same"


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        (row(keys=SUBJECT), "never_received"), (row(where="another_station"), "another_station"),
        (row(where="not_this_jail"), "not_this_jail"), (row(day=date(2026, 12, 1)), "outside_span"),
        (row(marked_duplicate=True), "repeated"),
    ],
)  # fmt: skip
def test_why_a_row_is_theirs_only(listed: Listed, reason: str) -> None:
    result = only(listed, ours(day=day(20), keys=named(name="q")))
    assert (result.cls, result.reasons) == ("theirs_only", (reason,))


def test_a_person_twice_on_the_list() -> None:
    matched = match_list(
        [row(2, keys=SUBJECT), row(3, keys=SUBJECT), row(4, day=day(9), keys=SUBJECT)], [ours(keys=SUBJECT)], NOVEMBER
    )
    assert [each.reasons for each in matched.rows] == [("name_and_birth",), ("repeated",), ("other_detainer",)]
    assert matched.rows[2].candidates == (("A", 1),)


def test_the_nearest_of_two_detainers_of_a_person() -> None:
    matched = match_list(
        [row(2, day=day(8), keys=SUBJECT), row(3, day=day(3), keys=SUBJECT)],
        [ours("A", keys=SUBJECT), ours("B", day=day(8), keys=SUBJECT)], NOVEMBER,
    )  # fmt: skip
    assert [(each.case, each.cls) for each in matched.rows] == [("B", "same"), ("A", "differ")]


def test_a_detainer_of_another_month_is_matched_and_not_counted() -> None:
    matched = match_list([row(day=day(1), keys=SUBJECT)], [ours(day=date(2026, 10, 31), keys=SUBJECT)], NOVEMBER)
    assert matched.rows[0].cls == "differ" and matched.count_ours("differ") == 0 and not matched.ours[0].in_span
    far = match_list([row(day=day(30), keys=SUBJECT)], [ours(day=date(2026, 10, 29), keys=SUBJECT)], NOVEMBER)
    assert far.rows[0].reasons == ("other_detainer",) and far.ours == ()


@pytest.mark.parametrize(
    ("listed", "mine", "reason"),
    [
        (row(keys=named(name="p", born_on="d")), ours(keys=named(name="p", born_on="e")), "name_alone"),
        (row(keys=named(name="p", a_number="1")), ours(day=day(4), keys=named(name="p")), "name_alone"),
        (row(keys=named(a_number="1", name="p", born_on="d")), ours(keys=named(a_number="1", name="q", born_on="e")), "numbers_differ"),
        (row(keys=SUBJECT), ours(), "person_not_known"),
        (row(form="i247d"), ours(), "near_day"),
        (row(), ours(day=day(5)), "near_day"),
    ],
)  # fmt: skip
def test_what_a_person_must_decide(listed: Listed, mine: Ours, reason: str) -> None:
    result = only(listed, mine)
    assert (result.cls, result.reasons, result.candidates) == ("several_possible", (reason,), (("A", 1),))


def test_a_name_with_another_number_is_another_person() -> None:
    assert only(row(keys=named(name="p", a_number="1")), ours(keys=named(name="p", a_number="2"))).cls == "theirs_only"


def test_a_text_that_many_have_is_nobodys_name() -> None:
    mine = [ours(f"C{number}", keys=named(name="see file", born_on=str(number))) for number in range(60)]
    listed = [row(2, keys=named(name="see file")), row(3, keys=named(name="see file", born_on="7"))]
    assert [(each.cls, each.case) for each in match_list(listed, mine, NOVEMBER).rows] == [
        ("theirs_only", ""),
        ("same", "C7"),
    ]


def test_rows_that_are_alike_are_counted_and_not_told_apart() -> None:
    matched = match_list([row(2), row(3), row(4)], [ours("A"), ours("B")], NOVEMBER)
    assert Counter(each.cls for each in matched.rows) == {"same": 2, "theirs_only": 1}
    assert all("alike" in each.reasons for each in (*matched.rows, *matched.ours))
    more = match_list([row(2)], [ours("A"), ours("B", outcome="taken"), ours("C", day=day(20))], NOVEMBER)
    assert [(each.case, each.cls) for each in more.ours] == [("A", "same"), ("B", "ours_only"), ("C", "ours_only")]


def test_why_a_detainer_is_ours_only() -> None:
    mine = [ours("A", outcome="superseded"), ours("B", outcome="cancelled"), ours("C")]
    assert [each.reasons[0] for each in match_list([], mine, NOVEMBER).ours] == [
        "superseded",
        "withdrawn",
        "not_listed",
    ]


# ---- conclusions ----


def concluded(matched: Matched, conclusion: Any, case: str = "", *, entry: int = 1) -> Matched:
    return settle(matched, [SettledRow(entry=entry, conclusion=conclusion, reason="seen", case=case, detainer=1)])


def test_a_person_says_which_case_it_is() -> None:
    matched = match_list([row(2, form="i247d"), row(3, form="i247d")], [ours("A"), ours("B")], NOVEMBER)
    assert [each.cls for each in matched.rows] == ["several_possible"] * 2
    settled = concluded(matched, "this_case", "A")
    assert settled.rows[0].key == ("A", 1) and settled.rows[0].differences == (Difference("form", "i247a", "i247d"),)
    assert settled.rows[1].candidates == (("B", 1),)
    assert [each.cls for each in settled.ours] == ["differ", "several_possible"]
    none = concluded(concluded(settled, "never_received", entry=2), "another_station", entry=1)
    assert [each.cls for each in none.rows] == ["differ", "theirs_only"] and none.ours[1].cls == "ours_only"


def test_conclusions_that_do_not_fit() -> None:
    matched = match_list([row(2), row(3, day=day(20))], [ours("A")], NOVEMBER)
    for entry, conclusion, case in (
        (1, "this_case", "A"), (2, "this_case", "A"), (2, "this_case", "Z"), (1, "never_received", ""), (3, "record_is_wrong", ""),
        (0, "never_received", "A"), (0, "record_is_wrong", "Z"),
    ):  # fmt: skip
        settled_row = SettledRow(entry=entry, conclusion=conclusion, reason="seen", case=case, detainer=1)  # type: ignore[arg-type]
        assert objection(matched, settled_row) is not None, settled_row
        assert settle(matched, [settled_row]) == matched
    assert (
        objection(matched, SettledRow(entry=0, conclusion="record_is_wrong", reason="seen", case="A", detainer=1))
        is None
    )
