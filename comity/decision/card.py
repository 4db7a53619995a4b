"""A decision as a card of at most forty lines: what the law says, what to find out, until when, what to do, and the risks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import structs

from comity.decision.decision import ActionAnswer, Decision, Limited, Missing, Owed
from comity.decision.risks import Risk, risks_of
from comity.decision.words import EVIDENCE_WORDS, OUTCOME_WORDS, shorten_action
from comity.facts.request import READ_AS
from comity.law.instrument import ACTIONS
from comity.present.page import WIDTH, Block, Heading, Table, Text, as_text

LINES_MAX = 40
FINDINGS_MAX = 2
QUESTIONS_MAX, DEEDS_MAX, ASKED_MAX, RISKS_MAX, SOURCES_MAX = 3, 4, 3, 5, 4
ONE_LINE, TWO_LINES, THREE_LINES, BESIDE_MAX = 92, 184, 270, 48
TIGHTER = (
    (4, 5, 2),
    (3, 5, 2),
    (2, 5, 2),
    (2, 4, 2),
    (1, 4, 2),
    (2, 5, 1),
    (1, 3, 1),
    (0, 2, 1),
)  # deeds, risks, lines of a risk
MORE = "--full"
COMMANDS = {
    "required": "MUST", "forbidden": "MUST NOT", "permitted": "MAY", "undetermined": "DEPENDS", "in_conflict": "CONFLICT",
    "unaddressed": OUTCOME_WORDS["unaddressed"],
}  # fmt: skip
NOT_RESEARCHED = "not researched"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AGREEMENTS = "agency.agreements_287g"
DONE_AFTER = {
    "hold": "hold",
    "notice": "notify",
    "transfer": "transfer",
}  # what an obligation waits for, and the action


def card_of(decision: Decision, name: str = "") -> list[Block]:
    """The card; it is shortened, and says so, until it has at most LINES_MAX lines."""
    for deeds, risks, lines in TIGHTER:
        card = [*_heading(decision, name), *_answers(decision), *_find_out(decision), *_until(decision)]
        card += [*_do_now(decision, deeds), *_asked(decision), *_risks(decision, risks, lines * ONE_LINE)]
        card += _sources(decision)
        if as_text(card).count("\n") <= LINES_MAX:
            return card
    return card


def _heading(decision: Decision, name: str) -> Iterable[Block]:
    moment = decision.at.isoformat(sep=" ", timespec="minutes")
    yield Heading(f"{name or decision.place}, {moment}", 1)
    paper = f"On {decision.paper}. " if decision.paper else ""
    yield Text(f"{paper}{_followed(decision)}", "open" if _beyond(decision) else "quiet")
    for finding in sorted(decision.findings, key=lambda finding: finding.code == READ_AS)[:FINDINGS_MAX]:
        yield Text(clip(f"Check the request: {finding.message}{'; ' if finding.help else ''}{finding.help}."), "open")
    yield Text("")


def _followed(decision: Decision) -> str:
    """How far the law was followed, for each place, the State first, and whether any law of the place is encoded."""
    texts = []
    for path, row in decision.researched_to.items():
        reach = f"researched to {row.to}" if row.to else NOT_RESEARCHED
        none = ", none encoded" if path == decision.place and decision.not_encoded else ""
        texts.append(f"law of {row.name} {reach}{none}")
    after = "; a later change is not known here" if _beyond(decision) else ""
    words = "; ".join(texts)
    return f"{words[:1].upper()}{words[1:]}{after}." if words else ""


def _beyond(decision: Decision) -> bool:
    return any(row.beyond for row in decision.researched_to.values())


def _answers(decision: Decision) -> Iterable[Block]:
    """The five actions, and others of which law here speaks."""
    rows = []
    numbers = {item: number for number, item in enumerate(_questions(decision), 1)}
    for action, answer in decision.actions.items():
        if action in ACTIONS or answer.determining:
            words = shorten_action(action)
            rows.append((_command(answer, decision), words, _beside(answer, numbers, decision)))
    yield Table(("", "", ""), tuple(rows), ("strong", "", ""))


def _command(answer: ActionAnswer, decision: Decision) -> str:
    state = next(iter(decision.researched_to.values()), None)
    if answer.outcome == "unaddressed" and state is not None and not state.to:
        return NOT_RESEARCHED
    return COMMANDS[answer.outcome]


def _beside(answer: ActionAnswer, numbers: dict[Missing, int], decision: Decision) -> str:
    """The authority, who decides, or on what it depends."""
    cites = list(dict.fromkeys(cited(name, decision) for name in answer.determining))
    authority = ", ".join(cites[:2]) + (f" and {len(cites) - 2} more" if len(cites) > 2 else "")
    if answer.outcome == "undetermined":
        number = next((numbers[plain(item)] for item in answer.missing if plain(item) in numbers), None)
        possible = " or ".join(COMMANDS[outcome].lower() for outcome in answer.possible)
        return clip(f"{possible}{f': question {number}' if number else ''}; {authority}", BESIDE_MAX)
    if answer.outcome == "in_conflict":
        return clip(f"law here both requires and forbids it; ask counsel; {authority}", BESIDE_MAX)
    decides = f"{answer.decider} decides; " if answer.decider else ""
    return clip(f"{decides}{authority}", BESIDE_MAX)


def plain(item: Missing) -> Missing:
    """A question without how much an answer removes, which differs between actions."""
    return structs.replace(item, removes_at_least=0, removes_on_average=0.0)


def _questions(decision: Decision) -> list[Missing]:
    """The most decisive questions: the first of each open answer, those of most answers first."""
    counts: dict[Missing, int] = {}
    for answer in decision.actions.values():
        for item in answer.missing[:1]:
            counts[plain(item)] = counts.get(plain(item), 0) + 1
    return sorted(counts, key=lambda item: -counts[item])[:QUESTIONS_MAX]


def _find_out(decision: Decision) -> Iterable[Block]:
    questions = _questions(decision)
    if questions:
        yield Heading("Find out first")
    for number, item in enumerate(questions, 1):
        settles = [
            shorten_action(action)
            for action, answer in decision.actions.items()
            if plain(item) in [plain(other) for other in answer.missing[:1]]
        ]
        listed = f"; {decision.agreements}" if item.fact == AGREEMENTS and decision.agreements else ""
        words = f"{item.question or item.fact} ({', '.join(settles)}{listed})"
        yield Text(clip(words, TWO_LINES), "open", 1, f"{number}.")


def _until(decision: Decision) -> Iterable[Block]:
    """The moment at which the governing limit ends, with the other readings beside it."""
    if not decision.limits or decision.outcome("hold") in ("forbidden", "unaddressed"):
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
    yield Text(f"At the latest {local(governs.until)} ({cited(governs.provision, decision)}).", "strong", 1)
    if others:
        words = [f"{local(item.until)} ({cited(item.provision, decision)})" for item in others]
        yield Text(clip(f"Read otherwise: {'; '.join(words)}.", TWO_LINES), "", 1)


def _moment(item: Limited) -> datetime:
    return datetime.fromisoformat(item.until)


def local(until: str) -> str:
    """A moment as the clock on the wall shows it: `Sunday 2017-01-29, 15:00 local time`."""
    moment = datetime.fromisoformat(until)
    return f"{WEEKDAYS[moment.weekday()]} {moment:%Y-%m-%d, %H:%M} local time"


def duties_now(decision: Decision) -> list[Owed]:
    """The receiving agency's own duties that follow from this request under these answers, those with a deadline first."""
    ours = [item for item in decision.obligations if item.ours and not item.calendar and not _waits(item, decision)]
    return sorted(ours, key=lambda item: (bool(item.condition), item.deadline or "9999", not item.by))


