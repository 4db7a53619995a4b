"""Checks every condition of every instrument against the vocabulary, its terms and its params."""

from __future__ import annotations

from collections.abc import Mapping

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding
from comity.language.check import Known, check
from comity.language.kinding import TermShape, fields_of
from comity.law.instrument import Definition, Instrument, Param
from comity.law.provisions import Written


def check_conditions(
    instruments: Mapping[str, Instrument], vocabulary: Vocabulary, written: Mapping[str, Written]
) -> list[Finding]:
    """The faults of all conditions; `written` holds each file's conditions with the places of their nodes."""
    findings: list[Finding] = []
    for id, own in written.items():
        instrument = instruments.get(id)
        if instrument is None:
            continue
        terms = {**borrowed(instrument, instruments), **instrument.terms}
        findings += check_written(own, terms, instrument.params, vocabulary)
    return findings


def check_written(
    own: Written, terms: Mapping[str, Definition], params: Mapping[str, Param], vocabulary: Vocabulary
) -> list[Finding]:
    """The faults of the conditions of one file, which may use some terms and params."""
    shapes = {name: TermShape(bool(term.parameter), fields_of(term.body)) for name, term in terms.items()}
    known = Known(vocabulary, shapes, {name: _kind(param) for name, param in params.items()})
    findings: list[Finding] = []
    for parsed, parameter in own.parsed:
        over = _list_for(fields_of(parsed.condition), vocabulary) if parameter else ""
        findings += check(parsed, known, parameter, over)
    return findings


def _list_for(fields: frozenset[str], vocabulary: Vocabulary) -> str:
    """The list whose records a term's parameter can stand for: the one that has most of the fields it reads.

    A term made of other terms alone reads none itself; for it the checker takes the list that fits them best.
    """
    if not fields:
        return ""
    lists = {
        path: kind.fields.keys()
        for path in vocabulary.facts
        if isinstance(kind := vocabulary.kind(path), kinds.Records)
    }
    return max(lists, key=lambda path: len(fields & lists[path]), default="")


def borrowed(instrument: Instrument, instruments: Mapping[str, Instrument]) -> dict[str, Definition]:
    """The terms that an instrument uses from others, by name; those that are not lent are left out."""
    return {
        name: lender.terms[name]
        for id, names in instrument.uses.items()
        if (lender := instruments.get(id))
        for name in names
        if name in lender.exports and name in lender.terms
    }


def _kind(param: Param) -> kinds.Kind:
    return kinds.Number() if isinstance(param.values[0][1], int) else kinds.Day()
