"""A draft that is checked beside law read before: what is found is what `comity check` finds in a folder of files, without proofs."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from comity.authoring import check
from comity.authoring.draft import SUFFIX
from comity.finding import grave
from comity.law.cache import shipped
from comity.law.library import law_files
from comity.session import Law, open_folders
from comity.site.drafting.bundle import LIBRARIES, ROOM_MODULE, law_entries, program_entries
from comity.site.drafting.room import Room, open_room
from comity.site.standard_requests import standard_requests

LAW = open_folders(())
PLACE, NAME, DAY = "us/nv/clark", "draft-ordinance", "2026-11-01"
LENDER = "us/ca/gov-7282-5-list"  # others use its terms
OF_OTHERS = {"msgspec", "yaml", "tzdata", "typing_extensions"}  # msgspec imports the last one where it is installed


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """The room over the shipped law, opened from the files of its archive."""
    folder = tmp_path_factory.mktemp("room")
    for name, content in law_entries(LAW):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return open_room(folder / "law")


def outline(room: Room) -> str:
    found = room.outline(
        place=PLACE, title="Draft ordinance", kind="ordinance", effect="forbids", action="hold", day=DAY
    )
    assert found["name"] == NAME
    return str(found["text"])


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


DRAFTS = {
    "without a fault": ("forbids: hold", "forbids: hold"),
    "with four faults": ("forbids: hold\ncite:", "forbids: holdd\nwhen: subject.agee > 30\ncitee: \u200b"),
    "with a case that fails and boundaries without cases": ("forbids: hold", "forbids: hold\nwhen: subject.age > 30"),
}


@pytest.mark.parametrize("name", DRAFTS)
def test_findings_are_those_of_the_check_of_files(
    name: str, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same_as_files(room, f"{PLACE}/{NAME}", changed(outline(room), *DRAFTS[name]), tmp_path, monkeypatch)


def test_instruments_that_use_its_terms_are_checked_again(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = changed(room.text(LENDER)["text"], "serious_or_violent", "serious_and_violent")
    found = same_as_files(room, LENDER, text, tmp_path, monkeypatch)
    assert {finding["file"] for finding in found["findings"]} >= {"us/ca/santa-clara/policy-3-54-2011.md"}


def same_as_files(room: Room, id: str, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The result of the room, which is that of the same draft in a folder laid over the shipped law."""
    path = folder / f"{id}{SUFFIX}"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(check, "is_installed", lambda extra: False)
    expected = check.check_files([path])
    place, _, name = id.rpartition("/")
    found = room.check(place=place, name=name, text=text, day=DAY)
    rows = [
        (one["code"], one["grave"], one["message"], one["help"], one["line"], one["column"])
        for one in found["findings"]
    ]
    assert rows == [
        (one.code, one.grave, one.message, one.help, one.place.line, one.place.column)
        for one in expected.findings
        if one != check.PROOFS_LEFT_OUT
    ]
    assert (found["ran"], found["boundaries"]) == (expected.ran, expected.boundaries)
    assert found["errors"] == len(grave(expected.findings)) and found["version"] == expected.law.version
    assert found["version"] != LAW.version
    if expected.ran:
        before_and_after(found, Law(expected.law), place)
    return found


def before_and_after(found: dict[str, object], after: Law, place: str) -> None:
    """Whether the answers of the room are the outcomes under the law without and with the draft."""
    plain = standard_requests()[0].at(place, date.fromisoformat(DAY), LAW.place(place).zone, "i247a")
    [hold] = [row for row in found["answers"] if row["request"] == "plain" and row["action"] == "hold"]  # type: ignore[attr-defined]
    for law, key in ((LAW, "before"), (after, "after")):
        possible = law.outcomes(plain)["hold"]
        assert hold[key] == (possible[0] if len(possible) == 1 else "undetermined")


def test_a_draft_changes_the_answers(room: Room) -> None:
    found = room.check(place=PLACE, name=NAME, text=outline(room), day=DAY)
    holds = {(row["before"], row["after"]) for row in found["answers"] if row["action"] == "hold"}
    assert ("permitted", "forbidden") in holds and found["in_force"]
    later = room.check(place=PLACE, name=NAME, text=outline(room), day="2026-10-31")
    assert not later["in_force"] and all(row["before"] == row["after"] for row in later["answers"])


def test_what_a_draft_yields_to_is_said(room: Room) -> None:
    found = room.check(place="us/fl/miami-dade", name=NAME, text=outline(room), day=DAY)
    assert found["yields"] and found["yields"][0]["cite"] == "Draft ordinance"
    assert not [row for row in found["answers"] if row["before"] != row["after"]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"place": "us/zz"}, "us/zz"),
        ({"name": "Ordinance 1"}, "small letters"),
        ({"name": "facts"}, "facts of the place"),
        ({"name": "../x"}, "small letters"),
        ({"day": "2026-02-30"}, "YYYY-MM-DD"),
    ],
)
def test_bad_input_is_said_in_words(given: dict[str, str], said: str, room: Room) -> None:
    asked = {"place": PLACE, "name": NAME, "text": "x", "day": DAY, **given}
    answer = json.loads(room.answer(json.dumps({"task": "check", "given": asked})))
    assert [*answer] == ["findings"] and said in answer["findings"][0]


def test_the_archive_names_no_path_of_this_machine() -> None:
    contents = dict(law_entries(LAW))
    assert not [name for name, content in contents.items() if str(shipped()).encode() in content]
    assert len(law_files([shipped()])) > len(contents) > 2


def test_the_worker_needs_the_libraries_of_the_archive_alone(tmp_path: Path) -> None:
    for name, content in program_entries():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    code = f"import sys, {ROOM_MODULE}; print(sorted({{name.partition('.')[0] for name in sys.modules}}), {ROOM_MODULE}.__file__)"
    folder = tmp_path / LIBRARIES
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True, env={})
    loaded = {name.strip("'") for name in done.stdout.partition("]")[0].strip("[").split(", ")}
    known = {*sys.stdlib_module_names, "comity", *OF_OTHERS, "__main__"}
    assert str(folder) in done.stdout and not {name for name in loaded - known if not name.startswith("_")}
