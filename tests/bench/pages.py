"""Server time of every page, the weight of what a browser fetches, and fifty people who walk through the pages at once.

A real server process serves the store. `walk` asks every page for every kind of viewer once nothing is left to work out;
`crowd` is fifty sessions, each with a pause of two to five seconds between pages as a person has.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlsplit

from dashboard.pages import PAGES
from meetload.demo_releases import released_of
from privacy.door import Door
from privacy.release.file import read_public_key, read_releases
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer
from store.database import Store, writing

ROOT = Path(__file__).parents[2]
MEETLOAD = Path(sys.executable).with_name("meetload")
WAITING = re.compile(r'"id":\s*"waiting"')
BROKEN = re.compile(r'"className":\s*"notice broken"')
VIEWERS, SECONDS = 50, 120.0
PAUSE = (2.0, 5.0)
# Two frames after the headline stands in the document it has been painted.
WHEN_PAINTED = """
new MutationObserver((_, watch) => {
  if (!document.getElementById("headline")) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.painted = performance.now(); }));
}).observe(document, {childList: true, subtree: true});
"""


@dataclass
class Seen:
    """What one request gave: seconds, bytes, whether it went wrong, and whether the answer was still being made."""

    page: str
    viewer: str
    seconds: float
    size: int
    failed: bool
    waiting: bool


@dataclass
class Walked:
    """All requests of a walk."""

    seen: list[Seen] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Requests that got no page."""
        return sum(each.failed for each in self.seen)

    @property
    def waits(self) -> int:
        """Requests that were told that the answer is being worked out."""
        return sum(each.waiting for each in self.seen)

    def p95(self) -> float:
        """The 95th percentile of the seconds of pages with an answer on them."""
        return p95([each.seconds for each in self.seen if not each.waiting])


def p95(values: Sequence[float]) -> float:
    """The 95th percentile; of a single value that value.

    >>> round(p95([float(each) for each in range(1, 101)]), 2)
    95.05
    """
    return values[0] if len(values) == 1 else quantiles(values, n=20, method="inclusive")[-1]


