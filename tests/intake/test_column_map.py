"""Tables with headings of their own: what a map says is read, what it does not say stays, and an open map is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from comity.facts.columns import values_of
from comity.facts.kinds import KnownList, KnownSet
from comity.facts.offenses import read_offenses
from comity.facts.vocabulary import read_vocabulary
from comity.finding import Finding
from comity.intake.cells import Opened
from comity.intake.column_map.code_values import is_hold
from comity.intake.column_map.column_map import ColumnMap
from comity.intake.column_map.day_orders import orders_fitting, read_day
from comity.intake.column_map.open_mapped import open_through
from comity.intake.column_map.read_map import add_columns, read_column_map
from comity.intake.table import FactRows, columns_read, find_reader

POLICIES = Path(__file__).parents[2] / "policies"
VOCABULARY = read_vocabulary(POLICIES)[0]
OFFENSES = read_offenses(POLICIES / "offenses.csv", VOCABULARY)[0]
READ = columns_read(VOCABULARY)
WHEN = {"Received": "request.received_on"}


def map_of(given: Any) -> ColumnMap:
    column_map, findings = read_column_map(given, VOCABULARY)
    assert column_map, [finding.line() for finding in findings]
    return column_map


def faults_of(given: Any) -> list[Finding]:
    column_map, findings = read_column_map(given, VOCABULARY)
    assert column_map is None
    return findings


def opened(text: str, folder: Path, column_map: ColumnMap) -> Opened:
    path = folder / "bookings.csv"
    path.write_text(text, encoding="utf-8")
    table, findings = open_through(path, READ, column_map, vocabulary=VOCABULARY, offenses=OFFENSES)
    assert table, [finding.line() for finding in findings]
    return table


def read(text: str, folder: Path, given: Any) -> FactRows:
    table = opened(text, folder, map_of(given))
    reader, findings = find_reader(table, VOCABULARY, OFFENSES)
    assert reader, findings
    pieces = [reader.read_rows(cells) for cells in table.pieces()]
    table.ledger.check(sum(piece.cells.read for piece in pieces))
    [rows] = pieces
    return rows


def facts(rows: FactRows) -> list[dict[str, Any]]:
    return [values_of(row, VOCABULARY) for row in rows.facts.to_pylist()]


def fact(path: str, text: str, folder: Path, given: Any) -> list[Any]:
    return [row.get(path) for row in facts(read(text, folder, given))]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/02/2015", "mdy", date(2015, 3, 2)),
        ("03/02/2015", "dmy", date(2015, 2, 3)),
        ("3-2-15", "mdy", date(2015, 3, 2)),
        ("3/2/68", "mdy", date(1968, 3, 2)),
        ("2015/3/2", "ymd", date(2015, 3, 2)),
        ("20150302", "ymd", date(2015, 3, 2)),
        ("03022015", "mdy", date(2015, 3, 2)),
        ("02.03.2015 14:30", "dmy", date(2015, 3, 2)),
        ("3/2/2015 12:00:00 AM", "mdy", date(2015, 3, 2)),
        ("42065", "excel", date(2015, 3, 2)),
        ("42065.75", "excel", date(2015, 3, 2)),
        ("2015-03-02", "mdy", date(2015, 3, 2)),
        ("02-Mar-2015", "mdy", date(2015, 3, 2)),
        ("March 2, 2015", "", date(2015, 3, 2)),
        ("14/03/2015", "mdy", None),
        ("2015/3/2", "mdy", None),
        ("03/02/2015", "", None),
        ("02/30/2015", "mdy", None),
        ("42065", "mdy", None),
        ("59", "excel", None),
        ("2015", "excel", None),
        ("2015.0", "excel", None),
    ],
)
def test_a_day_is_read_in_the_order_that_is_given_or_not_at_all(text: str, order: str, day: date | None) -> None:
    assert read_day(text, order) == day


def test_days_that_fit_two_orders_cannot_be_told_apart() -> None:
    assert orders_fitting(["03/02/2015", "04/05/2015"]) == ("mdy", "dmy")
    assert orders_fitting(["03/02/2015", "04/15/2015"]) == ("mdy",)


def test_a_day_in_another_order_refuses_its_row_and_names_the_order_that_fits(tmp_path: Path) -> None:
    rows = read("Received\n03/14/2015\n14/03/2015\n", tmp_path, {"days": "mdy", "columns": WHEN})
    assert [row["decision.on"] for row in facts(rows)] == [date(2015, 3, 14)]
    [refused] = rows.cells.refused
    assert (refused.row, refused.code) == (3, "no-day")
    assert refused.message.endswith("it would be one written dmy")


def test_without_an_order_days_are_read_as_before(tmp_path: Path) -> None:
    rows = read("Received\n2015-03-14\n03/02/2015\n", tmp_path, WHEN)
    assert rows.facts.num_rows == 1
    assert "it is written mdy or dmy" in rows.cells.refused[0].message


def test_an_order_alone_is_for_columns_that_are_called_by_their_fact(tmp_path: Path) -> None:
    column_map, findings = add_columns(None, (), "dmy", VOCABULARY)
    assert column_map and not findings
    table = opened("request.received_on,custody.arrested_on\n14/03/2015,01/02/2015\n", tmp_path, column_map)
    reader, _ = find_reader(table, VOCABULARY, OFFENSES)
    assert reader
    [row] = facts(reader.read_rows(next(iter(table.pieces()))))
    assert row["custody.arrested_on"] == date(2015, 2, 1)
    assert row["request.received_on"] == date(2015, 3, 14)


def test_codes_stand_for_values_and_other_text_stays_as_it_is(tmp_path: Path) -> None:
    given = {"columns": {**WHEN, "Pays": {"fact": "request.reimbursement_agreed", "codes": {"Y": True, "0": False}}}}
    text = "Received,Pays\n2015-03-14,Y\n2015-03-14,y\n2015-03-14,0.0\n2015-03-14,true\n2015-03-14,1\n2015-03-14,\n"
    rows = read(text, tmp_path, given)
    assert [row.get("request.reimbursement_agreed") for row in facts(rows)] == [True, True, False, True, None, None]
    assert rows.findings["not-a-truth"] == 1
    assert rows.unread["request.reimbursement_agreed"].to_pylist() == [False, False, False, False, True, False]


def test_codes_that_differ_in_capitals_alone_are_compared_as_written(tmp_path: Path) -> None:
    given = {"columns": {**WHEN, "Stage": {"fact": "custody.stage", "codes": {"p": "pretrial", "P": "sentenced"}}}}
    assert fact("custody.stage", "Received,Stage\n2015-03-14,p\n2015-03-14,P\n", tmp_path, given) == [
        "pretrial",
        "sentenced",
    ]


def test_missing_says_nothing_and_none_says_that_there_is_none(tmp_path: Path) -> None:
    column = {"fact": "convictions[].offense", "missing": ["9"], "none": ["NO RECORD"]}
    text = "Received,Prior\n2015-03-14,9\n2015-03-14,No record\n2015-03-14,\n2015-03-14,robbery\n"
    assert fact("convictions", text, tmp_path, {"columns": {**WHEN, "Prior": column}}) == [
        None,
        KnownList((), whole=True),
        None,
        KnownList(({"offense": "robbery"},), whole=False),
    ]


def test_several_columns_make_a_record_and_numbered_ones_further_records(tmp_path: Path) -> None:
    given = {
        "days": "mdy",
        "columns": {
            **WHEN,
            "Charge 1": "charges[1].offense",
            "Level 1": {"fact": "charges[1].grade", "codes": {"F": "felony", "M": "misdemeanor"}},
            "Charge 2": {"fact": "charges[2].offense", "complete": False},
        },
    }
    text = "Received,Charge 1,Level 1,Charge 2\n3/2/2015,robbery,F,dui\n3/2/2015,,M,\n3/2/2015,,,\n"
    assert fact("charges", text, tmp_path, given) == [
        KnownList(({"offense": "robbery", "grade": "felony"}, {"offense": "dui"}), whole=False),
        KnownList(({"grade": "misdemeanor"},), whole=False),
        None,
    ]


def test_a_separator_divides_cells_and_uneven_cells_make_no_records(tmp_path: Path) -> None:
    given = {
        "columns": {
            **WHEN,
            "Prior": {"fact": "convictions[].offense", "separator": "|", "complete": True},
            "On": {"fact": "convictions[].convicted_on", "separator": "|", "complete": True, "days": "mdy"},
        }
    }
    text = "Received,Prior,On\n2015-03-14,robbery | dui,1/2/2003|4/5/2006\n2015-03-14,robbery|dui,1/2/2003\n"
    rows = read(text, tmp_path, given)
    assert [row.get("convictions") for row in facts(rows)] == [
        KnownList(
            (
                {"offense": "robbery", "convicted_on": date(2003, 1, 2)},
                {"offense": "dui", "convicted_on": date(2006, 4, 5)},
            ),
            whole=True,
        ),
        None,
    ]
    assert rows.findings["uneven-cells"] == 1
    assert rows.unread["convictions"].to_pylist() == [False, True]


def test_text_that_is_not_understood_makes_no_record_and_the_list_is_known_in_part(tmp_path: Path) -> None:
    columns = {f"Charge {at}": {"fact": f"charges[{at}].offense", "complete": True} for at in (1, 2)}
    text = "Received,Charge 1,Charge 2\n2015-03-14,robbery,see file\n2015-03-14,see file,\n2015-03-14,robbery,dui\n"
    rows = read(text, tmp_path, {"columns": {**WHEN, **columns}})
    assert [row.get("charges") for row in facts(rows)] == [
        KnownList(({"offense": "robbery"},), whole=False),
        None,
        KnownList(({"offense": "robbery"}, {"offense": "dui"}), whole=True),
    ]
    assert rows.findings["not-understood"] == 2
    assert rows.unread["charges"].to_pylist() == [False, True, False]


@pytest.mark.parametrize(
    "text",
    ["IMMIGRATION", "ICE HOLD", "Hold for ICE", "IMMIGRATION HOLD", "I.C.E. DETAINER", "HOLD - IMMIGRATION", "INS HOLD",
     "US IMMIGRATION DETAINER", "FEDERAL HOLD - ICE", "DHS/ICE HOLD", "I-247", "IMMIGRATION (HOLD)", "HOLD, IMMIGRATION", "FEDERAL DETAINER (ICE)", "ICE HOLD (I-247A)", "IMMIG HLD",
     "IMMIGRATION DETAINER 8 CFR 287.7", "287(G) HOLD", "I-200 WARRANT", "IMMIGRATION ADMIN WARRANT", "BORDER PATROL HOLD", "DEPORTATION HOLD"],
)  # fmt: skip
def test_an_immigration_hold_is_recognised(text: str) -> None:
    assert is_hold(text)


@pytest.mark.parametrize(
    "text",
    [
        "ILLEGAL REENTRY",
        "IMMIGRATION FRAUD",
        "ALIEN SMUGGLING",
        "HOLD FOR OTHER COUNTY",
        "ROBBERY",
        "NICE",
        "HOLD",
        "ICE POSSESSION",
        "ICE WARRANT",
        "8 USC 1326 IMMIGRATION",
        "US MARSHAL HOLD",
        "BORDER PATROL",
        "1287 HOLD",
        "",
    ],
)
def test_an_offense_is_no_immigration_hold(text: str) -> None:
    assert not is_hold(text)


def test_an_immigration_hold_among_the_charges_is_counted_and_is_no_charge(tmp_path: Path) -> None:
    columns = {f"Charge {at}": {"fact": f"charges[{at}].offense", "complete": True} for at in (1, 2)}
    text = "Received,Charge 1,Charge 2\n2015-03-14,ICE HOLD,dui\n2015-03-14,HOLD FOR ICE,\n"
    rows = read(text, tmp_path, {"columns": {**WHEN, **columns}})
    assert [row.get("charges") for row in facts(rows)] == [
        KnownList(({"offense": "dui"},), whole=True),
        KnownList((), whole=True),
    ]
    assert rows.findings["hold-not-charge"] == 2


def test_published_codes_of_offenses_are_read_where_the_map_says_so(tmp_path: Path) -> None:
    given = {"columns": {**WHEN, "NCIC": {"fact": "charges[].offense", "codes": "ncic"}}}
    code, family = next((code, family) for code, family in OFFENSES.items() if family == "robbery")
    text = f"Received,NCIC\n2015-03-14,{code}\n2015-03-14,0000\n2015-03-14,7\n"
    rows = read(text, tmp_path, given)
    assert [row.get("charges") for row in facts(rows)] == [KnownList(({"offense": family},), whole=False), None, None]
    assert rows.findings["not-understood"] == 1


def test_several_columns_give_the_members_of_a_set(tmp_path: Path) -> None:
    given = {
        "columns": {
            **WHEN,
            "Hold box": {"fact": "request.asks", "codes": {"X": "hold"}},
            "Notice box": {"fact": "request.asks", "codes": {"X": "notify"}},
        }
    }
    text = "Received,Hold box,Notice box\n2015-03-14,X,X\n2015-03-14,,X\n2015-03-14,,\n"
    assert fact("request.asks", text, tmp_path, given) == [
        KnownSet(frozenset({"hold", "notify"}), whole=False),
        KnownSet(frozenset({"notify"}), whole=False),
        None,
    ]


BOOKING = {
    "days": "mdy",
    "booking": "Booking",
    "columns": {**WHEN, "Charge": {"fact": "charges[].offense", "complete": True}, "Jail": "facility"},
}


def test_the_rows_of_one_booking_are_one_request(tmp_path: Path) -> None:
    text = (
        "Booking,Received,Charge,Jail\nB1,3/2/2015,robbery,LEON COUNTY JAIL\nB2,3/2/2015,dui,LEON COUNTY JAIL\n"
        "B1,3/2/2015,dui,\n,3/2/2015,dui,X\n,3/2/2015,dui,Y\n"
    )
    table = opened(text, tmp_path, map_of(BOOKING))
    reader, _ = find_reader(table, VOCABULARY, OFFENSES)
    assert reader
    rows = reader.read_rows(next(iter(table.pieces())))
    assert rows.facts.column("row").to_pylist() == [2, 3, 5, 6]
    assert facts(rows)[0]["charges"] == KnownList(({"offense": "robbery"}, {"offense": "dui"}), whole=True)
    assert rows.cells.named("detention_facility").to_pylist() == ["LEON COUNTY JAIL", "LEON COUNTY JAIL", "X", "Y"]
    [account] = table.ledger.check(4).accounts
    assert (account.lines, account.rows, account.joined) == (6, 4, 1)


def test_no_rows_are_joined_by_a_word_for_nothing(tmp_path: Path) -> None:
    text = "Booking,Received,Charge,Jail\nunknown,3/2/2015,robbery,A\nUNKNOWN,3/2/2015,dui,A\nTBA,3/2/2015,dui,A\nTBA,3/2/2015,dui,A\n"
    assert read(text, tmp_path, {**BOOKING, "missing": "tba"}).facts.num_rows == 4


def test_rows_of_a_booking_that_are_the_same_are_said(tmp_path: Path) -> None:
    text = "Booking,Received,Charge,Jail\nB1,3/2/2015,robbery,A\nB1,3/2/2015,robbery,A\nB1,3/2/2015,dui,A\n"
    rows = read(text, tmp_path, BOOKING)
    assert rows.findings == {"repeated-row": 1}
    assert len(facts(rows)[0]["charges"].items) == 3


def test_a_refused_row_may_belong_to_any_booking(tmp_path: Path) -> None:
    rows = read(
        'Booking,Received,Charge,Jail\nB1,3/2/2015,robbery,A\nB2,3/2/2015,"dui"x,A\nB1,3/2/2015,dui,A\n',
        tmp_path,
        BOOKING,
    )
    assert [refused.code for refused in rows.cells.refused] == ["stray-quote"]
    assert facts(rows)[0]["charges"] == KnownList(({"offense": "robbery"}, {"offense": "dui"}), whole=False)
    assert rows.findings == {"booking-in-part": 1}


def test_a_whole_list_in_a_cell_may_be_none(tmp_path: Path) -> None:
    given = {"columns": {**WHEN, "Prior": {"fact": "convictions", "none": ["NONE"]}}}
    assert fact(
        "convictions", 'Received,Prior\n2015-03-14,NONE\n2015-03-14,"[{""offense"": ""dui""}]"\n', tmp_path, given
    ) == [
        KnownList((), whole=True),
        KnownList(({"offense": "dui"},), whole=True),
    ]
    assert faults_of({"columns": {"Prior": {"fact": "convictions", "separator": ";"}}})[0].code == "not-a-list"


def test_a_booking_whose_rows_differ_is_refused_whole(tmp_path: Path) -> None:
    text = "Booking,Received,Charge,Jail\nB1,3/2/2015,robbery,A\nB1,3/3/2015,dui,A\nB2,3/3/2015,dui,A\n"
    rows = read(text, tmp_path, BOOKING)
    assert rows.facts.column("row").to_pylist() == [4]
    assert [(refused.row, refused.code) for refused in rows.cells.refused] == [
        (2, "booking-differs"),
        (3, "booking-differs"),
    ]


def test_a_booking_with_a_bad_day_in_one_row_is_refused_whole(tmp_path: Path) -> None:
    text = "Booking,Received,Charge,Jail\nB1,3/2/2015,robbery,A\nB1,soon,dui,A\nB2,soon,dui,A\nB2,soon,robbery,A\n"
    rows = read(text, tmp_path, BOOKING)
    assert not rows.facts.num_rows
    assert [(refused.row, refused.code) for refused in rows.cells.refused] == [
        (2, "booking-differs"),
        (3, "booking-differs"),
        (4, "no-day"),
    ]


def test_a_charge_of_a_booking_that_is_not_understood_leaves_its_list_known_in_part(tmp_path: Path) -> None:
    text = "Booking,Received,Charge,Jail\nB1,3/2/2015,robbery,A\nB1,3/2/2015,see file,A\nB2,3/2/2015,see file,A\n"
    rows = read(text, tmp_path, BOOKING)
    assert [row.get("charges") for row in facts(rows)] == [KnownList(({"offense": "robbery"},), whole=False), None]
    assert rows.findings["not-understood"] == 2
    assert rows.unread["charges"].to_pylist() == [False, True]


def test_what_the_map_does_not_name_stays_and_what_it_ignores_does_not(tmp_path: Path) -> None:
    text = "Received,subject.age,State\n2015-03-14,30,FLORIDA\n"
    rows = read(text, tmp_path, {"columns": {**WHEN, "State": "ignore"}})
    assert facts(rows)[0]["subject.age"] == 30
    assert "facility_state" not in rows.cells.table.column_names
    rows = read(text, tmp_path, {"columns": {**WHEN, "subject.age": "ignore"}})
    assert "subject.age" not in facts(rows)[0]


def test_a_column_that_the_table_lacks_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "bookings.csv"
    path.write_text("Recieved,Age\n2015-03-14,30\n", encoding="utf-8")
    table, [finding] = open_through(path, READ, map_of(WHEN), vocabulary=VOCABULARY, offenses=OFFENSES)
    assert table is None and finding.code == "no-column" and "Recieved" in finding.help


def test_two_columns_for_one_fact_are_a_finding_also_where_the_map_names_one(tmp_path: Path) -> None:
    path = tmp_path / "bookings.csv"
    path.write_text("Received,request.received_on\n2015-03-14,2015-03-14\n", encoding="utf-8")
    table, [finding] = open_through(path, READ, map_of(WHEN), vocabulary=VOCABULARY, offenses=OFFENSES)
    assert table is None and finding.code == "doubled-fact"


def test_a_published_day_beside_a_mapped_one_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "bookings.csv"
    path.write_text("Received,Date\n,2015-03-14\n", encoding="utf-8")
    table, [finding] = open_through(path, READ, map_of(WHEN), vocabulary=VOCABULARY, offenses=OFFENSES)
    assert table is None and finding.line().endswith("write in the map Date: ignore [doubled-fact]")
    assert opened("Received,Date\n,2015-03-14\n", tmp_path, map_of({**WHEN, "Date": "ignore"}))
