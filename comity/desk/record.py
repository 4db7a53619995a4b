"""The record as it is written out: the line of each event, and the signed heads with the changes of their key."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from comity.desk.models import Entry, KeyChange, SignedHead


def record_lines() -> Iterator[bytes]:
    """The line of each event, in order."""
    for line in Entry.objects.order_by("number").values_list("line", flat=True).iterator():
        yield bytes(line)


def head_lines() -> list[bytes]:
    """The signed heads by size; a change of their key comes after the heads of its size, which the key before it signed."""
    heads = [(head.size, 0, bytes(head.line)) for head in SignedHead.objects.all()]
    changes = [(_size_of(bytes(change.line)), change.number, bytes(change.line)) for change in KeyChange.objects.all()]
    return [line for _, _, line in sorted(heads + changes)]


def _size_of(line: bytes) -> int:
    return int(msgspec.json.decode(line)["size"])
