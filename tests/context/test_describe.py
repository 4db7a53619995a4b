"""The people of a place: the figures of the sources, ranks and sums computed from them, and what is not recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

import comity
from comity.context.page import format_people, page_of
from comity.finding import InputFault
from comity.law.library import Library
from comity.present.page import as_text

MIAMI = "us/fl/miami-dade"


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


@pytest.mark.parametrize(
    ("place", "number", "rank"),
    [
        ("us/ca/los-angeles", 3_474_305, 1),
        (MIAMI, 1_391_622, 2),
        ("us/tx/harris", 1_138_017, 3),
        ("us/il/cook", 1_101_730, 4),
        ("us/ny/queens", 1_098_020, 5),
    ],
)
def test_the_five_largest_counties_of_the_census(place: str, number: int, rank: int, library: Library) -> None:
    [count] = comity.describe_context(place, library=library).foreign_born
    assert (count.place, count.number, count.rank, count.since, count.until) == (place, number, rank, "2012", "2016")


def test_the_share_is_that_of_the_residents_in_the_same_count(library: Library) -> None:
    [count] = comity.describe_context(MIAMI, library=library).foreign_born
    assert (count.total, count.share_basis_points) == (2_664_418, 5223)


def test_a_city_without_a_count_shows_that_of_its_county_by_name(library: Library) -> None:
    context = comity.describe_context("us/ma/boston", library=library)
    assert [(count.place, count.name) for count in context.foreign_born] == [
        ("us/ma/suffolk", "Suffolk County, Massachusetts")
    ]
    assert "Suffolk County, Massachusetts: 221,137 foreign-born residents" in as_text(page_of(context))
    assert "metropolitan area" in context.unauthorized[0].name


def test_a_place_of_several_counties_shows_their_sum_and_says_so(library: Library) -> None:
    [city] = comity.describe_context("us/ny/new-york-city", library=library).foreign_born
    boroughs = [
        comity.describe_context(f"us/ny/{name}", library=library).foreign_born[0].number
        for name in ("bronx", "kings", "new-york", "queens", "richmond")
    ]
    assert (city.number, city.summed, city.lacking, city.rank) == (sum(boroughs), 5, 0, None)
    [country] = comity.describe_context("us", library=library).foreign_born
    assert country.summed > 3000 and country.lacking > 0
    assert f"{country.lacking} have no count" in as_text(page_of(comity.describe_context("us", library=library)))


def test_where_nothing_is_recorded_the_page_says_so(library: Library) -> None:
    context = comity.describe_context("us/ak/anchorage", library=library)
    assert not context.foreign_born or context.foreign_born[0].place == "us"
    assert (
        as_text(page_of(comity.describe_context("us/wy/teton", library=library))).count("No figure is recorded here.")
        == 1
    )


def test_several_makers_estimate_the_nation_and_each_is_named(library: Library) -> None:
    national = comity.describe_context(MIAMI, library=library).national
    assert len({count.by for count in national}) >= 5 and all(count.source for count in national)
    assert [count.until[:4] for count in national] == sorted((count.until[:4] for count in national), reverse=True)
    assert 11_400_000 in [count.number for count in national if count.by == "Migration Policy Institute"]


def test_the_budget_is_the_row_of_the_table(library: Library) -> None:
    [budget] = comity.describe_context(MIAMI, library=library).budgets
    assert (budget.federal_cents, budget.total_cents, budget.share_basis_points) == (
        355_000_000_00,
        7_000_000_000_00,
        507,
    )


def test_a_countys_table_with_a_fault_is_refused(tmp_path: Path) -> None:
    head = "place,what,figure,of,from,until,area,by,published,source,evidence,note"
    (tmp_path / "context.csv").write_text(
        f"{head}\n{MIAMI},detainers,5,,2026,2026,,the jail,,,verified,\n", encoding="utf-8"
    )
    with pytest.raises(InputFault, match="a count needs a source"):
        comity.describe_context(MIAMI, folders=[tmp_path])


def test_a_place_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputFault, match='there is no place "us/fl/nowhere"'):
        comity.describe_context("us/fl/nowhere")


@pytest.mark.parametrize(
    ("number", "text"),
    [(11_400_000, "11.4 million"), (13_738_000, "13,738,000"), (356_000, "356,000"), (14_000_000, "14.0 million")],
)
def test_a_figure_is_written_as_round_as_it_was_published(number: int, text: str) -> None:
    assert format_people(number) == text
