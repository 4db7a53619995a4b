"""Reads the blocks of a law file: provisions, terms, params, cases and facts of a place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from comity.finding import Place
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER, all_of, denial
from comity.language.parse import Parsed, parse
from comity.law import instrument as law
from comity.law.instrument import EFFECT_KINDS, Effect, EffectKind, Evidence, Provision
from comity.law.keys import DIGITS_MAX, Keys
from comity.law.literate import Block
from comity.period import FIRST_DAY, LAST_DAY, day_of
from comity.whole import whole_number
from comity.yamltext import Words

SHARED = ("when", "unless", "cite", "name", "evidence", "text", "decider")
OF_DEED = ("bearer", "to", "within", "after", "every", "by", "does", "refuses", "sentence")
OF_EFFECT: dict[str, tuple[str, ...]] = {
    "limits": ("hours", "clock", "starts", "until", "of", "holidays", "chosen"),
    "obliges": OF_DEED,
    "asks": OF_DEED,
    "advises": ("topic", "about", "same_as"),
    "costs": ("amount", "unit", "bearer", "source"),
    "penalty": ("about",),
}
LISTS_OF_CASE = ("obligations", "limits", "asked")
AFTER = (
    *("", "receipt", "hold", "decline", "notice", "transfer", "interview_sought", "release_eligible"),
    "certification_request",
)
LEAP_YEAR = 2000
TERM = re.compile(r"^(?P<name>[a-z][a-z0-9_]*)(\((?P<parameter>[a-z][a-z0-9_]*)\))?$")


class BlockReader:
    """Collects the content of the blocks of one file, and each condition with the places of its nodes for the checker."""

    def __init__(self, source: str, id: str, evidence: Evidence, findings: list[Any]) -> None:
        self.source, self.id, self.evidence, self.findings = source, id, evidence, findings
        self.provisions: list[Provision] = []
        self.terms: dict[str, law.Definition] = {}
        self.params: dict[str, law.Param] = {}
        self.cases: list[law.Case] = []
        self.explained: list[law.ExplainedFinding] = []
        self.facts: list[law.PlaceFact] = []
        self.parsed: list[tuple[Parsed, str]] = []
        self._of_heading: dict[str, int] = {}

    def add(self, block: Block) -> None:
        keys = Keys(block.tree, self.source, block.line, self.findings)
        if block.sort in ("provision", "case", "explains") and not block.number:
            help = "number the heading, as in `## 1 Honor all`"
            keys.fault("no-heading", None, f"a {block.sort} stands under no numbered heading", help)
        match block.sort:
            case "provision":
                self.provision(block, keys)
            case "define":
                self.define(keys)
            case "params":
                self.param(keys)
            case "case":
                self.case(block, keys)
            case "fact":
                self.fact(keys)
            case "explains":
                keys.only(("finding", "because"))
                found, because = keys.text("finding", needed=True), keys.text("because", needed=True)
                self.explained.append(
                    law.ExplainedFinding(found, because, f"{self.id}#{block.number}", Place(self.source, block.line, 1))
                )

    def provision(self, block: Block, keys: Keys) -> None:
        count = self._of_heading[block.number] = self._of_heading.get(block.number, 0) + 1
        id = f"{self.id}#{block.number}" + (f".{count}" if count > 1 else "")
        named = [key for key in (*EFFECT_KINDS, "only") if key in keys]
        if len(named) != 1:
            message = "this provision has no effect" if not named else f"this provision has {len(named)} effects"
            keys.fault("effect", None, message, f"name one of {', '.join((*EFFECT_KINDS, 'only'))}")
            return
        keys.only((*named, *SHARED, *OF_EFFECT.get(named[0], ())))
        provision = Provision(
            id,
            self.id,
            block.heading,
            block.plain,
            self.effects(named[0], keys),
            keys.choice("evidence", law.EVIDENCE, self.evidence) or self.evidence,
            Place(self.source, block.line, 1),
            cite=keys.text("cite"),
            name=keys.text("name"),
            decider=keys.text("decider", needed=named[0] in ("permits", "only")),
            text=keys.text("text", needed=named[0] in ("advises", "penalty")),
            limit=self.limit(keys) if named[0] == "limits" else None,
            obligation=self.obligation(named[0], keys) if named[0] in law.DEEDS else None,
            cost=self.cost(keys) if named[0] == "costs" else None,
            topic=keys.choice("topic", (*law.TOPICS, ""), "") or "",
            burdens=keys.choice("about", (*law.BURDENS, ""), "") or "",
            same_as=keys.text("same_as"),
        )
        self.provisions.append(provision)

    def effects(self, named: str, keys: Keys) -> tuple[Effect, ...]:
        when, unless = self.condition("when", keys), self.condition("unless", keys)
        actions = ("",) if named in (*law.DEEDS, "costs") else self.actions(named, keys)
        if named == "only":
            return self.only(actions, when, unless, keys)
        kind: EffectKind = next(kind for kind in EFFECT_KINDS if kind == named)
        return tuple(Effect(kind, action, both(when, unless)) for action in actions)

    def only(self, actions: tuple[str, ...], when: Any, unless: Any, keys: Keys) -> tuple[Effect, ...]:
        """`only: hold, when: T` permits when T, and forbids unless T."""
        if when is None:
            keys.fault("missing-key", None, '"only" needs its "when"', "say when the action is permitted")
        permitted = both(when, unless)
        return tuple(
            effect
            for action in actions
            for effect in (Effect("permits", action, permitted), Effect("forbids", action, denial(permitted)))
        )

    def actions(self, named: str, keys: Keys) -> tuple[str, ...]:
        actions = keys.words(named)
        if not actions:
            keys.fault("no-action", None, f"{named} names no action", f"one of {', '.join(law.ACTIONS)}")
        return actions

    def condition(self, key: str, keys: Keys, parameter: str = "") -> syntax.Condition | None:
        text = keys.tree.get(key)
        if text is None:
            return None
        if not isinstance(text, Words):
            keys.fault(
                "not-a-condition",
                keys.tree_key(key),
                f"{key} must be a condition",
                "write it as text, in a block scalar `|`",
            )
            return None
        parsed, findings = parse(str(text).rstrip(), _beginning(text, self.source), parameter)
        self.findings += findings
        if parsed is None:
            return NEVER
        self.parsed.append((parsed, parameter))
        return parsed.condition

    def limit(self, keys: Keys) -> law.Limit:
        until, of = keys.text("until"), keys.choice("of", ("receipt", "release_eligible", ""), "") or ""
        hours = keys.number("hours")
        if bool(hours) == bool(until):
            keys.fault(
                "limit",
                None,
                "a limit has either hours or a time of day",
                "write `hours: 48`, or `until: 23:59` with `of`",
            )
        if until and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", until):
            keys.fault("limit", keys.tree.get("until"), f'"{until}" is no time of day', "write 23:59")
        clock = keys.choice("clock", ("continuous", "excluding_weekends_holidays"), "continuous") or "continuous"
        starts = (
            keys.choice("starts", ("receipt", "release_eligible", "earlier"), "release_eligible") or "release_eligible"
        )
        if "holidays" in keys and clock == "continuous":
            keys.fault(
                "limit",
                keys.tree_key("holidays"),
                "every hour counts here, holidays too",
                "write the clock that leaves them out",
            )
        if hours > law.HOURS_MAX:
            keys.fault(
                "limit", keys.tree.get("hours"), f"{hours} hours are more than a year", "write the hours of one hold"
            )
        return law.Limit(hours, clock, starts, until, of, self.holidays(keys), keys.flag("chosen"))  # type: ignore[arg-type]

    def holidays(self, keys: Keys) -> tuple[str, ...]:
        """The holidays that a clock leaves out: the federal ones, unless the limit lists others."""
        if "holidays" not in keys:
            return ("federal",)
        listed = keys.words("holidays")
        for holiday in listed:
            if (
                holiday != "federal"
                and day_of(holiday if len(holiday) > len("04-16") else f"{LEAP_YEAR}-{holiday}") is None
            ):
                keys.fault(
                    "limit",
                    keys.tree_key("holidays"),
                    f'"{holiday}" is no holiday',
                    "write federal, a day, or 04-16 for every year",
                )
        return listed

    def obligation(self, named: str, keys: Keys) -> law.Obligation:
        """A duty, or what a form asks."""
        after = keys.choice("after", AFTER, "") or ""
        deed, bearer = keys.text(named), keys.text("bearer", needed=True)
        texts = {key: keys.text(key) for key in ("to", "within", "every", "by", "sentence")}
        return law.Obligation(
            deed, bearer, after=after, does=keys.words("does"), refuses=keys.words("refuses"), **texts
        )

    def cost(self, keys: Keys) -> law.Cost:
        """The cost; the amount is written in dollars and cents, `120.50`."""
        text = keys.text("amount", needed=True).replace(",", "").removeprefix("$")
        found = re.fullmatch(r"([0-9]{1,12})(\.([0-9]{2}))?", text)
        if not found:
            keys.fault("amount", keys.tree.get("amount"), f'"{text}" is no amount', "write 120 or 120.50")
        cents = int(found[1]) * 100 + int(found[3] or 0) if found else 0
        return law.Cost(cents, keys.text("unit"), keys.text("bearer"), keys.text("source"))

    def define(self, keys: Keys) -> None:
        for key in keys.tree:
            found = TERM.match(key)
            if not found:
                keys.fault("term", key, f'"{key}" cannot name a term', "write `name: |` or `name(c): |`")
                continue
            name, parameter = found["name"], found["parameter"] or ""
            if name in self.terms:
                keys.fault("doubled-term", key, f'the term "{name}" is defined twice')
            body = self.condition(key, keys, parameter) or NEVER
            self.terms[name] = law.Definition(name, parameter, body, keys.place(key))

    def param(self, keys: Keys) -> None:
        for key, dated in keys.tree.items():
            values = self.dated(key, dated, keys)
            if values:
                self.params[str(key)] = law.Param(str(key), tuple(sorted(values)))

    def dated(self, key: str, dated: Any, keys: Keys) -> list[tuple[date, int | date]]:
        alone = _param_value(dated)
        if alone is not None:  # it is kept, so that conditions that name it are not faulty as well
            message = f'the param "{key}" does not say from which day its value holds'
            keys.fault("param", key, message, f"write {key}: {{2020-01-01: {dated}}}, with its first day")
            return [(FIRST_DAY, alone)]
        values: list[tuple[date, int | date]] = []
        for since, raw in dated.items() if isinstance(dated, dict) else []:
            start = day_of(since)
            value = _param_value(raw)
            if start is None or value is None:
                keys.fault("param", since, f"{key} has no value that can be read here", "write {1993-01-01: 15}")
            else:
                values.append((start, value))
        if not values or len({type(value) for _, value in values}) > 1:
            keys.fault("param", key, f'the param "{key}" needs dated values of one kind', "write {1993-01-01: 15}")
            return []
        return values

    def case(self, block: Block, keys: Keys) -> None:
        keys.only(("name", "at", "stack", "given", "then"))
        then = Keys(keys.tree.get("then", {}), self.source, block.line, self.findings)
        possible = then.tree.get("possible")
        outcomes = {str(key): then.text(key) for key in then.tree if key not in ("possible", *LISTS_OF_CASE)}
        opened = Keys(possible, self.source, block.line, self.findings) if possible is not None else None
        case = law.Case(
            keys.text("name", needed=True),
            self.id,
            f"{self.id}#{block.number}",
            Place(self.source, block.line, 1),
            _plain(keys.tree.get("given", {})),
            outcomes,
            at=keys.day("at"),
            stack=keys.flag("stack"),
            possible={str(key): opened.words(key) for key in opened.tree} if opened else {},
            **{key: then.words(key) for key in LISTS_OF_CASE if key in then},
        )
        self.cases.append(case)

    def fact(self, keys: Keys) -> None:
        keys.only(("fact", "value", "from", "until", "binds", "source", "evidence"))
        if "value" not in keys:
            keys.fault("missing-key", None, 'the key "value" is missing')
        fact = law.PlaceFact(
            keys.text("fact", needed=True),
            _plain(keys.tree.get("value")),
            self.id,
            keys.day("from") or FIRST_DAY,
            keys.day("until") or LAST_DAY,
            keys.text("source", needed=True),
            keys.choice("evidence", law.EVIDENCE) or "recalled-low",
            keys.place(keys.tree.get("fact")),
            keys.words("binds"),
        )
        self.facts.append(fact)


def _param_value(raw: Any) -> int | date | None:
    if not isinstance(raw, str):
        return None
    number = whole_number(raw, DIGITS_MAX, signed=True)
    return day_of(raw) if number is None else number


def both(when: syntax.Condition | None, unless: syntax.Condition | None) -> syntax.Condition:
    """The condition that `when` holds and `unless` does not."""
    return all_of([when or ALWAYS, denial(unless) if unless else ALWAYS])


def _beginning(text: Words, source: str) -> Place:
    """The place where a condition begins: the text of a block scalar is on the line after its mark, indented."""
    return Place(source, text.line + 1, 3) if text.block else Place(source, text.line, text.column)


def _plain(tree: Any) -> Any:
    """A YAML tree with plain texts, for the cache; the vocabulary types its scalars when a case runs."""
    if isinstance(tree, dict):
        return {str(key): _plain(value) for key, value in tree.items()}
    return [_plain(value) for value in tree] if isinstance(tree, list) else None if tree is None else str(tree)
