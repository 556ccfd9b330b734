"""What the reader reads: sentences, numbers and dates in their own language.

English sentences are the message ids; `words/nl.po` holds the Dutch ones and is compiled in memory at start.
"""

from __future__ import annotations

import gettext
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period

LANGUAGES = {"nl": "Nederlands", "en": "English"}
DEFAULT_LANGUAGE = "en"
# British English writes the day before the month, as Dutch does.
LOCALES = {"nl": "nl_NL", "en": "en_GB"}
CATALOGUES = Path(__file__).with_name("words")


def message(text: str) -> str:
    """Mark a sentence that is translated later, where it is shown."""
    return text


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled sentences of a language; English needs none."""
    source = CATALOGUES / f"{language}.po"
    if not source.exists():
        return gettext.NullTranslations()
    with source.open("rb") as lines:
        entries = read_po(lines, locale=language)
    compiled = BytesIO()
    write_mo(compiled, entries)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Words:
    """Everything that is said in one language; handed to whoever speaks.

    >>> Words("nl").number(1234.56)
    '1.234,6'
    >>> Words("en").percent(0.374)
    '37%'
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        self._catalogue = catalogue(self.language)

    def __call__(self, text: str, **values: object) -> str:
        """A sentence with its blanks filled in."""
        return self._catalogue.gettext(text).format(**values)

    def many(self, one: str, more: str, count: float, **values: object) -> str:
        """A sentence whose form follows a count; `{count}` stands for the number."""
        text = self._catalogue.ngettext(one, more, round(count))
        return text.format(count=self.count(count), **values)

    def number(self, value: float, digits: int = 1) -> str:
        """A number with a fixed number of decimals."""
        # Minus zero is a rounding accident, not a fact.
        return _decimal(round(value, digits) + 0.0, digits, self.language)

    def count(self, value: float) -> str:
        """A whole number."""
        return self.number(value, 0)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share as a percentage."""
        return _percent(round(share, digits + 2) + 0.0, digits, self.language)

    def change(self, share: float) -> str:
        """A relative change with its sign: +17%."""
        return ("+" if round(share, 2) > 0 else "") + self.percent(share)

    def signed(self, value: float, digits: int = 1) -> str:
        """A difference with its sign: +2.1."""
        return ("+" if round(value, digits) > 0 else "") + self.number(value, digits)

    def day(self, day: date) -> str:
        """A date in words: 9 November 2026."""
        return _date(day, "d MMMM y", self.language)

    def short_day(self, day: date) -> str:
        """A date for tables and axes: 9 Nov 2026."""
        return _date(day, "d MMM y", self.language)

    def month(self, day: date, pattern: str = "LLLL y") -> str:
        """A month and its year."""
        return _date(day, pattern, self.language)

    def week(self, monday: date) -> str:
        """A week by its ISO number, with the year it belongs to."""
        year, number, _ = monday.isocalendar()
        return self("week {number}, {year}", number=number, year=year)

    def dates(self, period: Period) -> str:
        """The first and last day of a period."""
        return self("{first} to {last}", first=self.day(period.start), last=self.day(period.last_day))


# A year of weeks writes the same small numbers a thousand times. By language: comparing locales takes longer.
@lru_cache(4096)
def _decimal(value: float, digits: int, language: str) -> str:
    return _signed(format_decimal(value, format=_pattern(digits), locale=LOCALES[language]))


@lru_cache(4096)
def _percent(value: float, digits: int, language: str) -> str:
    return _signed(format_percent(value, format=f"{_pattern(digits)}%", locale=LOCALES[language]))


def _signed(written: str) -> str:
    """A hyphen is no minus sign."""
    return written.replace("-", "−")


@lru_cache(4096)
def _date(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=LOCALES[language])


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")
