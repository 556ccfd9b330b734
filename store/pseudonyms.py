"""Names for the people and meetings of a scan that only its own keys can trace back.

    address ── HMAC under the register's key ──▶ lasting name ── one block of AES under the scan's key ──▶ pseudonym

The pseudonym stands in every row of the scan. The lasting name stands apart from them: in the register of objections
and in the memberships of earlier releases, which must know somebody again in the next scan. With the scan's key
destroyed nobody gets from one to the other, and a pseudonym says nothing any more.
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from base64 import b32decode, b32encode, b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
BLOCK = 16
LETTERS = 26  # 128 bits in base32
MARK = "~"
_NONCE = 12


@dataclass(frozen=True)
class Pseudonyms:
    """The names of one scan under its two keys."""

    scan: bytes
    register: bytes

    def person(self, who: str) -> str:
        """The pseudonym of whoever has this address or id."""
        return self._of(canonical(who))

    def lasting(self, pseudonym: str) -> str:
        """The lasting name behind a pseudonym of this scan."""
        block = self._cipher.decryptor().update(_bytes(pseudonym))
        return MARK + _text(block)

    def again(self, lasting: str) -> str:
        """The pseudonym that a lasting name has in this scan."""
        return _text(self._cipher.encryptor().update(_bytes(lasting.removeprefix(MARK))))

    def meeting(self, meeting_id: str) -> str:
        """The id of a meeting in this scan: every copy of it has the same."""
        return blake2b(meeting_id.encode(), key=self._meeting_key, digest_size=BLOCK).hexdigest()

    def series(self, series_id: str) -> str:
        """The id of a series in this scan."""
        return blake2b(series_id.encode(), key=self._series_key, digest_size=BLOCK).hexdigest()

    def sealed(self, secret: str) -> str:
        """A text that only this scan can read again."""
        nonce = os.urandom(_NONCE)
        return b64encode(nonce + AESGCM(self._token_key).encrypt(nonce, secret.encode(), None)).decode()

    def opened(self, sealed: str) -> str | None:
        """What was sealed; None where another scan did it."""
        data = b64decode(sealed)
        try:
            return AESGCM(self._token_key).decrypt(data[:_NONCE], data[_NONCE:], None).decode()
        except InvalidTag:
            return None

    def _of(self, address: str) -> str:
        found = self._known.get(address)
        if found is None:
            block = hmac.digest(self._register_key, address.encode("utf-8", "surrogatepass"), "sha256")[:BLOCK]
            found = self._known[address] = _text(self._cipher.encryptor().update(block))
        return found

    @cached_property
    def _known(self) -> dict[str, str]:
        return {}

    @cached_property
    def _cipher(self) -> Cipher[modes.ECB]:
        # One block at a time: a permutation of 128 bits, with nothing that a mode could chain.
        return Cipher(algorithms.AES(_subkey(self.scan, "person")), modes.ECB())  # noqa: S305

    @cached_property
    def _register_key(self) -> bytes:
        return _subkey(self.register, "register")

    @cached_property
    def _meeting_key(self) -> bytes:
        return _subkey(self.scan, "meeting")

    @cached_property
    def _series_key(self) -> bytes:
        return _subkey(self.scan, "series")

    @cached_property
    def _token_key(self) -> bytes:
        return _subkey(self.scan, "token")


def fresh_key() -> str:
    """A new key, in letters."""
    return os.urandom(KEY_BYTES).hex()


def canonical(who: str) -> str:
    """An address or id as everybody writes it in the end.

    >>> canonical(" Anna.Bos@Example.org ") == canonical("anna.bos@example.org")
    True
    """
    return unicodedata.normalize("NFKC", who).strip().casefold()


def looks_like_pseudonym(text: str) -> bool:
    """Whether a text may be a pseudonym: nobody's address is."""
    return len(text) == LETTERS and text.isalnum() and text == text.lower()


def _subkey(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, f"meetload {purpose} v1".encode()).derive(key)


def _text(block: bytes) -> str:
    return b32encode(block).decode().rstrip("=").lower()


def _bytes(text: str) -> bytes:
    return b32decode(text.upper() + "=" * (-len(text) % 8))
