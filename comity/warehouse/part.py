"""What a part of a replay counted, as bytes that travel between processes, and the result of all parts together.

A table is decided in parts where it is too large for one process: by the tasks of a cluster, or file by file. Merged, the parts give
the result that one process gives for the whole table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from comity.decision.answer import Ground
from comity.decision.facts_known import shown
from comity.finding import Phrase
from comity.intake.sources.source import PARTS, Reading, Refused, account_of
from comity.intake.table import example_of
from comity.law.facilities import GROUPS as GROUPS_OF_PLACES
from comity.law.in_force import Agency
from comity.records.alike import Answer
from comity.records.pieces import ANSWER, CLASS, COUNT
from comity.records.replay_result import ReplayResult

if TYPE_CHECKING:
    from comity.records.laws import Law

View = tuple[str, ...]


class UsedLaw(Struct, frozen=True):
    """A law that decided rows: its name, the agency it was taken for, and its facts of the place with their sources."""

    name: str
    agency: Agency
    facts: dict[str, str]


class Part(Struct, frozen=True, kw_only=True):
    """The counts of some rows. `first_row` orders the parts; `findings` and `examples` leave out the rows refused.

    `counts` has for each view the table of its counts as Arrow IPC; the answers in it are positions in `answers`.
    """

    first_row: int
    rows: int
    left_out: int
    refused: tuple[Refused, ...]
    findings: dict[str, int]
    examples: dict[str, str]
    placed: dict[str, int]
    counts: tuple[tuple[View, bytes], ...]
    answers: tuple[dict[str, Answer], ...]
    actions: tuple[str, ...]
    laws: tuple[UsedLaw, ...]
    grounds: dict[str, Ground]
    none_values: dict[str, str]
    read: tuple[str, ...]
    reading: Reading


def used_law(law: Law, assumed: Mapping[str, Any]) -> UsedLaw:
    """A law as a part names it; facts that are assumed are left out."""
    stack = law.stack
    facts = {
        fact: f"{shown(value)} ({stack.fact_sources[fact].source})"
        for fact, value in stack.facts.items()
        if fact not in assumed
    }
    return UsedLaw(law.name, stack.agency, facts)


def build_part(result: ReplayResult, laws: Sequence[UsedLaw], first_row: int) -> Part:
    """The part for the result of some rows; answers, grounds and laws that no row of these has are left out."""
    [used] = [result.counts[view].column(ANSWER) for view in result.counts if view == (CLASS,)] or [pa.nulls(0)]
    numbers = sorted(pc.unique(used).drop_null().to_pylist())
    answers = tuple(result.answers[number] for number in numbers)
    new = {number: place for place, number in enumerate(numbers)}
    resting = {name for by_action in answers for answer in by_action.values() for name in answer.determining}
    missing = {fact for by_action in answers for answer in by_action.values() for fact in answer.missing}
    refusals = Counter(refusal.code for refusal in result.refused)
    findings = {code: count - refusals[code] for code, count in result.findings.items() if count > refusals[code]}
    return Part(
        first_row=first_row,
        rows=result.rows,
        left_out=result.left_out,
        refused=result.refused,
        findings=findings,
        examples={code: result.examples[code] for code in findings},
        placed=result.placed,
        counts=tuple((view, _to_bytes(_renumber(table, new))) for view, table in result.counts.items()),
        answers=answers,
        actions=result.actions_asked,
        laws=tuple(laws),
        grounds={name: ground for name, ground in result.grounds.items() if name in resting},
        none_values={fact: name for fact, name in result.none_values.items() if fact in missing},
        read=result.read,
        reading=result.reading,
    )


def encode_part(part: Part) -> bytes:
    """A part as bytes."""
    return msgspec.msgpack.encode(part, enc_hook=_text_of_phrase)


def decode_part(content: bytes) -> Part:
    """The part of these bytes; raises `msgspec.MsgspecError` on bytes that are none."""
    return msgspec.msgpack.decode(content, type=Part)


def _text_of_phrase(value: object) -> str:
    """The text of a phrase, which the library that writes bytes does not know as text."""
    if not isinstance(value, Phrase):
        raise TypeError(f"a part holds no {type(value).__name__}")  # a fault of ours: parts hold what results hold
    return str(value)


def merge_parts(parts: Sequence[Part], like: ReplayResult) -> ReplayResult:
    """The result of all parts together; `like` gives what does not depend on rows: source, law, version, what was assumed."""
    ordered = sorted(parts, key=lambda part: part.first_row)
    answers: dict[Any, int] = {}
    tables: dict[View, list[pa.Table]] = {view: [table] for view, table in like.counts.items()}
    for part in ordered:
        new = {
            at: answers.setdefault(tuple(sorted(by_action.items())), len(answers))
            for at, by_action in enumerate(part.answers)
        }
        for view, content in part.counts:
            tables.setdefault(view, []).append(_renumber(_from_bytes(content), new))
    refused = tuple(sorted((row for part in ordered for row in part.refused), key=lambda refusal: refusal.row))
    findings, examples = _findings_of(ordered, refused)
    placed = Counter[str]()
    for part in ordered:
        placed.update(part.placed)
    with_rows = [part for part in ordered if part.read]
    return msgspec.structs.replace(
        like,
        rows=sum(part.rows for part in ordered),
        counts={view: _summed(pa.concat_tables(found)) for view, found in tables.items()},
        answers=tuple(dict(key) for key in answers),
        actions_asked=ordered[0].actions if ordered else like.actions_asked,
        refused=refused,
        findings=findings,
        examples=examples,
        of_place=_of_places(ordered),
        read=with_rows[0].read if with_rows else like.read,
        grounds={name: ground for part in ordered for name, ground in part.grounds.items()},
        left_out=sum(part.left_out for part in ordered),
        placed={group: placed[group] for group in GROUPS_OF_PLACES if placed[group]},
        none_values={fact: name for part in ordered for fact, name in part.none_values.items()},
        reading=merge_readings(like.reading, (part.reading for part in ordered)),
    )


def merge_readings(like: Reading, readings: Iterable[Reading]) -> Reading:
    """How a source without sheets was read in all, from how its parts were read; `like` gives its format."""
    counts: Counter[str] = Counter()
    notes = dict.fromkeys(like.notes)
    for reading in readings:
        notes |= dict.fromkeys(reading.notes)
        for account in reading.accounts:
            counts.update({name: getattr(account, name) for name in ("lines", *PARTS)})
    accounts = (account_of("", counts),) if counts else like.accounts
    return msgspec.structs.replace(like, notes=tuple(notes), accounts=accounts)


def _findings_of(parts: Sequence[Part], refused: Sequence[Refused]) -> tuple[dict[str, int], dict[str, str]]:
    """What was found in all parts by code, with an example of each; refused rows come last, as in one process."""
    findings, examples = Counter[str](), dict[str, str]()
    for part in parts:
        findings.update(part.findings)
        examples = {**part.examples, **examples}
    for refusal in refused:
        findings[refusal.code] += 1
        examples.setdefault(refusal.code, str(example_of(refusal.row, refusal.message)))
    return dict(findings.most_common()), examples


def _of_places(parts: Sequence[Part]) -> dict[str, str]:
    """The facts of places that held in some part, by fact; with the law where several laws decided rows."""
    laws = {(law.name, law.agency): law for part in parts for law in part.laws}.values()
    return {
        fact if len(laws) == 1 else f"{fact} at {law.name}": text for law in laws for fact, text in law.facts.items()
    }


def _renumber(counts: pa.Table, new: Mapping[int, int]) -> pa.Table:
    """The counts with other numbers for their answers; NULL stays NULL."""
    column = counts.column(ANSWER).combine_chunks()
    table = np.zeros(max(new, default=0) + 1, np.int64)
    for number, place in new.items():
        table[number] = place
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    renumbered = pa.array(table[numbers], pa.int64(), mask=column.is_null().to_numpy(zero_copy_only=False))
    return counts.set_column(counts.schema.get_field_index(ANSWER), ANSWER, renumbered)


def _summed(table: pa.Table) -> pa.Table:
    summed = table.group_by([name for name in table.schema.names if name != COUNT]).aggregate([(COUNT, "sum")])
    return summed.rename_columns([name.removesuffix("_sum") for name in summed.schema.names])


def _to_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _from_bytes(content: bytes) -> pa.Table:
    with pa.ipc.open_stream(content) as reader:
        return reader.read_all()
