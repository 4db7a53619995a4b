"""Every case of the law in the drafting room's Python, and in this one: python bench/drafting.py PACKAGES

PACKAGES is the folder that `lists/drafting_packages.py` fills. A command of its own, not run by CI: it takes some minutes. Node runs
the room's archive as a browser does. Printed is how many cases pass there, and whether their decisions have the same bytes.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from drafting_cases import run_all

from comity.finding import InputFault
from comity.session import open_folders
from comity.site.drafting.bundle import FOLDER, room_files
from comity.site.drafting.packages import read_lock, read_packages

SCRIPT, CASES = Path(__file__).with_name("drafting.js"), Path(__file__).with_name("drafting_cases.py")


def main(packages: Path) -> int:
    """Runs the cases twice, and compares; returns the exit code."""
    law = open_folders(())
    try:
        contents = read_packages(packages)
    except InputFault as fault:
        print(fault, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        for file in room_files(law, contents):
            path = Path(folder) / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        start = time.perf_counter()
        command = ["node", str(SCRIPT), str(Path(folder) / FOLDER), str(CASES)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        seconds = time.perf_counter() - start
    there, here = json.loads(done.stdout.splitlines()[-1]), run_all(law.library)
    same = sum(one == other for one, other in zip(there["digests"], here["digests"], strict=True))
    count, lock = len(here["digests"]), read_lock()
    print(
        f"{count - there['failing']:,} of {count:,} cases pass in {lock.runtime} {lock.version} (Python {lock.python}), and "
        f"{same:,} of {count:,} decisions have the bytes of Python {platform.python_version()}; law {there['version']}, {seconds:.0f} s"
    )
    return 0 if same == count and not there["failing"] and there["version"] == here["version"] else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python bench/drafting.py PACKAGES")
    sys.exit(main(Path(sys.argv[1])))
