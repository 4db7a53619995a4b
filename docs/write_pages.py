"""Writes the files of docs/ that are generated from the law and the code: python docs/write_pages.py [NAME]..., by default all.

A test compares each with what this writes, so that after a change this command brings them up to date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api_page import api_page
from classified_page import classified_page
from coverage_page import coverage_page
from desk_api_page import desk_api_page
from facts_page import facts_page
from offenses_page import offenses_page
from risks_page import risks_page
from rulings_page import rulings_page
from scenes_page import scenes_page
from trust_page import trust_page

from comity.api import load
from comity.law.cache import shipped
from comity.law.library import Library
from comity.schemas import decision_schema, request_schema

DOCS = Path(__file__).resolve().parent
PAGES: dict[str, Callable[[Library], str]] = {
    "coverage": lambda library: coverage_page(shipped(), library),
    "classified": classified_page,
    "rulings": rulings_page,
    "risks": risks_page,
    "offenses": offenses_page,
    "trust": trust_page,
    "scenes": scenes_page,
    "facts": facts_page,
    "api": lambda _: api_page(),
    "desk-api": lambda _: desk_api_page(),
    "schemas/request.json": lambda library: as_json(request_schema(library)),
    "schemas/decision.json": lambda _: as_json(decision_schema()),
}


def as_json(schema: dict[str, Any]) -> str:
    """A schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def file_of(name: str) -> Path:
    """The file that a name stands for: a page, unless the name has an ending of its own."""
    return DOCS / (name if Path(name).suffix else f"{name}.md")


def main(names: list[str]) -> int:
    """Writes the named pages, and prints which of them changed."""
    unknown = [name for name in names if name not in PAGES]
    if unknown:
        print(f'there is no generated page "{unknown[0]}"; one of {", ".join(PAGES)}', file=sys.stderr)
        return 2
    library = load()
    for name in names or PAGES:
        text, path = PAGES[name](library), file_of(name)
        changed = not path.is_file() or path.read_text(encoding="utf-8") != text
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"docs/{path.relative_to(DOCS).as_posix()} {'written' if changed else 'is as it was'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
