"""Whether a row of a list is about the jail of the desk: by the names that the list has for it, else by what is known of facilities."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from comity.desk.reconciling.entries import Where
from comity.desk.sealing import normal
from comity.law.library import Library

Located = tuple[str, str, str, str, str, str]  # station, facility, city, state, code, place


class ListPlaces:
    """Places the rows of one list; each distinct combination of texts is looked up once."""

    def __init__(self, library: Library, place: str, our_names: Collection[str]) -> None:
        self.library, self.place = library, library.gazetteer.canonical(place)
        self.our_names = {normal(name) for name in our_names if normal(name)}
        self._found: dict[tuple[Located, date], Where] = {}

    def where(self, located: Located, day: date | None) -> Where:
        """Where the person of a row was held, or the detainer received."""
        asked = located, day or date.min
        if asked not in self._found:
            self._found[asked] = self._where(*asked)
        return self._found[asked]

    def _where(self, located: Located, day: date) -> Where:
        station, facility, city, state, code, place = located
        names = [text for text in (station, facility, code) if normal(text)]
        if self.our_names and names:
            if any(normal(text) in self.our_names for text in names):
                return "here"
            elsewhere = self._of_place(self._path(facility, city, state, code, place, day))
            return elsewhere if elsewhere in ("another_station", "not_this_jail") else "another_station"
        return self._of_place(self._path(facility, city, state, code, place, day))

    def _path(self, facility: str, city: str, state: str, code: str, place: str, day: date) -> str:
        """The path of the place whose law binds the facility; empty where it is not certain."""
        if place:
            named = self.library.gazetteer.named(place)
            return named.path if named else ""
        return self.library.facilities.found(facility, city, state, day, code).place if facility or code else ""

    def _of_place(self, path: str) -> Where:
        if not path:
            return "unknown"
        if path == self.place:
            return "here"
        # A city's own lockup within the county, or the county's jail where the desk is a city's.
        near = self.place in self.library.gazetteer.containing(path) or path in self._around()
        return "another_station" if near else "not_this_jail"

    def _around(self) -> tuple[str, ...]:
        """The counties that contain the place of the desk, without its State and country."""
        return tuple(path for path in self.library.gazetteer.containing(self.place)[1:] if path.count("/") > 1)
