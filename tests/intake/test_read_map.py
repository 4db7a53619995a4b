"""Reading a map of columns: what is wrong or still open is said, with its line; columns given one by one go before the map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from comity.facts.vocabulary import read_vocabulary
from comity.finding import Finding
from comity.intake.column_map.read_map import add_columns, read_column_map

VOCABULARY = read_vocabulary(Path(__file__).parents[2] / "policies")[0]
WHEN = {"Received": "request.received_on"}


def faults_of(given: Any) -> list[Finding]:
    column_map, findings = read_column_map(given, VOCABULARY)
    assert column_map is None
    return findings


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"columns": {"A": "?"}}, "open-column", "still open"),
        ({"columns": {"A": {"fact": "request.received_on", "days": "?"}}}, "open-days", "one of mdy"),
        ({"columns": {"A": {"fact": "custody.stage", "codes": {"P": "?"}}}}, "open-code", "still open"),
        ({"columns": {"A": {"fact": "custody.stage", "codes": {"P": "pretrail"}}}}, "unknown-choice", "pretrial"),
        ({"columns": {"A": {"fact": "custody.stage", "codes": {"N/A": "pretrial"}}}}, "blank-mark", "empty cell"),
        ({"columns": {"A": {"fact": "custody.stage", "days": "mdy"}}}, "not-days", "no day"),
        ({"columns": {"A": {"fact": "custody.stage", "separator": ";"}}}, "not-a-list", "sets and lists"),
        ({"columns": {"A": {"fact": "subject.agee"}}}, "unknown-fact", "subject.age"),
        ({"columns": {"A": {"fact": "subject.age"}, "B": {"fact": "subject.age"}}}, "doubled-fact", "both give"),
        ({"columns": {"A": "charges[].offense", "B": "charges[].offense"}}, "doubled-fact", "charges[2].offense"),
        ({"columns": {"A": {}}}, "no-fact", "which fact"),
        ({"columns": {"A": {"fact": "subject.age", "order": "mdy"}}}, "unknown-key", "order"),
        ({"days": "mddy", "columns": {}}, "unknown-order", "one of mdy"),
        ({"column": {}, "columns": {}}, "unknown-key", "columns"),
        (7, "not-a-map", "no map"),
    ],
)
def test_a_map_that_is_wrong_or_open_is_refused_in_words(given: Any, code: str, words: str) -> None:
    found = faults_of(given)
    assert code in [finding.code for finding in found]
    assert any(words in finding.line() for finding in found)


def test_a_fault_in_a_file_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("days: mdy\ncolumns:\n  Received: request.received_on\n  Age: subject.agee\n", encoding="utf-8")
    [finding] = faults_of(path)
    assert (finding.place.line, finding.code) == (4, "unknown-fact")


def test_columns_given_one_by_one_go_before_the_map() -> None:
    column_map, findings = add_columns(
        read_column_map(WHEN, VOCABULARY)[0], [("Received", "decision.on")], "", VOCABULARY
    )
    assert column_map and not findings
    assert [str(column.target) for column in column_map.columns] == ["decision.on"]
    _, [finding] = add_columns(None, [("A", "subject.agee")], "", VOCABULARY)
    assert finding.code == "unknown-fact"
