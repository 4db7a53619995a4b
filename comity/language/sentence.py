"""Says a condition as one English sentence in the words of the vocabulary.

Groups that could be misread are numbered: (1), within it (A), within that (i), then (aa). The `says` and `denies` of a
set begin a sentence that ends with the words of a member ("the request asks", "to hold the person"); the `says` of a list
begins one that ends with its `item` ("the person has", "conviction"). A fact without words is named by its path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec

from comity.facts import kinds
from comity.facts.vocabulary import Entry, Vocabulary
from comity.language import syntax
from comity.language.nouns import Nouns, a_or_an, joined, plural

SIGNS: tuple[syntax.Comparison, ...] = ("==", "!=", "<", "<=", ">", ">=")
CONTRARY: Mapping[str, syntax.Comparison] = dict(zip(SIGNS, ("!=", "==", ">=", ">", "<=", "<"), strict=True))
MIRRORED: Mapping[str, syntax.Comparison] = dict(zip(SIGNS, ("==", "!=", ">", ">=", "<", "<="), strict=True))
OF_NUMBERS = dict(
    zip(SIGNS, ("is", "is not", "is less than", "is at most", "is more than", "is at least"), strict=True)
)
OF_DAYS = dict(zip(SIGNS, ("is", "is not", "is before", "is on or before", "is after", "is on or after"), strict=True))
HOW_MANY = dict(
    zip(
        SIGNS,
        ("exactly", "other than", "fewer than", "at most", "more than", "at least"),
        strict=True,
    )
)
NONE = (("==", 0), ("<=", 0), ("<", 1))
INLINE_MAX = 3
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
Group: TypeAlias = syntax.And | syntax.Or


def sentence(condition: syntax.Condition, vocabulary: Vocabulary, variables: Mapping[str, str] = {}) -> str:
    """The condition as a sentence with a capital and a full stop.

    `variables` maps a term's parameter to the path of the list that it is applied to, where known.
    """
    text = clause(condition, vocabulary, variables)
    first = text.split(" ", 1)[0]
    return f"{text if set(first) & set('._') else text[:1].upper() + text[1:]}."


def clause(condition: syntax.Condition, vocabulary: Vocabulary, variables: Mapping[str, str] = {}) -> str:
    """The condition as a clause for use inside another sentence."""
    return _Writer(Nouns(vocabulary, variables)).say(condition)


class _Writer(msgspec.Struct, frozen=True):
    """Says conditions, or with `so` false their negations; `label` numbers the current part."""

    nouns: Nouns
    label: tuple[int, ...] = ()

    def say(self, node: syntax.Condition, so: bool = True) -> str:
        match node:
            case syntax.Truth(value):
                return "this is always so" if value == so else "this is never so"
            case syntax.Not(body):
                return self.say(body, not so)
            case syntax.And() | syntax.Or():
                return self.group(node, so)
            case syntax.Compare(operator, left, right):
                return self.compare(operator if so else CONTRARY[operator], left, right)
            case syntax.Among():
                return self.among(node, so)
            case syntax.Member():
                return self.member(self.nouns.entry(node.of), self.nouns.members(node.of, [node.item]), so)
            case syntax.Exists() | syntax.All() | syntax.Count():
                return self.quantifier(node, so)
            case syntax.Term(name, argument) if name not in self.nouns.vocabulary.entries:
                return self.term(name, argument, so)
            case _:
                return self.nouns.truth(node, so)

    def term(self, name: str, argument: str, so: bool) -> str:
        quoted = f'"{name.replace("_", " ")}"'
        if argument:
            return f"{self.nouns.item(argument)} {'falls' if so else 'does not fall'} under {quoted}"
        return f"{quoted} {'applies' if so else 'does not apply'}"

    def group(self, node: Group, so: bool) -> str:
        conjoined = isinstance(node, syntax.And)
        if not so and (len(node.parts) > INLINE_MAX or any(_grouped(part) for part in node.parts)):
            return self.numbered(_denial(conjoined, len(node.parts)), node.parts, conjoined)
        conjoined, plain = conjoined == so, all(self.plain(part, so) for part in node.parts)
        if len(node.parts) > INLINE_MAX or not plain:
            return self.numbered(_opening(conjoined, len(node.parts)), node.parts, conjoined, so)
        texts = [self.say(part, so) for part in node.parts]
        if not conjoined:
            return f"either {_inline(texts, 'or')}"
        return ", and ".join(texts) if len(texts) == 2 else _inline(texts, "and")

    def numbered(self, opening: str, parts: Sequence[syntax.Condition], conjoined: bool, so: bool = True) -> str:
        texts = []
        for index, part in enumerate(parts, 1):
            label = (*self.label, index)
            texts.append(f"({label_of(label)}) {msgspec.structs.replace(self, label=label).say(part, so)}")
        return f"{opening} {'; '.join(texts[:-1])}; {'and' if conjoined else 'or'} {texts[-1]}"

    def compare(self, operator: syntax.Comparison, left: syntax.Operand, right: syntax.Operand) -> str:
        literals = (syntax.Truth, syntax.Integer, syntax.Text, syntax.Day)
        if isinstance(left, literals) and not isinstance(right, literals):
            return self.compare(MIRRORED[operator], right, left)
        if isinstance(left, (syntax.Fact, syntax.Field)) and isinstance(right, syntax.Truth):
            return self.nouns.truth(left, (operator == "==") == right.value)
        if self.nouns.is_truth(left) and self.nouns.is_truth(right):
            both = f"{self.nouns.operand(left)}, and {self.nouns.operand(right)},"
            return f"{both} are answered {'alike' if operator == '==' else 'differently'}"
        words = OF_DAYS if self.nouns.is_day(left) or self.nouns.is_day(right) else OF_NUMBERS
        return f"{self.nouns.operand(left, right)} {words[operator]} {self.nouns.operand(right, left)}"

    def among(self, node: syntax.Among, so: bool) -> str:
        noun, words = self.nouns.operand(node.item), self.nouns.members(node.item, node.members)
        if len(words) == 1:
            return f"{noun} {'is' if so else 'is not'} {words[0]}"
        if len(words) == 2:
            return f"{noun} is {joined(words, 'or')}" if so else f"{noun} is neither {joined(words, 'nor')}"
        return f"{noun} is {'one' if so else 'none'} of these: {joined(words, 'or')}"

    def member(self, entry: Entry, words: Sequence[str], so: bool) -> str:
        begun = entry.says if so else entry.denies
        if begun:
            return f"{begun} {joined(words, 'or')}"
        noun = entry.noun or entry.path
        if so or len(words) == 1:
            return f"{joined(words, 'or')} {'is' if so else 'is not'} among {noun}"
        return f"neither {joined(words, 'nor')} is among {noun}"

    def quantifier(self, node: syntax.Quantifier, so: bool) -> str:
        if isinstance(self.nouns.kind(node.over), kinds.Set):
            return self.of_members(node, so)
        entry = self.nouns.entry(node.over)
        item = entry.item or f"record of {entry.path}"
        has, such = entry.says or "there is", self.such(node, item)
        match node:
            case syntax.Exists():
                return f"{has} {a_or_an(item) if so else f'no {item}'}{such}"
            case syntax.All():
                return f"{'every' if so else 'not every'} {item} is one{such or ' without condition'}"
        operator = node.operator if so else CONTRARY[node.operator]
        return f"{entry.says or 'there are'} {self.how_many(operator, node.number, item)}{such}"

    def how_many(self, operator: syntax.Comparison, number: syntax.Number, item: str) -> str:
        if isinstance(number, syntax.Integer) and (operator, number.value) in NONE:
            return f"no {item}"
        one = isinstance(number, syntax.Integer) and number.value == 1
        if operator == "!=":
            return f"a number of {plural(item)} other than {self.nouns.operand(number)}"
        return f"{HOW_MANY[operator]} {self.nouns.operand(number)} {item if one else plural(item)}"

    def such(self, node: syntax.Quantifier, item: str) -> str:
        """The clause that restricts the records: ` that is pending`, ` for which the offense is robbery`, or nothing."""
        inner = self.within(node)
        if node.body == syntax.Truth(True):
            return ""
        whole = isinstance(node.body, syntax.And) and len(node.body.parts) <= INLINE_MAX
        parts = node.body.parts if whole and isinstance(node.body, syntax.And) else (node.body,)
        if not all(self.plain(part) for part in parts):
            return f" for which {inner.say(node.body)}"
        texts = [inner.say(part) for part in parts]
        if isinstance(node, syntax.Count):  # after a plural, "that" would need a plural verb
            return f" for which {_inline(texts, 'and')}"
        begun = f"the {item} "
        leads = {"that" if text.startswith(begun) else "for which" for text in texts}
        if len(leads) == 1:
            return f" {leads.pop()} {_inline([text.removeprefix(begun) for text in texts], 'and')}"
        of_item = [text.removeprefix(begun) for text in texts if text.startswith(begun)]
        of_which = [text for text in texts if not text.startswith(begun)]
        return f" that {_inline(of_item, 'and')}, and for which {_inline(of_which, 'and')}"

    def within(self, node: syntax.Quantifier) -> _Writer:
        variables = {**self.nouns.variables, node.variable: node.over.path}
        return msgspec.structs.replace(self, nouns=Nouns(self.nouns.vocabulary, variables))

    def of_members(self, node: syntax.Quantifier, so: bool) -> str:
        entry = self.nouns.entry(node.over)
        named = _members_named(node)
        if named:
            return self.member(entry, self.nouns.members(node.over, named), so)
        noun, body = entry.noun or entry.path, self.within(node).say(node.body)
        match node:
            case syntax.Exists():
                return f"for {'some' if so else 'no'} member of {noun}, {body}"
            case syntax.All():
                return f"{'for every' if so else 'not for every'} member of {noun}, {body}"
        operator = node.operator if so else CONTRARY[node.operator]
        return f"for {self.how_many(operator, node.number, 'member')} of {noun}, {body}"

    def plain(self, node: syntax.Condition, so: bool = True) -> bool:
        """Whether the words of a node are one clause, which cannot be misread in a group."""
        match node:
            case syntax.Not(body):
                return self.plain(body, not so)
            case syntax.And() | syntax.Or():
                return False
            case syntax.Among(_, members):
                return len(members) <= 2
            case syntax.Compare(operator, (syntax.Fact() | syntax.Field()) as fact, syntax.Truth(value)):
                return self.plain(fact, so == ((operator == "==") == value))
            case syntax.Compare(_, left, right):
                return not (self.nouns.is_truth(left) and self.nouns.is_truth(right))
            case syntax.Exists() | syntax.All() | syntax.Count():
                if isinstance(self.nouns.kind(node.over), kinds.Set):
                    return 0 < len(_members_named(node)) <= 2
                return self.plain(node.body)
            case syntax.Fact() | syntax.Field():
                entry = self.nouns.entry(node)
                return so or bool(entry.denies or not entry.says)
        return True


def _members_named(node: syntax.Quantifier) -> Sequence[syntax.Text]:
    """The members of a set that `exists` asks for by name; none where it asks anything else."""
    match node:
        case syntax.Exists(_, _, syntax.Compare("==", syntax.Item(), syntax.Text() as text)):
            return [text]
        case syntax.Exists(_, _, syntax.Among(syntax.Item(), members)):
            return [member for member in members if isinstance(member, syntax.Text)]
    return []


def _grouped(node: syntax.Condition) -> bool:
    return _grouped(node.body) if isinstance(node, syntax.Not) else isinstance(node, (syntax.And, syntax.Or))


def _opening(conjoined: bool, count: int) -> str:
    if count == 2:
        return "both" if conjoined else "either"
    return "all of these are so:" if conjoined else "at least one of these is so:"


def _denial(conjoined: bool, count: int) -> str:
    if conjoined:
        return "not all of these are so:" if count > 2 else "it is not so that both"
    return "none of these is so:" if count > 2 else "neither of these is so:"


def _inline(texts: Sequence[str], word: str) -> str:
    """Two texts joined by a word, with a comma where one of them contains a join; three as a list."""
    if len(texts) > 2:
        return f"{', '.join(texts[:-1])}, {word} {texts[-1]}"
    comma = "," if any(f" {inner} " in text for text in texts for inner in ("and", "or", "nor")) else ""
    return f"{comma} {word} ".join(texts)


def label_of(numbers: tuple[int, ...]) -> str:
    """The mark of a numbered part, from its number on each level: `2`, within it `B`, then `ii`, then `bb`."""
    number = numbers[-1]
    match len(numbers):
        case 1:
            return str(number)
        case 2:
            return _letters(number)
        case 3:
            return _roman(number)
        case 4:
            return _letters(number).lower() * 2
    return f"{label_of(numbers[:-1])}.{number}"


def _letters(number: int) -> str:
    before, index = divmod(number - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + index)


def _roman(number: int) -> str:
    text = ""
    for value, numeral in ROMAN:
        text += numeral * (number // value)
        number %= value
    return text
