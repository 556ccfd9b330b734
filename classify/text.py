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
DATE = "#date"
_MONTH = (
    r"(?:jan(?:uary|uari)?|feb(?:ruary|ruari)?|mrt|maart|mar(?:ch)?|apr(?:il)?|may|mei|june?|juni|july?|juli|aug(?:ust|ustus)?"
    r"|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"[0-3]?\d(?:st|nd|rd|th|e)?"
# A token that is part of a date, with the space after it; tokens are joined by one space.
_DATES = re.compile(
    rf"(?<!\S)(?:{_YEAR} (?:/ )?[01]?\d (?:/ )?[0-3]?\d|[0-3]?\d (?:/ )?[01]?\d (?:/ )?{_YEAR}"
    rf"|{_DAY} {_MONTH}(?: {_YEAR})?|{_MONTH} (?:{_DAY} {_YEAR}|{_YEAR}|{_DAY}))(?!\S)"
)


@dataclass(frozen=True)
class Text:
    """One text in three forms that go together token by token.

    `shown` is what a reader gets back, `plain` is compared with word lists, `shaped` has digits as shapes and
    every date as one mark followed by empty tokens: which day it was says nothing about a meeting.
    """

    raw: str
    shown: tuple[str, ...]
    plain: tuple[str, ...]
    shaped: tuple[str, ...]
    forwarded: bool

    @property
    def joined(self) -> str:
        """The shaped tokens as one string, as the vectorisers read it."""
        return " ".join(filter(None, self.shaped))

    @property
    def spaced(self) -> str:
        """The plain tokens as one string, dates as one mark, as the rules read it."""
        said = (mark if mark == DATE else token for token, mark in zip(self.plain, self.shaped, strict=True) if mark)
        return " ".join(said)


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
    shaped = tuple(_DIGIT.sub("0", token)[:_LONGEST_TOKEN] for token in _undated(plain))
    return Text(raw, shown, plain, shaped, forwarded=raw != whole)


def _undated(plain: tuple[str, ...]) -> tuple[str, ...]:
    """The same number of tokens, with dates as a mark.

    >>> _undated(("minutes", "3", "may", "2012"))
    ('minutes', '#date', '', '')
    """
    if not any(character.isdigit() for token in plain for character in token):
        return plain
    marked = _DATES.sub(lambda found: DATE + " " * found.group().count(" "), " ".join(plain))
    return tuple(marked.split(" "))


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
