"""Writes the pages that are generated from the law: python docs/write_pages.py [NAME]..., by default all of them.

A test compares each page with what this writes, so that after a change of law this command brings them up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from classified_page import classified_page
from coverage_page import coverage_page
from offenses_page import offenses_page
from rulings_page import rulings_page

from comity.api import load
from comity.law.cache import shipped
from comity.law.library import Library

DOCS = Path(__file__).resolve().parent
PAGES: dict[str, Callable[[Library], str]] = {
    "coverage": lambda library: coverage_page(shipped(), library),
    "classified": classified_page,
    "rulings": rulings_page,
    "offenses": offenses_page,
}


def main(names: list[str]) -> int:
    """Writes the named pages, and prints which of them changed."""
    unknown = [name for name in names if name not in PAGES]
    if unknown:
        print(f'there is no generated page "{unknown[0]}"; one of {", ".join(PAGES)}', file=sys.stderr)
        return 2
    library = load()
    for name in names or PAGES:
        text, path = PAGES[name](library), DOCS / f"{name}.md"
        changed = not path.is_file() or path.read_text(encoding="utf-8") != text
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"docs/{name}.md {'written' if changed else 'is as it was'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
