"""Proves a record of events whole, or says where it was broken. Needs Python alone: this file may be copied and run by itself.

    python verifier.py RECORD [HEADS] [--key HEX]

RECORD has a line for each event: the SHA-256 of the event in hexadecimal digits, a space, and the event as JSON on one line. Each
event begins with the hash of the one before it and with its number, so that no line can be changed, left out, doubled or moved.
HEADS has a line for each signed head of the tree: how many events the tree had, its root (RFC 6962) and the moment, with an Ed25519
signature (RFC 8032). A record from which events were cut at the end, or that was rewritten whole, differs from a head that others keep.

Exits 0 where all holds, 1 where it does not, 2 where a file cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

LEAF, INNER = b"\x00", b"\x01"  # RFC 6962 2.1: a leaf can never pass for a node
FIRST = "0" * 64  # the hash before the first event
HASH_LENGTH = 64
LINE_MAX = 1 << 24  # bytes of an event
KEY_DIGITS, SIGNATURE_LENGTH = 64, 64
FAULTS_MAX = 20


class Fault(NamedTuple):
    """Where a record is broken, and how: the number of the line in its file (from 1)."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words}"


class Head(NamedTuple):
    """A signed statement of how many events a tree has, and of its root; and which key signs from then on, where it changes."""

    size: int
    root: str
    at: str
    key: str
    signature: str
    next: str = ""
    next_signature: str = ""  # by the next key, of the same bytes

    def signed(self) -> bytes:
        """The bytes that are signed."""
        change = f"next key {self.next}\n" if self.next else ""
        return f"comity tree head\n{self.size}\n{self.root}\n{self.at}\n{change}".encode()


class Verified(NamedTuple):
    """What was found: how many events and heads were read, the root of all events, and the faults."""

    events: int
    heads: int
    root: str
    faults: list[Fault]


# ---- the tree of RFC 6962 ----


def leaf_hash(event: bytes) -> bytes:
    """The hash of an event as a leaf of the tree."""
    return hashlib.sha256(LEAF + event).digest()


