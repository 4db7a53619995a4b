"""Builds the public site with the guide, without a network: python docs/build.py [--out FOLDER] [--on DAY] [--place PLACE]...

The guide is a page for each Markdown file at the root and under docs/, in the look and navigation of the site. Runs every `comity`
command in a console block while it makes the page. Exits 1, and leaves the folder as it was, if a command does not end as its page
says, a link is broken or an image has no text.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from guide import guide_parts

from comity.finding import InputFault
from comity.site.build_site import SiteOptions, build_site

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "site"


def main(arguments: list[str]) -> int:
    """Makes the pages of the guide first, and builds nothing if one of them has a fault."""
    asked = argparse.ArgumentParser(description="Builds the public site with the guide.")
    asked.add_argument("--out", type=Path, default=OUT, help="the folder to build; it is replaced")
    asked.add_argument("--on", type=date.fromisoformat, help="the day that the pages are of; today by default")
    asked.add_argument("--place", action="append", default=[], help="pages of this place and no other; may be repeated")
    given = asked.parse_args(arguments)
    parts, problems = guide_parts(ROOT)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    on = given.on or datetime.now(UTC).date()
    options = SiteOptions(out=given.out, on=on, places=tuple(given.place), processes=os.cpu_count() or 1)
    try:
        built = build_site(options, parts)
    except InputFault as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"{built.pages} pages in {given.out}")
    if built.left_out:
        print(f"Left out, since its program is not installed here: {', '.join(built.left_out)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
