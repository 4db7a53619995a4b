"""One process of Node that runs the script of the browser: a task a line in, a result a line out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import pytest

from tests.house.tree import ROOT

SCRIPT = ROOT / "comity" / "engine" / "browser" / "engine.js"
LINES = ROOT / "tests" / "agreement" / "browser_lines.js"
Run: TypeAlias = Any  # a function from a task to its result


@contextmanager
def script_in_node() -> Iterator[Run]:
    """A function that runs one task in Node. Without Node the test is skipped, or fails where CI is set."""
    node = shutil.which("node")
    if node is None:
        lack = "no command `node` is here, and this test runs the script of the browser in it"
        if os.environ.get("CI"):
            pytest.fail(lack)
        pytest.skip(lack)
    process = subprocess.Popen(
        [node, str(LINES), str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdin and process.stdout
    stdin, stdout = process.stdin, process.stdout

    def run(task: dict[str, Any]) -> Any:
        stdin.write(json.dumps(task) + "\n")
        stdin.flush()
        result = json.loads(stdout.readline())
        assert not (isinstance(result, dict) and "fault" in result), result
        return result

    try:
        yield run
    finally:
        stdin.close()
        stdout.close()
        process.wait(timeout=10)
