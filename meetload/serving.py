"""The dashboard on this machine, for whoever sits at it."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from rich.markup import escape
from waitress import create_server

from dashboard.app import create_app
from dashboard.guard import LOOPBACK
from meetload.console import OUT
from meetload.taking_in import into
from privacy.door import Door
from privacy.release.file import read_public_key, read_releases
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer
from store.database import Store, writing
from store.errors import BadInput, Unreachable
from store.viewlog import ViewLog, views_path

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.intake import TakeIn
    from dashboard.signin import Gate

HOST = "127.0.0.1"
USUAL_PORT = 8050
TRIES = 20


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one."""
    for port in range(wanted, wanted + TRIES):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise Unreachable(f"no free port between {wanted} and {wanted + TRIES - 1}; give another one with --port")


def serve(path: Path, port: int = USUAL_PORT, show: bool = True, gate: Gate | None = None, host: str = HOST) -> None:
    """Serve a store's dashboard until interrupted: on the loopback address, or behind a gate where people sign in."""
    _refuse_open(gate, host)
    store = Store(path)
    door = Door(store, datetime.now(UTC).date())
    first_page(door)
    # The demo is made up, and stays so.
    take_in = into(path) if gate is None and not door.overview().demo else None
    try:
        _run(door, port, show, gate, host, ViewLog(views_path(path)) if gate else None, take_in)
    finally:
        store.snapshot().close()


def serve_release(
    folder: Path, key: Path, port: int = USUAL_PORT, show: bool = True, gate: Gate | None = None, host: str = HOST
) -> None:
    """Serve a release until interrupted, after checking every signature and the chain; no store is opened."""
    _refuse_open(gate, host)
    releases = read_releases(folder, read_public_key(key) if key.exists() else None)
    if not key.exists():
        OUT.print(f"[yellow]no public release key at {escape(str(key))}[/]: checked against the folder's own key only")
    OUT.print(f"{len(releases)} signed quarter(s), {releases[0].quarter} to {releases[-1].quarter}; the chain is whole")
    views = ViewLog(folder / "release.views.jsonl") if gate else None
    # It answers the same questions; what it cannot answer it refuses.
    _run(cast("Door", ReleasedDoor(releases)), port, show, gate, host, views)


def _refuse_open(gate: Gate | None, host: str) -> None:
    if gate is None and host not in LOOPBACK:
        raise BadInput(f"--host {host} opens the dashboard to others, who must then sign in; give --login FILE as well")


def serve_own(path: Path, port: int = USUAL_PORT, show: bool = True, host: str = HOST) -> None:
    """Serve one's own store on this machine; where there is none yet, an empty one asks for a calendar."""
    _refuse_open(None, host)
    if not path.exists():
        with writing(path):
            pass
        OUT.print(f"there is no store at {escape(str(path))} yet; the first page asks for your calendar")
    serve(path, port, show, host=host)


def _run(
    door: Door,
    port: int,
    show: bool,
    gate: Gate | None,
    host: str,
    views: ViewLog | None,
    take_in: TakeIn | None = None,
) -> None:
    names = LOOPBACK if gate is None else (urlsplit(gate.public_url).hostname or "",)
    app = create_app(door, hosts=names, gate=gate, views=views, take_in=take_in)
    # A proxy in front was told where to look: behind a gate another port is no help.
    server = create_server(app.server, host=host, port=port if gate else free_port(port), threads=8)
    address = gate.public_url if gate else f"http://{HOST}:{server.effective_port}/"
    OUT.print(f"meetload is open at [bold]{address}[/]  (stop with Ctrl-C)")
    sys.stdout.flush()
    threading.Thread(target=other_pages, args=(door,), daemon=True).start()
    if show and gate is None and _has_browser():
        threading.Timer(0.5, webbrowser.open, [address]).start()
    try:
        server.run()
    finally:
        server.task_dispatcher.shutdown()


def first_page(door: Door) -> None:
    """Compute the first page's answers before anybody waits for them."""
    if (period := door.overview().period) and (viewers := door.viewers()):
        door.split(viewers[0], period)
        door.checks(viewers[0], period)


def other_pages(door: Door) -> None:
    """Compute what the next click will ask, while the reader looks at the first page."""
    if (period := door.overview().period) and (viewers := door.viewers()):
        door.drift(viewers[0], period)
        door.dependence(viewers[0], period)
    for phase in door.overview().story:
        door.split(Viewer("mt"), phase.period)
    # The page of labels needs scikit-learn, which takes seconds to import.
    import_module("privacy.reviewing")


def _has_browser() -> bool:
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
