"""A request as it comes in, from JSON: its place and moment, its facts typed, its days derived, its ask filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from comity.facts.kinds import KnownList, Value
from comity.facts.plain_values import is_absent, shown
from comity.facts.request import FIRST_YEAR, LAST_YEAR, Request, derive_days, flatten, read_moment, read_values
from comity.finding import Finding, Place, grave
from comity.intake.form import asked_by_form
from comity.law.library import Library
from comity.law.places import Jurisdiction

ENVELOPE = ("place", "at")
EXAMPLE = '{"place": "us/fl/miami-dade", "at": "2017-01-20T09:00:00-05:00", "request": {"form": "i247d"}}'


class Incoming(Struct, frozen=True):
    """A request that can be decided, the place it came to, and what is odd about it without being a fault.

    `asked_by_form` where the request did not say what it asks for, and its form did.
    """

    request: Request
    where: Jurisdiction
    findings: tuple[Finding, ...] = ()
    asked_by_form: bool = False


def read_json(content: bytes, source: str) -> tuple[dict[str, Any], list[Finding]]:
    """The JSON object of a file; a doubled key is a finding, as is whatever is no JSON."""
    doubled: list[str] = []

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in pairs:
            doubled.extend([key] if key in values else [])
            values[key] = value
        return values

    try:
        tree = json.loads(content.decode("utf-8-sig"), object_pairs_hook=object_of)
    except UnicodeDecodeError as fault:
        return {}, [
            Finding("encoding", Place(source), f"not readable as UTF-8 at byte {fault.start}", "save the file as UTF-8")
        ]
    except json.JSONDecodeError as fault:
        place = Place(source, fault.lineno, fault.colno)
        return {}, [
            Finding(
                "not-json", place, f"not readable as JSON: {fault.msg[:1].lower()}{fault.msg[1:]}", f"write {EXAMPLE}"
            )
        ]
    except (ValueError, RecursionError):
        return {}, [
            Finding(
                "not-json", Place(source), "nested too deeply, or a number too long, for a request", f"write {EXAMPLE}"
            )
        ]
    if not isinstance(tree, dict):
        return {}, [Finding("not-a-request", Place(source), "this is no request", f"write {EXAMPLE}")]
    message = 'the key "{}" stands twice'
    return tree, [Finding("doubled-key", Place(source), message.format(key), "keep one of them") for key in doubled]


def placed(findings: list[Finding], content: bytes, source: str) -> list[Finding]:
    """The findings with the line of the JSON text that each is about, where it names a key that stands there once."""
    lines = content.decode("utf-8", "replace").splitlines()
    return [_placed(finding, lines, source) for finding in findings]


def _placed(finding: Finding, lines: list[str], source: str) -> Finding:
    path = finding.place.source.removeprefix(source).removeprefix(": ")
    if finding.place.line or not path:
        return finding
    named = finding.message.split(" ", 1)[0]
    path = named if named.startswith(path) else path  # a record's field is named by the message alone
    leaf = re.escape(re.split(r"[.\]]+", path.strip("]"))[-1])
    found = [(n, m.start() + 1) for n, line in enumerate(lines, 1) for m in re.finditer(f'"{leaf}"\\s*:', line)]
    line, column = found[0] if len(found) == 1 else (0, 0)
    return structs.replace(finding, place=Place(source, line, column))


def incoming(
    document: Mapping[str, Any],
    library: Library,
    source: str = "request",
    *,
    place: str | None = None,
    at: str | datetime | None = None,
    now: datetime | None = None,
) -> tuple[Incoming | None, list[Finding]]:
    """The request of a JSON document; `place` and `at` go before the document's own.

    Where no moment is given `now` stands in, and a finding says so. Nothing is returned beside grave findings.
    """
    where, findings = _where(document.get("place") if is_absent(place) else place, library, source)
    moment, of_moment = _moment(document.get("at") if is_absent(at) else at, now, source)
    facts = {key: value for key, value in document.items() if not (isinstance(key, str) and key in ENVELOPE)}
    values, of_facts = read_values(flatten(facts, library.vocabulary), library.vocabulary, source)
    findings += [
        *of_moment,
        *of_facts,
        *(finding for path, value in values.items() for finding in _out_of_reach(path, value, source)),
    ]
    if where is None or moment is None or grave(findings):
        return None, findings
    with_asks = _with_asks(values)
    asked_by_form = with_asks is not values
    values, of_days = derive_days(with_asks, where.zone, moment, source)
    findings += [*of_days, *_another_day(values, where.zone, moment, source)]
    if grave(findings):
        return None, findings
    return Incoming(Request(where.path, moment, values), where, tuple(findings), asked_by_form), findings


def name_of(where: Jurisdiction, library: Library) -> str:
    """A place's name with that of its state: `Miami-Dade County, Florida`."""
    state = library.gazetteer.places.get("/".join(where.path.split("/")[:2]))
    return f"{where.name}, {state.name}" if state and state.path not in (where.path, "us") else where.name


