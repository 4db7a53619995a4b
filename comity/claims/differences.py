"""What two laws treat differently: classes of requests, each with the condition for a request to be in it.

Classes are found one at a time. The solver finds a request that the two laws treat differently; the part of it that
suffices for the difference is the condition of a class; then the solver looks for a request in none of the classes so far.
The classes are exhaustive when it proves that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from msgspec import Struct

from comity.claims.prover import Prover
from comity.claims.simplest import simplest
from comity.claims.witness import Values, witness
from comity.engine.outcome import CERTAIN, Outcome
from comity.engine.questions.splits import atoms_of
from comity.engine.solver.logic import Truth, all_of, negated
from comity.engine.solver.solver import MILLISECONDS_MAX, Solver
from comity.engine.solver.views import Found, View
from comity.facts.kinds import Value
from comity.language import connect, syntax
from comity.language.evaluate import Known, truth
from comity.law.in_force import Stack
from comity.records.joint import SECOND, CombinedStack, combine_stacks

CONDITIONS_MAX = 24  # of one change of one action; all that is left after so many becomes one class


class Change(Struct, frozen=True, kw_only=True):
    """A class of requests for which an action has different outcomes under two laws.

    A request is in it if it meets one of `conditions`, each a conjunction. Without conditions, the class is what is left
    of this change without the other classes. `provisions` are those that the witness's two outcomes rest on.
    """

    action: str
    before: Outcome
    after: Outcome
    conditions: tuple[syntax.Condition, ...]
    witness: Values
    provisions: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def when(self) -> syntax.Condition:
        """The conditions of the class as one; always true for the class of what is left."""
        return connect.any_of(self.conditions) if self.conditions else connect.ALWAYS


class Differences(Struct, frozen=True):
    """The classes, and the actions for which there may be more.

    `stack` is both laws joined in one; the conditions are about its facts.
    """

    stack: Stack
    changes: tuple[Change, ...]
    unsettled: tuple[str, ...] = ()

    @property
    def equivalent(self) -> bool | None:
        """Whether the two laws treat every request alike; None if that is not settled."""
        return False if self.changes else None if self.unsettled else True


def find_differences(
    first: Stack, second: Stack, actions: Iterable[str] = (), *, milliseconds_max: int = MILLISECONDS_MAX
) -> Differences:
    """The classes of requests that two laws treat differently.

    For some actions, or for all that either law names.
    """
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
    """Two laws, as one stack for the solver and as two for the reference engine."""

    def __init__(self, first: Stack, second: Stack, milliseconds_max: int = MILLISECONDS_MAX) -> None:
        self.first, self.second = (
            Prover(first, milliseconds_max=milliseconds_max),
            Prover(second, milliseconds_max=milliseconds_max),
        )
        one, other = self.first.stack, self.second.stack
        self.both: CombinedStack = combine_stacks(one, other, (one.standing, other.standing))
        self.solver = Solver(self.both.stack, milliseconds_max, self.both.stack.facts)
        self.actions = tuple(dict.fromkeys((*self.first.actions, *self.second.actions)))

    def differs_in_text(self, action: str) -> bool:
        """Whether the two laws differ in text about an action.

        If not, nothing needs to be proved.
        """
        return _text(self.first.stack, action) != _text(self.second.stack, action) or bool(self.both.apart)

    def effects(self, action: str) -> list[int]:
        """The effects of both laws that decide an action."""
        return [*self.solver.of_action(action), *self.solver.of_action(action + SECOND)]

    def of_action(self, action: str) -> tuple[list[Change], bool]:
        """The classes of an action, and whether they are proved to be exhaustive."""
        found: list[Change] = []
        settled = True
        for before, after in product(CERTAIN, CERTAIN):
            if before != after:
                classes, whole = self.of_change(action, before=before, after=after)
                found += classes
                settled = settled and whole
        return found, settled

    def of_change(self, action: str, *, before: Outcome, after: Outcome) -> tuple[list[Change], bool]:
        """The classes with two given outcomes, and whether they are proved exhaustive."""
        conditions: list[syntax.Condition] = []
        changes: list[Change] = []
        while True:
            found = self.find(action, before=before, after=after, excluded=conditions)
            if found.values is None:
                return _grouped(changes), found.settled
            change = self.change(
                action, before=before, after=after, found=found.values, described=len(conditions) < CONDITIONS_MAX
            )
            changes.append(change)
            if not change.conditions:
                return _grouped(changes), True
            conditions += change.conditions

    def find(self, action: str, *, before: Outcome, after: Outcome, excluded: Iterable[syntax.Condition]) -> Found:
        """A request with these two outcomes that meets none of the excluded conditions."""
        rest = tuple(excluded)

        def wanted(view: View) -> Truth:
            return all_of(
                (
                    _changed(view, action, before=before, after=after),
                    *(negated(view.truth(condition)) for condition in rest),
                )
            )

        return self.solver.views(self.effects(action)).find(wanted)

    def change(
        self, action: str, *, before: Outcome, after: Outcome, found: Mapping[str, Value], described: bool
    ) -> Change:
        """The class of a request, with a condition if `described`.

        Otherwise it is all that is left.
        """

        def shows(values: Mapping[str, Value]) -> bool:
            first, second = self.seen_by_both(values)
            return self.first.possible(action, first) == (before,) and self.second.possible(action, second) == (after,)

        given = {path: value for path, value in found.items() if path not in self.both.stack.facts}
        vocabulary = self.both.stack.vocabulary
        example = simplest(witness(given, shows, vocabulary, self.second.stack.day), shows, vocabulary)
        first, second = self.seen_by_both(example)
        provisions = self.first.determining(action, first), self.second.determining(action, second)
        conditions = (self.enough(action, before=before, after=after, found=found),) if described else ()
        return Change(
            action=action, before=before, after=after, conditions=conditions, witness=example, provisions=provisions
        )

    def enough(self, action: str, *, before: Outcome, after: Outcome, found: Mapping[str, Value]) -> syntax.Condition:
        """The part of a request that suffices for its two outcomes."""
        views = self.solver.views(self.effects(action))
        known = Known({**self.both.stack.facts, **found}, self.both.stack.vocabulary)
        literals = [
            atom if so else connect.denial(atom)
            for atom in self.atoms(action)
            if (so := truth(atom, known)) is not None
        ]
        # First the answers alone, then what they mean: `age < 18` implies `age < 21`.
        for way in ("answers", "counts"):
            view = views.view(way)
            needed = view.needed(
                [view.truth(literal) for literal in literals], _changed(view, action, before=before, after=after)
            )
            literals = [literals[place] for place in needed]
        return connect.all_of(literals)

    def atoms(self, action: str) -> list[syntax.Condition]:
        """The atoms of both laws' conditions on an action, each once."""
        return list(
            dict.fromkeys(
                atom for index in self.effects(action) for atom in atoms_of(self.both.stack.standing[index].when)
            )
        )

    def seen_by_both(self, values: Mapping[str, Value]) -> tuple[Values, Values]:
        """The facts of a request under the first law, and under the second."""
        second = {path.removesuffix(SECOND): value for path, value in values.items() if path.endswith(SECOND)}
        shared = {path: value for path, value in values.items() if not path.endswith(SECOND)}
        first_only = {path for path in self.both.apart if path not in second}
        return shared, {**{path: value for path, value in shared.items() if path not in first_only}, **second}


def _changed(view: View, action: str, *, before: Outcome, after: Outcome) -> Truth:
    return all_of((view.outcome(action, before), view.outcome(action + SECOND, after)))


def _text(stack: Stack, action: str) -> list[tuple[object, ...]]:
    """The effects of a law on an action, without the names of their provisions."""
    places = {index: effect for index, effect in enumerate(stack.standing) if effect.action == action}
    order = {index: at for at, index in enumerate(places)}
    return [
        (effect.kind, effect.when, tuple(order[yielding.to] for yielding in effect.yields_to))
        for effect in places.values()
    ]


def _grouped(changes: Iterable[Change]) -> list[Change]:
    """The changes, with those that rest on the same provisions merged into one class."""
    groups: dict[object, list[Change]] = {}
    for change in changes:
        groups.setdefault((change.provisions, bool(change.conditions)), []).append(change)
    return list(_joined(groups.values()))


def _joined(groups: Iterable[list[Change]]) -> Iterator[Change]:
    for group in groups:
        first = group[0]
        conditions = tuple(condition for change in group for condition in change.conditions)
        yield Change(
            action=first.action,
            before=first.before,
            after=first.after,
            conditions=conditions,
            witness=first.witness,
            provisions=first.provisions,
        )
