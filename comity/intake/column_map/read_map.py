"""Reads a map of columns from a YAML file, or from a mapping of Python, and says what is wrong with it, line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import structs

from comity.facts import kinds
from comity.facts.request import read_values
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Phrase, Place, did_you_mean, grave, phrase
from comity.intake.blanks import is_mark
from comity.intake.column_map.column_map import (
    BOOKING,
    HOLD_ROLES,
    IGNORE,
    LIST_ROLES,
    NCIC,
    OPEN,
    ROLES,
    ColumnMap,
    MappedColumn,
    Target,
    kind_of_target,
    path_of_target,
    read_target,
)
from comity.intake.column_map.day_orders import EXAMPLES, ORDERS
from comity.intake.damage import quote
from comity.intake.headings import names_of
from comity.textfile import read_text_file
from comity.yamltext import Tree, Words, read_yaml

KEYS = ("place", "days", "missing", BOOKING, "columns")
COLUMN_KEYS = ("fact", "days", "codes", "missing", "none", "separator", "complete", "candidates")
COLUMNS = phrase("columns")  # the parameter of the Python API, and the option
ORDER_HELP = phrase("one of {orders}", orders=", ".join(f"{order} ({EXAMPLES[order]})" for order in ORDERS))
OPEN_HELP = phrase("say which fact it gives, or {ignore}", ignore=IGNORE)
COLUMN_MAX = 2_000  # columns of a map


def read_column_map(given: Any, vocabulary: Vocabulary) -> tuple[ColumnMap | None, list[Finding]]:
    """The map in a file, or in a mapping with the keys of such a file or with a fact for each column; None with findings.

    A map in which anything is wrong, or still open, is not used at all.
    """
    if isinstance(given, ColumnMap):
        return given, []
    findings: list[Finding] = []
    if isinstance(given, Mapping):
        tree, name, digest = _tree_of(given), "", ""
        if not {str(key) for key in given} & {*KEYS} or any(isinstance(given.get(key), Mapping) for key in KEYS[:-1]):
            tree = {Words("columns"): tree}
        reading = _MapReader(COLUMNS, vocabulary)
    elif isinstance(given, (str, Path)):
        path = Path(given)
        text, findings = read_text_file(path)
        if text is None:
            return None, findings
        tree, faults = read_yaml(text, str(path))
        findings, name = [*findings, *faults], path.name
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        reading = _MapReader(str(path), vocabulary)
    else:
        message = phrase("a {type} is no map of columns", type=type(given).__name__)
        return None, [Finding("not-a-map", Place(COLUMNS), message, phrase("give the path of a file, or a mapping"))]
    column_map = reading.read(tree)
    findings += reading.findings
    if grave(findings):
        return None, findings
    words = tuple(f"{column.heading} as {column.target}" for column in column_map.columns) if not name else ()
    return structs.replace(column_map, name=name, digest=digest, given=words), findings


def add_columns(
    column_map: ColumnMap | None, columns: Sequence[tuple[str, str]], days: str, vocabulary: Vocabulary
) -> tuple[ColumnMap | None, list[Finding]]:
    """The map with further columns (a heading and what it gives each) and an order of days, which go before those of the map.

    None where there is no map and nothing is added, and where anything is wrong.
    """
    if not columns and not days:
        return column_map, []
    known = column_map or ColumnMap()
    findings: list[Finding] = []
    added: list[MappedColumn] = []
    ignored: set[str] = set()
    for heading, text in columns:
        name, target = names_of([heading])[0], read_target(text, vocabulary)
        if text == IGNORE:
            ignored.add(name)
        elif target is None:
            findings.append(_unknown_target(text, Place(phrase("column")), vocabulary))
        else:
            old = next((column for column in known.columns if (column.heading, column.target) == (name, target)), None)
            added.append(old or MappedColumn(heading=name, target=target))
    if days and days not in ORDERS:
        message = phrase("{} is no order of days", quote(days))
        findings.append(Finding("unknown-order", Place(phrase("days")), message, ORDER_HELP))
    if findings:
        return None, findings
    replaced = {column.heading for column in added} | ignored
    stay = tuple(column for column in known.columns if column.heading not in replaced)
    every = (*stay, *added)
    texts = [f"{heading} as {text}" for heading, text in columns]
    if days:
        texts.append(f"days written {days}")
    at = Place(phrase("column"))
    findings = list(_doubled_targets(every, {}, vocabulary, at))
    return structs.replace(
        known, columns=every, days=days or known.days, ignored=known.ignored | ignored, given=(*known.given, *texts)
    ), findings


class _MapReader:
    """Reads the tree of one map, and collects what is wrong with it."""

    def __init__(self, source: str, vocabulary: Vocabulary) -> None:
        self.source, self.vocabulary = source, vocabulary
        self.findings: list[Finding] = []
        self.places: dict[str, Place] = {}  # of each column, by its name

    def fault(self, code: str, at: Any, message: str, help: str = "") -> None:
        line, column = (at.line, at.column) if isinstance(at, Words) else (0, 0)
        self.findings.append(Finding(code, Place(self.source, line, column), message, help))

    def read(self, tree: Tree) -> ColumnMap:
        if not isinstance(tree, dict):
            self.fault("not-a-map", tree, phrase("a map of columns begins with its keys"), _one_of(KEYS))
            return ColumnMap()
        for key in tree:
            if key not in KEYS:
                self.fault("unknown-key", key, phrase("unknown key {}", quote(key)), _help(key, KEYS))
        days = self.order(tree.get(Words("days"), Words("")), "the table")
        missing = self.words(tree.get(Words("missing"), []), "missing")
        booking = self.text(tree.get(Words(BOOKING), Words("")), BOOKING)
        columns, ignored = self.columns(tree.get(Words("columns"), {}), missing)
        self.findings += _doubled_targets(columns, self.places, self.vocabulary, Place(self.source))
        return ColumnMap(
            missing=missing, place=self.text(tree.get(Words("place"), Words("")), "place"), days=days,
            booking=names_of([booking])[0] if booking else "", columns=columns, ignored=ignored,
        )  # fmt: skip

    def columns(self, tree: Tree, missing: frozenset[str]) -> tuple[tuple[MappedColumn, ...], frozenset[str]]:
        columns: list[MappedColumn] = []
        ignored: set[str] = set()
        if not isinstance(tree, dict) or len(tree) > COLUMN_MAX:
            help = phrase("write HEADING: FACT, a line each, at most {most}", most=f"{COLUMN_MAX:,}")
            self.fault("not-a-map", tree, phrase("columns must be a mapping"), help)
            return (), frozenset()
        seen: dict[str, Words] = {}
        for heading, entry in tree.items():
            name = names_of([heading])[0]
            if name in seen:
                self.fault(
                    "doubled-key", heading, phrase("{} and {} name the same column", quote(seen[name]), quote(heading))
                )
            seen[name] = heading
            self.places[name] = Place(self.source, heading.line, heading.column)
            read = self.column(heading, name, entry, missing)
            columns += read
            if not read:
                ignored.add(name)
        return tuple(columns), frozenset(ignored)

    def column(self, heading: Words, name: str, entry: Tree, missing: frozenset[str]) -> list[MappedColumn]:
        """What a column gives: a fact, several, or nothing where it is ignored."""
        fields = {Words("fact"): entry} if isinstance(entry, Words | list) else entry
        for key in fields:
            if key not in COLUMN_KEYS:
                self.fault(
                    "unknown-key",
                    key,
                    phrase("unknown key {} of {}", quote(key), quote(heading)),
                    _help(key, COLUMN_KEYS),
                )
        fact = fields.get(Words("fact"), Words(""))
        texts = fact if isinstance(fact, list) else [fact]
        columns = [self.target(heading, text, fields) for text in texts]
        if not any(columns):
            self.order(fields.get(Words("days"), Words("")), quote(heading))
        return [
            self.settings(heading, MappedColumn(heading=name, target=target, missing=missing), fields)
            for target in columns
            if target is not None
        ]

    def target(self, heading: Words, text: Any, fields: Mapping[Words, Tree]) -> Target | None:
        if not isinstance(text, Words) or not text:
            message = phrase("{} does not say which fact it gives", quote(heading))
            self.fault("no-fact", heading, message, phrase("write fact: FACT, or {ignore}", ignore=IGNORE))
        elif text == OPEN:
            listed = fields.get(Words("candidates"))
            names = (
                ", ".join(listed) if isinstance(listed, list) and all(isinstance(one, str) for one in listed) else ""
            )
            help = (
                phrase("say which fact it gives, such as {names}, or {ignore}", names=names, ignore=IGNORE)
                if names
                else OPEN_HELP
            )
            self.fault("open-column", text, phrase("{} is still open", quote(heading)), help)
        elif text != IGNORE:
            target = read_target(text, self.vocabulary)
            if target is None:
                self.findings.append(_unknown_target(text, Place(self.source, text.line, text.column), self.vocabulary))
            return target
        return None

    def settings(self, heading: Words, column: MappedColumn, fields: Mapping[Words, Tree]) -> MappedColumn:
        kind = kind_of_target(column.target, self.vocabulary)
        is_day = isinstance(kind, kinds.Day | kinds.Moment)
        is_list = bool(column.target.field) or isinstance(kind, kinds.Set | kinds.Records)
        days = self.order(fields.get(Words("days"), Words("")), quote(heading))
        if days and not is_day:
            self.fault(
                "not-days",
                fields.get(Words("days")),
                phrase("{} gives {fact}, which is no day", quote(heading), fact=column.target),
            )
        for key in ("none", "separator", "complete"):
            is_whole_list = isinstance(kind, kinds.Records) and key != "none"  # as JSON, which says itself what it is
            if Words(key) in fields and (not is_list or is_whole_list):
                message = phrase(
                    "{key} is for sets and lists, and {} gives {fact}", quote(heading), key=key, fact=column.target
                )
                self.fault("not-a-list", fields[Words(key)], message)
        complete = self.text(fields.get(Words("complete"), Words("")), "complete")
        if complete not in ("", "true", "false"):
            self.fault(
                "not-a-truth",
                complete,
                phrase("complete of {} is {}", quote(heading), quote(complete)),
                phrase("true or false"),
            )
        codes, code_list = self.codes(heading, column.target, kind, fields.get(Words("codes"), {}))
        return structs.replace(
            column, days=days, codes=codes, code_list=code_list, complete=complete == "true",
            missing=column.missing | self.words(fields.get(Words("missing"), []), "missing"),
            none=self.words(fields.get(Words("none"), []), "none"),
            separator=str(fields.get(Words("separator"), "")),
        )  # fmt: skip

    def codes(self, heading: Words, target: Target, kind: kinds.Kind, tree: Tree) -> tuple[dict[str, str], str]:
        """The value of each code, and the name of a published list of codes."""
        path = path_of_target(target)
        if tree == NCIC and path.endswith("[].offense"):
            return {}, NCIC
        if not isinstance(tree, dict):
            help = phrase("write CODE: VALUE, or {ncic} for the codes of offenses", ncic=NCIC)
            self.fault("not-codes", tree, phrase("codes of {} must be a mapping", quote(heading)), help)
            return {}, ""
        codes: dict[str, str] = {}
        for code, value in tree.items():
            self.not_blank(code)
            if not isinstance(value, Words):
                self.fault(
                    "not-codes",
                    code,
                    phrase("the code {} stands for one value", quote(code)),
                    phrase("write CODE: VALUE"),
                )
            elif value == OPEN:
                message = phrase("the code {} of {} is still open", quote(code), quote(heading))
                self.fault("open-code", value, message, phrase("write what it stands for, or put it under missing"))
            else:
                fault = wrong_value(path, kind, value, self.vocabulary)
                if fault:
                    message = Phrase(f"the code {quote(code)}: {fault.message}", f"a code: {fault.message}")
                    self.fault(fault.code, value, message, fault.help)
                codes[" ".join(code.split())] = str(value)
        return codes, ""

    def order(self, given: Tree, whose: str) -> str:
        order = self.text(given, "days")
        if order == OPEN:
            message = phrase("the order of the days of {} is still open", whose)
            self.fault("open-days", given, message, ORDER_HELP)
        elif order and order not in ORDERS:
            self.fault("unknown-order", given, phrase("{} is no order of days", quote(order)), ORDER_HELP)
        return order

    def text(self, given: Tree | str, key: str) -> str:
        if isinstance(given, str):
            return given
        self.fault("not-a-text", next(iter(given), None), phrase("{key} is one text", key=key))
        return ""

    def words(self, given: Tree, key: str) -> frozenset[str]:
        """The words of a list, squeezed as cells are compared."""
        listed = [given] if isinstance(given, Words) else given
        if not isinstance(listed, list) or not all(isinstance(word, Words) for word in listed):
            self.fault("not-a-text", None, phrase("{key} is a list of words", key=key), phrase('write ["UNK", "9"]'))
            return frozenset()
        if key == "none":
            for word in listed:
                self.not_blank(word)
        return frozenset(" ".join(word.split()).casefold() for word in listed)

    def not_blank(self, word: Words) -> None:
        if is_mark(word):
            message = phrase("{} always means an empty cell, so a map can give it no meaning", quote(word))
            self.fault("blank-mark", word, message, phrase("leave it out; the fact is then unknown"))


def wrong_value(path: str, kind: kinds.Kind, value: str, vocabulary: Vocabulary) -> Finding | None:
    """What is wrong with a value that a code is to stand for."""
    listed, brackets, field = path.partition("[].")
    if vocabulary.kind(path) is None:
        return None
    raw: Any = [Words(value)] if isinstance(kind, kinds.Set) else Words(value)
    given = {listed: [{field: raw}]} if brackets else {path: raw}
    if isinstance(kind, kinds.Records):
        return Finding("not-codes", Place(""), "codes cannot stand for whole records", "map the fields of the list")
    if isinstance(kind, kinds.Day | kinds.Moment):
        return None
    return next(iter(grave(read_values(given, vocabulary, "")[1])), None)


def _doubled_targets(
    columns: Iterable[MappedColumn], places: Mapping[str, Place], vocabulary: Vocabulary, otherwise: Place
) -> Iterable[Finding]:
    """A finding for each fact that two columns give; several columns may give members of one set."""
    seen: dict[str, str] = {}
    for column in columns:
        target = str(column.target)
        other = seen.setdefault(target, column.heading)
        if other == column.heading or (
            not column.target.field and isinstance(kind_of_target(column.target, vocabulary), kinds.Set)
        ):
            continue
        message = phrase("{} and {} both give {fact}", quote(other), quote(column.heading), fact=target)
        help = phrase("ignore one of them")
        if column.target.field:
            help = phrase("number the records, as in {fact}", fact=structs.replace(column.target, record=2))
        yield Finding("doubled-fact", places.get(column.heading, otherwise), message, help)


def _unknown_target(text: str, at: Place, vocabulary: Vocabulary) -> Finding:
    known = [*vocabulary.entries, *ROLES, *HOLD_ROLES, *LIST_ROLES, IGNORE]
    other = vocabulary.aliases.get(text.casefold(), "")
    help = f'did you mean "{other}"?' if other else did_you_mean(text, known)
    message = phrase("there is no fact {}", quote(text))
    return Finding("unknown-fact", at, message, phrase("{help}", help=help or "see docs/facts.md, or write ignore"))


def _help(word: str, known: Sequence[str]) -> Phrase:
    return phrase("{help}", help=did_you_mean(word, known) or str(_one_of(known)))


def _one_of(words: Sequence[str]) -> Phrase:
    return phrase("one of {words}", words=", ".join(words))


def _tree_of(value: Any) -> Any:
    """A value of Python as the tree of a YAML text."""
    if isinstance(value, Mapping):
        return {Words(_text_of(key)): _tree_of(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_tree_of(inner) for inner in value]
    return Words(_text_of(value))


def _text_of(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
