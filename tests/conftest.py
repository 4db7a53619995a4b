"""What every test may ask for: Hypothesis the same in each run, and the folder of real records."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

AGREEMENT = "agreement: "
settings.register_profile("comity", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("comity")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Collects with garbage collection paused, and leaves what was imported and loaded out of every later collection.

    The test files hold some two million objects, laws above all, which no test frees: looking at them again and again took an eighth
    of the time of the tests, and a third of that of their collection.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_sessionfinish() -> None:
    """Lets the interpreter free everything at its end; DuckDB reports leaks otherwise."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def records() -> Path:
    """The folder that COMITY_RECORDS names. Without it the test is skipped, or fails where CI is set."""
    named = os.environ.get("COMITY_RECORDS", "")
    if named and Path(named).is_dir():
        return Path(named)
    lack = f'COMITY_RECORDS is "{named}", and this test needs it to name the folder of real records'
    if os.environ.get("CI"):
        pytest.fail(lack)
    pytest.skip(lack)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One real browser for all tests of a process; skipped where none is installed, or failed in CI."""
    from tests.browser import open_browser  # playwright is imported only where pages are tested

    with open_browser() as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tells what the tests of agreement compared, and how often the reference engine was too wide."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", []):
            if name.startswith(AGREEMENT) and report.when == "call":
                counts[name.removeprefix(AGREEMENT)] += value
    if counts:
        terminalreporter.write_line("agreement: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
