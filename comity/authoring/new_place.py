"""Enters a place that the gazetteer does not have, such as a city, into the table of places of a county's own folder."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

from msgspec import Struct

from comity.finding import Finding, Place, did_you_mean
from comity.law.places import COLUMNS, FILE, Gazetteer

PATH = re.compile(r"us/[a-z]{2}(/[a-z0-9]+(-[a-z0-9]+)*)+")
KIND = "city"


class NewPlace(Struct, frozen=True, kw_only=True):
    """The answers about a new place: its path, its name, the places that contain it, and its time zone (empty: that of the first)."""

    path: str
    name: str
    within: tuple[str, ...]
    zone: str = ""

    def zone_in(self, gazetteer: Gazetteer) -> str:
        """The time zone: as given, or that of the first place that contains this one."""
        return self.zone or next((gazetteer.zone_of(outer) for outer in self.within), "")


def find_place_faults(place: NewPlace, gazetteer: Gazetteer) -> Iterator[Finding]:
    """A finding for each wrong answer. Its location is the name of a field: `place`, `name`, `within` or `zone`."""
    state = "/".join(place.path.split("/")[:2])
    if gazetteer.named(place.path):
        yield _fault("path", "exists", f"{place.path} is a place already", "leave out what is said of a new place")
    elif not PATH.fullmatch(place.path) or state not in gazetteer.places:
        help = "write us, the State and the name in small letters with hyphens, as in us/fl/example-city"
        yield _fault("path", "no-path", f'"{place.path}" cannot be the path of a place', help)
    if not place.name:
        yield _fault("name", "no-name", "the new place has no name", "give its name, as in Example City")
    if not place.within:
        yield _fault(
            "within", "no-county", "nothing says what contains the new place", "give its county, as in us/fl/monroe"
        )
    for outer in place.within:
        if outer not in gazetteer.places:
            yield _fault("within", "unknown-place", f'"{outer}" is no place', gazetteer.suggestion(outer))
        elif state not in gazetteer.containing(outer):
            yield _fault("within", "other-state", f"{outer} does not lie in {state}", "give a place in the same State")
    if place.zone and place.zone not in available_timezones():
        help = did_you_mean(place.zone, available_timezones()) or "write a name such as America/Chicago"
        yield _fault("zone", "zone", f'there is no time zone "{place.zone}"', help)


def write_place(place: NewPlace, folder: Path, gazetteer: Gazetteer) -> Path:
    """Adds the place to the table of places in a folder; begins the table where there is none. Returns its path."""
    path, text = folder / FILE, io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    if not path.exists():
        writer.writeheader()
    elif not path.read_bytes().endswith(b"\n"):
        text.write("\n")
    writer.writerow({
        "path": place.path, "name": place.name, "kind": KIND, "zone": place.zone_in(gazetteer),
        "within": " ".join(place.within), "aliases": "",
    })  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text.getvalue())
    return path


def _fault(field: str, code: str, message: str, help: str) -> Finding:
    return Finding(code, Place(field), message, help)
