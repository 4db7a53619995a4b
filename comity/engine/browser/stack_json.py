"""A stack as JSON, from which `engine.js` answers requests: questions, diagrams, effects, obligations, limits, citations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from comity.clock.durations import RUNS_FROM, due, in_words
from comity.clock.hold import STARTS
from comity.engine.browser.questions_json import question_json
from comity.engine.questions.diagram import Diagrams
from comity.engine.questions.making import Diagram, Node
from comity.engine.questions.questions import DECIDING
from comity.facts import kinds
from comity.facts.document import as_json
from comity.facts.request import DERIVED_DAYS
from comity.intake.form import HOLD_FORMS, NOTICE_FORMS, asked_by_form
from comity.language import syntax
from comity.language.sentence import clause
from comity.law.in_force import SetAside
from comity.law.instrument import ACTIONS, BEYOND_ACTIONS, DEEDS, RECEIVING, Effect
from comity.law.life import is_force, name_forces, question_about_force
from comity.law.precedence import OrderedEffect, Yielding
from comity.period import day_of

FORMAT = 1
ASKS, FORM = "request.asks", "request.form"


class StackWriter:
    """Writes one stack. A caller may first add conditions of its own, such as those of warnings, by `status`."""

    def __init__(self, diagrams: Diagrams) -> None:
        self.diagrams, self.asked = diagrams, diagrams.asked
        self.stack = diagrams.asked.stack
        self.nodes: list[list[int]] = []
        self.number_of: dict[int, int] = {}

    def root(self, diagram: Diagram) -> int:
        """Where a diagram starts: the number of its node, or for a leaf the complement (`~`) of its bits.

        A node comes after those below it. It has the number of its question, then where the branch of each answer leads.
        """
        pending = [diagram]
        while pending:
            node = pending[-1]
            if isinstance(node, int) or id(node) in self.number_of:
                pending.pop()
            elif below := [part for part in node.branches if isinstance(part, Node) and id(part) not in self.number_of]:
                pending += below
            else:
                self.number_of[id(node)] = len(self.nodes)
                self.nodes.append([node.split, *map(self._reference, node.branches)])
        return self._reference(diagram)

    def _reference(self, diagram: Diagram) -> int:
        return ~diagram if isinstance(diagram, int) else self.number_of[id(diagram)]

    def status(self, condition: syntax.Condition) -> int:
        """Where the diagram starts that says whether a condition is true; `Stack.status` in the script follows it."""
        return self.root(self.diagrams.applies(condition))

    def document(self) -> dict[str, Any]:
        """The stack as JSON. Lists of questions and effects are named by their numbers in it."""
        asked, stack = self.asked, self.stack
        actions, beyond = self._actions()
        outcomes = {action: self._action(action) for action in (*actions, *beyond)}
        effects = [self._effect(index) for index in range(len(asked.standing))]
        owed = [self._owed(index) for index, effect in enumerate(asked.standing) if effect.kind in DEEDS]
        limits = [self._limit(index) for index, effect in enumerate(asked.standing) if _limits_holds(effect)]
        return {
            "format": FORMAT, "place": stack.place, "day": stack.day.isoformat(), "version": stack.version,
            "facts": self._facts(), "given": {path: as_json(value) for path, value in stack.facts.items()},
            "derived": {**DERIVED_DAYS}, "asks": _asks_of_forms(), "starts": {name: [*STARTS[name]] for name in STARTS},
            "runs_from": {**RUNS_FROM}, "questions": [question_json(split, stack.vocabulary) for split in asked.splits],
            "actions": actions, "asked_only": [*BEYOND_ACTIONS], "outcomes": outcomes, "effects": effects,
            "obligations": [item for item in owed if item], "limits": [item for item in limits if item],
            "cites": self._cites(), "nodes": self.nodes,
        }  # fmt: skip

    def _actions(self) -> tuple[list[str], list[str]]:
        """The actions that are always answered, and those that law speaks of and that are answered when asked for."""
        spoken_of = {effect.action for effect in self.asked.standing} - {""}
        always = [*ACTIONS, *sorted(spoken_of - {*ACTIONS, *BEYOND_ACTIONS})]
        return always, [action for action in BEYOND_ACTIONS if action in spoken_of]

    def _action(self, action: str) -> dict[str, Any]:
        """One action: its diagram, the questions that its conditions ask, its effects, and what is set aside."""
        return {
            "root": self.root(self.diagrams.of_action(action)),
            "questions": [self.diagrams.place[split] for split in self.asked.splits_of_action(action)],
            "effects": self.asked.of_action(action),
            "set_aside": [[entry.provision, entry.to, entry.reason] for entry in self._set_aside(action)],
        }

    def _set_aside(self, action: str) -> list[SetAside]:
        provisions = self.stack.provisions
        return [
            entry
            for entry in self.stack.set_aside
            if any(_decides(effect, action) for effect in provisions[entry.provision].effects)
        ]

    def _effect(self, index: int) -> dict[str, Any]:
        """One effect; those that decide an action have the diagrams of whether they prevail, and of each that they yield to."""
        effect = self.asked.standing[index]
        plain = {"provision": effect.provision, "kind": effect.kind, "action": effect.action}
        if not effect.action or effect.kind not in DECIDING:
            return plain
        provision = self.stack.provisions[effect.provision]
        return plain | {
            "stands": self.root(self.diagrams.stands(index)),
            "yields": [self._yielding(index, other) for other in effect.yields_to],
            "decider": provision.decider,
            "requires_only": {each.kind for each in provision.effects} == {"requires"},
        }

    def _yielding(self, index: int, other: Yielding) -> list[Any]:
        return [other.to, other.reason, self.root(self.diagrams.yields(index, other.to))]

    def _whether(self, index: int) -> dict[str, Any]:
        """The diagram of whether an effect beside the actions is in effect, and its condition in words."""
        effect = self.asked.standing[index]
        diagram = (
            self.diagrams.stands(index) if effect.yields_to else self.diagrams.applies(self.asked.conditions[index])
        )
        words = name_forces(clause(effect.when, self.stack.vocabulary), self.stack.instruments)
        return {"provision": effect.provision, "when": self.root(diagram), "condition": words}

    def _owed(self, index: int) -> dict[str, Any] | None:
        """An obligation, or what a form asks; None for a provision without one."""
        effect = self.asked.standing[index]
        owed = self.stack.provisions[effect.provision].obligation
        if owed is None:
            return None
        return self._whether(index) | {
            "asked_by_form": effect.kind == "asks", "of_form": self.stack.instruments[effect.instrument].kind == "form",
            "bearer": owed.bearer, "deed": owed.deed, "to": owed.to, "by": due(owed), "ours": owed.bearer in RECEIVING,
            "actions": [*owed.does, *owed.refuses], "sentence": owed.sentence, "after": owed.after,
            "within": owed.within, "calendar": bool(owed.every or owed.by) and not (owed.after or owed.within),
            "last_day": owed.by if day_of(owed.by) else "",
        }  # fmt: skip

    def _limit(self, index: int) -> dict[str, Any] | None:
        """A limit on a hold, with all that the clock needs; None for a provision without one."""
        effect = self.asked.standing[index]
        provision, instrument = self.stack.provisions[effect.provision], self.stack.instruments[effect.instrument]
        limit = provision.limit
        if limit is None:
            return None
        return self._whether(index) | {
            "words": in_words(limit), "federal": instrument.jurisdiction == "us" and not limit.chosen,
            "hours": limit.hours, "clock": limit.clock, "starts": limit.starts, "until": limit.until, "of": limit.of,
            "holidays": [*limit.holidays], "chosen": limit.chosen,
        }  # fmt: skip

    def _cites(self) -> dict[str, dict[str, str]]:
        """The citation, evidence mark and summary of each provision and instrument of the stack."""
        return {name: self._cite(name) for name in sorted({*self.stack.provisions, *self.stack.instruments})}

    def _cite(self, name: str) -> dict[str, str]:
        provision, instruments = self.stack.provisions.get(name), self.stack.instruments
        if provision:
            cite = provision.cite or instruments[provision.instrument].title
            return {"cite": cite, "evidence": provision.evidence, "plain": provision.plain}
        return {
            "cite": instruments[name].title,
            "evidence": instruments[name].evidence,
            "plain": instruments[name].summary,
        }

    def _facts(self) -> list[dict[str, Any]]:
        """The facts that matter here, in the order of the vocabulary; the fields of records follow their list."""
        vocabulary = self.stack.vocabulary
        asked = {path for split in self.asked.splits for path in split.facts}
        moments = {path for pair in STARTS.values() for path in pair} | {*RUNS_FROM.values()} | {*DERIVED_DAYS.values()}
        read = asked | moments | {*DERIVED_DAYS, *self.stack.facts, ASKS, FORM}
        known = [path for path in vocabulary.entries if path.partition("[]")[0] in read]
        rows = [_fact(path, vocabulary.entries[path].kind, vocabulary.entries[path].question) for path in known]
        return [*rows, *map(self._force, sorted(filter(is_force, asked)))]

    def _force(self, path: str) -> dict[str, Any]:
        return _fact(path, kinds.Truth(), question_about_force(path, self.stack.instruments))


def write_stack(diagrams: Diagrams) -> dict[str, Any]:
    """A stack as JSON, from its diagrams; may raise `TooLarge` as these do."""
    return StackWriter(diagrams).document()


def _fact(path: str, kind: kinds.Kind, question: str) -> dict[str, Any]:
    members: Sequence[str] = kind.members if isinstance(kind, (kinds.Choice, kinds.Set)) else ()
    least = {"minimum": kind.minimum} if isinstance(kind, kinds.Number) else {}
    tag = str(kind.__struct_config__.tag)
    return {"path": path, "kind": tag, "question": question, **({"members": [*members]} if members else {}), **least}


def _decides(effect: Effect, action: str) -> bool:
    return effect.action == action and effect.kind in DECIDING


def _limits_holds(effect: OrderedEffect) -> bool:
    return effect.kind == "limits" and effect.action == "hold"


def _asks_of_forms() -> dict[str, Any]:
    forms: Iterable[str] = (*HOLD_FORMS, *NOTICE_FORMS)
    return {form: as_json(asked) for form in forms if (asked := asked_by_form(form))}
