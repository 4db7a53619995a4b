"""Writes a proposed map as YAML for a person to review: what was seen stands as comments above each column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from comity.intake.column_map.column_map import BOOKING, IGNORE, OPEN
from comity.intake.column_map.day_orders import EXAMPLES, ORDERS
from comity.intake.column_map.proposal import Proposal, ProposedCode, ProposedColumn, in_cells
from comity.present.clean import cleaned

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.]*(?: [A-Za-z0-9_.]+)*")
READ_OTHERWISE = ("y", "n", "yes", "no", "on", "off", "null")  # by other readers of YAML, as true, false or nothing
HEAD = """\
# How the columns of a table are read. Begun by `comity columns`; a person reviews it, and keeps it beside the data.
# Replace each "?" by what it is, or the fact by `ignore`: a map with a "?" is refused.
# Facts are listed in docs/facts.md. What this map does not name is read as without a map.
"""


def as_yaml(proposal: Proposal) -> str:
    """The map as text; its open questions are `?`."""
    name = cleaned(proposal.source.replace("\\", "/").rpartition("/")[2], 80)
    lines = [HEAD + f"# Proposed from {name}: {proposal.rows:,} rows were looked at. {proposal.questions}."]
    lines += [f"# {note[0].upper()}{note[1:]}." for note in proposal.notes]
    if proposal.booking:
        lines += ["", "# Rows with the same booking are one request; their charges become one list."]
        lines.append(f"{BOOKING}: {_quoted(proposal.booking)}")
    lines += ["", "columns:"]
    lists: set[str] = set()
    for column in (column for column in proposal.columns if column.fact != IGNORE):
        lines += _column(column, is_first=column.fact.partition("[")[0] not in lists)
        lists |= {column.fact.partition("[")[0]} if column.is_list else set()
    ignored = [column for column in proposal.columns if column.fact == IGNORE]
    if ignored:
        lines += ["", "  # Not read:"]
        lines += [
            f"  {_quoted(column.heading)}: {IGNORE}  # {'; '.join(column.seen)}" for column in ignored if column.heading
        ]
    if len(proposal.columns) == sum(not column.heading for column in proposal.columns):
        lines[-1] = "columns: {}"
    return "\n".join(lines) + "\n"


def _column(column: ProposedColumn, *, is_first: bool) -> Iterator[str]:
    yield ""
    yield from (f"  # {cleaned(sentence)}" for sentence in column.seen if sentence)
    yield f"  {_quoted(column.heading)}:"
    yield f"    fact: {_quoted(column.fact)}"
    if column.candidates:
        yield f"    candidates: [{', '.join(_quoted(name) for name in column.candidates)}]"
    if column.separator:
        yield f"    separator: {json.dumps(column.separator)}"
    if column.days == OPEN:
        yield f"    days: {_quoted(OPEN)}  # {', '.join(f'{order}: {EXAMPLES[order]}' for order in ORDERS)}"
    elif column.days:
        yield f"    days: {column.days}"
    if column.code_list:
        yield f"    codes: {column.code_list}"
    elif column.codes:
        yield "    codes:"
        yield from (f"      {_quoted(code.code)}: {_quoted(code.value)}  # {_cells(code)}" for code in column.codes)
    if column.nones:
        words = ", ".join(_quoted(code.code) for code in column.nones)
        cells = in_cells(sum(code.cells for code in column.nones))
        yield f"    # none: [{words}]  # {cells}, unknown as it is; without the # they say that there are none"
    if column.unclear:
        yield "    # Not understood; without a code they are unknown, and counted. Add those that you can tell to codes:"
        yield from (f"    #   {_quoted(code.code)}: {_quoted(code.value)}  # {_cells(code)}" for code in column.unclear)
    if column.is_list and is_first:
        yield "    complete: false  # true if the table names all there are; then nothing else is to be known of them"


def _cells(code: ProposedCode) -> str:
    return in_cells(code.cells)


def _quoted(text: str) -> str:
    """A text as YAML: plain where that is safe, otherwise in double quotes."""
    is_plain = PLAIN.fullmatch(text) and text.lower() not in READ_OTHERWISE
    return text if is_plain else json.dumps(text if text.isprintable() else cleaned(text))
