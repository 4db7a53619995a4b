"""The questions of a stack as JSON: how the facts of a request settle each, as the number of an answer."""

from __future__ import annotations

from typing import Any

from comity.engine.browser.syntax_json import condition_json, operand_json
from comity.engine.questions.splits import QUANTIFIERS, Atom, Split, is_day_against_itself, spans_of, truths_by_value
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.language import syntax
from comity.language.evaluate import Known, truth
from comity.law.life import is_force


def question_json(split: Split, vocabulary: Vocabulary) -> dict[str, Any]:
    """One question: `asks` says of which form it is, `facts` what settles it, `answers` how many answers there are."""
    return {"facts": list(split.facts), "answers": len(split.answers), **_form_of(split, vocabulary)}


def _form_of(split: Split, vocabulary: Vocabulary) -> dict[str, Any]:
    atom = split.atoms[0]
    match atom:
        case syntax.Member(syntax.Text(item), syntax.Fact(path)):
            return {"asks": "member", "fact": path, "item": item}
        case syntax.Exists(over, _, body):
            return {"asks": "records", "list": over.path, "number": 1, "body": condition_json(body)}
        case syntax.Count(over, _, body, _, syntax.Integer(number)):
            return {"asks": "records", "list": over.path, "number": number, "body": condition_json(body)}
    assert not isinstance(atom, (*QUANTIFIERS, syntax.Member)), atom
    if len(split.facts) == 1 and not is_day_against_itself(atom):
        return _of_value(split, split.facts[0], vocabulary)
    assert isinstance(atom, syntax.Compare), atom
    return {"asks": "sides", "left": operand_json(atom.left), "right": operand_json(atom.right), "so": _of_sides(split)}


def _of_value(split: Split, path: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """By the value of one fact: `from` has the least value of each answer, or `so` the answer for each value."""
    kind = kinds.Truth() if is_force(path) else vocabulary.kind(path)
    if isinstance(kind, (kinds.Number, kinds.Day)):
        values = spans_of(split.atoms, path, kind, vocabulary).values
        days = isinstance(kind, kinds.Day)
        return {"asks": "span", "fact": path, "from": [value.isoformat() if days else value for value in values]}
    if isinstance(kind, kinds.Truth):
        return {"asks": "value", "fact": path, "so": {"true": _at(split, path, True), "false": _at(split, path, False)}}
    answer_of = {truths: answer for answer, truths in enumerate(split.answers)}
    pairs = truths_by_value(split.atoms, path, vocabulary)
    other: dict[str, int] = {}
    if isinstance(kind, kinds.Text):  # the last value stands for every name that no condition mentions
        other = {"other": answer_of[pairs.pop()[1]]}
    return {"asks": "value", "fact": path, "so": {str(value): answer_of[truths] for value, truths in pairs}, **other}


def _at(split: Split, path: str, value: bool) -> int:
    # The force of an instrument is no fact of the vocabulary: evaluating the atoms needs none.
    known = Known({path: value}, Vocabulary())
    return split.answers.index(tuple(truth(atom, known) is True for atom in split.atoms))


def _of_sides(split: Split) -> list[int]:
    """The answers where the left side is less than, equal to and more than the right one."""
    first = split.atoms[0]
    assert isinstance(first, syntax.Compare)
    if first.operator == "==":
        return [1, 0, 1]
    return [split.answers.index(tuple(_is_true(atom, first, sign) for atom in split.atoms)) for sign in (-1, 0, 1)]


def _is_true(atom: Atom, first: syntax.Compare, sign: int) -> bool:
    """Whether an atom, `left < right` of the first or the same turned around, is true where left minus right has a sign."""
    return sign < 0 if isinstance(atom, syntax.Compare) and atom.left == first.left else sign > 0
