"""The warnings of a decision in the order in which they matter, each once, and which of them concern these answers.

Order: what a constitution certainly says, so that "find out first" where citizenship is claimed is the first warning of all;
about the action asked (where none is known to be asked, about an action of a jail); who may do it and what a court made of
it, where that binds here, also where it only may apply; form and penalties; what only persuades; what may be wrong with the
form; disputes. Within each, certain before possible and later before earlier. A dispute about the law that decides counts as a
question of authority. Money has a command of its own; history and orders for others are shown in full only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, structs

from comity.decision.answer import ActionAnswer, Warned
from comity.engine.outcome import Outcome
from comity.law.instrument import BEYOND_ACTIONS

Answers: TypeAlias = Mapping[str, ActionAnswer]
WEIGHTY, SMALL = ("authority", "liability"), ("", "form", "penalty")
TOPIC_ORDER = {"authority": 0, "liability": 0, "": 1, "form": 1, "penalty": 1, "dispute": 5, "money": 6, "history": 7}
PERSUASIVE_ORDER, POSSIBLE_FORM_ORDER, POSSIBLY_PERSUASIVE_ORDER = 2, 3, 4
FEDERAL_DEPTH = 1  # slashes in the id of a federal instrument
SHOWN_APART = {"money": "Federal money", "history": "History"}
FOR_OTHERS = "Orders for parties of whom this place is not one"
OF_DOING, OF_DECLINING = "Risks of doing what is forbidden here", "Risks of declining what is required here"
WHY_NOT = (OF_DOING, OF_DECLINING, FOR_OTHERS, *SHOWN_APART.values())  # in the order in which a page shows them
AGENCY_NOT_GIVEN = "agency.kind"  # the fact that would tell which of several instruments bind
AGENCY_TEXT = "The request does not say which agency received it; these bind only some agencies, and count here."
LAST_DAY_NUMBER = 99_991_231


class Risk(Struct, frozen=True):
    """A warning with the actions that it is about, every provision that says it, and its rank from 1.

    `why_not` says why these answers do not run the risk, and is empty where they do: a liability for doing what the answer
    forbids, money, history, and orders for others. `disputes_answer` where it is a dispute about the law that decides.
    """

    warned: Warned
    actions: tuple[str, ...]
    provisions: tuple[str, ...]
    why_not: str = ""
    rank: int = 0
    disputes_answer: bool = False

    @property
    def counts(self) -> bool:
        """Whether the answers run the risk."""
        return not self.why_not


class Answered(Struct, frozen=True):
    """The answer on an action, as far as warnings depend on it: its outcome, and the provisions that decide it."""

    outcome: Outcome
    determining: tuple[str, ...] = ()

    def rests_on(self, instrument: str) -> bool:
        """Whether a provision of an instrument decides the answer."""
        return any(_instrument(name) == instrument for name in self.determining)


NOT_ANSWERED: Mapping[str, Answered] = {}


def rank_risks(
    warnings: Iterable[tuple[str, Warned]], answers: Mapping[str, Answered] = NOT_ANSWERED, asked: Collection[str] = ()
) -> list[Risk]:
    """Warnings about actions, each once and ranked, under the answers as far as these are known."""
    merged = sorted(_merged(warnings, answers), key=lambda risk: order_of(risk, asked))
    return [structs.replace(risk, rank=number) for number, risk in enumerate(merged, 1)]


def _merged(warnings: Iterable[tuple[str, Warned]], answers: Mapping[str, Answered]) -> Iterable[Risk]:
    """Each warning once: those of several actions, provisions that say the same, and the penalties of one instrument."""
    groups: dict[str, list[tuple[str, Warned]]] = {}
    for action, warned in warnings:
        groups.setdefault(group_of(warned), []).append((action, warned))
    for key, given in groups.items():
        yield from risks_of_group(key, given, answers)


def risks_of_group(key: str, given: Sequence[tuple[str, Warned]], answers: Mapping[str, Answered]) -> Iterable[Risk]:
    """The risks of warnings that have a group in common: one for each text, or one of all where they say the same."""
    whole = AGENCY_TEXT if key == AGENCY_NOT_GIVEN else _penalties(given)
    members = [(action, structs.replace(warned, text=whole or warned.text)) for action, warned in given]
    texts = dict.fromkeys(warned.text for _, warned in members if not warned.same_as)
    for text in texts or dict.fromkeys(warned.text for _, warned in members[:1]):
        yield _of_text(text, key, members, answers)


def group_of(warned: Warned) -> str:
    """What warnings have in common that are shown as one."""
    if warned.topic == "penalty":
        return f"penalties of {_instrument(warned.provision)}"
    key = warned.same_as or warned.provision
    return key if warned.topic or warned.same_as else f"{key} {warned.text}"


def _penalties(given: Iterable[tuple[str, Warned]]) -> str:
    """The penalties of one instrument in one text, empty for other warnings."""
    return " ".join(dict.fromkeys(warned.text for _, warned in given if warned.topic == "penalty"))


def _of_text(text: str, key: str, members: list[tuple[str, Warned]], answers: Mapping[str, Answered]) -> Risk:
    of_text = [(action, warned) for action, warned in members if warned.text == text or warned.same_as]
    first = min((warned for _, warned in of_text if warned.text == text), key=lambda warned: warned.maybe)
    actions = tuple(dict.fromkeys(action for action, _ in of_text))
    provisions = tuple(dict.fromkeys(warned.provision for _, warned in of_text))
    reasons = [_why_not(warned, answers.get(action)) for action, warned in of_text]
    disputed = any(
        _disputes(warned, answers.get(action))
        for (action, warned), reason in zip(of_text, reasons, strict=True)
        if not reason
    )
    ordered = tuple(sorted(provisions, key=lambda name: name != key))
    return Risk(first, actions, ordered, reasons[0] if all(reasons) else "", disputes_answer=disputed)


def _why_not(warned: Warned, answered: Answered | None) -> str:
    """Why an answer does not run the risk of which a warning tells; empty where it does.

    A penalty of the law that decides is shown with it: it is what breaking the answer costs.
    """
    if warned.parties_only:
        return FOR_OTHERS
    if warned.topic in SHOWN_APART:
        return SHOWN_APART[warned.topic]
    if warned.topic == "penalty" and answered and answered.rests_on(_instrument(warned.provision)):
        return ""
    outcome = answered.outcome if answered else None
    if warned.about == "doing" and outcome == "forbidden":
        return OF_DOING
    if warned.about == "declining" and outcome == "required":
        return OF_DECLINING
    return ""


def depends_on_deciding_law(warned: Warned) -> bool:
    """Whether the rank of a warning depends on the provisions that decide, and not on the outcome alone."""
    return warned.topic == "penalty" or bool(warned.disputes)


def _disputes(warned: Warned, answered: Answered | None) -> bool:
    """Whether a dispute is about an instrument that decides, or of the State or the place itself where no rule decides."""
    if not warned.disputes or answered is None:
        return False
    if answered.outcome == "unaddressed":
        return warned.disputes.count("/") > FEDERAL_DEPTH
    return answered.rests_on(warned.disputes)


def _instrument(provision: str) -> str:
    return provision.partition("#")[0]


def order_of(risk: Risk, asked: Collection[str]) -> str:
    """What the risks of a decision are sorted by: digits, then the provisions."""
    warned = risk.warned
    is_asked = any(action in asked if asked else action not in BEYOND_ACTIONS for action in risk.actions)
    digits = (
        not risk.counts,
        not warned.constitutional or warned.maybe,
        not is_asked,
        weight_of(risk),
        warned.maybe,
        not warned.constitutional,
    )
    age = LAST_DAY_NUMBER - int(warned.since.replace("-", "") or 0)
    return "".join([*(str(int(digit)) for digit in digits), f"{age:08d}", "\0".join(risk.provisions)])


def weight_of(risk: Risk) -> int:
    """The place of a warning's topic, with its force: the lower, the more it weighs."""
    if risk.disputes_answer:
        return TOPIC_ORDER["authority"]
    if risk.warned.topic in WEIGHTY and risk.warned.force == "persuasive":
        return POSSIBLY_PERSUASIVE_ORDER if risk.warned.maybe else PERSUASIVE_ORDER
    if risk.warned.topic in SMALL and risk.warned.maybe:
        return POSSIBLE_FORM_ORDER
    return TOPIC_ORDER[risk.warned.topic]


def risks_of(answers: Answers, asked: Collection[str]) -> list[Risk]:
    """All warnings of a decision's answers, ranked."""
    warnings = [(action, warned) for action, answer in answers.items() for warned in answer.warnings]
    answered = {action: Answered(answer.outcome, answer.determining) for action, answer in answers.items()}
    return rank_risks(warnings, answered, asked)
