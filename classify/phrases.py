"""How a reason reads, in Dutch and English."""

from __future__ import annotations

from typing import Literal

Language = Literal["nl", "en"]

_COUNTS = {
    "nl": ("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}
_DAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_UNITS = {
    "nl": {"hour": ("uur", "uur"), "day": ("dag", "dagen"), "week": ("week", "weken"), "minute": ("minuut", "minuten")},
    "en": {
        "hour": ("hour", "hours"),
        "day": ("day", "days"),
        "week": ("week", "weeks"),
        "minute": ("minute", "minutes"),
    },
}
_PLAIN = {
    "nl": {
        "title": "'{}' in de titel",
        "body": "'{}' in de uitnodiging",
        "rule": "de titel: {}",
        "own_rule": "eigen regel '{}'",
        "duration_min": "duurt {}",
        "n_attendees": "{} in de kamer",
        "n_departments": "{} aan tafel",
        "level_span": "omvat {}",
        "organizer_level": "belegd vanuit niveau {}",
        "lead_hours": "{} vooraf gepland",
        "start_hour": "begint om {} uur",
        "weekday": "op {}",
        "circumstances": "geen omstandigheden bekend",
        "against": "tegen: {}",
        "nothing": "geen enkele aanwijzing",
    },
    "en": {
        "title": "'{}' in the title",
        "body": "'{}' in the invitation",
        "rule": "the title: {}",
        "own_rule": "own rule '{}'",
        "duration_min": "lasts {}",
        "n_attendees": "{} in the room",
        "n_departments": "{} at the table",
        "level_span": "spans {}",
        "organizer_level": "called from level {}",
        "lead_hours": "planned {} ahead",
        "start_hour": "starts at {} o'clock",
        "weekday": "on a {}",
        "circumstances": "no circumstances known",
        "against": "against: {}",
        "nothing": "no evidence at all",
    },
}
_THINGS = {
    "nl": {
        "n_attendees": ("mens", "mensen"),
        "n_departments": ("afdeling", "afdelingen"),
        "level_span": ("niveau", "niveaus"),
    },
    "en": {
        "n_attendees": ("person", "people"),
        "n_departments": ("department", "departments"),
        "level_span": ("level", "levels"),
    },
}
_SERIES = {"nl": ("eenmalig", "in een reeks"), "en": ("a one-off", "in a series")}


def fill(key: str, language: Language, value: str = "") -> str:
    """One phrase with its value in it."""
    return _PLAIN[language][key].format(value)


def circumstance(column: str, value: float, language: Language) -> str:
    """A circumstance as people say it.

    >>> circumstance("level_span", 2, "en"), circumstance("lead_hours", 5, "nl"), circumstance("weekday", 5, "nl")
    ('spans three levels', '5 uur vooraf gepland', 'op vrijdag')
    """
    whole = int(value)
    if column == "recurring":
        return _SERIES[language][bool(whole)]
    if column == "lead_hours":
        return fill(column, language, _ahead(whole, language))
    if column == "duration_min":
        return fill(column, language, _many(whole, *_UNITS[language]["minute"]))
    if column == "weekday":
        return fill(column, language, _DAYS[language][(whole - 1) % 7])
    if column in _THINGS[language]:
        # A span of 2 means three levels: the difference between the highest and the lowest, both included.
        count = whole + 1 if column == "level_span" else whole
        return fill(column, language, _counted(count, *_THINGS[language][column], language))
    return fill(column, language, str(whole))


def _ahead(hours: int, language: Language) -> str:
    units = _UNITS[language]
    if hours < 1:
        return "minder dan een uur" if language == "nl" else "less than an hour"
    if hours >= 14 * 24:
        return _many(hours // (7 * 24), *units["week"])
    return _many(hours // 24, *units["day"]) if hours >= 48 else _many(hours, *units["hour"])


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _counted(count: int, one: str, more: str, language: Language) -> str:
    words = _COUNTS[language]
    word = words[count] if 0 <= count < len(words) else str(count)
    return f"{word} {one if count == 1 else more}"
