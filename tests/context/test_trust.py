"""Trust, as measured: each row with method, limits and source, and a choice that does not read which way a row points."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.context.trust import (
    DESIGNS,
    DIRECTIONS,
    FINDINGS_MAX,
    SHEET,
    Study,
    choose_findings,
    order_studies,
    read_studies,
)
from comity.law.instrument import EVIDENCE
from comity.law.places import read_gazetteer
from tests.house.tree import ROOT

POLICIES = ROOT / "policies"
GAZETTEER = read_gazetteer(POLICIES)[0]
STUDIES, FAULTS = read_studies([POLICIES], GAZETTEER)
ROWS = [*csv.DictReader((POLICIES / SHEET.file).read_text(encoding="utf-8").splitlines())]


def written(folder: Path, rows: list[dict[str, str]]) -> Path:
    with (folder / SHEET.file).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SHEET.columns)
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_the_shipped_table_has_no_fault_and_findings_each_way() -> None:
    assert FAULTS == [] and len(STUDIES) == len(ROWS) >= 13
    assert set(Counter(study.direction for study in STUDIES)) == set(DIRECTIONS)


@pytest.mark.parametrize(
    "column", ["claim", "figure", "where", "method", "limits", "published", "source", "evidence", "design", "direction"]
)
def test_a_row_without_one_of_these_is_refused(column: str, tmp_path: Path) -> None:
    studies, findings = read_studies([written(tmp_path, [{**ROWS[0], column: ""}])], GAZETTEER)
    assert studies == () and any(finding.grave for finding in findings)


def test_an_id_is_given_once(tmp_path: Path) -> None:
    _, [finding] = read_studies([written(tmp_path, [ROWS[0], ROWS[0]])], GAZETTEER)
    assert f"two studies have the id {ROWS[0]['id']}" in finding.line()


@given(st.lists(st.sampled_from(DIRECTIONS), min_size=len(STUDIES), max_size=len(STUDIES)), st.randoms())
def test_the_choice_does_not_read_which_way_a_finding_points(directions: list[str], random: object) -> None:
    turned = [replace(study, direction=direction) for study, direction in zip(STUDIES, directions, strict=True)]
    random.shuffle(turned)  # type: ignore[attr-defined]
    for day in (None, date(2017, 1, 26)):
        assert [study.id for study in choose_findings(turned, day)] == [
            study.id for study in choose_findings(STUDIES, day)
        ]


def test_the_table_with_its_directions_turned_round_gives_the_same_choice(tmp_path: Path) -> None:
    other = {"against": "for", "for": "against", "neither": "neither"}
    folder = written(tmp_path, [{**row, "direction": other[row["direction"]]} for row in ROWS])
    turned, findings = read_studies([folder], GAZETTEER)
    assert findings == [] and [study.direction for study in turned] != [study.direction for study in STUDIES]
    assert [study.id for study in choose_findings(turned)] == [study.id for study in choose_findings(STUDIES)]


def test_the_order_is_that_of_method_then_mark_then_day_then_id() -> None:
    def key(study: Study) -> tuple[int, int, int, str]:
        return (
            DESIGNS.index(study.design),
            EVIDENCE.index(study.source.evidence),
            -study.published.last.toordinal(),
            study.id,
        )

    ordered = order_studies(STUDIES)
    assert all(key(first) < key(second) for first, second in pairwise(ordered))
    assert choose_findings(STUDIES) == tuple(ordered[:FINDINGS_MAX]) and FINDINGS_MAX == 3


def test_a_finding_of_later_is_not_chosen() -> None:
    chosen = choose_findings(STUDIES, date(2017, 1, 26))
    assert chosen and all(study.published.last <= date(2017, 1, 26) for study in chosen)
    assert choose_findings(STUDIES, date(2000, 1, 1)) == ()
