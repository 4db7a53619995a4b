"""Compares two laws for every request: finds the classes that differ, describes them, and counts them in a table."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from comity.claims.claims import asks_for
from comity.claims.describe import joined
from comity.claims.diff_view import Cited, Class, Counted, Diff
from comity.claims.differences import Change, Differences, find_differences
from comity.claims.examples import example_of
from comity.engine.solver.solver import MILLISECONDS_MAX
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding
from comity.language import syntax
from comity.language.connect import denial
from comity.language.sentence import clause
from comity.law.in_force import Stack
from comity.law.precedence import OrderedEffect
from comity.law.terms import Terms, by_meaning, terms_of
from comity.lawview.build_view import cited, with_force
from comity.lawview.named_law import NamedLaw
from comity.lawview.term_names import meaning_of, with_lenders
from comity.records.joint import SECOND

CLASS = "class "

LEFT = "in further requests, which no short condition describes"


def compare_laws(
    first: NamedLaw, second: NamedLaw, milliseconds_max: int = MILLISECONDS_MAX
) -> tuple[Diff, Differences]:
    """The classes of requests that two laws treat differently, in words.

    Also returns the differences that the classes describe, in the same order.
    """
    found = find_differences(first.stack, second.stack, milliseconds_max=milliseconds_max)
    terms = _terms(first, second)
    actions = [change.action for change in found.changes]
    ordered = sorted(found.changes, key=lambda change: (not _asked(change), not change.conditions))
    ordered.sort(key=lambda change: actions.index(change.action))
    in_order = structs.replace(found, changes=tuple(ordered))
    classes = tuple(_class(change, first, second, terms, in_order.stack) for change in in_order.changes)
    used = [
        term
        for change in in_order.changes
        if change.conditions
        for term in terms.used(terms.put_back(joined(change.conditions)))
    ]
    lending = {**second.library.instruments, **first.library.instruments}
    meanings = tuple(dict.fromkeys(meaning_of(term, in_order.stack.vocabulary, lending) for term in used))
    version = (
        first.stack.version
        if first.stack.version == second.stack.version
        else f"{first.stack.version} and {second.stack.version}"
    )
    return Diff(
        first=first.name,
        second=second.name,
        law_version=version,
        equivalent=found.equivalent,
        classes=classes,
        unsettled=found.unsettled,
        terms=meanings,
    ), in_order


def _terms(first: NamedLaw, second: NamedLaw) -> Terms:
    """The terms of both laws, without a name that has different meanings in the two."""
    of_laws = (
        terms_of(
            with_lenders(law.stack.instruments.values(), law.library.instruments),
            law.library.instruments,
            law.stack.day,
        )
        for law in (first, second)
    )
    return by_meaning([term for terms in of_laws for term in terms])


def _asked(change: Change) -> bool:
    """Whether a class has requests that ask for its action."""
    return not change.conditions or not all(
        denial(asks_for(change.action)) in _parts(condition) for condition in change.conditions
    )


def _parts(condition: syntax.Condition) -> tuple[syntax.Condition, ...]:
    return condition.parts if isinstance(condition, syntax.And) else (condition,)


def _class(change: Change, first: NamedLaw, second: NamedLaw, terms: Terms, both: Stack) -> Class:
    before, after = change.provisions
    return Class(
        action=change.action,
        from_=change.before,
        to=change.after,
        condition=_condition(change, terms, _vocabulary(both, first, second)),
        witness=example_of(change.witness, first),
        before=tuple(Cited(name, cited(name, first.stack)) for name in before),
        after=tuple(Cited(name, cited(name, second.stack)) for name in after),
        asked=_asked(change),
    )


def _condition(change: Change, terms: Terms, vocabulary: Vocabulary) -> str:
    if not change.conditions:
        return LEFT
    whole = joined(change.conditions, (asks_for(change.action), denial(asks_for(change.action))))
    return (
        "whatever the request"
        if isinstance(whole, syntax.Truth)
        else f"where {clause(terms.put_back(whole), vocabulary)}"
    )


def _vocabulary(both: Stack, first: NamedLaw, second: NamedLaw) -> Vocabulary:
    """The vocabulary of both laws, with the facts of uncertain days, and those of the second law where they differ."""
    force = {**with_force(second.stack).entries, **with_force(first.stack).entries}
    later = {path + SECOND: entry for path, entry in with_force(second.stack).entries.items()}
    return Vocabulary({**force, **later, **both.vocabulary.entries})


def count_requests(diff: Diff, found: Differences, table: Any, law: NamedLaw) -> tuple[Diff | None, list[Finding]]:
    """Adds to each class how many requests of a table are in it, surely and at most.

    None if the table is unreadable.
    """
    from comity.intake.cells import open_table  # noqa: PLC0415  two laws are compared without the extra "tables"
    from comity.intake.lines_read import describe_reading  # noqa: PLC0415
    from comity.intake.table import columns_read, find_reader  # noqa: PLC0415
    from comity.records.replay import ReplayOptions, ReplayRun  # noqa: PLC0415

    opened, findings = open_table(table, columns_read(law.library.vocabulary))
    if opened is None:
        return None, findings
    reader, findings = find_reader(opened, law.library.vocabulary, law.library.offenses)
    if reader is None:
        return None, findings
    asked = ReplayOptions(_as_law(found), assumed=found.stack.facts)
    replayed = ReplayRun(opened, reader, law.library, asked).run(lambda rows: None)
    rows = replayed.counted()
    bounds = [replayed.bounds(f"{CLASS}{place}", "permitted", rows) for place in range(len(found.changes))]
    counts = [
        Counted(*bound) if change.conditions else None for bound, change in zip(bounds, found.changes, strict=True)
    ]
    classes = tuple(
        structs.replace(of_class, stored=count) for of_class, count in zip(diff.classes, counts, strict=True)
    )
    counted = structs.replace(
        diff, classes=classes, table=opened.source, rows=replayed.decided,
        table_read=tuple(describe_reading(replayed.reading)), table_findings=replayed.findings,
        table_examples={code: str(example) for code, example in replayed.examples.items()},
    )  # fmt: skip
    return counted, []


def _as_law(found: Differences) -> Stack:
    """The classes as a stack that permits one invented action for each, so that the table can be replayed under it."""
    named_changes = [(f"{CLASS}{place}", change) for place, change in enumerate(found.changes) if change.conditions]
    standing = tuple(OrderedEffect(f"{name}#1", "permits", name, change.when) for name, change in named_changes)
    return structs.replace(
        found.stack, standing=standing, provisions={}, instruments={}, set_aside=(), warnings=(), facts={}
    )
