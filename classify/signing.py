"""Model files that nobody changed: a digest of all they are made of, and the signature of whoever accepted them.

The digest is sha256 over the model file and its card, which itself names the digests of corpus and word lists. The
signature is Ed25519 over the digest, the person and the moment, by this installation's own key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from platformdirs import user_config_path

from store.errors import BadInput

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

SIGNATURE = "signature.json"
_SIGNED = ("digest", "accepted_by", "at")


def digest_of(model: bytes, card: dict[str, Any]) -> str:
    """A fingerprint of a model file with its card; the card's own `digest` is left out."""
    said = json.dumps({name: value for name, value in card.items() if name != "digest"}, sort_keys=True)
    return hashlib.sha256(hashlib.sha256(model).digest() + said.encode()).hexdigest()


def key_file() -> Path:
    """Where this installation's own key lies."""
    return user_config_path("meetload", appauthor=False) / "signing.key"


def own_key(file: Path, *, make: bool = False) -> Ed25519PrivateKey:
    """This installation's key, readable by its owner only; made at the first acceptance."""
    if not file.exists():
        if not make:
            raise BadInput(f"there is no signing key at {file}, so no model was accepted by this installation")
        _write_closed(file, Ed25519PrivateKey.generate().private_bytes_raw())
    if os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadInput(f"the signing key {file} can be read by others; close it with `chmod 600 {file}`")
    content = file.read_bytes()
    if len(content) != 32:
        raise BadInput(f"the signing key {file} is damaged; delete it and accept your model anew")
    return Ed25519PrivateKey.from_private_bytes(content)


def _write_closed(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    # Created with its mode, not changed to it afterwards: between the two somebody could read it.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


def sign(folder: Path, digest: str, by: str, now: datetime, key: Ed25519PrivateKey) -> None:
    """Write who accepted the model in a folder, so that nobody else can have said it."""
    said = {"digest": digest, "accepted_by": by, "at": now.isoformat(timespec="seconds")}
    signature = base64.b64encode(key.sign(_message(said))).decode()
    text = json.dumps(said | {"signature": signature}, indent=2) + "\n"
    (folder / SIGNATURE).write_text(text, encoding="utf-8")


def verify(folder: Path, digest: str, key: Ed25519PrivateKey) -> None:
    """Raise unless this installation's key signed exactly this model."""
    try:
        said = json.loads((folder / SIGNATURE).read_text(encoding="utf-8"))
        key.public_key().verify(base64.b64decode(said["signature"]), _message(said))
    except (OSError, ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise BadInput(
            f"the model in {folder} was not accepted by this installation; accept it with "
            "`meetload accept --candidate FOLDER --by NAME`, or go back with `meetload rollback --by NAME`"
        ) from error
    if said["digest"] != digest:
        raise BadInput(
            f"the model in {folder} was changed after {said['accepted_by']} accepted it; "
            "go back with `meetload rollback --by NAME`, or train and accept it anew"
        )


def _message(said: dict[str, Any]) -> bytes:
    return json.dumps([said[name] for name in _SIGNED]).encode()
