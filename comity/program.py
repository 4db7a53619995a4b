"""The digest of the program: of the source files that give law its meaning."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from comity.version import VERSION

PACKAGE = Path(__file__).resolve().parent
# The rooms that read law and requests and decide, and the modules beside them that these rooms read with.
ROOMS = ("clock", "decision", "engine", "facts", "intake", "language", "law")
MODULES = ("csvtext.py", "finding.py", "period.py", "program.py", "textfile.py", "whole.py", "yamltext.py")
FOR_PEOPLE = ("card.py", "card_pdf.py", "page.py", "plot.py")  # what lays a result out changes no answer


def program_files() -> list[Path]:
    """The source files of the package that a decision depends on, in the order of their paths."""
    found = (path for room in ROOMS for path in (PACKAGE / room).rglob("*.py") if path.name not in FOR_PEOPLE)
    return sorted((*found, *(PACKAGE / name for name in MODULES), PACKAGE / "present" / "clean.py"))


@lru_cache(maxsize=1)
def program_digest() -> str:
    """The SHA-256 of the version and of these files, in hexadecimal; read once a process. Line ends do not count."""
    digest = hashlib.sha256(VERSION.encode())
    for path in program_files():
        name = path.relative_to(PACKAGE).as_posix()
        content = path.read_bytes() if path.is_file() else b""  # an installation may hold compiled files only
        digest.update(b"\0" + name.encode() + b"\0" + content.replace(b"\r\n", b"\n"))
    return digest.hexdigest()
