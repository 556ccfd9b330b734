"""What the command line says: progress on a terminal, one line a step in a log, errors as sentences."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from typer import Abort
from typer.exceptions import TyperException

from store.errors import MeetloadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OUT = Console(highlight=False, soft_wrap=True)
NOTES = Console(stderr=True, highlight=False, soft_wrap=True)
BAD_INPUT = 2
DEFECT = 70
INTERRUPTED = 130


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    began = monotonic()
    if NOTES.is_terminal:
        with NOTES.status(escape(what)):
            yield
    else:
        yield
    NOTES.print(f"[green]✓[/] {escape(what)} [dim]({monotonic() - began:.1f} s)[/]")


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar over `total` pieces of work; call what it gives after each piece."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=NOTES, disable=not NOTES.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def guarded(run: Callable[[], int | None]) -> int:
    """Run a command; every failure becomes a sentence and an exit code."""
    try:
        return run() or 0
    except TyperException as error:
        return _said(error.format_message(), BAD_INPUT)
    except MeetloadError as error:
        return _said(str(error), error.exit_code)
    except (Abort, KeyboardInterrupt):
        NOTES.print("stopped; what was finished is kept")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 - the edge: a reader gets a sentence, never a traceback
        return _defect(error)


def _said(sentence: str, code: int) -> int:
    NOTES.print(f"[red]error:[/] {escape(sentence)}")
    return code


def _defect(error: Exception) -> int:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    NOTES.print(
        f"[red]meetload itself went wrong[/] ({type(error).__name__} at {where}); nothing was changed in the store. "
        "Set MEETLOAD_DEBUG=1 to see more, and please report it."
    )
    if os.environ.get("MEETLOAD_DEBUG"):
        NOTES.print_exception()
    return DEFECT
