"""The commands by which people look at topics and put them right: list, merge and split."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from meetload.console import OUT, step
from meetload.options import StoreOption, existing
from store import clock
from store.errors import BadInput
from store.schema import SCANNED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from analysis.topics import Topic, Topics, Wording

ByOption = Annotated[str | None, typer.Option("--by", help="Who decides this; by default your login name.")]
SHOWN_WORDINGS = 4
SHOWN_TEAMS = 3

app = typer.Typer(
    no_args_is_help=True,
    short_help="What meetings are about: look at the groups, merge and split them.",
    help=(
        "What meetings are about. Meetings on the same subject are put together by their words, the teams that met and "
        "the time; where that went wrong you merge topics or split wordings off. What you decide is kept and stays in "
        "force when new meetings come in."
    ),
)


@app.command("list")
def list_(
    store: StoreOption = None,
    output: Annotated[str, typer.Option("--format", help="table or json.")] = "table",
    limit: Annotated[int, typer.Option(min=1, help="How many topics the table shows.")] = 40,
) -> None:
    """Show the topics, most meetings first, with the words they are called by."""
    found = _topics(existing(store))
    if output == "json":
        sys.stdout.write(json.dumps(as_json(found), indent=2) + "\n")
    elif output == "table":
        _print(found, limit)
    else:
        raise BadInput(f"--format {output!r} is not known; use table or json")


@app.command()
def merge(
    topics: Annotated[list[str], typer.Argument(help="The ids of two or more topics, or how they begin.")],
    store: StoreOption = None,
    by: ByOption = None,
) -> None:
    """Make one topic of several."""
    from analysis.topics.editing import merging  # noqa: PLC0415 - a command pays only for its own imports

    path = existing(store)

    def rows(found: Topics, name: str, at: datetime) -> pd.DataFrame:
        chosen = list({topic.topic_id: topic for topic in (_one(found, each) for each in topics)}.values())
        if len(chosen) < 2:
            raise BadInput("merging takes two topics or more; `meetload topics list` shows their ids")
        return merging(chosen, name, at)

    _tell(_decide(path, by, rows))


@app.command()
def split(
    topic: Annotated[str, typer.Argument(help="The id of the topic, or how it begins.")],
    wording: Annotated[list[str], typer.Option("--wording", help="A wording, or its id; repeat for several.")],
    store: StoreOption = None,
    by: ByOption = None,
) -> None:
    """Take wordings out of a topic and make a topic of their own of them."""
    from analysis.topics.editing import splitting  # noqa: PLC0415 - a command pays only for its own imports

    path = existing(store)

    def rows(found: Topics, name: str, at: datetime) -> pd.DataFrame:
        whole = _one(found, topic)
        chosen = list(dict.fromkeys(_wording(whole, each).wording_id for each in wording))
        if len(chosen) == len(whole.wordings):
            raise BadInput("these are all wordings of the topic; leave at least one in it")
        return splitting(chosen, name, at)

    _tell(_decide(path, by, rows))


def as_json(found: Topics) -> dict[str, Any]:
    """The topics in the documented form; see docs/json.md."""
    from analysis.contract import VERSION, to_json  # noqa: PLC0415 - a command pays only for its own imports

    counts = {"titled": found.titled, "unnamed": found.unnamed}
    return {"measure": "topics", "contract": VERSION, **counts, "topics": to_json(found.groups)}


def _topics(path: Path) -> Topics:
    from analysis.snapshots import topics_in  # noqa: PLC0415 - a command pays only for its own imports
    from store.database import Store  # noqa: PLC0415 - as above

    opened = Store(path)
    if opened.setting(SCANNED) == "yes":
        raise BadInput(f"{path} is a scan, which keeps no titles; topics are told from titles")
    with step("putting meetings on the same subject together"):
        return topics_in(opened.snapshot())


def _decide(path: Path, by: str | None, rows: Callable[[Topics, str, datetime], pd.DataFrame]) -> tuple[int, int]:
    """Write a decision down; how many topics there were and are."""
    from store.database import writing  # noqa: PLC0415 - a command pays only for its own imports

    name = (by or getpass.getuser()).strip()
    if not name:
        raise BadInput("a decision about topics needs the name of whoever makes it: --by NAME")
    before = _topics(path)
    with writing(path) as writer:
        past = writer.frame("topic_edits")["at"]
        now = clock.now()
        # A clock that stands still or runs back would put this decision before one that it follows.
        at = now if past.empty else max(now, past.max().to_pydatetime() + timedelta(microseconds=1))
        writer.upsert("topic_edits", rows(before, name, at))
    return len(before.groups), len(_topics(path).groups)


def _one(found: Topics, begins: str) -> Topic:
    topic = found.of(begins)
    if topic is None:
        fitting = sum(each.topic_id.startswith(begins) for each in found.groups)
        told = "no topic begins" if not fitting else f"{fitting} topics begin"
        raise BadInput(f"{told} with {begins!r}; `meetload topics list` shows the ids")
    return topic


def _wording(topic: Topic, said: str) -> Wording:
    found = [each for each in topic.wordings if said.casefold().strip() == each.text or said == each.wording_id]
    if not found:
        raise BadInput(f"topic {topic.topic_id} has no such wording; `meetload topics list --format json` shows them")
    return found[0]


def _tell(counts: tuple[int, int]) -> None:
    OUT.print(f"{counts[0]:,} topics before, {counts[1]:,} now")


def _print(found: Topics, limit: int) -> None:
    table = Table(title="topics")
    table.add_column("topic_id", no_wrap=True)
    table.add_column("name", overflow="fold", min_width=12)
    for column in ("meetings", "first", "last", "also called", "teams"):
        table.add_column(column, overflow="fold")
    for topic in found.groups[:limit]:
        others = [f"{each.text} ({each.meetings})" for each in topic.wordings[1 : SHOWN_WORDINGS + 1]]
        more = len(topic.wordings) - 1 - len(others)
        table.add_row(
            topic.topic_id,
            escape(topic.name) + (" *" if topic.edited else ""),
            f"{topic.meetings:,}",
            topic.first.isoformat(),
            topic.last.isoformat(),
            escape(", ".join([*others, *([f"and {more} more"] if more else [])])),
            escape(", ".join(list(topic.teams)[:SHOWN_TEAMS])),
        )
    OUT.print(table)
    OUT.print(
        f"{len(found.groups):,} topics; of {found.unnamed:,} of {found.titled:,} meetings nobody can tell the subject"
        "; * = merged or split by a person"
    )
