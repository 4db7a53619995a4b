"""Checks the names and kinds in a condition: whether its facts exist, and compare with values of their kind. Never raises.

If nothing is wrong, parts without effect and doubtful day sums are warnings (`language.dead`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from msgspec import Struct

from comity.facts import kinds
from comity.facts.request import DERIVED_DAYS
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, did_you_mean
from comity.language import fitting, syntax
from comity.language.counts import count_faults
from comity.language.dead import dead_branches
from comity.language.kinding import (
    LITERALS,
    OPERANDS,
    ORDERED,
    PLURAL,
    Fault,
    Scope,
    TermShape,
    alike,
    kind_of,
    parts,
)
from comity.language.parse import MAX_DEPTH, Parsed
from comity.language.show import show

ASKED = "asked"
DEPTH_MAX = 2 * MAX_DEPTH  # the parser's bound counts brackets, not the parts of a sum
FAULTS_MAX = 100  # of one condition
MOMENT_DAYS = {moment: day for day, moment in DERIVED_DAYS.items()}


class Known(Struct, frozen=True):
    """The names that a condition may use: facts, terms and params."""

    vocabulary: Vocabulary
    terms: Mapping[str, TermShape]
    params: Mapping[str, kinds.Kind]


def check(parsed: Parsed, known: Known, variable: str = "", over: str = "", actions: bool = True) -> list[Finding]:
    """The faults of a condition. `variable` is the parameter of the term that it defines, applied to the list `over`.

    Without `over`, the parameter is taken to be a record of the list, or a member of the set, that fits the term best.
    `asked` is allowed where `actions` is true.
    """
    deep = next((node for node, depth in parts(parsed.condition) if depth > DEPTH_MAX), None)
    if deep is not None:
        help = "define a term for an inner part"
        return _placed(parsed, [Fault(deep, "too-deep", f"this is more than {DEPTH_MAX} levels deep", help)])
    vocabulary = known.vocabulary
    plural = [path for path in vocabulary.facts if isinstance(vocabulary.kind(path), PLURAL)]
    paths = plural if variable and not over else [over]
    scopes = [Scope(vocabulary, known.params, {variable: path} if variable else {}) for path in paths or [""]]
    faults = [_Check(known, scope, actions).faults_of(parsed.condition) for scope in scopes]
    best = min(range(len(scopes)), key=lambda index: len(faults[index]))
    return _placed(parsed, faults[best] or islice(dead_branches(parsed.condition, scopes[best]), FAULTS_MAX + 1))


def _placed(parsed: Parsed, faults: Iterable[Fault]) -> list[Finding]:
    findings: list[Finding] = []
    for number, fault in enumerate(faults):
        place, excerpt = parsed.where(fault.node)
        if number == FAULTS_MAX:
            message = f"there are more faults than the {FAULTS_MAX} listed, from here on"
            return [*findings, Finding("more-faults", place, message, "", fault.grave, excerpt)]
        findings.append(Finding(fault.code, place, fault.message, fault.help, fault.grave, excerpt))
    return findings


class _Check:
    """One pass over one condition; `scope` changes inside quantifiers."""

    def __init__(self, known: Known, scope: Scope, actions: bool) -> None:
        self.known, self.scope, self.actions = known, scope, actions
        self.quantified = bool(scope.variables)
        self.faults: list[Fault] = []

    def faults_of(self, condition: syntax.Condition) -> list[Fault]:
        self.condition(condition)
        return self.faults

    def fault(self, code: str, node: syntax.Node, message: str, help: str = "") -> None:
        self.faults.append(Fault(node, code, message, help))

    def condition(self, node: syntax.Condition) -> None:
        if len(self.faults) > FAULTS_MAX:
            return
        match node:
            case syntax.Truth():
                return
            case syntax.Not(body):
                self.condition(body)
            case syntax.And(inner) | syntax.Or(inner):
                for part in inner:
                    self.condition(part)
            case syntax.Fact() | syntax.Field():
                self.truth(node)
            case syntax.Term():
                self.term(node)
            case syntax.Compare():
                self.compare(node)
            case syntax.Among():
                self.among(node)
            case syntax.Member():
                self.member(node)
            case syntax.Exists() | syntax.All() | syntax.Count():
                self.quantifier(node)

    def truth(self, node: syntax.Fact | syntax.Field) -> None:
        kind = self.operand(node)
        if kind is not None and not isinstance(kind, kinds.Truth):
            message = f"{show(node)} is {kind}, and a condition is needed here"
            self.fault("not-a-truth", node, message, fitting.as_condition(show(node), kind))

    def term(self, node: syntax.Term) -> None:
        shape = self.known.terms.get(node.name)
        if shape is None:
            self.no_term(node)
        elif shape.parameter and not node.argument:
            help = f"write {node.name}(c) inside a quantifier, with its variable"
            self.fault("term-use", node, f'the term "{node.name}" applies to a record', help)
        elif not shape.parameter and node.argument:
            self.fault("term-use", node, f'the term "{node.name}" does not apply to a record', f"write {node.name}")
        elif node.argument:
            self.applied(node, shape)
        elif shape.quantified and self.quantified:
            message = f'the term "{node.name}" contains a quantifier, and is used inside another'
            self.fault("nested", node, message, "join it to the outer quantifier with && or ||")

    def no_term(self, node: syntax.Term) -> None:
        kind = self.known.vocabulary.kind(node.name)
        if node.name == ASKED and node.argument:
            self.fault("asked", node, '"asked" is about the action, not about a record', "write asked")
        elif node.name == ASKED and not self.actions:
            help = "only the condition of a provision about an action can use it"
            self.fault("asked", node, '"asked" has no meaning here', help)
        elif kind is not None and not node.argument:
            # a single word is closed as a term, so even a truth fact of one word would always be false
            message = f"{node.name} is {kind}, and a condition is needed here"
            self.fault("not-a-truth", node, message, fitting.as_condition(node.name, kind))
        elif node.name != ASKED:
            names = (*self.known.terms, *(() if node.argument else (*self.known.vocabulary.facts, ASKED)))
            help = did_you_mean(node.name, names) or "define it, or name its instrument under `uses`"
            self.fault("unknown-term", node, f'there is no term "{node.name}"', help)

    def applied(self, node: syntax.Term, shape: TermShape) -> None:
        """A term may only read fields of the list that its record comes from."""
        over = self.scope.variables.get(node.argument, "")
        kind = self.known.vocabulary.kind(over)
        has = kind.fields if isinstance(kind, kinds.Records) else {}
        for field in sorted(shape.fields - has.keys()) if kind is not None else ():
            message = f'the term "{node.name}" reads the field "{field}", which {over} does not have'
            self.fault("term-use", node, message, did_you_mean(field, has) or "define another term for it")

    def operand(self, node: syntax.Node) -> kinds.Kind | None:
        """The kind of a value; None, with a finding, if it has none or a name in it is unknown."""
        match node:
            case syntax.Fact(path):
                return self.fact(node, path)
            case syntax.Field(variable, name):
                return self.field(node, variable, name)
            case syntax.Item(variable):
                return self.item(node, variable)
            case syntax.Param(name):
                if name not in self.known.params:
                    help = did_you_mean(name, self.known.params) or "give its values in a block `yaml params`"
                    self.fault("unknown-param", node, f'there is no param "{name}"', help)
                return self.known.params.get(name)
            case syntax.Sum():
                return self.sum(node)
            case syntax.Shift():
                return self.shift(node)
            case syntax.Truth() | syntax.Integer() | syntax.Text() | syntax.Day():
                return kind_of(node, self.scope)
            case _:
                self.no_value(node, node)
                return None

    def no_value(self, node: syntax.Node, around: syntax.Node) -> None:
        name = node.name if isinstance(node, syntax.Term) else ""
        words = (*self.known.vocabulary.facts, *(f"params.{param}" for param in self.known.params))
        help = f"write params.{name}" if name in self.known.params else did_you_mean(name, words)
        self.fault("not-a-value", around, "a value is needed here, not a condition", help)

    def fact(self, node: syntax.Fact, path: str) -> kinds.Kind | None:
        vocabulary = self.known.vocabulary
        kind = vocabulary.kind(path) if "[]" not in path else None
        owner, _, name = path.rpartition(".")
        above = vocabulary.kind(owner)
        if isinstance(kind, kinds.Moment):
            self.moment(node, path, MOMENT_DAYS.get(path, ""))
            return None
        if isinstance(above, kinds.Records) and kind is None:
            help = f"write {owner}.exists(x, ...) and x.{name} inside it"
            self.fault("unknown-fact", node, f"{owner} is a list, so it has no fields outside a quantifier", help)
        elif above is not None and kind is None:
            help = fitting.as_condition(owner, above, name)
            self.fault("unknown-fact", node, f"{owner} is {above}, which has no fields", help)
        elif kind is None:
            self.fault("unknown-fact", node, f'there is no fact "{path}"', did_you_mean(path, self.names()))
        return kind

    def names(self) -> list[str]:
        """The names with a dot that can be used here."""
        over = [(variable, self.scope.over(variable)) for variable in self.scope.variables]
        fields = [
            f"{variable}.{name}" for variable, kind in over if isinstance(kind, kinds.Records) for name in kind.fields
        ]
        return [*fields, *self.known.vocabulary.facts]

    def moment(self, node: syntax.Node, path: str, day: str) -> None:
        help = f"use {day}" if day else "ask for a day; hours are counted by `limits` and `obliges`"
        self.fault("moment", node, f"{path} is a moment, and conditions see local days", help)

    def field(self, node: syntax.Field, variable: str, name: str) -> kinds.Kind | None:
        kind, over = self.scope.over(variable), self.scope.variables.get(variable, "")
        if not isinstance(kind, kinds.Records):
            message = f'"{variable}" is a member of {over}' if kind else f'"{variable}" is not a record here'
            help = (
                fitting.as_condition(variable, kinds.Choice(kind.members), name) if isinstance(kind, kinds.Set) else ""
            )
            self.fault("unknown-field", node, f"{message}, so it has no fields", help)
            return None
        if name not in kind.fields:
            help = did_you_mean(name, kind.fields) or f"it has {', '.join(kind.fields)}"
            self.fault("unknown-field", node, f'a record of {over} has no field "{name}"', help)
        elif isinstance(kind.fields[name], kinds.Moment):
            day = f"{name.removesuffix('_at')}_on"
            self.moment(node, show(node), f"{variable}.{day}" if isinstance(kind.fields.get(day), kinds.Day) else "")
            return None
        return kind.fields.get(name)

    def item(self, node: syntax.Item, variable: str) -> kinds.Kind | None:
        kind = self.scope.over(variable)
        if isinstance(kind, kinds.Records):
            help = f"name one of its fields, as in {variable}.{next(iter(kind.fields), 'field')}"
            self.fault("record", node, f'"{variable}" is a record, not a value', help)
        elif kind is None:
            self.fault("record", node, f'"{variable}" is not defined here', "a quantifier names the variable first")
        return kind_of(node, self.scope)

    def part(self, node: syntax.Node, wanted: kinds.Kind, around: syntax.Node) -> kinds.Kind | None:
        """The kind of a part of `around` that must be a number or a day; None, with a finding, if it is neither."""
        if not isinstance(node, OPERANDS):
            self.no_value(node, node if isinstance(node, syntax.Term) else around)
            return None
        kind = self.operand(node)
        if kind is None or type(kind) is type(wanted):
            return kind
        self.fault("kind", node, f"{show(node)} is {kind}, and {wanted} is needed here", fitting.as_value(node, wanted))
        return None

    def number(self, node: syntax.Node, around: syntax.Node) -> kinds.Number | None:
        kind = self.part(node, kinds.Number(), around)
        return kind if isinstance(kind, kinds.Number) else None

    def sum(self, node: syntax.Sum) -> kinds.Kind | None:
        left, right = self.number(node.left, node), self.number(node.right, node)
        if left is None or right is None:
            return None
        if not alike(left, right):
            message = f"{show(node.left)} is {left}, and {show(node.right)} is {right}"
            self.fault("unit", node, message, "add up what counts the same")
            return None
        return kinds.Number(left.unit or right.unit)

    def shift(self, node: syntax.Shift) -> kinds.Kind | None:
        day, amount = self.part(node.day, kinds.Day(), node), self.number(node.amount, node)
        if day is None or amount is None:
            return None
        if isinstance(node.amount, (syntax.Integer, syntax.Param)):
            return day
        if node.unit != "days" or isinstance(node.amount, syntax.Sum):
            words = "a literal, a param or a fact" if node.unit == "days" else "a literal or a param"
            help = "only days(...) takes a fact" if node.unit != "days" else "shift the day twice instead"
            self.fault("shift", node.amount, f"{node.unit}(...) takes {words}", help)
        elif not alike(amount, kinds.Number("days")):
            self.fault("unit", node.amount, f"{show(node.amount)} is {amount}, not of days", "name a number of days")
        return day

    def compare(self, node: syntax.Compare) -> None:
        left, right = node.left, node.right
        if isinstance(left, LITERALS) and isinstance(right, LITERALS):
            self.fault("literals", node, "two literals are compared", "compare a fact with a literal")
            return
        one, other = self.operand(left), self.operand(right)
        if one is None or other is None:
            return
        for side, kind, beside in ((left, one, right), (right, other, left)):
            if isinstance(kind, PLURAL):
                help = fitting.as_condition(show(side), kind, beside.value if isinstance(beside, syntax.Text) else "")
                self.fault("kind", node, f"{show(side)} is {kind}, which cannot be compared", help)
                return
        if isinstance(left, syntax.Text):
            self.text(left, right, other)
        elif isinstance(right, syntax.Text):
            self.text(right, left, one)
        else:
            self.like(node, one, other)
        if node.operator not in ("==", "!=") and not isinstance(one, ORDERED) and not isinstance(other, ORDERED):
            unordered = one if isinstance(right, LITERALS) else other
            self.fault("order", node, f"{unordered} has no order", "use == or !=")

    def like(self, node: syntax.Compare, one: kinds.Kind, other: kinds.Kind) -> None:
        if alike(one, other):
            return
        both_kinds = f"{show(node.left)} is {one}, and {show(node.right)} is {other}"
        if isinstance(one, kinds.Choice) and isinstance(other, kinds.Choice):
            message = f"{show(node.left)} and {show(node.right)} are different choices"
            self.fault("kind", node, message, "compare each with one of its own members")
        elif isinstance(one, kinds.Number) and isinstance(other, kinds.Number):
            self.fault("unit", node, both_kinds, "compare what counts the same")
        else:
            wanted, side = (one, node.right) if isinstance(node.right, LITERALS) else (other, node.left)
            self.fault("kind", node, both_kinds, fitting.as_value(side, wanted))

    def text(self, text: syntax.Text, beside: syntax.Operand, kind: kinds.Kind) -> None:
        """A text compared with a choice must be one of its members; otherwise it must be compared with a name."""
        if isinstance(kind, kinds.Choice):
            if text.value not in kind.members:
                help = fitting.one_of(text.value, kind.members, self.known.vocabulary)
                self.fault("unknown-choice", text, f'there is no choice "{text.value}" of {show(beside)}', help)
        elif not isinstance(kind, kinds.Text):
            self.fault(
                "kind", text, f"{show(beside)} is {kind}, and {show(text)} is a text", fitting.as_value(text, kind)
            )

    def among(self, node: syntax.Among) -> None:
        if isinstance(node.item, LITERALS):
            self.fault("literals", node, "a literal is looked up among literals", "look up a fact")
            return
        kind = self.operand(node.item)
        if kind is None:
            return
        if not isinstance(kind, (kinds.Number, kinds.Choice, kinds.Text)):
            help = fitting.as_condition(show(node.item), kind)
            self.fault("kind", node, f"{show(node.item)} is {kind}, which cannot be looked up in a list", help)
            return
        for member in node.members:
            if isinstance(member, syntax.Text):
                self.text(member, node.item, kind)
            elif not isinstance(kind, kinds.Number):
                message = f"{show(node.item)} is {kind}, and {show(member)} is a whole number"
                self.fault("kind", member, message, fitting.as_value(member, kind))

    def member(self, node: syntax.Member) -> None:
        kind, of = self.operand(node.of), show(node.of)
        item = None if isinstance(node.item, syntax.Text) else self.operand(node.item)
        if kind is None:
            return
        if not isinstance(kind, kinds.Set):
            text = node.item.value if isinstance(node.item, syntax.Text) else ""
            self.fault("kind", node, f"{of} is {kind}, not a set", fitting.as_condition(of, kind, text))
        elif isinstance(node.item, syntax.Text) and node.item.value not in kind.members:
            help = fitting.one_of(node.item.value, kind.members, self.known.vocabulary)
            self.fault("unknown-choice", node.item, f'there is no member "{node.item.value}" of {of}', help)
        elif item is not None and item != kinds.Choice(kind.members):
            self.fault("kind", node, f"{show(node.item)} and {of} have different members", "name a member in quotes")

    def quantifier(self, node: syntax.Quantifier) -> None:
        if isinstance(node, syntax.Count):
            self.faults += count_faults(node, self.known.vocabulary.kind(node.over.path))
            self.number(node.number, node)
        kind = self.fact(node.over, node.over.path)
        if kind is None:
            return
        if not isinstance(kind, PLURAL):
            help = fitting.as_condition(node.over.path, kind)
            self.fault("kind", node, f"{node.over.path} is {kind}, neither a list nor a set", help)
            return
        outer, self.scope, self.quantified = self.scope, self.scope.within(node.variable, node.over.path), True
        self.condition(node.body)
        self.scope, self.quantified = outer, False
