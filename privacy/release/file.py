"""A release on disk: one file a quarter with its signature, chained by hashes, for everybody to check."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from analysis.period import Period
from privacy.release.rows import Row
from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = 1
PUBLIC_KEY = "release.pub"
OWNER_ONLY = 0o600


@dataclass(frozen=True)
class GroupInfo:
    """A published group as readers know it: `parts` are the units or levels in it, `people` the band of its size."""

    key: str
    kind: str
    name: str
    unit: str
    parts: tuple[str, ...]
    people: str


@dataclass(frozen=True)
class Release:
    """One verified quarter: its rows and everything that was said when it was approved."""

    quarter: str
    period: Period
    number: int
    demo: bool
    policy: Mapping[str, float]
    groups: tuple[GroupInfo, ...]
    rows: tuple[Row, ...]
    audit: Mapping[str, Any]
    approval: Mapping[str, str]
    names: Mapping[str, Any] | None
    digest: str

    @property
    def untold(self) -> tuple[str, ...]:
        """The measures of which the audit left nothing, by name."""
        return tuple(sorted(name for name, many in self.audit.get("others", {}).items() if not many))

    @property
    def tried(self) -> tuple[str, ...]:
        """The ways of telling more that did not pass the audit."""
        return tuple(self.audit.get("also tried", ()))


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one way a document is written: what is signed and hashed."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def make_key(path: Path) -> Ed25519PrivateKey:
    """The installation's own release key; made at the first release, readable by its owner only."""
    if path.exists():
        return read_key(path)
    key = Ed25519PrivateKey.generate()
    raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(raw) + b"\n")
    path.with_suffix(".pub").write_text(public_text(key.public_key()) + "\n", encoding="ascii")
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """A release key from its file, which nobody else may be able to read."""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise BadInput(f"others can read the release key {path}; make it yours alone: chmod 600 {path}")
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes(), validate=False))
    except (ValueError, binascii.Error) as error:
        raise BadInput(f"{path} is not a release key") from error


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as one line of text."""
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def read_public_key(path: Path) -> Ed25519PublicKey:
    """A public key from a file with that line."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(path.read_bytes(), validate=False))
    except FileNotFoundError as error:
        raise Unreachable(f"there is no public release key at {path}; give the one of whoever released") from error
    except (ValueError, binascii.Error) as error:
        raise BadInput(f"{path} is not a public release key") from error


def fingerprint(key: Ed25519PublicKey) -> str:
    """A public key as people compare it."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]


def write_release(folder: Path, document: Mapping[str, Any], key: Ed25519PrivateKey) -> Path:
    """Write one quarter and its signature behind the others in a folder; what lies there is checked first."""
    folder.mkdir(parents=True, exist_ok=True)
    before = read_releases(folder, key.public_key()) if any(folder.glob("*.json")) else ()
    quarter = str(document["quarter"])
    if before and quarter <= before[-1].quarter:
        raise BadInput(
            f"{folder} already holds {before[-1].quarter}; a quarter is released once, and in order. Take the next one"
        )
    chained = {**document, "number": len(before) + 1, "previous": before[-1].digest if before else ""}
    content = canonical(chained)
    return write_signed(folder / f"{quarter}.json", content, key)


def write_signed(target: Path, content: bytes, key: Ed25519PrivateKey) -> Path:
    """Write a file with its signature and the public key beside it, each whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _whole(target.with_suffix(".sig"), base64.b64encode(key.sign(content)) + b"\n")
    _whole(target.parent / PUBLIC_KEY, public_text(key.public_key()).encode() + b"\n")
    _whole(target, content)
    return target


def _whole(path: Path, content: bytes) -> None:
    half = path.with_name(path.name + ".part")
    half.write_bytes(content)
    half.replace(path)


def read_releases(folder: Path, key: Ed25519PublicKey | None = None) -> tuple[Release, ...]:
    """Every quarter of a folder, each signature and the chain checked; BadInput says what is wrong.

    Without a key the folder's own is taken: that tells damage from no damage, not who released it.
    """
    if not folder.is_dir():
        raise Unreachable(f"there is no release at {folder}; make one with `meetload release --out {folder}`")
    trusted = key or read_public_key(folder / PUBLIC_KEY)
    files = sorted(folder.glob("*.json"))
    if not files:
        raise BadInput(f"{folder} holds no release; make one with `meetload release --out {folder}`")
    found: list[Release] = []
    for number, file in enumerate(files, start=1):
        content = file.read_bytes()
        _check_signature(file, content, trusted)
        release, previous = _release(file, content)
        if release.number != number or previous != (found[-1].digest if found else ""):
            raise BadInput(
                f"{file} does not follow the release before it: the chain is broken. A quarter was removed or put in "
                "from elsewhere; take the folder again from whoever released it"
            )
        found.append(release)
    return tuple(found)


def _check_signature(file: Path, content: bytes, key: Ed25519PublicKey) -> None:
    signature = file.with_suffix(".sig")
    if not signature.exists():
        raise BadInput(f"{file} has no signature beside it ({signature.name}); an unsigned release is not shown")
    try:
        key.verify(base64.b64decode(signature.read_bytes(), validate=False), content)
    except (InvalidSignature, ValueError, binascii.Error) as error:
        raise BadInput(
            f"the signature of {file} does not hold: the file was changed, or signed with another key than "
            f"{fingerprint(key)}; take it again from whoever released it"
        ) from error


def _release(file: Path, content: bytes) -> tuple[Release, str]:
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise BadInput(f"{file} is written in form {found['format']}; this version of meetload reads {FORMAT}")
        release = Release(
            quarter=str(found["quarter"]),
            period=Period(date.fromisoformat(found["begins"]), date.fromisoformat(found["ends"])),
            number=int(found["number"]),
            demo=bool(found["demo"]),
            policy=dict(found["policy"]),
            groups=tuple(GroupInfo(**{**each, "parts": tuple(each["parts"])}) for each in found["groups"]),
            rows=tuple(Row(**{**each, "units": tuple(each["units"])}) for each in found["rows"]),
            audit=dict(found["audit"]),
            approval=dict(found["approval"]),
            names=found["names"],
            digest=hashlib.sha256(content).hexdigest(),
        )
        return release, str(found["previous"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{file} is not a release of meetload") from error
