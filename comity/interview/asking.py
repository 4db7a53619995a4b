"""Asks for a request question by question, the most decisive first, and only what the answers still depend on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from comity.clock.hold import STARTS, starts_of
from comity.decision.answer import ActionAnswer, Missing
from comity.decision.decision import Decision
from comity.decision.incoming import FORM, Incoming, find_forms_out_of_use, incoming
from comity.decision.local_times import read_local
from comity.decision.missing import place_of
from comity.decision.request import decided_of, prepared_for
from comity.decision.words import shorten_action
from comity.facts import kinds
from comity.facts.document import as_json
from comity.facts.kinds import KnownList, Value
from comity.finding import Finding, Place, grave, phrase
from comity.intake.words import find_places
from comity.interview.answers import Choice, Question, read_answer
from comity.language import syntax
from comity.language.nodes import nodes_in
from comity.law.instrument import BEYOND_ACTIONS
from comity.law.library import Library

QUESTIONS_MAX = 60  # of one request; the officer may stop at any of them
PLACES_MAX = 9
PLACE, AT = "place", "at"
PLACE_HELP = "write the county and the State, as in Harris County, Texas, or a path, as in us/tx/harris"


class Answers(Struct, frozen=True):
    """What was answered: the place, the facts by path, what is `asked` already, and the places `offered` for a name."""

    place: str = ""
    values: dict[str, Value] = {}
    asked: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


class Interview:
    """The questions about one request. `now` is the moment of the decision where `at` is empty.

    `question` is the next question, or None where nothing that is left to ask matters. `answer` takes a text; an empty one says
    that it is not known. `undo` takes the last answer back. Everything is decided again after each answer.
    """

    def __init__(self, library: Library, now: datetime, place: str = "", at: str = "") -> None:
        self.library, self.now, self.at = library, now, at
        self.history: list[Answers] = []
        self.answers = Answers()
        self.arrived: Incoming | None = None
        self.decision: Decision | None = None
        self.faults: list[Finding] = []
        if place:
            self.faults = self._settle(Answers(place=place))
            self.history.clear()  # a place that was given is not asked for again

    @property
    def question(self) -> Question | None:
        """The next question; None where nothing is left that matters, or QUESTIONS_MAX were asked."""
        if self.arrived is None or self.decision is None:
            return self._place_question()
        if len(self.answers.asked) >= QUESTIONS_MAX:
            return None
        fact, decides = self._next_fact(self.decision)
        return self._question_about(fact, decides) if fact else None

    def answer(self, text: str) -> list[Finding]:
        """Takes the answer to the question. A grave finding says why it was not taken; others say how it was read."""
        question = self.question
        assert question is not None
        if self.arrived is None:
            return self._answer_place(text)
        asked = (*self.answers.asked, question.fact)
        if not text.strip():
            return self._settle(structs.replace(self.answers, asked=asked))
        value, findings = read_answer(
            text, question, self.library.vocabulary, self.arrived.where.zone, self._not_suggested()
        )
        if value is None:
            return findings
        values = _with_value(self.answers.values, question.fact, value)
        return [*findings, *self._settle(structs.replace(self.answers, values=values, asked=asked))]

    def undo(self) -> bool:
        """Takes the last answer back; false where there is none."""
        if not self.history:
            return False
        before = self.history.pop()
        self._settle(before)
        self.history.pop()
        return True

    def document(self) -> dict[str, Any]:
        """The request as JSON, as `comity decide` reads it; a fact that is not known is absent."""
        at = self.arrived.request.at.isoformat() if self.arrived else self.at
        document: dict[str, Any] = {PLACE: self.answers.place, AT: at}
        for path, value in self.answers.values.items():
            section, _, name = path.rpartition(".")
            inside = document.setdefault(section, {}) if section else document
            inside[name] = as_json(value)
        return document

    def _settle(self, answers: Answers) -> list[Finding]:
        """Decides the request with these answers, and takes them where that is possible."""
        before, self.answers = self.answers, answers
        arrived, decision, findings = None, None, list[Finding]()
        if answers.place:
            arrived, findings = incoming({**self.document(), AT: self._moment()}, self.library, "")
            if arrived is None:
                self.answers = before
                return list(grave(findings))
            decision = decided_of(arrived, self.library, "")
        self.arrived, self.decision = arrived, decision
        self.history.append(before)
        return []

    def _moment(self) -> str:
        """The moment of the decision, in local time; a text that is no local time stays as it is."""
        where = self.library.gazetteer.named(self.answers.place)
        if where is None:
            return self.at
        now = self.now.astimezone(ZoneInfo(where.zone)).isoformat()
        return str(read_local(self.at, where.zone, AT, "", []) or self.at) if self.at else now

    def _place_question(self) -> Question:
        names = {word.word: word.means for path in self.answers.offered for word in self._places(path)}
        choices = tuple(Choice(path, names.get(path, path)) for path in self.answers.offered)
        return Question(PLACE, "Which county, city or State decides?", kinds.Text(), choices)

    def _places(self, text: str) -> list[Any]:
        return [word for word in find_places(text, self.library.gazetteer) if word.word.count("/") > 0]

    def _answer_place(self, text: str) -> list[Finding]:
        """A path, a name, or a number of the places that were offered for a name."""
        words, offered = text.strip(), self.answers.offered
        number = int(words) if words.isdecimal() and len(words) < len("100") else 0
        if 0 < number <= len(offered):
            words = offered[number - 1]
        named = self.library.gazetteer.named(words) if words else None
        if named is None and words:
            found = self._places(words)
            exact = [word for word in found if word.means.casefold().startswith(f"{words.casefold()},")]
            found = exact if len(exact) == 1 else found
            if len(found) > 1:
                paths = tuple(word.word for word in found[:PLACES_MAX])
                self.history.append(self.answers)
                self.answers = structs.replace(self.answers, offered=paths)
                return [_not_one_place(words, len(found))]
            named = self.library.gazetteer.named(found[0].word) if found else None
        if named is None:
            help = self.library.gazetteer.suggestion(words) or PLACE_HELP
            message = phrase('there is no place "{}"', words) if words else phrase("a place is needed")
            return [Finding("unknown-place", Place(PLACE), message, phrase("{help}", help=help))]
        return self._settle(Answers(place=named.path))

    def _not_suggested(self) -> dict[str, tuple[str, ...]]:
        assert self.arrived is not None
        return dict(find_forms_out_of_use(self.library, self.arrived.where, self.arrived.request.at))

    def _next_fact(self, decision: Decision) -> tuple[str, tuple[str, ...]]:
        """The fact to ask for, and the actions that it may decide; empty where nothing is left that matters."""
        asked = {*self.answers.asked}
        firsts: dict[str, list[tuple[str, Missing]]] = {}
        for action, answer in decision.actions.items():
            item = next((item for item in self._askable(answer) if item.fact not in asked), None)
            if item:
                firsts.setdefault(item.fact, []).append((action, item))
        order = self.library.vocabulary
        best = min(firsts, key=lambda fact: (*_weight(firsts[fact]), place_of(fact, order)), default="")
        if FORM not in asked and FORM not in self.answers.values:
            return FORM, tuple(action for action, _ in firsts.get(FORM, ()))
        if best:
            return best, tuple(action for action, _ in firsts[best])
        return next((fact for fact in self._starts(decision) if fact not in asked), ""), ()

    def _askable(self, answer: ActionAnswer) -> Iterable[Missing]:
        """The missing facts that a request can state, and the same field of records equal to the one that is named."""
        for item in answer.missing:
            listed, bracket, rest = item.fact.partition("[")
            if listed not in self.library.vocabulary.entries:
                continue  # whether an instrument was in force is not for the request to state
            yield item
            known = self.answers.values.get(listed)
            index, _, name = rest.partition("].")
            if bracket and item.alike > 1 and isinstance(known, KnownList):
                for other, record in enumerate(known.items):
                    if record == known.items[int(index)] and other != int(index):
                        yield structs.replace(item, fact=f"{listed}[{other}].{name}")

    def _starts(self, decision: Decision) -> Iterable[str]:
        """The moments from which the limits on a hold run, where they are not known and a hold may be made."""
        if decision.outcome("hold") in ("forbidden", "unaddressed") or self.arrived is None:
            return
        stack = prepared_for(self.arrived, self.library).stack
        for limited in decision.limits:
            limit = stack.provisions[limited.provision].limit
            if limit and not limited.until:
                starts = (STARTS[start][0] for start in starts_of(limit))
                yield from (fact for fact in starts if fact not in self.answers.values)

    def _question_about(self, fact: str, decides: tuple[str, ...]) -> Question:
        listed, bracket, rest = fact.partition("[")
        index, _, name = rest.partition("].")
        entry = self.library.vocabulary.entries[f"{listed}[].{name}" if bracket else fact]
        parent = self.library.vocabulary.entries[listed]
        known = self.answers.values.get(listed)
        several = isinstance(known, KnownList) and len(known.items) > 1
        record = f"{parent.item.capitalize()} {int(index) + 1}" if bracket and several else ""
        if isinstance(known, KnownList) and record:
            record = f"{record} of {len(known.items)}"
        return Question(
            fact, entry.question, entry.kind, self._choices(entry.path, entry.words), record, entry.form, entry.source,
            tuple(shorten_action(action) for action in decides),
        )  # fmt: skip

    def _choices(self, path: str, words: Mapping[str, str]) -> tuple[Choice, ...]:
        """The members in use on the day; of the legal classes, those that the law in force there names."""
        left_out: Collection[str] = self._not_suggested().get(path, ())
        if path == "request.asks":
            left_out = (*left_out, *BEYOND_ACTIONS)  # the interview is about a detainer
        if path.endswith("[].classes"):
            named = self._members_named()
            left_out = tuple(member for member in words if member not in named)
        return tuple(Choice(member, text) for member, text in words.items() if member not in left_out)

    def _members_named(self) -> set[str]:
        """The members that the questions of the law in force name."""
        assert self.arrived is not None
        splits = prepared_for(self.arrived, self.library).explainer.asked.splits
        nodes = (node for split in splits for atom in split.atoms for node in nodes_in(atom))
        return {node.value for node in nodes if isinstance(node, syntax.Text)}


def _weight(items: list[tuple[str, Missing]]) -> tuple[float, ...]:
    """The sort key of a fact: it decides more actions, and removes more outcomes from them."""
    least = sum(item.removes_at_least for _, item in items)
    average = sum(item.removes_on_average for _, item in items)
    return -len(items), -least, -average


def _with_value(values: Mapping[str, Value], fact: str, value: Value) -> dict[str, Value]:
    """The facts with one more, which may be a field of a record."""
    listed, bracket, rest = fact.partition("[")
    known = values.get(listed)
    if not bracket or not isinstance(known, KnownList):
        return {**values, fact: value}
    index, _, name = rest.partition("].")
    changed: Any = [dict(item) for item in known.items]
    changed[int(index)][name] = value
    return {**values, listed: KnownList(tuple(changed), known.whole)}


def _not_one_place(words: str, count: int) -> Finding:
    message = phrase('"{}" names {count} places', words, count=count)
    help = (
        phrase("choose one by its number, or name its State") if count <= PLACES_MAX else phrase("name its State, too")
    )
    return Finding("ambiguous-place", Place(PLACE), message, help)
