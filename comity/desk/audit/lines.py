"""Events as lines of a record, each of which begins with the hash of the one before it; and signed heads of the tree of all lines."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.desk.audit.verifier import FIRST, Head, leaf_hash

ENCODER = msgspec.json.Encoder(order="deterministic")


class Chain:
    """Where a record ends: the hash of its last event and how many there are, to which the next is added."""

    def __init__(self, count: int = 0, last: str = FIRST) -> None:
        self.count, self.last = count, last

    def line(self, fields: dict[str, Any]) -> bytes:
        """The next line of the record, for an event with these fields, with a line end; the chain then ends there."""
        number = self.count + 1
        rest = ENCODER.encode(fields)
        event = f'{{"previous":"{self.last}","number":{number},'.encode() + rest[1:]
        self.count, self.last = number, hashlib.sha256(event).hexdigest()
        return self.last.encode() + b" " + event + b"\n"


def event_of(line: bytes) -> bytes:
    """The event of a line, as it is hashed."""
    return line[len(FIRST) + 1 :].rstrip(b"\n")


def leaf_of(line: bytes) -> bytes:
    """The hash of a line's event as a leaf of the tree."""
    return leaf_hash(event_of(line))


def sign_head(key: Ed25519PrivateKey, size: int, root: bytes, at: datetime) -> bytes:
    """A signed head as a line of JSON, with a line end."""
    head = Head(size, root.hex(), at.astimezone(UTC).isoformat(timespec="seconds"), public_digits(key), "")
    return _head_line(head._replace(signature=key.sign(head.signed()).hex()))


def sign_key_change(key: Ed25519PrivateKey, next: Ed25519PrivateKey, size: int, root: bytes, at: datetime) -> bytes:
    """A head by which a key hands over to the next, signed by both."""
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    head = Head(size, root.hex(), moment, public_digits(key), "", public_digits(next))
    by_both = head._replace(signature=key.sign(head.signed()).hex(), next_signature=next.sign(head.signed()).hex())
    return _head_line(by_both)


def public_digits(key: Ed25519PrivateKey) -> str:
    """The public key, in hexadecimal digits: what an auditor keeps."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _head_line(head: Head) -> bytes:
    return msgspec.json.encode({name: part for name, part in head._asdict().items() if part != ""}) + b"\n"


def head_moment(line: bytes) -> datetime:
    """The moment at which a head was signed."""
    return datetime.fromisoformat(msgspec.json.decode(line)["at"])
