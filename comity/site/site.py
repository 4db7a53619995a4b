"""What every maker of pages works on: the law held open, the day of the site, and which places get pages."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from comity.law.calendar import outermost_with_same_law
from comity.law.in_force import Agency
from comity.law.places import Jurisdiction
from comity.lawview.view import LawView
from comity.session import Law
from comity.site.answers import Answers, answers_of
from comity.site.site_page import Crumb


class Site:
    """A law with the day of which the site is, and the answers of its places, which are found once.

    `wanted` are the only places that get pages, where it is not empty; `alone` says that nothing but their pages is built.
    """

    def __init__(self, law: Law, on: date, wanted: tuple[str, ...] = (), *, alone: bool = False) -> None:
        self.law, self.on, self.wanted, self.alone = law, on, wanted, alone
        self._answers: dict[str, list[Answers]] = {}
        self._views: dict[str, LawView] = {}

    @property
    def places(self) -> dict[str, Jurisdiction]:
        """Every place of the gazetteer by its path."""
        return self.law.library.gazetteer.places

    @cached_property
    def full(self) -> tuple[str, ...]:
        """The places with a page of their own: the country, each State, and each place with law of its own; wider first."""
        found = [path for path in self.places if self.is_full(path) and self._is_wanted(path)]
        return tuple(sorted(found, key=lambda path: (path.count("/"), path)))

    @cached_property
    def short(self) -> tuple[str, ...]:
        """The places without law of their own: their page is short, and leads to the place whose law applies."""
        return tuple(sorted(path for path in self.places if not self.is_full(path) and self._is_wanted(path)))

    def is_full(self, path: str) -> bool:
        """Whether a place has a page of its own."""
        return path.count("/") < 2 or outermost_with_same_law(self.law.library, path, Agency()) == path

    def _is_wanted(self, path: str) -> bool:
        return not self.wanted or path in self.wanted

    def applying(self, path: str) -> str:
        """The place with a page of its own whose law is the law of a place: itself, or one that contains it."""
        containing = self.law.library.gazetteer.containing(path)
        law = outermost_with_same_law(self.law.library, path, Agency())
        nearest = [place for place in containing if self.is_full(place)]
        same = [place for place in nearest if outermost_with_same_law(self.law.library, place, Agency()) == law]
        return max(same or nearest, key=lambda place: place.count("/"))

    def answers(self, path: str) -> list[Answers]:
        """The answers of a place to the standard requests since 2007, by span."""
        if path not in self._answers:
            self._answers[path] = answers_of(self.law, path, self.on)
        return self._answers[path]

    def view(self, path: str) -> LawView:
        """The law of a place on the day of the site."""
        if path not in self._views:
            self._views[path] = self.law.at(path, on=self.on)
        return self._views[path]

    def name(self, path: str) -> str:
        """The name of a place, without what contains it."""
        return self.places[path].name

    def crumbs(self, path: str) -> tuple[Crumb, ...]:
        """The places that contain a place, the country first, as the crumbs of its page."""
        parts = path.split("/")
        above = ["/".join(parts[: count + 1]) for count in range(len(parts) - 1)]
        return tuple((self.name(place), f"{place}/") for place in above if self.has_page(place))

    def has_page(self, path: str) -> bool:
        """Whether a place has a page in this edition of the site."""
        return path in self.places and self._is_wanted(path)
