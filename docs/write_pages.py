"""Writes the pages that are made of the law: python docs/write_pages.py [NAME]..., all of them where none is named.

The tests hold each page to what this would write, so that after any change of law one command makes them right.
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
    """Writes the pages named, and says which of them changed."""
    strange = [name for name in names if name not in PAGES]
    if strange:
        print(f'there is no page "{strange[0]}" that is made of the law; one of {", ".join(PAGES)}', file=sys.stderr)
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
