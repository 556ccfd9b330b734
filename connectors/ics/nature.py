"""What kind of entry an event is: a meeting, or time kept for oneself."""

from __future__ import annotations

import re

_SICK = re.compile(r"\b(ziek|ziekte|ziekmelding|sick|sick ?leave|ill)\b", re.IGNORECASE)
_LEAVE = re.compile(
    r"\b(vakantie|verlof|ouderschapsverlof|vrij|vrije dag|afwezig|out of office|ooo|(?<!public )(?<!bank )holidays?"
    r"|vacation|leave|day off|pto)\b",
    re.IGNORECASE,
)
_FOCUS = re.compile(r"\b(focus|focustijd|focusblok|focus ?time|deep ?work|concentratietijd)\b", re.IGNORECASE)
_TRAVEL = re.compile(r"\b(reistijd|reizen|travel|travell?ing|travel ?time|train|trein|flight|vlucht)\b", re.IGNORECASE)
_CALLS = re.compile(
    r"teams\.microsoft\.com/|teams\.live\.com/meet|meet\.google\.com/|zoom(?:gov)?\.(?:us|com)/(?:j|my|w|s)/"
    r"|\.webex\.com/|gotomeet(?:ing)?\.(?:me|com)/|whereby\.com/|meet\.jit\.si/|bluejeans\.com/|chime\.aws/"
    r"|meet\.lync\.com/|join\.skype\.com/|meet\.proton\.me/|app\.around\.co/|discord\.gg/",
    re.IGNORECASE,
)


def is_sick(title: str) -> bool:
    """Whether a title says that somebody is ill."""
    return bool(_SICK.search(title))


def says_away(title: str) -> bool:
    """Whether a title says that somebody is on leave or ill."""
    return is_sick(title) or bool(_LEAVE.search(title))


def kind_of(title: str, show_as: str, *, all_day: bool, alone: bool) -> str:
    """The kind of an entry: absence, focus, travel, hold, or a meeting with others.

    >>> kind_of("Focustijd", "busy", all_day=False, alone=True)
    'focus'
    >>> kind_of("Focus van het team", "busy", all_day=False, alone=False)
    'meeting'
    """
    if show_as == "oof" or (all_day and alone and show_as != "free" and says_away(title)):
        return "absence"
    if not alone:
        return "meeting"
    if _FOCUS.search(title):
        return "focus"
    return "travel" if _TRAVEL.search(title) else "hold"


def has_call_link(*texts: str) -> bool:
    """Whether any of the texts holds the address of a well-known conference service."""
    return any(_CALLS.search(text) for text in texts if text)
