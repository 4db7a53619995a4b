"""Finds the class of a facility and the place whose law binds it, by its code or by its name.

Shipped tables list facilities whose names alone do not identify them. All others are classified by the words of the
name, within the State given by the record, since many States have a Franklin or a Montgomery. An uncertain one has no place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from comity.law.jails.owners import Owners
from comity.law.jails.patterns import (
    CENTERS,
    CITY,
    CITY_OF,
    CORRECTIONS,
    CORRECTIONS_CUT,
    COUNTY,
    HELD_BY_STATE,
    HOUSE,
    JAIL,
    OF_OFFICERS,
    OF_OTHERS,
    PRISON,
    REGIONAL,
    class_of,
    is_certain,
    is_federal,
)
from comity.law.jails.table import Alias, Facility, Jails, is_divided, key_of
from comity.law.jails.words import FEDERAL, STATES_SHORT, FacilityClass, letters, standard_words
from comity.law.places import Gazetteer
from comity.period import FIRST_DAY, LAST_DAY

AGENCY_KINDS: dict[FacilityClass, str] = {"city_lockup": "police_department", "state_prison": "state_prison"}
# States whose prisons are their jails too; in West Virginia the regional jails are the State's.
UNIFIED = ("ak", "ct", "de", "hi", "ri", "vt", "pr", "gu", "vi", "mp", "as")
REGIONAL_OF_STATE = (*UNIFIED, "wv")
STATE_AT_END = re.compile(r"(?:,\s*|\()([A-Za-z. ]{2,})\)?\.?\s*$")
WITH_HOUSES = ("ma", "nh")  # where each county has a house of correction
CACHED_MAX = 200_000
CODE_LENGTH = 7  # of a DETLOC code that ends in a State
DISTRICT, DISTRICT_POLICE = "dc", re.compile(r"\b(?:METRO POLICE|MPD)\b")
UNKNOWN = Facility("unknown")
GROUPS = ("county", "city", "state_only", "state_prison", "federal", "hospital", "unknown")


class Facilities:
    """Finds the facility of a record by the tables and by the words of its name."""

    def __init__(
        self, aliases: Mapping[str, tuple[Alias, ...]], gazetteer: Gazetteer, tables: Sequence[str] = ()
    ) -> None:
        self.aliases, self.gazetteer = aliases, gazetteer
        self.jails, self.owners = Jails(tables, gazetteer), Owners(gazetteer)
        self._facilities: dict[tuple[str, ...], Facility] = {}
        self._keys: dict[tuple[str, ...], tuple[str, str, str] | None] = {}
        self._changing: dict[tuple[str, ...], bool] = {}  # asked anew for each piece of a table

    def found(self, name: str, city: str, state: str, on: date, code: str = "") -> Facility:
        """The facility on a day; `state` is a name or a postal code, `code` the agency's code for it (DETLOC), where known.

        Without a place where that is not certain: where the record names no State, or its State, name and code disagree.
        """
        parts = self._parts(name, state, code)
        if parts is None:
            return Facility(class_of(standard_words(name)))
        postal, bare, key = parts
        named = _on(self.aliases.get(key, ()), on)
        if named:
            return named.facility
        listed = _on(self._of_code(code), on)
        words = self._by_words(bare, city, postal)
        if listed:
            return UNKNOWN if self._differ(listed.facility, words) else listed.facility
        return self.jails.named(key, city, on) or words

    def _differ(self, listed: Facility, words: Facility) -> bool:
        """Whether a code and a name say two local places of which neither contains the other."""
        if not (_is_local(listed) and _is_local(words)):
            return False
        return listed.place not in self.gazetteer.containing(
            words.place
        ) and words.place not in self.gazetteer.containing(listed.place)

    def changes_hands(self, name: str, state: str, code: str = "") -> bool:
        """Whether the class or the place of a facility depends on the day."""
        given = name, state, code
        if given not in self._changing:
            if len(self._changing) > CACHED_MAX:
                self._changing.clear()
            self._changing[given] = self._changes_hands(name, state, code)
        return self._changing[given]

    def _changes_hands(self, name: str, state: str, code: str) -> bool:
        parts = self._parts(name, state, code)
        key = parts[2] if parts else ""
        rows = (*self.aliases.get(key, ()), *self._of_code(code), *self.jails.by_name.get(key, ()))
        return any((alias.since, alias.until) != (FIRST_DAY, LAST_DAY) for alias in rows)

    def group_of(self, facility: Facility) -> str:
        """Which of `GROUPS` a facility is counted in: by its place, and where it has none by its class."""
        if facility.kind in FEDERAL:
            return "federal"
        if not facility.place:
            return "hospital" if facility.kind == "hospital" else "unknown"
        if facility.kind == "state_prison":
            return "state_prison"
        if facility.local_open:
            return "state_only"
        place = self.gazetteer.places[facility.place]
        return "county" if place.kind in ("county", "consolidated", "state", "territory") else "city"

    def _of_code(self, code: str) -> tuple[Alias, ...]:
        return self.jails.by_code.get(code.strip().upper(), ()) if code else ()

    def _parts(self, name: str, state: str, code: str) -> tuple[str, str, str] | None:
        given = name, state, code
        if given not in self._keys:
            if len(self._keys) > CACHED_MAX:
                self._keys.clear()
            found = self._split(name, state, code.strip().upper())
            self._keys[given] = (*found, key_of(found[1], found[0])) if found else None
        return self._keys[given]

    def _split(self, name: str, state: str, code: str) -> tuple[str, str] | None:
        """The State of a facility and its name without it; None where it names none, or several.

        A code that is not listed says its State only beside a name that says it is a county's of that State: most codes end in the
        postal code of a State, and some end so by chance.
        """
        bare, named = self._without_state(name)
        given = self._state(state)
        listed = {alias.state for alias in self._of_code(code)}
        found = {postal for postal in (given, named, *listed) if postal}
        if letters(state) and not given:
            return None
        ending = self._state(code[-2:]) if not found and len(code) == CODE_LENGTH else ""
        if ending and self.owners.county_in(bare, "", ending):
            found = {ending}
        return (next(iter(found)), bare) if len(found) == 1 else None

    def _state(self, text: str) -> str:
        """The postal code of a State by its code, its name or an abbreviation; a misspelt name is none."""
        return self._states.get(letters(text).replace(" ", ""), "")

    @cached_property
    def _states(self) -> dict[str, str]:
        names = {letters(slug).replace(" ", ""): postal for slug, postal in self.gazetteer.states.items()}
        return {**STATES_SHORT, **names}

    def _without_state(self, name: str) -> tuple[str, str]:
        """The name without the State at its end, and the postal code of that State."""
        found = STATE_AT_END.search(name)
        named = self._state(found[1]) if found else ""
        return (name[: found.start()], named) if found and named else (name, "")

    def _by_words(self, name: str, city: str, postal: str) -> Facility:
        key = name, city, postal
        if key not in self._facilities:
            if len(self._facilities) > CACHED_MAX:
                self._facilities.clear()
            self._facilities[key] = self._read(name, city, postal)
        return self._facilities[key]

    def _read(self, name: str, city: str, postal: str) -> Facility:
        words = standard_words(name, postal)
        kind = class_of(words)
        if kind == "hospital" and is_federal(words, letters(city)):
            return Facility("federal_prison")
        if OF_OTHERS.search(words):
            return UNKNOWN
        if kind == "hospital" and JAIL.search(words):  # the ward of a county's jail
            county = self.owners.county_in(name, city, postal)
            return Facility("county_jail", county) if county else Facility(kind)
        if kind == "immigration_site" and not is_certain(words):
            is_open = CENTERS.search(words) and not OF_OFFICERS.search(words)
            return (not is_open and self._local(name, words, city=city, postal=postal)) or UNKNOWN
        if kind in FEDERAL or kind == "hospital":
            return Facility(kind)
        if kind == "state_prison":
            return Facility(kind, f"us/{postal}")
        owner = self._local(name, words, city=city, postal=postal)
        if kind == "juvenile":
            return Facility(kind, owner.place if owner and not owner.local_open else "")
        if owner:
            return owner
        if is_federal(words, letters(city)):
            return Facility("federal_prison")
        return Facility("state_prison", f"us/{postal}") if self._is_of_state(words, postal) else UNKNOWN

    def _local(self, name: str, words: str, *, city: str, postal: str) -> Facility | None:
        """The local facility that a name says it is, or None."""
        if postal == DISTRICT:
            of_police = DISTRICT_POLICE.search(words)
            if COUNTY.search(words) or not (of_police or JAIL.search(words)):
                return None
            return Facility("city_lockup" if of_police or CITY.search(words) else "county_jail", "us/dc")
        of_city, of_county = CITY.search(words), COUNTY.search(words)
        if not (of_city and of_county and of_city.start() < of_county.start()):
            county = self.owners.county_in(name, city, postal)
            if county and self.owners.lies_elsewhere(county, name, city):
                return UNKNOWN
            if county:
                return Facility("city_lockup" if of_city and "POLICE" in words else "county_jail", county)
        if of_city or CITY_OF.search(words):
            place = self.owners.city_in(name, city, postal)
            if place or of_city:
                return Facility("city_lockup", place or f"us/{postal}", not place and is_divided(postal))
            return None
        if REGIONAL.search(words) and postal not in REGIONAL_OF_STATE:
            return Facility("county_jail", f"us/{postal}", local_open=True)
        return self._by_name_alone(words, postal)

    def _by_name_alone(self, words: str, postal: str) -> Facility | None:
        """The jail of a place that is a county and a city at once, or of a county that shares its name with no city."""
        house = HOUSE.match(words) if postal in WITH_HOUSES else None
        path = self.owners.county(house["name"], postal) if house else ""
        if path:
            return Facility("county_jail", path)
        jail = JAIL.search(words)
        if jail is None or postal in UNIFIED:
            return None
        before = words[: jail.start()].strip().removesuffix(" METRO")
        both = self.owners.both(before, postal)
        if both and self.owners.city(before, postal) == both:
            return Facility("county_jail", both)
        alone = jail[0] == "JAIL" or jail[0].startswith("DEPARTMENT")
        of_state = jail[0].startswith("DEPARTMENT") and self._state(before)
        county = self.owners.county(before, postal) if alone and not of_state else ""
        if not county or self.gazetteer.spelled_cities(postal, before, county=False):
            return None
        return Facility("county_jail", county)

    def _is_of_state(self, words: str, postal: str) -> bool:
        """Whether a name without an owner is that of a State's prison."""
        if postal in UNIFIED and HELD_BY_STATE.search(words):
            return not COUNTY.search(words)
        if REGIONAL.search(words):
            return postal in REGIONAL_OF_STATE
        state = letters(self.gazetteer.places[f"us/{postal}"].name)
        begins = words.startswith(f"{state} ") and not self.owners.city_at_start(words, postal)
        if CORRECTIONS.search(words) or CORRECTIONS_CUT.search(words):
            return begins or f" {state} " in f" {words} " or words.startswith("DEPARTMENT OF ")
        return begins and bool(PRISON.search(words))


def _is_local(facility: Facility) -> bool:
    return facility.kind in ("county_jail", "city_lockup") and facility.place.count("/") > 1


def _on(rows: Sequence[Alias], day: date) -> Alias | None:
    return next((alias for alias in rows if alias.since <= day < alias.until), None)
