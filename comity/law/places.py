"""The gazetteer: every county, and each city that has law here, with its time zone and what contains it.

Containment is data and does not follow from the path: New York City contains its five counties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from zoneinfo import available_timezones

from msgspec import Struct
from msgspec.structs import replace

from comity.csvtext import Row, read_overlaid
from comity.finding import Finding, Place, did_you_mean
from comity.law.cities import CITIES_FILE, CITY_KINDS, FORMER_FILE, Cities, FormerName, check_cities, read_former_names
from comity.place_text import Kind, PlaceText, kind_of, nearest_names, one_of, read_place_text, slug_of, spelling

FILE = "places.csv"
COLUMNS = ("path", "name", "kind", "zone", "within", "aliases")
KINDS = ("country", "state", "territory", "county", "city", "independent_city", "consolidated")
WASHINGTON = "America/New_York"
SUFFIXES = ("-county", "-parish", "-borough", "-census-area", "-municipality", "-municipio")
COUNTY_KINDS = ("county", "consolidated")
SUGGESTIONS_MAX = 3
# Names of States that the table does not have.
OTHER_STATES = {"district-of-columbia": "dc", "washington-dc": "dc", "virgin-islands": "vi", "us-virgin-islands": "vi"}


class Jurisdiction(Struct, frozen=True):
    """A place that has law: its path, its name, its IANA time zone, and the paths of what directly contains it."""

    path: str
    name: str
    kind: str
    zone: str
    within: tuple[str, ...] = ()


class Places(dict[str, Jurisdiction]):
    """The places of `places.csv`. Looking up another path finds a city or a former place, which iteration leaves out."""

    def __init__(self, listed: Mapping[str, Jurisdiction], cities: Cities, former: Mapping[str, FormerName]) -> None:
        super().__init__(listed)
        self.cities, self.former = cities, former
        self._others: dict[str, Jurisdiction] = {}

    def __missing__(self, path: str) -> Jurisdiction:
        found = self._other(path)
        if found is None:
            raise KeyError(path)
        return found

    def __contains__(self, path: object) -> bool:
        return super().__contains__(path) or (isinstance(path, str) and self._other(path) is not None)

    def find(self, path: str) -> Jurisdiction | None:
        """The place with a path, or None."""
        try:
            return self[path]
        except KeyError:
            return None

    def _other(self, path: str) -> Jurisdiction | None:
        if path not in self._others:
            city, former = self.cities.find(path), self.former.get(path)
            if city:
                found = Jurisdiction(path, city.name, city.kind, self._zone(city.within), city.within)
            elif former and path not in former.places and len(former.places) > 1:
                name = former.change.partition(" was ")[0]
                found = Jurisdiction(path, name, "former", self._zone(former.places), former.places)
            else:
                return None
            self._others[path] = found
        return self._others[path]

    def _zone(self, within: Sequence[str]) -> str:
        return next((self[outer].zone for outer in within if super(Places, self).__contains__(outer)), WASHINGTON)


class Gazetteer(Struct, frozen=True, dict=True):
    """Every place by its path (`places`), and what else names one.

    `listed` has the rows of `places.csv` and `aliases` the paths of their other names; `city_tables` has the files of the tables
    of cities. `namesakes` maps the path of a county to that of a city of the same name that lies elsewhere.
    """

    listed: dict[str, Jurisdiction] = {}
    aliases: dict[str, str] = {}
    city_tables: tuple[str, ...] = ()
    former: dict[str, FormerName] = {}
    namesakes: dict[str, str] = {}

    @cached_property
    def cities(self) -> Cities:
        """The table of cities, read when a city is first looked up."""
        return Cities(self.city_tables)

    @cached_property
    def places(self) -> Places:
        """The listed places; a lookup finds a city too."""
        return Places(self.listed, self.cities, self.former)

    def named(self, path: str) -> Jurisdiction | None:
        """The place that a path or a name with its State names, or None where there is none or more than one.

        Aliases, former names, `NAME-county`, capitals, other spellings and names such as `Harris County, TX` are accepted.
        """
        return self.places.find(self.canonical(_as_written(path)))

    def canonical(self, path: str) -> str:
        """The path of the place that a path names; an unknown path itself."""
        if path in self.listed:
            return path
        if path in self.aliases:
            return self.aliases[path]
        bare = next((path.removesuffix(suffix) for suffix in SUFFIXES if path.endswith(suffix)), path)
        known = self.listed.get(bare)
        if known and known.kind in COUNTY_KINDS:
            return bare
        former = self.former.get(path)
        if former:
            return former.places[0] if len(former.places) == 1 else path
        if path in self.places:
            return path
        meant = self.meant_by(path)
        return meant[0] if len(meant) == 1 or (meant and "/" in path) else path

    def meant_by(self, path: str) -> list[str]:
        """The paths of the places that an unlisted path or a name can mean by its spelling, a county first."""
        text = self.text_of(path)
        if text is None:
            return []
        if not text.slug:
            return [f"us/{text.state}"]
        full, (bare, kind) = text.slug, kind_of(text.slug)
        if kind == "county" and full.endswith("-borough") and text.state != "ak":
            kind = "city"  # a borough is a county in Alaska alone
        return self._spelled(text.state, full, "") or self._spelled(text.state, bare, kind)

    def text_of(self, path: str) -> PlaceText | None:
        """What a path or a name says of its State and its place; None where it names no State."""
        if "/" not in path:
            return read_place_text(path, self.states)
        country, _, rest = path.partition("/")
        state, _, slug = rest.partition("/")
        return PlaceText(state, slug_of(slug)) if country == "us" and f"us/{state}" in self.listed and slug else None

    def spelled_cities(self, state: str, name: str, *, county: bool = True) -> list[str]:
        """The paths of the cities of a State with a name in words, and of its counties where `county` is set."""
        return self._spelled(state, slug_of(name), "" if county else "city")

    def _spelled(self, state: str, slug: str, kind: Kind) -> list[str]:
        listed = self._by_spelling.get((state, spelling(slug)), [])
        counties = [path for path in listed if self.listed[path].kind in COUNTY_KINDS]
        of_city = [
            *listed,
            *self._by_spelling.get((state, spelling(f"{slug}-city")), []),
            *self.cities.spelled(state, slug),
            *self.cities.spelled(state, f"{slug}-city"),
        ]
        cities = [path for path in of_city if self.places[path].kind != "county"]
        return list(dict.fromkeys([*(counties if kind != "city" else ()), *(cities if kind != "county" else ())]))

    @cached_property
    def _by_spelling(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for path, meant in (*((path, path) for path in self.listed), *self.aliases.items()):
            _, _, rest = path.partition("/")
            state, _, slug = rest.partition("/")
            known = found.setdefault((state, spelling(slug)), [])
            if slug and meant not in known:
                known.append(meant)
        return found

    @cached_property
    def states(self) -> dict[str, str]:
        """The postal code of each State and territory by its postal code and the slug of its name."""
        states = {path[3:]: place for path, place in self.listed.items() if path.count("/") == 1}
        return (
            {code: code for code in states}
            | {slug_of(place.name): code for code, place in states.items()}
            | OTHER_STATES
        )

    def containing(self, path: str) -> tuple[str, ...]:
        """A place and all places that contain it, nearest first and the country last; none for an unknown place."""
        found: dict[str, None] = {}
        pending = [self.canonical(path)]
        while pending:
            nearest = pending.pop(0)
            if nearest not in found and nearest in self.places:
                found[nearest] = None
                pending += self.places[nearest].within
        return tuple(found)

    def zone_of(self, path: str) -> str:
        """The IANA time zone of a place; that of Washington, D.C., for an unknown place."""
        known = self.places.find(path)
        return known.zone if known and known.zone else WASHINGTON

    def suggestion(self, path: str) -> str:
        """A help text with the paths that may be meant, or the empty text.

        Where the State is known, no other State is searched: first for names that contain all words of the text, then for names
        that sound alike, then for names with similar letters.
        """
        written = _as_written(path)
        meant = self.meant_by(written)
        if len(meant) > 1:
            return one_of([f'"{found}" for {described(self.places[found])}' for found in meant], "write")
        text = self.text_of(written)
        if text is None:
            return did_you_mean(written, self.names) or self._in_any_state(written)
        slug = kind_of(text.slug)[0]
        paths = [*self.by_state.get(f"us/{text.state}", ()), *self.cities.of_state(text.state)]
        near = nearest_names(slug, [found for found in paths if found.count("/") > 1])
        return one_of([f'"{found}"' for found in near])

    def _in_any_state(self, name: str) -> str:
        wanted = set(kind_of(slug_of(name.rpartition("/")[2]))[0].split("-"))
        found = [path for path in self.listed if wanted <= set(path.rpartition("/")[2].split("-")) and "" not in wanted]
        if len(found) > SUGGESTIONS_MAX:
            return f'name its State too, as in "{found[0]}"; {len(found)} places have this name'
        return one_of([f'"{path}"' for path in found])

    @cached_property
    def by_state(self) -> dict[str, list[str]]:
        """The listed paths and aliases of each State, by the path of the State."""
        found: dict[str, list[str]] = {}
        for path in (*self.listed, *self.aliases):
            found.setdefault("/".join(path.split("/")[:2]), []).append(path)
        return found

    @cached_property
    def names(self) -> list[str]:
        """The paths of the country and of the States, for a path with a wrong beginning."""
        return [path for path in self.listed if path.count("/") < 2]


def described(place: Jurisdiction) -> str:
    """The name of a place in a sentence: `Houston County`, `the city of Houston`."""
    kind = place.kind.replace("independent_", "")
    named = place.name.endswith(f" {kind.title()}") or kind not in CITY_KINDS
    return place.name if named else f"the {kind} of {place.name}"


def _as_written(text: str) -> str:
    """A path in small letters without slashes around it; a name in words keeps its commas."""
    return text.strip().strip("/").lower()


def read_gazetteer(
    policies: Path,
    over: Sequence[Path] = (),
    *,
    cities: Sequence[Path] = (),
    former: Sequence[Path] = (),
) -> tuple[Gazetteer, list[Finding]]:
    """The gazetteer of a folder of law, and the faults in its tables; never raises on bad text.

    A row of the files `over` replaces the row of the same path. `cities` and `former` are the tables of cities and of former
    names, each with those that replace rows of it; by default those of the folder.
    """
    path = policies / FILE
    if not path.is_file():
        return Gazetteer(), [Finding("no-gazetteer", Place(str(path)), "there is no table of places", f"add {FILE}")]
    rows, findings = read_overlaid([path, *over], COLUMNS, lambda row: row["path"])
    gazetteer, faults = _gazetteer_of(rows)
    tables = [table for table in cities or (policies / CITIES_FILE,) if table.is_file()]
    names, of_names = read_former_names(former or (policies / FORMER_FILE,))
    of_cities = check_cities(tables, gazetteer.listed)
    gazetteer = replace(gazetteer, city_tables=tuple(str(table) for table in tables), former=names)
    gazetteer = replace(gazetteer, namesakes=_namesakes(gazetteer))
    of_names += [
        Finding("unknown-place", Place(FORMER_FILE), f'{path} became "{place}", which is no place')
        for path, name in names.items()
        for place in name.places
        if place not in gazetteer.places
    ]
    return gazetteer, [*findings, *faults, *of_cities, *of_names]


def _namesakes(gazetteer: Gazetteer) -> dict[str, str]:
    """The counties whose name is also that of a city elsewhere, as Houston, Texas, is in other counties than Houston County."""
    found = {}
    for path, place in gazetteer.listed.items():
        city = gazetteer.places.find(f"{path}-city") if place.kind == "county" else None
        if city and path not in city.within:
            found[path] = city.path
    return found


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
