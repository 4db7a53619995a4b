"""Rows with the same answers to every question of the law: each such class is explained once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from comity.decision import grounds
from comity.decision.explain import Explainer, given_by
from comity.decision.missing import missing_facts
from comity.decision.reasoner import Truths
from comity.engine.outcome import Outcome, outcome_of
from comity.engine.questions.questions import Questions
from comity.facts.kinds import KnownList, Records, Value


class Answer(Struct, frozen=True, kw_only=True):
    """The answer for one action: the outcome, those possible, what determines it, and the facts that it depends on."""

    outcome: Outcome
    possible: tuple[Outcome, ...]
    determining: tuple[str, ...]
    missing: tuple[str, ...]


def compared_facts(asked: Questions) -> tuple[str, ...]:
    """The facts that some question compares with others. Rows of a class agree in which of them are known."""
    return tuple(sorted({path for split in asked.splits if len(split.facts) > 1 for path in split.facts}))


def asked_lists(asked: Questions) -> tuple[str, ...]:
    """The lists that some question reads. Rows of a class agree in which of them are known whole."""
    paths = {path for split in asked.splits for path in split.facts}
    return tuple(sorted(path for path in paths if isinstance(asked.stack.vocabulary.kind(path), Records)))


def answers_of(answers: tuple[int, ...], values: Mapping[str, Value], explainer: Explainer) -> dict[str, Answer]:
    """The answers of a class of rows, by action, from the answers to the questions; `values` are those of one row of it."""
    asked = explainer.asked
    truths = given_by(asked, range(len(answers)), answers)
    found = {}
    for action, possible in explainer.outcomes(answers).items():
        found[action] = Answer(
            outcome=outcome_of(possible),
            possible=possible,
            determining=grounds.determining(explainer.reasoner, action, truths, possible),
            missing=_missing(action, possible, values=values, truths=truths, explainer=explainer),
        )
    return found


def _missing(
    action: str,
    possible: Sequence[Outcome],
    *,
    values: Mapping[str, Value],
    truths: Truths,
    explainer: Explainer,
) -> tuple[str, ...]:
    """The facts that an outcome depends on, most decisive first; lists as a whole, since rows of a class differ in records."""
    if len(possible) == 1:
        return ()
    asked = explainer.asked
    turns_on = [asked.splits[index] for index in sorted(explainer.diagrams.turns_on(action, truths))]
    whole = {
        path: KnownList((), value.whole) if isinstance(value, KnownList) else value for path, value in values.items()
    }
    ranked = [missing.fact for missing in missing_facts(explainer.reasoner, action, whole, truths)]
    lists = {path for split in turns_on for path in split.facts if isinstance(values.get(path), KnownList)}
    return (*ranked, *sorted(lists - {*ranked}))
