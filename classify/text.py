"""Titles and bodies as tokens: what people typed, made comparable without losing what it says."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 300
_LONGEST_TOKEN = 40
_INPUT_CAP = 4 * LONGEST

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_PREFIX = re.compile(r"^\s*(?:(?:re|fw|fwd|antw|betr|doorst)\s*:\s*)+", re.IGNORECASE)
_ONE_TO_ONE = re.compile(r"\b(?:1|een|one)\s?(?:[:\-/]|on|op|o|-op-|-on-)\s?(?:1|een|one)\b")
_GO_NO_GO = re.compile(r"\bgo\s?[/-]?\s?no\s?[/-]?\s?go\b")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[?!+&/:€$£%#→]|<>|[^\w\s]")
_MARKS = frozenset("?!+&/:€$£%#→") | {"<>"}
_SHOWN = {"gonogo": "go/no-go", "1on1": "1-on-1"}
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Text:
    """One text in three forms that go together token by token.

    `shown` is what a reader gets back, `plain` is compared with word lists, `shaped` has digits as shapes.
    """

    raw: str
    shown: tuple[str, ...]
    plain: tuple[str, ...]
    shaped: tuple[str, ...]
    forwarded: bool

    @property
    def joined(self) -> str:
        """The shaped tokens as one string, as the vectorisers read it."""
        return " ".join(self.shaped)

    @property
    def spaced(self) -> str:
        """The plain tokens as one string, as the rules read it."""
        return " ".join(self.plain)


def visible(text: str) -> str:
    r"""The text in one Unicode form, on one line, without tags, zero-width and control characters, at most 300 long.

    >>> visible("Storing\u200b   <b>kassa</b>\x07")
    'Storing kassa'
    """
    text = _TAG.sub(" ", html.unescape(unicodedata.normalize("NFKC", text[:_INPUT_CAP])))
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:LONGEST].rstrip()
    kept = (" " if character.isspace() else character for character in text)
    text = "".join(character for character in kept if unicodedata.category(character) not in {"Cf", "Cc", "Cs", "Co"})
    return " ".join(text.split())[:LONGEST].rstrip()


@lru_cache(maxsize=4096)
def read(text: str) -> Text:
    """The text as tokens.

    >>> read("RE: Coördinatie 14:00?").plain
    ('coordinatie', '14', ':', '00', '?')
    >>> read("RE: Coördinatie 14:00?").joined
    'coordinatie 00 : 00 ?'
    """
    whole = visible(text)
    raw = _PREFIX.sub("", whole)
    lowered = raw.lower().translate(_APOSTROPHES)
    plain, shown = tuple(_tokens(_unaccented(lowered))), tuple(_tokens(lowered))
    # Accents that do not belong to a letter split words; then a reader gets the plain form.
    shown = tuple(_SHOWN.get(token, token) for token in (shown if len(shown) == len(plain) else plain))
    shaped = tuple(_DIGIT.sub("0", token)[:_LONGEST_TOKEN] for token in plain)
    return Text(raw, shown, plain, shaped, forwarded=raw != whole)


def _tokens(lowered: str) -> list[str]:
    lowered = _GO_NO_GO.sub("gonogo", _ONE_TO_ONE.sub("1on1", lowered))
    return [token[:_LONGEST_TOKEN] for token in _TOKEN.findall(lowered) if _says_something(token)]


def _says_something(token: str) -> bool:
    # Emoji are "other symbols"; dashes, commas and brackets say nothing by themselves.
    return token in _MARKS or token[0].isalnum() or unicodedata.category(token[0]) == "So"


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")
