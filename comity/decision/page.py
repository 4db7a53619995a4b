"""The pages of a decision: the card, and everything in groups."""

from __future__ import annotations

from collections.abc import Iterable

from comity.decision.answer import ActionAnswer, Missing, Owed, Yielded
from comity.decision.card import (
    ASKED,
    answers_of,
    card_of,
    cited,
    duty_in_words,
    heading_of,
    local,
    questions_of,
    refused,
    until_of,
)
from comity.decision.decision import Decision
from comity.decision.duties import describe_duty, duties_of, say_duty
from comity.decision.risks import WHY_NOT, Risk
from comity.decision.words import EVIDENCE_WORDS, describe_action, emphasize, list_outcomes
from comity.present.page import Block, Heading, Text


def page_of(decision: Decision, name: str = "") -> list[Block]:
    """The card; `name` is the place's name in words."""
    return card_of(decision, name)


def full_page_of(decision: Decision, name: str = "") -> list[Block]:
    """Everything: what the card says, then all limits, duties, what is asked and not owed, all risks, and the grounds of each answer."""
    blocks = [
        *heading_of(decision, name, full=True),
        *answers_of(decision),
        *questions_of(decision),
        *until_of(decision),
    ]
    blocks += [*_limits(decision), *_duties(decision), *_asked(decision), *risks_in_groups(decision)]
    for action in decision.actions:
        blocks += grounds_of(action, decision)
    return [*blocks, Text(""), Text(f"Law of {decision.place}, version {decision.law_version}.", "quiet")]


def _limits(decision: Decision) -> Iterable[Block]:
    if not decision.limits:
        return
    yield Heading("Limits on how long a hold may last")
    if decision.outcome("hold") == "forbidden":
        yield Text("A hold on this request is forbidden, so nothing is counted.", "strong", 1)
        return
    for item in decision.limits:
        until = f": {local(item.until)}" if item.until else ""
        governs = ", which governs" if item.rules else ""
        yield Text(f"{item.words}{until}{governs} ({cited(item.provision, decision)}){_if(item.condition)}", "", 1, "-")
    if not any(item.until for item in decision.limits):
        yield Text("The request does not give the moment from which to count.", "quiet", 1)


def _if(condition: str) -> str:
    return f", if {condition}" if condition else ""


def _duties(decision: Decision) -> Iterable[Block]:
    """The agency's duties by deadline, those of others, and those whose day has passed."""
    duties = duties_of(decision)
    if duties.ours:
        yield Heading("Duties of the receiving agency, by deadline")
        yield from (Text(duty_in_words(item, decision), "", 1, "-") for item in duties.ours)
    for title, items in (("Duties of others", duties.others), ("Past", duties.past)):
        if items:
            yield Heading(title)
            yield from (Text(_duty_of(item, decision), "", 1, "-") for item in items)


def _duty_of(item: Owed, decision: Decision) -> str:
    words = describe_duty(item.bearer, item.deed, item.to, item.by)
    return f"{words} ({cited(item.provision, decision)}){_if(item.condition)}"


def _asked(decision: Decision) -> Iterable[Block]:
    if decision.asked_by_form:
        yield Heading(ASKED)
        for item in decision.asked_by_form:
            text = f"{say_duty(item)}{refused(item, decision)} ({cited(item.provision, decision)}){_if(item.condition)}"
            yield Text(text, "", 1, "-")


def risks_in_groups(decision: Decision, beyond: Decision | None = None) -> Iterable[Block]:
    """Every warning by rank: those that count for these answers, then the others by the reason why they do not.

    With `beyond`, only those that this other decision does not have.
    """
    known = {(risk.warned.provision, risk.warned.text) for risk in beyond.risks()} if beyond else set()
    risks = [risk for risk in decision.risks() if (risk.warned.provision, risk.warned.text) not in known]
    yield from _group("What these answers risk", [risk for risk in risks if risk.counts], decision)
    for reason in WHY_NOT:
        yield from _group(
            f"{reason}; no risk of these answers" if reason in WHY_NOT[:2] else reason,
            [risk for risk in risks if risk.why_not == reason], decision,
        )  # fmt: skip


