"""What is said on the page where people correct labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.palette import NAMES
from dashboard.words import message
from store.schema import LABELS

if TYPE_CHECKING:
    from classify.questions import Question
    from dashboard.words import Words
    from privacy.reviewing import LastSaid, OwnQueue

QUESTION = message("Are these labels right?")
UNTITLED = message("(no title)")
KEYS = {label[0]: label for label in LABELS}
UNDO = "u"


@dataclass(frozen=True)
class Choice:
    """One button: the key that presses it, the label it says, and whether the model says so too."""

    key: str
    label: str
    name: str
    is_now: bool


@dataclass(frozen=True)
class Row:
    """One series of the queue in words."""

    meeting_id: str
    title: str
    facts: str
    verdict: str
    why: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class LabelsView:
    """The page in words; `last` is what an undo would take back."""

    headline: str
    last: str
    undo: str
    rows: tuple[Row, ...]


def labels_view(queue: OwnQueue, words: Words) -> LabelsView:
    """A queue in the reader's language."""
    rows = tuple(_row(question, words) for question in queue.questions)
    if not rows:
        headline = words("No label in this period needs a look.")
    else:
        hours = sum(question.hours for question in queue.questions)
        headline = words.many(
            "{count} series of yours is worth a look; {hours} hours hang on it.",
            "{count} series of yours are worth a look; {hours} hours hang on them.",
            len(rows),
            hours=words.number(hours, 0),
        )
    return LabelsView(headline, _last(queue.last, words), queue.last.meeting_id if queue.last else "", rows)


def _last(last: LastSaid | None, words: Words) -> str:
    if last is None:
        return ""
    title = last.title or words(UNTITLED)
    return words("Your last word: “{title}” is {label}.", title=title, label=words(NAMES[last.label]).lower())


def _row(question: Question, words: Words) -> Row:
    name = words(NAMES[question.label])
    verdict = words("{label}, {chance} sure", label=name, chance=words.percent(question.probability))
    if question.unsure:
        verdict = words(
            "Unsure; most likely {label}, {chance}", label=name.lower(), chance=words.percent(question.probability)
        )
    choices = tuple(Choice(key, label, words(NAMES[label]), label == question.label) for key, label in KEYS.items())
    return Row(
        question.meeting_id,
        question.title or words(UNTITLED),
        _facts(question, words),
        verdict,
        question.why,
        choices,
    )


def _facts(question: Question, words: Words) -> str:
    parts = [words.short_day(question.day)]
    if question.people is not None:
        parts.append(words.many("{count} person", "{count} people", question.people))
    parts.append(words.many("{count} meeting in the series", "{count} meetings in the series", question.meetings))
    parts.append(words.many("{count} hour", "{count} hours", question.hours))
    return " · ".join(parts)
