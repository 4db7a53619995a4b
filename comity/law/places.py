"""The gazetteer: every county, and each city that has law here, with its time zone and what contains it.

Containment is data and does not follow from the path: New York City contains its five counties.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from zoneinfo import available_timezones

from msgspec import Struct

from comity.csvtext import Row, read_overlaid
from comity.finding import Finding, Place, did_you_mean

FILE = "places.csv"
COLUMNS = ("path", "name", "kind", "zone", "within", "aliases")
KINDS = ("country", "state", "county", "city", "independent_city", "consolidated")
WASHINGTON = "America/New_York"
SUFFIXES = ("-county", "-parish", "-borough", "-census-area", "-municipality")


class Jurisdiction(Struct, frozen=True):
    """A place that has law: its path, its name, its IANA time zone, and the paths of what directly contains it."""

    path: str
    name: str
    kind: str
    zone: str
    within: tuple[str, ...] = ()


class Gazetteer(Struct, frozen=True, dict=True):
    """Every jurisdiction by its path, and the paths of the other names (`aliases`)."""

    places: dict[str, Jurisdiction] = {}
    aliases: dict[str, str] = {}

    def named(self, path: str) -> Jurisdiction | None:
        """The place that a path names; an alias, `NAME-county` and capitals are accepted."""
        wanted = path.strip().strip("/").lower()
        return self.places.get(self.canonical(wanted))

    def canonical(self, path: str) -> str:
        if path in self.places:
            return path
        if path in self.aliases:
            return self.aliases[path]
        bare = next((path.removesuffix(suffix) for suffix in SUFFIXES if path.endswith(suffix)), path)
        known = self.places.get(bare)
        return bare if known and known.kind in ("county", "consolidated") else path

    def containing(self, path: str) -> tuple[str, ...]:
        """A place and all places that contain it, nearest first and the country last; none for an unknown place."""
        found: dict[str, None] = {}
        pending = [self.canonical(path)]
        while pending:
            nearest = pending.pop(0)
            if nearest in self.places and nearest not in found:
                found[nearest] = None
                pending += self.places[nearest].within
        return tuple(found)

    def zone_of(self, path: str) -> str:
        """The IANA time zone of a place; that of Washington, D.C., for an unknown place."""
        known = self.places.get(path)
        return known.zone if known and known.zone else WASHINGTON

    def suggestion(self, path: str) -> str:
        """A help text with the nearest path, searched in the same State first."""
        wanted = path.strip().lower()
        state = "/".join(wanted.split("/")[:2])
        return did_you_mean(wanted, self.by_state.get(state, ())) or did_you_mean(wanted, self.names)

    @cached_property
    def by_state(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in (*self.places, *self.aliases):
            found.setdefault("/".join(path.split("/")[:2]), []).append(path)
        return found

    @cached_property
    def names(self) -> list[str]:
        """The paths of the country and of the States, for a path with a wrong beginning."""
        return [path for path in self.places if path.count("/") < 2]


def read_gazetteer(policies: Path, over: Sequence[Path] = ()) -> tuple[Gazetteer, list[Finding]]:
    """The gazetteer of a folder of law, with the files `over` laid over it by path, and the faults; never raises on bad text."""
    path = policies / FILE
    if not path.is_file():
        return Gazetteer(), [Finding("no-gazetteer", Place(str(path)), "there is no table of places", f"add {FILE}")]
    rows, findings = read_overlaid([path, *over], COLUMNS, lambda row: row["path"])
    gazetteer, faults = _gazetteer_of(rows)
    return gazetteer, findings + faults


def _gazetteer_of(rows: Iterable[Row]) -> tuple[Gazetteer, list[Finding]]:
    findings: list[Finding] = []
    places: dict[str, Jurisdiction] = {}
    aliases: dict[str, str] = {}
    at: dict[str, Place] = {}
    for row in rows:
        path = row["path"]
        if not path or path in places:
            findings.append(Finding("place", row.at, f'the place "{path}" has no path, or is given twice'))
            continue
        places[path] = Jurisdiction(path, row["name"], row["kind"], row["zone"], tuple(row["within"].split()))
        at[path] = row.at
        for alias in row["aliases"].split():
            if aliases.setdefault(alias, path) != path:
                findings.append(Finding("place", row.at, f'the alias "{alias}" names two places'))
    findings += [
        Finding("place", at[aliases[alias]], f'the alias "{alias}" is also the path of a place')
        for alias in aliases
        if alias in places
    ]
    return Gazetteer(places, aliases), findings + _faults(places, at)


def _faults(places: dict[str, Jurisdiction], at: dict[str, Place]) -> list[Finding]:
    known_zones = available_timezones()
    findings = []
    for place in places.values():
        where = at[place.path]
        if place.kind not in KINDS:
            findings.append(
                Finding(
                    "place", where, f'{place.path} has the unknown kind "{place.kind}"', f"one of {', '.join(KINDS)}"
                )
            )
        if place.zone not in known_zones:
            findings.append(
                Finding(
                    "zone",
                    where,
                    f'{place.path} has no time zone "{place.zone}"',
                    did_you_mean(place.zone, known_zones),
                )
            )
        findings += [
            Finding("unknown-place", where, f'{place.path} lies within "{outer}", which is no place')
            for outer in place.within
            if outer not in places
        ]
        if _within_itself(place.path, places):
            findings.append(Finding("circle", where, f"{place.path} is contained in itself", "mend the column within"))
    return findings


def _within_itself(path: str, places: dict[str, Jurisdiction]) -> bool:
    seen: set[str] = set()
    pending = list(places[path].within)
    while pending:
        outer = pending.pop()
        if outer == path:
            return True
        if outer in places and outer not in seen:
            seen.add(outer)
            pending += places[outer].within
    return False
