"""Decides the desk's own requests again under other laws: a few in this process, many in a child process that is killed at its limit.

Run as a program it is the child: it reads the law, the requests and the laws to apply on its standard input.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import Library
from comity.session import Law
from comity.web.operating.contained import Limits, limit_process, run_contained

ROWS_MAX = 200_000
ROWS_HERE_MAX = 500  # so many take less time than starting a process
SECONDS_MAX, MEMORY_BYTES_MAX = 60, 2_000_000_000
WAIT_SECONDS = 20.0
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)
HELP = phrase("name a shorter span, or replay the table of requests with comity replay on another machine")
Row = dict[str, str]


class Replayed(Struct, frozen=True):
    """Counts of a replay: the requests that cannot be read, and for each action how many requests have each outcome."""

    refused: int
    actions: dict[str, dict[str, int]]


class Wanted(Struct, frozen=True):
    """What a child is to decide: requests under the law of their day (""), or under others by their names."""

    library: Library
    rows: list[Row]
    laws: list[str]


class Answered(Struct, frozen=True):
    """What a child found: a replay for each law, or the findings that prevent it."""

    replays: list[Replayed] = []
    findings: list[Finding] = []


def replay_rows(
    library: Library, rows: Sequence[Row], laws: Sequence[str], *, limits: Limits | None = None
) -> list[Replayed]:
    """The requests under each law, within limits; raises `InputFault` on what is beyond them, or names no law."""
    if len(rows) > ROWS_MAX:
        words = phrase("the span has {count:,} requests, and may have {most:,}", count=len(rows), most=ROWS_MAX)
        raise InputFault([Finding("too-large", Place("period"), words, HELP)])
    wanted = Wanted(library, [*rows], [*laws])
    if len(rows) <= ROWS_HERE_MAX and limits is None:
        return _replays(wanted)
    if not _ONE_AT_A_TIME.acquire(timeout=WAIT_SECONDS):
        words, help = phrase("another replay runs"), phrase("ask again in a minute")
        raise InputFault([Finding("busy", Place("replay"), words, help)])
    try:
        return _in_child(wanted, limits or Limits(SECONDS_MAX, MEMORY_BYTES_MAX))
    finally:
        _ONE_AT_A_TIME.release()


def _in_child(wanted: Wanted, limits: Limits) -> list[Replayed]:
    ended = run_contained("comity.web.operating.replaying", (), limits, msgspec.msgpack.encode(wanted))
    if ended.took_too_long:
        words = phrase("the replay took longer than {seconds:g} s and was ended", seconds=limits.seconds_max)
        raise InputFault([Finding("took-too-long", Place("replay"), words, HELP)])
    if not ended.written:
        words = phrase("the replay needed more than {memory:,} MB", memory=limits.memory_bytes_max // 1_000_000)
        raise InputFault([Finding("too-large", Place("replay"), words, HELP)])
    answered = msgspec.msgpack.decode(ended.written, type=Answered)
    if answered.findings:
        raise InputFault(answered.findings)
    return answered.replays


def _replays(wanted: Wanted) -> list[Replayed]:
    import pyarrow as pa  # noqa: PLC0415  a server that never replays does without it

    paths = dict.fromkeys(path for row in wanted.rows for path in row)
    table = pa.table({path: pa.array([row.get(path) for row in wanted.rows], pa.string()) for path in paths})
    results = [Law(wanted.library).replay(table, law=law) for law in wanted.laws]
    return [
        Replayed(
            len(result.refused),
            {action: {str(key): count for key, count in tally.outcomes.items()} for action, tally in result.actions.items()},
        )
        for result in results
    ]  # fmt: skip


def main(out: str, memory_max: str, seconds_max: str) -> None:
    """Decides what standard input holds, and writes the counts to a file."""
    limit_process(int(memory_max), int(seconds_max))
    wanted = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Wanted)
    try:
        answered = Answered(replays=_replays(wanted))
    except InputFault as fault:
        answered = Answered(findings=list(fault.findings))
    Path(out).write_bytes(msgspec.msgpack.encode(answered))


if __name__ == "__main__":
    main(*sys.argv[1:])
