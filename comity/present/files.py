"""Writes files into a folder, each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def put(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Writes files by name into a folder, which is created if needed; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        part = folder / f".{name}.{os.getpid()}.part"
        try:
            part.write_bytes(content)
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
    return [folder / name for name in contents]