def inner_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two others."""
    return hashlib.sha256(INNER + left + right).digest()


class Tree:
    """A tree that grows: it keeps one node for each complete part, so that a million leaves take twenty nodes."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[bytes] = []  # the largest first, as the bits of `size` that are set

    def add(self, leaf: bytes) -> None:
        """Adds the hash of a leaf."""
        node, size = leaf, self.size
        while size & 1:
            node = inner_hash(self.parts.pop(), node)
            size >>= 1
        self.parts.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves; that of no leaf is the hash of nothing."""
        if not self.parts:
            return hashlib.sha256().digest()
        node = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            node = inner_hash(part, node)
        return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of some leaves."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that a leaf is at an index of a tree with a size and a root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = inner_hash(sibling, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = inner_hash(node, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(first: int, second: int, roots: tuple[bytes, bytes], path: Sequence[bytes]) -> bool:
    """Whether a proof shows that a tree of `first` leaves is the beginning of one of `second` leaves (RFC 9162 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and roots[0] == roots[1]
    steps = [roots[0], *path] if first & (first - 1) == 0 else list(path)
    if not steps:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = inner_hash(sibling, old), inner_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = inner_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and (old, new) == roots


# ---- Ed25519 (RFC 8032 5.1), verification only: slow, and plain to read ----

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


class Point(NamedTuple):
    """A point of the curve in extended coordinates."""

    x: int
    y: int
    z: int
    t: int


NEUTRAL = Point(0, 1, 1, 0)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature of a message is that of a public key."""
    if len(key) != KEY_DIGITS // 2 or len(signature) != SIGNATURE_LENGTH:
        return False
    public, commitment = _point_of(key), _point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return _is_equal(_times(scalar, BASE), _sum(commitment, _times(challenge, public)))


def _sum(one: Point, other: Point) -> Point:
    a = (one.y - one.x) * (other.y - other.x) % P
    b = (one.y + one.x) * (other.y + other.x) % P
    c = 2 * one.t * other.t * D % P
    d = 2 * one.z * other.z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % P, g * h % P, f * g % P, e * h % P)


def _times(scalar: int, point: Point) -> Point:
    found = NEUTRAL
    while scalar > 0:
        if scalar & 1:
            found = _sum(found, point)
        point = _sum(point, point)
        scalar >>= 1
    return found


def _is_equal(one: Point, other: Point) -> bool:
    return (one.x * other.z - other.x * one.z) % P == 0 and (one.y * other.z - other.y * one.z) % P == 0


def _point_of(encoded: bytes) -> Point | None:
    """The point that 32 bytes encode; None where they encode none."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return Point(x, y, 1, x * y % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
_base = _point_of(_BASE_Y.to_bytes(32, "little"))
assert _base is not None
BASE = _base


# ---- a record ----


def verify(
    lines: Iterable[bytes],
    heads: Iterable[bytes] = (),
    *,
    keys: frozenset[str] = frozenset(),
    names: Sequence[str] = ("record", "heads"),
) -> Verified:
    """Verifies the lines of a record, and the signed heads beside it.

    `keys` are the public keys, in hexadecimal digits, of which one must have signed each head; where there are none, it is the
    key of the first head. A head signed by both keys hands over to the next key, and the one before signs no more. At most twenty
    faults are named.
    """
    faults: list[Fault] = []
    signed = list(_read_heads(heads, keys, names[1], faults))
    wanted: dict[int, list[tuple[int, Head]]] = {}
    for number, head in signed:
        wanted.setdefault(head.size, []).append((number, head))
    tree, last = Tree(), FIRST
    _check_heads(wanted, tree, names[1], faults)
    for number, line in enumerate(lines, 1):
        event, hash, words = _event_of(line, number, last)
        if words:
            faults.append(Fault(names[0], number, words))
            if len(faults) >= FAULTS_MAX:
                break
        tree.add(leaf_hash(event))
        last = hash
        if tree.size in wanted:
            _check_heads(wanted, tree, names[1], faults)
    for size in sorted(wanted):
        faults += [
            Fault(names[1], number, f"signs {size:,} events, and the record has {tree.size:,}")
            for number, _ in wanted[size]
        ]
    return Verified(tree.size, len(signed), tree.root().hex(), faults[:FAULTS_MAX])


def _event_of(line: bytes, number: int, last: str) -> tuple[bytes, str, str]:
    """The event of a line, its hash, and what is wrong with it."""
    text = line[:-1] if line.endswith(b"\n") else line
    if len(text) > LINE_MAX:
        return b"", last, "is longer than an event may be"
    written, event = text[:HASH_LENGTH].decode("ascii", "replace"), text[HASH_LENGTH + 1 :]
    hash = hashlib.sha256(event).hexdigest()
    if not line.endswith(b"\n"):
        return event, hash, "does not end: the record was cut within it"
    if hash != written or text[HASH_LENGTH : HASH_LENGTH + 1] != b" ":
        return event, written, "is not as it was written: its hash is another"
    if not event.startswith(f'{{"previous":"{last}","number":{number},'.encode()):
        return event, hash, "does not follow the line before it: one was changed, left out, doubled or moved"
    return event, hash, ""


def _read_heads(
    lines: Iterable[bytes], keys: frozenset[str], name: str, faults: list[Fault]
) -> Iterator[tuple[int, Head]]:
    """The heads that can be read and whose signature holds, with the numbers of their lines."""
    trusted, replaced = set(keys), set[str]()
    for number, line in enumerate(lines, 1):
        head = _head_of(line)
        words = "is no signed head" if head is None else _fault_of(head, trusted, replaced)
        if head is None or words:
            faults.append(Fault(name, number, words))
            continue
        trusted.add(head.key)
        if head.next:
            trusted.add(head.next)
            trusted.discard(head.key)
            replaced.add(head.key)
        yield number, head


def _fault_of(head: Head, trusted: set[str], replaced: set[str]) -> str:
    """What is wrong with the signatures of a head; nothing where they hold."""
    if head.key in replaced:
        return "is signed by a key that was replaced before"
    if trusted and head.key not in trusted:
        return "is signed by a key that is not given, and that no head hands over to"
    if not is_signed(_bytes_of(head.key), head.signed(), _bytes_of(head.signature)):
        return "its signature does not hold"
    if head.next and not is_signed(_bytes_of(head.next), head.signed(), _bytes_of(head.next_signature)):
        return "its signature by the next key does not hold"
    return ""


def _head_of(line: bytes) -> Head | None:
    try:
        fields: Any = json.loads(line)
        head = Head(*(fields[name] for name in Head._fields[:5]), *(fields.get(name, "") for name in Head._fields[5:]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    texts = all(isinstance(part, str) for part in head[1:])
    return head if texts and type(head.size) is int and head.size >= 0 else None


def _bytes_of(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return b""


def _check_heads(wanted: dict[int, list[tuple[int, Head]]], tree: Tree, name: str, faults: list[Fault]) -> None:
    """Compares the heads of the size that the tree has now with its root."""
    for number, head in wanted.pop(tree.size, ()):
        if head.root != tree.root().hex():
            faults.append(Fault(name, number, f"the first {head.size:,} events are not those that were signed"))


def describe(verified: Verified) -> str:
    """What was proved of a whole record, in a line."""
    return f"{verified.events:,} events, whole; {verified.heads} signed heads hold; root {verified.root}"


def main(arguments: Sequence[str]) -> int:
    """Verifies the files that are named; prints the faults, or what was proved."""
    keys = frozenset(arguments[at + 1] for at, word in enumerate(arguments[:-1]) if word == "--key")
    files = [word for at, word in enumerate(arguments) if word != "--key" and (at == 0 or arguments[at - 1] != "--key")]
    if not 1 <= len(files) <= 2:
        sys.stderr.write("name a record, and its heads if there are any\n")
        return 2
    try:
        with open(files[0], "rb") as record:
            heads = open(files[1], "rb").readlines() if len(files) > 1 else []  # noqa: SIM115  read at once
            verified = verify(record, heads, keys=keys, names=(files[0], files[-1]))
    except OSError as fault:
        sys.stderr.write(f"{fault.filename}: {fault.strerror}\n")
        return 2
    for found in verified.faults:
        sys.stdout.write(f"{found}\n")
    if not verified.faults:
        sys.stdout.write(f"{describe(verified)}\n")
    return 1 if verified.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
