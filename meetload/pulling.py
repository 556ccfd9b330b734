"""Pulling calendars: from a source, through the copies file where each mailbox stands apart, into the store as one."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from connectors.chart import Chart, merge_history, pseudonymous_chart
from connectors.identity import Known
from connectors.scan.pseudonymous import PseudonymousSource
from connectors.scan.run import scan
from connectors.scan.settings import ScanReport, ScanSettings
from meetload import scankey
from meetload.console import NOTES
from meetload.minimising import Minimiser
from privacy.registry import carry_over, enforce, enforce_copies, objecting
from store import clock, journal
from store.copies import open_copies
from store.database import Store, writing
from store.errors import Unreachable
from store.schema import SCANNED
from store.writer import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from connectors.contract import Source, Window
    from connectors.scan.bucket import Bucket
    from connectors.scan.clock import Clock
    from connectors.scan.settings import Progress as Standing
    from store.pseudonyms import Pseudonyms
    from store.writer import Writer


@dataclass(frozen=True)
class Pulled:
    """What a pull did: the scan's own report and the rows changed in the store."""

    report: ScanReport
    changes: dict[str, Change] = field(default_factory=dict)


def owner_of(store: Path) -> Known | None:
    """Whose own calendars are in a store; None where that is nobody yet."""
    if not store.exists():
        return None
    here = Store(store)
    who, aliases = here.setting("owner"), here.frame("aliases")
    mine = aliases.loc[aliases["person_id"] == who, "email"]
    return Known(who, frozenset(map(str, mine))) if who else None


def pull_own(
    source: Source,
    store: Path,
    window: Window,
    me: tuple[str, ...],
    home: str,
    *,
    tokens: bool,
    known: Known | None = None,
    waits: Clock | None = None,
) -> Pulled:
    """One's own calendar, titles included; only changes where a token of the same window is known.

    `me` are the owner's addresses, the first of which is who they are, unless the source was told that they are
    `known`, who has another calendar here. `waits` is how waits are waited. Raises what the source says where it
    cannot be read; the store is then as it was.
    """
    who = known.person if known else me[0]

    def about_me(writer: Writer) -> None:
        writer.set("timezone", home)
        writer.set("owner", who)
        introduce(writer, me, who)

    how = ScanSettings(organisation=False, tokens=tokens)
    if store.exists():
        scankey.refuse_scan(Store(store))
    return _pull(source, store, window, how, about_me, minimise=None, bucket=None, names=None, waits=waits)


def introduce(writer: Writer, me: tuple[str, ...], who: str) -> None:
    """The owner as a person of the store, where no chart has said more about them yet."""
    writer.upsert("aliases", pd.DataFrame({"email": me, "person_id": who}))
    if who not in set(writer.frame("people")["person_id"]):
        writer.upsert("people", pd.DataFrame({"person_id": [who], "email": [who]}))


def pull_organisation(
    source: Source,
    store: Path,
    window: Window,
    settings: dict[str, str],
    chart: Chart | None,
    how: ScanSettings,
    *,
    today: date,
    bucket: Bucket | None = None,
) -> Pulled:
    """Every mailbox under pseudonyms and without a word of text: labels are made in memory.

    Goes on where an earlier scan stopped; after its key was destroyed a new one begins, and what was there goes.
    """
    from classify.versions import current  # noqa: PLC0415 - scikit-learn is slow to import and only a scan needs it

    with writing(store) as writer:
        anew = not writer.setting(scankey.NAME)
        names = begin(writer, today)
        for name, value in settings.items():
            writer.set(name, value)
        if chart is not None:
            write_chart(writer, chart, today)
        people, timezone, classifier = writer.frame("people"), writer.timezone, current(store, writer)
        objectors = objecting(writer, names)
    if anew:
        scankey.discard_copies(store)
    hidden = PseudonymousSource(source, names, frozenset(people["person_id"]), objectors)
    minimise = Minimiser(classifier, people, timezone)
    return _pull(hidden, store, window, how, lambda _: None, minimise=minimise, bucket=bucket, names=names)


def begin(writer: Writer, today: date) -> Pseudonyms:
    """The names of the scan in a store; a chart that was there before the scan goes under its pseudonyms."""
    people, aliases = writer.frame("people"), writer.frame("aliases")
    charted = not (writer.setting(SCANNED) or writer.setting("owner")) and writer.frame("meetings").empty
    objectors = objecting(writer) if charted else set()
    if charted:
        writer.clear_events()
    names = scankey.begin(writer, clock.now())
    if charted and len(people):
        write_chart(writer, Chart(people, aliases), today)
        carry_over(writer, {scankey.known_as(writer, who, names) for who in objectors}, names, clock.now())
    return names


def write_chart(writer: Writer, chart: Chart, today: date) -> Change:
    """The people of a chart as of today: a move is a new row, whoever left ends, nothing is forgotten.

    In a scan everybody goes under the scan's pseudonyms first.
    """
    names = scankey.names_of(writer)
    if names is not None:
        known = writer.frame("aliases")
        chart = pseudonymous_chart(chart, names, dict(zip(known["email"], known["person_id"], strict=True)))
    writer.upsert("aliases", chart.aliases)
    return writer.replace("people", merge_history(writer.frame("people"), chart, today))


def _pull(
    source: Source,
    store: Path,
    window: Window,
    how: ScanSettings,
    also: Callable[[Writer], None],
    *,
    minimise: Minimiser | None,
    bucket: Bucket | None,
    names: Pseudonyms | None,
    waits: Clock | None = None,
) -> Pulled:
    with open_copies(store) as copies:
        with _shown(source.name) as show:
            report = scan(
                source,
                source.mailboxes(),
                copies,
                window,
                how,
                minimise=minimise,
                progress=show,
                bucket=bucket,
                clock=waits,
            )
        # Of an organisation it is told how many could not be read; of one's own calendar it is everything.
        if not how.organisation and (refusal := copies.syncs.refusal(source.name, source.mailboxes())):
            raise Unreachable(refusal)
        with writing(store) as writer:
            also(writer)
            enforce_copies(writer, copies, names)
            changes = writer.settle(copies.settle())
            enforce(writer, names)
            if writer.changed:
                journal.append(writer, getpass.getuser(), "pull", _said(source, changes), clock.now())
        copies.clear_gone()
    return Pulled(report, changes)


def _said(source: Source, changes: dict[str, Change]) -> str:
    change = changes.get("meetings", Change())
    return f"{source.name}; meetings: {change.inserted} new, {change.updated} changed, {change.deleted} gone"


@contextmanager
def _shown(name: str) -> Iterator[Callable[[Standing], None]]:
    """A bar with rate, errors and time left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=NOTES, disable=not NOTES.is_terminal, transient=True) as bar:
        task = bar.add_task(f"pulling {escape(name)}", total=None, pace="")

        def show(standing: Standing) -> None:
            left = "" if standing.left is None else f", {standing.left / 60:.0f} min left"
            pace = f"{standing.rate:.0f} a minute, {standing.errors} errors{left}"
            bar.update(task, completed=standing.done, total=standing.total, pace=pace)

        yield show
