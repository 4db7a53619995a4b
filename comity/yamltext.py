"""Reads YAML as text: every scalar is a string with its place, so that `on`, `no` and `23:59` stay as written.

A doubled key is a finding. Anchors, aliases and tags are refused and never expanded: law files need none of them.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any, TypeAlias

from comity.finding import Finding, Place

Node: TypeAlias = Any  # of the library yaml, which is imported when a text is first read
DEPTH_MAX = 100
# The parser is recursive C code: beyond these bounds it slows down, and then crashes the process.
BRACKETS_MAX, BRACKETS_DEEP_MAX = 8_000, 1_000
DEEP_ROW = re.compile(r"^[ ]*(?:[-?:][ \t]+){100}", re.MULTILINE)
ANCHOR_HELP = "write the value out at each place"
TAG_HELP = "put the text in quotes, or below a `|`"


class Words(str):
    """A scalar as written, with its line and column in the file (both from 1).

    `block` marks a block scalar (`|`), whose text begins on the next line.
    """

    line: int
    column: int
    block: bool

    def __new__(cls, text: str, line: int = 0, column: int = 0, block: bool = False) -> Words:
        words = super().__new__(cls, text)
        words.line, words.column, words.block = line, column, block
        return words


Tree: TypeAlias = "Words | list[Any] | dict[Words, Any]"


def read_yaml(text: str, source: str, first_line: int = 1) -> tuple[Tree, list[Finding]]:
    """The tree of a YAML text that begins on `first_line` of `source`; never raises."""
    import yaml  # noqa: PLC0415  it takes long to import, and a decision under the stored copy of the law reads no YAML

    reading = _Reading(text, source, first_line)
    if _may_be_deep(text):
        help = f"at most {DEPTH_MAX} levels, and {BRACKETS_MAX} brackets in one block"
        return {}, [reading.finding("yaml", first_line, 1, "nested too deeply", help)]
    try:
        # The C loader is an order of magnitude faster.
        node = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        return {}, [reading.finding("yaml", line, column, f"not readable as YAML: {fault.problem}")]
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        return {}, [reading.finding("yaml", first_line, 1, f"not readable as YAML: {str(fault).splitlines()[0]}")]
    if node is None:
        return {}, []
    tree = reading.tree(node, 1)
    return tree, reading.findings


def _may_be_deep(text: str) -> bool:
    """Whether a text may be nested too deeply for the parser; brackets in quotes count too."""
    opened = text.count("[") + text.count("{")
    if opened > BRACKETS_DEEP_MAX:
        steps = (1 if found[0] in "[{" else -1 for found in re.finditer(r"[\[\]{}]", text))
        if opened > BRACKETS_MAX or max(accumulate(steps)) > BRACKETS_DEEP_MAX:
            return True
    return bool(DEEP_ROW.search(text))


class _Reading:
    """Turns the nodes of one text into a tree."""

    def __init__(self, text: str, source: str, first_line: int) -> None:
        self.lines, self.source, self.first_line = text.split("\n"), source, first_line
        self.findings: list[Finding] = []
        self.refused: set[int] = set()  # nodes by identity: an alias is the same node as its anchor

    def finding(self, code: str, line: int, column: int, message: str, help: str = "") -> Finding:
        return Finding(code, Place(self.source, line, column), message, help)

    def fault(self, code: str, line: int, column: int, message: str, help: str) -> None:
        self.findings.append(self.finding(code, line, column, message, help))

    def tree(self, node: Node, depth: int) -> Tree:
        line, column = node.start_mark.line + self.first_line, node.start_mark.column + 1
        if self.is_refused(node, depth, line, column):
            return Words("", line, column)
        if node.id == "scalar":
            return Words(node.value, line, column, node.style in ("|", ">"))
        if node.id == "sequence":
            return [self.tree(child, depth + 1) for child in node.value]
        mapping: dict[Words, Tree] = {}
        for key_node, value_node in node.value:
            key = self.tree(key_node, depth + 1)
            if not isinstance(key, Words):
                self.fault("key", line, column, "a key must be a word", "write `key: value`")
            elif key in mapping:
                self.fault("doubled-key", key.line, key.column, f'the key "{key}" is given twice', "keep one of them")
            else:
                mapping[key] = self.tree(value_node, depth + 1)
        return mapping

    def is_refused(self, node: Node, depth: int, line: int, column: int) -> bool:
        """Adds a finding and returns True if a node has an anchor or a tag, or is nested too deeply."""
        row = self.lines[node.start_mark.line] if node.start_mark.line < len(self.lines) else ""
        sign = row[node.start_mark.column : node.start_mark.column + 1]
        if sign not in ("&", "!") and depth <= DEPTH_MAX:
            return False
        if id(node) not in self.refused:
            self.refused.add(id(node))
            if depth > DEPTH_MAX:
                self.fault("yaml", line, column, "nested too deeply", f"at most {DEPTH_MAX} levels")
            elif sign == "&":
                self.fault("anchor", line, column, "anchors and aliases of YAML are not read", ANCHOR_HELP)
            else:
                self.fault("tag", line, column, "YAML takes what begins with ! for a tag", TAG_HELP)
        return True
