"""The copy of the law in the cache folder: the same as the law read, never stale, never needed."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.law import cache as law_cache
from comity.law.library import Library, read_library
from tests.house.tree import ROOT

SHIPPED = law_cache.shipped()
COLD_SECONDS_MAX, CACHED_SECONDS_MAX = 2.8, 0.25  # for four times 383 instruments
ORDINANCE = """---
title: Ordinance 1
kind: ordinance
effective: {effective}
evidence: verified
---
A county's ordinance.

## 1 No hold

The county holds nobody.

```yaml provision
forbids: hold
```
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setattr(law_cache, "cache_folder", lambda: folder)
    return folder


@pytest.fixture
def county(tmp_path: Path) -> Path:
    file = tmp_path / "county" / "us" / "fl" / "alachua" / "ordinance-1.md"
    file.parent.mkdir(parents=True)
    file.write_text(ORDINANCE.format(effective="2020-01-01"), encoding="utf-8")
    return tmp_path / "county"


COUNTS_AS_OLD = """
import gc
from comity.law import cache
cache.load()
library, _ = cache.load()
old = {id(each) for each in gc.get_objects(generation=2)}
print(gc.isenabled() and all(id(instrument) in old for instrument in library.instruments.values()))
"""


def test_what_was_loaded_counts_as_old_for_the_collector(cache: Path) -> None:
    """In a process of its own: the one of the tests has frozen objects, which then stay frozen."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", COUNTS_AS_OLD], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout == "True\n"


def test_objects_that_a_program_has_frozen_stay_frozen(cache: Path) -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        law_cache.load()
        assert gc.get_freeze_count() > frozen // 2 > 0  # those that nothing uses any longer are freed all the same
    finally:
        gc.unfreeze()


def counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    reads: list[int] = []

    def read(folders: list[Path]) -> object:
        reads.append(len(folders))
        return read_library(folders)

    monkeypatch.setattr(law_cache, "read_library", read)
    return reads


def test_the_copy_is_the_law_as_read(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = counting(monkeypatch)
    fresh, again = law_cache.load(), law_cache.load()
    assert reads == [1]
    assert fresh == again
    assert isinstance(again[0], Library) and len(again[0].instruments) > 40
    assert [path.suffix for path in cache.iterdir()] == [".law"]


def test_the_shipped_law_has_no_fault(cache: Path) -> None:
    assert [finding.lines() for finding in law_cache.load()[1] if finding.grave] == []


def test_a_changed_law_file_is_read_again(cache: Path, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = counting(monkeypatch)
    file = county / "us" / "fl" / "alachua" / "ordinance-1.md"
    first = law_cache.load([county])[0].instruments["us/fl/alachua/ordinance-1"]
    file.write_text(ORDINANCE.format(effective="2021-01-01"), encoding="utf-8")
    second = law_cache.load([county])[0].instruments["us/fl/alachua/ordinance-1"]
    assert reads == [2, 2]
    assert first.effective < second.effective


def test_changed_reading_code_reads_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = counting(monkeypatch)
    law_cache.load()
    monkeypatch.setattr(law_cache, "program_digest", lambda: "another program")
    law_cache.load()
    assert reads == [1, 1]


def test_the_same_law_elsewhere_names_its_own_files(cache: Path, county: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(county, tmp_path / "moved")
    for folder in (county, moved):
        instrument = law_cache.load([folder])[0].instruments["us/fl/alachua/ordinance-1"]
        assert Path(instrument.place.source).is_relative_to(folder)


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x00" * 100, msgspec.msgpack.encode({"library": 1})])
def test_a_damaged_copy_is_no_copy(content: bytes, cache: Path) -> None:
    fresh = law_cache.load()
    (copy,) = cache.iterdir()
    copy.write_bytes(content)
    assert law_cache.load() == fresh
    assert copy.read_bytes() != content


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder would be", encoding="utf-8")
    monkeypatch.setattr(law_cache, "cache_folder", lambda: blocked)
    assert len(law_cache.load()[0].instruments) > 40


def test_faulty_law_is_not_kept(cache: Path, tmp_path: Path) -> None:
    missing = tmp_path / "not-yet"
    assert [finding.code for finding in law_cache.load([missing])[1] if finding.grave] == ["no-folder"]
    missing.mkdir()
    assert not [finding for finding in law_cache.load([missing])[1] if finding.grave]


def test_old_copies_are_let_go(cache: Path, county: Path) -> None:
    file = county / "us" / "fl" / "alachua" / "ordinance-1.md"
    for day in range(10, 10 + law_cache.COPIES_MAX + 2):
        file.write_text(ORDINANCE.format(effective=f"2020-01-{day}"), encoding="utf-8")
        law_cache.load([county])
    assert len([*cache.iterdir()]) == law_cache.COPIES_MAX


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", "comity"),
        ("win32", "LOCALAPPDATA", "comity"),
        ("darwin", "", "Library/Caches/comity"),
    ],
)
def test_each_system_has_its_own_cache_folder(
    platform: str, variable: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law_cache.sys, "platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    if variable:
        monkeypatch.setenv(variable, str(tmp_path))
    assert law_cache.cache_folder() == tmp_path / expected


@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_is_left_as_it_was_found(collects: bool, cache: Path) -> None:
    found = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        for _ in range(2):
            law_cache.load()
            assert gc.isenabled() == collects
    finally:
        (gc.enable if found else gc.disable)()


def seconds(done: Callable[[], Any]) -> float:
    """Seconds of processor time of this process."""
    start = time.process_time()
    done()
    return time.process_time() - start


def test_law_four_times_as_large_loads_within_the_time(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "policies"
    shutil.copytree(law_cache.shipped(), large)
    for path in law_cache.shipped().rglob("*.md"):
        for copy in range(3) if path.name != "facts.md" else ():
            shutil.copy(path, large / path.relative_to(law_cache.shipped()).with_name(f"{path.stem}-copy-{copy}.md"))
    monkeypatch.setattr(law_cache, "shipped", lambda: large)
    cold, cached = seconds(law_cache.load), min(seconds(law_cache.load) for _ in range(3))
    assert len(law_cache.load()[0].instruments) == 4 * len(read_library([SHIPPED])[0].instruments)
    assert cold < COLD_SECONDS_MAX and cached < CACHED_SECONDS_MAX, (cold, cached)


def test_a_file_saved_between_hashing_and_reading_is_stored_under_no_other_name(
    cache: Path, county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = county / "us" / "fl" / "alachua" / "ordinance-1.md"
    forbids, permits = file.read_text(encoding="utf-8"), file.read_text(encoding="utf-8").replace("forbids", "requires")
    saves = iter([permits])

    def read_after_a_save(folders: list[Path]) -> object:
        file.write_text(next(saves, permits), encoding="utf-8")
        return read_library(folders)

    monkeypatch.setattr(law_cache, "read_library", read_after_a_save)
    law_cache.load([county])
    monkeypatch.setattr(law_cache, "read_library", read_library)
    file.write_text(forbids, encoding="utf-8")
    [effect] = law_cache.load([county])[0].instruments["us/fl/alachua/ordinance-1"].provisions[0].effects
    assert effect.kind == "forbids"


def test_a_copy_with_one_byte_changed_is_thrown_away_and_read_anew(cache: Path) -> None:
    fresh = law_cache.load()
    [copy] = cache.glob("*.law")
    content = bytearray(copy.read_bytes())
    place = content.index(b"forbids")
    content[place : place + 7] = b"permits"
    copy.write_bytes(content)
    assert law_cache.load() == fresh
    assert copy.read_bytes() != bytes(content)


def test_a_copy_of_another_user_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = counting(monkeypatch)
    law_cache.load()
    monkeypatch.setattr("os.getuid", lambda: 12_345)
    law_cache.load()
    assert reads == [1, 1]


@pytest.mark.parametrize("folder", ["/", "/usr"])
def test_a_folder_without_law_is_refused_before_it_is_walked(folder: str) -> None:
    started = time.process_time()
    [finding] = law_cache.load([folder])[1]
    assert finding.code == "no-law" and time.process_time() - started < 1


@pytest.mark.parametrize("stated", ["", "cache", "./cache", "../cache"])
def test_a_cache_folder_that_is_not_absolute_is_ignored(
    stated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law_cache.sys, "platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", stated)
    assert law_cache.cache_folder() == tmp_path / ".cache" / "comity"
