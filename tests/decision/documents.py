"""Raw requests, made up, for the law of a place: nested as in JSON, complete or with facts missing, sound or spoiled."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from comity.engine.compiled.beyond import BEYOND
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.law.instrument import BEYOND_ACTIONS

SPOILED = [
    *(None, True, False, 0, 1, 1.0, -1, 10**30, "", " ", "yes", "TRUE", "2017-01-20", "2017-02-30", "20170120"),
    *("2017-01-20T09:00:00-05:00", "2017-01-20T09:00:00", "9999-12-31T23:59:59-05:00", "hold", "robbery"),
    *([], [[]], {}, ["hold"], ["hold", "hold"], ["nothing"], [1], {"partial": []}, {"partial": ["hold"]}),
    *({"partial": 1}, {"partial": [], "more": 1}, [{}], [{"offense": "robbery"}], [{"offense": []}], [{"grade": 1}]),
    *([{"no_field": 1}], [None], {"partial": [{}]}, date(2016, 1, 1), ("hold",), {"form": "i247d"}),
]


class Documents:
    """Makes requests for one place, detainers or with `beyond` others; each fact is left out with a chance of `missing`."""

    def __init__(self, vocabulary: Vocabulary, place: str, seed: object, beyond: bool = False) -> None:
        self.vocabulary, self.place, self.random, self.beyond = vocabulary, place, Random(repr(seed)), beyond
        facts = [path for path in vocabulary.facts if not path.startswith(("decision.", "agency."))]
        self.facts = [path for path in facts if beyond or path.partition(".")[0] not in BEYOND]

    def document(self, missing: float, at: str = "2025-06-02T09:00:00-05:00") -> dict[str, Any]:
        """A sound request."""
        document: dict[str, Any] = {"place": self.place, "at": at}
        for path in self.facts:
            kind = self.vocabulary.kind(path)
            if kind is not None and self.random.random() >= missing and not isinstance(kind, kinds.Moment):
                self.put(document, path, self.value(self.kind(path, kind), missing))
        return document

    def kind(self, path: str, kind: kinds.Kind) -> kinds.Kind:
        """The kind of a fact, for a detainer without the actions that no detainer asks for."""
        if path != "request.asks" or self.beyond or not isinstance(kind, kinds.Set):
            return kind
        return kinds.Set(tuple(member for member in kind.members if member not in BEYOND_ACTIONS))

    def spoiled(self) -> dict[str, Any]:
        """A request in which one or two values are of no kind in particular."""
        document = self.document(0.7)
        for _ in range(self.random.choice((1, 1, 2))):
            path = self.random.choice(
                [*self.facts, "request", "convictions", "decision.on", "agency.kind", "no.fact", "at", "place"]
            )
            self.put(document, path, self.random.choice(SPOILED))
        return document

    def put(self, document: dict[str, Any], path: str, value: Any) -> None:
        """Puts a value at the place of a fact; now and then under its dotted name."""
        section, _, name = path.rpartition(".")
        if not section or section == "place" or self.random.random() < 0.01:
            document[path] = value
        elif isinstance(document.setdefault(section, {}), dict):
            document[section][name] = value

    def value(self, kind: kinds.Kind, missing: float) -> Any:
        """A value of a kind as JSON has it."""
        random = self.random
        match kind:
            case kinds.Truth():
                return random.random() < 0.5
            case kinds.Choice(members):
                return random.choice(members)
            case kinds.Number(_, minimum):
                return random.randint(minimum, 70)
            case kinds.Day():
                return str(date(2025, 6, 2) - timedelta(random.randint(0, 9_000)))
            case kinds.Text():
                return random.choice(("Miami-Dade Corrections", "a name"))
            case kinds.Set(members):
                return self.in_part([member for member in members if random.random() < 0.3], missing)
            case kinds.Records(fields):
                records = [self.record(fields, missing) for _ in range(random.choice((0, 1, 1, 2, 3, 4)))]
                if records and random.random() < 0.3:
                    records += [dict(records[0])] * random.randint(1, 3)
                return self.in_part(records, missing)
        raise AssertionError(kind)

    def record(self, fields: Any, missing: float) -> dict[str, Any]:
        plain = {name: kind for name, kind in fields.items() if not isinstance(kind, kinds.Moment)}
        return {name: self.value(kind, missing) for name, kind in plain.items() if self.random.random() >= missing}

    def in_part(self, members: list[Any], missing: float) -> Any:
        return {"partial": members} if self.random.random() < missing / 2 else members
