"""Names and kinds: whether a condition asks about what exists, and compares like with like. Never raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, did_you_mean
from comity.language import syntax
from comity.language.dead import dead_branches
from comity.language.kinding import LITERALS, ORDERED, Scope, TermShape, kind_of, plural_kind
from comity.language.parse import Parsed
from comity.language.show import show

ASKED = "asked"
MOMENT_DAYS = {
    "request.received_at": "request.received_on",
    "custody.release_eligible_at": "custody.release_eligible_on",
}


class Known(Struct, frozen=True):
    """The names that a condition may use: facts, terms and params."""

    vocabulary: Vocabulary
    terms: Mapping[str, TermShape]
    params: Mapping[str, kinds.Kind]


def check(parsed: Parsed, known: Known, variable: str = "", over: str = "", actions: bool = True) -> list[Finding]:
    """What is wrong with a condition; `variable` is the parameter of the term it defines, used on the list `over`.

    Without `over`, a term's parameter may be a record of any list that has the fields it reads. `asked` may stand
    where `actions` is true.
    """
    scope = Scope(known.vocabulary, known.params, {variable: over} if variable else {})
    own = _Check(parsed, known, scope, actions)
    own.condition(parsed.condition)
    return [*own.findings, *dead_branches(parsed, scope)]


class _Check:
    """One pass over one condition; `scope` changes inside quantifiers."""

    def __init__(self, parsed: Parsed, known: Known, scope: Scope, actions: bool) -> None:
        self.parsed, self.known, self.scope, self.actions = parsed, known, scope, actions
        self.findings: list[Finding] = []

    def fault(self, code: str, node: syntax.Node, message: str, help: str = "", grave: bool = True) -> None:
        place, excerpt = self.parsed.where(node)
        self.findings.append(Finding(code, place, message, help, grave, excerpt))

    def condition(self, node: syntax.Condition) -> None:
        match node:
            case syntax.Truth():
                return
            case syntax.Not(body):
                self.condition(body)
            case syntax.And(parts) | syntax.Or(parts):
                for part in parts:
                    self.condition(part)
            case syntax.Fact() | syntax.Field():
                self.truth(node)
            case syntax.Term():
                self.term(node)
            case syntax.Compare(operator, left, right):
                self.compare(node, operator, left, right)
            case syntax.Among(item, members):
                self.among(node, item, members)
            case syntax.Member():
                self.member(node)
            case syntax.Exists() | syntax.All() | syntax.Count():
                self.quantifier(node)

    def truth(self, node: syntax.Fact | syntax.Field) -> None:
        kind = self.operand(node)
        if kind is not None and not isinstance(kind, kinds.Truth):
            self.fault("not-a-truth", node, f"{show(node)} is {kind}, and a condition is needed here", "compare it with something")

    def term(self, node: syntax.Term) -> None:
        shape = self.known.terms.get(node.name)
        if shape is None and node.name == ASKED:
            if node.argument:
                self.fault("term-use", node, '"asked" is said of the action, not of a record', "write asked outside the quantifier")
            elif not self.actions:
                self.fault("asked", node, '"asked" has no meaning here', "only a provision about an action can ask for it")
            return
        if shape is None:
            names = [*self.known.terms, *self.known.vocabulary.facts, ASKED]
            self.fault("unknown-term", node, f'there is no term "{node.name}"', did_you_mean(node.name, names))
        elif shape.parameter and not node.argument:
            self.fault("term-use", node, f'the term "{node.name}" is said of a record', f"write {node.name}(c) inside a quantifier")
        elif not shape.parameter and node.argument:
            self.fault("term-use", node, f'the term "{node.name}" takes no record', f"write {node.name}")
        elif node.argument:
            self.applied(node, shape)

    def applied(self, node: syntax.Term, shape: TermShape) -> None:
        """A term's fields must be those of the list that its record comes from."""
        over = self.scope.variables.get(node.argument, "")
        kind = self.known.vocabulary.kind(over) if over else None
        if not isinstance(kind, kinds.Records):
            return
        for field in sorted(shape.fields - kind.fields.keys()):
            message = f'the term "{node.name}" reads the field "{field}", which {over} does not have'
            self.fault("term-use", node, message, did_you_mean(field, kind.fields))

    def operand(self, node: syntax.Operand | syntax.Fact | syntax.Field) -> kinds.Kind | None:
        """The kind of a value; where a name in it is unknown, the finding, and no kind."""
        match node:
            case syntax.Fact(path):
                return self.fact(node, path)
            case syntax.Field(variable, name):
                return self.field(node, variable, name)
            case syntax.Param(name):
                if name not in self.known.params:
                    self.fault("unknown-param", node, f'there is no param "{name}"', did_you_mean(name, self.known.params))
            case syntax.Sum(left, right):
                for side in (left, right):
                    self.must(side, kinds.Number, "a whole number")
            case syntax.Shift():
                self.shift(node)
            case syntax.Item(variable):
                if plural_kind(self.scope.variables.get(variable, ""), self.scope) == "list":
                    help = f"name one of its fields, as in {variable}.offense"
                    self.fault("record", node, f'"{variable}" is a record, not a value', help)
                    return None
        return kind_of(node, self.scope)

    def fact(self, node: syntax.Fact, path: str) -> kinds.Kind | None:
        kind = self.known.vocabulary.kind(path) if "[]" not in path else None
        if kind is None:
            owner, _, field = path.rpartition(".")
            if isinstance(self.known.vocabulary.kind(owner), kinds.Records):
                self.fault("unknown-fact", node, f'"{path}" is a field of a list', f"write {owner}.exists(x, x.{field} ...)")
            else:
                self.fault("unknown-fact", node, f'there is no fact "{path}"', did_you_mean(path, self.known.vocabulary.facts))
        elif isinstance(kind, kinds.Moment):
            day = MOMENT_DAYS.get(path, "")
            self.fault("moment", node, f"{path} is a moment, and conditions see days", f"use {day}" if day else "")
            return None
        return kind

    def field(self, node: syntax.Field, variable: str, name: str) -> kinds.Kind | None:
        over = self.scope.variables.get(variable, "")
        if not over:
            return None  # a term's parameter: its fields are settled where the term is used
        kind = self.known.vocabulary.kind(over)
        if not isinstance(kind, kinds.Records):
            self.fault("unknown-field", node, f'"{variable}" is a member of {over} and has no fields', f"write {variable} alone")
            return None
        if name not in kind.fields:
            self.fault("unknown-field", node, f'a record of {over} has no field "{name}"', did_you_mean(name, kind.fields))
            return None
        if isinstance(kind.fields[name], kinds.Moment):
            self.fault("moment", node, f"{variable}.{name} is a moment, and conditions see days")
            return None
        return kind.fields[name]

    def must(self, node: syntax.Operand, wanted: type[kinds.Kind], words: str) -> None:
        kind = self.operand(node)
        if kind is not None and not isinstance(kind, wanted):
            self.fault("kind", node, f"{show(node)} is {kind}, and {words} is needed here")

    def shift(self, node: syntax.Shift) -> None:
        self.must(node.day, kinds.Day, "a day")
        if node.unit != "days" and not isinstance(node.amount, (syntax.Integer, syntax.Param)):
            self.fault("shift", node, f"{node.unit}(...) takes a literal or a param", "only days(...) takes a fact")
        self.must(node.amount, kinds.Number, "a whole number")

    def compare(
        self, node: syntax.Compare, operator: syntax.Comparison, left: syntax.Operand, right: syntax.Operand
    ) -> None:
        one, other = self.operand(left), self.operand(right)
        if isinstance(left, LITERALS) and isinstance(right, LITERALS):
            self.fault("literals", node, "two literals are compared", "compare a fact with a literal")
            return
        self.literal(left, other)
        self.literal(right, one)
        if one is None or other is None:
            return
        if not _alike(one, other):
            self.fault("kind", node, f"{show(left)} is {one}, and {show(right)} is {other}", "compare like with like")
        elif operator not in ("==", "!=") and not isinstance(one, ORDERED):
            self.fault("order", node, f"{one} has no order", "use == or !=")
        elif isinstance(one, (kinds.Set, kinds.Records)):
            self.fault("kind", node, f"{show(left)} is {one}, which cannot be compared", 'ask for a member: "x" in the set')

    def literal(self, node: syntax.Operand, beside: kinds.Kind | None) -> None:
        """A text beside a choice must be one of its members."""
        members = beside.members if isinstance(beside, kinds.Choice) else ()
        if isinstance(node, syntax.Text) and members and node.value not in members:
            self.fault("unknown-choice", node, f'there is no choice "{node.value}" here', _among(node.value, members))

    def among(self, node: syntax.Among, item: syntax.Operand, members: Iterable[syntax.Text | syntax.Integer]) -> None:
        kind = self.operand(item)
        if kind is None:
            return
        wanted = syntax.Integer if isinstance(kind, kinds.Number) else syntax.Text
        if not isinstance(kind, (kinds.Number, kinds.Choice, kinds.Text)):
            self.fault("kind", node, f"{show(item)} is {kind}, which is not looked for in a list")
            return
        for member in members:
            if not isinstance(member, wanted):
                self.fault("kind", member, f"{show(member)} does not fit: {show(item)} is {kind}")
            else:
                self.literal(member, kind)

    def member(self, node: syntax.Member) -> None:
        kind = self.operand(node.of)
        if kind is None:
            return
        if not isinstance(kind, kinds.Set):
            self.fault("kind", node, f"{show(node.of)} is {kind}, not a set", "use == for a choice")
        elif isinstance(node.item, syntax.Text) and node.item.value not in kind.members:
            text = node.item.value
            self.fault("unknown-choice", node.item, f'"{text}" is no member of {show(node.of)}', _among(text, kind.members))

    def quantifier(self, node: syntax.Quantifier) -> None:
        if isinstance(node, syntax.Count):
            self.count(node)
        kind = self.fact(node.over, node.over.path)
        if kind is None:
            return
        if not isinstance(kind, (kinds.Records, kinds.Set)):
            self.fault("kind", node, f"{node.over.path} is {kind}, neither a list nor a set")
            return
        outer, self.scope = self.scope, self.scope.within(node.variable, node.over.path)
        self.condition(node.body)
        self.scope = outer

    def count(self, node: syntax.Count) -> None:
        if isinstance(node.number, syntax.Integer) and node.number.value < 0:
            self.fault("count", node, "a count is never negative", "compare it with 0 or more")
        self.must(node.number, kinds.Number, "a whole number")


def _among(word: str, members: tuple[str, ...]) -> str:
    return did_you_mean(word, members) or f"one of {', '.join(members)}"


def _alike(one: kinds.Kind, other: kinds.Kind) -> bool:
    """Whether two kinds can be compared: the same, or a text beside a choice, whose members are texts."""
    if isinstance(one, kinds.Choice) and isinstance(other, kinds.Choice):
        return one == other
    texts = (kinds.Text, kinds.Choice)
    return type(one) is type(other) or (isinstance(one, texts) and isinstance(other, texts))
