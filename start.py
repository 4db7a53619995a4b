"""From a fresh checkout to a running comity, with the standard library alone.

    python3 start.py demo               the story of Miami-Dade, January 2017
    python3 start.py test [ARGUMENTS]   the whole test suite; arguments go to pytest
    python3 start.py docs               the documentation site
    python3 start.py bench              the benches, beside other engines

Each makes the environment it needs (`.venv`, or `.venv-bench`) from a lock with hashes, then runs.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
LOCK = ROOT / "requirements.lock"
BENCH_LOCK = ROOT / "bench" / "requirements.lock"
COMMANDS = {
    "demo": ["-m", "comity", "demo"],
    "test": ["-m", "pytest", "--numprocesses=2", "--dist=worksteal"],
    "docs": [str(ROOT / "docs" / "build.py")],
    "bench": [str(ROOT / "bench" / "run.py")],
}
# The launcher stands in for the console script of an installed wheel; both call comity.cli:main.
LAUNCHER = '#!/bin/sh\nexec "$(dirname "$0")/python" -m comity "$@"\n'
WINDOWS_LAUNCHER = '@"%~dp0python.exe" -m comity %*\r\n'


def main(arguments):
    """Runs one verb; the exit code is that of what it ran, 2 for a bad request, 1 where nothing could be made."""
    if sys.version_info < OLDEST:
        return _refuse(
            f"comity needs Python 3.11 or newer, and this is {sys.version.split()[0]}; run start.py with that"
        )
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    verb, rest = arguments[0], arguments[1:]
    if verb not in COMMANDS:
        return _refuse(f'"{verb}" is not something start.py does; it does {", ".join(COMMANDS)}', 2)
    folder, locks = (ROOT / ".venv-bench", [LOCK, BENCH_LOCK]) if verb == "bench" else (ROOT / ".venv", [LOCK])
    fault = prepare(folder, locks)
    if fault:
        return _refuse(fault)
    return _hand_over([str(python_of(folder)), *COMMANDS[verb], *rest])


def prepare(folder, locks):
    """Makes or repairs the environment in `folder` so that it holds what `locks` name; a fault in one line, or None.

    The stamp is written last and taken away first: what was interrupted is never taken for whole.
    """
    stamp, seal = folder / "comity-stamp", _seal(locks)
    if python_of(folder).exists() and stamp.exists() and stamp.read_text(encoding="ascii") == seal:
        return None
    print(
        f"start.py: making {folder.name} from {' and '.join(lock.name for lock in locks)}; once, about a minute",
        flush=True,
    )
    stamp.unlink(missing_ok=True)
    fault = None if _has_pip(folder) else _make(folder)
    fault = fault or _install(folder, locks)
    if fault:
        return fault
    _lay_package(folder)
    stamp.write_text(seal, encoding="ascii")
    return None


def python_of(folder):
    """The interpreter of the environment in `folder`, whether or not it is there yet."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def _seal(locks):
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for lock in locks:
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def _has_pip(folder):
    try:
        done = subprocess.run([str(python_of(folder)), "-c", _PROBE], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


_PROBE = "import sys, pip; sys.exit(sys.version_info < (3, 11))"


def _make(folder):
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python3.{sys.version_info[1]}-venv"
        return f"this Python has no venv: install the system package {package} (or python3-venv), then run this again"
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return f"{folder.name} could not be made: {_last_line(done.stderr or done.stdout)}"
    return None


def _install(folder, locks):
    named = [part for lock in locks for part in ("-r", str(lock))]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    command = [str(python_of(folder)), "-m", "pip", "install", *quiet, "--require-hashes", *named]
    done = subprocess.run(command, cwd=str(ROOT), stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return f"{folder.name} could not be filled (is there a network?): {_last_line(done.stderr)}"
    return None


def _lay_package(folder):
    """Puts the checkout on the environment's path, relatively: a checkout that moves keeps working."""
    asked = [str(python_of(folder)), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    (Path(packages) / "comity-checkout.pth").write_text(os.path.relpath(ROOT, packages) + "\n", encoding="ascii")
    if os.name == "nt":
        (folder / "Scripts" / "comity.cmd").write_text(WINDOWS_LAUNCHER, encoding="ascii", newline="")
        return
    launcher = folder / "bin" / "comity"
    launcher.write_text(LAUNCHER, encoding="ascii")
    launcher.chmod(0o755)


def _hand_over(command):
    """Becomes the command where the system can; Windows waits for it instead, since its exec returns at once."""
    os.chdir(ROOT)
    if os.name == "nt":
        return subprocess.run(command, check=False).returncode
    sys.stdout.flush()
    os.execv(command[0], command)


def _last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it did not say why"


def _refuse(words, code=1):
    print(f"start.py: {words}", file=sys.stderr)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(_refuse("interrupted; the next run takes up where this one stopped", 130))
