"""Brings the packages of the drafting room to a folder: python lists/drafting_packages.py FOLDER

It asks npm and pip, as they are set up here, for the versions of `comity/site/drafting/packages.yaml`, keeps the files named
there, and refuses a file with another hash. The folder takes 14 MB; `comity site --drafting FOLDER` reads it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from comity.finding import InputFault
from comity.site.drafting.packages import Lock, read_lock, read_packages

INSIDE = "package/"  # where a package of npm has its files


def main(folder: Path) -> int:
    """Fetches what is not there yet; returns the exit code."""
    try:
        read_packages(folder)
    except InputFault:
        fault = fetch(folder, read_lock())
        if fault:
            print(f"drafting_packages: {fault}", file=sys.stderr)
            return 1
    print(f"{folder}: {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f} MB, every hash as in the lock")
    return 0


def fetch(folder: Path, lock: Lock) -> str:
    """Fetches every file of the lock into the folder; returns what went wrong, or the empty text."""
    if shutil.which("npm") is None:
        return "npm is not installed; it comes with Node.js"
    with tempfile.TemporaryDirectory() as part:
        fault = run("npm", "pack", "--silent", "--pack-destination", part, f"{lock.runtime}@{lock.version}")
        for library in lock.libraries:
            fault = fault or run(
                *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
                *("--only-binary", ":all:", "--platform", library.platform, "--python-version", lock.python),
                *("--implementation", "cp", "--dest", part, f"{library.name}=={library.version}"),
            )
        if fault:
            return fault
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(next(Path(part).glob("*.tgz"))) as package:
            for name in lock.files:
                content = package.extractfile(f"{INSIDE}{name}")
                assert content is not None, name
                (folder / name).write_bytes(content.read())
        for library in lock.libraries:
            shutil.copyfile(Path(part) / library.file, folder / library.file)
    try:
        read_packages(folder)
    except InputFault as fault:
        return str(fault)
    return ""


def run(*command: str) -> str:
    """Runs a command; returns the last line of its complaint where it fails, or the empty text."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    lines = done.stderr.strip().splitlines() or ["no message"]
    return f"{command[0]} failed (is there a network?): {lines[-1]}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python lists/drafting_packages.py FOLDER")
    sys.exit(main(Path(sys.argv[1])))
