"""Seals what says who a person is: AES-256-GCM under a key of that person, which is itself sealed under the key of the desk.

Destroying a person's key makes all that was sealed under it unreadable, in backups too, while the record still verifies: its hashes
are of the sealed bytes. Names and numbers are found again through a blind index, which only the holder of the key can compute.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import unicodedata

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_LENGTH, NONCE_LENGTH = 32, 12


class Unsealable(Exception):
    """What was sealed cannot be opened: its key was destroyed, or it was not sealed for this case and event."""


class DeskKey:
    """The key of the desk: it seals the keys of persons and makes the blind index; it is kept apart from the database."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_LENGTH:
            raise ValueError(f"a key has {KEY_LENGTH} bytes, and this has {len(key)}")
        self._wrapping = AESGCM(_derived(key, b"comity desk: keys of persons"))
        self._index = _derived(key, b"comity desk: blind index")

    def new_person(self, case: str) -> bytes:
        """A new key of a person, sealed for a case."""
        return _sealed(self._wrapping, AESGCM.generate_key(KEY_LENGTH * 8), case.encode())

    def person(self, sealed_key: bytes, case: str) -> PersonKey:
        """The key of a person that was sealed for a case; raises `Unsealable`."""
        return PersonKey(_opened(self._wrapping, sealed_key, case.encode()))

    def wrap_again(self, sealed_key: bytes, case: str, next: DeskKey) -> bytes:
        """The key of a person, sealed under the next key of the desk; raises `Unsealable`."""
        return _sealed(next._wrapping, _opened(self._wrapping, sealed_key, case.encode()), case.encode())

    def blind(self, field: str, text: str) -> str:
        """What stands for a name or a number in the index: equal texts give the same, and nobody can read it back."""
        return hmac.new(self._index, f"{field}\n{normal(text)}".encode(), hashlib.sha256).hexdigest()


class PersonKey:
    """The key of one person, for the fields of events that say who the person is."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, fields: dict[str, str], about: str) -> str:
        """The fields sealed, as text; `about` names the case and event, for which alone they can be opened again."""
        return base64.b64encode(self.seal_bytes(msgspec.json.encode(fields), about)).decode()

    def open(self, sealed: str, about: str) -> dict[str, str]:
        """The fields that were sealed; raises `Unsealable`."""
        return msgspec.json.decode(self.open_bytes(base64.b64decode(sealed), about), type=dict[str, str])

    def seal_bytes(self, content: bytes, about: str) -> bytes:
        """Any content sealed."""
        return _sealed(self._cipher, content, about.encode())

    def open_bytes(self, sealed: bytes, about: str) -> bytes:
        """Content that was sealed; raises `Unsealable`."""
        return _opened(self._cipher, sealed, about.encode())


def normal(text: str) -> str:
    """A name or number as it is compared: without accents, signs, spaces and case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(char for char in plain if not unicodedata.combining(char)))


def _sealed(cipher: AESGCM, content: bytes, about: bytes) -> bytes:
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + cipher.encrypt(nonce, content, about)


def _opened(cipher: AESGCM, sealed: bytes, about: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], about)
    except (InvalidTag, ValueError) as fault:
        raise Unsealable("this cannot be opened") from fault


def _derived(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose alone."""
    return HKDFExpand(SHA256(), KEY_LENGTH, purpose).derive(key)
