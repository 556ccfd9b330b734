"""`meetload review`: one series at a time, the worthiest first; a key says what it is for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from analysis import audit
from classify.correcting import Done, correct, refuse_scanned, undo
from classify.questions import questions
from classify.queue import queue
from meetload.console import OUT
from store import clock
from store.database import Store
from store.schema import LABELS, SCANNED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from classify.phrases import Language
    from classify.questions import Question
    from store.tables import Tables

KEYS = {label[0]: label for label in LABELS}
HELP = "  ".join(f"[b]{key}[/] {label}" for key, label in KEYS.items()) + "  [b]s[/] skip  [b]u[/] undo  [b]q[/] quit"
UNTITLED = "(no title: private, or left empty)"
RANDOM = "random sample"
"""The note of a correction whose meeting was drawn at random, so that it may count for how right labels are."""


def queued(store: Path, language: Language, limit: int, *, random: bool = False) -> Iterator[Question]:
    """The queue of a store as questions: the worthiest first, or the next of the random sample that measures labels.

    A scan is refused, because nobody can judge a meeting without its title.
    """
    opened = Store(store)
    refuse_scanned(opened.setting(SCANNED), store)
    tables = opened.tables()
    groups = _next_of_sample(tables, limit) if random else None
    return questions(opened, queue(tables, limit, groups=groups), language)


def _next_of_sample(tables: Tables, limit: int) -> list[str]:
    listed = audit.order(audit.groups(tables))
    return [str(group) for group in listed.loc[listed["truth"].isna(), "group"].head(limit)]


def review(store: Path, asked: Iterator[Question], by: str, *, random: bool = False) -> int:
    """Ask about one series after another until the queue or the reader ends; how many corrections stand."""
    made: list[str] = []
    keys = _keys()
    question = next(asked, None)
    if question is None:
        OUT.print("nothing to review: no label is the model's own; run `meetload classify` first")
        return 0
    OUT.print(HELP)
    while question is not None:
        _show(question)
        key = next(keys, "q")
        while key not in KEYS and key not in "sq":
            _take_back(store, made, by) if key == "u" else OUT.print(HELP)
            key = next(keys, "q")
        if key == "q":
            break
        if key in KEYS:
            _tell(correct(store, question.meeting_id, KEYS[key], by, clock.now(), RANDOM if random else None))
            made.append(question.meeting_id)
        question = next(asked, None)
    OUT.print(f"{len(made):,} series corrected or confirmed")
    return len(made)


def _show(question: Question) -> None:
    people = "people unknown" if question.people is None else f"{question.people} people"
    size = f"{question.meetings} meetings, {question.hours:.1f} person-hours"
    doubt = ", [yellow]unsure[/]" if question.unsure else ""
    OUT.print(f"\n[b]{escape(question.title or UNTITLED)}[/]  [dim]{question.day}, {people}; the series: {size}[/]")
    OUT.print(f"{question.label} {question.probability:.2f}{doubt}: {escape(question.why)}")


def _take_back(store: Path, made: list[str], by: str) -> None:
    if made:
        _tell(undo(store, made.pop(), by, clock.now()))
    else:
        OUT.print("nothing of this session is left to undo")


def _tell(done: Done) -> None:
    OUT.print(f"-> {done.label}, for {done.meetings} meeting(s)")


def _keys() -> Iterator[str]:
    """Keys as they are pressed on a terminal; otherwise the signs of standard input, spaces left out."""
    if sys.stdin.isatty():
        while True:
            yield typer.getchar().lower()
    for line in sys.stdin:
        yield from (sign.lower() for sign in line if not sign.isspace())
