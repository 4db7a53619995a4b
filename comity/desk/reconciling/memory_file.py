"""A file that is only in memory, for readers that take a path: what an upload holds is written to no disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def in_memory(content: bytes, ending: str) -> Iterator[Path]:
    """A path that gives the content while the block runs; only a link with the ending is in the file system.

    Where the system has no files in memory, as macOS, it is a file in a folder of its own that its owner alone reads, and is removed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{ending}"
        if not hasattr(os, "memfd_create"):
            path.write_bytes(content)
            yield path
            return
        number = os.memfd_create("list")
        try:
            with os.fdopen(os.dup(number), "wb") as file:
                file.write(content)
            # Of this process by its number: the process that reads a workbook opens it too.
            path.symlink_to(f"/proc/{os.getpid()}/fd/{number}")
            yield path
        finally:
            os.close(number)
