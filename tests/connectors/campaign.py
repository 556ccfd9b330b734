"""The fault campaign: a scan of a whole tenant that is throttled, cut off, signed out and killed, and one that is not.

The fake tenant runs in this process; every scan runs in a process of its own, which can be killed at any point.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from store.database import Store

ROOT = Path(__file__).parents[2]
TABLES = ("people", "aliases", "meetings", "attendance", "absences", "moves", "labels")
CAMPAIGN = "campaign"
SCAN = "[scan]\nmost_concurrency = 8\n"


@dataclass
class Outcome:
    """The tables a campaign ended with, what it said, and what it cost."""

    tables: dict[str, pd.DataFrame]
    said: str
    requests: int
    seconds: float
    kills: int
    struck: int
    folder: Path
    titles: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


def run(
    vendor: str, folder: Path, mailboxes: int, weeks: int, *, faulty: bool, kills: int = 0, seed: int = 5
) -> Outcome:
    """Scan a generated tenant to the end; with `kills`, kill -9 that many times on the way."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        fake, given = (google if vendor == "google" else outlook)(stack, folder, mailboxes, weeks, seed, faulty=faulty)
        began = time.monotonic()
        asked = mailboxes * (2 if vendor == "google" else 1)
        said = [_killed(given, folder, fake, asked * (number + 1) // (kills + 1)) for number in range(kills)]
        said.append(_finished(given, folder))
        seconds = time.monotonic() - began
        requests, struck = sum(fake.counts.values()), sum(getattr(fake, "struck", {}).values())
        titles, people = _titles(vendor, fake), _people(vendor, fake)
    store = Store(folder / "scan.db")
    tables = {name: store.frame(name) for name in TABLES}
    return Outcome(tables, "".join(said), requests, seconds, kills, struck, folder, titles, people)


def google(stack: ExitStack, folder: Path, mailboxes: int, weeks: int, seed: int, *, faulty: bool) -> tuple[Any, dict]:
    from tests.connectors.fakes.google import GoogleFake
    from tests.connectors.fakes.google_faults import Faults
    from tests.connectors.fakes.google_world import World

    faults = Faults(seed, throttled=0.05, retry_after="0", server_errors=0.02, dropped=0.01, expired=0.01, on=faulty)
    world = World.generate(mailboxes, weeks, seed)
    fake = stack.enter_context(GoogleFake(world, faults, validate_every=50))
    settings = fake.settings()
    (folder / "settings.toml").write_text(
        f'[google]\ncalendar_url = "{settings.calendar_url}"\ndirectory_url = "{settings.directory_url}"\n'
        f"requests_per_minute = 1000000\nquota_rest = 0\n{SCAN}"
    )
    (folder / "key.json").write_text(json.dumps(fake.key()))
    return fake, {"vendor": "google", "key": "key.json", "admin": world.mailboxes[0], "settings": "settings.toml"}


def outlook(stack: ExitStack, folder: Path, mailboxes: int, weeks: int, seed: int, *, faulty: bool) -> tuple[Any, dict]:
    from dataclasses import replace

    from tests.connectors.fakes.outlook import OutlookFake
    from tests.connectors.fakes.outlook_faults import Faults
    from tests.connectors.fakes.outlook_world import World

    faults = replace(Faults.campaign(seed), retry_after=0) if faulty else Faults(seed)
    fake = stack.enter_context(OutlookFake(World.generate(mailboxes, weeks, seed), faults, validate=mailboxes <= 100))
    return fake, {"vendor": "outlook", "graph": fake.url, "token": fake.origin}


def _titles(vendor: str, fake: Any) -> set[str]:
    name = "summary" if vendor == "google" else "subject"
    boxes = fake.world.mailboxes if vendor == "google" else [user["id"] for user in fake.world.users]
    found = {each.get(name) for box in boxes[:20] for each in fake.world.events(box)}
    return {title for title in found if title and len(title) > 7}


def _people(vendor: str, fake: Any) -> set[str]:
    """Addresses of the tenant's people."""
    if vendor == "google":
        return set(fake.world.mailboxes)
    return {user["mail"] for user in fake.world.users if user.get("mail")}


def _start(given: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.connectors.campaign", json.dumps(given), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _killed(given: dict[str, str], folder: Path, fake: Any, requests: int) -> str:
    """Start a scan and kill it once the tenant has been asked so many times (of Google a token and a page a mailbox)."""
    process = _start(given, folder)
    while process.poll() is None and sum(fake.counts.values()) < requests:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    return process.communicate()[0]


def _finished(given: dict[str, str], folder: Path) -> str:
    process = _start(given, folder)
    said = process.communicate()[0]
    assert process.returncode == 0, said
    return said


def scan(given: dict[str, str], folder: Path) -> None:
    """One scan, as the command line would do it (in a process of its own)."""
    from connectors.contract import Window
    from connectors.scan.backoff import Patience
    from connectors.scan.settings import ScanSettings
    from meetload.pulling import pull_organisation

    tenant = _tenant(given, folder)
    _same_key(folder / "scan.db")
    how = ScanSettings(patience=Patience(attempts=20, base=0.02, cap=0.2), seed=3)
    window = Window(datetime(2024, 12, 1), datetime(2027, 3, 1))
    pulled = pull_organisation(
        tenant.source,
        folder / "scan.db",
        window,
        {"timezone": "Europe/Amsterdam"},
        tenant.chart,
        how,
        today=datetime(2026, 11, 21).date(),
        bucket=tenant.bucket,
    )
    print(pulled.report)
    print(pulled.changes)


def _same_key(store: Path) -> None:
    """Every campaign under one key, so that the rows of two can be compared."""
    from connectors.secrets import secrets
    from meetload.scankey import NAME, REGISTER
    from store.database import writing
    from store.schema import SCANNED

    for key in (f"scan/{CAMPAIGN}", f"register/{CAMPAIGN}"):
        secrets().save(key, "c0" * 32)
    with writing(store) as writer:
        for setting, value in ((SCANNED, "yes"), (NAME, CAMPAIGN), (REGISTER, CAMPAIGN)):
            writer.set(setting, value)


def _tenant(given: dict[str, str], folder: Path) -> Any:
    from meetload.tenants import google_tenant

    if given["vendor"] == "google":
        file = folder / given["settings"]
        return google_tenant(folder / given["key"], given["admin"], "Europe/Amsterdam", org_unit="/", file=file)
    return _outlook_tenant(given)


def _outlook_tenant(given: dict[str, str]) -> Any:
    """As `meetload.tenants.outlook_tenant`, with the fake's words of access instead of Microsoft's sign-in."""
    from connectors.chart import chart_of, entries_of
    from connectors.outlook import directory
    from connectors.outlook.client import Graph
    from connectors.outlook.settings import OutlookSettings
    from connectors.outlook.source import organisation
    from connectors.scan.backoff import Patience, patiently
    from connectors.scan.bucket import Bucket
    from meetload.tenants import Tenant

    bucket = Bucket(1_000_000, burst=64)
    settings = OutlookSettings(client_id="cid", tenant="tenant", graph=given["graph"])
    graph = Graph(settings, Issued(given["token"]), before_request=bucket.take)
    short: Callable[[Callable[[], Any]], Any] = lambda ask: patiently(ask, Patience(attempts=20, base=0.02, cap=0.2))  # noqa: E731
    known = short(lambda: directory.people(graph))
    rooms, groups = short(lambda: directory.rooms(graph)), short(lambda: directory.groups(graph))
    source = organisation(graph, known, rooms=rooms, groups=groups)
    return Tenant(source, chart_of(entries_of(known), "outlook"), bucket, ())


class Issued:
    """Asks the fake's token address for a new word of access whenever the last one was refused."""

    def __init__(self, origin: str) -> None:
        import requests

        self._origin, self._token, self._requests = origin, "", requests

    def token(self, refused: str | None = None) -> str:
        if not self._token or self._token == refused:
            answer = self._requests.post(f"{self._origin}/issue", timeout=10)
            self._token = answer.json()["access_token"]
        return self._token


if __name__ == "__main__":
    scan(json.loads(sys.argv[1]), Path(sys.argv[2]))
