"""What `meetload forget` does in which order, and what it says of a grant that Google did not withdraw."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import pytest

from connectors.contract import Window
from connectors.secrets.file import FileSecrets
from meetload import forgetting
from store.copies import Taken, copies_path, open_copies
from store.database import Store, writing
from tests.connectors.fakes.google import GoogleFake
from tests.connectors.fakes.google_world import World
from tests.written import Copy, batch_of

NINE = datetime(2026, 1, 5, 9)
WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 2, 1))


@pytest.fixture
def place(tmp_path, monkeypatch):
    found = FileSecrets(tmp_path / "secrets")
    monkeypatch.setattr(forgetting, "all_places", lambda: [found])
    found.save("google/client", json.dumps({"refresh_token": "r3fresh", "scopes": []}))
    found.save("outlook/client", "word")
    return found


def settings(tmp_path, revoke_url: str):
    file = tmp_path / "settings.toml"
    file.write_text(f'[google]\nrevoke_url = "{revoke_url}"\ntimeout = 2.0\n')
    return file


def test_the_grant_is_withdrawn_before_the_secrets_go(place, tmp_path, monkeypatch):
    order = []
    removed = forgetting.forget_secrets
    monkeypatch.setattr(forgetting, "forget_secrets", lambda *given: order.append("forget") or removed(*given))
    with GoogleFake(World.of({})) as fake:
        monkeypatch.setattr(forgetting, "_prove", lambda *_: None)
        gone = forgetting.forget_source("google", None, settings(tmp_path, f"{fake.url}/revoke"))
        assert fake.counts["revoke"] == 1
    assert (gone.withdrawn, gone.standing, gone.secrets, order) == (1, 0, ("google/client",), ["forget"])
    assert place.keys() == ["outlook/client"]


def test_only_a_sign_in_is_withdrawn_and_each_once(place, tmp_path, monkeypatch):
    others = {"password": "r3fresh", "list": "[1]", "number": "7", "key": json.dumps({"private_key": "p"})}
    for name, secret in others.items():
        place.save(f"google/{name}", secret)
    twin = FileSecrets(tmp_path / "twin")
    twin.save("google/client", place.load("google/client"))
    monkeypatch.setattr(forgetting, "all_places", lambda: [place, twin])
    with GoogleFake(World.of({})) as fake:
        gone = forgetting.forget_source("google", None, settings(tmp_path, f"{fake.url}/revoke"))
        assert fake.counts["revoke"] == 1
    assert (gone.withdrawn, gone.standing) == (1, 0)
    assert set(gone.secrets) == {"google/client", *(f"google/{name}" for name in others)}


def test_google_out_of_reach_keeps_nothing_here(place, tmp_path):
    gone = forgetting.forget_source("google", None, settings(tmp_path, "http://127.0.0.1:9/revoke"))
    assert (gone.withdrawn, gone.standing) == (0, 1)
    assert place.keys() == ["outlook/client"]


def test_other_vendors_are_not_asked(place):
    gone = forgetting.forget_source("outlook", None)
    assert (gone.withdrawn, gone.standing) == (0, 0)
    assert place.keys() == ["google/client"]


def test_the_command_says_that_the_grant_may_still_stand(tmp_path):
    FileSecrets(tmp_path / "meetload" / "secrets").save("google/client", json.dumps({"refresh_token": "r3fresh"}))
    file = settings(tmp_path, "http://127.0.0.1:9/revoke")
    done = subprocess.run(
        [sys.executable, "-c", "from meetload.cli import main; main()", "forget", "google", "--settings", str(file),
         "--store", str(tmp_path / "none.db")],
        env={"XDG_CONFIG_HOME": str(tmp_path), "COLUMNS": "200", "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "did not confirm" in done.stdout
    assert "secrets removed: google/client" in done.stdout
    assert "r3fresh" not in done.stdout + done.stderr


def pulled(copies, source: str, *uids: str) -> None:
    found = [Copy(uid, NINE, NINE.replace(hour=10), organizer="anna@x.org") for uid in uids]
    batch = batch_of(found, "anna@x.org", source, "Europe/Amsterdam")
    copies.replace(source, "anna@x.org", Taken(batch, "anna@x.org"), WINDOW, NINE)


def test_the_store_is_written_once_and_what_another_source_has_stays(place, tmp_path, monkeypatch):
    store = tmp_path / "s.db"
    with open_copies(store) as copies:
        pulled(copies, "google", "both", "mine")
        pulled(copies, "outlook", "both")
        with writing(store) as writer:
            writer.settle(copies.settle())
    opened = []
    monkeypatch.setattr(forgetting, "writing", lambda path: opened.append(path) or writing(path))
    monkeypatch.setattr(forgetting, "_withdraw", lambda _: [])
    gone = forgetting.forget_source("google", store)
    assert (gone.mailboxes, opened) == (1, [store])
    assert list(Store(store).frame("meetings")["source"]) == ["outlook"]
    assert copies_path(store).exists()
    assert forgetting.forget_source("outlook", store).mailboxes == 1
    assert not copies_path(store).exists()
    assert Store(store).frame("meetings").empty