class Session:
    """One browser as far as the server notices: it asks for pages over one connection."""

    def __init__(self, home: str) -> None:
        parts = urlsplit(home)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def get(self, path: str) -> tuple[int, bytes]:
        """The status and the bytes of an address."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def page(self, path: str, viewer: str, period: str = "") -> Seen:
        """A page as a browser asks for it once the frame stands."""
        search = f"?viewer={quote(viewer)}&lang=nl" + (f"&period={period}" if period else "")
        began = time.perf_counter()
        self._connection.request("POST", "/_dash-update-component", _asked(path, search), _JSON)
        answer = self._connection.getresponse()
        data = answer.read()
        seconds, text = time.perf_counter() - began, data.decode()
        failed = answer.status != 200 or bool(BROKEN.search(text))
        return Seen(path, viewer, seconds, len(data), failed, bool(WAITING.search(text)))

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


_JSON = {"Content-Type": "application/json"}


def _asked(path: str, search: str) -> str:
    outputs = [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}]
    inputs = [
        {"id": "_pages_location", "property": "pathname", "value": path},
        {"id": "_pages_location", "property": "search", "value": search},
    ]
    return json.dumps(
        {
            "output": ".._pages_content.children..._pages_store.data..",
            "outputs": outputs,
            "inputs": inputs,
            "changedPropIds": ["_pages_location.pathname"],
            "state": [],
        }
    )


@dataclass(frozen=True)
class Served:
    """A process that serves a store: its address, and its number."""

    home: str
    process: int

    def cpu(self) -> float:
        """Seconds of CPU it has taken by itself, its helpers left out; 0 where the system does not tell."""
        stat = Path(f"/proc/{self.process}/stat")
        if not stat.exists():
            return 0.0
        user, system = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(store: Path) -> Iterator[Served]:
    """A process that serves a store."""
    with serving("--store", str(store)) as server:
        yield server


@contextmanager
def serving(*what: str) -> Iterator[Served]:
    """A process that serves what it is told to."""
    command = [str(MEETLOAD), "serve", *what, "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            address = next(found[0] for line in process.stdout or () if (found := re.search(r"http://\S+/", line)))
            session = Session(address)
            session.get("/_dash-layout")
            session.close()
            yield Served(address, process.pid)
        finally:
            process.terminate()
            process.wait(30)


def settle(home: str, paths: Sequence[tuple[str, str]], most: float) -> float:
    """Seconds until none of these pages (path, viewer) is being worked out any more."""
    session, began, left = Session(home), time.perf_counter(), list(paths)
    while left and time.perf_counter() - began < most:
        left = [(path, viewer) for path, viewer in left if session.page(path, viewer).waiting]
        time.sleep(1.0 if left else 0.0)
    session.close()
    return time.perf_counter() - began


def every(viewers: Sequence[Viewer]) -> list[tuple[str, str]]:
    """Every page that has an answer for each of these viewers."""
    return [(page.path, viewer.key) for viewer in viewers for page in PAGES if viewer.role in page.roles]


def walk(home: str, paths: Sequence[tuple[str, str]], rounds: int = 3) -> Walked:
    """Every page some times, one after the other."""
    session = Session(home)
    found = Walked([session.page(path, viewer) for _ in range(rounds) for path, viewer in paths])
    session.close()
    return found


def crowd(
    home: str,
    paths: Sequence[tuple[str, str]],
    people: int = VIEWERS,
    seconds: float = SECONDS,
    pause: tuple[float, float] = PAUSE,
) -> Walked:
    """Many people at once, each going from page to page at their own pace."""
    found, lock, end = Walked(), threading.Lock(), time.perf_counter() + seconds

    def person(seed: int) -> None:
        chance, session = random.Random(seed), Session(home)
        time.sleep(chance.uniform(0, pause[0]))
        while time.perf_counter() < end:
            path, viewer = chance.choice(paths)
            try:
                one = session.page(path, viewer)
            except OSError:
                one, session = Seen(path, viewer, 0.0, 0, True, False), Session(home)
            with lock:
                found.seen.append(one)
            time.sleep(chance.uniform(*pause))
        session.close()

    threads = [threading.Thread(target=person, args=(seed,)) for seed in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@dataclass(frozen=True)
class Weight:
    """Kilobytes of a first visit: all of it, as it would travel compressed, and of it what a page itself holds."""

    all: float
    compressed: float
    page: float


def weight(home: str, path: str, viewer: str) -> Weight:
    """What a browser fetches for a first page: the document, its scripts and styles, the layout and the answer."""
    session = Session(home)
    _, document = session.get(f"{path}?viewer={quote(viewer)}")
    links = re.findall(r'(?:src|href)="(/[^"]+)"', document.decode())
    parts = [document, *(session.get(link)[1] for link in (*links, "/_dash-layout", "/_dash-dependencies"))]
    page = session.page(path, viewer).size
    session.close()
    total = sum(map(len, parts)) + page
    return Weight(total / 1024, sum(len(gzip.compress(part)) for part in parts) / 1024, page / 1024)


def first_paint(home: str) -> float:
    """Seconds from the frame of the page to its painted headline, in a browser that has nothing of it yet.

    The page itself keeps the time: asking it from outside waits for the drawing library as well.
    """
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from browsing import browser

    with browser() as chromium:
        page = chromium.new_page()
        page.add_init_script(WHEN_PAINTED)
        page.goto(home, wait_until="domcontentloaded")
        framed: float = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
        page.wait_for_selector("html[data-painted]", state="attached", timeout=60_000)
        painted: float = page.evaluate("Number(document.documentElement.dataset.painted)")
        page.close()
    return (painted - framed) / 1000


def measure(
    what: Sequence[str], viewers: Sequence[Viewer], most: float = 1800.0, seconds: float = SECONDS
) -> dict[str, float]:
    """Server time, waiting, weight and the crowd of one server."""
    paths = every(viewers)
    with serving(*what) as server:
        home = server.home
        prepared, before = settle(home, paths, most), server.cpu()
        walked = walk(home, paths)
        cpu = (server.cpu() - before) / len(walked.seen)
        load, paint = weight(home, "/", viewers[0].key), first_paint(home)
        many = crowd(home, paths, seconds=seconds)
    return {
        "prepared_s": prepared,
        "cpu_ms": 1000 * cpu,
        "paint_s": paint,
        "p95_ms": 1000 * walked.p95(),
        "slowest_ms": 1000 * max(each.seconds for each in walked.seen),
        "errors": walked.errors,
        "waits": walked.waits,
        "kB": load.all,
        "compressed_kB": load.compressed,
        "page_kB": load.page,
        "crowd_requests": len(many.seen),
        "crowd_errors": many.errors,
        "crowd_waits": many.waits,
        "crowd_p95_ms": 1000 * many.p95(),
    }


def demo(seconds: float = SECONDS) -> dict[str, float]:
    """The demo organisation, as its department manager, its management teams and HR."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [str(MEETLOAD), "demo", "--folder", folder, "--no-serve"], check=True, capture_output=True, text=True
        )
        store = Path(folder) / "demo.db"
        viewers = viewers_of(Door(Store(store), datetime.now(UTC).date(), released=released_of(store)).viewers())
        return measure(("--store", str(store)), viewers, seconds=seconds)


