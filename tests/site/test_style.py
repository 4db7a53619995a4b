"""The colours of pages: each text on its ground has the contrast that WCAG 2.2 asks for, light and dark; and the style guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.site.style_page import FILE, GROUNDS, LEAST, TEXTS, contrast, pairs_of, rules_with_both, schemes_of

CSS = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("pair", pairs_of(CSS), ids=lambda pair: f"{pair.use} {pair.text} on {pair.ground}")
def test_text_can_be_read_on_its_ground(pair: object) -> None:
    for scheme in ("light", "dark"):
        text, ground, ratio = getattr(pair, scheme)
        assert ratio >= LEAST, f"{scheme}: {text} on {ground}"


def test_the_colours_of_every_answer_are_among_the_pairs() -> None:
    selectors = " ".join(selector for selector, _ in rules_with_both(CSS))
    for outcome in ("required", "forbidden", "permitted", "undetermined", "in_conflict", "unaddressed"):
        assert f".answer-{outcome}" in selectors


def test_each_scheme_has_every_colour_of_text_and_ground() -> None:
    light, dark = schemes_of(CSS)
    assert {*TEXTS, *GROUNDS} <= set(light) == set(dark)
    assert all(light[name] != dark[name] for name in (*TEXTS, *GROUNDS))


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000", "#ffffff", 21), ("#777777", "#fff", 4.48), ("#abc", "#abc", 1)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_the_style_guide_is_built_and_no_page_links_to_it(site: Path) -> None:
    assert (site / "style/index.html").is_file()
    assert not [path for path in site.rglob("index.html") if "style/index.html" in path.read_text(encoding="utf-8")]
