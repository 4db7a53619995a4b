"""A county's own figures in a file: read, named with day and source, and refused row by row where they cannot be used."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import comity
from comity import api
from comity.board.worksheet import MEANINGS, read_worksheet, template
from comity.finding import Finding
from tests.house.tree import ROOT

LIBRARY = api.load()
DEMO = ROOT / "policies" / "demo" / "requests-2016.csv"
LAWS = ("us/fl/miami-dade@2017-01-25", "us/fl/miami-dade@2017-01-26")
HEAD = "figure,value,day,source,note\n"
ROWS = (
    'cost_a_day,"$150.25",2026-03-01,"Budget office, memo 12",without salaries\n'
    "paid_a_day,0,2026-03-02,Sheriff,\n"
    "days_a_hold,260/100,2026-03-03,Jail,\n"
    'at_stake,"1,000,000",2026-03-04,Budget,\n'
    'requests_a_year,"1,400",2026-03-05,Jail,\n'
)
YAML = """
cost_a_day: {value: $150.25, day: 2026-03-01, source: "Budget office, memo 12", note: without salaries}
paid_a_day: {value: 0, day: 2026-03-02, source: Sheriff}
days_a_hold:
  value: 260/100
  day: 2026-03-03
  source: Jail
at_stake: {value: "1,000,000", day: 2026-03-04, source: Budget}
requests_a_year: {value: 1400, day: 2026-03-05, source: Jail}
"""


def written(folder: Path, text: str, name: str = "figures.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text"), [("figures.csv", HEAD + ROWS), ("figures.yaml", YAML)])
def test_both_forms_say_the_same(name: str, text: str, tmp_path: Path) -> None:
    worksheet, findings = read_worksheet(written(tmp_path, text, name))
    assert not findings
    assert {name: value for name, (value, _) in worksheet.figures.items()} == {
        "cost_a_day": 15_025, "paid_a_day": 0, "days_a_hold": Fraction(26, 10), "at_stake": 100_000_000, "requests_a_year": 1_400,
    }  # fmt: skip
    source = worksheet.figures["cost_a_day"][1]
    assert source.words == "the county's own figure of 2026-03-01: Budget office, memo 12; without salaries"


@pytest.mark.parametrize("ending", [".csv", ".yaml", ".yml"])
def test_the_template_has_every_figure_and_no_value(ending: str, tmp_path: Path) -> None:
    text = template(ending)
    assert all(name in text and meaning in text for name, meaning in MEANINGS.items())
    worksheet, findings = read_worksheet(written(tmp_path, text, f"figures{ending}"))
    assert (dict(worksheet.figures), findings) == ({}, [])


def test_a_figure_filled_into_the_template_does_not_take_its_explanation_for_a_note(tmp_path: Path) -> None:
    filled = template(".csv").replace("requests_a_year,,,,", "requests_a_year,400,2026-01-01,Jail,")
    worksheet, _ = read_worksheet(written(tmp_path, filled))
    assert worksheet.figures["requests_a_year"][1].note == ""


@pytest.mark.parametrize(("row", "message"), [
    ("cost_a_dya,1,2026-01-01,x,", 'refused: there is no figure "cost_a_dya"; did you mean "cost_a_day"?'),
    ("cost_a_day,about 100,2026-01-01,x,", 'refused: "about 100" is no value of cost_a_day'),
    ("cost_a_day,-1,2026-01-01,x,", 'refused: "-1" is no value of cost_a_day'),
    ("days_a_hold,0,2026-01-01,x,", 'refused: "0" is no value of days_a_hold'),
    ("requests_a_year,2.5,2026-01-01,x,", 'refused: "2.5" is no value of requests_a_year'),
    ("requests_a_year,99999999999,2026-01-01,x,", 'refused: "99999999999" is no value of requests_a_year'),
    ("at_stake,1,last year,x,", "refused: at_stake has no day on which it was so"),
    ("at_stake,1,2026-01-01,,", "refused: at_stake has no source"),
    (f"at_stake,{'9' * 5_000},2026-01-01,x,", 'refused: "999'),
    (f"at_stake,1,2026-01-01,{'x' * 2_000},", "refused: the source of at_stake has more than 1,000 characters"),
    ("at_stake,1,2026-01-01,x,\nat_stake,2,2026-01-01,x,", "refused: at_stake is given twice"),
    ("at_stake,1,2026-01-01", "this row has 3 cells"),
])  # fmt: skip
def test_a_row_that_cannot_be_used_is_named(row: str, message: str, tmp_path: Path) -> None:
    _, findings = read_worksheet(written(tmp_path, f"{HEAD}{row}\n"))
    assert [(finding.grave, finding.place.line) for finding in findings] == [(True, 1 + len(row.split("\n")))]
    assert message in findings[0].line()


@pytest.mark.parametrize(("text", "message"), [
    ("- at_stake", "this is no list of figures"),
    ("at_stake: 12", '"at_stake" is not written as a figure'),
    ("at_stake: {value: 1, day: 2026-01-01, source: x, sorce: y}", '"sorce" is no part of a figure; did you mean "source"?'),
    ("at_stake: [", "not readable as YAML"),
])  # fmt: skip
def test_yaml_that_cannot_be_used_is_named(text: str, message: str, tmp_path: Path) -> None:
    _, findings = read_worksheet(written(tmp_path, text, "figures.yaml"))
    assert findings and message in findings[0].line() and "figures.yaml:" in findings[0].line()


def test_a_file_of_another_kind_and_none_at_all_are_findings(tmp_path: Path) -> None:
    def codes(path: Path) -> list[str]:
        return [finding.code for finding in read_worksheet(path)[1]]

    assert codes(tmp_path / "figures.xlsx") == ["not-a-worksheet"]
    assert codes(tmp_path / "none.csv") == codes(tmp_path / "none.yaml") == ["unreadable"]


def test_the_figures_of_a_file_go_before_the_published_ones_and_are_named_as_the_countys_own(tmp_path: Path) -> None:
    choice = comity.weigh(DEMO, *LAWS, figures=written(tmp_path, HEAD + ROWS), library=LIBRARY)
    document = choice.to_dict()
    assert document["scale"] == "14" and document["second"]["cost_cents"]["middle"] == 1_400 * 15_025 * 26 // 10
    assert document["second"]["charged_cents"] == dict.fromkeys(("low", "middle", "high"), 0)
    said = document["assumptions"]["day_cents"]["said"]
    assert said[0]["source"] == "the county's own figure of 2026-03-01: Budget office, memo 12; without salaries"
    assert document["requests_a_year"]["county"] == {"on": "2026-03-05", "source": "Jail", "note": ""}
    page = choice.to_markdown()
    assert "1,400 requests a year, the county's own figure of 2026-03-05: Jail." in page
    assert "$1,000,000, the county's own figure of 2026-03-04: Budget." in page


@pytest.mark.parametrize(
    ("given", "parameter"),
    [({"day_cost_cents": 1}, "day_cost_cents"), ({"requests": 5}, "requests"), ({"not_billed": True}, "not_billed")],
)
def test_a_figure_that_is_given_twice_is_refused(given: dict[str, int], parameter: str, tmp_path: Path) -> None:
    with pytest.raises(comity.InputFault) as fault:
        comity.weigh(DEMO, *LAWS, figures=written(tmp_path, HEAD + ROWS), library=LIBRARY, **given)  # type: ignore[arg-type]
    findings: list[Finding] = list(fault.value.findings)
    assert [(finding.code, str(finding.place.source)) for finding in findings] == [("given-twice", parameter)]
