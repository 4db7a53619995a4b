"""Proposing a map: what heading and cells show is proposed, what they do not show is left open, and no cell of a person is quoted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from comity.intake.column_map.proposal import Proposal, ProposedColumn
from comity.intake.column_map.propose import propose_map
from comity.intake.column_map.read_map import read_column_map
from comity.intake.column_map.write_map import as_yaml
from comity.intake.locations import describe_no_place, find_place_of_cell
from comity.law.cache import load
from comity.law.library import Library


@cache
def library() -> Library:
    return load()[0]


def propose(text: str, folder: Path) -> Proposal:
    path = folder / "bookings.csv"
    path.write_text(text, encoding="utf-8")
    proposal, findings = propose_map(path, library())
    assert proposal, findings
    return proposal


def column(text: str, folder: Path, heading: str = "") -> ProposedColumn:
    columns = propose(text, folder).columns
    return next(column for column in columns if not heading or column.heading == heading)


@pytest.mark.parametrize(
    ("heading", "cell", "fact"),
    [
        ("Detainer Recvd Dt", "03/14/2015", "request.received_on"),
        ("DETAINER_DATE", "03/14/2015", "request.received_on"),
        ("Arrest Date", "03/14/2015", "custody.arrested_on"),
        ("ICE Form", "I-247A", "request.form"),
        ("Jail Name", "LEON COUNTY JAIL", "facility"),
        ("Charge 2", "dui", "charges[2].offense"),
        ("Chg Desc 3", "dui", "charges[3].offense"),
        ("Charge Level 1", "F", "charges[1].grade"),
        ("Conviction Date", "03/14/2015", "convictions[].convicted_on"),
        ("subject.age", "34", "subject.age"),
        ("Age", "34", "subject.age"),
        ("detainer_prepare_date", "2015-03-14", "detainer_prepare_date"),
        ("Age (years)", "34", "subject.age"),
        ("Fel/Misd", "F", "charges[].grade"),
        ("Detainer Rec'd", "03/14/2015", "request.received_on"),
        ("Fecha de arresto", "14/03/2015", "custody.arrested_on"),
        ("CÁRCEL", "LEON COUNTY JAIL", "facility"),
        ("Signed By", "Lee", "ignore"),
    ],
)
def test_a_heading_and_its_cells_name_a_fact(heading: str, cell: str, fact: str, tmp_path: Path) -> None:
    assert column(f"{heading},X\n{cell},1\n", tmp_path, heading).fact == fact


@pytest.mark.parametrize(
    ("heading", "cell", "candidate"),
    [
        ("Book Date", "03/14/2015", "request.received_on"),
        ("City", "MIAMI", "city"),
        ("Detainer Receivd", "03/14/2015", "request.received_on"),
        ("Age", "thirty", "subject.age"),
        ("State", "FL", "state"),
        ("When", "03/14/2015", "request.received_on"),
        ("Booked", "03/14/2015", "custody.arrested_on"),  # days, and no numbers of bookings
        ("Booked", "20150314", "custody.arrested_on"),
        ("Detainer", "03/14/2015", "request.received_on"),
        ("Det Date", "03/14/2015", "request.received_on"),  # of detainer or of detention
        ("M/F", "F", "charges[].grade"),  # or the person's sex
        ("Removal Order", "03/14/2015", "subject.final_order"),
        ("Issued On", "03/14/2015", "request.received_on"),
        ("Age", "1985", "subject.age"),  # the year of birth
        ("Charges", "3", "charges[].offense"),  # how many there are
        ("Conviction", "Y", "convictions[].offense"),
        ("Status", "in the south wing", "custody.stage"),
    ],
)
def test_what_is_not_sure_is_open_with_its_candidates(heading: str, cell: str, candidate: str, tmp_path: Path) -> None:
    found = column(f"{heading},X\n{cell},1\n", tmp_path, heading)
    assert found.fact == "?" and candidate in found.candidates


def test_a_published_table_keeps_its_columns(tmp_path: Path) -> None:
    text = "date,det_facility,city,state,case_status,entry_date\n2014-06-02,LEHIGH COUNTY JAIL,ALLENTOWN,PA,ACTIVE,2001-01-01\n"
    proposal = propose(text, tmp_path)
    assert [column.fact for column in proposal.columns] == [
        *("detainer_prepare_date", "detention_facility", "facility_city", "facility_state", "ignore", "ignore"),
    ]  # fmt: skip


def test_counties_without_a_state_are_open_as_one_question(tmp_path: Path) -> None:
    proposal = propose("Detainer Date,County\n2015-03-14,clay\n2015-03-14,bell\n", tmp_path)
    assert proposal.open == 1 and proposal.columns[1].candidates == ("place",)


def test_a_county_with_the_name_of_a_state_is_no_state(tmp_path: Path) -> None:
    rows = "".join(f"2015-03-14,{county},PA\n" for county in ("Washington", "INDIANA", "York", "ADAMS CO"))
    places = column(f"Detainer Date,County,State\n{rows}", tmp_path, "County")
    assert {code.code: code.value for code in places.codes} == {
        "Washington": "us/pa/washington", "INDIANA": "us/pa/indiana", "York": "us/pa/york",
        "ADAMS CO": "us/pa/adams",
    }  # fmt: skip
    assert [find_place_of_cell(text, library()) for text in ("Washington", "NEVADA", "New York", "Adams Co.")] == [
        None
    ] * 4
    found = [
        find_place_of_cell(text, library())
        for text in ("us/wa", "WA", "Georgia", "Washington County, OR", "Adams, CO", "Denver CO")
    ]
    assert [place and place.path for place in found] == [
        "us/wa",
        "us/wa",
        "us/ga",
        "us/or/washington",
        "us/co/adams",
        "us/co/denver",
    ]
    assert "may be us/wa, and a county in another State" in describe_no_place("Washington", library())


def test_a_state_beside_an_address_is_open(tmp_path: Path) -> None:
    rows = "2015-03-14,BAKER COUNTY JAIL,1 EXAMPLE ST,GA,GA\n2015-03-14,BAKER COUNTY JAIL,2 EXAMPLE ST,FL,GA\n"
    columns = propose(f"Detainer Date,Jail,Address,State,Jail State\n{rows}", tmp_path).columns
    assert [(column.fact, column.candidates) for column in columns[3:]] == [("?", ("state",)), ("?", ("state",))]
    columns = propose(f"Detainer Date,Jail,Address,Home,Jail State\n{rows}", tmp_path).columns
    assert columns[4].fact == "state"


def test_the_order_of_days_in_a_heading_settles_days_that_fit_two(tmp_path: Path) -> None:
    days = {
        order: column(f"Detainer Date ({order}),X\n03/04/2015,1\n", tmp_path).days
        for order in ("mm/dd/yyyy", "dd/mm/yy", "Y/N")
    }
    assert days == {"mm/dd/yyyy": "mdy", "dd/mm/yy": "dmy", "Y/N": "?"}
    assert column("Detainer Date (dd/mm/yyyy),X\n03/14/2015,1\n", tmp_path).days == "?"  # the cells say otherwise


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Name,Detainer Date,Charge\nA,2015-03-14,dui\nA,2015-03-14,robbery\nB,2015-03-14,dui\n", "1 row differs"),
        ("Name,Detainer Date,Charge\nA,2015-03-14,dui\nA,2015-03-15,robbery\nB,2015-03-14,dui\n", ""),
        ("Arrest #,Detainer Date,Charge\n1,2015-03-14,dui\n1,2015-03-14,robbery\n", ""),  # it is the booking
        (
            "County,Detainer Date,Detainers\nus/fl/leon,2015-03-14,12\nus/fl/clay,2015-03-14,3\n",
            "whole numbers up to 12",
        ),
        ("County,Detainer Date,No\nus/fl/leon,2015-03-14,1\nus/fl/clay,2015-03-14,2\n", ""),
    ],
)
def test_rows_that_may_be_no_requests_are_a_note(text: str, note: str, tmp_path: Path) -> None:
    notes = propose(text, tmp_path).notes
    assert (note in notes[0]) if note else not notes


def test_two_columns_for_one_fact_are_open(tmp_path: Path) -> None:
    columns = propose("Jail,Facility Name\nLEON COUNTY JAIL,LEON COUNTY JAIL\n", tmp_path).columns
    assert [(column.fact, column.candidates) for column in columns] == [("?", ("facility",))] * 2


def test_words_that_may_say_none_are_shown_and_not_taken_for_it(tmp_path: Path) -> None:
    text = as_yaml(propose("Detainer Date,Prior\n2015-03-14,NONE\n2015-03-14,robbery\n", tmp_path))
    assert "    # none: [NONE]  # 1 cell, unknown as it is" in text


def test_charges_that_are_not_understood_stand_as_comments(tmp_path: Path) -> None:
    rows = "2015-03-14,ROBBERY\n" * 3 + "2015-03-14,POSS CS\n" * 3
    text = as_yaml(propose("Detainer Date,Charge\n" + rows, tmp_path))
    assert '    #   POSS CS: "?"  # 3 cells' in text


def test_days_that_fit_one_order_have_it_and_days_that_fit_two_are_open(tmp_path: Path) -> None:
    text = "Detainer Date,Arrest Date\n03/14/2015,01/02/2015\n03/02/2015,01/03/2015\n"
    received, arrested = propose(text, tmp_path).columns
    assert (received.days, arrested.days) == ("mdy", "?")
    assert any("Detainer Date, fits mdy alone" in sentence for sentence in arrested.seen)
    assert column("Detainer Date,X\n2015-03-14,1\n", tmp_path).days == ""
    assert column("Detainer Date,X\n42077,1\n", tmp_path).days == "excel"


def test_days_of_two_orders_in_one_column_are_open(tmp_path: Path) -> None:
    mixed = column("Detainer Date,X\n" + "03/14/2015,1\n" * 9 + "03/04/2015,1\n" * 9 + "25/12/2015,1\n", tmp_path)
    assert mixed.days == "?" and "1 cell that can only be days of another order" in mixed.seen[-1]
    assert column("Detainer Date,X\n" + "03/14/2015,1\n" * 9 + "soon,1\n", tmp_path).days == "mdy"


def test_codes_are_proposed_or_left_open(tmp_path: Path) -> None:
    text = "Detainer Date,Reimb,Lvl,Status\n" + "2015-03-14,Y,F2,P\n2015-03-14,1,M,pretrial\n" * 2
    _, pays, level, stage = propose(text, tmp_path).columns
    assert {code.code: code.value for code in pays.codes} == {"Y": "true", "1": "?"}
    assert {code.code: code.value for code in level.codes} == {"F2": "felony", "M": "misdemeanor"}
    assert {code.code: code.value for code in stage.codes} == {"P": "?"}


def test_counties_become_places_where_one_state_is_named(tmp_path: Path) -> None:
    text = "Detainer Date,County,State\n2015-03-14,LEON,FL\n2015-03-14,Dade,FL\n"
    places = column(text, tmp_path, "County")
    assert places.codes[-1].value == "us/fl/leon" or places.codes[0].value == "us/fl/leon"


def test_national_codes_of_offenses_are_recognised(tmp_path: Path) -> None:
    assert column("Charge NCIC,X\n1299,1\n3562,1\n", tmp_path).code_list == "ncic"


def test_a_booking_with_several_rows_is_named(tmp_path: Path) -> None:
    assert propose("Booking No,Charge\nB1,dui\nB1,robbery\n", tmp_path).booking == "Booking No"
    assert propose("Booking No,Charge\nB1,dui\nB2,robbery\n", tmp_path).booking == ""
    assert propose("Booking,Arrest No,Charge\nB1,A1,dui\nB1,A1,robbery\n", tmp_path).booking == "Booking"
    assert propose("Booking,Charge\nNEW,dui\nNEW,robbery\n", tmp_path).booking == ""


def test_no_name_and_no_free_text_is_quoted(tmp_path: Path) -> None:
    rows = "".join(
        f"2015-03-14,DOE {at},JANE,see the file of DOE {at},Y,DOE; JANE {at},LEON COUNTY JAIL\n" for at in range(9)
    )
    proposal = propose("Detainer Date,Last Name,First,Notes,Reimb,Charge,Jail\n" + rows, tmp_path)
    text = as_yaml(proposal)
    assert not [word for word in ("DOE", "JANE", "file of", "LEON") if word in text]
    assert {column.heading for column in proposal.columns if column.fact == "ignore"} == {"Last Name", "First", "Notes"}


def test_an_open_map_is_refused_and_a_settled_one_is_read(tmp_path: Path) -> None:
    text = as_yaml(propose("Book Date;Jail;State;ICE Form\n03/14/2015;LEON COUNTY JAIL;FL;I-247 (12/12)\n", tmp_path))
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    column_map, findings = read_column_map(path, library().vocabulary)
    assert column_map is None and [finding.code for finding in findings] == ["open-column"]
    assert "request.received_on, custody.arrested_on" in findings[0].help
    path.write_text(text.replace('fact: "?"', "fact: request.received_on"), encoding="utf-8")
    column_map, findings = read_column_map(path, library().vocabulary)
    assert column_map and not findings
    assert {column.heading: column.days for column in column_map.columns}["Book Date"] == "mdy"


@pytest.mark.parametrize(
    "heading", ["=1+1", "a: b", "- x", "# y", '"q"', "null", "é", "{z}", "A\tB", "[1]", "'", "x\\y", "?"]
)
def test_any_heading_is_written_so_that_it_is_read_again(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "bookings.csv"
    path.write_text('Detainer Date,"' + heading.replace('"', '""') + '"\n2015-03-14,x\n', encoding="utf-8")
    proposal, findings = propose_map(path, library())
    assert proposal, findings
    (tmp_path / "map.yaml").write_text(as_yaml(proposal), encoding="utf-8")
    column_map, findings = read_column_map(tmp_path / "map.yaml", library().vocabulary)
    assert column_map, [finding.line() for finding in findings]
    assert " ".join(heading.split()) in column_map.ignored
