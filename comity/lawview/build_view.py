"""Makes the view of a stack: each effect with its words, under its action or beside the actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import structs

from comity.decision.durations import due, in_words
from comity.decision.facts_known import shown
from comity.decision.page import duty_in_words
from comity.facts.kinds import Truth
from comity.facts.vocabulary import Entry as Fact
from comity.facts.vocabulary import Vocabulary
from comity.language.connect import ALWAYS
from comity.law.consistency import typed_fact
from comity.law.in_force import SetAside, Stack, concerns
from comity.law.instrument import ACTIONS, MONEY, EffectKind, Instrument, PlaceFact, Provision
from comity.law.life import forces_of, titled_force
from comity.law.precedence import Standing
from comity.lawview.term_names import Naming
from comity.lawview.view import Aside, Entry, LawView, TrueHere, TrueOfAgency

DECIDES: tuple[EffectKind, ...] = ("requires", "forbids", "permits", "protects")
ONLY: tuple[EffectKind, ...] = ("permits", "forbids")
BEARING: tuple[EffectKind, ...] = ("costs", *MONEY)


def view_of(
    stack: Stack,
    name: str = "",
    known_on: date | None = None,
    facts: Iterable[PlaceFact] = (),
    instruments: Mapping[str, Instrument] = {},
) -> LawView:
    """A stack as people look at it; `name` is the place's name in words, `facts` all that is known of the place itself, and
    `instruments` those from which its own may borrow terms."""
    stack = structs.replace(stack, vocabulary=with_force(stack))
    naming = Naming(stack.instruments.values(), {**stack.instruments, **instruments}, stack.day, stack.vocabulary)
    actions = (*ACTIONS, *sorted({own.action for own in stack.standing if own.kind in DECIDES} - {*ACTIONS, ""}))
    return LawView(
        stack.place,
        name,
        stack.day,
        known_on,
        stack.version,
        {action: _entries(stack, naming, DECIDES, action) for action in actions},
        _entries(stack, naming, ("limits",)),
        _entries(stack, naming, ("obliges",)),
        _entries(stack, naming, ("advises",)),
        _entries(stack, naming, BEARING),
        tuple(_aside(own, stack) for own in stack.set_aside),
        tuple((own.provision, own.text) for own in stack.warnings),
        {param: str(value) for param, value in sorted(stack.params.items())},
        tuple(_true_here(stack)),
        tuple(_of_agencies(stack, facts)),
        naming.meanings(),
    )


def _entries(
    stack: Stack, naming: Naming, kinds: tuple[EffectKind, ...], action: str | None = None
) -> tuple[Entry, ...]:
    found = [own for own in stack.standing if own.kind in kinds and action in (None, own.action)]
    return tuple(_entry(own, stack, naming) for own in found)


def _entry(own: Standing, stack: Stack, naming: Naming) -> Entry:
    provision = stack.provisions[own.provision]
    return Entry(
        own.provision,
        own.instrument,
        own.kind,
        own.action,
        cited(provision.id, stack),
        provision.evidence,
        provision.plain,
        "" if own.when == ALWAYS else naming.words(own.when),
        provision.decider,
        own.kind in ONLY and {effect.kind for effect in provision.effects if effect.action == own.action} == {*ONLY},
        _words(provision),
        tuple((stack.standing[to.to].provision, to.reason) for to in own.yields_to),
    )


def with_force(stack: Stack) -> Vocabulary:
    """The vocabulary, and words for an instrument's uncertain force, which a condition may turn on."""
    paths = [path for own in stack.instruments.values() for path in forces_of(own)]
    return Vocabulary({**stack.vocabulary.entries, **{path: _force(path, stack.instruments) for path in paths}})


def _force(path: str, instruments: Mapping[str, Instrument]) -> Fact:
    title = titled_force(path, instruments)
    says, denies = f"{title} was in force by then", f"{title} was not in force by then"
    return Fact(path, Truth(), f"Was {title} in force by then?", says=says, denies=denies)


def _words(provision: Provision) -> str:
    """What a limit, a duty, a cost or a warning says."""
    if provision.limit:
        return in_words(provision.limit)
    if provision.obligation:
        owed = provision.obligation
        return duty_in_words(owed.bearer, owed.deed, owed.to, due(owed))
    if provision.cost:
        unit = f" {provision.cost.unit.replace('_', ' ')}" if provision.cost.unit else ""
        return f"${provision.cost.amount_cents // 100:,}.{provision.cost.amount_cents % 100:02}{unit}"
    return provision.text


def cited(name: str, stack: Stack) -> str:
    """A provision's citation, else the title of its instrument."""
    provision = stack.provisions.get(name)
    if provision and provision.cite:
        return provision.cite
    instrument = stack.instruments.get(name.partition("#")[0])
    return instrument.title if instrument else name


def _aside(own: SetAside, stack: Stack) -> Aside:
    return Aside(own.provision, cited(own.provision, stack), own.to, own.reason)


def _of_agencies(stack: Stack, facts: Iterable[PlaceFact]) -> Iterable[TrueOfAgency]:
    """What is known on the day of agencies other than the one that the stack is for."""
    for own in facts:
        if own.binds and own.since <= stack.day < own.until and not concerns(own, stack.agency):
            value, findings = typed_fact(own, stack.vocabulary)
            if not findings:
                yield TrueOfAgency(own.binds[0], own.fact, shown(value), own.source, own.evidence)  # type: ignore[arg-type]


def _true_here(stack: Stack) -> Iterable[TrueHere]:
    for fact, value in stack.facts.items():
        known = stack.fact_sources[fact]
        yield TrueHere(fact, shown(value), known.source, known.evidence)
