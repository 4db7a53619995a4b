"""What the instruments of a library say of each other, and whether it can all be so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from comity.facts import kinds
from comity.facts.request import read_values
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, did_you_mean
from comity.language import syntax
from comity.language.nodes import nodes_in
from comity.law.circles import chain_lengths, find_circles
from comity.law.instrument import ACTIONS, DUTIES, Instrument, PlaceFact
from comity.law.places import Gazetteer
from comity.law.rank import ADVISORY, level_of
from comity.yamltext import Words

CHAIN_MAX = 100  # instruments in a row, each of which overrides or ends the next


def check_relations(
    instruments: Mapping[str, Instrument],
    facts: Iterable[PlaceFact],
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    courts: Collection[str],
) -> list[Finding]:
    """Unknown instruments, places, courts and actions; circles; effects that a kind of instrument cannot have."""
    findings: list[Finding] = []
    for own in instruments.values():
        findings += _named_instruments(own, instruments)
        findings += _effects(own, _known_actions(vocabulary))
        findings += _loans(own, instruments)
        if own.jurisdiction not in gazetteer.places:
            message = f'the folder "{own.jurisdiction}" is no place'
            findings.append(Finding("unknown-place", own.place, message, gazetteer.suggestion(own.jurisdiction)))
        if own.court and own.court not in courts:
            findings.append(
                Finding("unknown-court", own.place, f'there is no court "{own.court}"', did_you_mean(own.court, courts))
            )
    for relation in ("overrides", "subject_to", "ended_by"):
        findings += _circles(instruments, relation)
    findings += _idle(instruments)
    return findings + _facts(facts, vocabulary)


def _known_actions(vocabulary: Vocabulary) -> tuple[str, ...]:
    asks = vocabulary.kind("request.asks")
    return asks.members if isinstance(asks, kinds.Set) else ACTIONS


def _targets(own: Instrument, relation: str) -> tuple[str, ...]:
    value = getattr(own, relation)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _named_instruments(own: Instrument, instruments: Mapping[str, Instrument]) -> list[Finding]:
    findings = []
    for relation in ("overrides", "subject_to", "ended_by", "construes", "reviews"):
        for target in _targets(own, relation):
            if target == own.id:
                findings.append(Finding("itself", own.place, f"{relation} names the instrument itself"))
            elif target not in instruments:
                message = f'{relation} names "{target}", which is no instrument here'
                findings.append(Finding("unknown-instrument", own.place, message, did_you_mean(target, instruments)))
    return findings


def _idle(instruments: Mapping[str, Instrument]) -> list[Finding]:
    """A warning for each instrument that decides nothing, lends nothing and takes nothing out of force."""
    acting = {stay.by for instrument in instruments.values() for stay in instrument.suspended}
    acting |= {instrument.ended_by for instrument in instruments.values()}
    help = "write a block `yaml provision` under a numbered heading"
    return [
        Finding("nothing-runs", instrument.place, "nothing in this file runs: it has no provision", help, grave=False)
        for instrument in instruments.values()
        if not (instrument.provisions or instrument.exports or instrument.overrides or instrument.id in acting)
    ]


def _effects(own: Instrument, actions: tuple[str, ...]) -> list[Finding]:
    findings = []
    advisory = own.kind in ADVISORY and (own.kind in ("ruling", "form", "programme") or level_of(own) == 0)
    for provision in own.provisions:
        for effect in provision.effects:
            if effect.action and effect.action not in actions:
                message = f'there is no action "{effect.action}"'
                findings.append(
                    Finding("unknown-action", provision.place, message, did_you_mean(effect.action, actions))
                )
            if advisory and effect.kind in (*DUTIES, "permits", "protects"):
                message = f"a {own.kind.replace('_', ' ')} of this place cannot be one that {effect.kind}"
                findings.append(Finding("advisory", provision.place, message, "it may limit, oblige and advise"))
    return findings


def _loans(own: Instrument, instruments: Mapping[str, Instrument]) -> list[Finding]:
    findings = [
        Finding(
            "unknown-term", own.place, f'exports names "{name}", which is no term here', did_you_mean(name, own.terms)
        )
        for name in own.exports
        if name not in own.terms
    ]
    for lender, names in own.uses.items():
        if lender not in instruments:
            message = f'uses names "{lender}", which is no instrument here'
            findings.append(Finding("unknown-instrument", own.place, message, did_you_mean(lender, instruments)))
            continue
        lent = instruments[lender].exports
        findings += [
            Finding("unknown-term", own.place, f'{lender} lends no term "{name}"', did_you_mean(name, lent))
            for name in names
            if name not in lent
        ]
    return findings + _lent_twice(own)


def _lent_twice(instrument: Instrument) -> list[Finding]:
    """A finding for each lent term whose meaning needs a term that its own instrument borrows: it is not lent along."""
    borrowed = {name for names in instrument.uses.values() for name in names} - instrument.terms.keys()
    findings = []
    for name in [name for name in instrument.exports if name in instrument.terms and borrowed]:
        reached, waiting = set[str](), [name]
        while waiting:
            term = instrument.terms.get(waiting.pop())
            named = {node.name for node in nodes_in(term.body) if isinstance(node, syntax.Term)} if term else set()
            waiting += named - reached
            reached |= named
        for other in sorted(reached & borrowed):
            message = f'exports lends "{name}", whose meaning needs the borrowed term "{other}"'
            findings.append(Finding("unknown-term", instrument.place, message, "define it here without that term"))
    return findings


def _circles(instruments: Mapping[str, Instrument], relation: str) -> list[Finding]:
    """One finding for each circle of instruments, and one for a chain that is too long to follow."""
    graph = {id: _targets(instruments[id], relation) for id in sorted(instruments)}
    circles, order = find_circles(graph)
    findings = []
    for circle in circles:
        if len(circle) > 1:
            chain = " -> ".join([*circle, circle[0]])
            help = "take one of them away: each would undo the other"
            message = f"{relation} goes in a circle: {chain}"
            findings.append(Finding("circle", instruments[circle[0]].place, message, help))
    lengths = chain_lengths(graph, order)
    longest = max(lengths, key=lambda id: lengths[id], default="")
    if longest and lengths[longest] > CHAIN_MAX:
        message = f"{relation} goes on through {lengths[longest]} instruments from here"
        findings.append(Finding("chain", instruments[longest].place, message, f"at most {CHAIN_MAX} one after another"))
    return findings


def _facts(facts: Iterable[PlaceFact], vocabulary: Vocabulary) -> list[Finding]:
    """Facts of a place that cannot be read, or of which two overlap in time."""
    findings: list[Finding] = []
    seen: dict[tuple[str, str], list[PlaceFact]] = {}
    for fact in facts:
        findings += [
            Finding(fault.code, fact.place, fault.message, fault.help, fault.grave)
            for fault in typed_fact(fact, vocabulary)[1]
        ]
        others = seen.setdefault((fact.place_path, fact.fact), [])
        overlapping = next((other for other in others if _overlap(fact, other)), None)
        if overlapping:
            message = f"{fact.fact} of {fact.place_path} has two values from {max(fact.since, overlapping.since)}"
            findings.append(Finding("overlap", fact.place, message, "end one where the other begins"))
        others.append(fact)
    return findings


def typed_fact(own: PlaceFact, vocabulary: Vocabulary) -> tuple[object, list[Finding]]:
    """The value of a place's fact by its kind, and what is wrong with it; nothing of one that is not known."""
    if own.value is None:
        return None, []
    values, findings = read_values({own.fact: as_words(own.value)}, vocabulary, own.place.source)
    return values.get(own.fact), findings


def as_words(tree: object) -> object:
    """A stored tree of texts with each text marked as such, so that the vocabulary types it."""
    if isinstance(tree, dict):
        return {key: as_words(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_words(value) for value in tree]
    return Words(tree) if isinstance(tree, str) else tree


def _overlap(one: PlaceFact, other: PlaceFact) -> bool:
    """Whether two values of one fact of a place share a day and an agency."""
    apart = one.until <= other.since or other.until <= one.since
    return not apart and (not one.binds or not other.binds or bool(set(one.binds) & set(other.binds)))
