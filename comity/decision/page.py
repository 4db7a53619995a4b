"""The page of a decision: the answers first, then the grounds of each and what is still to be found out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import structs

from comity.decision.answer import ActionAnswer, Limited, Missing, Warned, Yielded
from comity.decision.decision import Decision
from comity.decision.words import EVIDENCE_WORDS, describe_action, emphasize, list_outcomes
from comity.present.page import Block, Heading, Table, Text

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def page_of(decision: Decision, name: str = "") -> list[Block]:
    """The whole decision; `name` is the place's name in words."""
    place = f"{name} ({decision.place})" if name else decision.place
    blocks: list[Block] = [Heading(f"{name or decision.place}, {decision.day}", 1)]
    moment = decision.at.isoformat(sep=" ", timespec="minutes")
    blocks.append(
        Text(f"The law of {place} on {decision.day}, asked at {moment}. Law version {decision.law_version}.", "quiet")
    )
    blocks += above_alone(decision.not_encoded)
    blocks.append(Text(""))
    blocks.append(
        Table(("Action", "Answer", ""), tuple(_summary(*pair) for pair in decision.actions.items()), ("", "strong", ""))
    )
    blocks += [*_ask_first(decision), *_notes(decision), *_time(decision), *_owed(decision)]
    for action in decision.actions:
        blocks += grounds_of(action, decision)
    return [*blocks, *warnings_of(decision)]


def above_alone(not_encoded: str) -> list[Block]:
    """A note that only the law above a place is encoded; empty if its own law is encoded."""
    return [Text(f"Not here: {not_encoded}. What follows is from the law above it.", "open")] if not_encoded else []


def _summary(action: str, answer: ActionAnswer) -> tuple[str, str, str]:
    return describe_action(action), emphasize(answer.outcome), _short(answer)


def _short(answer: ActionAnswer) -> str:
    """A note beside an answer: who decides, or which outcomes are possible."""
    if answer.outcome == "in_conflict":
        return "law here both requires and forbids it; ask counsel"
    if answer.outcome == "undetermined":
        return list_outcomes(answer.possible)
    return f"{answer.decider} decides" if answer.decider else ""


def _ask_first(decision: Decision) -> Iterable[Block]:
    """The most decisive question of each open answer."""
    concerned: dict[Missing, list[str]] = {}
    for action, answer in decision.actions.items():
        for item in answer.missing[:1]:
            concerned.setdefault(structs.replace(item, removes_at_least=0, removes_on_average=0.0), []).append(action)
    if concerned:
        yield Heading("Find out first")
    for item, actions in concerned.items():
        yield Text(f"{item.question or item.fact} (for {', '.join(actions)})", "open", 1, "-")


def _notes(decision: Decision) -> Iterable[Block]:
    if decision.findings:
        yield Heading("To check in the request")
        for finding in decision.findings:
            tail = f"; {finding.help}" if finding.help else ""
            yield Text(f"{finding.message}{tail}.", "open", 1, "-")


def _time(decision: Decision) -> Iterable[Block]:
    if not decision.limits:
        return
    yield Heading("How long a hold may last, where there is one")
    if decision.outcome("hold") == "forbidden":
        yield Text("A hold on this request is forbidden, so nothing is counted.", "strong", 1)
        return
    known = [item for item in decision.limits if item.until]
    certain = [item for item in known if not item.condition]
    if certain:
        governs = _first([item for item in certain if item.rules] or certain)
        why = (
            "the earliest limit governs"
            if governs.until == _first(certain).until
            else "counsel has chosen this reading"
        )
        yield Text(f"At the latest until {_local(governs.until)}: {why}.", "strong", 1)
    for item in decision.limits:
        until = f": {_local(item.until)}" if item.until else ""
        yield Text(f"{item.words}{until} ({_cited(item.provision, decision)}){_if(item.condition)}", "", 1, "-")
    if not known:
        yield Text("Neither day nor hour is given from which to count.", "quiet", 1)


def _first(limits: Iterable[Limited]) -> Limited:
    return min(limits, key=lambda item: datetime.fromisoformat(item.until))


def _local(until: str) -> str:
    """A moment in local time: `Sunday 2017-01-29, 15:00 local time`."""
    moment = datetime.fromisoformat(until)
    return f"{WEEKDAYS[moment.weekday()]} {moment:%Y-%m-%d, %H:%M} local time"


def _if(condition: str) -> str:
    return f", if {condition}" if condition else ""


def _owed(decision: Decision) -> Iterable[Block]:
    if decision.obligations:
        yield Heading("What is owed")
        for item in decision.obligations:
            duty = duty_in_words(item.bearer, item.deed, item.to, item.by)
            yield Text(f"{duty} ({_cited(item.provision, decision)}){_if(item.condition)}", "", 1, "-")


def duty_in_words(bearer: str, deed: str, to: str, by: str) -> str:
    """`the agency must serve copy (to the subject), after receipt`."""
    receiver = f" (to {_named(to)})" if to else ""
    return f"{_named(bearer)} must {deed.replace('_', ' ')}{receiver}{', ' if by else ''}{by}"


def _named(party: str) -> str:
    words = party.replace("_", " ")
    return words.upper() if party in ("dhs", "ice", "cbp") else f"the {words}"


def _cited(name: str, decision: Decision) -> str:
    ground = decision.grounds.get(name)
    return ground.cite if ground else name


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
    yield from _section("Who decides", [answer.decider] if answer.decider else [])
    yield from _section(
        "Turns on", [f"{item.fact} = {item.value} ({_source(item.source)})" for item in answer.decisive]
    )
    yield from _numbered("Still to find out, most decisive first", [_question(item, answer) for item in answer.missing])
    yield from _section("Does not decide", [_gives_way(item, decision) for item in answer.yielding])


def warnings_of(decision: Decision, beyond: Decision | None = None) -> Iterable[Block]:
    """Each warning once, with the actions that it concerns; those that depend on unknown facts come last.

    With `beyond`, only those that this other decision does not have.
    """
    known = {item for answer in beyond.actions.values() for item in answer.warnings} if beyond else set()
    concerned: dict[Warned, list[str]] = {}
    for action, answer in decision.actions.items():
        for item in (item for item in answer.warnings if item not in known):
            concerned.setdefault(item, []).append(action)
    if concerned:
        yield Heading("Warnings")
    for item, actions in sorted(concerned.items(), key=lambda pair: pair[0].maybe):
        perhaps = "; may apply, depending on unknown facts" if item.maybe else ""
        yield Text(item.text, "", 1, "-")
        yield Text(f"{_cited(item.provision, decision)}; about {', '.join(actions)}{perhaps}", "quiet", 2)


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
    return f"{_cited(item.provision, decision)}: {item.reason} {_cited(item.to, decision)}{perhaps}"
