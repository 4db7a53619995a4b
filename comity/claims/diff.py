"""Two laws compared for every request, through the whole house: classes found, said in words, and counted in a table."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from comity.claims.claims import asks_for
from comity.claims.describe import joined
from comity.claims.diff_view import Cited, Class, Counted, Diff
from comity.claims.differences import Change, Differences, differences
from comity.claims.examples import example_of
from comity.engine.solver.solver import MILLISECONDS_MAX
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding
from comity.language import syntax
from comity.language.connect import denial
from comity.language.sentence import clause
from comity.law.in_force import Stack
from comity.law.precedence import Standing
from comity.law.terms import Terms, by_meaning, terms_of
from comity.lawview.build_view import cited, with_force
from comity.lawview.named_law import Side
from comity.lawview.term_names import meaning_of, speaking
from comity.records.joint import SECOND

CLASS = "class "

LEFT = "in further requests, which no short sentence tells apart"


def compared(first: Side, second: Side, milliseconds_max: int = MILLISECONDS_MAX) -> tuple[Diff, Differences]:
    """The classes of requests that two laws treat differently, and what they were told from."""
    found = differences(first.stack, second.stack, milliseconds_max=milliseconds_max)
    terms = _terms(first, second)
    ordered = sorted(found.changes, key=lambda own: (not _asked(own), not own.conditions))
    ordered.sort(key=lambda own: [change.action for change in found.changes].index(own.action))
    told = structs.replace(found, changes=tuple(ordered))
    classes = tuple(_class(own, first, second, terms, told.stack) for own in told.changes)
    used = [
        term for own in told.changes for term in terms.used(terms.put_back(joined(own.conditions))) if own.conditions
    ]
    lending = {**second.library.instruments, **first.library.instruments}
    meanings = tuple(dict.fromkeys(meaning_of(term, told.stack.vocabulary, lending) for term in used))
    version = (
        first.stack.version
        if first.stack.version == second.stack.version
        else f"{first.stack.version} and {second.stack.version}"
    )
    return Diff(first.name, second.name, version, found.equivalent, classes, found.unsettled, meanings), told


def _terms(first: Side, second: Side) -> Terms:
    """The terms of both laws; a name that means different things in the two is not used."""
    of_sides = (
        terms_of(
            speaking(side.stack.instruments.values(), side.library.instruments),
            side.library.instruments,
            side.stack.day,
        )
        for side in (first, second)
    )
    return by_meaning([term for terms in of_sides for term in terms])


def _asked(own: Change) -> bool:
    """Whether a class holds requests that ask for its action."""
    return not own.conditions or not all(denial(asks_for(own.action)) in _parts(each) for each in own.conditions)


def _parts(condition: syntax.Condition) -> tuple[syntax.Condition, ...]:
    return condition.parts if isinstance(condition, syntax.And) else (condition,)


def _class(own: Change, first: Side, second: Side, terms: Terms, both: Stack) -> Class:
    before, after = own.provisions
    return Class(
        own.action,
        own.before,
        own.after,
        _condition(own, terms, _vocabulary(both, first, second)),
        example_of(own.witness, first),
        tuple(Cited(name, cited(name, first.stack)) for name in before),
        tuple(Cited(name, cited(name, second.stack)) for name in after),
        _asked(own),
    )


def _condition(own: Change, terms: Terms, vocabulary: Vocabulary) -> str:
    if not own.conditions:
        return LEFT
    whole = joined(own.conditions, (asks_for(own.action), denial(asks_for(own.action))))
    return (
        "whatever the request"
        if isinstance(whole, syntax.Truth)
        else f"where {clause(terms.put_back(whole), vocabulary)}"
    )


def _vocabulary(both: Stack, first: Side, second: Side) -> Vocabulary:
    """The words of both laws, those for uncertain days among them; of the second law's own, the day that it has."""
    force = {**with_force(second.stack).entries, **with_force(first.stack).entries}
    later = {path + SECOND: entry for path, entry in with_force(second.stack).entries.items()}
    return Vocabulary({**force, **later, **both.vocabulary.entries})


def counted(diff: Diff, told: Differences, table: Any, side: Side) -> tuple[Diff | None, list[Finding]]:
    """How many requests of a table are in each class, surely and at most; nothing and the findings where it cannot be read."""
    from comity.intake.cells import open_table  # noqa: PLC0415  two laws are compared without the extra "tables"
    from comity.intake.table import read_here, reader_of  # noqa: PLC0415
    from comity.records.replay import Asked, Replaying  # noqa: PLC0415

    opened, findings = open_table(table, read_here(side.library.vocabulary))
    if opened is None:
        return None, findings
    reader, findings = reader_of(opened, side.library.vocabulary, side.library.offenses)
    if reader is None:
        return None, findings
    asked = Asked(_as_law(told), assumed=told.stack.facts)
    made = Replaying(opened, reader, side.library, asked).run(lambda rows: None)
    rows = made.counted()
    bounds = [made.bounds(f"{CLASS}{place}", "permitted", rows) for place in range(len(told.changes))]
    counts = [Counted(*own) if change.conditions else None for own, change in zip(bounds, told.changes, strict=True)]
    classes = tuple(structs.replace(own, stored=count) for own, count in zip(diff.classes, counts, strict=True))
    return structs.replace(diff, classes=classes, table=opened.source, rows=made.decided), []


def _as_law(told: Differences) -> Stack:
    """A law that permits one action of its own for each class: so a table can be put under it like under any law."""
    told_of = [(f"{CLASS}{place}", own) for place, own in enumerate(told.changes) if own.conditions]
    standing = tuple(Standing(f"{name}#1", "permits", name, own.when) for name, own in told_of)
    return structs.replace(
        told.stack, standing=standing, provisions={}, instruments={}, set_aside=(), warnings=(), facts={}
    )