def large(people: int = 10_000, weeks: int = 104, seconds: float = SECONDS) -> dict[str, float]:
    """A simulated organisation, seen by one of its managers, and through its releases by management and HR."""
    with tempfile.TemporaryDirectory() as folder:
        store, releases = Path(folder) / "large.db", Path(folder) / "releases"
        command = [sys.executable, "-m", "tests.bench.dependence", "build", str(store), str(people), str(weeks)]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        own_it(store)
        for quarter in ("2026Q1", "2026Q2"):
            release(store, releases, quarter)
        return both(store, releases, seconds)


def release(store: Path, releases: Path, quarter: str) -> None:
    """Release a quarter of a store of which nobody is asked."""
    approval = ("--approver", "A", "--notice-date", "2026-01-01", "--works-council", "OR-1")
    command = [str(MEETLOAD), "release", "--store", str(store), "--out", str(releases), "--period", quarter]
    key = store.with_suffix(".key")
    subprocess.run([*command, "--key", str(key), *approval], check=True, capture_output=True, text=True)


def both(store: Path, releases: Path, seconds: float = SECONDS) -> dict[str, float]:
    """One server for a person out of a store, another for management and HR out of its releases: the worse of both."""
    key = store.with_suffix(".pub")
    own = Door(Store(store), datetime.now(UTC).date()).viewers()
    groups = viewers_of(ReleasedDoor(read_releases(releases, read_public_key(key))).viewers())
    found = [
        measure(("--store", str(store)), own, most=3 * 3600.0, seconds=seconds),
        measure(("--release", str(releases), "--key", str(key)), groups, seconds=seconds),
    ]
    sums = ("errors", "waits", "crowd_requests", "crowd_errors", "crowd_waits")
    return {name: (sum if name in sums else max)(each[name] for each in found) for name in found[0]}


def own_it(store: Path) -> None:
    """Make the first manager of a simulated store its owner, so that somebody looks at the own pages."""
    people = Store(store).frame("people").sort_values("person_id")
    with writing(store) as writer:
        writer.set("owner", str(people.loc[people["level"] == 2, "person_id"].iloc[0]))


def viewers_of(found: Sequence[Viewer]) -> tuple[Viewer, ...]:
    """Of those who may look: the owner, the management of the whole and of one department, and HR."""
    units = [viewer for viewer in found if viewer.unit][:1]
    return (*(viewer for viewer in found if not viewer.unit), *units)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        chosen, told = map(Path, sys.argv[1:3])
        print(json.dumps(both(chosen, told, float(sys.argv[3]) if len(sys.argv) > 3 else SECONDS)))
    else:
        print(json.dumps(demo()))
