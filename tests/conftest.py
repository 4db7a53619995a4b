"""What every test may ask for: Hypothesis the same in each run, and the folder of real records."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("comity", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("comity")


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
