"""What the project stands on: the lock covers what pyproject.toml asks for, and the page names all of it."""

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
RUN = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE)
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
STRICT = re.compile(r"\b(A?GPL|Affero)", re.IGNORECASE)


@pytest.mark.parametrize("asked", [*RUN, *DEV], ids=lambda asked: asked.name)
def test_the_lock_holds_what_is_asked_for(asked: Requirement) -> None:
    versions = [version for name, version in LOCKED if canonicalize_name(name) == canonicalize_name(asked.name)]
    assert versions and all(asked.specifier.contains(version) for version in versions)


def test_everything_locked_has_hashes_and_no_address() -> None:
    entries = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(LOCKED) and all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK and "--index" not in LOCK


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
