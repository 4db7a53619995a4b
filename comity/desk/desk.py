"""A desk: whose it is, the law that it holds open, its keys, and the one writer of its record."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from comity.desk.audit.lines import leaf_of, sign_head
from comity.desk.audit.verifier import Tree
from comity.desk.deciding import Bound
from comity.desk.ledger import Ledger
from comity.desk.models import Entry, SignedHead
from comity.desk.sealing import DeskKey
from comity.law.library import Library


class LawHeld(Struct):
    """The law of the desk; a change of law replaces it whole, so a decision sees one law or the other."""

    library: Library


class Desk:
    """What every deed and query works on. Threads share it."""

    def __init__(self, bound: Bound, library: Library, key: DeskKey, signing_key: Ed25519PrivateKey) -> None:
        self.bound, self.key, self.signing_key = bound, key, signing_key
        self.held = LawHeld(library)
        self.ledger = Ledger(key)
        self._tree, self._signing = Tree(), threading.Lock()  # of the events that this process has read

    @property
    def library(self) -> Library:
        return self.held.library

    def change_law(self, library: Library) -> None:
        """Decides under another law from now on; cases that it decides otherwise are opened again by the clockwork."""
        self.held = LawHeld(library)

    def sign(self, at: datetime | None = None) -> int:
        """Signs the tree of all events as they are; returns how many there are. Only what is new since the last head is read."""
        with self._signing:
            tree = self._tree
            for line in (
                Entry.objects.filter(number__gt=tree.size).order_by("number").values_list("line", flat=True).iterator()
            ):
                tree.add(leaf_of(bytes(line)))
            line = sign_head(self.signing_key, tree.size, tree.root(), at or datetime.now(UTC))
            SignedHead.objects.get_or_create(size=tree.size, defaults={"line": line})
            return tree.size
