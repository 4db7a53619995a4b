"""Figures that were published, worked out again from the rates that ship: the page says each with its source."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import comity
from comity.api import load
from comity.finding import Place
from comity.money.amount import CENTS, divide, format_dollars, read_amount
from comity.money.rates import rate_on
from comity.money.view import Costs
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "costs.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("## Published figures") :]
LIBRARY = load()


def figures(text: str) -> dict[str, int]:
    """Each figure of the page's table, in cents, days or people; one without a source is not a figure."""
    found = {}
    for name, value, source in re.findall(r"^\| (.+?) \| (.+?) \|(.*)\|$", text, re.MULTILINE):
        if name in ("figure", "---") or set(name) <= {"-", "|"}:
            continue
        if not re.search(r"\w.*\d{4}", source):
            raise ValueError(f"{name} has no source with its year")
        found[name] = read_amount(value, Place("costs.md"))[0] if value.startswith("$") else int(value.split()[0])
    return found


FIGURES = figures(SECTION)
BLOCKS = re.findall(r"```csv\n(.*?)```\n\n    comity (cost [^\n]*)\n", SECTION, re.DOTALL)


def shown(number: int, folder: Path) -> Costs:
    """What the command that the page shows makes of the rows above it."""
    rows, command = BLOCKS[number]
    (folder / "holds.csv").write_text(rows, encoding="utf-8")
    words = shlex.split(command)
    options = dict(zip(words[2::2], words[3::2], strict=True))
    return comity.cost(
        folder / "holds.csv", place=options["--place"], basis=options.get("--basis", "average"), library=LIBRARY
    )


def test_the_page_shows_three_tables_and_ten_figures() -> None:
    assert len(BLOCKS) == 3 and len(FIGURES) == 10


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_whose_source_is_taken_away_is_seen(name: str) -> None:
    without = re.sub(rf"^(\| {re.escape(name)} \| .+? \|).*$", r"\1 |", SECTION, flags=re.MULTILINE)
    with pytest.raises(ValueError, match=f"{re.escape(name)} has no source"):
        figures(without)


def test_fifty_two_thousand_dollars_are_two_days_and_six_tenths_for_each_of_a_hundred(tmp_path: Path) -> None:
    costs = shown(0, tmp_path)
    assert costs.cost == FIGURES["what holding them would have cost"]
    assert costs.days == costs.cost // FIGURES["what a day costs"]
    assert costs.days * 10 == FIGURES["declined in 2016"] * 26
    assert [rate.cents for rate in costs.used(costs.priced)] == [FIGURES["what a day costs"]] and costs.charged == 0


def test_the_first_bill_and_what_those_days_cost(tmp_path: Path) -> None:
    costs = shown(1, tmp_path)
    assert costs.days == FIGURES["days billed in the first bill"]
    assert [rate.cents for rate in costs.used(costs.federal)] == [FIGURES["the rate of the first bill"]]
    assert (
        costs.charged
        == FIGURES["the first bill"]
        == FIGURES["days billed in the first bill"] * FIGURES["the rate of the first bill"]
    )
    assert costs.cost == FIGURES["what those days cost"]
    assert costs.ledger.borne == costs.cost - costs.charged > costs.charged


def test_new_orleans_comes_out_to_the_cent_and_a_rate_by_the_day_would_not(tmp_path: Path) -> None:
    costs = shown(2, tmp_path)
    assert (costs.days, costs.cost) == (
        FIGURES["days billed in New Orleans in 2012"],
        FIGURES["billed in New Orleans in 2012"],
    )
    assert costs.charged == costs.cost and costs.ledger.borne == 0
    by_day = divide(costs.cost, costs.days, "half_up")
    assert f"is {format_dollars(by_day)} a day" in SECTION and by_day * costs.days == costs.cost + 1
    assert costs.days > FIGURES["held in New Orleans in 2012"]


def test_a_rate_as_published_is_the_one_that_ships() -> None:
    from comity.money.rates import read_rates

    rates, _ = read_rates([ROOT / "policies"], LIBRARY.gazetteer)
    for kind, name in (("average", "what a day costs"), ("federal", "the rate of the first bill")):
        of_kind = rates.of(kind, ["us/fl/miami-dade"])
        assert FIGURES[name] in [rate.cents for rate in of_kind] and FIGURES[name] % CENTS == 0
        assert all(rate_on(of_kind, rate.since) == rate for rate in of_kind)