def _group(title: str, risks: Iterable[Risk], decision: Decision) -> Iterable[Block]:
    risks = list(risks)
    if risks:
        yield Heading(title)
    for risk in risks:
        yield Text(risk.warned.text, "", 1, f"{risk.rank}.")
        cites = ", ".join(dict.fromkeys(cited(name, decision) for name in risk.provisions))
        force = f"; {describe_force(risk)}" if risk.warned.force else ""
        perhaps = "; may apply, depending on unknown facts" if risk.warned.maybe else ""
        yield Text(f"{cites}; about {', '.join(risk.actions)}{force}{perhaps}", "quiet", 2)


def describe_force(risk: Risk) -> str:
    """Whether a court's word binds here, and which court it is: `persuasive: 3d Circuit`."""
    return f"{risk.warned.force}: {risk.warned.courts}" if risk.warned.courts else risk.warned.force


def grounds_of(action: str, decision: Decision) -> Iterable[Block]:
    """The grounds of the answer on one action; empty if no rule applies to it."""
    answer = decision.actions[action]
    if not (answer.determining or answer.yielding or answer.missing):
        return
    yield Heading(f"{describe_action(action)} [{action}]: {_outcome(answer)}")
    if answer.determining:
        yield Text("May rest on" if answer.outcome == "undetermined" else "Rests on", "quiet", 1)
        for name in answer.determining:
            yield from _ground(name, decision)
    if answer.outcome == "required":
        yield from _section("Not before", [f"{answer.decider} has ordered it"] if answer.decider else [])
    else:
        yield from _section("Who decides", [answer.decider] if answer.decider else [])
    yield from _section(
        "Turns on", [f"{item.fact} = {item.value} ({_source(item.source)})" for item in answer.decisive]
    )
    yield from _numbered("Still to find out, most decisive first", [_question(item, answer) for item in answer.missing])
    yield from _section("Does not decide", [_gives_way(item, decision) for item in answer.yielding])


def _outcome(answer: ActionAnswer) -> str:
    open_outcomes = f" ({list_outcomes(answer.possible)})" if answer.outcome == "undetermined" else ""
    return f"{emphasize(answer.outcome)}{open_outcomes}"


def _source(source: str) -> str:
    return {"request": "from the request", "assumed": "assumed"}.get(source, source)


def _ground(name: str, decision: Decision) -> Iterable[Block]:
    ground = decision.grounds.get(name)
    if ground is None:
        yield Text(name, "", 2, "-")
        return
    plain = f": {ground.plain}" if ground.plain else ""
    yield Text(f"{ground.cite}{plain}", "", 2, "-")
    yield Text(f"{name}; {EVIDENCE_WORDS.get(ground.evidence, ground.evidence)}", "quiet", 3)


def _section(title: str, texts: Iterable[str]) -> Iterable[Block]:
    lines = list(dict.fromkeys(texts))
    if lines:
        yield Text(title, "quiet", 1)
        yield from (Text(line, "", 2, "-") for line in lines)


def _numbered(title: str, texts: Iterable[str]) -> Iterable[Block]:
    lines = list(texts)
    if lines:
        yield Text(title, "quiet", 1)
        yield from (Text(line, "", 2, f"{number}.") for number, line in enumerate(lines, 1))


def _question(item: Missing, answer: ActionAnswer) -> str:
    settles = item.removes_at_least >= len(answer.possible) - 1
    effect = (
        "any answer settles it"
        if settles
        else "some answers narrow it"
        if not item.removes_at_least
        else "any answer narrows it"
    )
    return f"{item.question or item.fact} [{item.fact}] ({effect})"


def _gives_way(item: Yielded, decision: Decision) -> str:
    perhaps = ", on facts not known" if item.maybe else ""
    return f"{cited(item.provision, decision)}: {item.reason} {cited(item.to, decision)}{perhaps}"
