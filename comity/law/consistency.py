"""Checks what the instruments of a library say about each other: names, circles and contradictions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from comity.facts import kinds
from comity.facts.request import read_values
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, did_you_mean
from comity.language import syntax
from comity.language.circles import chain_lengths, find_circles
from comity.language.nodes import nodes_in
from comity.law.instrument import ACTIONS, DUTIES, Instrument, InstrumentKind, PlaceFact
from comity.law.places import Gazetteer
from comity.law.rank import ADVISORY, level_of
from comity.yamltext import Words

# Kinds that tell what is done or asked, with what to write instead of a duty.
COMMANDS_NOTHING: Mapping[InstrumentKind, str] = {
    "practice": "say what the agency does with permits, or with advises",
    "form": "a form asks: write asks instead of obliges",
}
CHAIN_MAX = 100  # instruments in a row, each of which overrides or ends the next


def check_relations(
    instruments: Mapping[str, Instrument],
    facts: Iterable[PlaceFact],
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    courts: Collection[str],
) -> list[Finding]:
    """Finds unknown instruments, places, courts and actions, circles, and effects that a kind of instrument cannot have."""
    findings: list[Finding] = []
    for instrument in instruments.values():
        findings += _named_instruments(instrument, instruments)
        findings += _effects(instrument, _known_actions(vocabulary))
        findings += _deeds(instrument, _known_actions(vocabulary), instruments)
        findings += _suspended(instrument)
        findings += _loans(instrument, instruments)
        if instrument.jurisdiction not in gazetteer.places:
            message = f'the folder "{instrument.jurisdiction}" is no place'
            findings.append(
                Finding("unknown-place", instrument.place, message, gazetteer.suggestion(instrument.jurisdiction))
            )
        if instrument.court and instrument.court not in courts:
            findings.append(
                Finding(
                    "unknown-court",
                    instrument.place,
                    f'there is no court "{instrument.court}"',
                    _help_for_court(instrument, courts),
                )
            )
    for relation in ("overrides", "subject_to", "ended_by"):
        findings += _circles(instruments, relation)
    findings += _idle(instruments)
    return findings + _facts(facts, vocabulary)


def _help_for_court(instrument: Instrument, courts: Iterable[str]) -> str:
    """The court that was probably meant, and how a court that is not in the table is entered."""
    state = "/".join(instrument.jurisdiction.split("/")[:2])
    near = did_you_mean(instrument.court, courts)
    row = f"add its row to courts.csv of your own folder, such as: {instrument.court},federal,no,{state}"
    return f"{near} If not, {row}" if near else row


def _known_actions(vocabulary: Vocabulary) -> tuple[str, ...]:
    asks = vocabulary.kind("request.asks")
    return asks.members if isinstance(asks, kinds.Set) else ACTIONS


def _targets(instrument: Instrument, relation: str) -> tuple[str, ...]:
    value = getattr(instrument, relation)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _named_instruments(instrument: Instrument, instruments: Mapping[str, Instrument]) -> list[Finding]:
    findings = []
    for relation in ("overrides", "subject_to", "ended_by", "construes", "reviews"):
        for target in _targets(instrument, relation):
            if target == instrument.id:
                findings.append(Finding("itself", instrument.place, f"{relation} names the instrument itself"))
            elif target not in instruments:
                message = f'{relation} names "{target}", which is no instrument here'
                findings.append(
                    Finding("unknown-instrument", instrument.place, message, did_you_mean(target, instruments))
                )
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


def _effects(instrument: Instrument, actions: tuple[str, ...]) -> list[Finding]:
    findings = []
    advisory = instrument.kind in ADVISORY and (
        instrument.kind in ("ruling", "form", "programme") or level_of(instrument) == 0
    )
    for provision in instrument.provisions:
        for effect in provision.effects:
            if effect.action and effect.action not in actions:
                message = f'there is no action "{effect.action}"'
                findings.append(
                    Finding("unknown-action", provision.place, message, did_you_mean(effect.action, actions))
                )
            if advisory and effect.kind in (*DUTIES, "permits", "protects"):
                message = f"a {instrument.kind.replace('_', ' ')} of this place cannot have the effect {effect.kind}"
                findings.append(Finding("advisory", provision.place, message, "it may limit, oblige and advise"))
            elif instrument.kind in COMMANDS_NOTHING and effect.kind in (*DUTIES, "obliges"):
                message = f"a {instrument.kind} commands nobody, and this has the effect {effect.kind}"
                findings.append(Finding("advisory", provision.place, message, COMMANDS_NOTHING[instrument.kind]))
    return findings


def _deeds(
    instrument: Instrument, actions: tuple[str, ...], instruments: Mapping[str, Instrument]
) -> Iterable[Finding]:
    """Actions that an obligation names and there are not, and advice that says the same as no provision."""
    for provision in instrument.provisions:
        for action, _ in provision.obligation.demands if provision.obligation else ():
            if action not in actions:
                help = did_you_mean(action, actions)
                yield Finding("unknown-action", provision.place, f'there is no action "{action}"', help)
        if provision.same_as:
            others = instruments.get(provision.same_as.partition("#")[0])
            names = [other.id for other in others.provisions] if others else list(instruments)
            if not others or provision.same_as not in names:
                message = f'same_as names "{provision.same_as}", which is no provision here'
                yield Finding("unknown-provision", provision.place, message, did_you_mean(provision.same_as, names))


def _suspended(instrument: Instrument) -> Iterable[Finding]:
    """Suspended provisions that the instrument does not have, and whose suspension would have no effect."""
    names = [provision.id.removeprefix(instrument.id) for provision in instrument.provisions]
    for stay in instrument.suspended:
        for name in stay.provisions:
            if name not in names:
                message = f'suspended names "{name}", which is no provision of this file'
                help = f"one of {', '.join(names)}" if names else "leave out provisions"
                yield Finding("unknown-provision", instrument.place, message, help)


def _loans(instrument: Instrument, instruments: Mapping[str, Instrument]) -> list[Finding]:
    findings = [
        Finding(
            "unknown-term",
            instrument.place,
            f'exports names "{name}", which is no term here',
            did_you_mean(name, instrument.terms),
        )
        for name in instrument.exports
        if name not in instrument.terms
    ]
    for lender, names in instrument.uses.items():
        if lender not in instruments:
            message = f'uses names "{lender}", which is no instrument here'
            findings.append(Finding("unknown-instrument", instrument.place, message, did_you_mean(lender, instruments)))
            continue
        lent = instruments[lender].exports
        findings += [
            Finding("unknown-term", instrument.place, f'{lender} lends no term "{name}"', did_you_mean(name, lent))
            for name in names
            if name not in lent
        ]
    return findings + _lent_twice(instrument)


def _lent_twice(instrument: Instrument) -> list[Finding]:
    """A finding for each lent term that uses a term borrowed by its instrument: a borrowed term is not lent on."""
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
    """Finds facts of a place that cannot be read, and facts that overlap in time."""
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


def typed_fact(fact: PlaceFact, vocabulary: Vocabulary) -> tuple[object, list[Finding]]:
    """The typed value of a place's fact and its faults; None where the fact is recorded as not known."""
    if fact.value is None:
        return None, []
    values, findings = read_values({fact.fact: as_words(fact.value)}, vocabulary, fact.place.source)
    return values.get(fact.fact), findings


def as_words(tree: object) -> object:
    """A tree of plain texts with each text as `Words`, so that it is typed by the vocabulary."""
    if isinstance(tree, dict):
        return {key: as_words(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_words(value) for value in tree]
    return Words(tree) if isinstance(tree, str) else tree


def _overlap(one: PlaceFact, other: PlaceFact) -> bool:
    """Whether two values of one fact of a place share a day and an agency."""
    apart = one.until <= other.since or other.until <= one.since
    return not apart and (not one.binds or not other.binds or bool(set(one.binds) & set(other.binds)))
