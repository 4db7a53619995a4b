"""What an administrator does to a desk: begins it, backs it up and restores it, changes its keys, writes its record out."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comity.finding import InputFault
from tests.desk.conftest import NOON, ROOT, after
from tests.desk.test_deeds import OFFICER, SUFFICIENT, received

# What fills a desk with made-up cases in a process of its own.
FILL = """
from datetime import UTC, datetime, timedelta
from pathlib import Path
from comity.web.start import start
start(Path("desk.toml"), migrate=True)
from comity.web.demo_cases import _received
now = datetime.now(UTC)
for number in range(3):
    _received({first} + number, now - timedelta(hours=3), held=1 if number else 0)
from comity.web.at_desk import this_desk
this_desk().sign()
this_desk().ledger.close()
"""


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def run(folder: Path, words: str, code: int = 0) -> str:
    done = python(folder, "-m", "comity", *words.split())
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with three cases."""
    folder = tmp_path_factory.mktemp("county")
    said = run(folder.parent, f"desk init {folder.name} --place us/fl/miami-dade --agency-kind corrections_department")
    assert [line.rpartition("/")[2] for line in said.splitlines()[:4]] == [
        "desk.toml", "desk.key", "signing.key", "secret.key",
    ]  # fmt: skip
    filled = python(folder, "-c", FILL.format(first=501))
    assert filled.returncode == 0, filled.stderr
    return folder


def test_a_desk_is_begun_once(county: Path, tmp_path: Path) -> None:
    from comity.web.operating.operations import begin_desk

    assert all((county / name).stat().st_mode & 0o777 == 0o600 for name in ("desk.key", "signing.key", "secret.key"))
    with pytest.raises(InputFault, match="is there already"):
        begin_desk(county, "us/fl/miami-dade")
    with pytest.raises(InputFault, match='there is no place "us/zz/nowhere"'):
        begin_desk(tmp_path / "new", "us/zz/nowhere")


def test_a_backup_is_restored_and_holds_no_key(county: Path, tmp_path: Path) -> None:
    written = run(county, f"desk backup {tmp_path}/b.zip --config desk.toml")
    assert "8 events, whole" in written
    key = bytes.fromhex((county / "desk.key").read_text())
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if name.endswith(".key")]
    assert key not in content and key.hex().encode() not in content and b"Subject 0501" not in content
    restored = run(tmp_path, "desk restore b.zip again")
    assert written.splitlines()[0].split("; root ")[1] == restored.splitlines()[0].split("; root ")[1]
    assert restored.splitlines()[1] == "Put these keys there before you start it: desk.key, signing.key, secret.key."
    for name in ("desk.key", "signing.key", "secret.key"):
        shutil.copy(county / name, tmp_path / "again" / name)
    assert "8 events, whole; 1 signed heads hold" in run(tmp_path, "audit verify --config again/desk.toml")
    assert "is not empty" in run(tmp_path, "desk restore b.zip again", 2)
    assert "is there already" in run(county, f"desk backup {tmp_path}/b.zip --config desk.toml", 2)


def test_a_backup_has_the_law_of_the_county(county: Path, tmp_path: Path) -> None:
    """The folders that the configuration names and the law that was uploaded: without them a restored desk would not start."""
    from comity.web.operating.backup import restore_backup, write_backup

    folder = tmp_path / "county"
    shutil.copytree(county, folder)
    text = (folder / "desk.toml").read_text()
    (folder / "desk.toml").write_text(f'law_folders = ["law/ours"]\n{text}')
    (folder / "law" / "ours" / "us" / "fl").mkdir(parents=True)
    (folder / "law" / "ours" / "us" / "fl" / "act.md").write_text("law")
    (folder / "law-archive" / "uploaded").write_text("digest\n")
    write_backup(folder / "desk.toml", tmp_path / "b.zip")
    restore_backup(tmp_path / "b.zip", tmp_path / "again")
    assert (tmp_path / "again" / "law" / "ours" / "us" / "fl" / "act.md").read_text() == "law"
    assert (tmp_path / "again" / "law-archive" / "uploaded").read_text() == "digest\n"


