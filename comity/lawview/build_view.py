"""Builds the view of a stack: each effect in words, grouped by action, and what comes with the actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import structs

from comity.clock.durations import due, in_words
from comity.decision.duties import describe_duty
from comity.decision.explain import given
from comity.decision.facts_known import shown
from comity.decision.proof import ASKS
from comity.decision.risks import Risk, rank_risks
from comity.decision.warned import warnings_in
from comity.facts.kinds import Truth
from comity.facts.vocabulary import Entry as Fact
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, any_of
from comity.law.consistency import typed_fact
from comity.law.in_force import SetAside, Stack, concerns
from comity.law.instrument import ACTIONS, MONEY, RECEIVING, EffectKind, Instrument, PlaceFact, Provision
from comity.law.life import forces_of, titled_force
from comity.law.precedence import OrderedEffect
from comity.lawview.term_names import TermNames
from comity.lawview.view import Aside, Entry, LawView, TrueHere, TrueOfAgency
from comity.period import day_of

DECIDES: tuple[EffectKind, ...] = ("requires", "forbids", "permits", "protects")
ONLY: tuple[EffectKind, ...] = ("permits", "forbids")
MONEY_EFFECTS: tuple[EffectKind, ...] = ("costs", *MONEY)


def build_view(
    stack: Stack,
    *,
    name: str = "",
    known_on: date | None = None,
    facts: Iterable[PlaceFact] = (),
    instruments: Mapping[str, Instrument] = {},
) -> LawView:
    """The view of a stack. `name` is the place's name, `facts` are all the recorded facts of the place, and `instruments`
    those that instruments of the stack may borrow terms from."""
    stack = structs.replace(stack, vocabulary=with_force(stack))
    term_names = TermNames(
        stack.instruments.values(),
        all_instruments={**stack.instruments, **instruments},
        day=stack.day,
        vocabulary=stack.vocabulary,
    )
    actions = (
        *ACTIONS,
        *sorted({effect.action for effect in stack.standing if effect.kind in DECIDES} - {*ACTIONS, ""}),
    )
    warnings = [
        (action, given(warning, warning.condition == ALWAYS))
        for action in dict.fromkeys([*actions, *sorted({effect.action for effect in stack.standing} - {""})])
        for warning in warnings_in(stack, action, [effect.when for effect in stack.standing])
    ]
    risks = rank_risks(warnings)
    return LawView(
        place=stack.place,
        name=name,
        day=stack.day,
        known_on=known_on,
        law_version=stack.version,
        actions={action: _entries(stack, term_names, DECIDES, action) for action in actions},
        limits=_entries(stack, term_names, ("limits",)),
        obligations=_entries(stack, term_names, ("obliges",)),
        asks=_entries(stack, term_names, ("asks",)),
        advice=_ranked(_entries(stack, term_names, ("advises",)), risks),
        risks=tuple(risks),
        money=_entries(stack, term_names, MONEY_EFFECTS),
        set_aside=tuple(_aside(aside, stack) for aside in stack.set_aside),
        warnings=tuple((warning.provision, warning.text) for warning in stack.warnings),
        params={param: str(value) for param, value in sorted(stack.params.items())},
        facts=tuple(_true_here(stack)),
        agencies=tuple(_of_agencies(stack, facts)),
        terms=term_names.meanings(),
        titles={
            name: stack.instruments[name].title
            for name in sorted({*(risk.warned.provision for risk in risks), *(aside.to for aside in stack.set_aside)})
            if name in stack.instruments
        },
    )


def _entries(
    stack: Stack, term_names: TermNames, kinds: tuple[EffectKind, ...], action: str | None = None
) -> tuple[Entry, ...]:
    """The effects of some kinds, on one action or on any; the law of the place itself comes first."""
    found = [effect for effect in stack.standing if effect.kind in kinds and action in (None, effect.action)]
    found.sort(key=lambda effect: stack.nearness(effect.instrument))
    return tuple(_entry(effect, stack, term_names) for effect in found)


def _ranked(entries: Iterable[Entry], risks: Iterable[Risk]) -> tuple[Entry, ...]:
    """The advice with what makes each warning count, and its rank."""
    by_text = {(name, risk.warned.text): risk for risk in risks for name in risk.provisions}
    by_name = {name: risk for (name, _), risk in by_text.items()}
    ranked = []
    for entry in entries:
        risk = by_text.get((entry.provision, entry.words), by_name[entry.provision])
        warned = risk.warned
        ranked.append(
            structs.replace(
                entry, topic=warned.topic, about=warned.about, force=warned.force, courts=warned.courts, rank=risk.rank
            )
        )
    return tuple(ranked)


def _entry(effect: OrderedEffect, stack: Stack, term_names: TermNames) -> Entry:
    provision = stack.provisions[effect.provision]
    where, unless, on_request = _parts(effect, term_names)
    owed = provision.obligation
    return Entry(
        provision=effect.provision,
        instrument=effect.instrument,
        effect=effect.kind,
        action=effect.action,
        cite=cited(provision.id, stack),
        evidence=provision.evidence,
        plain=provision.plain,
        condition="" if effect.when == ALWAYS else term_names.words(effect.when),
        decider=provision.decider,
        only=effect.kind in ONLY and _kinds_of(provision, effect.action) == {*ONLY},
        words=_words(provision),
        where=where,
        unless=unless,
        on_request=on_request,
        ours=owed is not None and owed.bearer in RECEIVING,
        last_day=owed.by if owed and day_of(owed.by) else "",
        yields_to=tuple((stack.standing[yielding.to].provision, yielding.reason) for yielding in effect.yields_to),
    )


def _parts(effect: OrderedEffect, term_names: TermNames) -> tuple[str, str, bool]:
    """Where an effect applies and unless what, in words, and whether it needs a request that asks for the action."""
    when = effect.when
    parts = when.parts if isinstance(when, syntax.And) else () if when == ALWAYS else (when,)
    asking = syntax.Member(syntax.Text(effect.action), syntax.Fact(ASKS))
    rest = [part for part in parts if part != asking]
    where = all_of(part for part in rest if not isinstance(part, syntax.Not))
    unless = any_of(part.body for part in rest if isinstance(part, syntax.Not))
    return (
        "" if where == ALWAYS else term_names.spell_out(where),
        "" if unless == NEVER else term_names.spell_out(unless),
        asking in parts,
    )


def _kinds_of(provision: Provision, action: str) -> set[EffectKind]:
    return {effect.kind for effect in provision.effects if effect.action == action}


def with_force(stack: Stack) -> Vocabulary:
    """The vocabulary with a fact for each instrument that may or may not be in force.

    A condition may ask about these facts.
    """
    paths = [path for instrument in stack.instruments.values() for path in forces_of(instrument)]
    return Vocabulary({**stack.vocabulary.entries, **{path: _force(path, stack.instruments) for path in paths}})


def _force(path: str, instruments: Mapping[str, Instrument]) -> Fact:
    title = titled_force(path, instruments)
    says, denies = f"{title} was in force by then", f"{title} was not in force by then"
    return Fact(path, Truth(), f"Was {title} in force by then?", says=says, denies=denies)


def _words(provision: Provision) -> str:
    """A limit, an obligation, a cost or a warning in words; empty for other provisions."""
    if provision.limit:
        return in_words(provision.limit)
    if provision.obligation:
        owed = provision.obligation
        if owed.sentence and owed.bearer in RECEIVING:
            return owed.sentence.rstrip(".")
        return describe_duty(owed.bearer, owed.deed, owed.to, due(owed))
    if provision.cost:
        unit = f" {provision.cost.unit.replace('_', ' ')}" if provision.cost.unit else ""
        return f"${provision.cost.amount_cents // 100:,}.{provision.cost.amount_cents % 100:02}{unit}"
    return provision.text


def cited(name: str, stack: Stack) -> str:
    """A provision's citation, else the title of its instrument, else its id."""
    provision = stack.provisions.get(name)
    if provision and provision.cite:
        return provision.cite
    instrument = stack.instruments.get(name.partition("#")[0])
    return instrument.title if instrument else name


def _aside(aside: SetAside, stack: Stack) -> Aside:
    return Aside(provision=aside.provision, cite=cited(aside.provision, stack), to=aside.to, reason=aside.reason)


def _of_agencies(stack: Stack, facts: Iterable[PlaceFact]) -> Iterable[TrueOfAgency]:
    """The facts on the day of single agencies, other than the agency of the stack."""
    for fact in facts:
        if fact.binds and fact.since <= stack.day < fact.until and not concerns(fact, stack.agency):
            value, findings = typed_fact(fact, stack.vocabulary)
            if not findings:
                words = shown(value)  # type: ignore[arg-type]
                yield TrueOfAgency(
                    agency=fact.binds[0], fact=fact.fact, value=words, source=fact.source, evidence=fact.evidence
                )


def _true_here(stack: Stack) -> Iterable[TrueHere]:
    for fact, value in stack.facts.items():
        known = stack.fact_sources[fact]
        yield TrueHere(fact=fact, value=shown(value), source=known.source, evidence=known.evidence)
