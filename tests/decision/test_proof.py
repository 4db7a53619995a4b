"""The proof of a decision: it names everything that the decision was made from, and changes with each part of it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from comity import program
from comity.api import load
from comity.decision import request as ways
from comity.decision.answer import Proof
from comity.decision.proof import digest_of
from comity.law import library as reading
from comity.law.in_force import in_force
from comity.law.library import Library, law_files
from comity.law.library import digest_of as digest_of_files
from comity.program import PACKAGE, program_digest, program_files
from comity.version import VERSION

ROOT = Path(__file__).parents[2]
LIBRARY = load()
REQUEST = {"place": "us/fl/miami-dade", "at": "2017-01-26T09:00:00-05:00", "request": {"form": "i247d"}}


def proof(document: dict[str, Any], library: Library = LIBRARY, **options: Any) -> Proof:
    decision, _ = ways.decided(document, library, **options)
    assert decision and decision.proof and decision.law_version == decision.proof.library[:16]
    return decision.proof


def test_digests_are_whole_and_versions_are_named() -> None:
    found = proof(REQUEST)
    digests = (found.request, found.stack, found.library, found.program_digest)
    assert all(len(digest) == 64 and int(digest, 16) for digest in digests)
    assert (found.program, found.program_digest, found.format) == (VERSION, program_digest(), 1)


def test_what_the_request_does_not_state_is_named_with_its_source() -> None:
    now = datetime(2017, 1, 26, 14, tzinfo=UTC)
    undated = {key: value for key, value in REQUEST.items() if key != "at"}
    assert proof(REQUEST).filled["request.asks"] == "what the form asks for"
    assert "at" not in proof(REQUEST).filled and proof(undated, now=now).filled["at"] == "the time of the call"
    of_place = [source for path, source in proof(REQUEST).filled.items() if path not in ("request.asks", "at")]
    assert of_place and {*of_place} <= {"true of us", "true of us/fl", "true of us/fl/miami-dade"}


def test_each_part_of_a_request_is_in_its_digest() -> None:
    changed: list[dict[str, Any]] = [
        REQUEST,
        {**REQUEST, "place": "us/fl/broward"},
        {**REQUEST, "at": "2017-01-26T09:00:01-05:00"},
        {**REQUEST, "subject": {"age": 34}},
        {**REQUEST, "subject": {"age": 35}},
        {**REQUEST, "convictions": []},
        {**REQUEST, "convictions": {"partial": []}},
        {**REQUEST, "convictions": [{"grade": "felony"}]},
    ]
    assert len({proof(document).request for document in changed}) == len(changed)


def test_two_ways_to_write_one_request_have_one_digest() -> None:
    flat = {"place": "us/fl/miami-dade-county", "at": REQUEST["at"], "request.form": "i247d", "subject": None}
    assert proof(flat).request == proof(REQUEST).request


def test_the_digest_of_a_stack_covers_its_law_and_not_where_the_files_lie() -> None:
    day = datetime(2017, 1, 26).date()
    stack = in_force(LIBRARY, "us/fl/miami-dade", day)
    id, provision = next((id, each) for id, each in stack.provisions.items() if each.limit)
    moved = structs.replace(provision, place=structs.replace(provision.place, source="elsewhere.md", line=1))
    assert digest_of(structs.replace(stack, provisions={**stack.provisions, id: moved})) == digest_of(stack)
    for change in ({"limit": None}, {"plain": "Other words."}, {"cite": "1 Other 2"}):
        other = structs.replace(stack, provisions={**stack.provisions, id: structs.replace(provision, **change)})
        assert digest_of(other) != digest_of(stack)
    assert digest_of(structs.replace(stack, warnings=())) != digest_of(stack)


def test_the_law_version_changes_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    files = law_files([ROOT / "policies" / "us" / "dc"])
    before = digest_of_files(files)
    monkeypatch.setattr(reading, "program_digest", lambda: "another program")
    assert digest_of_files(files) != before


def test_the_program_digest_covers_whatever_gives_law_its_meaning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = {path.relative_to(PACKAGE).as_posix() for path in program_files()}
    assert names >= {"language/evaluate.py", "law/precedence.py", "engine/outcome.py", "clock/days.py", "period.py"}
    assert names >= {"decision/explain.py", "facts/request.py", "intake/form.py", "engine/compiled/reader.py"}
    assert not [path for path in program_files() if not path.is_file()] and "decision/page.py" not in names
    copy = tmp_path / "comity"
    for path in program_files():
        target = copy / path.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    monkeypatch.setattr(program, "PACKAGE", copy)
    whole = program.program_digest.__wrapped__
    assert whole() == program_digest()
    text = (copy / "law" / "rank.py").read_bytes()
    (copy / "law" / "rank.py").write_bytes(text.replace(b"\n", b"\r\n"))
    assert whole() == program_digest()
    (copy / "law" / "rank.py").write_bytes(text + b"# changed\n")
    assert whole() != program_digest()


def test_every_module_that_reading_and_deciding_import_is_in_the_program_digest() -> None:
    code = (
        "import json, sys; from comity.law.library import read_library; from comity.decision.request import decided;"
        "from pathlib import Path; print(json.dumps([m.__file__ for n, m in sys.modules.items() if n.startswith('comity')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {Path(name) for name in json.loads(done.stdout)} - {*program_files()}
    outside = {path.relative_to(PACKAGE).as_posix() for path in loaded if path.stat().st_size}
    assert outside == {
        "__init__.py",
        "version.py",
        "present/result.py",
        "present/page.py",
        "present/markdown.py",
    }  # the version is digested itself
