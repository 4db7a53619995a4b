"""The page of the law of a place on a day: for each action the default first, then duties, risks and what is past.

The short page has at most LINES_MAX lines, and says where it leaves something out; the full page leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, structs

from comity.decision.duties import is_past
from comity.decision.research import describe_research, is_beyond, is_researched
from comity.decision.risks import FOR_OTHERS, SHOWN_APART, Risk
from comity.decision.words import EVIDENCE_WORDS, describe_action
from comity.law.instrument import BEYOND_ACTIONS
from comity.lawview.sentences import EFFECT_WORDS, describe_condition, describe_effect, name_agencies
from comity.lawview.view import Entry, LawView
from comity.present.page import Block, Heading, Style, Table, Text, as_text
from comity.present.shorten import clip, fit

LINES_MAX = 60
MORE = "--full"
AGENCIES_LEAST = 2  # with law of their own, so that a list of them says something
LINE, TWO_LINES, CITES = 92, 184, 46
MONEY, HISTORY = SHOWN_APART["money"], SHOWN_APART["history"]
OURS, OTHERS = "What the receiving agency owes", "What others owe"
FORMS_ASK = "Asked, not owed"


class Space(Struct, frozen=True):
    """How much a page shows; 0 is everything.

    `effects` of an action, `duties` of the agency, duties and wishes of `others`, and `risks` are in number; `condition` and
    `letters` are the characters of an effect and of other texts. With `brief_beyond`, an action that no detainer asks for has
    one line.
    """

    effects: int = 0
    duties: int = 0
    others: int = 0
    risks: int = 0
    condition: int = 0
    letters: int = 0
    brief_beyond: bool = False


FULL, HIDDEN = Space(), -1
SPACES = (
    Space(6, 5, 5, 5, 3 * LINE, TWO_LINES), Space(5, 4, 3, 5, 3 * LINE, TWO_LINES), Space(5, 4, 2, 4, 3 * LINE, TWO_LINES),
    Space(5, 3, HIDDEN, 4, 3 * LINE, TWO_LINES), Space(5, 3, HIDDEN, 3, TWO_LINES, TWO_LINES),
    Space(5, 2, HIDDEN, 2, TWO_LINES, TWO_LINES), Space(4, 1, HIDDEN, 2, TWO_LINES, TWO_LINES),
    Space(4, 1, HIDDEN, 1, 3 * LINE // 2, LINE), Space(3, 1, HIDDEN, 1, 3 * LINE // 2, LINE),
    Space(3, 1, HIDDEN, 1, LINE, LINE), Space(2, 1, HIDDEN, 1, LINE, LINE), Space(1, 1, HIDDEN, 1, LINE, LINE),
    Space(4, 1, HIDDEN, 2, TWO_LINES, TWO_LINES, True), Space(3, 1, HIDDEN, 1, 3 * LINE // 2, LINE, True),
    Space(2, 1, HIDDEN, 1, LINE, LINE, True), Space(1, 1, HIDDEN, 1, LINE, LINE, True),
)  # fmt: skip


def page_of(view: LawView) -> list[Block]:
    """The short page; it is shortened until it has at most LINES_MAX lines."""
    for space in SPACES:
        page = _page(view, space)
        if as_text(page).count("\n") <= LINES_MAX:
            return page
    return page


def full_page_of(view: LawView) -> list[Block]:
    """Everything that the view holds, in groups."""
    return [*_page(view, FULL), *_further(view)]


def _page(view: LawView, space: Space) -> list[Block]:
    past = [entry for entry in view.obligations if is_past(entry.last_day, view.day)]
    rest = [entry for entry in view.obligations if entry not in past]
    others = _certain_first(entry for entry in rest if not entry.ours)
    return [
        *_heading(view),
        *_who_is_bound(view, space),
        *_actions(view, space),
        *_set_aside(view, space),
        *_entries("Limits on how long a hold may last", view.limits, space.duties, space),
        *_entries(OURS, _certain_first(entry for entry in rest if entry.ours), space.duties, space),
        *([] if space.others == HIDDEN else _entries(OTHERS, others, space.others, space)),
        *([] if space.others == HIDDEN else _entries(FORMS_ASK, view.asks, space.others, space)),
        *_risks(view, space),
        *_past(view, past, space),
        *([] if space == FULL else _left_out(view, others if space.others == HIDDEN else [])),
    ]


def _certain_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: bool(entry.condition))


def _heading(view: LawView) -> Iterable[Block]:
    yield Heading(f"The law of {view.name or view.place}, {view.day}", 1)
    followed = describe_research(view.researched_to, view.place, view.not_encoded)
    known = f" As known on {view.known_on}." if view.known_on else ""
    text = f"{followed}{known} Law version {view.law_version}."
    yield Text(text.strip(), "open" if is_beyond(view.researched_to) else "quiet")


def _who_is_bound(view: LawView, space: Space) -> Iterable[Block]:
    """Which agencies have law of their own here, where no two share it; each rule of theirs begins with their names."""
    cites: dict[tuple[str, ...], dict[str, None]] = {}
    for entry in (entry for entries in view.actions.values() for entry in entries if entry.binds):
        cites.setdefault(entry.binds, {})[entry.cite] = None
    agencies = [agency for binds in cites for agency in binds]
    if len(cites) < AGENCIES_LEAST or len({*agencies}) < len(agencies):
        return
    most = 0 if space == FULL else LINE // len(cites)
    groups = (f"{name_agencies(binds)} ({_join(list(named), most)})" for binds, named in cites.items())
    yield Text(f"Bound by law of their own: {'; '.join(groups)}. A rule with no agency before it binds all.")


def _join(cites: list[str], most: int) -> str:
    return fit(cites, most) if most else "; ".join(cites)


def _bound(entry: Entry, *, full: bool = False) -> str:
    """Which agencies an entry binds, to be put before it; empty where it binds all."""
    names = name_agencies(entry.binds) if full else clip(name_agencies(entry.binds), CITES)
    return f"{names[:1].upper()}{names[1:]}: " if names else ""


def _actions(view: LawView, space: Space) -> Iterable[Block]:
    """Each action with its effects; actions with the same effects share a heading."""
    alike: dict[tuple[Entry, ...], list[str]] = {}
    silent = []
    brief = {
        action: entries for action, entries in view.actions.items() if space.brief_beyond and action in BEYOND_ACTIONS
    }
    for action, entries in view.actions.items():
        if action in brief:
            continue
        if entries:
            alike.setdefault(tuple(structs.replace(entry, action="") for entry in entries), []).append(action)
        else:
            silent.append(action)
    cites = cites_of(view)
    none = "No rule applies" if is_researched(view.researched_to) else "Not researched"
    seen: dict[tuple[str, str], str] = {}
    for entries, actions in alike.items():
        yield Heading("; ".join(f"{describe_action(action)} [{action}]" for action in actions))
        yield from _effects(entries, none, cites, space, seen)
        for entry in entries:
            seen.setdefault((entry.provision, describe_effect(entry)), actions[0])
    if silent:
        yield Heading(none)
        yield Text(f"{'; '.join(f'{describe_action(action)} [{action}]' for action in silent)}.", "", 1)
    if brief:
        yield Heading(f"Not about a detainer: {MORE}")
        yield from (_in_one_line(action, entries) for action, entries in brief.items())


def _in_one_line(action: str, entries: Sequence[Entry]) -> Text:
    """An action with the words of its effects and their citations: `Ask a person about status: forbidden (EO 41)`.

    A protection has its condition too, because without it the line would say that it always applies.
    """
    protecting = [entry for entry in entries if entry.effect == "protects"]
    words = " or ".join(dict.fromkeys(EFFECT_WORDS[entry.effect] for entry in entries if entry not in protecting))
    protections = dict.fromkeys(describe_effect(entry, LINE + CITES) for entry in protecting)
    brief = "; ".join(f"{text[:1].lower()}{text[1:]}" for text in (words.lower(), *protections) if text)
    cites = fit(list(dict.fromkeys(entry.cite for entry in entries)), CITES)
    most = TWO_LINES + CITES if any(map(_is_conditional, protecting)) else LINE
    return Text(clip(f"{describe_action(action)}: {brief} ({cites})", most), "", 1, "-")


def _is_conditional(entry: Entry) -> bool:
    return bool(entry.where or entry.unless or entry.on_request)


def cites_of(view: LawView) -> dict[str, str]:
    """The citation of each provision of a view, and the titles of the instruments that it names, by id."""
    groups = (*view.actions.values(), view.limits, view.obligations, view.asks, view.advice, view.money)
    return {**view.titles, **{entry.provision: entry.cite for group in groups for entry in group}}


def _effects(
    entries: Iterable[Entry], none: str, cites: dict[str, str], space: Space, seen: Mapping[tuple[str, str], str]
) -> Iterable[Block]:
    """The default, then its exceptions and other rules; what is protected comes last."""
    effects = [entry for entry in entries if not (entry.only and entry.effect == "forbids")]
    protecting = [entry for entry in effects if entry.effect == "protects"]
    deciding = [entry for entry in effects if entry.effect != "protects"]
    deciding.sort(key=_default_first)
    if deciding and not any(entry.is_default for entry in deciding):
        yield Text(f"{none}, except:", "strong", 1)
    shown = deciding if len(deciding) == space.effects + 1 else deciding[: space.effects or None]
    for entry in shown:
        yield from _effect(entry, cites, space, seen.get((entry.provision, describe_effect(entry)), ""))
    if len(shown) < len(deciding):
        yield _more(len(deciding) - len(shown))
    if space == FULL:
        if not deciding:
            yield Text(f"{none}.", "strong", 1)
        for entry in protecting:
            yield from _effect(entry, cites, space)
    elif protecting:
        yield from _protections(protecting, "" if deciding else f"{none}. ", space)


def _protections(protecting: Iterable[Entry], before: str, space: Space) -> Iterable[Block]:
    """What no lower law may forbid, and in which cases; laws that protect the same share a line."""
    cites: dict[str, dict[str, None]] = {}
    for entry in protecting:
        cites.setdefault(describe_effect(entry, space.condition), {})[entry.cite] = None
    for number, (words, named) in enumerate(cites.items()):
        yield Text(f"{'' if number else before}{words} ({fit(list(named), LINE // 2)}).", "", 1, "-")


def _default_first(entry: Entry) -> int:
    """A duty without any exception first, then other duties and permissions by default, then what applies in some cases only."""
    if not entry.is_default:
        return 3
    if entry.effect == "permits" and not entry.only:
        return 2
    return 1 if _is_conditional(entry) else 0


def _effect(entry: Entry, cites: dict[str, str], space: Space, like: str = "") -> Iterable[Block]:
    """An effect; `like` is an action of which the page has said the same before."""
    style: Style = "strong" if entry.is_default else ""
    words = describe_effect(entry, space.condition)
    if like and space != FULL and len(words) > LINE:
        words = f"{words.split(maxsplit=1)[0].rstrip(',')} as for {like}"
    evidence = EVIDENCE_WORDS[entry.evidence]
    if space != FULL:
        given_way = list(dict.fromkeys(cites.get(to, to) for to, _ in entry.yields_to))
        yields = f" Yields to {fit(given_way, CITES, ', ')}." if given_way else ""
        yield Text(f"{_bound(entry)}{words} ({clip(entry.cite, CITES)}; {evidence}).{yields}", style, 1, "-")
        return
    yield Text(f"{_bound(entry, full=True)}{words}.", style, 1, "-")
    yield Text(f"{entry.cite}{': ' if entry.plain else '.'}{entry.plain}", "", 2)
    yield Text(f"{entry.provision}; {evidence}", "quiet", 2)
    for to, reason in entry.yields_to:
        yield Text(f"Where both apply it {reason}: {cites.get(to, to)} ({to})", "", 2)


def _more(count: int) -> Text:
    return Text(f"and {count} more: {MORE}", "quiet", 1)


def _set_aside(view: LawView, space: Space) -> Iterable[Block]:
    cites = cites_of(view)
    texts = list(
        dict.fromkeys(f"{aside.cite}: {aside.reason} {cites.get(aside.to, aside.to)}" for aside in view.set_aside)
    )
    if not texts:
        return
    yield Heading("Not in force here")
    if space == FULL:
        for aside in view.set_aside:
            text = f"{aside.cite} ({aside.provision}): {aside.reason} {cites.get(aside.to, aside.to)}"
            yield Text(text, "", 1, "-")
        return
    shown = fit(texts, TWO_LINES)
    yield Text(f"{shown}." if shown.endswith(texts[-1]) else f"{shown}; more: {MORE}.", "", 1)


def _entries(title: str, entries: Sequence[Entry], most: int, space: Space) -> Iterable[Block]:
    """Entries under a title; those that differ only in their action are shown once."""
    distinct = list(dict.fromkeys(structs.replace(entry, action="") for entry in entries))
    if not distinct:
        return
    yield Heading(title)
    shown = distinct if len(distinct) == most + 1 else distinct[: most or None]
    for entry in shown:
        words = entry.words or entry.plain or entry.effect.replace("_", " ")
        text = clip(f"{words}{describe_condition(entry)}", space.letters)
        mark = f"; {EVIDENCE_WORDS[entry.evidence]}" if space == FULL else ""
        yield Text(f"{_bound(entry, full=space == FULL)}{text} ({entry.cite}{mark})", "", 1, "-")
    if len(shown) < len(distinct):
        yield _more(len(distinct) - len(shown))


def _risks(view: LawView, space: Space) -> Iterable[Block]:
    """Warnings by rank; those that count, then in the full page the others by the reason why they do not."""
    counting = [risk for risk in view.risks if risk.counts]
    shown = counting[: space.risks or None]
    if counting:
        yield Heading("Risks")
    for risk in shown:
        yield from _risk(risk, view, space)
    if space != FULL:
        left_out = len(view.risks) - len(shown)
        if left_out:
            yield _more(left_out)
        if view.money or any(risk.why_not == MONEY for risk in view.risks):
            yield Text(f"Federal money: comity funding {view.place}", "quiet", 1)
        return
    for reason in (FOR_OTHERS, MONEY):
        others = [risk for risk in view.risks if risk.why_not == reason]
        if others:
            yield Heading(reason)
            for risk in others:
                yield from _risk(risk, view, space)


def _risk(risk: Risk, view: LawView, space: Space) -> Iterable[Block]:
    cites = cites_of(view)
    names = list(dict.fromkeys(cites.get(name, name) for name in risk.provisions))
    force = f"; {risk.warned.force}" if risk.warned.force else ""
    if space != FULL:
        perhaps = "; if it applies" if risk.warned.maybe else ""
        tail = f" ({fit(names, CITES, ', ')}{force}{perhaps})"
        yield Text(f"{clip(risk.warned.text, space.letters - len(tail))}{tail}", "", 1, f"{risk.rank}.")
        return
    warned = (entry for entry in (*view.advice, *view.money) if entry.provision in risk.provisions)
    entry = next((entry for entry in warned if entry.words and risk.warned.text.startswith(entry.words)), None)
    condition = describe_condition(entry).strip(", ") if entry else ""
    yield Text(
        f"{condition[:1].upper()}{condition[1:]}: {risk.warned.text}" if condition else risk.warned.text,
        "",
        1,
        f"{risk.rank}.",
    )
    court = f": {risk.warned.courts}" if force and risk.warned.courts else ""
    mark = f"; {EVIDENCE_WORDS[entry.evidence]}" if entry else ""
    yield Text(f"{', '.join(names)}; about {', '.join(risk.actions)}{force}{court}{mark}", "quiet", 2)


def _past(view: LawView, entries: Sequence[Entry], space: Space) -> Iterable[Block]:
    """Duties whose last day has passed, and warnings of what is no longer so."""
    history = [risk for risk in view.risks if risk.why_not == HISTORY]
    if not (entries or history):
        return
    yield Heading("Past")
    if space != FULL:
        texts = [f"{entry.words} ({entry.cite})" for entry in entries]
        shown = fit(texts, TWO_LINES)
        rest = len(history) + sum(text not in shown for text in texts)
        yield Text(f"{shown}{'; ' if shown and rest else ''}{f'{rest} more: {MORE}' if rest else ''}", "quiet", 1)
        return
    for entry in entries:
        yield Text(f"{entry.words}{describe_condition(entry)} ({entry.cite})", "", 1, "-")
    for risk in history:
        yield from _risk(risk, view, space)


def _left_out(view: LawView, others: Sequence[Entry]) -> Iterable[Block]:
    """What only the full page shows, by name; `others` are duties of others that are not shown."""
    groups = {
        "what others owe": others,
        "what is asked and not owed": view.asks if others else (),
        "numbers and days that the law sets": view.params,
        "facts of the place": (*view.facts, *view.agencies),
    }
    texts = [f"{name} ({len(items)})" for name, items in groups.items() if items]
    yield Text("")
    yield Text(f"Everything, with sources{''.join(f', {text}' for text in texts)}: {MORE}.", "quiet")


def _further(view: LawView) -> Iterable[Block]:
    ranked = {(name, risk.warned.text) for risk in view.risks for name in risk.provisions}
    standing = [(name, text) for name, text in view.warnings if (name, text) not in ranked]
    if standing:
        yield Heading("Risks of other instruments")
        yield from (Text(f"{text} ({name})", "", 1, "-") for name, text in standing)
    money = [entry for entry in view.money if entry.effect != "penalty"]  # a penalty is among the risks
    yield from _entries("Money", money, 0, FULL)
    if view.params:
        yield Heading("Numbers and days that the law sets")
        yield Table(("Name", "Value"), tuple(view.params.items()), indent=1)
    if view.facts:
        yield Heading("Facts of the place, used where a request is silent")
        for fact in view.facts:
            yield Text(f"{fact.fact} = {fact.value} ({fact.source}; {EVIDENCE_WORDS[fact.evidence]})", "", 1, "-")
    if view.agencies:
        yield Heading("Facts of one agency, used where a request names it")
        for known in view.agencies:
            source = f"{known.source}; {EVIDENCE_WORDS[known.evidence]}"
            yield Text(f"{known.agency}: {known.fact} = {known.value} ({source})", "", 1, "-")
