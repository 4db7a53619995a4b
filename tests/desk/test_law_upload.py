"""A county attorney uploads law: it is checked apart, waits for a second person, and is then held, kept and recorded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from comity.desk.roles import Role
from tests.desk.conftest import NOON
from tests.desk.log_in import logged_in
from tests.desk.test_deeds import OFFICER, received

NAME = "us/made-up-act.md"
ACT = """---
title: Made-up act
kind: statute
enacted: 2026-01-01
effective: 2026-01-01
evidence: recalled-low
sources:
  - made up for a test
---
Forbids holds everywhere.

## 1 No holds

Nobody is held on a detainer.

```yaml provision
forbids: hold
cite: Made-up act 1
```

```yaml case
name: no hold
given: {}
then: {hold: forbidden}
```
"""


def zipped(text: str, name: str = NAME) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, text)
    packed.seek(0)
    packed.name = "law.zip"
    return packed


@pytest.fixture
def folders(served: Any, tmp_path: Path) -> Iterator[Any]:
    from comity.desk.config import DeskSettings
    from comity.web.operating import law_change

    before = served.library
    found = law_change.LawFolders(tmp_path / "desk", DeskSettings(place="us/fl/miami-dade"), served.signing_key)
    law_change.keep_folders(found)
    yield found
    law_change._FOLLOWED.clear()
    served.change_law(before)


def in_this_process(module: str, arguments: Any, limits: Any, content: bytes = b"") -> Any:
    """The work of the child without its process, which takes seconds to start."""
    import msgspec

    from comity.law import cache
    from comity.web.operating import contained, law_checking

    if module.endswith("law_checking"):
        place, *beneath = arguments
        checked = law_checking._checked(content, place, [Path(folder) for folder in beneath])
        return contained.Ended(msgspec.msgpack.encode(checked))
    return contained.Ended(msgspec.msgpack.encode(cache.CachedLaw(*cache.load(arguments))))


def test_law_is_uploaded_confirmed_by_another_and_held(
    served: Any, folders: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.desk import deeds
    from comity.desk.audit.verifier import verify
    from comity.desk.models import Entry
    from comity.desk.record import record_lines
    from comity.web.operating import doors, law_checking, law_reading
    from comity.web.operating.law_change import LawFolders

    patient = doors.Door(what="", bytes_max=99_999, seconds_max=3_600)  # on a machine that other tests load
    monkeypatch.setattr(doors, "door_named", lambda name: patient)
    for module in (law_checking, law_reading):
        monkeypatch.setattr(module, "run_contained", in_this_process)
    case = received(served, 595)
    deeds.decide(served, case, by=OFFICER, at=NOON)
    before = served.library.version
    attorney, second = logged_in(Role.COUNTY_ATTORNEY), logged_in(Role.COUNTY_ATTORNEY, "second-attorney")

    refused = attorney.post(
        "/law/upload", {"law": zipped(ACT.replace("then: {hold: forbidden}", "then: {hold: required}"))}
    )
    assert refused.status_code == 400 and NAME in refused.content.decode() and served.library.version == before
    assert b"None waits" in second.get("/law/proposed").content

    assert attorney.post("/law/upload", {"law": zipped(ACT)}).url == "/law/proposed"
    page = attorney.get("/law/proposed").content.decode()
    assert "a second person has to confirm it" in page and case in page and NAME in page and "MUST NOT" in page
    event = Entry.objects.filter(kind="law_proposed").order_by("-number").values_list("number", flat=True)[0]
    sent = {"event": event, "confirmed": "yes", "reason": "as adopted"}
    alone = attorney.post("/law/proposed", sent)
    assert alone.status_code == 409 and "whoever uploaded a law cannot confirm it" in alone.content.decode().lower()
    assert second.post("/law/proposed", {**sent, "event": 1}).status_code == 409 and served.library.version == before

    assert second.post("/law/proposed", sent).url == "/law"
    after = served.library.version
    assert after != before and "Made-up act" in second.get("/law").content.decode()
    assert folders.archive.load(after)[0].version == after
    assert second.post("/law/proposed", sent).status_code == 409  # it waits no more
    assert Entry.objects.filter(kind="law_confirmed").count() == 1 and not verify(record_lines()).faults
    assert "Uploaded law confirmed" in second.get("/record?kind=law_confirmed").content.decode()

    again = LawFolders(tmp_path / "desk", folders.settings, served.signing_key)  # as after a restart
    assert [(folder / NAME).read_text() for folder in again.folders()] == [ACT]
    [path] = (tmp_path / "desk" / "law-archive").glob("uploaded-*.zip")
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(Exception, match="was changed since it was uploaded"):
        again.folders()


def test_law_that_was_refused_is_not_held(served: Any, folders: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.web.operating import uploaded_law
    from comity.web.operating.law_checking import CheckedLaw, LawFile

    checked = CheckedLaw(served.library, [LawFile(NAME, False)])
    monkeypatch.setattr(uploaded_law, "check_upload", lambda *given: checked)
    before = served.library.version
    attorney, administrator = logged_in(Role.COUNTY_ATTORNEY), logged_in(Role.ADMINISTRATOR)
    attorney.post("/law/upload", {"law": zipped(ACT)})
    page = administrator.get("/law/proposed").content.decode()
    assert NAME in page and "Your role sees no cases" in page
    sent = {"event": uploaded_law.waiting(folders).event, "confirmed": "no", "reason": "not adopted yet"}
    assert administrator.post("/law/proposed", {**sent, "reason": ""}).status_code == 409
    assert administrator.post("/law/proposed", sent).url == "/law"
    assert served.library.version == before and uploaded_law.waiting(folders) is None


def test_a_check_has_limits_and_a_hostile_file_is_a_finding(served: Any, folders: Any) -> None:
    from comity.web.operating.contained import Limits
    from comity.web.operating.law_checking import check_upload

    content = zipped(ACT).getvalue()
    for limits, code in ((Limits(0.05, 2_000_000_000), "took-too-long"), (Limits(100, 40_000_000), "too-large")):
        assert [finding.code for finding in check_upload(content, [], folders.place, limits=limits).findings] == [code]
    attorney = logged_in(Role.COUNTY_ATTORNEY)
    page = attorney.post("/law/upload", {"law": zipped(ACT, "us/../../outside.md")})
    assert page.status_code == 400 and "leads to another folder" in page.content.decode()
