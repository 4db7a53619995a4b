"""Measures `comity check` on the shipped law and on large law files, each in a new process, from start to end.

    python bench/checks.py [NAME]...

measures and replaces the section "Checking law files" of docs/performance.md; with names, it measures those files and
prints the section only. `python3 start.py bench` measures the same as part of the whole page.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from law_files import FILES, write_files

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
TITLE = "## Checking law files"
UNSETTLED, TOO_LARGE = "not-settled", "law-too-large"
# A process that runs one command, and then says what processor time and memory that took.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "comity", "check", "--json", *sys.argv[1:]], stdout=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
sys.stdout.buffer.write(done.stdout)
"""


def checks(names: Sequence[str] = ()) -> list[str]:
    """The section on checking law files; with `names`, of these files alone."""
    commit = _commit()
    with tempfile.TemporaryDirectory() as folder:
        folders = write_files(Path(folder))
        environment = {**os.environ, "XDG_CACHE_HOME": str(Path(folder) / "cache"), "PYTHONPATH": str(ROOT)}
        rows = [] if names else [_row("the shipped law", [], environment)]
        rows += [_row(name, [str(folders[name])], environment) for name in names or FILES]
    return [
        TITLE,
        "",
        f"Measured at commit {commit} by `python bench/checks.py`. `comity check`, a new process from start to end with no stored copy",
        "of the law. Seconds are of processor time. The files are made by `bench/law_files.py` for one county, so each is also checked",
        "with all State and federal law there. *Left open* counts the provisions and actions of which a claim was not proven",
        "within the budget of a check, and *too large* the cases that could not be run; the check names both.",
        "",
        "| law | seconds | memory, MB | errors and warnings | left open | too large |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def _row(name: str, paths: Sequence[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *paths], env=environment, capture_output=True, text=True, check=True
    )
    seconds, kilobytes = map(float, done.stderr.split()[-2:])
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    left_open = sum(_named(finding["message"]) for finding in findings if finding["code"] == UNSETTLED)
    too_large = sum(finding["code"] == TOO_LARGE for finding in findings)
    return f"| {name} | {seconds:.1f} | {kilobytes / 1024:.0f} | {len(findings):,} | {left_open:,} | {too_large:,} |"


def _named(message: str) -> int:
    """How many provisions or actions a finding is about."""
    subject = message.split(": whether ")[1]
    more = re.search(r"([\d,]+) more", subject)
    return 3 + int(more[1].replace(",", "")) if more else 1 + subject.count(", ") + (" and " in subject)


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def write_section(lines: Sequence[str]) -> None:
    """Replaces the section on the page, or adds it at the end."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(TITLE)
    following = rest.partition("\n## ")[2]
    text = before.rstrip() + "\n\n" + "\n".join(lines).rstrip() + "\n" + (f"\n## {following}" if following else "")
    PAGE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    section = checks(sys.argv[1:])
    print("\n".join(section))
    if not sys.argv[1:]:
        write_section(section)
