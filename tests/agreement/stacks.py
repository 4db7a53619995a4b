"""Generated stacks of law, and requests near the boundaries of what each stack asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary, read_vocabulary
from comity.language import syntax
from comity.language.nodes import nodes_in
from comity.language.show import show
from comity.law.in_force import Stack, in_force
from comity.law.library import Library
from comity.law.life import is_force
from tests.language.trees import NAMES, conditions, quantified
from tests.law.small_law import act, gazetteer

PLACE, DAY = "us/fl/miami-dade", date(2016, 6, 1)
ACTIONS = ("hold", "notify")
STATUTE, ORDINANCE, RESOLUTION, MEMO = "us/fl/statute", f"{PLACE}/ordinance", f"{PLACE}/resolution", f"{PLACE}/memo"
SOURCES = {STATUTE: "statute", ORDINANCE: "ordinance", RESOLUTION: "resolution", MEMO: "memo"}
EFFECTIVE = ("2015-01-01", "2015-06-01", "2015-06-01", "{between: [2016-05-01, 2016-07-01]}")


@cache
def vocabulary() -> Vocabulary:
    return read_vocabulary(Path(__file__).parents[1] / "language" / "small")[0]


@cache
def without_lists() -> Vocabulary:
    return Vocabulary(
        {
            path: entry
            for path, entry in vocabulary().entries.items()
            if not isinstance(entry.kind, kinds.Records) and "[]" not in path
        }
    )


@st.composite
def stacks(draw: Any, lists: bool) -> Stack:
    """One to four acts of one or two effects each; where `lists`, one condition at least asks about a list."""
    names = draw(st.lists(st.sampled_from(list(SOURCES)), min_size=1, max_size=4, unique=True))
    drawn = [draw(_conditions(lists, place == 0)) for place in range(draw(st.integers(len(names), 2 * len(names))))]
    effects: dict[str, list[str]] = {name: [] for name in names}
    for place, condition in enumerate(drawn):
        effects[names[place % len(names)]].append(f"{draw(_said())} when {show(condition)}")
    acts = [
        act(name, SOURCES[name], *effect_list, **draw(_front(name, names))) for name, effect_list in effects.items()
    ]
    library = Library(vocabulary(), gazetteer(), {}, {instrument.id: instrument for instrument in acts})
    return in_force(library, PLACE, DAY)


def _conditions(lists: bool, first: bool) -> st.SearchStrategy[syntax.Condition]:
    if not lists:
        return _plain_conditions()
    return _list_conditions() if first else _any_conditions()


# Made once: a strategy over the whole vocabulary is wide.
@cache
def _plain_conditions() -> st.SearchStrategy[syntax.Condition]:
    return conditions(without_lists(), 2)


@cache
def _any_conditions() -> st.SearchStrategy[syntax.Condition]:
    return conditions(vocabulary(), 2)


@cache
def _list_conditions() -> st.SearchStrategy[syntax.Condition]:
    quantifiers = quantified(vocabulary(), ("request.warrants", "convictions", "charges"), 1)
    beside = st.tuples(quantifiers, _any_conditions())
    return st.one_of(quantifiers, quantifiers.map(syntax.Not), beside.map(syntax.And), beside.map(syntax.Or))


def _said() -> st.SearchStrategy[str]:
    kind = st.sampled_from(("requires", "forbids", "forbids", "permits", "only", "protects"))
    return st.tuples(kind, st.sampled_from(("hold", "notify", "hold, notify"))).map(" ".join)


@st.composite
def _front(draw: Any, name: str, names: list[str]) -> dict[str, str]:
    """Days, and now and then an act that this one sets aside or is subject to."""
    front = {"effective": draw(st.sampled_from(EFFECTIVE))}
    others = [other for other in names if other != name]
    relation = draw(st.sampled_from(("", "", "overrides", "subject_to")))
    if others and relation:
        front[relation] = f"[{draw(st.sampled_from(others))}]"
    return front


class Requests:
    """Draws requests for one stack: values on and beside each boundary that its conditions name."""

    def __init__(self, stack: Stack, random: Random) -> None:
        self.stack, self.random = stack, random
        nodes = [node for effect in stack.standing for node in nodes_in(effect.when)]
        self.paths = sorted({node.path for node in nodes if isinstance(node, syntax.Fact)})
        self.days = sorted({node.value for node in nodes if isinstance(node, syntax.Day)}) or [date(2014, 12, 14)]
        self.numbers = sorted({node.value for node in nodes if isinstance(node, syntax.Integer)}) or [18]

    def complete(self) -> dict[str, Value]:
        """Every fact that the stack reads, known whole."""
        return {path: self.value(self.kind(path), 0.0) for path in self.paths}

    def partial(self) -> dict[str, Value]:
        """Some facts absent, some lists and sets known in part."""
        return {path: self.value(self.kind(path), 0.4) for path in self.paths if self.random.random() > 0.4}

    def completion(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """One of the complete requests that a partial one may turn out to be."""
        return {path: self.completed(self.kind(path), values.get(path)) for path in self.paths}

    def kind(self, path: str) -> kinds.Kind:
        return kinds.Truth() if is_force(path) else self.stack.vocabulary.entries[path].kind

    def value(self, kind: kinds.Kind, unknown: float) -> Any:
        random = self.random
        match kind:
            case kinds.Truth():
                return random.random() < 0.5
            case kinds.Choice(members):
                return random.choice(members)
            case kinds.Text():
                return random.choice((*NAMES, "Elsewhere"))
            case kinds.Number(_, minimum):
                return max(minimum, random.choice(self.numbers) * random.choice((1, 1, 2)) + random.randint(-1, 1))
            case kinds.Day():
                return self.day()
            case kinds.Set(members):
                chosen = frozenset(member for member in members if random.random() < 0.4)
                return KnownSet(chosen, random.random() >= unknown)
            case kinds.Records():
                count = random.choice((0, 1, 1, 2, 3))
                return KnownList(tuple(self.record(kind, unknown) for _ in range(count)), random.random() >= unknown)
        raise AssertionError(kind)

    def record(self, kind: kinds.Records, unknown: float) -> dict[str, Any]:
        fields = {
            name: field for name, field in kind.fields.items() if not isinstance(field, kinds.Moment)
        }  # no condition sees one
        return {name: self.value(field, unknown) for name, field in fields.items() if self.random.random() >= unknown}

    def day(self) -> date:
        """A day on or beside a boundary, some years, months or days away from it, leap days among them."""
        random = self.random
        start = random.choice([*self.days, date(2012, 2, 29), date(2016, 2, 29), date(2015, 3, 31)])
        years, days = (
            random.choice((0, 0, 1, 4, 5, *self.numbers)),
            random.choice((0, 0, 1, -1, 30, random.randint(-800, 800))),
        )
        year = min(max(start.year + random.choice((1, -1)) * years, 1900), 2100)
        day = min(start.day, 28) if start.month == 2 and (year % 4 or year in (1900, 2100)) else start.day
        return date(year, start.month, day) + timedelta(days)

    def completed(self, kind: kinds.Kind, value: Any) -> Any:
        if isinstance(kind, kinds.Set) and isinstance(value, KnownSet) and not value.whole:
            return KnownSet(value.members | {member for member in kind.members if self.random.random() < 0.4})
        if isinstance(kind, kinds.Records) and isinstance(value, KnownList):
            items = [
                {name: self.completed(field, item.get(name)) for name, field in kind.fields.items()}
                for item in value.items
            ]
            more = 0 if value.whole else self.random.choice((0, 1, 2))
            return KnownList((*items, *(self.record(kind, 0.0) for _ in range(more))))
        return self.value(kind, 0.0) if value is None else value


def asks_about_lists(stack: Stack) -> bool:
    """Whether some condition has a quantifier over a list."""
    quantifiers = (syntax.Exists, syntax.All, syntax.Count)
    return any(
        isinstance(stack.vocabulary.kind(node.over.path), kinds.Records)
        for effect in stack.standing
        for node in nodes_in(effect.when)
        if isinstance(node, quantifiers)
    )
