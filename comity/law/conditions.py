"""Checks every condition of every instrument against the vocabulary, its terms and its params."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, grave
from comity.language import syntax
from comity.language.check import Known, check
from comity.language.counts import COUNT_MAX
from comity.language.kinding import fields_of, shapes_of
from comity.language.nodes import nodes_in
from comity.language.parse import Parsed
from comity.law.instrument import Definition, Instrument, Param
from comity.law.provisions import BlockReader
from comity.law.written_out import check_sizes, check_terms


def check_conditions(
    instruments: Mapping[str, Instrument], vocabulary: Vocabulary, written: Mapping[str, BlockReader]
) -> list[Finding]:
    """The faults of all conditions; `written` holds each file's conditions with the places of their nodes."""
    findings: list[Finding] = []
    for id, of_file in written.items():
        instrument = instruments.get(id)
        if instrument is None:
            continue
        terms = {**borrowed_terms(instrument, instruments), **instrument.terms}
        findings += check_written(of_file, terms, instrument.params, vocabulary)
    if not grave(findings):  # a circle of terms has no size
        for instrument in instruments.values():
            findings += check_sizes(instrument, instruments)
    return findings


def check_written(
    written: BlockReader, terms: Mapping[str, Definition], params: Mapping[str, Param], vocabulary: Vocabulary
) -> list[Finding]:
    """The faults of the conditions of one file, which may use the given terms and params."""
    shapes = shapes_of({name: (term.parameter, term.body) for name, term in terms.items()})
    known = Known(vocabulary, shapes, {name: _kind(param) for name, param in params.items()})
    findings = check_terms(written.terms)
    for parsed, parameter in written.parsed:
        over = _list_for(fields_of(parsed.condition), vocabulary) if parameter else ""
        findings += check(parsed, known, parameter, over)
        findings += _counts(parsed, params)
    return findings


def _counts(parsed: Parsed, params: Mapping[str, Param]) -> Iterable[Finding]:
    """A finding for each count that is compared with a param whose value is out of bounds."""
    for node in nodes_in(parsed.condition):
        param = params.get(node.number.name) if _counts_to_param(node) else None
        numbers = [value for _, value in param.values if isinstance(value, int)] if param else []
        if param and not all(0 <= number <= COUNT_MAX for number in numbers):
            place, excerpt = parsed.where(node)
            message = f"a count is compared with params.{param.name}, which is {max(numbers, key=abs):,}"
            help = f"compare it with a number from 0 to {COUNT_MAX:,}"
            yield Finding("count", place, message, help, excerpt=excerpt)


def _counts_to_param(node: syntax.Node) -> bool:
    return isinstance(node, syntax.Count) and isinstance(node.number, syntax.Param)


def _list_for(fields: frozenset[str], vocabulary: Vocabulary) -> str:
    """The list whose records a term's parameter can be: the one that has most of the fields that the term reads.

    A term made of other terms alone reads no field; for it the checker takes the list that fits those terms best.
    """
    if not fields:
        return ""
    lists = {
        path: kind.fields.keys()
        for path in vocabulary.facts
        if isinstance(kind := vocabulary.kind(path), kinds.Records)
    }
    return max(lists, key=lambda path: len(fields & lists[path]), default="")


def borrowed_terms(instrument: Instrument, instruments: Mapping[str, Instrument]) -> dict[str, Definition]:
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
