"""What the project depends on: the locks cover what pyproject.toml asks for, and the page names all of it."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]
BASE = PROJECT["project"]["dependencies"]
DEMO = [*BASE, *(line for extra in ("tables", "prove", "pdf", "pictures") for line in EXTRAS[extra])]
# By lock, what it must hold; the first holds everything that the next three hold.
LOCKS = {
    "requirements.lock": [*DEMO, *EXTRAS["editor"], *GROUPS["docs"], *GROUPS["check"], *GROUPS["dev"]],
    "requirements-demo.lock": DEMO,
    "docs/requirements.lock": GROUPS["docs"],
    "tests/requirements.lock": [*BASE, *EXTRAS["editor"], *GROUPS["check"]],
    "bench/requirements.lock": GROUPS["bench"],
}
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in LOCKS}
PINS = {name: re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE) for name, text in TEXTS.items()}
LOCKED = PINS["requirements.lock"]
ASKED = [(lock, line) for lock, lines in LOCKS.items() for line in lines if isinstance(line, str)]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
STRICT = re.compile(r"\b(A?GPL|Affero)", re.IGNORECASE)


@pytest.mark.parametrize(("lock", "line"), ASKED)
def test_a_lock_holds_what_is_asked_for(lock: str, line: str) -> None:
    asked = Requirement(line)
    versions = [version for name, version in PINS[lock] if canonicalize_name(name) == canonicalize_name(asked.name)]
    assert versions and all(asked.specifier.contains(version) for version in versions)


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_locked_has_hashes_and_no_address(lock: str) -> None:
    entries = re.split(r"^(?=[\w.-]+==)", TEXTS[lock], flags=re.MULTILINE)[1:]
    assert entries and len(entries) == len(PINS[lock]) and all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in TEXTS[lock] and "--index" not in TEXTS[lock]


@pytest.mark.parametrize("lock", ["requirements-demo.lock", "docs/requirements.lock", "tests/requirements.lock"])
def test_the_whole_lock_has_everything_of_each_part(lock: str) -> None:
    assert PINS[lock] and not {*PINS[lock]} - {*LOCKED}


def test_the_benchmarks_run_on_the_versions_that_are_tested() -> None:
    whole = {name for name, _ in LOCKED}
    assert not {(name, version) for name, version in PINS["bench/requirements.lock"] if name in whole} - {*LOCKED}


def test_the_page_names_everything_locked() -> None:
    named = {canonicalize_name(word) for word in re.findall(r"[\w.-]*\w", PAGE)}
    assert not {name for name, _ in LOCKED if canonicalize_name(name) not in named}


@pytest.mark.parametrize("name", sorted({name for name, _ in LOCKED}))
def test_no_licence_reaches_into_what_uses_it(name: str) -> None:
    try:
        known = metadata(name)
    except PackageNotFoundError:
        assert name == "colorama"  # of the lock, the one that only Windows needs
        return
    stated = [known.get("License-Expression") or "", *(known.get_all("Classifier") or [])]
    short = [(known.get("License") or "").partition("\n")[0]]
    assert any(stated) or any(short)
    assert not [text for text in (*stated, *short) if STRICT.search(text)]


def test_the_package_and_its_metadata_name_one_version() -> None:
    import comity

    assert comity.__version__ == PROJECT["project"]["version"]
