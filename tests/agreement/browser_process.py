"""One process of Node that runs the scripts of the browser: a task a line in, a result a line out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pytest

from tests.house.tree import ROOT

SCRIPTS = ROOT / "comity" / "engine" / "browser"
LINES = ROOT / "tests" / "agreement" / "browser_lines.js"


class Node:
    """Runs tasks one after another. What is computed between `send` and `receive` runs beside it."""

    def __init__(self, tasks: IO[str], results: IO[str]) -> None:
        self.tasks, self.results = tasks, results

    def run(self, task: dict[str, Any]) -> Any:
        self.send(task)
        return self.receive()

    def send(self, task: dict[str, Any]) -> None:
        self.tasks.write(json.dumps(task) + "\n")
        self.tasks.flush()

    def receive(self) -> Any:
        result = json.loads(self.results.readline())
        assert not (isinstance(result, dict) and "fault" in result), result
        return result


def node_command() -> str:
    """The command of Node. Without it the test is skipped, or fails where CI is set."""
    command = shutil.which("node")
    if command is None:
        lack = "there is no command `node`, and this test runs the scripts of the browser in it"
        if os.environ.get("CI"):
            pytest.fail(lack)
        pytest.skip(lack)
    return command


@contextmanager
def node_process() -> Iterator[Node]:
    """A running process."""
    process = subprocess.Popen(
        [node_command(), str(LINES), str(SCRIPTS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdin and process.stdout
    try:
        yield Node(process.stdin, process.stdout)
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=10)
