"""The page on the API of the desk, made from its OpenAPI document: python docs/desk_api_page.py prints that document.

The document is made in a process of its own, since it needs the settings of a server.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coverage_page import table
from desk_api_example import EXAMPLE, Step

PREFIX = "/api/v1/"
OPENING = """# API of the desk

Other systems do by the API what people do on the pages of [the desk](desk.md), and ask the law alone. This page is made from the
OpenAPI 3.1 document that the desk serves at `/api/v1/openapi.json`, by `.venv/bin/python docs/write_pages.py desk-api`.

* **Token.** Each call sends `Authorization: Bearer TOKEN`. `comity desk token --config desk.toml --account NAME --name TEXT --scope SCOPE`
  makes one and prints it once. A call needs the scope that it names. Cookies are ignored.
* **Once.** A call that writes may send `Idempotency-Key`, up to 200 visible characters: the same key and body get the same answer, and the
  deed is done once. Send a call again with its key whenever no answer came.
* **Moments** are texts with a UTC offset, such as `2026-11-02T12:00:00-05:00`; one that is left out is now. **Facts** are by their paths,
  as on [facts](facts.md). Only `true` and `false` are truth values, and unknown fields are refused.
* **Errors** are `application/problem+json` (RFC 9457) with `code`, `detail`, `request_id` and `findings`, each of which says what is wrong,
  where, and what would be right.
* **Limits** on bytes and seconds are on [running the desk](desk-runbook.md#limits).

| status | when |
| --- | --- |
| 400 | The body is no JSON object, or the request cannot be read. |
| 401 | No valid token was sent. |
| 403 | The token has not the scope, or the account not the permission. |
| 404 | There is no such case, decision, place or address. |
| 409 | The case does not allow it now; or the key was sent before with another body. |
| 413 | The body is larger than its limit. |
| 422 | The request was understood, and a field or fact in it is wrong. |
| 500 | The desk has a fault of its own; tell the administrator the `request_id`. |
| 503 | The record could not be written in time, or the call took too long: send it again with the same key. |
"""


def desk_api_page() -> str:
    """The page as Markdown."""
    command = [sys.executable, str(Path(__file__).resolve())]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    document = json.loads(done.stdout)
    parts = [OPENING, "\n## An example\n\n", *_example()]
    for tag, title in (("law", "The law alone"), ("cases", "Cases"), ("desk", "The desk itself")):
        parts.append(f"\n## {title}\n")
        parts += [part for call in _calls(document, tag) for part in _call(document, *call)]
    return "".join([*parts, "\n## Answers\n", *_answers(document)])


def _calls(document: dict[str, Any], tag: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            if tag in call["tags"]:
                yield method.upper(), path, call


def _call(document: dict[str, Any], method: str, path: str, call: dict[str, Any]) -> Iterator[str]:
    parameters = {each["name"]: each for each in call.get("parameters", ())}
    yield f"\n### {method} {path}\n\n{_line(call['description'])}\n\nScope `{call['x-scope']}`."
    yield " May have an `Idempotency-Key`.\n" if parameters.pop("Idempotency-Key", None) else "\n"
    rows = [(f"`{name}`", each["in"], _kind(each["schema"])) for name, each in parameters.items()]
    if "requestBody" in call:
        schema = call["requestBody"]["content"]["application/json"]["schema"]
        rows += _fields(document, schema)
    yield f"\n{table(('field', 'in', 'what'), rows)}" if rows else ""
    yield f"\nAnswers {_answer(call['responses'])}.\n"


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    body = _resolved(document, schema)
    needed = body.get("required", ())
    rows = [
        (f"`{name}`{'' if name in needed else ' (may be left out)'}", "body", _kind(_resolved(document, field)))
        for name, field in body["properties"].items()
    ]
    return rows if "$ref" in schema else [*rows, ("further fields", "body", _line(body["description"]))]


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema behind its reference."""
    inside = schema.get("allOf", [schema])[0]
    name = inside.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def _kind(schema: dict[str, Any]) -> str:
    """What a field takes, in words."""
    given = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    words = []
    for each in given:
        if "enum" in each:
            words.append(", ".join(f"`{value}`" for value in each["enum"]))
            continue
        kind = {"date-time": "moment", "date": "day"}.get(each.get("format", ""), each.get("type", "any value"))
        if kind == "object" and "title" in each and "properties" in each:
            kind = "object with " + ", ".join(f"`{name}`" for name in each["properties"])
        if kind == "array":
            kind = f"list of {_name_of(each['items'])}"
        limits = [f"at most {each[name]:,}{unit}" for name, unit in LIMITS.items() if name in each]
        words.append("; ".join([kind, *limits]))
    said = schema.get("description", "") if schema.get("type") != "object" else ""
    return " or ".join(words) + (f". {said}" if said else "")


LIMITS = {"maxLength": " characters", "maximum": "", "maxProperties": " entries"}


def _name_of(schema: dict[str, Any]) -> str:
    name = schema.get("$ref", "").rpartition("/")[2]
    return f"[{name}](#{name.lower()})" if name else str(schema.get("type", "any value"))


def _answer(responses: dict[str, Any]) -> str:
    [status] = [status for status in responses if int(status) < 400]
    schema = responses[status].get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return f"{status}, with no body"
    if schema.get("type") == "array":
        return f"{status}: a list of {_name_of(schema['items'])}"
    name = _name_of(schema)
    return f"{status}: {name}" if "#" in name else f"{status}: an object, as the command prints it with `--json`"


def _answers(document: dict[str, Any]) -> Iterator[str]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        if name.endswith("Body"):
            continue
        rows = [(f"`{field}`", _described(each)) for field, each in schema["properties"].items()]
        yield f"\n### {name}\n\n{_line(schema['description'])}\n\n{table(('field', 'what'), rows)}"


def _described(schema: dict[str, Any]) -> str:
    return _name_of(schema) if "$ref" in schema else _kind(schema)


def _line(text: str) -> str:
    return " ".join(text.split())


def _example() -> Iterator[str]:
    """The example as calls of curl with what they answer."""
    yield "A detainer arrives by the jail's system, is decided, and the person is released. A test makes these calls.\n"
    for step in EXAMPLE:
        yield f"\n{step.words}\n\n{_code(_curl(step))}\nIt answers:\n\n{_code(json.dumps(step.answer, indent=1))}"


def _curl(step: Step) -> str:
    lines = [f"curl https://desk.county.example{PREFIX}{step.address}", '-H "Authorization: Bearer $TOKEN"']
    if step.key:
        lines.append(f'-H "Idempotency-Key: {step.key}"')
    if step.method == "POST":
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(step.body)}'"]
    return " \\\n  ".join(lines)


def _code(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def main() -> None:
    """Prints the OpenAPI document."""
    import django  # noqa: PLC0415  the page itself is made without Django
    from django.conf import settings  # noqa: PLC0415

    from comity.desk.config import DeskSettings  # noqa: PLC0415
    from comity.web.settings import django_settings  # noqa: PLC0415  the page itself is made without Django

    settings.configure(**django_settings(DeskSettings(place=""), Path(), secret="only for this document " * 3))
    django.setup()
    from comity.web.api.urls import described  # noqa: PLC0415

    print(json.dumps(described()))


if __name__ == "__main__":
    main()
