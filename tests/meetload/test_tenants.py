"""What the front door makes of a tenant: the pace its vendor wants, and no connection left open behind a pull."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

import pytest

from connectors.contract import Pull, Window
from connectors.errors import Misconfigured
from connectors.scan.settings import ScanSettings
from meetload import pull, tenants
from meetload.settings import settings_of
from tests.connectors.fakes.google import GoogleFake
from tests.connectors.fakes.google_world import World as GoogleWorld
from tests.connectors.fakes.outlook import OutlookFake
from tests.connectors.fakes.outlook_case import small_world

WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 2, 1))


def pace(how: ScanSettings) -> tuple[int, int]:
    return how.concurrency, how.most_concurrency


@pytest.fixture
def outlook(tmp_path, monkeypatch):
    with OutlookFake(small_world()) as fake:
        monkeypatch.setattr(tenants, "AppSignIn", lambda *_: fake.sign_in())
        monkeypatch.setattr(tenants.Certificate, "read", lambda _: None)
        file = tmp_path / "settings.toml"
        file.write_text(
            f'[outlook]\ngraph = "{fake.url}"\nin_flight = 2\nmost_in_flight = 3\n[scan]\nconcurrency = 1\n'
        )
        tenant = tenants.outlook_tenant("cid", "tenant", tmp_path / "app.pem", "Europe/Amsterdam", file=file)
        yield tenant, file
        tenant.source.close()


def test_outlooks_numbers_are_those_of_the_scan_unless_it_has_its_own(outlook):
    tenant, file = outlook
    assert pace(tenant.how) == (2, 3)
    assert pace(settings_of(replace(tenant.how, tokens=True), "scan", file)) == (1, 3)


def test_googles_numbers_are_those_of_the_scan(tmp_path):
    with GoogleFake(GoogleWorld.generate(2, 1, 1)) as fake:
        settings = fake.settings()
        (tmp_path / "key.json").write_text(json.dumps(fake.key()))
        (tmp_path / "settings.toml").write_text(
            f'[google]\ncalendar_url = "{settings.calendar_url}"\ndirectory_url = "{settings.directory_url}"\n'
            "threads = 3\nmost_threads = 5\n"
        )
        tenant = tenants.google_tenant(
            tmp_path / "key.json",
            fake.world.mailboxes[0],
            "Europe/Amsterdam",
            org_unit="/",
            file=tmp_path / "settings.toml",
        )
        assert pace(tenant.how) == (3, 5)


class Door:
    """A source that notes when it is hung up."""

    name = "ics"

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.closed = error, 0

    def mailboxes(self):
        yield "anna@x.org"

    def pull(self, mailbox, window, token=None):
        if self.error:
            raise self.error
        return Pull(owner=mailbox)

    def close(self):
        self.closed += 1


@pytest.mark.parametrize("error", [None, Misconfigured("the key is void")])
def test_an_own_pull_hangs_up_however_it_ends(tmp_path, error):
    door = Door(error)
    with pytest.raises(Misconfigured) if error else nullcontext():
        pull._own(door, ("anna@x.org",), tmp_path / "s.db", WINDOW, "Europe/Amsterdam", tokens=False)
    assert door.closed == 1


def test_a_scan_hangs_up_when_it_fails(tmp_path, outlook, monkeypatch):
    tenant, _ = outlook
    door = Door()
    monkeypatch.setattr(
        "meetload.pulling.pull_organisation", lambda *_, **__: (_ for _ in ()).throw(Misconfigured("no"))
    )
    with pytest.raises(Misconfigured):
        pull._scan(replace(tenant, source=door), tmp_path / "s.db", WINDOW, "Europe/Amsterdam", None, tokens=False)
    assert door.closed == 1
