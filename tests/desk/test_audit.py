"""The record: what was written is whole, and each change of it is found."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from comity.desk.audit import verifier
from comity.desk.audit.lines import Chain, leaf_of, public_digits, sign_head, sign_key_change
from comity.desk.audit.proofs import consistency_proof, inclusion_proof
from comity.desk.audit.verifier import Tree, is_consistent, is_included, is_signed, root_of, verify

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TAMPERINGS = 10_000


def record(count: int) -> list[bytes]:
    chain = Chain()
    return [chain.line({"case": f"C-{at % 7}", "at": NOON, "kind": "viewed", "page": "case"}) for at in range(count)]


def head_of(lines: list[bytes], key: Ed25519PrivateKey = KEY) -> bytes:
    return sign_head(key, len(lines), root_of([leaf_of(line) for line in lines]), NOON)


def plain_root(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962 defines it, from all leaves."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return verifier.inner_hash(plain_root(leaves[:half]), plain_root(leaves[half:]))


def test_what_was_written_is_whole() -> None:
    lines = record(300)
    found = verify(lines, [head_of(lines[:100]), head_of(lines)])
    assert (found.events, found.heads, found.faults) == (300, 2, [])
    assert found.root == root_of([leaf_of(line) for line in lines]).hex()


def test_the_empty_record() -> None:
    assert verify([], [head_of([])]) == (0, 1, hashlib.sha256().hexdigest(), [])


@given(st.integers(1, 70), st.data())
def test_proofs_of_inclusion_and_of_growth(size: int, data: st.DataObject) -> None:
    leaves = [hashlib.sha256(bytes([at])).digest() for at in range(size)]
    root, index, first = root_of(leaves), data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert root == plain_root(leaves)
    path, growth = inclusion_proof(leaves, index), consistency_proof(leaves, first)
    assert is_included(leaves[index], index, size, path, root)
    assert is_consistent(first, size, (root_of(leaves[:first]), root), growth)
    other = hashlib.sha256(b"other").digest()
    assert not is_included(other, index, size, path, root)
    assert not is_included(leaves[index], index, size, [*path, other], root)
    assert not is_consistent(first, size, (other, root), growth)
    assert not any(is_included(leaves[index], at, size, path, root) for at in range(size) if at != index)


def test_signatures_are_those_of_the_library() -> None:
    random = Random(1)
    for _ in range(12):
        key, message = Ed25519PrivateKey.generate(), random.randbytes(40)
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        assert is_signed(public, message, signature)
        place = random.randrange(64)
        changed = bytes([*signature[:place], signature[place] ^ 1, *signature[place + 1 :]])
        assert not is_signed(public, message, changed)
        assert not is_signed(public, message + b"x", signature)
    assert not is_signed(public[:-1], message, signature)


def tampered(lines: list[bytes], random: Random) -> list[bytes]:
    """A record changed in one way: a bit, a line left out, doubled, moved, cut, or an event rewritten with its hash."""
    at, lines = random.randrange(len(lines)), list(lines)
    match random.randrange(6):
        case 0:
            line = bytearray(lines[at])
            line[random.randrange(len(line))] ^= 1 << random.randrange(8)
            lines[at] = bytes(line)
        case 1:
            del lines[at]
        case 2:
            lines.insert(at, lines[at])
        case 3:
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        case 4:
            lines = [*lines[:at], lines[at][: random.randrange(1, len(lines[at]))]]
        case 5:
            event = lines[at][65:-1].replace(b'"viewed"', b'"erased"')
            lines[at] = hashlib.sha256(event).hexdigest().encode() + b" " + event + b"\n"
    return lines


def test_each_of_ten_thousand_tamperings_is_found() -> None:
    lines, random = record(24), Random(7)
    heads = [head_of(lines)]
    missed = unchanged = 0
    for _ in range(TAMPERINGS):
        changed = tampered(lines, random)
        unchanged += changed == lines
        # The chain finds most; the heads, whose signatures take longer, find what was cut at the end.
        missed += changed != lines and not verify(changed).faults and not verify(changed, heads).faults
    assert missed == 0 and unchanged < TAMPERINGS // 50


def test_a_record_that_was_rewritten_whole_differs_from_its_head() -> None:
    lines, chain = record(9), Chain()
    rewritten = [chain.line({"case": "C-0", "at": NOON, "kind": "viewed", "page": "board"}) for _ in lines]
    assert not verify(rewritten).faults
    assert "are not those that were signed" in str(verify(rewritten, [head_of(lines)]).faults[0])
    assert "signs 9 events, and the record has 8" in str(verify(lines[:8], [head_of(lines)]).faults[0])


def test_heads_of_other_keys_are_refused() -> None:
    lines, other = record(3), Ed25519PrivateKey.generate()
    ours = KEY.public_key().public_bytes_raw().hex()
    found = verify(lines, [head_of(lines, other)], keys=frozenset([ours]))
    assert str(found.faults[0]) == "heads:1: is signed by a key that is not given, and that no head hands over to"
    assert not verify(lines, [head_of(lines)], keys=frozenset([ours])).faults
    for line in (b"", b"{", b"[]", b'{"size":true}', b"[" * 100_000):
        assert str(verify(lines, [line]).faults[0]) == "heads:1: is no signed head"


def test_a_key_hands_over_to_the_next_by_a_head_that_both_sign() -> None:
    lines, other = record(6), Ed25519PrivateKey.generate()
    root = root_of([leaf_of(line) for line in lines[:3]])
    first, last = head_of(lines[:2]), head_of(lines, other)
    change = sign_key_change(KEY, other, 3, root, NOON)
    ours = frozenset([public_digits(KEY)])
    for keys in (ours, frozenset[str]()):
        assert not verify(lines, [first, change, last], keys=keys).faults
        assert "no head hands over to" in str(verify(lines, [first, last], keys=keys).faults[0])
        assert "replaced before" in str(verify(lines, [first, change, head_of(lines)], keys=keys).faults[0])
    one_sided = change.replace(b'"next_signature":"', b'"next_signature":"00')
    assert "by the next key does not hold" in str(verify(lines, [first, one_sided], keys=ours).faults[0])
    stolen = change.replace(public_digits(other).encode(), public_digits(Ed25519PrivateKey.generate()).encode())
    assert "its signature does not hold" in str(verify(lines, [first, stolen], keys=ours).faults[0])


def test_the_verifier_runs_alone(tmp_path: Path) -> None:
    """A copy of the file, with nothing of this package beside it, and without site packages."""
    lines = record(5)
    script = tmp_path / "verifier.py"
    script.write_bytes(Path(verifier.__file__).read_bytes())
    (tmp_path / "record").write_bytes(b"".join(lines))
    (tmp_path / "heads").write_bytes(head_of(lines))
    command = [sys.executable, "-I", "-S", str(script), "record", "heads"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    root = root_of([leaf_of(line) for line in lines]).hex()
    assert (done.returncode, done.stdout) == (0, f"5 events, whole; 1 signed heads hold; root {root}\n")
    (tmp_path / "record").write_bytes(b"".join(lines[1:]))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("record:1: does not follow the line before it")
    done = subprocess.run([*command[:-2], "nothing"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "nothing: No such file or directory\n")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8, 9])
def test_a_tree_that_grows_has_the_root_of_all_its_leaves(size: int) -> None:
    tree, leaves = Tree(), [hashlib.sha256(bytes([at])).digest() for at in range(size)]
    for leaf in leaves:
        tree.add(leaf)
    assert (tree.root(), tree.size) == (plain_root(leaves), size)
