"""The version of this program, named in what it makes."""

from __future__ import annotations

VERSION = "0.1.0"
