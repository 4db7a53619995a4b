"""Reads definitions of contested words, one literate file each, from folders named `definitions`. Never raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec import Struct

from comity.classification.definition import OF_LAW, OUTCOMES, SORTS, Criterion, Definition, Score, Sort, target_of
from comity.facts import kinds
from comity.facts.vocabulary import Vocabulary
from comity.finding import Finding, Place, did_you_mean
from comity.language import syntax
from comity.language.connect import ALWAYS, NEVER
from comity.language.nodes import nodes_in
from comity.law import instrument as law
from comity.law.closing import ASKS, Scope, close_condition
from comity.law.conditions import check_written
from comity.law.instrument import Effect
from comity.law.keys import Keys
from comity.law.literate import Block, split_law_file
from comity.law.places import Gazetteer
from comity.law.provisions import BlockReader
from comity.period import FIRST_DAY, LAST_DAY, LegalDay

KEYS = ("id", "title", "by", "citation", "within", "from", "until", "evidence", "sources", "meets", "score")
OF_SORT: dict[Sort, tuple[str, ...]] = {
    "some": ("outcome", "when"),
    "every": ("outcome", "when"),
    "rule_against": ("when",),
    "listed": ("from", "until"),
}
BLOCKS = ("criterion", "define")


class ExtraKeys(Struct, frozen=True):
    """The keys and blocks that a kind of file has besides those of a definition.

    `meets` is the key that joins its criteria.
    """

    keys: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    meets: str = "meets"


ALONE = ExtraKeys()

JOINING = (syntax.And, syntax.Or, syntax.Not, syntax.Term)


class Identified(Protocol):
    """What is read from one file: anything with an id and a place."""

    @property
    def id(self) -> str: ...
    @property
    def place(self) -> Place: ...


Said = TypeVar("Said", bound=Identified)


def read_definitions(
    folders: Sequence[Path], vocabulary: Vocabulary, gazetteer: Gazetteer
) -> tuple[dict[str, Definition], list[Finding]]:
    """The definitions in some folders by id, and all findings about them.

    A file in a later folder replaces one of the same name in an earlier folder.
    """
    found, findings = read_files(
        folders, "definition", lambda text, source, id: read_definition(text, source, id, vocabulary, gazetteer)
    )
    return found, [*findings, *reference_findings(found, found)]


def read_files(
    folders: Iterable[Path], what: str, read: Callable[[str, str, str], tuple[Said | None, list[Finding]]]
) -> tuple[dict[str, Said], list[Finding]]:
    """What is read from the literate files in some folders, sorted by id.

    A later folder replaces files of earlier ones. `read` takes the text of a file, its path, and its name, which is the
    id unless the file gives one. `what` is the noun for one of them in findings.
    """
    named = {path.name: path for folder in folders for path in folder.glob("*.md")}
    found: dict[str, Said] = {}
    findings: list[Finding] = []
    for path in (named[name] for name in sorted(named)):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as fault:
            message = f"not readable as UTF-8 at byte {fault.start}"
            findings.append(Finding("encoding", Place(str(path)), message, "save the file as UTF-8"))
            continue
        item, of_file = read(text, str(path), path.stem)
        findings += of_file
        if item and item.id in found:
            findings.append(Finding(f"doubled-{what}", item.place, f'two {what}s have the id "{item.id}"'))
        if item:
            found[item.id] = item
    return dict(sorted(found.items())), findings


def read_definition(
    text: str, source: str, id: str, vocabulary: Vocabulary, gazetteer: Gazetteer, further: ExtraKeys = ALONE
) -> tuple[Definition | None, list[Finding]]:
    """One definition from the text of its file, or None if nothing says when it is met.

    `id` is used if the file has none.
    """
    parts, findings = split_law_file(text, source, (*BLOCKS, *further.blocks))
    keys = Keys(parts.front, source, 1, findings)
    keys.only((*(further.meets if key == "meets" else key for key in KEYS), *further.keys))
    evidence = keys.choice("evidence", law.EVIDENCE) or "recalled-low"
    reading = _Reading(BlockReader(source, id, evidence, findings), _actions(vocabulary), gazetteer, further.meets)
    blocks = [block for block in parts.blocks if block.sort in BLOCKS]
    for block in sorted(blocks, key=lambda block: block.sort != "define"):  # a term may be used before it is defined
        reading.add(block)
    findings += check_written(reading.written, reading.written.terms, {}, vocabulary)
    meets, score = reading.meets(keys), reading.score(keys)
    if (meets is None) == (score is None):
        keys.fault(
            "meets", None, "nothing says when this definition is met", f"write either `{further.meets}:` or `score:`"
        )
        return None, findings
    definition = Definition(
        id=keys.text("id") or id,
        title=keys.text("title", needed=True),
        by=keys.text("by", needed=True),
        evidence=evidence,
        place=Place(source, 1, 1),
        summary=parts.summary,
        criteria=reading.criteria,
        meets=meets or NEVER,
        score=score,
        citation=keys.text("citation"),
        since=keys.legal_day("from") or LegalDay(FIRST_DAY, FIRST_DAY),
        until=keys.legal_day("until") or LegalDay(LAST_DAY, LAST_DAY),
        sources=keys.words("sources"),
        within=reading.within(keys),
    )
    return definition, [*findings, *_unused(definition)]


class _Reading:
    """Reads the blocks of one file."""

    def __init__(
        self, written: BlockReader, known_actions: Sequence[str], gazetteer: Gazetteer, meets_key: str
    ) -> None:
        self.written, self.known_actions, self.gazetteer, self.meets_key = written, known_actions, gazetteer, meets_key
        self.criteria: dict[str, Criterion] = {}
        self.names: dict[str, None] = {}  # also of criteria with a fault

    def add(self, block: Block) -> None:
        keys = Keys(block.tree, self.written.source, block.line, self.written.findings)
        if block.sort == "define":
            self.written.define(keys)
            return
        if not block.number:
            keys.fault(
                "no-heading",
                None,
                "this criterion is under no numbered heading",
                "number the heading, as in `## 1 Holds`",
            )
        sorts = [sort for sort in SORTS if sort in keys]
        name = keys.text("name", needed=True)
        if name in self.names:
            keys.fault("doubled-criterion", keys.tree.get("name"), f'the criterion "{name}" is defined twice')
        self.names[name] = None
        if len(sorts) != 1:
            message = f"this criterion says {'nothing' if not sorts else 'more than one thing'} that must be shown"
            keys.fault("criterion", None, message, f"name one of {', '.join(SORTS)}")
            return
        keys.only((sorts[0], "name", *OF_SORT.get(sorts[0], ())))
        self.criteria[name] = self.criterion(name, sorts[0], keys, block)

    def criterion(self, name: str, sort: Sort, keys: Keys, block: Block) -> Criterion:
        actions = self.actions(sort, keys) if sort in OF_LAW else ()
        when = self.written.condition("when", keys) or ALWAYS
        so = self.written.condition("place", keys) if sort == "place" else None
        return Criterion(
            name=name,
            sort=sort,
            heading=block.heading,
            plain=block.plain,
            place=Place(self.written.source, block.line, 1),
            actions=actions,
            outcomes=self.outcomes(keys) if sort in ("some", "every") else (),
            when={action: self.closed(action, when) for action in actions},
            so=self.closed("", so or NEVER),
            places=self.places(keys) if sort == "listed" else (),
            since=keys.day("from") or FIRST_DAY,
            until=keys.day("until") or LAST_DAY,
            fact=keys.text("beyond"),
            like=keys.text("as"),
        )

    def closed(self, action: str, condition: syntax.Condition) -> syntax.Condition:
        """The condition with its terms written out.

        It may use no params, so the day makes no difference.
        """
        terms: dict[str, tuple[law.Definition, Scope]] = {}
        scope = Scope(terms, {}, date.min)
        terms |= {name: (term, scope) for name, term in self.written.terms.items()}
        return close_condition(Effect("forbids", action, condition), scope)

    def actions(self, sort: Sort, keys: Keys) -> tuple[str, ...]:
        actions = keys.words(sort)
        for action in actions:
            if action not in self.known_actions:
                keys.fault(
                    "unknown-action",
                    keys.tree_key(sort),
                    f'"{action}" is no action',
                    _nearest(action, self.known_actions),
                )
        return actions

    def outcomes(self, keys: Keys) -> tuple[str, ...]:
        outcomes = keys.words("outcome")
        if not outcomes:
            keys.fault("missing-key", None, 'the key "outcome" is missing', f"one or more of {', '.join(OUTCOMES)}")
        for outcome in outcomes:
            if outcome not in OUTCOMES:
                keys.fault(
                    "unknown-choice",
                    keys.tree_key("outcome"),
                    f'"{outcome}" is no outcome',
                    _nearest(outcome, OUTCOMES),
                )
        return outcomes

    def places(self, keys: Keys) -> tuple[str, ...]:
        places = keys.words("listed")
        raw = keys.tree.get("listed")
        for name in raw if isinstance(raw, list) else [raw]:
            if isinstance(name, str) and self.gazetteer.named(name) is None:
                help = self.gazetteer.suggestion(name) or "write a path, as in us/fl/miami-dade"
                keys.fault("unknown-place", name, f'there is no place "{name}"', help)
        return tuple(self.gazetteer.canonical(path) for path in places)

    def within(self, keys: Keys) -> str:
        """The place outside which the definition has no force; empty if it names none."""
        named = keys.text("within")
        if named and self.gazetteer.named(named) is None:
            keys.fault(
                "unknown-place",
                keys.tree.get("within"),
                f'there is no place "{named}"',
                self.gazetteer.suggestion(named),
            )
        return self.gazetteer.canonical(named)

    def meets(self, keys: Keys) -> syntax.Condition | None:
        """The condition that joins the criteria, if there is one.

        It has only names of criteria, `&&`, `||`, `!` and brackets.
        """
        before = len(self.written.parsed)
        condition = self.written.condition(self.meets_key, keys)
        for parsed, _ in self.written.parsed[before:]:
            for node in nodes_in(parsed.condition):
                where, excerpt = parsed.where(node)
                if not isinstance(node, JOINING):
                    help = f"join criteria by name: {', '.join(self.names)}"
                    fault = Finding("meets", where, "only names of criteria can be joined here", help, excerpt=excerpt)
                    self.written.findings.append(fault)
                elif isinstance(node, syntax.Term) and node.name not in self.names:
                    help = _nearest(node.name, self.names)
                    fault = Finding(
                        "unknown-criterion", where, f'there is no criterion "{node.name}" here', help, excerpt=excerpt
                    )
                    self.written.findings.append(fault)
        return condition

    def score(self, keys: Keys) -> Score | None:
        if "score" not in keys:
            return None
        inner = Keys(keys.tree["score"], keys.source, keys.line, keys.findings)
        inner.only(("of", "at_least"))
        of = inner.words("of")
        for name in of:
            if name not in self.names:
                help = _nearest(name, self.names)
                inner.fault("unknown-criterion", inner.tree_key("of"), f'there is no criterion "{name}" here', help)
        at_least = inner.number("at_least")
        if not 0 < at_least <= len(of):
            inner.fault(
                "score",
                inner.tree.get("at_least"),
                f"at_least is {at_least}, of {len(of)} criteria",
                "write how many must be met",
            )
        return Score(of, at_least)


def _actions(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Every action that a request can ask for."""
    kind = vocabulary.kind(ASKS)
    return kind.members if isinstance(kind, kinds.Set) else law.ACTIONS


