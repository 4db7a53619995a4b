"""YAML read as text: every scalar is a string with its place, so that `on`, `no` and `23:59` mean what they say.

A doubled key is a finding. Anchors, tags and other YAML machinery are refused: law files need none of it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import yaml

from comity.finding import Finding, Place

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C loader is an order of magnitude faster


class Words(str):
    """A scalar as written, with its line and column in the file (both from 1).

    `block` tells a block scalar (`|`), whose text begins on the line after.
    """

    line: int
    column: int
    block: bool

    def __new__(cls, text: str, line: int = 0, column: int = 0, block: bool = False) -> Words:
        made = super().__new__(cls, text)
        made.line, made.column, made.block = line, column, block
        return made


Tree: TypeAlias = "Words | list[Any] | dict[Words, Any]"


def read_yaml(text: str, source: str, first_line: int = 1) -> tuple[Tree, list[Finding]]:
    """The tree of a YAML text that begins on `first_line` of `source`; never raises."""
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        return {}, [_finding("yaml", source, line, column, f"not readable as YAML: {fault.problem}")]
    except (yaml.YAMLError, RecursionError) as fault:
        return {}, [_finding("yaml", source, first_line, 1, f"not readable as YAML: {str(fault).splitlines()[0]}")]
    if node is None:
        return {}, []
    findings: list[Finding] = []
    try:
        return _tree(node, source, first_line, findings), findings
    except RecursionError:
        return {}, [_finding("yaml", source, first_line, 1, "nested too deeply", "at most 100 levels")]


def _finding(code: str, source: str, line: int, column: int, message: str, help: str = "") -> Finding:
    return Finding(code, Place(source, line, column), message, help)


def _tree(node: yaml.Node, source: str, first_line: int, findings: list[Finding]) -> Tree:
    line, column = node.start_mark.line + first_line, node.start_mark.column + 1
    if isinstance(node, yaml.ScalarNode):
        return Words(node.value, line, column, node.style in ("|", ">"))
    if isinstance(node, yaml.SequenceNode):
        return [_tree(child, source, first_line, findings) for child in node.value]
    made: dict[Words, Tree] = {}
    for key_node, value_node in node.value:
        key = _tree(key_node, source, first_line, findings)
        if not isinstance(key, Words):
            findings.append(_finding("key", source, line, column, "a key must be a word", "write `key: value`"))
        elif key in made:
            message = f'the key "{key}" stands twice'
            findings.append(_finding("doubled-key", source, key.line, key.column, message, "keep one of them"))
        else:
            made[key] = _tree(value_node, source, first_line, findings)
    return made
