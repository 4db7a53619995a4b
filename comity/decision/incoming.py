"""Reads a request from JSON: finds its place and moment, types its facts, derives days and fills in what its form asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from comity.decision.local_times import read_local, with_offsets
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.plain_values import is_absent, shown
from comity.facts.request import (
    FIRST_YEAR,
    LAST_YEAR,
    Request,
    derive_days,
    flatten,
    location,
    read_moment,
    read_values,
)
from comity.finding import Finding, Place, grave, phrase
from comity.intake.form import (
    HOLD_FORMS,
    NOTICE_FORMS,
    asked_beyond_the_jail,
    asked_by_form,
    find_form_out_of_use,
    instrument_of,
)
from comity.intake.named_place import county_findings, place_notes
from comity.law.instrument import BEYOND_ACTIONS
from comity.law.library import Library
from comity.law.places import Jurisdiction

ENVELOPE = ("place", "at")
FORM = "request.form"
AS_OF_NOW = "decided-as-of-now"
EXAMPLE = '{"place": "us/fl/miami-dade", "at": "2017-01-20T09:00:00-05:00", "request": {"form": "i247d"}}'
WRITE_EXAMPLE = phrase("write {example}", example=EXAMPLE)

ASKS = "request.asks"
FROM_FORM, FROM_SECTION = "what the form asks for", "what a visit, an encounter or a certification asks for"
SHORT_NAMES = {
    "visit.kind": "place.kind",
    **{f"visit.{name}": f"request.{name}" for name in ("asks", "issuer", "warrants")},
    "encounter.asks": ASKS,
    "certification.asks": ASKS,
}


class Incoming(Struct, frozen=True):
    """A request that can be decided, its place, and the findings that do not prevent a decision.

    `asks_from` says from what it was taken what the request asks for, and is empty where the request says it.
    """

    request: Request
    where: Jurisdiction
    findings: tuple[Finding, ...] = ()
    asks_from: str = ""


def read_json(content: bytes, source: str) -> tuple[dict[str, Any], list[Finding]]:
    """The JSON object in a file. A repeated key and text that is not JSON are findings."""
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
        message = phrase("not readable as UTF-8 at byte {start}", start=fault.start)
        return {}, [Finding("encoding", Place(source), message, phrase("save the file as UTF-8"))]
    except json.JSONDecodeError as fault:
        place = Place(source, fault.lineno, fault.colno)
        message = phrase("not readable as JSON: {why}", why=f"{fault.msg[:1].lower()}{fault.msg[1:]}")
        return {}, [Finding("not-json", place, message, WRITE_EXAMPLE)]
    except (ValueError, RecursionError):
        message = phrase("nested too deeply, or a number too long, for a request")
        return {}, [Finding("not-json", Place(source), message, WRITE_EXAMPLE)]
    if not isinstance(tree, dict):
        return {}, [Finding("not-a-request", Place(source), phrase("this is no request"), WRITE_EXAMPLE)]
    help = phrase("keep one of them")
    return tree, [
        Finding("doubled-key", Place(source), phrase('the key "{}" stands twice', key), help) for key in doubled
    ]


def placed(findings: list[Finding], content: bytes, source: str) -> list[Finding]:
    """The findings, with the line in the JSON text where a finding names a key that occurs exactly once."""
    lines = content.decode("utf-8", "replace").splitlines()
    return [_placed(finding, lines, source) for finding in findings]


def _placed(finding: Finding, lines: list[str], source: str) -> Finding:
    path = finding.place.source.removeprefix(source).removeprefix(": ")
    if finding.place.line or not path:
        return finding
    named = finding.message.split(" ", 1)[0]
    path = named if named.startswith(path) else path  # only the message names the field of a record
    leaf = re.escape(re.split(r"[.\]]+", path.strip("]"))[-1])
    found = [(n, m.start() + 1) for n, line in enumerate(lines, 1) for m in re.finditer(f'"{leaf}"\\s*:', line)]
    line, column = found[0] if len(found) == 1 else (0, 0)
    return finding.changed(place=Place(source, line, column))


def incoming(
    document: Mapping[str, Any],
    library: Library,
    source: str = "request",
    *,
    place: str | None = None,
    at: str | datetime | None = None,
    now: datetime | None = None,
) -> tuple[Incoming | None, list[Finding]]:
    """Reads the request in a JSON document; `place` and `at` override those of the document.

    If there is no moment, `now` is used and a finding says so. Returns None if a finding is grave.
    """
    where, findings = _where(document.get("place") if is_absent(place) else place, library, source)
    zone = where.zone if where else ""
    moment, of_moment = _moment(document.get("at") if is_absent(at) else at, now, zone, source)
    facts = {key: value for key, value in document.items() if not (isinstance(key, str) and key in ENVELOPE)}
    flat, of_names = without_short_names(flatten(facts, library.vocabulary), source)
    flat, of_times = with_offsets(flat, library.vocabulary, zone, source) if zone else (flat, [])
    values, of_facts = read_values(flat, library.vocabulary, source, find_forms_out_of_use(library, where, moment))
    findings += [
        *of_names,
        *of_moment,
        *of_times,
        *of_facts,
        *(finding for path, value in values.items() for finding in _out_of_reach(path, value, source)),
    ]
    if where is None or moment is None or grave(findings):
        return None, findings
    at_place, day = Place(location(source, "place")), moment.astimezone(ZoneInfo(where.zone)).date()
    findings += place_notes(place or document["place"], where, library.gazetteer, at_place)
    of_counties = county_findings(where, library, day, at_place)
    if asks_beyond_the_jail(values):  # the question which county's jail it is does not arise
        of_counties = [finding.changed(grave=False, help="") for finding in of_counties]
    findings += of_counties
    if grave(findings):
        return None, findings
    with_asks, asks_from = _with_asks(values)
    values, of_days = derive_days(with_asks, where.zone, moment, source)
    findings += [*of_days, *_another_day(values, where.zone, moment, source)]
    if grave(findings):
        return None, findings
    return Incoming(Request(where.path, moment, values), where, tuple(findings), asks_from), findings


def find_forms_out_of_use(
    library: Library, where: Jurisdiction | None, moment: datetime | None
) -> Mapping[str, tuple[str, ...]]:
    """By `request.form`, the forms that were certainly not in use on the day of the decision; no help text suggests them."""
    if where is None or moment is None or not FIRST_YEAR <= moment.year < LAST_YEAR:
        return {}
    day = moment.astimezone(ZoneInfo(where.zone)).date()
    forms = (*HOLD_FORMS, *NOTICE_FORMS)
    return {
        FORM: tuple(form for form in forms if find_form_out_of_use(library.instruments.get(instrument_of(form)), day))
    }


def name_of(where: Jurisdiction, library: Library) -> str:
    """A place's name with that of its state: `Miami-Dade County, Florida`."""
    state = library.gazetteer.places.get("/".join(where.path.split("/")[:2]))
    return f"{where.name}, {state.name}" if state and state.path not in (where.path, "us") else where.name


