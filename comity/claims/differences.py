"""What two laws treat differently: classes of requests, each with the condition under which a request is in it.

The classes are found one by one: a request that the two laws treat differently, what of it is enough for that, and then
the next that is in none of the classes so far. When the solver proves that there is no further one, they are exhaustive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from msgspec import Struct

from comity.claims.prover import Prover
from comity.claims.simplest import plainest
from comity.claims.witness import Values, witness
from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.splits import atoms_of
from comity.engine.solver.logic import Truth, all_of, negated
from comity.engine.solver.solver import MILLISECONDS_MAX, Every
from comity.engine.solver.views import Found, View
from comity.facts.kinds import Value
from comity.language import connect, syntax
from comity.language.evaluate import Known, truth
from comity.law.in_force import Stack
from comity.records.joint import SECOND, Together, together

CONDITIONS_MAX = 24  # of one change of one action; what is left after so many is one class of its own


class Change(Struct, frozen=True):
    """A class of requests: an action has one outcome under the first law and another under the second.

    A request is in it when one of `conditions` is so of it, each a conjunction; without any, it is what is left of this
    change when the other classes are taken away. `provisions` are those on which the outcomes of the witness rest.
    """

    action: str
    before: Outcome
    after: Outcome
    conditions: tuple[syntax.Condition, ...]
    witness: Values
    provisions: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def when(self) -> syntax.Condition:
        """The condition of the class as one; of what is left it is always so."""
        return connect.any_of(self.conditions) if self.conditions else connect.ALWAYS


class Differences(Struct, frozen=True):
    """The classes, and the actions of which it was not settled in time whether there are further ones.

    `stack` is both laws as one, in whose words the conditions are.
    """

    stack: Stack
    changes: tuple[Change, ...]
    unsettled: tuple[str, ...] = ()

    @property
    def equivalent(self) -> bool | None:
        """Whether the two laws treat every request alike; None where that is not settled."""
        return False if self.changes else None if self.unsettled else True


def differences(
    first: Stack, second: Stack, actions: Iterable[str] = (), milliseconds_max: int = MILLISECONDS_MAX
) -> Differences:
    """The classes of requests that two laws treat differently, of some actions or of all that either speaks of."""
    comparing = Comparing(first, second, milliseconds_max)
    changes: list[Change] = []
    unsettled: list[str] = []
    for action in tuple(actions) or comparing.actions:
        if comparing.differs_in_text(action):
            of_action, settled = comparing.of_action(action)
            changes += of_action
            unsettled += [] if settled else [action]
    return Differences(comparing.both.stack, tuple(changes), tuple(unsettled))


class Comparing:
    """Two laws side by side, as one stack for the solver and as two for the plain engine."""

    def __init__(self, first: Stack, second: Stack, milliseconds_max: int = MILLISECONDS_MAX) -> None:
        self.first, self.second = Prover(first, milliseconds_max), Prover(second, milliseconds_max)
        one, other = self.first.stack, self.second.stack
        self.both: Together = together(one, other, (one.standing, other.standing))
        self.every = Every(self.both.stack, milliseconds_max, self.both.stack.facts)
        self.actions = tuple(dict.fromkeys((*self.first.actions, *self.second.actions)))

    def differs_in_text(self, action: str) -> bool:
        """Whether the two laws say anything different of an action; if not, nothing need be proved."""
        return _text(self.first.stack, action) != _text(self.second.stack, action) or bool(self.both.apart)

    def effects(self, action: str) -> list[int]:
        """The effects of both laws that decide an action."""
        return [*self.every.of_action(action), *self.every.of_action(action + SECOND)]

    def of_action(self, action: str) -> tuple[list[Change], bool]:
        """The classes of an action, and whether these are proved to be all."""
        found: list[Change] = []
        settled = True
        for before, after in product(CERTAIN, CERTAIN):
            if before != after:
                own, whole = self.of_change(action, before, after)
                found += own
                settled = settled and whole
        return found, settled

    def of_change(self, action: str, before: Outcome, after: Outcome) -> tuple[list[Change], bool]:
        conditions: list[syntax.Condition] = []
        made: list[Change] = []
        while True:
            found = self.find(action, before, after, conditions)
            if found.values is None:
                return _grouped(made), found.settled
            own = self.change(action, before, after, found.values, len(conditions) < CONDITIONS_MAX)
            made.append(own)
            if not own.conditions:
                return _grouped(made), True
            conditions += own.conditions

    def find(self, action: str, before: Outcome, after: Outcome, besides: Iterable[syntax.Condition]) -> Found:
        """A request that is treated so and is in none of some classes."""
        rest = tuple(besides)

        def wanted(view: View) -> Truth:
            return all_of((_changed(view, action, before, after), *(negated(view.truth(own)) for own in rest)))

        return self.every.views(self.effects(action)).find(wanted)

    def change(self, action: str, before: Outcome, after: Outcome, found: Mapping[str, Value], told: bool) -> Change:
        """The class of a request, by what of it is enough; where it is not to be told, what is left."""

        def shows(values: Mapping[str, Value]) -> bool:
            first, second = self.sides(values)
            return self.first.possible(action, first) == (before,) and self.second.possible(action, second) == (after,)

        given = {path: value for path, value in found.items() if path not in self.both.stack.facts}
        vocabulary = self.both.stack.vocabulary
        own = plainest(witness(given, shows, vocabulary, self.second.stack.day), shows, vocabulary)
        first, second = self.sides(own)
        provisions = self.first.determining(action, first), self.second.determining(action, second)
        conditions = (self.enough(action, before, after, found),) if told else ()
        return Change(action, before, after, conditions, own, provisions)

    def enough(self, action: str, before: Outcome, after: Outcome, found: Mapping[str, Value]) -> syntax.Condition:
        """What of a request is enough for it to be treated so, whatever else is so of it."""
        views = self.every.views(self.effects(action))
        known = Known({**self.both.stack.facts, **found}, self.both.stack.vocabulary)
        literals = [
            atom if so else connect.denial(atom)
            for atom in self.atoms(action)
            if (so := truth(atom, known)) is not None
        ]
        for way in (
            "answers",
            "counts",
        ):  # by the answers alone, and then by what they mean: one age may tell more than another
            view = views.view(way)
            needed = view.needed([view.truth(own) for own in literals], _changed(view, action, before, after))
            literals = [literals[place] for place in needed]
        return connect.all_of(literals)

    def atoms(self, action: str) -> list[syntax.Condition]:
        """What the two laws ask of an action, each question once."""
        return list(
            dict.fromkeys(
                atom for index in self.effects(action) for atom in atoms_of(self.both.stack.standing[index].when)
            )
        )

    def sides(self, values: Mapping[str, Value]) -> tuple[Values, Values]:
        """A request as the first law sees it and as the second does."""
        second = {path.removesuffix(SECOND): value for path, value in values.items() if path.endswith(SECOND)}
        shared = {path: value for path, value in values.items() if not path.endswith(SECOND)}
        kept_from_second = {path for path in self.both.apart if path not in second}
        return shared, {**{path: value for path, value in shared.items() if path not in kept_from_second}, **second}


def _changed(view: View, action: str, before: Outcome, after: Outcome) -> Truth:
    return all_of((view.outcome(action, before), view.outcome(action + SECOND, after)))


def _text(stack: Stack, action: str) -> list[tuple[object, ...]]:
    """What a law says of an action, apart from the names of its provisions."""
    places = {index: own for index, own in enumerate(stack.standing) if own.action == action}
    order = {index: at for at, index in enumerate(places)}
    return [(own.kind, own.when, tuple(order[to.to] for to in own.yields_to)) for own in places.values()]


def _grouped(changes: Iterable[Change]) -> list[Change]:
    """Changes that rest on the same provisions as one class."""
    groups: dict[object, list[Change]] = {}
    for own in changes:
        groups.setdefault((own.provisions, bool(own.conditions)), []).append(own)
    return list(_joined(groups.values()))


def _joined(groups: Iterable[list[Change]]) -> Iterator[Change]:
    for group in groups:
        first = group[0]
        conditions = tuple(condition for own in group for condition in own.conditions)
        yield Change(first.action, first.before, first.after, conditions, first.witness, first.provisions)
