"""A decision as a card of at most forty lines: what the law says, what to find out, until when, what to do, and the risks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import structs

from comity.decision.answer import ActionAnswer, Limited, Missing, Owed
from comity.decision.decision import Decision
from comity.decision.duties import duties_now, duties_without_deadline, say_duty
from comity.decision.research import NOT_RESEARCHED, describe_research, is_beyond, is_researched
from comity.decision.risks import Risk
from comity.decision.words import EVIDENCE_WORDS, OUTCOME_WORDS, shorten_action
from comity.facts.request import READ_AS
from comity.law.instrument import ACTIONS
from comity.present.page import WIDTH, Block, Heading, Table, Text, as_text
from comity.present.shorten import clip, fit

LINES_MAX = 40
FINDINGS_MAX, QUESTIONS_MAX, ASKED_MAX = 2, 3, 3
ONE_LINE, TWO_LINES, THREE_LINES = 92, 184, 270
# What is shown of each is reduced step by step: duties, risks, lines of a risk, lines beside an answer.
TIGHTER = (
    (4, 5, 3, 2), (4, 5, 2, 2), (4, 5, 2, 1), (3, 4, 2, 1), (3, 3, 2, 1), (2, 3, 2, 1), (2, 2, 2, 1), (1, 2, 2, 1),
    (1, 2, 1, 1), (0, 2, 1, 1), (0, 1, 1, 1),
)  # fmt: skip
MORE = "--full"
MORE_SOURCES = f"; more: {MORE}."
COMMANDS = {
    "required": "MUST", "forbidden": "MUST NOT", "permitted": "MAY", "undetermined": "DEPENDS", "in_conflict": "CONFLICT",
    "unaddressed": OUTCOME_WORDS["unaddressed"],
}  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOLD_AND_TRANSFER = "not asked for; ICE collects the person"
ASKED = "Asked, not owed"
NO_DEADLINE = "Also owed, with no deadline"
MORE_DUTIES = f"And {{}} more: {MORE}."
AGREEMENTS = "agency.agreements_287g"


def card_of(decision: Decision, name: str = "") -> list[Block]:
    """The card; it is shortened, and says so, until it has at most LINES_MAX lines."""
    for deeds, risks, lines, beside in TIGHTER:
        card = [*heading_of(decision, name), *answers_of(decision, beside), *questions_of(decision)]
        card += [*until_of(decision), *_do_now(decision, deeds)]
        card += [*_asked(decision), *_risks(decision, risks, lines * ONE_LINE), *_sources(decision)]
        if as_text(card).count("\n") <= LINES_MAX:
            return card
    return card


def heading_of(decision: Decision, name: str, full: bool = False) -> Iterable[Block]:
    """Where, when, on which paper, how far the law was followed, and what is odd about the request."""
    moment = decision.at.isoformat(sep=" ", timespec="minutes")
    yield Heading(f"{name or decision.place}, {moment}", 1)
    paper = f"On {decision.paper}. " if decision.paper else ""
    followed = describe_research(decision.researched_to, decision.place, decision.not_encoded)
    yield Text(f"{paper}{followed}", "open" if is_beyond(decision.researched_to) else "quiet")
    ordered = sorted(decision.findings, key=lambda finding: finding.code == READ_AS)
    for finding in ordered[: None if full else FINDINGS_MAX]:
        text = f"Check the request: {finding.message}{'; ' if finding.help else ''}{finding.help}."
        yield Text(clip(text, 0 if full else TWO_LINES), "open")
    yield Text("")


def answers_of(decision: Decision, lines: int = 0) -> Iterable[Block]:
    """The five actions, and others of which law here speaks, each with its outcome and, in so many lines, its authority."""
    numbers = {item: number for number, item in enumerate(_questions(decision), 1)}
    answers = [
        (_command(answer, decision), shorten_action(action), action, answer)
        for action, answer in decision.actions.items()
        if _is_shown(action, answer, decision)
    ]
    taken = max(len(command) for command, *_ in answers) + max(len(words) for _, words, *_ in answers) + len("    ")
    most = lines * (WIDTH - taken - len("  "))
    rows = [
        (command, words, _beside(answer, numbers, decision, most) or _relation(action, decision))
        for command, words, action, answer in answers
    ]
    yield Table(("", "", ""), tuple(rows), ("strong", "", ""))


def _is_shown(action: str, answer: ActionAnswer, decision: Decision) -> bool:
    """Of a visit only what it asks for; of a detainer the five actions, and others of which law here speaks."""
    return action in decision.asked if decision.is_beyond_jail else action in ACTIONS or bool(answer.determining)


def _command(answer: ActionAnswer, decision: Decision) -> str:
    if answer.outcome == "unaddressed" and not is_researched(decision.researched_to):
        return NOT_RESEARCHED
    return COMMANDS[answer.outcome]


def _beside(answer: ActionAnswer, numbers: dict[Missing, int], decision: Decision, most: int) -> str:
    """The authority, who decides, or on what it depends; the authority is left out where there is no space for it."""
    cites = list(dict.fromkeys(cited(name, decision) for name in answer.determining))
    if answer.outcome == "undetermined":
        number = next((numbers[plain(item)] for item in answer.missing if plain(item) in numbers), None)
        possible = " or ".join(COMMANDS[outcome].lower() for outcome in answer.possible)
        return _with_authority(f"{possible}{f': question {number}' if number else ''}", cites, most)
    if answer.outcome == "in_conflict":
        return _with_authority("law here requires it and forbids it: ask counsel", cites, most)
    return _with_authority(describe_decider(answer), cites, most)


def describe_decider(answer: ActionAnswer) -> str:
    """Who decides, or the official without whose order there is no duty yet: `once a judicial official has ordered it`."""
    if not answer.decider:
        return ""
    return f"once {answer.decider} has ordered it" if answer.outcome == "required" else f"{answer.decider} decides"


def _relation(action: str, decision: Decision) -> str:
    """How an action that no rule decides relates to a hold: a detainer asks to keep the person for ICE, not to hand the person over."""
    held = decision.outcome("hold") in ("required", "permitted")
    if action != "transfer" or action in decision.asked or not held or decision.outcome(action) != "unaddressed":
        return ""
    return HOLD_AND_TRANSFER


def _with_authority(text: str, cites: list[str], most: int) -> str:
    """A text with the first two authorities, or the first, as far as there is space."""
    for count in (2, 1):
        more = f" and {len(cites) - count} more" if len(cites) > count else ""
        whole = "; ".join(filter(None, (text, f"{', '.join(cites[:count])}{more}")))
        if not most or len(whole) <= most:
            return whole
    return fit([text, *cites[:1]], most)


def plain(item: Missing) -> Missing:
    """A question without how much an answer removes, which differs between actions."""
    return structs.replace(item, removes_at_least=0, removes_on_average=0.0)


def _questions(decision: Decision) -> list[Missing]:
    """The most decisive questions: the first of each open answer, those of most answers first."""
    counts: dict[Missing, int] = {}
    for action, answer in decision.actions.items():
        for item in answer.missing[:1] if _is_shown(action, answer, decision) else ():
            counts[plain(item)] = counts.get(plain(item), 0) + 1
    return sorted(counts, key=lambda item: -counts[item])[:QUESTIONS_MAX]


def questions_of(decision: Decision) -> Iterable[Block]:
    """The facts to find out first, each with the answers that it settles or narrows."""
    questions = _questions(decision)
    if questions:
        yield Heading("Find out first")
    for number, item in enumerate(questions, 1):
        settles = [
            shorten_action(action)
            for action, answer in decision.actions.items()
            if _is_shown(action, answer, decision) and plain(item) in [plain(other) for other in answer.missing[:1]]
        ]
        listed = f"; {decision.agreements}" if item.fact == AGREEMENTS and decision.agreements else ""
        words = f"{item.question or item.fact} ({', '.join(settles)}{listed})"
        yield Text(clip(words, TWO_LINES), "open", 1, f"{number}.")


def until_of(decision: Decision) -> Iterable[Block]:
    """The moment at which the governing limit ends, with the other readings beside it."""
    if decision.is_beyond_jail or not decision.limits or decision.outcome("hold") in ("forbidden", "unaddressed"):
        return
    known = sorted((item for item in decision.limits if item.until), key=_moment)
    certain = [item for item in known if not item.condition] or known
    yield Heading("Until when")
    if not known:
        readings = [f"{item.words} ({cited(item.provision, decision)})" for item in decision.limits]
        yield Text(clip(f"{'; or '.join(dict.fromkeys(readings))}.", TWO_LINES), "", 1)
        return
    governs = next((item for item in certain if item.rules), certain[0])
    others = [item for item in known if item.until != governs.until]
    chosen = " Counsel has chosen this reading." if _moment(governs) > min(map(_moment, certain)) else ""
    yield Text(f"At the latest {local(governs.until)} ({cited(governs.provision, decision)}).{chosen}", "strong", 1)
    if others:
        words = [f"{local(item.until)} ({cited(item.provision, decision)})" for item in others]
        yield Text(clip(f"Read otherwise: {'; '.join(words)}.", TWO_LINES), "", 1)


def _moment(item: Limited) -> datetime:
    return datetime.fromisoformat(item.until)


def local(until: str) -> str:
    """A moment as the clock on the wall shows it: `Sunday 2017-01-29, 15:00 local time`."""
    moment = datetime.fromisoformat(until)
    return f"{WEEKDAYS[moment.weekday()]} {moment:%Y-%m-%d, %H:%M} local time"


def _do_now(decision: Decision, most: int) -> Iterable[Block]:
    items = duties_now(decision)
    if items:
        yield Heading("Do now")
    for item in items[:most]:
        yield Text(clip(duty_in_words(item, decision), TWO_LINES), "", 1, "-")
    if len(items) > most:
        yield Text(f"and {len(items) - most} more: {MORE}", "quiet", 1)
    yield from _without_deadline(decision, most)


def _without_deadline(decision: Decision, most: int) -> Iterable[Block]:
    """The duties for which the law sets no time, as one paragraph."""
    items = duties_without_deadline(decision)
    if not items or not most:
        return
    yield Text("")
    words = [f"{say_duty(item)[:-1]}{' (if it applies)' if item.condition else ''}." for item in items]
    most_letters = TWO_LINES - len(f"{NO_DEADLINE}: {MORE_DUTIES}")
    shown = next((count for count in range(len(words), 1, -1) if len(" ".join(words[:count])) <= most_letters), 1)
    more = f" {MORE_DUTIES.format(len(items) - shown)}" if len(items) > shown else ""
    yield Text(f"{NO_DEADLINE}: {clip(' '.join(words[:shown]), most_letters)}{more}")


def duty_in_words(item: Owed, decision: Decision) -> str:
    """A duty with its deadline, its citation and its condition: `Give the person a copy. Due ... local time. (...)`"""
    due = f" Due {local(item.deadline)}." if item.deadline else ""
    by = f"{item.by}; " if item.by and not item.deadline else ""
    perhaps = f", if {item.condition}" if item.condition else ""
    return f"{say_duty(item)}{due} ({by}{cited(item.provision, decision)}){perhaps}"


def _asked(decision: Decision) -> Iterable[Block]:
    """What is asked and not owed, and whether law here allows it, as one paragraph."""
    items = decision.asked_by_form
    if not items or decision.is_beyond_jail:
        return
    words = [f"{say_duty(item)}{refused(item, decision)}" for item in items[:ASKED_MAX]]
    more = f" And {len(items) - ASKED_MAX} more: {MORE}." if len(items) > ASKED_MAX else ""
    yield Text("")
    yield Text(clip(f"{ASKED}: {' '.join(words)}{more}", THREE_LINES))


def refused(item: Owed, decision: Decision) -> str:
    """` Law here forbids that.` where what a form asks is an action that is forbidden; else empty."""
    return " Law here forbids that." if any(decision.outcome(action) == "forbidden" for action in item.actions) else ""


def _risks(decision: Decision, most: int, letters: int) -> Iterable[Block]:
    risks = [risk for risk in decision.risks() if not decision.is_beyond_jail or {*risk.actions} & {*decision.asked}]
    counting = [risk for risk in risks if risk.counts]
    rest = len(risks) - len(counting[:most])
    if counting:
        yield Heading("What these answers risk")
    for risk in counting[:most]:
        yield Text(risk_in_words(risk, decision, letters), "", 1, f"{risk.rank}.")
    if rest:
        money = any(risk.warned.topic == "money" for risk in risks)
        funds = f"; federal money: comity funding {decision.place}" if money else ""
        yield Text(f"and {rest} more: {MORE}{funds}", "quiet", 1)


def risk_in_words(risk: Risk, decision: Decision, letters: int = TWO_LINES) -> str:
    """A risk with its cites and, where a court said it, whether that binds here."""
    cites = list(dict.fromkeys(cited(name, decision) for name in risk.provisions))
    force = f"; {risk.warned.force}" if risk.warned.force else ""
    perhaps = "; if it applies" if risk.warned.maybe else ""
    tail = f" ({fit(cites, ONE_LINE // 2, ', ')}{force}{perhaps})"
    return f"{clip(risk.warned.text, max(letters - len(tail), ONE_LINE // 2))}{tail}"


def _sources(decision: Decision) -> Iterable[Block]:
    """The authorities of the answers, with the mark of each: how sure the encoding is."""
    shown = (answer for action, answer in decision.actions.items() if _is_shown(action, answer, decision))
    names = dict.fromkeys(name for answer in shown for name in answer.determining)
    marks = dict.fromkeys(
        f"{ground.cite} ({EVIDENCE_WORDS.get(ground.evidence, ground.evidence)})"
        for name in names
        if (ground := decision.grounds.get(name))
    )
    yield Text("")
    version = f"Law version {decision.law_version}."
    sources = f"Sources: {fit([*marks], TWO_LINES - len(version) - len(MORE_SOURCES))}" if marks else ""
    more = MORE_SOURCES if marks and not sources.endswith([*marks][-1]) else "." if marks else ""
    yield Text(f"{sources}{more} {version}".strip(), "quiet")


def cited(name: str, decision: Decision) -> str:
    """The citation of a provision or an instrument that the decision names."""
    ground = decision.grounds.get(name)
    return ground.cite if ground else name
