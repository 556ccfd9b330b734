"""Sources out of what a person or an administrator names on the command line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.chart import Chart, chart_of, entries_of
from connectors.errors import Denied
from connectors.google.directory import DirectoryReader
from connectors.google.login import service_account_key, sign_in
from connectors.google.own import own_source
from connectors.google.settings import SCAN_SCOPES, GoogleSettings, own_scopes
from connectors.google.source import GoogleSource
from connectors.google.wire import DelegatedWire
from connectors.outlook import directory as graph_directory
from connectors.outlook.client import Graph
from connectors.outlook.login import AppSignIn, Certificate, OwnSignIn
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.source import organisation, own_calendar
from connectors.scan.backoff import Patience, patiently
from connectors.scan.bucket import Bucket
from connectors.scan.settings import ScanSettings
from connectors.secrets import secrets
from meetload.console import NOTES, OUT
from meetload.settings import settings_of
from meetload.windows import on_a_terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connectors.asking import Asking
    from connectors.contract import Source
    from connectors.identity import Known
    from store.errors import Problem


@dataclass(frozen=True)
class Tenant:
    """An organisation ready to be scanned: its calendars, its chart, the allowance its requests draw on, and the pace.

    `how` is how the vendor wants to be scanned; a settings file may say otherwise in its section [scan].
    """

    source: Source
    chart: Chart
    bucket: Bucket
    problems: tuple[Problem, ...]
    how: ScanSettings = field(default_factory=ScanSettings)


def _nothing(*_: object) -> None:
    pass


def _wait(seconds: float) -> None:
    NOTES.print(f"asked to wait; going on in {seconds:.0f} s")
    time.sleep(seconds)


@dataclass(frozen=True)
class Reading:
    """How somebody's own calendar is read: how they are asked to sign in, and what is done while waiting.

    `after_page` is called with the number of events on each page, and with 0 as soon as somebody is signed in.

    `known` is who they are in the store, where another calendar of theirs is there already.
    """

    asking: Asking = field(default_factory=on_a_terminal)
    known: Known | None = None
    after_page: Callable[[int], None] = _nothing
    sleep: Callable[[float], None] = _wait


def google_own(
    client_file: Path,
    me: str | None,
    home: str,
    *,
    shared: bool,
    hours_only: bool,
    file: Path | None,
    how: Reading | None = None,
) -> Source:
    """One's own Google calendar, after signing in where nobody is yet."""
    how = how or Reading()
    settings = settings_of(GoogleSettings(), "google", file)
    scopes = own_scopes(shared=shared, hours_only=hours_only)
    credentials = sign_in(client_file, scopes, secrets(), settings, how.asking)
    how.after_page(0)

    def source() -> Source:
        return own_source(
            credentials,
            settings,
            me=me,
            shared=shared,
            hours_only=hours_only,
            home=home,
            known=how.known,
            after_page=how.after_page,
        )

    return patiently(source, sleep=how.sleep)


def google_tenant(key_file: Path, admin: str, home: str, *, org_unit: str, file: Path | None) -> Tenant:
    """Everybody's Google calendar, by a service account with domain-wide delegation."""
    settings = settings_of(GoogleSettings(), "google", file)
    bucket = Bucket(settings.requests_per_minute, burst=settings.threads)
    key = service_account_key(key_file)
    reader = DirectoryReader(
        key, admin, settings, before_request=bucket.take, patiently=lambda ask: patiently(ask, Patience())
    )
    found = reader.read()
    source = GoogleSource(
        DelegatedWire(key, settings, SCAN_SCOPES),
        tuple(found.mailboxes(org_unit)),
        settings,
        home=home,
        aliases=found.aliases,
        groups=found.groups,
        before_request=bucket.take,
    )
    how = ScanSettings(concurrency=settings.threads, most_concurrency=settings.most_threads)
    return Tenant(source, chart_of(entries_of(found.people), "google"), bucket, found.problems, how)


def outlook_own(
    client_id: str,
    tenant: str,
    home: str,
    *,
    device_code: bool,
    incremental: bool,
    file: Path | None,
    how: Reading | None = None,
) -> Source:
    """One's own Outlook calendar, after signing in where nobody is any more."""
    how = how or Reading()
    settings = settings_of(OutlookSettings(client_id=client_id, tenant=tenant), "outlook", file)
    own = OwnSignIn(settings, secrets())
    if not own.is_alive():
        if device_code:
            own.with_code(OUT.print)
        else:
            own.in_browser(how.asking)
    how.after_page(0)
    graph = Graph(settings, own)

    def source() -> Source:
        return own_calendar(graph, home, incremental=incremental, known=how.known, after_page=how.after_page)

    return patiently(source, sleep=how.sleep)


def outlook_tenant(client_id: str, tenant: str, certificate: Path, home: str, *, file: Path | None) -> Tenant:
    """Everybody's Outlook calendar, by an application with a certificate."""
    settings = settings_of(OutlookSettings(client_id=client_id, tenant=tenant), "outlook", file)
    bucket = Bucket(settings.requests_per_minute, burst=settings.most_in_flight)
    graph = Graph(settings, AppSignIn(settings, Certificate.read(certificate)), before_request=bucket.take)
    known = patiently(lambda: graph_directory.people(graph), Patience())
    rooms, groups = _if_allowed(graph)
    source = organisation(graph, known, home, rooms=rooms, groups=groups)
    how = ScanSettings(concurrency=settings.in_flight, most_concurrency=settings.most_in_flight)
    return Tenant(source, chart_of(entries_of(known), "outlook"), bucket, (), how)


def _if_allowed(graph: Graph) -> tuple[frozenset[str], frozenset[str]]:
    """Rooms and groups, where the administrator consented to reading those lists."""
    found: list[frozenset[str]] = []
    for ask in (graph_directory.rooms, graph_directory.groups):
        try:
            found.append(patiently(lambda ask=ask: ask(graph), Patience()))  # type: ignore[misc]
        except Denied:
            found.append(frozenset())
    return found[0], found[1]
