"""The law of a running desk changes in one step, and is read where it can harm nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from comity.desk.roles import Role
from tests.desk.api_calls import ASKED, Api, new_token

CALLS = 150


def test_a_call_sees_one_law_or_the_other(desk: Any) -> None:
    """Four threads ask while the law changes again and again: each answer is whole, and that of the version which it names."""
    first = desk.library
    other = replace(first, digest="f" * 64, instruments={}, facts=())
    calls = [Api(desk, new_token(Role.SUPERVISOR)) for _ in range(3)]
    expected = {}
    for library in (first, other):
        desk.change_law(library)
        decision = calls[0]("POST", "decide", ASKED)[1]
        expected[library.version] = {action: answer["outcome"] for action, answer in decision["actions"].items()}
    assert expected[first.version] != expected[other.version]
    answers: list[dict[str, Any]] = []
    ends = threading.Event()

    def ask(api: Api) -> None:
        for _ in range(CALLS):
            answers.append(api("POST", "decide", ASKED)[1])

    def change() -> None:
        while not ends.is_set():
            for library in (first, other):
                desk.change_law(library)

    changing, asking = threading.Thread(target=change), [threading.Thread(target=ask, args=(api,)) for api in calls]
    for thread in (changing, *asking):
        thread.start()
    for thread in asking:
        thread.join()
    ends.set()
    changing.join()
    assert len(answers) == CALLS * len(calls) and {answer["law_version"] for answer in answers} == {*expected}
    for answer in answers:
        found = {action: each["outcome"] for action, each in answer["actions"].items()}
        assert found == expected[answer["law_version"]]


@pytest.fixture
def folders(desk: Any, tmp_path: Path) -> Iterator[Any]:
    from comity.desk.config import DeskSettings
    from comity.web.operating import law_change

    (tmp_path / "law" / "us" / "fl").mkdir(parents=True)
    settings = DeskSettings(place="us/fl/miami-dade", law_folders=("law",))
    found = law_change.LawFolders(tmp_path, settings, desk.signing_key)
    law_change.keep_folders(found)
    yield found
    law_change._FOLLOWED.clear()


def test_an_administrator_changes_the_law(desk: Any, folders: Any, tmp_path: Path) -> None:
    api, before = Api(desk, new_token(Role.ADMINISTRATOR)), desk.library.version
    act, link = tmp_path / "law" / "us" / "fl" / "act.md", tmp_path / "law" / "us" / "fl" / "link.md"
    act.write_text("no law at all\n", encoding="utf-8")
    (tmp_path / "outside.md").write_text("law of another folder\n", encoding="utf-8")
    link.symlink_to(tmp_path / "outside.md")
    status, problem = api("POST", "law-changes")
    found = {Path(finding["at"].partition(":")[0]).name: finding["code"] for finding in problem["findings"]}
    assert status == 422 and "act.md" in found and found["link.md"] == "not-read" and desk.library.version == before
    act.unlink()
    link.unlink()
    (tmp_path / "law" / "places.csv").write_bytes((folders_of_shipped() / "places.csv").read_bytes())
    status, changed = api("POST", "law-changes")
    assert (status, changed["before"], changed["changed"]) == (200, before, True), changed
    assert desk.library.version == changed["law_version"] in folders.archive.versions()
    other = replace(desk.library, digest="e" * 64)
    desk.change_law(other)  # as another process holds it still
    assert folders.follow(desk) and desk.library.version == changed["law_version"] and not folders.follow(desk)


def folders_of_shipped() -> Path:
    from comity.law.cache import shipped

    return shipped()


def test_only_an_administrator(desk: Any, folders: Any) -> None:
    assert Api(desk, new_token(Role.SUPERVISOR))("POST", "law-changes")[0] == 403


def test_the_server_names_its_law_and_the_command_changes_it(tmp_path: Path) -> None:
    from comity.desk.config import DeskSettings
    from comity.web.demo import write_demo
    from comity.web.start import CONFIG, make_keys

    config = write_demo(tmp_path)
    make_keys(tmp_path, DeskSettings(place=""))
    environment = {**os.environ, CONFIG: str(config)}
    subprocess.run([sys.executable, "-c", "import comity.web.wsgi"], env=environment, check=True, timeout=120)
    current = tmp_path / "law-archive" / "current"
    version = current.read_text()
    current.write_text("older\n")
    command = [sys.executable, "-m", "comity", "desk", "change-law", "--config", str(config)]
    said = subprocess.run(command, env=environment, check=True, timeout=120, capture_output=True, text=True).stdout
    assert current.read_text() == version and version.strip() in said


@pytest.mark.parametrize("limits", [{"seconds_max": 0.01}, {"memory_max": 40_000_000}])
def test_the_child_has_limits(limits: dict[str, Any]) -> None:
    from comity.web.operating.law_reading import read_in_child

    library, findings = read_in_child([], **limits)
    assert library is None and [finding.code for finding in findings] == ["too-large"]


def test_a_folder_with_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.web.operating import law_reading

    monkeypatch.setattr(law_reading, "FILES_MAX", 1)
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("x")
    library, findings = law_reading.read_in_child([tmp_path])
    assert library is None and "2 files" in findings[0].message
