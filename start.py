"""From a fresh checkout to a running comity, with the standard library alone.

    python3 start.py demo               the story of Miami-Dade, January 2017
    python3 start.py test [ARGUMENTS]   the whole test suite; arguments are passed to pytest
    python3 start.py check              the type check and the fast tests, on the Python that runs this
    python3 start.py docs               the public site with the guide
    python3 start.py site               the public pages of the law, built and served to this machine
    python3 start.py bench              the benchmarks, beside other engines

Each installs what it lacks from locks with hashes, then runs: `check` and `bench` into environments of their own
(`.venv-3.13`, `.venv-bench`), the others into `.venv`.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
WHOLE = ROOT / "requirements.lock"
DEMO, DOCS, CHECK, BENCH = (
    ROOT / "requirements-demo.lock",
    ROOT / "docs" / "requirements.lock",
    ROOT / "tests" / "requirements.lock",
    ROOT / "bench" / "requirements.lock",
)
# The whole lock has everything that these have, in the same versions: whoever installed it needs none of them.
PARTS = (DEMO, DOCS, CHECK)
VENV, VENV_BENCH, VENV_CHECK = ".venv", ".venv-bench", f".venv-{sys.version_info[0]}.{sys.version_info[1]}"
# The tests of the stored copy of the law, of every case of it and of the cards of sixty places are left out: they take longest.
FAST_TESTS = [
    *(f"tests/{part}" for part in ("house/test_types.py", "facts", "language", "law", "decision", "api")),
    "--ignore=tests/law/test_cache.py",
    "--ignore=tests/law/test_shipped_law.py",
    "--ignore=tests/decision/test_card.py",
]
VERBS = {
    "demo": (VENV, [DEMO], ["-m", "comity", "demo"]),
    "test": (VENV, [WHOLE], ["-m", "pytest", "--numprocesses=2", "--dist=worksteal"]),
    "check": (VENV_CHECK, [DEMO, CHECK], ["-m", "pytest", "--numprocesses=2", "--dist=worksteal", *FAST_TESTS]),
    "docs": (VENV, [DEMO, DOCS], [str(ROOT / "docs" / "build.py")]),
    "site": (VENV, [DEMO, DOCS], ["-m", "comity", "site", "--serve"]),
    "bench": (VENV_BENCH, [DEMO, BENCH], [str(ROOT / "bench" / "run.py")]),
}
# The launcher takes the place of the console script of an installed wheel; both call comity.cli:main.
LAUNCHER = '#!/bin/sh\nexec "$(dirname "$0")/python" -m comity "$@"\n'
WINDOWS_LAUNCHER = '@"%~dp0python.exe" -m comity %*\r\n'


def main(arguments):
    """Runs one verb. Exits as what it ran does, with 2 on an unknown verb, and with 1 where it could not install."""
    if sys.version_info < OLDEST:
        return _refuse(
            f"comity needs Python 3.11 or newer, and this is {sys.version.split()[0]}; run start.py with that"
        )
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    verb, rest = arguments[0], arguments[1:]
    if verb not in VERBS:
        return _refuse(f'there is no verb "{verb}"; one of {", ".join(VERBS)}', 2)
    name, locks, command = VERBS[verb]
    folder = ROOT / name
    fault = prepare(folder, locks)
    if fault:
        return _refuse(fault)
    return _run([str(python_of(folder)), *command, *rest])


def prepare(folder, locks):
    """Makes the environment in `folder`, or adds to it what `locks` name; returns a fault in one line, or None.

    The stamp has a line for each lock that is installed. It is removed first and written last, so that an installation
    that was interrupted is done again.
    """
    stamp = folder / "comity-stamp"
    installed = _installed(folder, stamp)
    missing = [lock for lock in locks if _seal(lock) not in installed]
    if not missing:
        return None
    names = " and ".join(lock.relative_to(ROOT).as_posix() if ROOT in lock.parents else lock.name for lock in missing)
    print(f"start.py: filling {folder.name} from {names}; once, about a minute", flush=True)
    stamp.unlink(missing_ok=True)
    fault = None if _has_pip(folder) else _make(folder)
    fault = fault or _install(folder, missing)
    if fault:
        return fault
    _link_checkout(folder)
    parts = PARTS if WHOLE in missing else ()
    seals = {_seal(lock) for lock in (*missing, *parts)} | (
        installed & {_seal(lock) for lock in (WHOLE, *PARTS, BENCH)}
    )
    stamp.write_text("".join(f"{seal}\n" for seal in sorted(seals)), encoding="ascii")
    return None


def _installed(folder, stamp):
    """The seals of the locks that an environment was filled from; none where it has no interpreter any more."""
    whole = python_of(folder).exists() and stamp.exists()
    return set(stamp.read_text(encoding="ascii").split()) if whole else set()


def python_of(folder):
    """The path of the interpreter in the environment `folder`, whether or not it exists yet."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def _seal(lock):
    """A hash that changes with the lock and with this file."""
    return hashlib.sha256(Path(__file__).read_bytes() + lock.read_bytes()).hexdigest()


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
    command = [sys.executable, "-m", "venv", "--clear", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{folder.name} could not be made: {_last_line(done.stderr or done.stdout)}"
    return None


def _install(folder, locks):
    requirements = [part for lock in locks for part in ("-r", str(lock))]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    command = [str(python_of(folder)), "-m", "pip", "install", *quiet, "--require-hashes", *requirements]
    done = subprocess.run(command, cwd=str(ROOT), stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return f"{folder.name} could not be filled (is there a network?): {_last_line(done.stderr)}"
    return None


def _link_checkout(folder):
    """Puts the checkout on the environment's path, as a relative path, so that the checkout can be moved."""
    question = [str(python_of(folder)), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(question, capture_output=True, text=True, check=True).stdout.strip()
    (Path(packages) / "comity-checkout.pth").write_text(os.path.relpath(ROOT, packages) + "\n", encoding="ascii")
    if os.name == "nt":
        (folder / "Scripts" / "comity.cmd").write_text(WINDOWS_LAUNCHER, encoding="ascii", newline="")
        return
    launcher = folder / "bin" / "comity"
    launcher.write_text(LAUNCHER, encoding="ascii")
    launcher.chmod(0o755)


def _run(command):
    """Replaces this process by the command; on Windows, where exec returns at once, waits for it instead."""
    os.chdir(ROOT)
    if os.name == "nt":
        return subprocess.run(command, check=False).returncode
    sys.stdout.flush()
    os.execv(command[0], command)


def _last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"


def _refuse(message, code=1):
    print(f"start.py: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(_refuse("interrupted; the next run continues", 130))
