"""The pages of definitions: the marks are those of `comity.classify`, and each definition has its criteria in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import comity
from comity.classification.classify import read_all_definitions
from comity.session import Law, open_folders
from comity.site.laws.definition_pages import MARKS, UNSETTLED, path_of
from tests.site.conftest import DAY


@pytest.fixture(scope="module")
def law() -> Law:
    return open_folders([])


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ca"])
def test_the_marks_of_a_place_are_those_of_classify(place: str, site: Path, law: Law) -> None:
    answers = comity.classify(place, on=DAY).definitions
    for id, answer in answers.items():
        page = (site / path_of(id) / "index.html").read_text(encoding="utf-8")
        name = f'href="../../{place}/index.html"'
        groups = re.split(r'<h3><span class="cell[^"]*">', page)[1:]
        [mark] = [group.partition("<")[0] for group in groups if name in group]
        assert mark in (MARKS[answer.meets], UNSETTLED)


def test_each_criterion_is_on_the_page_of_its_definition(site: Path, law: Law) -> None:
    definitions, _ = read_all_definitions([], law.library)
    for id, definition in definitions.items():
        page = (site / path_of(id) / "index.html").read_text(encoding="utf-8")
        assert page.count('<span class="quiet">(') >= len(definition.criteria)
        assert (site / path_of(id) / "definition.txt").read_bytes() == Path(definition.place.source).read_bytes()


def test_a_path_has_no_sign_that_a_file_name_may_not_have() -> None:
    assert path_of("def-la-33:81") == "definitions/la-33-81/"
    assert path_of("def-fl-908.102(6)") == "definitions/fl-908-102-6/"
