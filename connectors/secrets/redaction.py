"""Taking secrets out of a sentence before anybody reads it."""

from __future__ import annotations

import contextlib
import html
import json
import re
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HIDDEN = "[hidden]"
_NAMES = (
    "access_token|refresh_token|id_token|client_secret|client_assertion|assertion|device_code|user_code|code_verifier|"
    "private_key|api_?key|app_password|password|passwd|passphrase|secret|token"
)
_VALUE = r"""(?:\\?["'](?:\\.|[^"'\\])*\\?["']|[^\s&,;"'}\]]+)"""
_SHAPES = [
    # A private key, its lines as they are or escaped, to its end or the end of the text.
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    # User and password of an address; the colon before a port is not one before a password.
    re.compile(r"(?<=://)(?:[^/\s:@]{1,200}:(?!\d+/)[^\s@]{0,500}|[^/\s?#@]{1,700})(?=@)"),
    re.compile(r"(?<=[?&]code=)[^&\s\"']+"),
    # Tokens as Microsoft (JSON Web Tokens, 0.A, M.C) and Google (ya29, GOCSPX, 1//0, AIza) write them.
    re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*){1,4}"),
    re.compile(r"\b(?:ya29\.|GOCSPX-|1//0|AIza|0\.A[A-Za-z]|M\.C\d)[\w.~!*$/+-]{8,}"),
]
_SCHEME = re.compile(r"\b(bearer|basic|digest|negotiate)(?:\s+|%20|\+)(?!realm\b)[^\s,;\"']{6,}", re.IGNORECASE)
_HEADER = re.compile(r"(authorization\\?[\"']?\s*[:=]\s*)[^\r\n}]+", re.IGNORECASE)
_NAMED = re.compile(
    rf"""(?<![A-Za-z])((?:{_NAMES})\\?["']?\s*(?:=|:|%3D|%3A)\s*)(?!{re.escape(HIDDEN)}){_VALUE}""", re.IGNORECASE
)
_SHORT = 4
_BASE64 = {"+": r"(?:[+-]|%2[Bb])", "/": r"(?:[/_]|%2[Ff])"}
_RUN = r"(?:[A-Za-z0-9+/_=-]|%2[BbFf]|%3[Dd])*"


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """The text with everything hidden that looks like a secret, or is one of the known ones in any writing.

    >>> without_secrets("GET https://anna:kers@cloud.example.org failed, Authorization: Bearer abcdefgh12345678")
    'GET https://[hidden]@cloud.example.org failed, Authorization: [hidden]'
    >>> without_secrets("login%3Akers%2F9 was refused", known=["kers/9"])
    'login%3A[hidden] was refused'
    """
    for secret in sorted({each for each in known if each}, key=len, reverse=True):
        for writing in _writings(secret):
            text = writing.sub(HIDDEN, text)
    for shape in _SHAPES:
        text = shape.sub(HIDDEN, text)
    text = _HEADER.sub(rf"\1{HIDDEN}", text)
    text = _SCHEME.sub(rf"\1 {HIDDEN}", text)
    return _NAMED.sub(rf"\1{HIDDEN}", text)


def _writings(secret: str) -> Iterator[re.Pattern[str]]:
    """What a secret looks like: letter by letter, plain or escaped, and within anything written as base64."""
    letters = "".join(map(_letter, secret))
    if len(secret) < _SHORT:
        yield re.compile(rf"(?<![A-Za-z0-9]){letters}(?![A-Za-z0-9])")
        return
    yield re.compile(letters)
    for raw in dict.fromkeys(_encoded(secret)):
        cores = "|".join("".join(_BASE64.get(each, each) for each in core) for core in _base64_cores(raw))
        # Without the look back, a long text would be tried again from each of its letters.
        yield re.compile(rf"(?<![A-Za-z0-9+/_=-]){_RUN}(?:{cores}){_RUN}")


def _letter(letter: str) -> str:
    """One letter as it stands, percent-encoded once or more, or escaped as in JSON, Python or HTML."""
    forms = [rf"\\{{0,8}}{re.escape(letter)}", *({html.escape(letter)} - {letter})]
    forms.extend("".join(f"%(?:25)*{byte:02x}" for byte in raw) for raw in dict.fromkeys(_encoded(letter)))
    escaped = {json.dumps(letter)[1:-1], repr(letter)[1:-1]} - {letter}
    forms.extend(r"\\{1,8}" + re.escape(each.lstrip("\\")) for each in sorted(escaped) if each.lstrip("\\"))
    if letter == " ":
        forms.append(r"\+")
    return "(?:" + "|".join(f"(?i:{form})" if "%" in form or "u" in form else form for form in forms) + ")"


def _encoded(text: str) -> Iterator[bytes]:
    yield text.encode("utf-8", "surrogatepass")
    with contextlib.suppress(UnicodeEncodeError):
        yield text.encode("latin-1")


def _base64_cores(raw: bytes) -> Iterator[str]:
    """The letters that a secret always has in base64, whichever of the three places it begins at."""
    for before in range(3):
        written = b64encode(bytes(before) + raw).decode()
        yield written[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
