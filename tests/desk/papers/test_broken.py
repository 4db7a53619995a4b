"""Broken PDFs are contained: each is read, or ends in a finding; the process that reads it stays within its limits.

150 in the daily run; `COMITY_BROKEN_PAPERS=20000 pytest tests/desk/papers/test_broken.py` tries as many as are named.
"""

from __future__ import annotations

import os
import random
import resource
import sys

import pytest

from comity.desk.papers.child import MEMORY_MAX
from comity.desk.papers.contained import read_contained
from comity.desk.papers.reading import read_paper
from tests.desk.papers.broken import HARMFUL, broken, counted

COUNT = int(os.environ.get("COMITY_BROKEN_PAPERS", "150"))
ENDINGS = {"read", "damaged-paper", "locked-paper", "unreadable-paper"}


def test_every_broken_paper_is_read_or_ends_in_a_finding() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1_024)
    ended, ending = counted(range(COUNT))
    sys.stdout.write(f"{COUNT} broken papers: {dict(ended)}\n")
    assert ended.total() == COUNT and set(ended) <= ENDINGS
    assert (
        ended["read"] > COUNT / 10 and ended["damaged-paper"] > COUNT / 50
    )  # the faults are neither all too small nor all too great
    for number in ending[:20]:  # alone in its process, as the desk reads it, each is a finding for the person
        paper, findings = read_contained(broken(number), pictures=True)
        assert paper or findings[0].help
    # The greatest child of this process, whose limit would have ended it; other tests of the process may have had a greater one.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1_024)
    assert peak <= max(MEMORY_MAX, before)


def test_the_same_number_makes_the_same_broken_paper() -> None:
    assert [broken(number) for number in range(50)] == [broken(number) for number in range(50)]
    assert len({broken(number) for number in range(300)}) > 250


@pytest.mark.parametrize("kind", range(len(HARMFUL)))
def test_a_paper_built_to_do_harm_is_contained_in_a_process_of_its_own(kind: int) -> None:

    reading = read_paper(HARMFUL[kind](random.Random(7)), pictures=True)
    assert all(note.message for note in reading.notes)
