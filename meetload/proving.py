"""Looking for one person in files: as they stand, and decoded from what people and programs wrap text in."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from store.database import search
from store.errors import BadInput
from store.subjects import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DECODED = ("as it stands", "base64", "URL", "hex", "zip", "gzip", "UTF-16", "HTML and JSON escapes")
# Shorter words stand in compressed bytes by chance: there they are looked for in cells and text only.
BY_CHANCE = 5
DEEPEST = 3
LARGEST = 512 * 1024 * 1024
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){4,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_DATABASE = b"DUCK"
_ARCHIVES = ("zip", "gzip")


@dataclass(frozen=True)
class Hit:
    """A place where the person still stands, and how it was wrapped."""

    file: Path
    how: str


@dataclass(frozen=True)
class Proof:
    """What was searched and what was found; a proof holds when nothing was."""

    files: int
    size: int
    columns: int
    words: int
    hits: tuple[Hit, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing of the person was found."""
        return not self.hits


def prove(files: Iterable[Path], subject: Subject) -> Proof:
    """Search every file for a person's id, addresses and names; databases cell by cell too."""
    size = columns = count = 0
    hits: list[Hit] = []
    for file in files:
        data = _bytes(file)
        count += 1
        size += len(data)
        if is_database(data):
            searched, found = search(file, subject)
            columns += searched
            hits += [Hit(file, f"the column {column}") for column in found]
        hits += [Hit(file, how) for how in sorted(_found(data, subject))]
    return Proof(count, size, columns, len(subject.words), tuple(hits))


def files_around(store: Path, also: Iterable[Path] = ()) -> list[Path]:
    """Everything that may hold what a store held: all files beside it, folders of its own name, and what is named."""
    beside = [each for each in store.parent.iterdir() if each.is_file() or each.name.startswith(store.name)]
    found: dict[Path, None] = {}
    for place in [*beside, *also]:
        if not place.exists():
            raise BadInput(f"{place} does not exist, so it cannot be searched; leave it out of --also")
        inside = place.rglob("*") if place.is_dir() else [place]
        found.update(dict.fromkeys(each for each in inside if each.is_file()))
    return sorted(found)


def is_database(data: bytes) -> bool:
    """Whether these are the bytes of a DuckDB file."""
    return data[8:12] == _DATABASE


def views(data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The bytes and everything that can be unwrapped from them, with how.

    >>> sorted(how for how, view in views(b"x=SmFuIFZvcw%3D%3D") if b"Jan Vos" in view)
    ['URL, base64', 'base64']
    """
    if not depth:
        yield DECODED[0], data
    if depth == DEEPEST:
        return
    for how, inner in _unwrapped(data):
        if inner and inner != data:
            yield how, inner
            # What is read out of random bytes is random again: only text and archives hold more.
            if how in _ARCHIVES or _is_text(data):
                yield from ((f"{how}, {deeper}", view) for deeper, view in views(inner, depth + 1))


def _unwrapped(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:2] == b"PK":
        yield from (("zip", member) for member in _members(data))
    if data[:2] == b"\x1f\x8b":
        yield "gzip", _gunzipped(data)
    if b"%" in data:
        yield "URL", unquote_to_bytes(data.replace(b"+", b" "))
    if b"\x00" in data:
        yield "UTF-16", data.replace(b"\x00", b"")
    yield "base64", b"\n".join(_base64(run.group()) for run in _BASE64.finditer(data))
    yield "hex", b"\n".join(_hex(run.group()) for run in _HEX.finditer(data))
    if b"\\u" in data or b"&" in data:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), data.decode("utf-8", "replace"))
        yield "HTML and JSON escapes", html.unescape(text).encode("utf-8", "replace")


def _base64(run: bytes) -> bytes:
    """A run decoded from each of its first four letters, since nobody knows where the wrapped text begins."""
    plain = run.translate(bytes.maketrans(b"-_", b"+/"))
    return b"\n".join(_decoded(plain[start:]) for start in range(4))


def _decoded(run: bytes) -> bytes:
    whole = run[: len(run) - (len(run) % 4 == 1)]
    try:
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))
    except binascii.Error:
        return b""


def _hex(run: bytes) -> bytes:
    odd = run[1:] if len(run) % 2 else run[1:-1]
    return binascii.unhexlify(run[: len(run) // 2 * 2]) + b"\n" + binascii.unhexlify(odd)


def _members(data: bytes) -> list[bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            small = [each for each in archive.infolist() if each.file_size <= LARGEST]
            return [each.filename.encode() + b"\n" + archive.read(each) for each in small]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error):
        return []


def _gunzipped(data: bytes) -> bytes:
    try:
        return gzip.GzipFile(fileobj=BytesIO(data)).read(LARGEST)
    except (OSError, EOFError, zlib.error):
        return b""


def _found(data: bytes, subject: Subject) -> set[str]:
    found: set[str] = set()
    for how, view in views(data):
        words = subject.words if _is_text(data) and _is_text(view) else tuple(filter(_is_long, subject.words))
        text = view.decode("utf-8", "replace").lower()
        near = [word for word in words if word.lower() in text]
        if near and re.search(Subject("", names=tuple(near)).pattern, text, re.IGNORECASE):
            found.add(how)
    return found


def _is_long(word: str) -> bool:
    return len(word) >= BY_CHANCE


def _is_text(data: bytes) -> bool:
    return b"\x00" not in data[:8192]


def _bytes(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise BadInput(f"{file} is larger than the {LARGEST >> 20} MB that can be searched; move it elsewhere")
    return file.read_bytes()
