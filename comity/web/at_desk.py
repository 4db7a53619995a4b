"""The desk that this process serves: opened once at the start, shared by all requests."""

from __future__ import annotations

from comity.desk.desk import Desk

_OPEN: list[Desk] = []


def open_desk(desk: Desk) -> None:
    """Makes a desk the one that this process serves."""
    _OPEN[:] = [desk]


def this_desk() -> Desk:
    """The desk that this process serves; raises `RuntimeError` where none is open."""
    if not _OPEN:
        raise RuntimeError("no desk is open in this process")
    return _OPEN[0]