def _where(named: Any, library: Library, source: str) -> tuple[Jurisdiction | None, list[Finding]]:
    if is_absent(named):
        help = phrase('write "place": "us/fl/miami-dade"')
        return None, [Finding("no-place", Place(source), phrase("the request names no place"), help)]
    where = library.gazetteer.named(named) if isinstance(named, str) else None
    if where is None:
        suggestion = isinstance(named, str) and library.gazetteer.suggestion(named)
        advice = suggestion or phrase("write a path, as in us/fl/miami-dade")
        message = phrase('there is no place "{}"', shown(named))
        return None, [Finding("unknown-place", Place(location(source, "place")), message, advice)]
    return where, []


def _moment(given: Any, now: datetime | None, zone: str, source: str) -> tuple[datetime | None, list[Finding]]:
    where = Place(location(source, "at"))
    if not is_absent(given):
        findings: list[Finding] = []
        with_offset = read_local(given, zone, "at", source, findings) if zone else given
        if grave(findings):
            return None, findings
        moment, fault = read_moment(with_offset, where, "at")
        return moment, [*findings, *([fault] if fault else _out_of_reach("at", moment, source))]
    if now is None:
        help = phrase('write "at": "2017-01-20T09:00:00-05:00"')
        return None, [Finding("no-moment", Place(source), phrase("the request has no moment"), help)]
    message = phrase('no moment "at" is given, so it is decided as of now, {}', now.isoformat(timespec="seconds"))
    return now, [Finding(AS_OF_NOW, Place(source), message, grave=False)]


def _out_of_reach(path: str, value: Value | None, source: str) -> list[Finding]:
    """Findings for moments before 1900 or after 2199, in the request or in its records."""
    if isinstance(value, KnownList):
        fields = [
            (f"{path}[{index}].{key}", field) for index, item in enumerate(value.items) for key, field in item.items()
        ]
        return [finding for name, field in fields for finding in _out_of_reach(name, field, source)]
    if not isinstance(value, datetime) or FIRST_YEAR <= value.year < LAST_YEAR:
        return []
    help = phrase("a moment from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR - 1)
    message = phrase("{fact} is in the year {}", value.year, fact=path)
    return [Finding("moment", Place(location(source, path)), message, help)]


def _another_day(values: Mapping[str, Value], zone: str, at: datetime, source: str) -> list[Finding]:
    """A finding if a request gives a day of decision other than the local day of its moment."""
    local = at.astimezone(ZoneInfo(zone)).date()
    if values["decision.on"] == local:
        return []
    message = phrase("decision.on is {}, but at falls on {} in {zone}", values["decision.on"], local, zone=zone)
    where = Place(location(source, "decision.on"))
    return [Finding("day-and-moment", where, message, phrase("leave decision.on out"))]


def _with_asks(values: dict[str, Value]) -> tuple[dict[str, Value], str]:
    """The values, with what the form, the visit or the encounter asks for if the request does not say it; and from what it was taken."""
    if ASKS in values:
        return values, ""
    by_form, beyond = asked_by_form(str(values.get(FORM, ""))), asked_beyond_the_jail(values)
    if by_form:
        return {**values, ASKS: by_form}, FROM_FORM
    return ({**values, ASKS: beyond}, FROM_SECTION) if beyond else (values, "")


def asks_beyond_the_jail(values: Mapping[str, Value]) -> bool:
    """Whether a request asks only for actions that no detainer asks for."""
    asks = values.get(ASKS) or asked_beyond_the_jail(values)
    return isinstance(asks, KnownSet) and bool(asks.members) and asks.members <= {*BEYOND_ACTIONS}


def without_short_names(flat: Mapping[Any, Any], source: str) -> tuple[dict[Any, Any], list[Finding]]:
    """The facts by their names, where a visit or an encounter names them shortly: `visit.kind` is `place.kind`."""
    found: dict[Any, Any] = {}
    findings = []
    for key, value in flat.items():
        name = SHORT_NAMES.get(key, key) if isinstance(key, str) else key
        if name in found and found[name] is not None and value is not None:
            message = phrase("{short} and {name} are the same fact", short=key, name=name)
            findings.append(Finding("doubled-key", Place(location(source, name)), message, phrase("keep one of them")))
        found[name] = value
    return found, findings
