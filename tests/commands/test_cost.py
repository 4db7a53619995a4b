"""`comity cost`: the page, the JSON, and the files of an invoice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .running import pinned, run

GOLDEN = Path(__file__).parent / "golden"
HOLDS = """person,held_from,held_until
Subject 0017,2017-01-24,2017-02-03
Subject 0018,2017-11-02,2017-11-04
Subject 0019,2017-11-30T22:00:00-05:00,2017-12-02
Subject 0017,2017-11-05,2017-11-05
Subject 0018,2017-11-05,2016-11-07
"""
PAYMENTS = "on,period,paid,written_off\n2018-02-01,2017-11,400.00,52.00\n"
COMMAND = "cost holds.csv --place us/fl/miami-dade --payments payments.csv --leave-out"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "holds.csv").write_text(HOLDS, encoding="utf-8")
    (tmp_path / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_people_read(folder: Path) -> None:
    done = run(COMMAND)
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    pinned(GOLDEN / "cost.txt", done.stdout)


def test_json_gives_every_amount_in_cents_and_the_whole_ledger(folder: Path) -> None:
    costs = json.loads(run(f"{COMMAND} --json").stdout)
    assert (costs["rows"], costs["holds"], costs["people"], [row["row"] for row in costs["refused"]]) == (5, 4, 3, [6])
    assert costs["cost_cents"] == costs["paid_cents"] + costs["owed_cents"] + costs["borne_cents"] == 338_045
    assert all(sum(posting["cents"] for posting in entry["postings"]) == 0 for entry in costs["ledger"])
    assert all(rate["source"] for rate in costs["rates"]) and isinstance(costs["cost_cents"], int)


def test_an_invoice_is_written_twice_the_same(folder: Path) -> None:
    (folder / "again").mkdir()
    done = run(f"{COMMAND} --invoice 2017-11")
    assert done.exit_code == 0 and done.stdout.endswith(
        "\nwritten: invoice-miami-dade-2017-11.csv\nwritten: invoice-miami-dade-2017-11.pdf\n"
    )
    costs = json.loads(run(f"{COMMAND} --invoice 2017-11 --to again --json").stdout)
    assert [Path(path).name for path in costs["written"]] == [
        "invoice-miami-dade-2017-11.csv",
        "invoice-miami-dade-2017-11.pdf",
    ]
    for path in costs["written"]:
        assert Path(path).read_bytes() == (folder / Path(path).name).read_bytes()
    assert not [path.name for path in folder.rglob("*.part")]


def test_nothing_is_written_where_the_folder_is_none(folder: Path) -> None:
    done = run(f"{COMMAND} --invoice 2017-11 --to nowhere")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "--to: there is no folder nowhere; make the folder first [no-file]\n"
    assert sorted(path.name for path in folder.iterdir()) == ["holds.csv", "payments.csv"]


def test_an_invoice_is_written_whatever_the_names_and_the_pdf_says_what_it_cannot_show(folder: Path) -> None:
    names = ["\u738b\u5c0f\u660e", "\U0001f600", "a\x1b[31mb", "=1+1"]
    rows = "".join(f"{name},2017-11-02,2017-11-04\n" for name in names)
    (folder / "names.csv").write_text(f"person,held_from,held_until\n{rows}", encoding="utf-8")
    done = run("cost names.csv --place us/fl/miami-dade --invoice 2017-11")
    assert done.exit_code == 0 and done.stderr.startswith(
        "invoice 2017-11: the name in line 1 and 1 more has characters"
    )
    assert (folder / "invoice-miami-dade-2017-11.pdf").read_bytes().startswith(b"%PDF-")
    written = (folder / "invoice-miami-dade-2017-11.csv").read_text(encoding="utf-8")
    assert "\n4,5,'=1+1," in written and "\n3,4,a\\x1b[31mb," in written and "\n1,2,\u738b\u5c0f\u660e," in written


def test_overlapping_days_of_one_person_are_billed_once_unless_twice_is_asked_for(folder: Path) -> None:
    rows = "Subject 0017,2017-11-02,2017-11-04\nSubject 0017,2017-11-03,2017-11-06\n"
    (folder / "twice.csv").write_text(f"person,held_from,held_until\n{rows}", encoding="utf-8")
    command = "cost twice.csv --place us/fl/miami-dade --json"
    once, twice = json.loads(run(command).stdout), json.loads(run(f"{command} --bill-twice").stdout)
    assert (once["days"], twice["days"]) == (4, 5)
    assert [finding["code"] for finding in once["findings"]] == ["overlapping-hold"]
