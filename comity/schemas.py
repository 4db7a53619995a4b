"""JSON Schemas of a request and of a decision, draft 2020-12, made from the vocabulary and from the types of a decision.

`request_schema()` describes what `comity.decide` and `comity decide` read, `decision_schema()` what `comity decide --json` and
`Decision.to_dict` give. Both close every object: a key that is not named is not allowed.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

from comity.decision.decision import Decision
from comity.decision.incoming import EXAMPLE, SHORT_NAMES
from comity.decision.proof import FORMAT
from comity.facts import kinds
from comity.facts.plain_values import NUMBER_MAX, TEXT_MAX
from comity.facts.request import LIST_MAX
from comity.facts.vocabulary import Entry, Vocabulary
from comity.law.cache import load
from comity.law.instrument import ACTIONS, EVIDENCE, KNOWN_ACTIONS
from comity.law.library import VERSION_DIGITS, Library

Schema: TypeAlias = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
NULL: Schema = {"type": "null"}
PARTIAL = "partial"
YEAR = "(19|20|21)[0-9]{2}"  # as facts.request reads moments: from 1900 to 2199
DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT_PATTERN = f"^{YEAR}-[0-9]{{2}}-[0-9]{{2}}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]{{1,6}})?)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})$"
MOMENT: Schema = {"type": "string", "format": "date-time", "pattern": MOMENT_PATTERN}
NAME: Schema = {"type": "string", "pattern": "[^ \\t\\r\\n]", "maxLength": TEXT_MAX}
PLACE = "The path of a place, such as us/fl/miami-dade. `comity words` lists them."
AT = "The moment of the decision, with its offset from UTC. Without it, the request is decided as of now, which is a finding."
REQUEST = (
    "What is known of one request. A fact is nested (`subject`, `age`) or named by its path (`subject.age`). A fact that is absent "
    "or null is Unknown: not false, not none and not zero. [] means that there are none."
)
DECISION = "What `comity decide --json` and `Decision.to_dict` give."
DIGEST: Schema = {"pattern": "^[0-9a-f]{64}$"}
# What the types of a decision do not say of their fields.
FURTHER: dict[tuple[str, str], Schema] = {
    ("Decision", "at"): {"format": "date-time"},
    ("Decision", "law_version"): {"pattern": f"^[0-9a-f]{{{VERSION_DIGITS}}}$"},
    ("Decision", "place"): {"pattern": "^us(/|$)"},
    ("Ground", "evidence"): {"enum": list(EVIDENCE)},
    ("Limited", "until"): {"pattern": f"^$|{MOMENT_PATTERN}"},
    ("Missing", "alike"): {"minimum": 1},
    ("Missing", "removes_at_least"): {"minimum": 0},
    ("Missing", "removes_on_average"): {"minimum": 0},
    ("Place", "column"): {"minimum": 0},
    ("Place", "line"): {"minimum": 0},
    ("Proof", "format"): {"const": FORMAT},
    **{("Proof", name): DIGEST for name in ("request", "stack", "library", "program_digest")},
}


def request_schema(library: Library | None = None) -> Schema:
    """The JSON Schema of a request: place, moment and each fact of the vocabulary, by its kind.

    `library` is what `comity.load` gives, for a county's own vocabulary; without it, the shipped law is read. A schema cannot say
    that a place exists, that a day is in the calendar, that two facts agree, or that 34.0 is not a whole number: `comity.decide`
    does.
    """
    vocabulary = (library or load()[0]).vocabulary
    sections: dict[str, Schema] = {}
    dotted: Schema = {}
    short = {name: path for name, path in SHORT_NAMES.items() if path in vocabulary.facts}
    for written, path in {**{path: path for path in vocabulary.facts}, **short}.items():
        section, _, name = written.rpartition(".")
        reference = {"$ref": f"#/$defs/{path}"}
        dotted[written] = reference
        if section and section != "place":  # which is the path of the place
            sections.setdefault(section, {})[name] = reference
    named: Schema = {name: {"anyOf": [_closed(facts), NULL]} for name, facts in sections.items()}
    place, at = {**NAME, "description": PLACE}, {"anyOf": [MOMENT, NULL], "description": AT}
    return {
        "$schema": DIALECT,
        "title": "A request",
        "description": REQUEST,
        **_closed({"place": place, "at": at, **named, **dotted}, required=["place"]),
        "examples": [msgspec.json.decode(EXAMPLE)],
        "$defs": {path: _fact_schema(path, vocabulary) for path in vocabulary.facts},
    }


def decision_schema() -> Schema:
    """The JSON Schema of a decision as JSON: each field that it has, all of which are always there."""
    [reference], definitions = msgspec.json.schema_components([Decision], ref_template="#/$defs/{name}")
    for name, definition in definitions.items():
        properties = definition["properties"]
        for field, schema in properties.items():
            schema.pop("default", None)
            schema.update(FURTHER.get((name, field), {}))
        description = inspect.cleandoc(definition["description"])
        definitions[name] = {"title": name, "description": description, **_closed(properties, required=properties)}
    answers = definitions["Decision"]["properties"]["actions"]["additionalProperties"]
    actions = _closed(dict.fromkeys(KNOWN_ACTIONS, answers), required=ACTIONS)
    definitions["Decision"]["properties"]["actions"] = actions
    return {"$schema": DIALECT, "title": "A decision", "description": DECISION, **reference, "$defs": definitions}


def _closed(properties: Mapping[str, Any], required: Iterable[str] = ()) -> Schema:
    """An object with these keys and no others."""
    schema: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def _fact_schema(path: str, vocabulary: Vocabulary) -> Schema:
    """The schema of one fact, with its question."""
    entry = vocabulary.entries[path]
    kind = entry.kind
    if not isinstance(kind, kinds.Records):
        return {"description": _described(entry), "anyOf": [*_schemas_of(kind), NULL]}
    fields = {name: _fact_schema(f"{path}[].{name}", vocabulary) for name in kind.fields}
    return {"description": _described(entry), "anyOf": [*_in_part(_closed(fields)), NULL]}


def _schemas_of(kind: kinds.Field) -> list[Schema]:
    """The forms in which a value of a kind may be written."""
    match kind:
        case kinds.Truth():
            return [{"type": "boolean"}]
        case kinds.Number(_, minimum):
            return [{"type": "integer", "minimum": minimum, "maximum": NUMBER_MAX}]
        case kinds.Day():
            return [{"type": "string", "format": "date", "pattern": DAY_PATTERN}]
        case kinds.Moment():
            return [MOMENT]
        case kinds.Text():
            return [NAME]
        case kinds.Choice(members):
            return [{"enum": list(members)}]
        case kinds.Set(members):
            return _in_part({"enum": list(members)})


def _in_part(item: Schema) -> list[Schema]:
    """A list of all entries, or of those known: `{"partial": [...]}`."""
    entries = {"type": "array", "items": item, "maxItems": LIST_MAX}
    return [entries, _closed({PARTIAL: entries}, required=[PARTIAL])]


def _described(entry: Entry) -> str:
    """The question of a fact, with the unit of a number."""
    unit = f" In {entry.kind.unit}." if isinstance(entry.kind, kinds.Number) and entry.kind.unit else ""
    return f"{entry.question}{unit}"
