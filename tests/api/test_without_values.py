"""A finding for a log: nothing of it is a name, a number or a text that the request or the table gave."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import comity
from comity.facts import kinds
from comity.finding import Finding, InputFault, Place, phrase
from tests.decision.documents import Documents
from tests.house.tree import PACKAGE

ROOT = Path(__file__).parents[2]
GALLERY = sorted((ROOT / "tests" / "commands" / "errors").glob("*/*.json"))
LAW = comity.open()
VOCABULARY = LAW.library.vocabulary
MIAMI = {"place": "us/fl/miami-dade", "at": "2017-01-26T09:00:00-05:00"}
NAME, NUMBER = "Zebulon", 7316429  # of a person, who is not in any word of the law
VALUES: list[Any] = [
    *(NAME, -NUMBER, NUMBER + 0.5, f"2017-{NUMBER}", f"2017-01-26T09:00:00.{NUMBER}"[:26], f"7316-42-97 {NAME}"),
    *([NAME], [NUMBER], {NAME: NUMBER}, {"partial": NAME}, {"partial": [NAME]}, [{NAME: 1}], [{"grade": NAME}]),
    *([{"offense": NAME, "days_incarcerated": -NUMBER}], [[NAME]], {"partial": [], NAME: NUMBER}, True),
]
# Rooms in which every finding on a request or a table is made of phrases.
FILES = (
    *(
        "api.py",
        "arguments.py",
        "facts/request.py",
        "decision/incoming.py",
        "decision/held_law.py",
        "decision/decision.py",
    ),
    *("hold_clock/hold_clock.py", "hold_clock/read_table.py", "intake/cells.py", "intake/table.py"),
    *("records/replay_table.py",),
)


def faults(document: Any) -> list[Finding]:
    try:
        return [*LAW.decide(document).findings]
    except InputFault as fault:
        assert str(fault.without_values()) == "\n".join(each.without_values().line() for each in fault.findings)
        return [*fault.findings]


def leaves(value: Any) -> Iterator[str]:
    """Every key and every value in a document, as text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from leaves(inner)
    else:
        yield str(value)


def quoted(finding: Finding, document: Any) -> list[str]:
    """The values of a document that the form for a log shows, other than words of the law."""
    line = finding.without_values().line()
    known = {*VOCABULARY.entries, *(part for path in VOCABULARY.entries for part in path.split("."))}
    for entry in VOCABULARY.entries.values():
        known |= {*getattr(entry.kind, "members", ())}
    known |= {"place", "at", "partial", "True", "False", "None", "request", "field", "fact"}
    return [leaf for leaf in leaves(document) if len(leaf) > 2 and leaf not in known and leaf in line]


@pytest.mark.parametrize("path", [*VOCABULARY.facts, "at", "place", "no.fact", f"subject.{NAME}", NAME])
def test_no_value_of_a_faulty_request_is_in_the_form_for_a_log(path: str) -> None:
    quoting = 0
    for value in VALUES:
        document = {**MIAMI, path: value}
        for finding in faults(document):
            line = finding.without_values().line()
            assert NAME not in line and "7316" not in line, line
            assert finding.without_values().message != finding.code.replace("-", " "), finding
            quoting += NAME in finding.line() or "7316" in finding.line()
    assert quoting or isinstance(
        VOCABULARY.kind(path), kinds.Text
    )  # the finding itself does quote: there is something to leave out


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ca/los-angeles"])
def test_no_value_of_a_spoiled_request_is_in_the_form_for_a_log(place: str) -> None:
    documents, found = Documents(VOCABULARY, place, f"{place} log"), 0
    for _ in range(300):
        document = documents.spoiled()
        examples = {"2017-01-20T09:00:00-05:00", "2017-01-20T09:00:00", "2017-01-20"}  # which the help itself has
        for finding in faults(document):
            assert not {*quoted(finding, document)} - examples, finding.without_values().line()
            found += 1
    assert found > 50


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.parent.name)
def test_no_value_of_a_request_in_the_gallery_is_in_the_form_for_a_log(path: Path) -> None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return  # it is refused as a text, which no finding quotes
    for finding in faults(document):
        assert not quoted(finding, document), finding.without_values().line()


