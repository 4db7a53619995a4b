"""Checks the size of conditions with their terms written out: circles of terms, depth and number of parts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from comity.finding import Finding
from comity.language import syntax
from comity.language.circles import find_circles
from comity.language.kinding import parts
from comity.language.nodes import size_of
from comity.law.closing import body_of_term, close_condition, scope_of
from comity.law.instrument import Definition, Instrument

DEPTH_MAX = 200  # keeps every engine within the recursion limit
PARTS_MAX = 50_000
HELP = "say it with fewer terms, or with simpler ones"


def check_terms(terms: Mapping[str, Definition]) -> list[Finding]:
    """A finding for each circle of terms, and for terms that are nested too deeply in each other."""
    named = {name: _named_in(term.body) for name, term in terms.items()}
    circles, order = find_circles(named)
    findings = []
    for circle in circles:
        chain = " -> ".join([*circle, circle[0]])
        message = (
            f"terms are defined by each other: {chain}" if len(circle) > 1 else f"a term is defined by itself: {chain}"
        )
        help = "define one of them without the others" if len(circle) > 1 else "define it without itself"
        findings.append(Finding("circle", terms[circle[0]].place, message, help))
    depths: dict[str, int] = {}
    for name in order:
        depths[name] = max(depth + depths.get(_name(node), 0) for node, depth in parts(terms[name].body))
        if depths[name] > DEPTH_MAX:
            message = f'the term "{name}" is more than {DEPTH_MAX} levels deep with the terms in it written out'
            return [*findings, Finding("too-deep", terms[name].place, message, HELP)]
    return findings


def check_sizes(instrument: Instrument, instruments: Mapping[str, Instrument]) -> list[Finding]:
    """A finding for each condition and term that has too many parts with its terms written out.

    To be called only if `check_terms` finds nothing in the terms of the instrument and in those it borrows.
    """
    scope = scope_of(instrument, instruments, date.min)
    sizes: dict[int, int] = {}
    alive: list[syntax.Condition] = []  # sizes are stored by identity
    findings: list[Finding] = []
    for name, term in instrument.terms.items():
        alive.append(body_of_term(name, scope))
        if size_of(alive[-1], sizes) > PARTS_MAX:
            message = f'the term "{name}" has more than {PARTS_MAX:,} parts with the terms in it written out'
            return [*findings, Finding("too-large", term.place, message, HELP)]
    for provision in instrument.provisions:
        conditions = [close_condition(effect, scope) for effect in provision.effects]
        alive += conditions
        if any(size_of(condition, sizes) > PARTS_MAX for condition in conditions):
            message = f"the condition has more than {PARTS_MAX:,} parts with its terms written out"
            findings.append(Finding("too-large", provision.place, message, HELP))
    return findings


def _named_in(body: syntax.Condition) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.name for node, _ in parts(body) if isinstance(node, syntax.Term)))


def _name(node: syntax.Node) -> str:
    return node.name if isinstance(node, syntax.Term) else ""
