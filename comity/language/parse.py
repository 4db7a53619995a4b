"""Parses the text of a condition to syntax. Never raises: what cannot be read is a finding with line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from comity.finding import Finding, Place
from comity.language import syntax
from comity.period import day_of
from comity.whole import DIGITS_MAX, whole_number

MAX_DEPTH = 100
TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<text>"[^"\n]*")|(?P<integer>[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"""
    r"""|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],.+-])"""
)
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
UNITS = ("years", "months", "days")
QUANTIFIERS: Mapping[str, type[syntax.Exists] | type[syntax.All]] = {"exists": syntax.Exists, "all": syntax.All}
Node = TypeVar("Node", bound=msgspec.Struct)


class Token(msgspec.Struct, frozen=True):
    """A word of the text: its sort (a group of TOKEN, or `end`), and where it begins."""

    sort: str
    text: str
    start: int


class Parsed(msgspec.Struct, frozen=True):
    """A condition and where each of its nodes begins in the text, by the node's identity."""

    condition: syntax.Condition
    starts: Mapping[int, int]
    text: str
    place: Place

    def where(self, node: syntax.Node) -> tuple[Place, str]:
        """The place of a node in its file, and the line of text it stands on."""
        return place_in(self.text, self.starts.get(id(node), 0), self.place)


class _Fault(Exception):
    """Raised by the parser and turned into a finding by `parse`; never leaves this module."""

    def __init__(self, start: int, message: str, help: str = "") -> None:
        self.start, self.message, self.help = start, message, help


def place_in(text: str, start: int, base: Place) -> tuple[Place, str]:
    """The place of an offset in a text that begins at `base`, and its line of text."""
    before = text[:start]
    line = before.count("\n")
    column = start - (before.rfind("\n") + 1)
    excerpt = text.split("\n")[line] if text else ""
    shift = base.column if line == 0 else 1
    if base.column > 1 and line > 0:
        shift = base.column
    return Place(base.source, base.line + line, column + shift), " " * (shift - 1) + excerpt


def parse(text: str, place: Place, variable: str = "") -> tuple[Parsed | None, list[Finding]]:
    """Parses one condition that begins at `place`; `variable` is the parameter of the term that it defines, if any."""
    try:
        tokens = _tokens(text)
        parser = _Parser(tokens, {variable} if variable else set())
        condition = parser.condition()
        parser.expect_end()
    except _Fault as fault:
        where, excerpt = place_in(text, fault.start, place)
        return None, [Finding("syntax", where, fault.message, fault.help, excerpt=excerpt)]
    return Parsed(condition, parser.starts, text, place), []


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise _Fault(at, f'"{text[at]}" has no meaning here', _help_for(text, at))
        if found.lastgroup != "space":
            tokens.append(Token(str(found.lastgroup), found.group(), at))
        at = found.end()
    return [*tokens, Token("end", "", len(text.rstrip()))]


def _help_for(text: str, at: int) -> str:
    if text[at] == "'":
        return 'write texts in double quotes: "robbery"'
    if text[at] == '"':
        return "this text has no closing quote on its line"
    if text[at] in "&|":
        return f'write "{text[at] * 2}"'
    if text[at] == "=":
        return 'write "==" to compare'
    if text[at] in "/*%?:":
        return "division, products and ternaries are not in the language"
    return ""


