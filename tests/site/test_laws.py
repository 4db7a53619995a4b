"""The pages of the law: one for each instrument, with its whole law in words, and its file beside it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from comity.law.in_force import of_instrument
from comity.law.instrument import Instrument
from comity.law.library import Library
from comity.lawview.build_view import build_view
from comity.session import open_folders
from comity.site.laws.force_today import force_today
from comity.site.laws.shown_instrument import paragraphs_of
from comity.site.laws.shown_provisions import provisions_of
from comity.site.outline import Outline, outline_in_full, outline_of

LABEL = re.compile(r"\((?:\d+|[A-Z]+|[ivx]+|([a-z])\1(?:\.\d+)*)\) ")
DAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    return open_folders([]).library


def test_each_instrument_has_a_page_and_its_file(site: Path, library: Library) -> None:
    for id, instrument in library.instruments.items():
        page = (site / "law" / id / "index.html").read_text(encoding="utf-8")
        assert f"<h1>{instrument.title.split('&')[0][:20]}".replace("'", "&#39;") in page
        assert (site / "law" / id / f"{id.rpartition('/')[2]}.txt").read_bytes() == Path(
            instrument.place.source
        ).read_bytes()


def words_of(outline: Outline) -> str:
    """The words of an outline without its structure."""
    return "; ".join([outline.words, *map(words_of, outline.parts)])


def test_an_outline_has_the_words_of_the_sentence(library: Library) -> None:
    """Every condition of every instrument: its list has the words of the sentence and nothing else, and no label is left."""
    lists = 0
    for instrument in library.instruments.values():
        view = build_view(of_instrument(library, instrument), instruments=library.instruments)
        for entry in (entry for group in view.actions.values() for entry in group):
            outline = outline_of(entry.where)
            lists += bool(outline.parts)
            if "(that is:" not in entry.where:
                assert bare(words_of(outline)) == bare(entry.where), entry.where
    assert lists > 20


def bare(text: str) -> list[str]:
    """The words of a sentence without labels, joints and openings."""
    text = re.sub(r"(both|not both|at least one|either|neither|all|none|not all) (of these )?(are|is) so:", " ", text)
    text = LABEL.sub(" ", re.sub(r"; (and |or )?", " ", text))
    return [word for word in re.findall(r"[\w'\"-]+", text) if word not in ("both", "either")]


def test_a_clause_without_parts_is_one_line() -> None:
    assert outline_of("a warrant (of 1 or 2 kinds) is there") == Outline("a warrant (of 1 or 2 kinds) is there")
    nested = outline_in_full("either (1) a; or (2) both (A) b; and (B) c")
    assert nested.parts == (Outline("a"), Outline("both of these are so:", (Outline("b"), Outline("c"))))


def test_every_provision_has_an_effect_in_words(library: Library) -> None:
    for instrument in library.instruments.values():
        for provision in provisions_of(instrument, library, DAY):
            assert provision.effects, (instrument.id, provision.number)
            assert all(effect.about for effect in provision.effects), (instrument.id, provision.number)


@pytest.mark.parametrize(
    ("id", "day", "state"),
    [
        ("us/fl/miami-dade/memo-2017-01-26", date(2019, 6, 30), "in_force"),
        ("us/fl/miami-dade/memo-2017-01-26", date(2019, 7, 1), "ended"),
        ("us/fl/miami-dade/memo-2017-01-26", date(2017, 1, 25), "not_yet"),
        ("us/al/hb56", date(2011, 9, 15), "suspended"),
        ("us/az/sb1070", date(2011, 1, 1), "partly"),
        ("us/az/sb1070", date(2026, 1, 1), "in_force"),
        ("us/ar/act654-2025", date(2025, 5, 1), "uncertain"),
    ],
)
def test_the_state_on_a_day(id: str, day: date, state: str, library: Library) -> None:
    instrument: Instrument = library.instruments[id]
    assert force_today(instrument, day, library.instruments).state == state


def test_a_table_that_was_read_as_one_line_is_a_table_again() -> None:
    first, table, last = paragraphs_of("Before. | a | b | |---|---| | 1 | 2 | | 3 | 4 | After.")
    assert (first.words, last.words) == ("Before.", "After.")
    assert table.rows == (("a", "b"), ("1", "2"), ("3", "4"))


def test_the_index_is_filtered_while_one_types(site: Path, page: Page) -> None:
    page.goto((site / "law" / "index.html").as_uri())
    box = page.get_by_label("Find an instrument")
    box.fill("miami-dade memo")
    links = page.locator(".laws > li:visible a")
    assert links.count() >= 2 and "memo" in links.first.inner_text().lower()
    page.get_by_label("Only what is in force today").check()
    assert "county attorney" in links.first.inner_text().lower()  # the mayor's memo ended in 2019
    assert page.locator("[data-count]").inner_text() == "Showing 1 of 383".replace(
        "383", str(page.locator(".laws > li").count())
    )
    box.fill("no such law")
    assert page.locator("[data-count]").inner_text().startswith("No instrument matches")


def test_citations_lead_to_the_texts_that_they_name(site: Path, page: Page) -> None:
    """On the page of an instrument the citation itself; on a place's page, where it leads to the instrument, a sign behind it."""
    texts = "document.querySelectorAll('main a[rel=external]')"
    page.goto((site / "law/us/8cfr287-7/index.html").as_uri())
    assert page.locator("cite a").first.get_attribute("href") == (
        "https://www.ecfr.gov/current/title-8/section-287.7#p-287.7(d)"
    )
    page.goto((site / "us/fl/miami-dade/index.html").as_uri())
    row = page.locator(".today .row").first
    assert row.locator("cite a").inner_text() == "Fla. Stat. 908.105"
    assert "/0908/Sections/0908.105.html" in (row.locator(".to-text").get_attribute("href") or "")
    assert page.evaluate(f"[...{texts}].every((link) => link.href.startsWith('https://') && !link.target)")


def test_the_card_leads_to_the_texts_of_its_law(site: Path, page: Page) -> None:
    page.goto(f"{(site / 'us/fl/miami-dade/ask/index.html').as_uri()}#day={DAY}")
    page.locator("#card .answers li").first.wait_for()
    links = page.locator("#card .sources .to-text")
    assert {(link.inner_text(), link.get_attribute("aria-label")) for link in links.all()} == {("↗", "Text of the law")}
    assert any("/0908/Sections/0908.105.html" in (link.get_attribute("href") or "") for link in links.all())
