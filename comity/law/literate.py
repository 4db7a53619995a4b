"""Splits a law file into its front matter, its headings with the plain words below them, and the blocks that run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from comity.finding import Finding, Place
from comity.yamltext import Words, read_yaml

BLOCKS = ("provision", "define", "params", "case", "fact", "explains")
HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*$")
NUMBERED = re.compile(r"^(?P<number>[0-9][0-9A-Za-z.()-]*)\s+(?P<title>.+)$")
# Fences as in CommonMark: three signs or more, indented by at most three spaces; no backtick after backticks.
FENCE = re.compile(r"^ {0,3}(?P<signs>`{3,}(?=[^`]*$)|~{3,})\s*(?P<info>.*?)\s*$")
ALMOST_FENCE = re.compile(
    r"^[\s>*+-]*(?:[0-9]+[.)]\s*)?(?:[`~]{3,}|[`~'\u00b4\u2018\u2019]{1,3}\s*ya?ml\b)", re.IGNORECASE
)
ALMOST_HEADING = re.compile(r"^\s{0,3}#{1,6}[0-9]|^\s{1,3}#{1,6}\s")
FENCE_HELP = "begin the line with ```yaml and the kind of block, without spaces or signs in front"


class Block(Struct, frozen=True):
    """One fenced block: its sort, its YAML, the heading above it and the plain words before it."""

    sort: str
    tree: Any
    line: int
    number: str
    heading: str
    plain: str


class Literate(Struct, frozen=True):
    """The parts of one file; `summary` is the text before the first numbered heading."""

    front: dict[Words, Any]
    summary: str
    blocks: tuple[Block, ...]


def split_law_file(text: str, source: str, blocks: Sequence[str] = BLOCKS) -> tuple[Literate, list[Finding]]:
    """The parts of a file, whose blocks may be of the given sorts, and what cannot be read; never raises."""
    lines = text.split("\n")
    front, start, findings = _front_matter(lines, source)
    walk = _Walk(source, findings, blocks)
    for index in range(start, len(lines)):
        walk.line(index + 1, lines[index])
    walk.finish()
    return Literate(front, " ".join(walk.summary).strip(), tuple(walk.blocks)), findings


def _front_matter(lines: list[str], source: str) -> tuple[dict[Words, Any], int, list[Finding]]:
    if not lines or lines[0].strip() != "---":
        return {}, 0, []
    end = next((index for index, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        message = "the front matter has no end"
        return {}, len(lines), [Finding("front-matter", Place(source, 1, 1), message, "close it with a line ---")]
    tree, findings = read_yaml("\n".join(lines[1:end]), source, 2)
    if not isinstance(tree, dict):
        findings.append(
            Finding("front-matter", Place(source, 2, 1), "the front matter is no mapping", "write `key: value` lines")
        )
        return {}, end + 1, findings
    return tree, end + 1, findings


class _Fence(Struct):
    """A fence that is open: its line, its signs, what follows them, and the lines inside it so far."""

    line: int
    signs: str
    info: str
    body: list[str]

    def is_closed_by(self, line: str) -> bool:
        """Whether a line consists of the same sign, at least as many times."""
        found = FENCE.match(line)
        return found is not None and not found["info"] and found["signs"].startswith(self.signs)


class _Walk:
    """One pass over the lines below the front matter."""

    def __init__(self, source: str, findings: list[Finding], sorts: Sequence[str]) -> None:
        self.source, self.findings, self.sorts = source, findings, sorts
        self.blocks: list[Block] = []
        self.summary: list[str] = []
        self.number = self.heading = ""
        self.paragraph: list[str] = []
        self.plain = ""
        self.fence: _Fence | None = None

    def fault(self, code: str, line: int, message: str, help: str, grave: bool = True) -> None:
        self.findings.append(Finding(code, Place(self.source, line, 1), message, help, grave))

    def line(self, number: int, line: str) -> None:
        if self.fence:
            if self.fence.is_closed_by(line):
                self.close(self.fence)
            else:
                self.fence.body.append(line)
        elif fence := FENCE.match(line):
            self.end_paragraph()
            self.fence = _Fence(number, fence["signs"], fence["info"], [])
        elif heading := HEADING.match(line):
            self.open_heading(heading["text"])
        elif line.strip():
            self.text(number, line)
        else:
            self.end_paragraph()

    def text(self, number: int, line: str) -> None:
        """Adds a line of plain words, with a finding if it looks like a fence or a heading and is neither."""
        if ALMOST_FENCE.match(line):
            self.fault("block", number, "this looks like the fence of a block and is not one", FENCE_HELP)
        if ALMOST_HEADING.match(line):
            self.fault("heading", number, "this looks like a heading and is not one", "write `## 1 Title`")
        self.paragraph.append(line.strip())

    def open_heading(self, text: str) -> None:
        self.end_paragraph()
        numbered = NUMBERED.match(text)
        self.number, self.heading = (numbered["number"], numbered["title"]) if numbered else ("", text)
        self.plain = ""

    def end_paragraph(self) -> None:
        if not self.paragraph:
            return
        self.plain = " ".join(self.paragraph)
        if not self.number:
            self.summary.append(self.plain)
        self.paragraph = []

    def close(self, fence: _Fence) -> None:
        self.fence = None
        language, _, sort = (word.strip() for word in fence.info.partition(" "))
        help = f"begin it with ```yaml and one of {', '.join(self.sorts)}"
        if language != "yaml":
            words = (word.casefold() for word in re.split(r"[\W_]+", fence.info))
            meant = any(word in ("yaml", "yml", *self.sorts) for word in words) or any(
                map(ALMOST_FENCE.match, fence.body)
            )
            self.fault("block", fence.line, "this block does not run", help, grave=meant)
            return
        if sort not in self.sorts:
            self.fault("block", fence.line, f'there is no block "yaml {sort}"', f"one of {', '.join(self.sorts)}")
            return
        tree, findings = read_yaml("\n".join(fence.body), self.source, fence.line + 1)
        self.findings += findings
        self.blocks.append(Block(sort, tree, fence.line, self.number, self.heading, self.plain))

    def finish(self) -> None:
        self.end_paragraph()
        if self.fence:
            self.fault("block", self.fence.line, "this block has no end", f"close it with {self.fence.signs}")
