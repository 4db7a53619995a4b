"""Finds the county or the city whose facility a name says it is, in the State that the record gives."""

from __future__ import annotations

import difflib
from collections import Counter
from functools import cached_property

from comity.law.jails.patterns import CITY, CITY_OF, COUNTY, COUNTY_OF, SHERIFF, STATION
from comity.law.jails.words import SHORT, letters, name_parts, singular, spelled, standard_words
from comity.law.places import COUNTY_KINDS, Gazetteer
from comity.place_text import slug_of

SIMILAR = 0.8
KINDS = (" County", " Parish", " City and Borough", " Borough", " Census Area", " Municipality", " Municipio", " city")
WITH_PARISHES, WITH_BOROUGHS, CITIES_ARE_COUNTIES = "la", "ak", "pr"
COUNTY_WORDS = ("COUNTY", "PARISH", "BOROUGH")
NO_STATES = ("CO", "CT", "DC", "NE")  # of a jail's name: county, court, detention center, northeast
OF_BOTH = ("consolidated", "independent_city")  # a county and a city at once


class Owners:
    """The counties and cities by the words of their names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def county_in(self, name: str, city: str, state: str) -> str:
        """The path of the county that a name names with a word for a county or with its sheriff; the empty text for none.

        A misspelt county is found where its State has none of that spelling and the city lies in the county with a similar name.
        A name with two counties, as `WINSTON/CHOCTAW COUNTY JAIL`, names neither.
        """
        parts = name_parts(name, state)
        found = next((path for part in parts if (path := self._county_of_part(part, city, state))), "")
        others = {self.county(part, state) for part in parts if not COUNTY.search(part)} - {"", found} if found else ()
        return "" if others else found

    def _county_of_part(self, part: str, city: str, state: str) -> str:
        for word in COUNTY.finditer(part):
            if (word[0] == "PARISH" and state != WITH_PARISHES) or (word[0] == "BOROUGH" and state != WITH_BOROUGHS):
                continue
            before = part[: word.start()].strip()
            found = self.county(before, state) or self._after_city(before, state) or self._misspelt(before, city, state)
            if found:
                return found
        after = COUNTY_OF.search(part)
        words = after["name"].split() if after else []
        of = next((path for end in range(len(words), 0, -1) if (path := self.county(" ".join(words[:end]), state))), "")
        return of or self._of_sheriff(part, city, state)

    def _of_sheriff(self, part: str, city: str, state: str) -> str:
        """The county of a sheriff; none where an independent city has the name too, as Richmond, and `city` is not in the county."""
        sheriff = SHERIFF.match(part)
        county = self.county(sheriff["name"], state) if sheriff else ""
        namesake = self.gazetteer.places.find(self.city(sheriff["name"], state)) if sheriff and county else None
        if namesake is None or namesake.kind != "independent_city" or namesake.path == county:
            return county
        return county if county in self.gazetteer.containing(self.city(standard_words(city), state)) else ""

    def lies_elsewhere(self, county: str, name: str, city: str) -> bool:
        """Whether a name or a city puts a county in another State: `JEFFERSON COUNTY TX` in Alabama, or Rockville in Virginia.

        The other State has a county of the same name, and it is written after the word for the county or at the end, or the city
        lies in that county and the State of the record has no such city.
        """
        state, spelling = county.split("/")[1], self._names[county]
        others = {path.split("/")[1]: path for path in self._by_name.get(spelling, ()) if path != county}
        words = letters(name).split()
        after = {at for at, word in enumerate(words) if at and SHORT.get(words[at - 1], words[at - 1]) in COUNTY_WORDS}
        for at in {*after, len(words) - 1}:
            written = {self.gazetteer.states.get("-".join(words[at : at + size]).lower(), "") for size in (1, 2)}
            if at and words[at] not in NO_STATES and written & others.keys() - {state}:
                return True
        located, cities = standard_words(city), self.gazetteer.spelled_cities
        if not located or cities(state, located):
            return False
        return any(
            path in self.gazetteer.places[found].within
            for other, path in others.items()
            for found in cities(other, located)
        )

    def says_county(self, name: str) -> bool:
        """Whether a name has a word for a county."""
        return bool(COUNTY.search(name))

    def county(self, words: str, state: str) -> str:
        """The path of a county by its name in standard words, also by a former name; the empty text for none."""
        exact = self._counties.get((state, spelled(words)))
        return exact or self._singular.get((state, singular(words)), "") if words else ""

    def _after_city(self, words: str, state: str) -> str:
        """The county at the end of words that begin with the name of a city, as in `MEMPHIS SHELBY COUNTY`."""
        parts = words.split()
        for at in range(1, len(parts)):
            county = self.county(" ".join(parts[at:]), state)
            before = " ".join(parts[:at])
            if county and self.city(before, state) and self.county(before, state) in ("", county):
                return county
        return ""

    def _misspelt(self, words: str, city: str, state: str) -> str:
        path = self.city(city, state) if words else ""
        place = self.gazetteer.places.find(path) if path else None
        for county in (path, *(place.within if place else ())):
            name = self._names.get(county, "")
            if name and difflib.SequenceMatcher(None, name, spelled(words)).ratio() >= SIMILAR:
                return county
        return ""

    def city_in(self, name: str, city: str, state: str) -> str:
        """The path of the city whose police or jail a name names; the empty text where it is not certain.

        `city` is where the facility is. It names the owner only where the facility's name does not say another.
        """
        for part in name_parts(name, state):
            match = CITY.search(part)
            if match is None:
                continue
            before = part[: match.start()].removeprefix("METRO ").split()
            if match[0].startswith("CITY") and self.city(" ".join([*before, "CITY"]), state):
                return self.city(" ".join([*before, "CITY"]), state)
            located = standard_words(city).split()
            whole = self.city(" ".join(before), state)
            if whole:
                return "" if match[0] == "POLICE" and self._is_county_around(before, located, state, whole) else whole
            rest = before[len(located) :] if before[: len(located)] == located else None
            of_state = letters(self.gazetteer.places[f"us/{state}"].name).split()
            is_part = rest is not None and all(STATION.fullmatch(word) or word in of_state for word in rest)
            return self.city(" ".join(located), state) if not before or is_part or [*before, "CITY"] == located else ""
        of = CITY_OF.search(" ".join(name_parts(name, state)))
        words = of["name"].split() if of else []
        ends = range(len(words), 0, -1)
        return next((path for end in ends if (path := self.city(" ".join(words[:end]), state))), "")

    def _is_county_around(self, before: list[str], located: list[str], state: str, city: str) -> bool:
        """Whether a name is also that of the county where a facility is, far from the city: police of Nassau in Mineola, New York."""
        county = self.county(" ".join(before), state)
        around = self.gazetteer.containing(self.city(" ".join(located), state)) if county and located else ()
        return county in around and county not in self.gazetteer.containing(city)

    def city_at_start(self, words: str, state: str) -> str:
        """The path of a city of two or three words whose name begins some words, as `VIRGINIA BEACH`; the empty text for none."""
        parts = words.split()
        return next((path for end in (3, 2) if (path := self.city(" ".join(parts[:end]), state))), "")

    def city(self, words: str, state: str) -> str:
        """The path of the only city of a State with a name; the empty text where there is none, or more than one."""
        if not words or not state:
            return ""
        if (state, words) not in self._cities:
            found = [
                path
                for path in self.gazetteer.spelled_cities(state, words, county=state == CITIES_ARE_COUNTIES)
                if spelled(words) != self._counties_alone.get(path) and not self._is_longer(path, words, state)
            ]
            several = self._names_of_cities(state)[spelled(words)] > 1  # as the borough and the township of Chatham
            self._cities[state, words] = found[0] if len(found) == 1 and not several else ""
        return self._cities[state, words]

    def _is_longer(self, path: str, words: str, state: str) -> bool:
        """Whether a city is called by the words and `City`, as Dade City is by `DADE`; New York County is in New York City."""
        longer, slug = f"{spelled(words)}CITY", slug_of(words)
        place = self.gazetteer.places[path]
        if place.kind in OF_BOTH:
            return f"us/{state}/{slug}-city-city" in self.gazetteer.aliases  # as Kansas City in Wyandotte County
        if spelled(standard_words(place.name)) != longer:
            return False
        return path not in self.gazetteer.containing(self.county(words, state))

    def both(self, words: str, state: str) -> str:
        """The place that is a county and a city at once whose name begins some words; the empty text for none."""
        parts = words.split()
        for end in range(len(parts), 0, -1):
            path = self.city(" ".join(parts[:end]), state)
            if path and self.gazetteer.places[path].kind in OF_BOTH:
                county = self.county(" ".join(parts[:end]), state)
                return path if county in ("", path) else ""
        return ""

    def _names_of_cities(self, state: str) -> Counter[str]:
        """How many cities of a State have a name, by its spelling."""
        if state not in self._alike:
            cities = [self.gazetteer.cities.find(path) for path in self.gazetteer.cities.of_state(state)]
            self._alike[state] = Counter(spelled(standard_words(city.name)) for city in cities if city)
        return self._alike[state]

    @cached_property
    def _alike(self) -> dict[str, Counter[str]]:
        return {}

    @cached_property
    def _cities(self) -> dict[tuple[str, str], str]:
        return {}

    @cached_property
    def _names(self) -> dict[str, str]:
        """The spelling of the name of each county, by its path."""
        listed = self.gazetteer.listed.items()
        return {path: spelled(_bare(place.name)) for path, place in listed if place.kind in COUNTY_KINDS}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """The paths of the counties of all States by the spelling of the name."""
        found: dict[str, list[str]] = {}
        for path, name in self._names.items():
            found.setdefault(name, []).append(path)
        return found

    @cached_property
    def _counties_alone(self) -> dict[str, str]:
        """The spelling of the county's name of each consolidated place whose city is called otherwise, as Davidson and Nashville."""
        of_city = {
            path
            for alias, path in self.gazetteer.aliases.items()
            if self.gazetteer.listed[path].kind in OF_BOTH and alias.removesuffix("-city") != path
        }
        return {path: self._names[path] for path in of_city if path in self._names}

    @cached_property
    def _counties(self) -> dict[tuple[str, str], str]:
        """The path of each county by its State and the spelling of a name: its name, an alias, or a former name."""
        found = {(path.split("/")[1], name): path for path, name in self._names.items()}
        former = {path: name.places[0] for path, name in self.gazetteer.former.items() if len(name.places) == 1}
        for path, county in (*self.gazetteer.aliases.items(), *former.items()):
            parts = path.split("/")
            if county in self._names and len(parts) > 2 and not path.endswith("-city"):
                found.setdefault((parts[1], spelled(standard_words(parts[2]))), county)
        return found

    @cached_property
    def _singular(self) -> dict[tuple[str, str], str]:
        """The same by the spelling without an s at the end of words, where one county alone has it."""
        found: dict[tuple[str, str], str] = {}
        for path in self._names:
            key = path.split("/")[1], singular(_bare(self.gazetteer.listed[path].name))
            found[key] = "" if key in found else path
        return found


def _bare(name: str) -> str:
    kind = next((kind for kind in KINDS if name.endswith(kind)), "")
    return standard_words(name.removesuffix(kind))