class _Parser:
    """A recursive descent over the tokens of one condition."""

    def __init__(self, tokens: list[Token], variables: set[str]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0
        self.variables = variables
        self.starts: dict[int, int] = {}
        self._nodes: list[msgspec.Struct] = []  # keeps every node alive, so that identities stay unique

    @property
    def next(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.next
        self.index += token.sort != "end"
        return token

    def given(self, text: str) -> bool:
        """Takes the sign or name if it comes next."""
        if self.next.text == text and self.next.sort in ("sign", "name"):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.given(text):
            raise _Fault(self.next.start, f'expected "{text}", found {_named(self.next)}')

    def expect_end(self) -> None:
        if self.next.sort != "end":
            raise _Fault(self.next.start, f"expected the end of the condition, found {_named(self.next)}")

    def placed(self, node: Node, start: int) -> Node:
        self.starts[id(node)] = start
        self._nodes.append(node)
        return node

    def deeper(self, start: int) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Fault(start, f"nested more than {MAX_DEPTH} deep", "define a term for an inner part")

    def condition(self) -> syntax.Condition:
        return self.joined("||", self.conjunction, syntax.Or)

    def conjunction(self) -> syntax.Condition:
        return self.joined("&&", self.negation, syntax.And)

    def joined(self, sign: str, part: Any, node: Any) -> syntax.Condition:
        start = self.next.start
        self.deeper(start)
        parts = [part()]
        while self.given(sign):
            parts.append(part())
        self.depth -= 1
        if len(parts) == 1:
            only: syntax.Condition = parts[0]
            return only
        joined: syntax.Condition = self.placed(node(tuple(parts)), start)
        return joined

    def negation(self) -> syntax.Condition:
        start = self.next.start
        if self.given("!"):
            self.deeper(start)
            body = self.negation()
            self.depth -= 1
            return self.placed(syntax.Not(body), start)
        return self.comparison()

    def comparison(self) -> syntax.Condition:
        start = self.next.start
        left = self.sum()
        if self.next.sort == "sign" and self.next.text in COMPARISONS:
            operator: Any = self.take().text
            right = self.sum()
            if isinstance(left, _Counted):
                return self.placed(self.counted(left, operator, right, start), start)
            if isinstance(right, _Counted):
                raise _Fault(right.start, "a count must be on the left of its comparison", "exchange the two sides")
            return self.placed(syntax.Compare(operator, self.operand(left), self.operand(right)), start)
        if self.given("in"):
            return self.membership(left, start)
        if isinstance(left, _Counted):
            raise _Fault(left.start, "a count must be compared with a whole number", "write `.count(x, ...) >= 2`")
        if isinstance(
            left, (syntax.Integer, syntax.Text, syntax.Day, syntax.Sum, syntax.Shift, syntax.Item, syntax.Param)
        ):
            raise _Fault(start, "a condition is expected here, not a value", "compare it with something")
        condition: syntax.Condition = left
        return condition

    def counted(self, left: _Counted, operator: Any, right: Any, start: int) -> syntax.Count:
        if not isinstance(right, (syntax.Integer, syntax.Param)):
            raise _Fault(start, "a count is compared with a whole number or a param")
        return syntax.Count(left.over, left.variable, left.body, operator, right)

    def operand(self, value: Any) -> Any:
        allowed = (
            *(syntax.Truth, syntax.Integer, syntax.Text, syntax.Day, syntax.Fact, syntax.Item, syntax.Field),
            *(syntax.Param, syntax.Sum, syntax.Shift),
        )
        if not isinstance(value, allowed):
            raise _Fault(
                self.starts.get(id(value), 0), "only values can be compared", "use && and || between conditions"
            )
        return value

    def membership(self, left: Any, start: int) -> syntax.Condition:
        if self.given("["):
            members = tuple(self.literals())
            return self.placed(syntax.Among(self.operand(left), members), start)
        of = self.primary()
        if not isinstance(of, (syntax.Fact, syntax.Field)):
            raise _Fault(self.starts.get(id(of), start), "`in` needs a list of literals or a set fact")
        if not isinstance(left, (syntax.Text, syntax.Item)):
            raise _Fault(start, "only a member in quotes, or a variable, can be looked up in a set")
        return self.placed(syntax.Member(left, of), start)

    def literals(self) -> list[Any]:
        members = []
        while not self.given("]"):
            token = self.take()
            if token.sort not in ("text", "integer"):
                raise _Fault(token.start, f"a list holds texts or whole numbers, found {_named(token)}")
            literal = syntax.Text(token.text[1:-1]) if token.sort == "text" else self.integer(token)
            members.append(self.placed(literal, token.start))
            if not self.given(","):
                self.expect("]")
                break
        if not members:
            raise _Fault(self.next.start, "the list is empty", "name at least one member")
        return members

    def sum(self) -> Any:
        start = self.next.start
        left = self.primary()
        while self.next.text in ("+", "-") and self.next.sort == "sign":
            minus = self.take().text == "-"
            if self.next.text in UNITS:
                unit: Any = self.take().text
                self.expect("(")
                amount = self.sum()
                self.expect(")")
                left = self.placed(syntax.Shift(left, unit, amount, minus), start)
            else:
                left = self.placed(syntax.Sum(left, self.primary(), minus), start)
        return left

    def primary(self) -> Any:
        token = self.take()
        if token.sort == "integer":
            return self.placed(self.integer(token), token.start)
        if token.sort == "text":
            return self.placed(syntax.Text(token.text[1:-1]), token.start)
        if token.text == "(":
            self.deeper(token.start)
            inner = self.condition()
            self.expect(")")
            self.depth -= 1
            return inner
        if token.text == "-" and self.next.sort == "integer":
            return self.placed(syntax.Integer(-self.integer(self.take()).value), token.start)
        if token.sort == "name":
            return self.named(token)
        raise _Fault(token.start, f"a condition is expected here, found {_named(token)}")

    def integer(self, token: Token) -> syntax.Integer:
        value = whole_number(token.text, DIGITS_MAX)
        if value is None:
            raise _Fault(token.start, "the number is too large", f"at most {DIGITS_MAX} digits")
        return syntax.Integer(value)

    def named(self, token: Token) -> Any:
        if token.text in ("true", "false"):
            return self.placed(syntax.Truth(token.text == "true"), token.start)
        if token.text == "day" and self.next.text == "(":
            return self.day(token)
        if self.next.text == "(":
            return self.term(token)
        path = [token.text]
        while self.next.text == "." and self.next.sort == "sign":
            self.take()
            name = self.take()
            if name.sort != "name":
                raise _Fault(name.start, f'a name is expected after ".", found {_named(name)}')
            if self.next.text == "(":
                return self.quantified(".".join(path), name, token.start)
            path.append(name.text)
        return self.placed(self.reference(path, token.start), token.start)

    def reference(self, path: list[str], start: int) -> Any:
        if path[0] in self.variables:
            if len(path) > 2:
                raise _Fault(start, f'"{".".join(path)}" goes too deep', "a record has fields, and no more")
            return syntax.Field(path[0], path[1]) if len(path) == 2 else syntax.Item(path[0])
        if path[0] == "params" and len(path) == 2:
            return syntax.Param(path[1])
        # a single word is a term or a fact; the checker decides by the terms and the vocabulary
        return syntax.Fact(".".join(path)) if len(path) > 1 else syntax.Term(path[0])

    def day(self, token: Token) -> syntax.Day:
        self.expect("(")
        text = self.take()
        day = day_of(text.text[1:-1]) if text.sort == "text" else None
        if day is None:
            raise _Fault(text.start, f"{text.text or 'this'} is no day", 'write day("2014-12-14")')
        self.expect(")")
        return self.placed(syntax.Day(day), token.start)

    def term(self, token: Token) -> syntax.Term:
        self.expect("(")
        argument = self.take()
        if argument.sort != "name":
            raise _Fault(argument.start, f"a term is applied to a variable, found {_named(argument)}")
        if argument.text not in self.variables:
            raise _Fault(
                argument.start, f'"{argument.text}" is not a variable here', "a quantifier names the variable first"
            )
        self.expect(")")
        return self.placed(syntax.Term(token.text, argument.text), token.start)

    def quantified(self, path: str, name: Token, start: int) -> Any:
        if name.text not in (*QUANTIFIERS, "count"):
            raise _Fault(name.start, f'there is no ".{name.text}(...)"', "use exists, all or count")
        self.expect("(")
        variable = self.take()
        if variable.sort != "name":
            raise _Fault(variable.start, f"a variable is expected, found {_named(variable)}")
        if self.variables:
            raise _Fault(name.start, "a quantifier cannot be inside another", "define two conditions instead")
        self.expect(",")
        self.variables = {variable.text}
        self.deeper(start)
        body = self.condition()
        self.depth -= 1
        self.variables = set()
        self.expect(")")
        over = self.placed(syntax.Fact(path), start)
        if name.text == "count":
            return _Counted(over, variable.text, body, start)
        return self.placed(QUANTIFIERS[name.text](over, variable.text, body), start)


class _Counted(msgspec.Struct, frozen=True):
    """A count before its comparison has been read."""

    over: syntax.Fact
    variable: str
    body: syntax.Condition
    start: int


def _named(token: Token) -> str:
    return "the end of the condition" if token.sort == "end" else f'"{token.text.strip(chr(34))}"'
