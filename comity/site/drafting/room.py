"""The drafting room as Python runs it: in a worker of the page, and in the tests. JSON goes in and comes out.

It imports nothing that a browser lacks: no solver, no tables, no templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from comity.authoring.check import CheckResult
from comity.authoring.draft import SUFFIX, ReadLaw, check_draft
from comity.authoring.new_file import EFFECTS, Draft, find_faults, slug, text_of
from comity.decision.held_law import held_law
from comity.decision.incoming import name_of
from comity.decision.research import is_researched
from comity.finding import Finding, InputFault, Place, grave, phrase
from comity.law.cache import collection_paused
from comity.law.in_force import Agency
from comity.law.instrument import ACTIONS, FURTHER_ACTIONS, INSTRUMENT_KINDS
from comity.law.library import FACTS_FILE
from comity.lawview.page import full_page_of
from comity.lawview.view import LawView
from comity.period import day_of
from comity.present.page import Block
from comity.session import Law
from comity.site.badge import outcome_of
from comity.site.standard_requests import form_of_day, standard_requests

LAW_FILE = "law.msgpack"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Who decides what an outline permits: the head of the agency that keeps the jail, as `comity new` has it.
SHERIFF, CHIEF = "the sheriff", "the chief of police"
CITY_KINDS = ("city", "town", "village", "borough", "municipality")


def open_room(folder: Path) -> Room:
    """The room over the law in a folder, in which drafts are written too."""
    with collection_paused():
        read = msgspec.msgpack.decode((folder / LAW_FILE).read_bytes(), type=ReadLaw)
    library = read.library
    cities, jails = (
        tuple(str(folder / name) for name in names) for names in (library.gazetteer.city_tables, library.jail_tables)
    )
    gazetteer = structs.replace(library.gazetteer, city_tables=cities)
    library = structs.replace(library, gazetteer=gazetteer, jail_tables=jails)
    return Room(structs.replace(read, library=library), folder / "drafts")


class Room:
    """Answers what the page asks. Nothing of a draft is kept but its file, which the next one replaces."""

    def __init__(self, law: ReadLaw, folder: Path) -> None:
        self.law, self.folder = law, folder
        self.shipped = Law(law.library)
        self.tasks: Mapping[str, Callable[..., Any]] = {
            "open": self.open_place, "outline": self.outline, "text": self.text, "check": self.check,
            "decide": self.decide,
        }  # fmt: skip

    def answer(self, message: str) -> str:
        """The answer to `{"task": ..., "given": {...}}`: `{"result": ...}`, or `{"findings": [...]}` for bad input."""
        asked = msgspec.json.decode(message)
        try:
            found = {"result": self.tasks[asked["task"]](**asked["given"])}
        except InputFault as fault:
            found = {"findings": [finding.line() for finding in fault.findings]}
        return msgspec.json.encode(found).decode()

    def open_place(self, place: str) -> dict[str, Any]:
        """The name of a place, its instruments, and what an outline can be of."""
        where = self.shipped.place(place)
        instruments = [
            {"id": instrument.id, "title": instrument.title}
            for _, instrument in self.law.library.instruments_by_place.get(where.path, ())
        ]
        return {
            "place": where.path, "name": name_of(where, self.law.library), "instruments": instruments,
            "kinds": INSTRUMENT_KINDS, "effects": EFFECTS, "actions": ACTIONS,
        }  # fmt: skip

    def outline(self, *, place: str, title: str, kind: str, effect: str, action: str, day: str) -> dict[str, Any]:
        """The file name and the text of a new instrument with one provision, as `comity new` writes them."""
        where = self.shipped.place(place)
        draft = Draft(
            place=where.path, title=title, kind=kind, effective=day, effects={effect: (action,)},
            decider=CHIEF if where.kind in CITY_KINDS else SHERIFF,
        )  # fmt: skip
        faults = list(find_faults(draft, self.law.library))
        if faults:
            raise InputFault(faults)
        return {"name": slug(title), "text": text_of(draft)}

    def text(self, id: str) -> dict[str, Any]:
        """The file name and the text of an instrument of the library."""
        return {"name": id.rpartition("/")[2], "text": self.law.texts[id]}

    def check(self, *, place: str, name: str, text: str, day: str) -> dict[str, Any]:
        """What the check finds in a draft, its cases, and, where it has no error, the law and the answers with it."""
        where, on = self.shipped.place(place), _day(day)
        id = f"{where.path}/{_named(name)}"
        path = self.folder / f"{id}{SUFFIX}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        checked = check_draft(self.law, id, path)
        lines = text.splitlines()
        errors = len(grave(checked.findings))
        found = {
            "id": id, "replaces": id in self.law.library.instruments, "ran": checked.ran, "errors": errors,
            "warnings": len(checked.findings) - errors, "boundaries": checked.boundaries,
            "findings": [_shown(finding, path, lines) for finding in checked.findings],
            "cases": list(_cases(checked)), "version": checked.law.version,
        }  # fmt: skip
        return found | (self._effects(checked, id, where.path, on) if checked.ran and checked.chosen else {})

    def _effects(self, checked: CheckResult, id: str, place: str, day: date) -> dict[str, Any]:
        """The law at a place on a day with a draft, and the answers to the standard requests before and with it."""
        after = Law(checked.law)
        view = after.at(place, on=day)
        return {
            "in_force": id in held_law(checked.law).stack(place, day, Agency()).instruments,
            "effective": str(checked.chosen[0].effective),
            "answers": list(compare_answers(self.shipped, after, place, day)),
            "yields": list(_yields(view, id)),
            "page": [_block(block) for block in full_page_of(view)],
        }

    def decide(self, request: dict[str, Any]) -> dict[str, Any]:
        """The decision on a request, as `comity decide --json` prints it."""
        return self.shipped.decide(request).to_dict()


def compare_answers(before: Law, after: Law, place: str, day: date) -> Iterator[dict[str, str]]:
    """For each standard request and action, the answer under two laws, as the word of its badge."""
    where = before.library.gazetteer.places[place]
    form = form_of_day(before.library, day)
    researched = is_researched(held_law(before.library).places[place, "", ""].researched[day])
    for request in standard_requests():
        document = request.at(place, day, where.zone, form)
        one, other = before.outcomes(document), after.outcomes(document)
        for action in (*ACTIONS, *FURTHER_ACTIONS):
            first, second = (found.get(action, ("unaddressed",)) for found in (one, other))
            yield {
                "request": request.id, "action": action,
                "before": outcome_of(first, is_researched=researched),
                "after": outcome_of(second, is_researched=researched),
            }  # fmt: skip


def _yields(view: LawView, id: str) -> Iterator[dict[str, str]]:
    """What the provisions of an instrument yield to on a day: the citation of each, what it yields to, and why."""
    entries = [entry for entries in view.actions.values() for entry in entries]
    cites = {entry.provision: entry.cite for entry in entries}
    for entry in entries:
        if entry.instrument == id:
            for to, reason in entry.yields_to:
                yield {"cite": entry.cite, "to": cites.get(to, to), "reason": reason}


def _cases(checked: CheckResult) -> Iterator[dict[str, Any]]:
    """Each case of the draft: its name, its line, and whether it passes."""
    failing = {finding.place for finding in checked.findings if finding.grave}
    for instrument in checked.chosen:
        for case in instrument.cases:
            yield {"name": case.name, "line": case.place.line, "passes": checked.ran and case.place not in failing}


def _shown(finding: Finding, path: Path, lines: list[str]) -> dict[str, Any]:
    """A finding for the page; `file` names another file than the draft, where the finding is about one."""
    place, is_here = finding.place, finding.place.source == str(path)
    excerpt = lines[place.line - 1] if is_here and 0 < place.line <= len(lines) else ""
    return {
        "code": finding.code, "grave": finding.grave, "message": finding.message, "help": finding.help,
        "file": "" if is_here else place.source, "line": place.line, "column": place.column, "excerpt": excerpt,
    }  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(block)
    return shown


def _named(name: str) -> str:
    """The name of a draft's file, without its ending. Raises `InputFault` for one that no law file has."""
    plain = name.strip().removesuffix(SUFFIX)
    if not NAME.fullmatch(plain) or f"{plain}{SUFFIX}" == FACTS_FILE:
        message = phrase('no law file can be named "{}"', name)
        help = f"use small letters, digits and hyphens, as in ordinance-2027-1; {FACTS_FILE} is kept for facts of the place"
        raise InputFault([Finding("file-name", Place("file name"), message, help)])
    return plain


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        raise InputFault([Finding("not-a-day", Place("day"), phrase('"{}" is no day', text), "write YYYY-MM-DD")])
    return day
