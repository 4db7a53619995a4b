"""The desk that this process serves: opened once at the start, shared by all requests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from comity.desk.desk import Desk
from comity.session import Law

_OPEN: list[Desk] = []
_FOLDERS: list[Path] = []


def open_desk(desk: Desk, folders: Sequence[Path] = ()) -> None:
    """Makes a desk the one that this process serves; `folders` are the county's own law, with its rates."""
    _OPEN[:], _FOLDERS[:] = [desk], folders


def this_desk() -> Desk:
    """The desk that this process serves; raises `RuntimeError` where none is open."""
    if not _OPEN:
        raise RuntimeError("no desk is open in this process")
    return _OPEN[0]


def this_law() -> Law:
    """The law that the desk holds, with the folders of the county, for what `import comity` offers."""
    return Law(this_desk().library, _FOLDERS)
