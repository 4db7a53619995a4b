"""`comity cost compare` and the pictures of costs: the page, the JSON, the files; and `comity cost` as it always was."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.house.tree import ROOT

from .running import pinned, run

GOLDEN = Path(__file__).parent / "golden"
HOLDS, PAYMENTS = (
    "held_from,held_until\n2017-01-24,2017-02-03\n2017-11-02,2017-11-04\n",
    "on,period,paid,written_off\n2018-02-01,2017-11,200,26\n",
)
LAWS = "--law us/fl/miami-dade@2017-01-25 --law us/fl/miami-dade@2017-01-26"
COMMAND = f"cost compare policies/demo/requests-2016.csv {LAWS}"
NAMES = {"break-even-curve", "what-drives-it"}


@pytest.fixture
def tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_what_people_read(tree: None) -> None:
    done = run(COMMAND)
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    pinned(GOLDEN / "cost_compare.txt", re.sub(r"Law version [0-9a-f]{16}", "Law version HASH", done.stdout))


def test_json_is_one_document_with_every_amount_in_cents(tree: None) -> None:
    comparison = json.loads(run(f"{COMMAND} --json").stdout)
    assert (comparison["second"]["cost_cents"]["middle"], comparison["written"]) == (5_200_000, [])
    assert all(
        isinstance(cents, int)
        for name in ("first", "second", "more")
        for cents in comparison[name]["net_cents"].values()
    )
    assert "." not in json.dumps(comparison["break_even"]["middle"]["exact"])


def test_pictures_are_the_same_twice_with_words_and_a_table(tree: None, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        done = run(f"{COMMAND} --pictures {(tmp_path / folder).as_posix()}")
        assert (done.exit_code, done.stdout.count("\nwritten: ")) == (0, 6)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        shown = ROOT / "docs" / "pictures" / path.name
        assert path.suffix != ".svg" or path.read_bytes() == shown.read_bytes()
    assert {path.stem for path in (tmp_path / "one").iterdir()} == NAMES
    table = (tmp_path / "one" / "what-drives-it.md").read_text(encoding="utf-8")
    assert (
        "| days a hold | 1.2 | 5 | 0.0067% | 0.028% |" in table
        and "federal money at stake, not known to $355,000,000" in table
    )
    described = ElementTree.parse(tmp_path / "one" / "break-even-curve.svg").getroot()
    words = " ".join("".join(described.itertext()).split())
    assert "Nobody has published either chance" in words


def test_nothing_is_drawn_where_nothing_turns(tree: None, tmp_path: Path) -> None:
    done = run(f"{COMMAND.replace('2017-01-25', '2017-01-26')} --pictures {(tmp_path / 'none').as_posix()}")
    assert done.exit_code == 0 and "both laws hold the same people, so their costs do not differ" in " ".join(
        done.stdout.split()
    )
    assert done.stdout.endswith("\nno picture: there is no single chance above zero at which both laws cost the same\n")
    assert not [*(tmp_path / "none").iterdir()]


def test_a_countys_own_figures_lie_over_the_published_ones(tree: None, tmp_path: Path) -> None:
    budgets = "place,from,until,federal,total,percent,source,evidence,note\nus/fl/miami-dade,2016-10-01,2017-10-01,100000000,,,the county,verified,\n"
    (tmp_path / "budgets.csv").write_text(budgets, encoding="utf-8")
    comparison = json.loads(run(f"{COMMAND} --library {tmp_path.as_posix()} --json").stdout)
    assert (comparison["funding"]["amount_cents"], comparison["funding"]["source"], comparison["funding"]["share"]) == (
        100_000_000_00,
        "the county",
        None,
    )
    (tmp_path / "budgets.csv").write_text(budgets.replace("the county", ""), encoding="utf-8")
    done = run(f"{COMMAND} --library {tmp_path.as_posix()}")
    assert (done.exit_code, done.stdout) == (2, "") and "needs a source" in done.stderr


@pytest.mark.parametrize(("options", "said"), [
    ("--requests 0", '--requests: "0" is no number of requests; a whole number from 1 to 10,000,000 [not-a-number]\n'),
    ("--on soon", '--on: "soon" is no day; write YYYY-MM-DD, as in 2017-01-26 [not-a-day]\n'),
    ("--law us/fl/miami-dade@2017-01-27", "--law: 3 laws are named, not two; write PLACE@DAY, as in us/fl/miami-dade@2017-02-01, twice [not-two-laws]\n"),
])  # fmt: skip
def test_bad_input_is_one_line(options: str, said: str, tree: None) -> None:
    done = run(f"{COMMAND} {options}")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", said)


def test_costs_of_a_table_are_asked_for_as_always_and_their_pictures_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compare.csv").write_text(HOLDS, encoding="utf-8")
    (tmp_path / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    done = run("cost compare.csv --place us/fl/miami-dade --payments payments.csv --pictures drawn")
    assert done.exit_code == 0 and "What 2 holds cost" in done.stdout.replace("WHAT 2 HOLDS COST", "What 2 holds cost")
    assert {path.stem for path in (tmp_path / "drawn").iterdir()} == {"cost-over-time", "who-pays"}
    months = (tmp_path / "drawn" / "cost-over-time.md").read_text(encoding="utf-8").splitlines()[4:]
    assert len(months) == 2 + 11 and "| 2017-05 | 0 | $0.00 | $0.00 | $0.00 |" in months  # each month between is there
    pays = (tmp_path / "drawn" / "who-pays.md").read_text(encoding="utf-8")
    assert (
        "| paid by the federal government | $200.00 |" in pays
        and "| borne by the county, written off | $26.00 |" in pays
    )
    assert (
        "comity cost compare --help" in run("cost --help").stdout
        and "Usage: comity cost compare" in run("cost compare --help").stdout
    )


def test_a_brief_is_written_whole_and_named(tree: None, tmp_path: Path) -> None:
    path = tmp_path / "new" / "brief.pdf"
    done = run(f"{COMMAND} --brief {path.as_posix()}")
    assert done.exit_code == 0 and done.stdout.endswith(f"written: {path.as_posix()}\n")
    assert path.read_bytes().startswith(b"%PDF-") and [file.name for file in path.parent.iterdir()] == ["brief.pdf"]


def test_a_brief_is_a_pdf_by_its_name(tree: None, tmp_path: Path) -> None:
    done = run(f"{COMMAND} --brief {(tmp_path / 'brief.doc').as_posix()}")
    assert done.exit_code == 2 and "is no name of a PDF; write a name that ends in .pdf" in done.stderr
    assert not [*tmp_path.iterdir()]


def test_the_conditions_on_the_money_stand_beside_both_laws(tree: None) -> None:
    conditions = json.loads(run(f"{COMMAND} --json").stdout)["funding"]["conditions"]
    assert [condition["id"] for condition in conditions] == ["doj-2016-section-1373", "eo13768-9a"]
    assert {(condition["first"], condition["second"]) for condition in conditions} == {
        ("does not breach it", "does not breach it")
    }


@pytest.mark.parametrize("name", ["figures.csv", "figures.yaml"])
def test_a_file_of_figures_is_written_once_and_read(name: str, tree: None, tmp_path: Path) -> None:
    path = tmp_path / name
    done = run(f"cost compare --figures-template {path.as_posix()}")
    assert done.exit_code == 0 and done.stdout.startswith(f"written: {path.as_posix()}\n")
    assert json.loads(run(f"{COMMAND} --figures {path.as_posix()} --json").stdout)["requests_a_year"] is None
    again = run(f"cost compare --figures-template {path.as_posix()}")
    assert again.exit_code == 2 and "exists already" in again.stderr


def test_figures_of_the_file_and_of_options_are_named_by_option_where_they_clash(tree: None, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("figure,value,day,source,note\ncost_a_day,100,2026-01-01,Jail,\nat_steak,,,,\n", encoding="utf-8")
    done = run(f"{COMMAND} --figures {path.as_posix()}")
    assert done.exit_code == 2 and 'figures.csv:3: refused: there is no figure "at_steak"' in done.stderr
    path.write_text("figure,value,day,source,note\ncost_a_day,100,2026-01-01,Jail,\n", encoding="utf-8")
    done = run(f"{COMMAND} --figures {path.as_posix()} --cost-a-day 5")
    assert done.exit_code == 2 and done.stderr.startswith("--cost-a-day: cost_a_day is also in the file of figures")


@pytest.mark.parametrize("name", ["figures.xlsx", "figures"])
def test_a_file_of_figures_is_csv_or_yaml(name: str, tree: None, tmp_path: Path) -> None:
    done = run(f"cost compare --figures-template {(tmp_path / name).as_posix()}")
    assert done.exit_code == 2 and "write a name that ends in .csv, .yaml or .yml" in done.stderr
    assert not [*tmp_path.iterdir()]
