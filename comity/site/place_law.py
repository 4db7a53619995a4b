"""The law of a place on the day of the site, as the page of the place shows it: each action with its default and exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from comity.decision.duties import is_past
from comity.decision.research import is_researched
from comity.decision.risks import SHOWN_APART, Risk
from comity.decision.words import EVIDENCE_WORDS, describe_action
from comity.law.instrument import BEYOND_ACTIONS
from comity.lawview.page import cites_of
from comity.lawview.sentences import EFFECT_WORDS, ON_REQUEST, describe_condition, describe_effect, name_agencies
from comity.lawview.view import Entry, LawView
from comity.site.outline import Outline, outline_of

SENTENCE_MAX = 220  # characters: a longer effect is set out as a list
NONE, NOT_RESEARCHED = "No rule applies", "Not researched"


class Source(Struct, frozen=True):
    """A provision as a page names it: its citation and the id of its instrument, whose page it links to."""

    cite: str
    instrument: str


class Clause(Struct, frozen=True):
    """A part of an effect that is set out: the word that leads to it (`where`, `unless`), and the condition."""

    lead: str
    outline: Outline


class ShownEffect(Struct, frozen=True, kw_only=True):
    """One effect of the law with what it rests on.

    A short one is a `sentence`; a long one begins with `lead`, has its condition in `clauses`, and ends with `tail`. `like` is
    the action under which the page says the same before; `yields_to` has what it gives way to with the reason.
    """

    effect: str
    sentence: str
    source: Source
    evidence: str
    lead: str = ""
    clauses: tuple[Clause, ...] = ()
    tail: str = ""
    plain: str = ""
    agencies: str = ""
    is_default: bool = False
    like: str = ""
    yields_to: tuple[tuple[Source, str], ...] = ()


class ShownAction(Struct, frozen=True, kw_only=True):
    """Actions with the same effects, the effects, and what applies where none of them does: empty where one is a default."""

    actions: tuple[str, ...]
    words: tuple[str, ...]
    effects: tuple[ShownEffect, ...]
    otherwise: str
    is_of_detainers: bool


class ShownEntry(Struct, frozen=True, kw_only=True):
    """A limit, a duty or a wish: its words, when it applies, and its source."""

    words: str
    condition: Outline | None
    source: Source
    evidence: str
    agencies: str = ""


class ShownRisk(Struct, frozen=True, kw_only=True):
    """A risk: its text, its sources, and the court that said it where that binds here or persuades."""

    rank: int
    text: str
    sources: tuple[Source, ...]
    force: str
    courts: str
    why_not: str


class ShownLaw(Struct, frozen=True, kw_only=True):
    """Everything that the page of a place says of the law of the day, in the order of the page."""

    actions: tuple[ShownAction, ...]
    beyond: tuple[ShownAction, ...]
    limits: tuple[ShownEntry, ...]
    owed: tuple[ShownEntry, ...]
    owed_by_others: tuple[ShownEntry, ...]
    asked: tuple[ShownEntry, ...]
    past: tuple[ShownEntry, ...]
    risks: tuple[ShownRisk, ...]
    other_risks: tuple[ShownRisk, ...]
    set_aside: tuple[tuple[Source, str, Source], ...]
    terms: tuple[tuple[str, str, Outline], ...]


def law_of(view: LawView) -> ShownLaw:
    """The law of a view as the page of its place shows it."""
    actions = tuple(actions_of(view))
    past = [entry for entry in view.obligations if is_past(entry.last_day, view.day)]
    owed = sorted((entry for entry in view.obligations if entry not in past), key=lambda entry: bool(entry.condition))
    return ShownLaw(
        actions=tuple(action for action in actions if action.is_of_detainers),
        beyond=tuple(action for action in actions if not action.is_of_detainers),
        limits=tuple(_entries(view.limits)),
        owed=tuple(_entries(entry for entry in owed if entry.ours)),
        owed_by_others=tuple(_entries(entry for entry in owed if not entry.ours)),
        asked=tuple(_entries(view.asks)),
        past=tuple(_entries(past)),
        risks=tuple(_risk(risk, view) for risk in view.risks if risk.counts),
        other_risks=tuple(_risk(risk, view) for risk in view.risks if _is_other(risk)),
        set_aside=tuple(_set_aside(view)),
        terms=tuple((term.name, term.instrument, outline_of(term.words)) for term in view.terms),
    )


def actions_of(view: LawView) -> Iterator[ShownAction]:
    """The actions of a detainer and the others of which law here speaks; those with the same effects are shown as one."""
    alike: dict[tuple[bool, tuple[Entry, ...]], list[str]] = {}
    for action, entries in view.actions.items():
        if entries or action not in BEYOND_ACTIONS:
            key = action in BEYOND_ACTIONS, tuple(structs.replace(entry, action="") for entry in entries)
            alike.setdefault(key, []).append(action)
    none = NONE if is_researched(view.researched_to) else NOT_RESEARCHED
    said: dict[tuple[str, str], str] = {}
    for (is_beyond, entries), actions in alike.items():
        shown = [entry for entry in entries if not (entry.only and entry.effect == "forbids")]
        shown.sort(key=_order)
        deciding = [entry for entry in shown if entry.effect != "protects"]
        yield ShownAction(
            actions=tuple(actions),
            words=tuple(describe_action(action) for action in actions),
            effects=tuple(_shown(entry, view, said.get(_saying(entry), "")) for entry in shown),
            otherwise="" if any(entry.is_default for entry in deciding) else none,
            is_of_detainers=not is_beyond,
        )
        for entry in shown:
            said.setdefault(_saying(entry), actions[0])


def _saying(entry: Entry) -> tuple[str, str]:
    return entry.provision, describe_effect(entry)


def _order(entry: Entry) -> int:
    """Duties by default first, then permissions by default, then what applies in some cases, and last what is protected."""
    if entry.effect == "protects":
        return 4
    if not entry.is_default:
        return 3
    if entry.effect == "permits" and not entry.only:
        return 2
    return 1 if entry.where or entry.unless or entry.on_request else 0


def _shown(entry: Entry, view: LawView, like: str = "") -> ShownEffect:
    """An effect as a sentence, or set out where that would be long."""
    sentence = describe_effect(entry)
    is_short = len(sentence) <= SENTENCE_MAX and not _is_listed(entry)
    cites = cites_of(view)
    return ShownEffect(
        effect=entry.effect,
        sentence=f"{sentence}." if is_short else "",
        source=Source(entry.cite, entry.instrument),
        evidence=EVIDENCE_WORDS.get(entry.evidence, entry.evidence),
        lead=_lead(entry),
        clauses=() if is_short else tuple(_clauses(entry)),
        tail=_tail(entry),
        plain=entry.plain,
        agencies=_agencies(entry),
        is_default=entry.is_default,
        like="" if is_short else like,
        yields_to=tuple(dict.fromkeys((_source(to, cites), reason) for to, reason in entry.yields_to)),
    )


def _is_listed(entry: Entry) -> bool:
    return any(outline_of(text).parts for text in (entry.where, entry.unless))


def _lead(entry: Entry) -> str:
    return "Forbidden" if entry.only and (entry.where or entry.on_request) else EFFECT_WORDS[entry.effect]


def _clauses(entry: Entry) -> Iterator[Clause]:
    """The condition in its parts, as `describe_condition` joins them in one sentence."""
    if entry.on_request:
        yield Clause("unless" if entry.only else "where", Outline(ON_REQUEST))
    if entry.where:
        yield Clause("and" if entry.on_request else "unless" if entry.only else "where", outline_of(entry.where))
    if entry.unless:
        has_where = entry.where or entry.on_request
        yield Clause("except where" if entry.only and has_where else "unless", outline_of(entry.unless))


def _tail(entry: Entry) -> str:
    """What follows the condition: who decides, or what applies then."""
    decides = f"{entry.decider} decides" if entry.decider and entry.effect == "permits" else ""
    if entry.decider and entry.effect == "requires":
        decides = f"once {entry.decider} has ordered it"
    if not entry.only:
        return decides
    if not (entry.where or entry.on_request):
        return "; ".join(filter(None, (decides, "then forbidden" if entry.unless else "")))
    return f"then {decides}" if decides else "then permitted"


def _agencies(entry: Entry) -> str:
    names = name_agencies(entry.binds)
    return f"{names[:1].upper()}{names[1:]}"


def _source(name: str, cites: dict[str, str]) -> Source:
    return Source(cites.get(name, name), name.partition("#")[0])


def _entries(entries: Iterable[Entry]) -> Iterator[ShownEntry]:
    """Entries in words; those that differ only in their action are shown once."""
    for entry in dict.fromkeys(structs.replace(entry, action="") for entry in entries):
        condition = describe_condition(entry).strip(", ")
        words = entry.words or entry.plain or entry.effect.replace("_", " ")
        yield ShownEntry(
            words=words,
            condition=outline_of(condition) if condition else None,
            source=Source(entry.cite, entry.instrument),
            evidence=EVIDENCE_WORDS.get(entry.evidence, entry.evidence),
            agencies=_agencies(entry),
        )


def _is_other(risk: Risk) -> bool:
    return not risk.counts and risk.why_not != SHOWN_APART["money"]  # which the page shows with its conditions


def _risk(risk: Risk, view: LawView) -> ShownRisk:
    cites = cites_of(view)
    sources = dict.fromkeys(_source(name, cites) for name in risk.provisions)
    force = risk.warned.force
    return ShownRisk(
        rank=risk.rank, text=risk.warned.text, sources=tuple(sources), force=force,
        courts=risk.warned.courts if force else "", why_not=risk.why_not,
    )  # fmt: skip


def _set_aside(view: LawView) -> Iterator[tuple[Source, str, Source]]:
    """What is not in force here, the reason, and what it is set aside by: a day, or an instrument."""
    cites = cites_of(view)
    found = ((Source(aside.cite, aside.provision.partition("#")[0]), aside) for aside in view.set_aside)
    yield from dict.fromkeys((source, aside.reason, _source(aside.to, cites)) for source, aside in found)
