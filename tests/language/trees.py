"""Generated conditions and facts, well-kinded by a vocabulary and closed: no terms, params or free variables.

`conditions(vocabulary)` draws syntax trees; `values(vocabulary)` draws facts of a request, each absent, known
in part or known whole, of the kinds that the trees ask about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from comity.facts import kinds
from comity.facts.kinds import KnownList, KnownSet, Value
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax

Scope = Mapping[syntax.Fact | syntax.Field, kinds.Kind]

COMPARISONS: Sequence[syntax.Comparison] = ("==", "!=", "<", "<=", ">", ">=")
EQUALITIES: Sequence[syntax.Comparison] = ("==", "!=")
VARIABLES = ("c", "x", "record")
NAMES = ("Miami-Dade Corrections", "Cook County Sheriff", "Port Authority")
DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31)) | st.sampled_from(
    [date(2012, 2, 29), date(2013, 2, 28), date(2014, 12, 14), date(2016, 2, 29), date(2016, 12, 31)]
)


def conditions(vocabulary: Vocabulary, max_depth: int = 3, list_items: int = 3) -> SearchStrategy[syntax.Condition]:
    """Closed conditions of at most `max_depth` groups, negations and quantifiers; counts to `list_items`."""
    scope: Scope = {syntax.Fact(path): vocabulary.entries[path].kind for path in vocabulary.facts}
    return _conditions(scope, max_depth, list_items, frozenset())


def quantified(
    vocabulary: Vocabulary, paths: Sequence[str], max_depth: int = 2, list_items: int = 3
) -> SearchStrategy[syntax.Condition]:
    """Quantifiers over one of some lists or sets."""
    scope: Scope = {syntax.Fact(path): vocabulary.entries[path].kind for path in vocabulary.facts}
    return _over([syntax.Fact(path) for path in paths], scope, max_depth, list_items)


def values(vocabulary: Vocabulary, list_items: int = 3) -> SearchStrategy[dict[str, Value]]:
    """Facts by path as `facts.request` holds them; any fact may be absent, any list or set known in part."""
    known = {path: _value(vocabulary.entries[path].kind, list_items) for path in vocabulary.facts}
    return st.fixed_dictionaries({}, optional={path: drawn for path, drawn in known.items() if drawn is not None})


def _conditions(
    scope: Scope, depth: int, most: int, taken: frozenset[str], item: kinds.Set | None = None
) -> SearchStrategy[syntax.Condition]:
    """Conditions over what is in scope; inside a quantifier (`taken`), without a further one."""
    atoms = _atoms(scope, item, next(iter(taken), ""))
    if depth == 0:
        return atoms
    inner = st.deferred(lambda: _conditions(scope, depth - 1, most, taken, item))
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    grown = [atoms, st.builds(syntax.Not, inner), st.builds(syntax.And, parts), st.builds(syntax.Or, parts)]
    overs = [fact for fact, kind in scope.items() if isinstance(kind, (kinds.Records, kinds.Set)) and not taken]
    if overs:
        grown.append(_over(overs, scope, depth - 1, most))
    return st.one_of(grown)


def _over(
    overs: Sequence[syntax.Fact | syntax.Field], scope: Scope, depth: int, most: int
) -> SearchStrategy[syntax.Condition]:
    """A quantifier over one of the lists or sets."""

    def bodies(over: Any, variable: str) -> SearchStrategy[syntax.Condition]:
        kind, item = scope[over], None
        fields: dict[syntax.Fact | syntax.Field, kinds.Kind] = {}
        if isinstance(kind, kinds.Records):
            fields = {syntax.Field(variable, name): field for name, field in kind.fields.items()}
        elif isinstance(kind, kinds.Set):
            item = kind
        inner = _conditions({**scope, **fields}, depth, most, frozenset({variable}), item)
        about_records = _conditions(fields, depth, most, frozenset({variable}), item) if fields or item else inner
        return about_records | inner

    def quantifiers(over: Any, variable: str) -> SearchStrategy[syntax.Condition]:
        body = bodies(over, variable)
        number = st.integers(0, most).map(syntax.Integer)
        return st.one_of(
            st.builds(syntax.Exists, st.just(over), st.just(variable), body),
            st.builds(syntax.All, st.just(over), st.just(variable), body),
            st.builds(syntax.Count, st.just(over), st.just(variable), body, st.sampled_from(COMPARISONS), number),
        )

    drawn = st.tuples(st.sampled_from(overs), st.sampled_from(VARIABLES))
    quantifier_of = cache(quantifiers)  # scopes are wide: each strategy is built once, when it is first drawn
    return drawn.flatmap(lambda pair: quantifier_of(*pair))


def _atoms(scope: Scope, item: kinds.Set | None, variable: str) -> SearchStrategy[syntax.Condition]:
    """One atom, about a fact drawn first, so that every fact is as likely as any other."""
    askable = [name for name, kind in scope.items() if not isinstance(kind, (kinds.Records, kinds.Moment))]
    atom_of = cache(lambda name: _atom(name, scope))
    about = [st.sampled_from(askable).flatmap(atom_of)] if askable else []
    if item is not None:
        about.append(_of_item(syntax.Item(variable), item))
    return st.one_of(about or [st.booleans().map(syntax.Truth)])


def _of_item(item: syntax.Item, kind: kinds.Set) -> SearchStrategy[syntax.Condition]:
    return _compared(item, EQUALITIES, _texts(kind.members)) | _among(item, kind.members)


def _atom(name: Any, scope: Scope) -> SearchStrategy[syntax.Condition]:
    kind = scope[name]
    match kind:
        case kinds.Truth():
            literal = _compared(name, EQUALITIES, st.booleans().map(syntax.Truth))
            return st.just(name) | st.just(name) | literal | _compared(name, EQUALITIES, _same(kind, scope))
        case kinds.Choice(members):
            other = _same(kind, scope)
            return _among(name, members) | _compared(name, EQUALITIES, _texts(members) | other)
        case kinds.Text():
            return _among(name, NAMES) | _compared(name, EQUALITIES, _texts(NAMES))
        case kinds.Set(members):
            return st.builds(syntax.Member, _texts(members), st.just(name))
        case kinds.Number():
            literals = st.integers(kind.minimum, kind.minimum + 40).map(syntax.Integer)
            listed = st.lists(literals, min_size=1, max_size=3, unique=True).map(tuple)
            operands = _numbers(kind, scope)
            return _relation(operands, literals | operands) | st.builds(syntax.Among, st.just(name), listed)
        case kinds.Day():
            return _relation(_moved(st.just(name), scope), _days(scope))
    raise AssertionError(f"no condition asks about {name}: {kind}")


def _relation(left: SearchStrategy[Any], right: SearchStrategy[Any]) -> SearchStrategy[syntax.Condition]:
    return st.builds(syntax.Compare, st.sampled_from(COMPARISONS), left, right)


def _compared(
    name: syntax.Operand, operators: Sequence[syntax.Comparison], right: SearchStrategy[Any]
) -> SearchStrategy[syntax.Condition]:
    return st.builds(syntax.Compare, st.sampled_from(operators), st.just(name), right)


def _among(name: syntax.Operand, members: Sequence[str]) -> SearchStrategy[syntax.Condition]:
    listed = st.lists(_texts(members), min_size=1, max_size=4, unique=True).map(tuple)
    return st.builds(syntax.Among, st.just(name), listed)


def _texts(members: Sequence[str]) -> SearchStrategy[syntax.Text]:
    return st.sampled_from(members).map(syntax.Text)


def _same(kind: kinds.Kind, scope: Scope) -> SearchStrategy[Any]:
    """A fact of exactly that kind."""
    return st.sampled_from([name for name, other in scope.items() if other == kind])


def _numbers(kind: kinds.Number, scope: Scope) -> SearchStrategy[Any]:
    """A number of that unit: a fact, or facts and literals added and subtracted from the left."""
    alike = [name for name, other in scope.items() if isinstance(other, kinds.Number) and other.unit == kind.unit]
    facts = st.sampled_from(alike)
    second = facts | st.integers(-5, 40).map(syntax.Integer)
    sums = st.builds(syntax.Sum, facts, second, st.booleans())
    return facts | sums | st.builds(syntax.Sum, sums, second, st.booleans())


def _days(scope: Scope) -> SearchStrategy[Any]:
    facts = st.sampled_from([name for name, kind in scope.items() if isinstance(kind, kinds.Day)])
    return _moved(facts | DAYS.map(syntax.Day), scope)


def _moved(day: SearchStrategy[Any], scope: Scope) -> SearchStrategy[Any]:
    """The day itself, or the day shifted once or twice."""
    counted = [name for name, kind in scope.items() if isinstance(kind, kinds.Number) and kind.unit == "days"]
    literal = st.integers(0, 40).map(syntax.Integer)
    amount = literal | st.sampled_from(counted) if counted else literal
    long = st.sampled_from(("years", "months"))

    def shifted(moved: SearchStrategy[Any]) -> SearchStrategy[Any]:
        by_length = st.builds(syntax.Shift, moved, long, literal, st.booleans())
        return by_length | st.builds(syntax.Shift, moved, st.just("days"), amount, st.booleans())

    return day | shifted(day) | shifted(shifted(day))


def _value(kind: kinds.Kind, most: int) -> SearchStrategy[Any] | None:
    match kind:
        case kinds.Truth():
            return st.booleans()
        case kinds.Number():
            return st.integers(kind.minimum, kind.minimum + 45)
        case kinds.Day():
            return DAYS
        case kinds.Choice(members):
            return st.sampled_from(members)
        case kinds.Text():
            return st.sampled_from(NAMES)
        case kinds.Set(members):
            return st.builds(KnownSet, st.frozensets(st.sampled_from(members), max_size=4), st.booleans())
        case kinds.Records(fields):
            known = {name: _value(field, most) for name, field in fields.items()}
            optional = {name: drawn for name, drawn in known.items() if drawn is not None}
            record = st.fixed_dictionaries({}, optional=optional)
            return st.builds(KnownList, st.lists(record, max_size=most).map(tuple), st.booleans())
    return None  # moments reach conditions only as the local days derived from them