def _nearest(word: str, known: Iterable[str]) -> str:
    members = [name for name in known if name]  # one with a fault may be nameless
    return did_you_mean(word, members) or f"one of {', '.join(members)}"


def _unused(definition: Definition) -> Iterable[Finding]:
    """A finding for each criterion that is not used, which was most likely forgotten."""
    used = {node.name for node in nodes_in(definition.meets) if isinstance(node, syntax.Term)} | {
        *(definition.score.of if definition.score else ())
    }
    for criterion in definition.criteria.values():
        if criterion.name not in used:
            message = f'the criterion "{criterion.name}" is not used'
            yield Finding("unused-criterion", criterion.place, message, "use it in `meets`, or delete it")


def reference_findings(wanted: Mapping[str, Definition], definitions: Mapping[str, Definition]) -> Iterable[Finding]:
    """A finding for each `as` that names nothing that exists, or refers to itself."""
    for definition in wanted.values():
        for criterion in definition.criteria.values():
            if criterion.sort != "as":
                continue
            found, inner = target_of(criterion.like, definitions)
            if found is None or ("#" in criterion.like and inner is None):
                names = [*definitions, *(f"{found.id}#{name}" for name in found.criteria)] if found else definitions
                message = f'there is no definition or criterion "{criterion.like}"'
                yield Finding("unknown-definition", criterion.place, message, did_you_mean(criterion.like, names))
            elif definition.id in _reached(found, definitions, ()):
                yield Finding(
                    "circle",
                    criterion.place,
                    f"{definition.id} refers to {criterion.like}, which refers back to {definition.id}",
                )


def _reached(definition: Definition, definitions: Mapping[str, Definition], trail: tuple[str, ...]) -> set[str]:
    """The ids of a definition and all the definitions that it refers to."""
    if definition.id in trail:
        return {definition.id}
    further = [
        target_of(criterion.like, definitions)[0]
        for criterion in definition.criteria.values()
        if criterion.sort == "as"
    ]
    return {definition.id}.union(*(_reached(found, definitions, (*trail, definition.id)) for found in further if found))
