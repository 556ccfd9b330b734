"""The address is the state: who looks, at when, in which language. Read from it, written back to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dashboard.spans import parse_span
from dashboard.words import DEFAULT_LANGUAGE, LANGUAGES, message
from privacy.released_scan import MEASURES
from privacy.viewer import Viewer, parse_viewer
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

BY_NAME = "names"
SHOWS = ("hours", "share", BY_NAME, *MEASURES)
LONGEST = 200
UNREADABLE = "?"
TOPIC = re.compile(r"[0-9a-f]{4,32}")
STEP = re.compile(r"[1-9]")

UNKNOWN_VIEWER = message("The address asks for a view that does not exist. Choose one above.")
UNKNOWN_PERIOD = message("The period in the address could not be read, so you see everything available.")
UNKNOWN_LANGUAGE = message("The language in the address is not one of ours, so you read this one.")
UNKNOWN_TOPIC = message("The subject in the address is not one of these, so you see all of them.")
UNKNOWN_UNIT = message("The department in the address could not be read, so you see all of them.")
UNKNOWN_STEP = message("The step in the address is not one of the story, so you see the first.")
UNKNOWN_SHOW = message("The way of showing in the address is not known, so you see the usual one.")


@dataclass(frozen=True)
class Selection:
    """What one address asks for; empty fields mean the usual.

    `period` is a span as people write it (`2026Q3`), `show` how a page draws its weeks or which measure it draws,
    `topic` a subject opened, `unit` a department that a page about groups is narrowed to, as releases name it, `step` a
    step of the demo's story.
    """

    viewer: Viewer | None = None
    period: str = ""
    language: str = DEFAULT_LANGUAGE
    show: str = ""
    topic: str = ""
    unit: str = ""
    step: str = ""

    def but(self, **changes: object) -> Selection:
        """The same selection with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def whole(self) -> Selection:
        """The same viewer, period and language, with nothing opened and nothing narrowed."""
        return self.but(show="", topic="", unit="", step="")

    @property
    def query(self) -> str:
        """The selection as the part of an address after the question mark."""
        parts = {
            "viewer": self.viewer.key if self.viewer else "",
            "period": self.period,
            "lang": self.language,
            "show": self.show,
            "topic": self.topic,
            "unit": self.unit,
            "step": self.step,
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def link(self, path: str) -> str:
        """An address inside the dashboard that keeps the state."""
        return f"{path}?{self.query}"


@dataclass(frozen=True)
class Asked:
    """A selection with what could not be understood, as sentences; a wrong viewer is never replaced by another."""

    selection: Selection
    complaints: tuple[str, ...] = ()
    viewer_is_wrong: bool = False


def read(query: Mapping[str, object], language: str = DEFAULT_LANGUAGE) -> Asked:
    """What an address asks for. Unknown keys are ignored; a key given twice is not understood."""
    complaints: list[str] = []

    def text(name: str) -> str:
        return _text(query.get(name, ""))

    lang = text("lang") or language
    if lang not in LANGUAGES:
        complaints.append(UNKNOWN_LANGUAGE)
        lang = language
    show = text("show")
    if show and show not in SHOWS:
        complaints.append(UNKNOWN_SHOW)
        show = ""
    topic = text("topic")
    if topic and not TOPIC.fullmatch(topic):
        complaints.append(UNKNOWN_TOPIC)
        topic = ""
    unit = text("unit")
    if unit == UNREADABLE:
        complaints.append(UNKNOWN_UNIT)
        unit = ""
    step = text("step")
    if step and not STEP.fullmatch(step):
        complaints.append(UNKNOWN_STEP)
        step = ""
    period = text("period")
    if period and parse_span(period) is None:
        complaints.append(UNKNOWN_PERIOD)
        period = ""
    viewer, wrong = _viewer(text("viewer"))
    if wrong:
        complaints.insert(0, UNKNOWN_VIEWER)
    return Asked(Selection(viewer, period, lang, show, topic, unit, step), tuple(complaints), wrong)


def _text(value: object) -> str:
    """One plain value; anything else becomes a text that no key accepts."""
    return value if isinstance(value, str) and len(value) <= LONGEST else UNREADABLE


def _viewer(text: str) -> tuple[Viewer | None, bool]:
    if not text:
        return None, False
    try:
        return parse_viewer(text), False
    except BadInput:
        return None, True