def test_a_backup_that_was_changed_is_not_restored(county: Path, tmp_path: Path) -> None:
    from comity.web.operating.backup import restore_backup, write_backup

    write_backup(county / "desk.toml", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extractall(tmp_path / "parts")
    database = tmp_path / "parts" / "desk.sqlite3"
    for change, words in (
        (
            "DROP TRIGGER desk_entry_no_delete; DELETE FROM desk_entry WHERE number = 8",
            "holds a record that is not whole",
        ),
        ("DROP TRIGGER desk_head_no_delete; DELETE FROM desk_head", "holds another record than its manifest says"),
    ):
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript(f"PRAGMA journal_mode=DELETE; {change}")
        target = tmp_path / f"{len(words)}.zip"
        with zipfile.ZipFile(target, "w") as archive:
            for path in (tmp_path / "parts").iterdir():
                if path.suffix in (".json", ".sqlite3", ".toml"):
                    archive.write(path, path.name)
        with pytest.raises(InputFault, match=words):
            restore_backup(target, tmp_path / f"restored-{len(words)}")
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("../outside", "x")
    with pytest.raises(InputFault, match="no backup of a desk that can be read"):
        restore_backup(target, tmp_path / "outside-of")
    assert not (tmp_path / "outside").exists()
    (tmp_path / "text").write_text("no ZIP file")
    with pytest.raises(InputFault, match="no backup of a desk that can be read"):
        restore_backup(tmp_path / "text", tmp_path / "of-text")


def test_keys_are_changed_and_the_record_verifies_from_the_first_key(county: Path, tmp_path: Path) -> None:
    folder = tmp_path / "county"
    shutil.copytree(county, folder)
    first = run(folder, "desk sign --config desk.toml").split()[-1]
    assert "sealed the keys of 3 persons again" in run(folder, "desk rotate-keys --config desk.toml")
    assert python(folder, "-c", FILL.format(first=601)).returncode == 0
    assert "16 events, whole; 3 signed heads hold" in run(folder, f"audit verify --config desk.toml --key {first}")
    assert "wrote 16 events to out and 3 heads to out.heads" in run(folder, "desk write-record out --config desk.toml")
    assert "16 events, whole" in run(folder, f"audit verify out out.heads --key {first}")
    assert "is signed by a key that is not given" in run(folder, f"audit verify out out.heads --key {'0' * 64}", 1)
    with sqlite3.connect(folder / "desk.sqlite3") as database:
        [[case]] = database.execute("SELECT id FROM desk_case LIMIT 1").fetchall()
    assert "the same to the letter" in run(
        folder, f"desk again {case} --config desk.toml"
    )  # the archive was signed again
    [old] = folder.glob("desk.key.until-*")
    shutil.copy(old, folder / "desk.key")
    assert "does not open this record" in run(folder, "desk sign --config desk.toml", 2)


def test_a_change_of_keys_that_was_cut_short_is_finished_or_undone(county: Path, tmp_path: Path) -> None:
    """As after a loss of power: before the commit, after it, and between the two renames."""
    folder = tmp_path / "county"
    shutil.copytree(county, folder)
    (folder / "desk.key.next").write_text("00" * 32)
    (folder / "signing.key.next").write_text("11" * 32)
    for name in ("desk.key.next", "signing.key.next"):
        (folder / name).chmod(0o600)
    assert "a change of keys was cut short" in run(folder, "desk sign --config desk.toml", 2)
    assert "sealed the keys of 3 persons again" in run(folder, "desk rotate-keys --config desk.toml")
    for names in (("desk.key", "signing.key"), ("signing.key",)):
        for name in names:
            (folder / name).rename(folder / f"{name}.next")
            [old, *_] = sorted(folder.glob(f"{name}.until-*"), reverse=True)
            old.rename(folder / name)
        assert "is finished now" in run(folder, "desk rotate-keys --config desk.toml")
    assert "8 events, whole; 2 signed heads hold" in run(folder, "audit verify --config desk.toml")


def test_persons_are_found_and_requests_are_one_under_the_next_key(desk: Any) -> None:
    from comity.desk import deeds, queries
    from comity.desk.desk import Desk
    from comity.desk.rotation import Keys, rotate
    from comity.desk.sealing import DeskKey, Unsealable

    id = received(desk, 520)
    before = Keys(desk.key, desk.signing_key)
    now = Keys(DeskKey(bytes(range(32))), Ed25519PrivateKey.generate())
    assert rotate(before, now, after(1)) > 0
    next = Desk(desk.bound, desk.library, now.desk, now.signing)
    try:
        assert queries.find_by_person(next, field="name", text="subject 0520", by=OFFICER) == [id]
        assert queries.find_by_person(desk, field="name", text="subject 0520", by=OFFICER) == []
        assert queries.case_file(next, id, by=OFFICER).person["name"] == "Subject 0520"
        with pytest.raises(Unsealable):
            queries.case_file(desk, id, by=OFFICER)
        person = deeds.Person(name="Subject 0520", a_number="A000000520", booking="B-520")
        again = deeds.receive(
            next, facts=SUFFICIENT, person=person, channel="typed", received_at=NOON, by=OFFICER, at=after(2)
        )
        assert (again.case, again.is_new) == (id, False)
    finally:
        next.ledger.close()
        rotate(now, before, after(3))
    assert queries.find_by_person(desk, field="name", text="subject 0520", by=OFFICER) == [id]
