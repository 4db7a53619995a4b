"""A request as it was written, read straight into the answers to a stack's questions: the fast way in.

For each stack a function is written and compiled that looks up each value in a table (`typed`), sums each list
(`lists`), and gives the answer to every question, in the order of the splits. Whatever is not the usual form of a request
raises `Unusual`, and the general reader (`facts.request`) takes over: it gives the same answers, or says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from comity.engine.compiled.request_source import ASKS, DECIDED, FORM, RequestSource
from comity.engine.compiled.typed import (
    USUAL,
    Table,
    Unusual,
    as_key,
    check_key,
    check_reach,
    set_of_key,
    value_reader,
)
from comity.engine.questions.questions import Questions
from comity.facts import kinds
from comity.facts.kinds import Value
from comity.facts.request import DERIVED_DAYS, read_values
from comity.intake.form import asked_by_form

Answers: TypeAlias = tuple[int, ...]
Deciding: TypeAlias = tuple[
    str, Sequence[int], Mapping[Any, Any]
]  # an action, its questions, and a table of their answers


class RequestReader:
    """Reads raw requests for one stack; `read(document, day)` gives the answers, `zone` is that of the place.

    `day` is the local day of the decision. `read` raises `Unusual` where the general reader must look at the request.
    `deciding` has for each action the questions that decide it, and a table of what follows from their answers.
    """

    def __init__(self, questions: Questions, zone: str, deciding: Sequence[Deciding] = ()) -> None:
        self.deciding = deciding
        self.questions, self.vocabulary, self.facts = questions, questions.stack.vocabulary, questions.stack.facts
        self.zone = ZoneInfo(zone)
        self._days, self._tables = Table(self._local_day), dict[str, Table]()
        self.list_paths = frozenset(
            path for path in self.vocabulary.facts if isinstance(self.vocabulary.kind(path), kinds.Records)
        )
        self.moments = frozenset(
            path for path in self.vocabulary.facts if isinstance(self.vocabulary.kind(path), kinds.Moment)
        )
        self.moments_in = Table(self._moments_in)
        self.parts = {path: (path.rpartition(".")[0], path.rpartition(".")[2]) for path in self.vocabulary.facts}
        self.dated = {path: _dated_fields(self.vocabulary.kind(path)) for path in self.list_paths}
        self.source = RequestSource(questions, self._days)
        every = self.source.key(range(len(questions.splits)))
        self.read: Callable[[Mapping[str, Any], date], Answers] = self.source.compiled(every)

    def raw(self, path: str, document: Mapping[str, Any]) -> Any:
        """The value of a fact as it was written, or None."""
        section, name = self.parts.get(path) or (path.rpartition(".")[0], path.rpartition(".")[2])
        inside = document.get(section) if section else document
        return inside.get(name) if inside else None

    def _moments_in(self, section: str) -> frozenset[str]:
        """The names of the moments in an object such as `request`."""
        return frozenset(
            name for path in self.moments for within, _, name in [path.rpartition(".")] if within == section
        )

    def value(self, path: str, document: Mapping[str, Any], day: date) -> Value | None:
        """The value of a fact of a request that was read, typed; None where the request does not say it.

        The day of the decision, the local days of moments and what the form asks for are said by the request.
        """
        if path == DECIDED:
            return day
        raw = self.raw(path, document)
        if raw is None and path in DERIVED_DAYS:
            moment = self.raw(DERIVED_DAYS[path], document)
            return None if moment is None else self._days[moment]
        if raw is None and path == ASKS:
            form = self.raw(FORM, document)
            return asked_by_form(form) if isinstance(form, str) else None
        if raw is None or self.vocabulary.kind(path) is None:
            return None
        if path in self.list_paths:
            return value_reader(path, self.vocabulary)(raw)
        if raw.__class__ not in USUAL:  # equal to one that was looked up, as a text of another class is
            return read_values({path: raw}, self.vocabulary, "")[0].get(path)
        found: Value = self._values(path)[as_key(raw) if raw.__class__ in (list, dict) else raw]
        return found

    def _values(self, path: str) -> Table:
        """The typed values of a fact, by what was written."""
        if path not in self._tables:
            read = value_reader(path, self.vocabulary)
            is_set = isinstance(self.vocabulary.kind(path), kinds.Set)
            self._tables[path] = Table((lambda key: set_of_key(key, read)) if is_set else read)
        return self._tables[path]

    @cached_property
    def source_of_outcomes(self) -> RequestSource:
        """The source of a function that answers the questions of `deciding` alone: about half of a stack's.

        The others are asked by warnings, limits and duties, and by law on actions that are not the jail's.
        """
        return RequestSource(self.questions, self._days, {place for _, places, _ in self.deciding for place in places})

    @cached_property
    def outcomes(self) -> Callable[[Mapping[str, Any], date], dict[str, Any]]:
        """What follows for each action of `deciding`: a request read as by `read`, and each table asked at once."""
        names = {
            f"B{number}": table if places else table[()] for number, (_, places, table) in enumerate(self.deciding)
        }
        entries = (
            f"{action!r}: B{number}" + (f"[{self.source_of_outcomes.key(places)}]" if places else "")
            for number, (action, places, _) in enumerate(self.deciding)
        )
        return self.source_of_outcomes.compiled(f"{{{', '.join(entries)}}}", names)

    def _local_day(self, raw: Any) -> date:
        check_key(raw)
        values, findings = read_values({"request.received_at": raw}, self.vocabulary, "")
        moment = values.get("request.received_at")
        if findings or not isinstance(moment, datetime):
            raise Unusual(raw)
        check_reach(moment)
        return moment.astimezone(self.zone).date()


def _dated_fields(kind: kinds.Kind | None) -> frozenset[str]:
    """The fields of a record that are moments, which may be written in several ways."""
    fields = kind.fields if isinstance(kind, kinds.Records) else {}
    return frozenset(name for name, field in fields.items() if isinstance(field, kinds.Moment))
