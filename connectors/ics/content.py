"""One content line: its parameters, its value, its text (RFC 5545, 3.2 and 3.3.11; RFC 6868)."""

from __future__ import annotations

import quopri
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from connectors.ics.scan import Block

_HEAD = re.compile(rb'(?:"[^"]*"|[^":])*')
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)(?:=((?:"[^"]*"|[^";])*))?')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^([n^'])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


class Property(NamedTuple):
    """The parameters of a line, names in capitals, and its value as it stands."""

    parameters: dict[str, str]
    value: str


def decoded(raw: bytes) -> str:
    """Text from a file that says UTF-8 and may mean something else."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def read(line: bytes) -> Property:
    """A line taken apart at the first colon outside quotes.

    >>> read(b'ORGANIZER;CN="Bos, Anna: chair":mailto:anna@example.org')
    Property(parameters={'CN': 'Bos, Anna: chair'}, value='mailto:anna@example.org')
    """
    head, colon, value = line.partition(b":")
    if b'"' in head:
        match = _HEAD.match(line)
        end = match.end() if match else len(head)
        if line[end : end + 1] == b":":
            head, value = line[:end], line[end + 1 :]
    return Property(_parameters(head), decoded(value if colon else b""))


@lru_cache(maxsize=4096)
def _parameters(head: bytes) -> dict[str, str]:
    if b";" not in head:
        return {}
    found = _PARAMETER.finditer(decoded(head))
    return {match[1].upper(): _unquoted(match[2] or "") for match in found}


def _unquoted(value: str) -> str:
    plain = value.replace('"', "").strip()
    return _CARET.sub(lambda caret: {"n": "\n", "^": "^", "'": '"'}[caret[1]], plain) if "^" in plain else plain


def first(block: Block, name: str) -> Property | None:
    """The first property of that name."""
    lines = block.properties.get(name)
    return read(lines[0]) if lines else None


def every(block: Block, name: str) -> list[Property]:
    """All properties of that name in their order."""
    return [read(line) for line in block.properties.get(name, ())]


def word(block: Block, name: str) -> str:
    """The value of a property that holds one word, in capitals; empty when it is not there."""
    found = first(block, name)
    return found.value.strip().upper() if found else ""


def text(block: Block, name: str) -> str:
    """The readable text of a property: unescaped, without control characters; empty when it is not there."""
    found = first(block, name)
    if found is None:
        return ""
    if found.parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        return plain(decoded(quopri.decodestring(found.value.encode())))
    return plain(found.value)


def plain(value: str) -> str:
    r"""Text as people typed it.

    >>> plain("Budget\\, round 2\\nRoom\\; 3")
    'Budget, round 2\nRoom; 3'
    """
    if "\\" in value:
        value = _ESCAPE.sub(lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], value)
    return _CONTROL.sub("", value).strip()