def _where(named: Any, library: Library, source: str) -> tuple[Jurisdiction | None, list[Finding]]:
    if is_absent(named):
        return None, [
            Finding("no-place", Place(source), "the request names no place", 'write "place": "us/fl/miami-dade"')
        ]
    where = library.gazetteer.named(named) if isinstance(named, str) else None
    if where is None:
        help = (
            isinstance(named, str) and library.gazetteer.suggestion(named)
        ) or "write a path, as in us/fl/miami-dade"
        message = f'there is no place "{shown(named)}"'
        return None, [Finding("unknown-place", Place(f"{source}: place"), message, help)]
    return where, []


def _moment(given: Any, now: datetime | None, source: str) -> tuple[datetime | None, list[Finding]]:
    where = Place(f"{source}: at")
    if not is_absent(given):
        moment, fault = read_moment(given, where, "at")
        return moment, [fault] if fault else _out_of_reach("at", moment, source)
    if now is None:
        return None, [
            Finding("no-moment", Place(source), "the request has no moment", 'write "at": "2017-01-20T09:00:00-05:00"')
        ]
    message = f'no moment "at" is given, so it is decided as of now, {now.isoformat(timespec="seconds")}'
    return now, [Finding("decided-as-of-now", Place(source), message, grave=False)]


def _out_of_reach(path: str, value: Value | None, source: str) -> list[Finding]:
    """Moments before 1900 or after 2199, in the request itself or in its records."""
    if isinstance(value, KnownList):
        fields = [
            (f"{path}[{index}].{key}", field) for index, item in enumerate(value.items) for key, field in item.items()
        ]
        return [finding for name, field in fields for finding in _out_of_reach(name, field, source)]
    if not isinstance(value, datetime) or FIRST_YEAR <= value.year < LAST_YEAR:
        return []
    help = f"a moment from {FIRST_YEAR} to {LAST_YEAR - 1}"
    return [Finding("moment", Place(f"{source}: {path}"), f"{path} is in the year {value.year}", help)]


def _another_day(values: Mapping[str, Value], zone: str, at: datetime, source: str) -> list[Finding]:
    """The day of the decision is the local day of its moment; a request that says otherwise contradicts itself."""
    local = at.astimezone(ZoneInfo(zone)).date()
    if values["decision.on"] == local:
        return []
    message = f"decision.on is {values['decision.on']}, but at falls on {local} in {zone}"
    return [Finding("day-and-moment", Place(f"{source}: decision.on"), message, "leave decision.on out")]


def _with_asks(values: dict[str, Value]) -> dict[str, Value]:
    """What the form asks for, where the request does not say what it asks for."""
    asks = asked_by_form(str(values.get("request.form", "")))
    return values if asks is None or "request.asks" in values else {**values, "request.asks": asks}
