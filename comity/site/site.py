"""What every maker of pages works on: the law held open, the day of the site, and which places get pages."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from comity.context.describe import read_tables
from comity.context.figures import Count
from comity.decision.held_law import held_law
from comity.decision.research import is_researched
from comity.law.calendar import outermost_with_same_law
from comity.law.in_force import Agency
from comity.law.places import Jurisdiction
from comity.lawview.citation_links import address_of, own_address
from comity.lawview.view import LawView
from comity.session import Law
from comity.site.answers import Answers, answers_of
from comity.site.site_page import Crumb

KnownAnswers: TypeAlias = dict[str, list[Answers]]


class Reach(Struct, frozen=True):
    """How far the law of one place was followed: until the day `to`, empty where nobody looked.

    `beyond` says that the day of the site is later, and `is_encoded` whether the place has law of its own here.
    """

    name: str
    to: str
    beyond: bool
    is_encoded: bool


class Site:
    """A law with the day of which the site is, and the answers of its places, which are found once.

    `wanted` are the only places that get pages, where it is not empty; `alone` says that nothing but their pages is built.
    """

    def __init__(self, law: Law, on: date, wanted: tuple[str, ...] = (), *, alone: bool = False) -> None:
        self.law, self.on, self.wanted, self.alone = law, on, wanted, alone
        self._answers: KnownAnswers = {}
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

    @property
    def listed(self) -> tuple[str, ...]:
        """The places with a page of either kind; wider ones first, and those with a page of their own first."""
        return (*self.full, *self.short)

    def is_full(self, path: str) -> bool:
        """Whether a place has a page of its own."""
        return path.count("/") < 2 or outermost_with_same_law(self.law.library, path, Agency()) == path

    def _is_wanted(self, path: str) -> bool:
        return not self.wanted or path in self.wanted

    @cached_property
    def own_texts(self) -> dict[str, str]:
        """The address of the text of each instrument whose file names one, by its id."""
        found = {id: own_address(instrument) for id, instrument in self.law.library.instruments.items()}
        return {id: address for id, address in found.items() if address}

    def text_address(self, cite: str, provision: str) -> str:
        """Where the text that a citation of a provision or an instrument names is published; empty where that is not known."""
        id = provision.partition("#")[0]
        return address_of(cite, id.rpartition("/")[0]) or self.own_texts.get(id, "")

    def applying(self, path: str) -> str:
        """The place with a page of its own whose law is the law of a place: itself, or one that contains it.

        A town in two counties with different law has no page: the first of them is its place.
        """
        containing = self.law.library.gazetteer.containing(path)
        law = outermost_with_same_law(self.law.library, path, Agency())
        listed = self.law.library.gazetteer.listed
        nearest = [place for place in containing if place in listed and self.is_full(place)]
        same = [place for place in nearest if outermost_with_same_law(self.law.library, place, Agency()) == law]
        return max(same or nearest, key=lambda place: place.count("/"))

    def answers(self, path: str) -> list[Answers]:
        """The answers of a place to the standard requests since 2007, by span."""
        if path not in self._answers:
            self._answers[path] = answers_of(self.law, path, self.on)
        return self._answers[path]

    @property
    def known_answers(self) -> KnownAnswers:
        """The answers that were found so far, by place."""
        return self._answers

    def hold_answers(self, answers: KnownAnswers) -> None:
        """Takes answers that another process found."""
        self._answers |= answers

    def view(self, path: str) -> LawView:
        """The law of a place on the day of the site."""
        if path not in self._views:
            self._views[path] = self.law.at(path, on=self.on)
        return self._views[path]

    def research(self, path: str) -> list[Reach]:
        """How far the law of a place was followed: the State first."""
        at_place = held_law(self.law.library).places[path, "", ""]
        is_encoded = not at_place.lacking[self.on, False]
        found = at_place.researched[self.on].items()
        return [Reach(row.name, row.to, row.beyond, is_encoded or place != path) for place, row in found]

    def is_researched(self, path: str) -> bool:
        """Whether the law of the State of a place was researched."""
        return is_researched(held_law(self.law.library).places[path, "", ""].researched[self.on])

    @cached_property
    def counts_of_people(self) -> dict[str, list[Count]]:
        """The published counts of people by place. They stand beside the law: a row that cannot be read is left out."""
        tables, _ = read_tables(self.law.folders, self.law.library)
        found: dict[str, list[Count]] = {}
        for count in tables.counts:
            found.setdefault(count.place, []).append(count)
        return found

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