def test_no_value_of_a_request_elsewhere_is_in_the_form_for_a_log() -> None:
    folder = os.environ.get("COMITY_CASES", "")
    paths = sorted(Path(folder).rglob("*.json")) if folder else []
    if not paths:
        pytest.skip(f'COMITY_CASES is "{folder}", and this test needs it to name a folder of requests')
    for path in paths:
        document = json.loads(path.read_text(encoding="utf-8"))
        for finding in faults({**document, "subject": {"age": NAME, NAME: NUMBER}}):
            assert not quoted(finding, document) and NAME not in finding.without_values().line()


def test_a_fault_of_a_table_names_neither_its_file_nor_its_cells(tmp_path: Path) -> None:
    header = "place,subject.age"
    for name, text in (("no-day", header), ("unknown-fact", f"request.received_on,subject.{NAME}"), ("ending", header)):
        path = tmp_path / (f"{NAME}.{NAME}" if name == "ending" else f"{NAME}.csv")
        path.write_text(f"{text}\nus/fl/miami-dade,{NUMBER}\n", encoding="utf-8")
        with pytest.raises(InputFault) as raised:
            LAW.replay(path)
        line = str(raised.value.without_values())
        assert NAME in str(raised.value) and NAME not in line and str(NUMBER) not in line
    with pytest.raises(InputFault) as raised:
        LAW.replay(path.with_name("x.csv"), assume={"subject.age": NAME}, place=NAME, group_by=[NAME])
    assert len(raised.value.findings) == 3 and NAME not in str(raised.value.without_values())


def test_the_clock_names_no_moment_in_the_form_for_a_log() -> None:
    with pytest.raises(InputFault) as raised:
        LAW.clock(place="us/fl/miami-dade", eligible_at="2017-03-12T02:30:00")
    assert "2017-03-12" in str(raised.value) and "2017-03-12" not in str(raised.value.without_values())


def test_what_was_not_made_as_a_phrase_is_left_out() -> None:
    finding = Finding("unknown-word", Place(f"{NAME}.json", 3, 4), f"there is no {NAME}", f"not {NAME}", excerpt=NAME)
    assert finding.without_values().line() == "…:3:4: unknown word [unknown-word]"
    known = Finding(
        "unknown-word", Place(phrase("{}: {fact}", NAME, fact="at")), phrase('{where} is "{}"', NAME, where="{x}")
    )
    assert known.line() == f'{NAME}: at: {{x}} is "{NAME}" [unknown-word]'
    log = known.without_values()
    assert log.line() == '…: at: {x} is "…" [unknown-word]' and log.without_values() == log
    assert known.changed(place=Place(NAME)).without_values().line() == '…: {x} is "…" [unknown-word]'
    assert known.changed(help=phrase("give {}", NAME)).without_values().lines().endswith("give … [unknown-word]")


def test_a_request_among_many_is_named_by_its_number() -> None:
    with pytest.raises(InputFault) as raised:
        [*LAW.decide_many([MIAMI, {**MIAMI, "subject": {"age": NAME}}])]
    expected = "request 2: subject.age: subject.age is …; write a whole number from 0 [not-a-number]"
    assert str(raised.value.without_values()) == expected


@pytest.mark.parametrize("name", FILES)
def test_every_finding_of_these_files_is_made_of_phrases(name: str) -> None:
    tree = ast.parse((PACKAGE / name).read_bytes())
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding"
    ]
    assert calls
    assert not [
        f"{name}:{call.lineno}"
        for call in calls
        for text in call.args[2:4]
        if isinstance(text, ast.Constant | ast.JoinedStr)
    ]


def test_a_long_phrase_becomes_plain_text_in_a_finding() -> None:
    found = Finding("x", Place("y"), phrase("{}" + " long" * 40, "a"), phrase("{}", "b" * 200))
    assert (type(found.message), type(found.help)) == (str, str)
