"""Reads the conditions on federal money: one literate file each, in a folder named `conditions`. Never raises."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from comity.classification.definition import Definition
from comity.classification.read_definitions import ExtraKeys, read_definition, read_files, reference_findings
from comity.finding import Finding, Place, did_you_mean
from comity.funding.condition import ALL, DEMANDS, ELEMENTS, LEANINGS, MAKERS, Condition, Point
from comity.law.instrument import EVIDENCE
from comity.law.keys import Keys
from comity.law.library import Library
from comity.law.literate import Block, split_law_file
from comity.period import FIRST_DAY

BREACHED = "breached_by"
KEYS = ("demand", "demands", "imposed_by", "programmes", "put_by", "proposed")
BLOCKS = ("criterion", "define", "point")
FURTHER = ExtraKeys(KEYS, ("point",), BREACHED)


def read_conditions(
    folders: Sequence[Path],
    library: Library,
    *,
    programmes: Collection[str],
    definitions: Mapping[str, Definition],
) -> tuple[dict[str, Condition], list[Finding]]:
    """The conditions in some folders by id, and their faults; a later folder replaces an earlier one.

    `programmes` are the ids that exist; `definitions` are those that a criterion may refer to.
    """
    found, findings = read_files(
        folders,
        "condition",
        lambda text, source, id: read_condition(text, source=source, id=id, library=library, programmes=programmes),
    )
    breaches = {id: condition.breach for id, condition in found.items()}
    return found, [*findings, *reference_findings(breaches, {**definitions, **breaches})]


def read_condition(
    text: str, *, source: str, id: str, library: Library, programmes: Collection[str]
) -> tuple[Condition | None, list[Finding]]:
    """One condition from the text of its file. None where the file does not say what breaches it, or what it demands."""
    breach, findings = read_definition(text, source, id, library.vocabulary, library.gazetteer, FURTHER)
    parts, _ = split_law_file(text, source, BLOCKS)  # its findings have been reported by read_definition
    keys = Keys(parts.front, source, 1, findings)
    demand, maker = keys.choice("demand", DEMANDS), keys.choice("imposed_by", MAKERS)
    points = [_point(block, source, findings) for block in parts.blocks if block.sort == "point"]
    demands, named = keys.text("demands", needed=True), _programmes(keys, programmes)
    put_by, proposed = _put_by(keys, library), keys.day("proposed")
    if breach is None or demand is None or maker is None:
        return None, findings
    condition = Condition(
        breach=breach, demand=demand, demands=demands, maker=maker, programmes=named, put_by=put_by, proposed=proposed,
        points=tuple(point for point in points if point),
    )  # fmt: skip
    return condition, findings


def _programmes(keys: Keys, known: Collection[str]) -> tuple[str, ...]:
    named = keys.words("programmes")
    if not named:
        message = "the condition names no programmes that it is imposed on"
        keys.fault("missing-key", None, message, f"write `programmes: [{ALL}]`, or name them")
    for programme in named:
        if programme != ALL and programme not in known:
            help = did_you_mean(programme, known) or f"one of {', '.join(known)}"
            keys.fault("unknown-programme", keys.tree_key("programmes"), f'there is no programme "{programme}"', help)
    return named


def _put_by(keys: Keys, library: Library) -> str:
    """The provision that imposes the condition, which must exist."""
    provision = keys.text("put_by")
    if provision and provision not in library.provisions:
        help = did_you_mean(provision, library.provisions)
        keys.fault("unknown-provision", keys.tree.get("put_by"), f'there is no provision "{provision}"', help)
    return provision


def _point(block: Block, source: str, findings: list[Finding]) -> Point | None:
    keys = Keys(block.tree, source, block.line, findings)
    keys.only(("element", "speaks", "source", "evidence", "from", "cite"))
    element, leaning = keys.choice("element", ELEMENTS), keys.choice("speaks", LEANINGS)
    evidence = keys.choice("evidence", EVIDENCE)
    if not block.plain:
        keys.fault("point", None, "this point has no text", "write it as a sentence above the block")
    cited, since = keys.text("source", needed=True), keys.day("from") or FIRST_DAY
    if element is None or leaning is None or evidence is None or not cited:
        return None
    return Point(
        element=element, leaning=leaning, plain=block.plain, source=cited, evidence=evidence,
        place=Place(source, block.line, 1), since=since, cite=keys.text("cite"),
    )  # fmt: skip
