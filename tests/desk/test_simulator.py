"""Twelve seeds of thirty days of a made-up jail with faults; COMITY_DESK_SEEDS=2000 runs so many."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.desk.conftest import OTHER, ROOT

SEEDS = int(os.environ.get("COMITY_DESK_SEEDS", "12"))
LONG = 100
# Faults of ours, each of which the simulation must find.
MUTATIONS = {
    "an alarm is raised without its message": ("comity.desk.clockwork", "Outgoing.objects.create(", "Outgoing(", "no message"),
    "the first of the alarms that are due speaks for the others": ("comity.desk.clockwork", "due[-1]", "due[0]", "no alarm"),
    "a view forgets to store the state": ("comity.desk.ledger", "\"events\": case.events}", "\"events\": case.events - len(case.holds)}", "columns"),
    "the same request is not recognised": ("comity.desk.deeds", "if known:", "if known and known[1] > 1:", ""),
    "a case that was changed in between is read from before": ("comity.desk.clockwork", "due = due_alarms(case, now)", "due = [\"limit\"]", ""),
}  # fmt: skip
MUTATE = """
import importlib.util, sys
name, old, new, seeds = sys.argv[1:5]
spec = importlib.util.find_spec(name)
source = open(spec.origin, encoding="utf-8").read()
assert old in source
class Loader(type(spec.loader)):
    def get_data(self, path):
        return source.replace(old, new).encode() if path == spec.origin else super().get_data(path)
    def get_code(self, fullname):
        return compile(source.replace(old, new), spec.origin, "exec")
class Finder:
    def find_spec(self, fullname, path=None, target=None):
        return importlib.util.spec_from_file_location(name, spec.origin, loader=Loader(name, spec.origin)) if fullname == name else None
sys.meta_path.insert(0, Finder())
sys.argv[1:] = [seeds]
from tests.desk import simulator
sys.exit(simulator.main())
"""
pytestmark = pytest.mark.skipif(bool(OTHER), reason="it has a database of its own")


def test_nothing_breaks_in_any_of_the_days() -> None:
    bounds = [0, SEEDS] if SEEDS <= LONG else [0, SEEDS // 2, SEEDS]  # a long run is shared by two processes
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.desk.simulator", f"{first}-{end - 1}"], cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for first, end in pairwise(bounds)
    ]  # fmt: skip
    for process in running:
        said, faults = process.communicate()
        assert process.returncode == 0, said + faults[-3_000:]
        for name in ("crashes", "full disk", "holds", "lost answers", "races", "troubles"):
            assert f" {name}" in said


def test_the_same_seed_gives_the_same_days() -> None:
    command = [sys.executable, "-m", "tests.desk.simulator", "--days", "6", "77", "77"]
    first, second = (
        subprocess.run(command[:size], cwd=ROOT, capture_output=True, text=True, check=True) for size in (6, 7)
    )
    counts = [
        {part.split(" ", 1)[1]: int(part.split()[0].replace(",", "")) for part in done.stdout.strip().split(", ")}
        for done in (first, second)
    ]
    assert counts[1] == {name: 2 * count for name, count in counts[0].items()}


@pytest.mark.skipif(SEEDS <= 30, reason="set COMITY_DESK_SEEDS above 30 to see that faults of ours are found")
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_fault_of_ours_is_found(mutation: str) -> None:
    module, old, new, words = MUTATIONS[mutation]
    command = [sys.executable, "-c", MUTATE, module, old, new, "0-30"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "replay it" in done.stdout and words in done.stderr, done.stdout + done.stderr
