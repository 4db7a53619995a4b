"""What each provision of an instrument does, as its page shows it: effects in words, with their conditions as lists.

Conditions keep the names of the instrument's terms, which the page explains below; `asked` and dated values are written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct, structs

from comity.decision.words import EVIDENCE_WORDS, describe_action
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.nodes import replaced
from comity.language.sentence import clause
from comity.law.closing import ASKED, ASKS
from comity.law.in_force import Stack, of_instrument
from comity.law.instrument import Definition, Effect, Instrument, Param, Provision
from comity.law.library import Library
from comity.law.precedence import OrderedEffect
from comity.law.terms import NamedTerm
from comity.law.terms import terms_of as named_terms
from comity.lawview.build_view import build_view
from comity.lawview.citation_links import Piece, pieces_in
from comity.lawview.sentences import ON_REQUEST
from comity.lawview.term_names import list_of
from comity.lawview.view import Entry
from comity.site.outline import Outline, outline_in_full

# The class of an effect that decides, which gives it its colour, and the word on it.
DECIDING = {
    "requires": ("required", "Required"),
    "forbids": ("forbidden", "Forbidden"),
    "permits": ("permitted", "Permitted"),
    "protects": ("unaddressed", "Protected"),
}
OTHER_WORDS = {
    "limits": "Time limit of a hold",
    "obliges": "Duty of others",
    "asks": "The form asks",
    "costs": "Cost",
    "advises": "Warning",
    "conditions": "Condition of federal money",
    "lost_when": "Money is lost",
    "penalty": "Penalty",
}
DUTY_OF_AGENCY = "Duty of the agency"
PROTECTION = "no lower law may forbid it"


class ShownEffect(Struct, frozen=True, kw_only=True):
    """One effect: a word with its class, the actions or the words that it is about, and its conditions.

    `where` and `unless` are its conditions, each None where it has none; `then` follows them.
    """

    label: str
    answer: str
    about: str
    where_lead: str = "where"
    where: Outline | None = None
    unless_lead: str = "unless"
    unless: Outline | None = None
    then: str = ""


class ShownProvision(Struct, frozen=True, kw_only=True):
    """The provisions under one heading: the number of the first, the same in plain words, their effects and what they rest on."""

    number: str
    heading: str
    plain: str
    cite: tuple[Piece, ...]
    evidence: str
    effects: tuple[ShownEffect, ...]


class ShownTerm(Struct, frozen=True):
    """A term that conditions name, with its meaning; one that another instrument lends has the id of that instead."""

    name: str
    meaning: Outline | None
    lender: str = ""


def provisions_of(instrument: Instrument, library: Library, day: date) -> list[ShownProvision]:
    """Every provision of an instrument as on a day, also those that are suspended then."""
    stack = _whole(instrument, library, day)
    view = build_view(stack, instruments=library.instruments)
    entries: dict[str, list[Entry]] = {}
    groups = (*view.actions.values(), view.limits, view.obligations, view.asks, view.advice, view.money)
    for entry in (entry for group in groups for entry in group):
        entries.setdefault(entry.provision, []).append(entry)
    sections = groupby(instrument.provisions, key=lambda provision: (provision.heading, provision.plain))
    return [
        ShownProvision(
            number=members[0].id.partition("#")[2],
            heading=heading,
            plain=plain,
            cite=pieces_in(_each_once(provision.cite for provision in members), instrument),
            evidence=_each_once(EVIDENCE_WORDS[provision.evidence] for provision in members),
            effects=tuple(effect for provision in members for effect in _effects(entries.get(provision.id, []))),
        )
        for (heading, plain), group in sections
        for members in [list(group)]
    ]


def _each_once(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, words)))


def _whole(instrument: Instrument, library: Library, day: date) -> Stack:
    """The stack of an instrument alone, without its suspensions, whose conditions keep the names of terms."""
    alone = structs.replace(instrument, suspended=(), ended=None)
    stack = of_instrument(library, alone, max(day, instrument.first_sure_day))
    standing = tuple(
        OrderedEffect(provision.id, effect.kind, effect.action, named_condition(effect, instrument.params, day))
        for provision in instrument.provisions
        for effect in provision.effects
    )
    provisions: dict[str, Provision] = {provision.id: provision for provision in instrument.provisions}
    return structs.replace(
        stack, standing=standing, provisions=provisions, instruments={instrument.id: alone}, set_aside=(), warnings=()
    )


def named_condition(effect: Effect, params: Mapping[str, Param], day: date) -> syntax.Condition:
    """The condition of an effect as its file writes it, but for `asked` and the dated values, which are written out."""
    asked = syntax.Member(syntax.Text(effect.action), syntax.Fact(ASKS))

    def change(node: Any) -> Any:
        if isinstance(node, syntax.Term) and node.name == ASKED and effect.action:
            return asked
        return _value_of(node, params, day)

    condition: syntax.Condition = replaced(effect.when, change)
    return condition


def _value_of(node: Any, params: Mapping[str, Param], day: date) -> Any:
    if not isinstance(node, syntax.Param) or node.name not in params:
        return None
    value = params[node.name].on(day)
    return syntax.Day(value) if isinstance(value, date) else syntax.Integer(value)


def _effects(entries: Iterable[Entry]) -> Iterator[ShownEffect]:
    """The effects of a provision; actions that are treated alike are named together."""
    alike: dict[Entry, list[str]] = {}
    for entry in entries:
        if entry.only and entry.effect == "forbids" and _has_condition(entry):
            continue  # said by the permission that it surrounds
        alike.setdefault(structs.replace(entry, action="", condition=""), []).append(entry.action)
    for entry, actions in alike.items():
        yield _effect(entry, list(dict.fromkeys(actions)))


def _has_condition(entry: Entry) -> bool:
    return bool(entry.where or entry.on_request or entry.unless)


def _effect(entry: Entry, actions: list[str]) -> ShownEffect:
    names = _joined([describe_action(action) for action in actions if action])
    if entry.effect not in DECIDING:
        label = DUTY_OF_AGENCY if entry.effect == "obliges" and entry.ours else OTHER_WORDS[entry.effect]
        words = entry.words or entry.plain or names
        return _shown(entry, label, "", words[:1].upper() + words[1:])
    answer, label = DECIDING[entry.effect]
    decides = f"{entry.decider} decides" if entry.decider else ""
    if entry.only and (entry.where or entry.on_request):
        shown = _shown(entry, "Forbidden", "forbidden", names, "unless", "except where")
        return structs.replace(shown, then=f"Then {decides or 'it is permitted'}.")
    if entry.only:
        return structs.replace(
            _shown(entry, label, answer, names), then="Then it is forbidden." if entry.unless else ""
        )
    then = {"permits": decides, "requires": f"once {entry.decider} has ordered it" if entry.decider else ""}
    words = PROTECTION if entry.effect == "protects" else then.get(entry.effect, "")
    return structs.replace(
        _shown(entry, label, answer, names), then=f"{words[:1].upper()}{words[1:]}." if words else ""
    )


def _joined(names: list[str]) -> str:
    """Actions in one line: `Keep in custody past release, and hand the person over`."""
    rest = [f"{name[:1].lower()}{name[1:]}" for name in names[1:]]
    return ", ".join([*names[:1], *rest[:-1], *(f"and {name}" for name in rest[-1:])])


def _shown(
    entry: Entry, label: str, answer: str, about: str, where_lead: str = "where", unless_lead: str = "unless"
) -> ShownEffect:
    parts = [part for part in (ON_REQUEST if entry.on_request else "", entry.where) if part]
    return ShownEffect(
        label=label,
        answer=answer,
        about=about,
        where_lead=where_lead,
        where=_where(parts),
        unless_lead=unless_lead if parts or where_lead == "where" else "unless",
        unless=outline_in_full(entry.unless) if entry.unless else None,
    )


def _where(parts: list[str]) -> Outline | None:
    """Conditions that all have to be met; each is a line where one of them is a list."""
    outlines = [outline_in_full(part) for part in parts]
    if len(outlines) > 1 and any(outline.parts for outline in outlines):
        return Outline("both of these are so:", tuple(outlines))
    return outline_in_full(", and ".join(parts)) if parts else None


def terms_of(instrument: Instrument, library: Library) -> list[ShownTerm]:
    """The terms that an instrument defines, in the order of its file, and those that it borrows, which have no meaning here."""
    closed = {term.name: term for term in named_terms([instrument], library.instruments, instrument.first_sure_day)}
    found = [
        ShownTerm(_spaced(name), _meaning(term, instrument, closed[name], library.vocabulary))
        for name, term in instrument.terms.items()
    ]
    for id, names in instrument.uses.items():
        if id in library.instruments:
            found += [ShownTerm(_spaced(name), None, id) for name in names]
    return found


def _meaning(term: Definition, instrument: Instrument, closed: NamedTerm, vocabulary: Vocabulary) -> Outline:
    """What a term means, with the names of other terms; its parameter is said as a record of the list that it is about."""
    day = instrument.first_sure_day
    condition = replaced(term.body, lambda node: _value_of(node, instrument.params, day))
    over = list_of(closed, vocabulary) if term.parameter else ""
    return outline_in_full(clause(condition, vocabulary, {term.parameter: over} if over else {}))


def _spaced(name: str) -> str:
    return name.replace("_", " ")
