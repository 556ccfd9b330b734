"""The dashboard on this machine, for whoever sits at it."""

from __future__ import annotations

import gc
import socket
import sys
import threading
import webbrowser
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from rich.markup import escape
from waitress import create_server

from analysis.period import monday
from dashboard.app import create_app
from dashboard.guard import LOOPBACK
from meetload.console import OUT, step
from meetload.demo_releases import released_of
from meetload.helper import Helpers
from meetload.scankey import known_as, names_of
from meetload.sealing import seal
from meetload.taking_in import TakingIn
from meetload.windows import has_browser
from privacy.door import Door
from privacy.release.file import read_public_key, read_releases
from privacy.released_door import ReleasedDoor
from store import clock
from store.database import Store, writing
from store.errors import BadInput, Unreachable
from store.viewlog import ViewLog, views_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dashboard.intake import TakeIn
    from dashboard.signin import Gate
    from privacy.release.file import Release

Told = tuple["Path", "Path"]
"""A folder of releases, and the public key of whoever released them."""

HOST = "127.0.0.1"
USUAL_PORT = 8050
TRIES = 20
MOST_PATIENCE = 15.0
"""Seconds after which the dashboard opens all the same; its pages say then how far the work is."""


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one."""
    for port in range(wanted, wanted + TRIES):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Unreachable(f"no free port between {wanted} and {wanted + TRIES - 1}; give another one with --port")


def serve(
    path: Path,
    port: int = USUAL_PORT,
    show: bool = True,
    gate: Gate | None = None,
    host: str = HOST,
    told: Told | None = None,
    settings: Path | None = None,
) -> None:
    """Serve people their own part of a store until interrupted: on the loopback address, or behind a gate.

    `told` are releases in which people read what others can see about them; management and HR are not served here.
    `settings` are for whoever connects a calendar from the page.
    """
    _refuse_open(gate, host)
    released = _door_of(*told) if told else released_of(path)
    today = clock.now().date()
    helpers = Helpers(path, today)
    store = Store(path, kept_since=monday(today).isoformat())
    demo = store.setting("demo") == "yes"
    door = Door(store, today, helpers, signed_in=gate is not None, released=released)
    gate = gate and by_pseudonym(gate, store)
    # The demo is made up, and stays so.
    take_in = TakingIn(path, settings) if gate is None and not demo else None
    try:
        helpers.start()
        # In an empty store there is nothing to wait for: its first page asks for a calendar.
        if door.overview().period is not None:
            with step("working out the first page"):
                helpers.ready.wait(MOST_PATIENCE)
        _run(door, port, show, gate, host, ViewLog(views_path(path)) if gate or demo else None, take_in)
    finally:
        if take_in is not None:
            take_in.stop()
        helpers.stop()
        store.snapshot().close()


def serve_release(
    folder: Path, key: Path, port: int = USUAL_PORT, show: bool = True, gate: Gate | None = None, host: str = HOST
) -> None:
    """Serve a release until interrupted, after checking every signature and the chain; no store is opened."""
    _refuse_open(gate, host)
    releases = _checked(folder, key)
    views = ViewLog(folder / "release.views.jsonl") if gate or releases[-1].names else None
    # It answers the same questions; what it cannot answer it refuses.
    door = cast("Door", ReleasedDoor(releases, signed_in=gate is not None))
    _run(door, port, show, gate, host, views, closing=lambda: _close(folder, views))


def _checked(folder: Path, key: Path) -> tuple[Release, ...]:
    """The releases of a folder, after every signature and the chain were checked."""
    if not key.exists():
        raise BadInput(
            f"there is no public release key at {key}; give --key FILE.pub, as whoever released it sent it to you: the "
            "key in the folder itself proves nothing"
        )
    releases = read_releases(folder, read_public_key(key))
    OUT.print(f"{len(releases)} signed quarter(s), {releases[0].quarter} to {releases[-1].quarter}; the chain is whole")
    return releases


def _door_of(folder: Path, key: Path) -> ReleasedDoor:
    return ReleasedDoor(_checked(folder, key))


def _close(folder: Path, views: ViewLog | None) -> None:
    """Take the rest of the file system out of reach: stores, keys and tokens are not this process's business."""
    if seal([folder], views.prepared() if views else ()):
        OUT.print("closed: this process can open the release and its own program, and no store or key any more")
    else:
        OUT.print(
            "[yellow]this system cannot close its files to a process[/]; run the server as a user who may not read the "
            "store and its key (docs/serve.md)"
        )


def by_pseudonym(gate: Gate, store: Store) -> Gate:
    """The gate of a scan, in which people who sign in go by pseudonyms; without its key nobody is found any more."""
    try:
        names = names_of(store)
    except BadInput:
        return gate
    if names is None:
        return gate
    return replace(gate, grants=replace(gate.grants, known_as=lambda who: known_as(store, who, names)))


def _refuse_open(gate: Gate | None, host: str) -> None:
    if gate is None and host not in LOOPBACK:
        raise BadInput(f"--host {host} opens the dashboard to others, who must then sign in; give --login FILE as well")


def serve_own(
    path: Path, port: int = USUAL_PORT, show: bool = True, host: str = HOST, settings: Path | None = None
) -> None:
    """Serve one's own store on this machine; where there is none yet, an empty one asks for a calendar."""
    _refuse_open(None, host)
    if not path.exists():
        with writing(path):
            pass
        OUT.print(f"there is no store at {escape(str(path))} yet; the first page asks for your calendar")
    serve(path, port, show, host=host, settings=settings)


def _run(
    door: Door,
    port: int,
    show: bool,
    gate: Gate | None,
    host: str,
    views: ViewLog | None,
    take_in: TakeIn | None = None,
    closing: Callable[[], None] | None = None,
) -> None:
    # A proxy in front was told where to look: behind a gate another port is no help.
    port = port if gate else free_port(port)
    address = gate.public_url if gate else f"http://{HOST}:{port}/"
    if show and gate is None and has_browser():
        # Started before anything is closed: a browser needs more of the machine than we do.
        threading.Timer(1.0, webbrowser.open, [address]).start()
    if closing is not None:
        closing()
    names = LOOPBACK if gate is None else (urlsplit(gate.public_url).hostname or "",)
    app = create_app(door, hosts=names, gate=gate, views=views, take_in=take_in)
    server = create_server(app.server, host=host, port=port, threads=8)
    # What is there now stays: a search through all of it for garbage would take a tenth of a second out of some page.
    gc.collect()
    gc.freeze()
    OUT.print(f"meetload is open at [bold]{address}[/]  (stop with Ctrl-C)")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        server.task_dispatcher.shutdown()
