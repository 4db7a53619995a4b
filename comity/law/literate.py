"""A law file taken apart: front matter, headings with the plain words beneath them, and the blocks that run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from comity.finding import Finding, Place
from comity.yamltext import Words, read_yaml

BLOCKS = ("provision", "define", "params", "case", "fact", "explains")
HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*$")
NUMBERED = re.compile(r"^(?P<number>\d[0-9A-Za-z.()-]*)\s+(?P<title>.+)$")
FENCE = re.compile(r"^```\s*(?P<info>.*?)\s*$")


class Block(Struct, frozen=True):
    """One fenced block: its sort, its YAML, the heading it stands under and the plain words before it."""

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


def take_apart(text: str, source: str, blocks: Sequence[str] = BLOCKS) -> tuple[Literate, list[Finding]]:
    """The parts of a file with some sorts of blocks, and what cannot be read of it; never raises."""
    lines = text.split("\n")
    front, start, findings = _front_matter(lines, source)
    walk = _Walk(source, findings, blocks)
    for index in range(start, len(lines)):
        walk.line(index + 1, lines[index])
    walk.finish(len(lines))
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


class _Walk:
    """One pass over the lines below the front matter."""

    def __init__(self, source: str, findings: list[Finding], sorts: Sequence[str]) -> None:
        self.source, self.findings, self.sorts = source, findings, sorts
        self.blocks: list[Block] = []
        self.summary: list[str] = []
        self.number = self.heading = ""
        self.paragraph: list[str] = []
        self.plain = ""
        self.fence: tuple[int, str, list[str]] | None = None

    def line(self, number: int, line: str) -> None:
        fence = FENCE.match(line)
        if self.fence:
            if fence and not fence["info"]:
                self.close()
            else:
                self.fence[2].append(line)
        elif fence:
            self.end_paragraph()
            self.fence = (number, fence["info"], [])
        elif heading := HEADING.match(line):
            self.open_heading(heading["text"])
        elif line.strip():
            self.paragraph.append(line.strip())
        else:
            self.end_paragraph()

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

    def close(self) -> None:
        assert self.fence
        start, info, body = self.fence
        self.fence = None
        language, _, sort = info.partition(" ")
        if language != "yaml":
            return  # a block in another language is for readers alone
        if sort not in self.sorts:
            help = f"one of {', '.join(self.sorts)}"
            self.findings.append(
                Finding("block", Place(self.source, start, 1), f'there is no block "yaml {sort}"', help)
            )
            return
        tree, findings = read_yaml("\n".join(body), self.source, start + 1)
        self.findings += findings
        self.blocks.append(Block(sort, tree, start, self.number, self.heading, self.plain))

    def finish(self, last: int) -> None:
        self.end_paragraph()
        if self.fence:
            self.findings.append(
                Finding("block", Place(self.source, self.fence[0], 1), "this block has no end", "close it with ```")
            )
