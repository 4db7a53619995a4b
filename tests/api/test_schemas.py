"""The JSON Schemas: they allow what `decide` reads and what it gives, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import comity
from comity.facts import kinds
from comity.facts.request import READ_AS
from comity.schemas import decision_schema, request_schema
from tests.decision.documents import Documents

ROOT = Path(__file__).parents[2]
LAW = comity.open()
VOCABULARY = LAW.library.vocabulary
PLACES = (
    "us/fl/miami-dade",
    "us/ca/los-angeles",
    "us/ny/new-york-city",
    "us/tx/harris",
    "us/il/cook",
    "us/nc/mecklenburg",
)
MIAMI = {"place": "us/fl/miami-dade", "at": "2017-01-26T09:00:00-05:00"}
CHECKER = Draft202012Validator.FORMAT_CHECKER
REQUEST = Draft202012Validator(request_schema(LAW.library), format_checker=CHECKER)
DECISION = Draft202012Validator(decision_schema(), format_checker=CHECKER)
EXAMPLES = sorted((ROOT / "policies" / "demo").glob("*.json"))
# Faulty requests whose shape is right: a place that does not exist and days that contradict each other are for `decide` to find.
RIGHT_SHAPE = {"unknown-place", "day-and-moment"}


class Plain(yaml.SafeLoader):
    """Reads YAML as JSON has it: a day and a moment are texts."""

    yaml_implicit_resolvers = {
        sign: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def faults(validator: Draft202012Validator, document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]


def codes(document: Any) -> set[str]:
    """The codes of the findings for which `decide` refuses a request; none where it decides."""
    try:
        LAW.decide(document)
    except comity.InputFault as fault:
        return {finding.code for finding in fault.findings}
    return set()


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every schema of an object in a schema."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    below = [found for part in inner for found in objects(part)]
    return [schema, *below] if isinstance(schema, dict) and schema.get("type") == "object" else below


@pytest.mark.parametrize("make", [request_schema, decision_schema])
def test_a_schema_is_one_and_closes_every_object(make: Any) -> None:
    schema = make()
    Draft202012Validator.check_schema(schema)
    assert len(objects(schema)) > 5
    for each in objects(schema):  # an object is closed, or a map whose values have a type
        assert each["additionalProperties"] is False or each["additionalProperties"] in (
            {"type": "string"},
            {"$ref": "#/$defs/Ground"},
            {"$ref": "#/$defs/Researched"},
        )
    assert {each["$ref"].removeprefix("#/$defs/") for each in references(schema)} == {*schema["$defs"]}


def references(schema: Any) -> list[dict[str, Any]]:
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    return [found for part in inner for found in references(part)] + (
        [schema] if isinstance(schema, dict) and "$ref" in schema else []
    )


def test_each_call_gives_a_schema_of_its_own() -> None:
    first = decision_schema()
    first["$defs"].clear()
    assert decision_schema() == DECISION.schema and request_schema()["$defs"].keys() == set(VOCABULARY.facts)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_and_its_decision_are_valid(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert not faults(REQUEST, document)
    assert not faults(DECISION, LAW.decide(document).to_dict())


def test_the_examples_of_the_pages_are_valid() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    blocks = [
        block
        for page in pages
        for block in re.findall(r"^```json\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    ]
    requests = [document for block in blocks if "place" in (document := json.loads(block))]
    assert [*requests, *REQUEST.schema["examples"]] and not [
        fault for each in requests for fault in faults(REQUEST, each)
    ]
    assert not faults(REQUEST, REQUEST.schema["examples"][0])


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "rulings").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_requests_of_rulings_are_valid(path: Path) -> None:
    ruling = yaml.load(path.read_text(encoding="utf-8"), Plain)
    assert ruling["request"] and not faults(REQUEST, ruling["request"])


@pytest.mark.parametrize("place", PLACES)
def test_generated_requests_and_their_decisions_are_valid(place: str) -> None:
    documents = Documents(VOCABULARY, place, f"{place} schemas")
    for number in range(40):
        document = documents.document((0.0, 0.3, 0.6, 0.9)[number % 4])
        assert not faults(REQUEST, document), document
        decision = LAW.decide(document).to_dict()
        assert not faults(DECISION, decision), document


def test_moments_and_times_of_a_decision_are_valid() -> None:
    custody = {"release_eligible_at": "2017-01-27T15:00:00-05:00"}
    document = {**MIAMI, "request": {"form": "i247a", "received_at": "2017-01-26T08:00:00.5Z"}, "custody": custody}
    decision = LAW.decide(document).to_dict()
    assert not faults(REQUEST, document) and not faults(DECISION, decision)
    assert any(limit["until"] for limit in decision["limits"]) and decision["findings"] and decision["proof"]
    undated = {"place": "us/fl/miami-dade"}
    assert not faults(REQUEST, undated) and not faults(DECISION, LAW.decide(undated).to_dict())


WRONG: dict[str, list[Any]] = {
    "Truth": ["yes", "true", 1, 0, 1.5, [], {}],
    "Number": ["34", -1, 1.5, True, [], {}],
    "Day": ["yesterday", "2017-02-30", "2017-1-1", 20170101, True, [], {}],
    "Moment": ["2017-01-26", "0999-01-01T00:00:00Z", "2300-01-01T00:00:00Z", 1, True, []],
    "Text": ["", "  ", 1, True, [], {}],
    "Choice": ["nothing", "", 1, True, [], {}],
    "Set": [
        "hold",
        ["nothing"],
        [1],
        [None],
        {"partial": 1},
        {"partial": ["nothing"]},
        {"partial": [], "x": 1},
        1,
        True,
    ],
    "Records": ["robbery", ["robbery"], [None], [{"no_field": 1}], {"partial": {}}, {"partial": [], "x": 1}, 1, True],
}


def test_what_is_read_by_another_word_is_not_what_the_schema_describes() -> None:
    request = {"form": "Form I-247A"}
    for document in ({**MIAMI, "at": "2017-01-26T09:00"}, {**MIAMI, "request": request}, {**MIAMI, "priors": []}):
        assert faults(REQUEST, document) and not codes(document)
        assert READ_AS in {finding.code for finding in LAW.decide(document).findings}


@pytest.mark.parametrize("path", VOCABULARY.facts)
def test_a_value_of_another_kind_is_refused_by_both(path: str) -> None:
    section, _, name = path.rpartition(".")
    for value in WRONG[type(VOCABULARY.kind(path)).__name__]:
        for document in (
            {**MIAMI, path: value},
            {**MIAMI, section: {name: value}} if section else {**MIAMI, path: value},
        ):
            assert faults(REQUEST, document) and codes(document), document


@pytest.mark.parametrize("path", [path for path in VOCABULARY.entries if "[]." in path])
def test_a_field_of_another_kind_is_refused_by_both(path: str) -> None:
    listed, _, field = path.partition("[].")
    for value in WRONG[type(VOCABULARY.kind(path)).__name__]:
        for records in ([{field: value}], {"partial": [{}, {field: value}]}):
            document = {**MIAMI, listed: records}
            assert faults(REQUEST, document) and codes(document), document


@pytest.mark.parametrize(
    "document",
    [
        {**MIAMI, "subjct": {"age": 3}},
        {**MIAMI, "subject": {"agee": 3}},
        {**MIAMI, "subject.agee": 3},
        {**MIAMI, "subject": {"age": {"years": 3}}},
        {**MIAMI, "subject": 3},
        {**MIAMI, "library": "x"},
        {**MIAMI, "at": 5},
        {**MIAMI, "place": 5},
        {"at": MIAMI["at"]},
    ],
)
def test_unknown_keys_and_a_faulty_place_or_moment_are_refused_by_both(document: dict[str, Any]) -> None:
    assert faults(REQUEST, document) and codes(document)


@pytest.mark.parametrize("place", PLACES[:3])
def test_what_the_schema_allows_is_decided(place: str) -> None:
    """Of spoiled requests, as JSON has them: what `decide` refuses is refused by the schema, but for what no schema can say."""
    documents, refused = Documents(VOCABULARY, place, f"{place} spoiled"), 0
    for _ in range(300):
        document = documents.spoiled()
        try:
            json.dumps(document)
        except TypeError:
            continue  # a day of Python's, which JSON has not
        document = json.loads(json.dumps(document))
        if has_whole_float(document):
            continue
        found = codes(document)
        if found - RIGHT_SHAPE:
            assert faults(REQUEST, document), document
        refused += bool(found)
    assert refused > 50


def has_whole_float(value: Any) -> bool:
    """To JSON Schema 1.0 is a whole number; to `decide` it is none."""
    if isinstance(value, dict):
        return any(has_whole_float(inner) for inner in value.values())
    return isinstance(value, float) or (isinstance(value, list) and any(map(has_whole_float, value)))


def test_a_countys_own_vocabulary_gives_its_own_schema() -> None:
    from msgspec import structs

    entry = VOCABULARY.entries["subject.age"]
    entries = {
        **VOCABULARY.entries,
        "subject.height": structs.replace(entry, path="subject.height", kind=kinds.Number("cm", 30)),
    }
    library = structs.replace(LAW.library, vocabulary=structs.replace(VOCABULARY, entries=entries))
    county_schema = Draft202012Validator(request_schema(library))
    assert not faults(county_schema, {**MIAMI, "subject": {"height": 30}}) and faults(
        county_schema, {**MIAMI, "subject": {"height": 29}}
    )
    assert faults(REQUEST, {**MIAMI, "subject": {"height": 30}})


def test_a_decision_with_another_key_or_without_one_is_not_valid() -> None:
    decision = LAW.decide(MIAMI).to_dict()
    assert not faults(DECISION, decision) and faults(DECISION, {**decision, "more": 1})
    for name in decision:
        assert faults(DECISION, {key: value for key, value in decision.items() if key != name}), name
    assert faults(DECISION, {**decision, "actions": {**decision["actions"], "dance": decision["actions"]["hold"]}})
    assert faults(DECISION, {**decision, "law_version": "1"}) and faults(DECISION, {**decision, "at": 1})
    assert datetime.fromisoformat(decision["at"]).astimezone(UTC).year == 2017
