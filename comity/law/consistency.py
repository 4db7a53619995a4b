"""What the instruments of a library say of each other, and whether it can all be so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from comity.facts import kinds
from comity.facts.request import read_values
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, did_you_mean
from comity.law.instrument import ACTIONS, DUTIES, Instrument, PlaceFact
from comity.law.places import Gazetteer
from comity.law.rank import ADVISORY, level_of
from comity.yamltext import Words


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
    return findings


def _circles(instruments: Mapping[str, Instrument], relation: str) -> list[Finding]:
    """One finding for each circle: the instruments in it, from the first of them in order."""
    findings: list[Finding] = []
    done: set[str] = set()
    for start in sorted(instruments):
        trail: list[str] = []
        _follow(start, relation, instruments, trail, done, findings)
    return findings


def _follow(
    id: str,
    relation: str,
    instruments: Mapping[str, Instrument],
    trail: list[str],
    done: set[str],
    findings: list[Finding],
) -> None:
    if id in trail:
        circle = trail[trail.index(id) :]
        if len(circle) > 1:
            chain = " -> ".join([*circle, id])
            help = "take one of them away: each would undo the other"
            findings.append(Finding("circle", instruments[id].place, f"{relation} goes in a circle: {chain}", help))
        return
    if id in done or id not in instruments:
        return
    trail.append(id)
    for target in _targets(instruments[id], relation):
        _follow(target, relation, instruments, trail, done, findings)
    trail.pop()
    done.add(id)


def _facts(facts: Iterable[PlaceFact], vocabulary: Vocabulary) -> list[Finding]:
    """Facts of a place that cannot be read, or of which two overlap in time."""
    findings: list[Finding] = []
    seen: list[PlaceFact] = []
    for own in facts:
        findings += [
            Finding(fault.code, own.place, fault.message, fault.help, fault.grave)
            for fault in typed_fact(own, vocabulary)[1]
        ]
        for other in seen:
            if _overlap(own, other):
                message = f"{own.fact} of {own.place_path} has two values from {max(own.since, other.since)}"
                findings.append(Finding("overlap", own.place, message, "end one where the other begins"))
        seen.append(own)
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
    same = one.fact == other.fact and one.place_path == other.place_path
    apart = one.until <= other.since or other.until <= one.since
    return same and not apart and (not one.binds or not other.binds or bool(set(one.binds) & set(other.binds)))
