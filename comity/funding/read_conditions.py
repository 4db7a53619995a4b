"""Reads the conditions on federal money: a literate file each, under a folder named `conditions`. Never raises."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from comity.classification.definition import Definition
from comity.classification.read_definitions import Further, likeness_of, read_definition, read_files
from comity.finding import Finding, Place, did_you_mean
from comity.funding.condition import ALL, DEMANDS, ELEMENTS, LEANINGS, MAKERS, Condition, Point
from comity.law.instrument import EVIDENCE
from comity.law.keys import Keys
from comity.law.library import Library
from comity.law.literate import Block, take_apart
from comity.period import FIRST_DAY

BREACHED = "breached_by"
KEYS = ("demand", "demands", "imposed_by", "programmes", "put_by", "proposed")
BLOCKS = ("criterion", "define", "point")
FURTHER = Further(KEYS, ("point",), BREACHED)


def read_conditions(
    folders: Sequence[Path], library: Library, programmes: Collection[str], definitions: Mapping[str, Definition]
) -> tuple[dict[str, Condition], list[Finding]]:
    """The conditions of some folders by their ids, a later folder over the earlier ones, and every fault in them.

    `programmes` are those that are known; `definitions` those that a criterion may lean on.
    """
    found, findings = read_files(
        folders, "condition", lambda text, source, id: read_condition(text, source, id, library, programmes)
    )  # fmt: skip
    breaches = {id: own.breach for id, own in found.items()}
    return found, [*findings, *likeness_of(breaches, {**definitions, **breaches})]


def read_condition(
    text: str, source: str, id: str, library: Library, programmes: Collection[str]
) -> tuple[Condition | None, list[Finding]]:
    """One condition from its file's text. None where nothing says by what it is breached, or what it demands."""
    breach, findings = read_definition(text, source, id, library.vocabulary, library.gazetteer, FURTHER)
    parts, _ = take_apart(text, source, BLOCKS)  # what is wrong there has been said
    keys = Keys(parts.front, source, 1, findings)
    demand, maker = keys.choice("demand", DEMANDS), keys.choice("imposed_by", MAKERS)
    points = [
        own for own in (_point(block, source, findings) for block in parts.blocks if block.sort == "point") if own
    ]
    demands, named = keys.text("demands", needed=True), _programmes(keys, programmes)
    put_by, proposed = _put_by(keys, library), keys.day("proposed")
    if breach is None or demand is None or maker is None:
        return None, findings
    return Condition(breach, demand, demands, maker, named, put_by, proposed, tuple(points)), findings


def _programmes(keys: Keys, known: Collection[str]) -> tuple[str, ...]:
    named = keys.words("programmes")
    if not named:
        keys.fault(
            "missing-key",
            None,
            "nothing says on which programmes it was put",
            f"write `programmes: [{ALL}]`, or name them",
        )
    for own in named:
        if own != ALL and own not in known:
            help = did_you_mean(own, known) or f"one of {', '.join(known)}"
            keys.fault("unknown-programme", keys.tree_key("programmes"), f'there is no programme "{own}"', help)
    return named


def _put_by(keys: Keys, library: Library) -> str:
    """The provision that puts the condition, which must exist."""
    named = keys.text("put_by")
    if named and named not in library.provisions:
        help = did_you_mean(named, library.provisions)
        keys.fault("unknown-provision", keys.tree.get("put_by"), f'there is no provision "{named}"', help)
    return named


def _point(block: Block, source: str, findings: list[Finding]) -> Point | None:
    keys = Keys(block.tree, source, block.line, findings)
    keys.only(("element", "speaks", "source", "evidence", "from", "cite"))
    element, leaning, evidence = (
        keys.choice("element", ELEMENTS), keys.choice("speaks", LEANINGS), keys.choice("evidence", EVIDENCE)
    )  # fmt: skip
    if not block.plain:
        keys.fault("point", None, "this point says nothing", "write it as a sentence above the block")
    said_by, since = keys.text("source", needed=True), keys.day("from") or FIRST_DAY
    if element is None or leaning is None or evidence is None or not said_by:
        return None
    return Point(
        element, leaning, block.plain, said_by, evidence, Place(source, block.line, 1), since, keys.text("cite")
    )