def _waits(item: Owed, decision: Decision) -> bool:
    """Whether a duty waits for something that the answers rule out: to have held, told, handed over, or declined."""
    action = DONE_AFTER.get(item.after, "")
    if action:
        return decision.outcome("hold" if action == "hold" else action) in ("forbidden", "unaddressed")
    return item.after == "decline" and decision.outcome("hold") == "required"


def _do_now(decision: Decision, most: int) -> Iterable[Block]:
    items = duties_now(decision)
    if not items:
        return
    yield Heading("Do now")
    for item in items[:most]:
        perhaps = f", if {item.condition}" if item.condition else ""
        due = f" Due {local(item.deadline)}." if item.deadline else f" ({item.by})" if item.by else ""
        yield Text(clip(f"{in_a_sentence(item)}{due} {cited(item.provision, decision)}{perhaps}", ONE_LINE), "", 1, "-")
    if len(items) > most:
        yield Text(f"and {len(items) - most} more: {MORE}", "quiet", 1)


def in_a_sentence(item: Owed) -> str:
    """A deed said to its bearer: `Give the person a copy of the form.`"""
    if item.sentence:
        return item.sentence
    receiver = f" (to {item.to.replace('_', ' ')})" if item.to else ""
    words = item.deed.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}{receiver}."


def _asked(decision: Decision) -> Iterable[Block]:
    """What the form asks, and whether law here allows it."""
    items = decision.asked_by_form
    if not items:
        return
    words = []
    for item in items[:ASKED_MAX]:
        forbidden = any(decision.outcome(action) == "forbidden" for action in item.actions)
        words.append(f"{in_a_sentence(item)}{' Law here forbids that.' if forbidden else ''}")
    more = f" And {len(items) - ASKED_MAX} more: {MORE}." if len(items) > ASKED_MAX else ""
    yield Text("")
    yield Text(clip(f"The form asks, which obliges nobody: {' '.join(words)}{more}", THREE_LINES))


def _risks(decision: Decision, most: int, letters: int) -> Iterable[Block]:
    risks = risks_of(decision)
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
    cites = ", ".join(dict.fromkeys(cited(name, decision) for name in risk.provisions))
    force = f"; {risk.warned.force}" if risk.warned.force else ""
    perhaps = "; if it applies" if risk.warned.maybe else ""
    tail = f" ({clip(cites, ONE_LINE // 2)}{force}{perhaps})"
    return f"{clip(risk.warned.text, max(letters - len(tail), ONE_LINE // 2))}{tail}"


def _sources(decision: Decision) -> Iterable[Block]:
    """The authorities of the answers, with the mark of each: how sure the encoding is."""
    names = dict.fromkeys(name for answer in decision.actions.values() for name in answer.determining)
    marks = dict.fromkeys(
        f"{ground.cite} ({EVIDENCE_WORDS.get(ground.evidence, ground.evidence)})"
        for name in names
        if (ground := decision.grounds.get(name))
    )
    shown: Sequence[str] = list(marks)[:SOURCES_MAX]
    more = f"; {len(marks) - len(shown)} more: {MORE}" if len(marks) > len(shown) else ""
    yield Text("")
    sources = f"Sources: {'; '.join(shown)}{more}. " if shown else ""
    yield Text(clip(f"{sources}Law version {decision.law_version}.", TWO_LINES), "quiet")


def cited(name: str, decision: Decision) -> str:
    """The citation of a provision or an instrument that the decision names."""
    ground = decision.grounds.get(name)
    return ground.cite if ground else name


def clip(text: str, most: int = WIDTH) -> str:
    """A text cut to a length, at a word."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
