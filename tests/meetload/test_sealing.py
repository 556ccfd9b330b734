"""A process that serves a release: what it may open of the machine, tried in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from meetload.sealing import seal

ROOT = Path(__file__).parents[2]
TRY = """
import json, sys, threading
sys.path.insert(0, "tests")
# Where `make test-defences` takes the defence away, it is away in this process too.
import defences
defences.pytest_configure()
from pathlib import Path
from meetload.sealing import seal
from store.viewlog import ViewLog

release, elsewhere, views = map(Path, sys.argv[1:])
log = ViewLog(views)
files = log.prepared()
if not seal([release], files):
    print(json.dumps(None))
    sys.exit()

def tried(what):
    try:
        what()
    except BaseException as error:
        return type(error).__name__
    return "done"

def store():
    from store.database import Store
    Store(elsewhere / "scan.db")

def copies():
    from store.copies import open_copies
    with open_copies(elsewhere / "scan.db"):
        pass

def secrets():
    from connectors.secrets.file import FileSecrets
    FileSecrets(elsewhere / "keys").keys()

def in_a_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(tried(store)))
    thread.start()
    thread.join()
    if found != ["done"]:
        raise PermissionError(found)

def outside():
    import subprocess
    subprocess.run(["cat", str(elsewhere / "scan.db")], check=True, capture_output=True)

def note():
    from datetime import datetime
    for second in (1, 2):
        log.note("ann", "view", "/ as hr", datetime(2026, 1, 1, 0, 0, second))
    assert log.check() == [] and len(log.rows()) == 2

print(json.dumps({
    "release": tried((release / "2026Q1.json").read_bytes),
    "views": tried(note),
    "imports": tried(lambda: __import__("dashboard.pages.dependence")),
    "zone": tried(lambda: __import__("zoneinfo").ZoneInfo("Europe/Amsterdam")),
    "write release": tried(lambda: (release / "2026Q1.json").write_bytes(b"")),
    "new file": tried(lambda: (release / "new").write_bytes(b"")),
    "store": tried(store),
    "copies": tried(copies),
    "secrets": tried(secrets),
    "thread": tried(in_a_thread),
    "child": tried(outside),
    "folder": tried(lambda: list(elsewhere.iterdir())),
    "home": tried(lambda: list(Path(elsewhere.parent).iterdir())),
}))
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    folder = tmp_path_factory.mktemp("machine")
    release, elsewhere = folder / "release", folder / "elsewhere"
    release.mkdir()
    (release / "2026Q1.json").write_text("{}")
    (elsewhere / "keys").mkdir(parents=True, mode=0o700)
    (elsewhere / "keys" / "secrets.json").touch(mode=0o600)
    (elsewhere / "scan.db").write_bytes(b"rows")
    command = [sys.executable, "-c", TRY, release, elsewhere, release / "release.views.jsonl"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    if found is None:
        pytest.skip("this kernel has no Landlock")
    return found


@pytest.mark.parametrize("what", ["release", "views", "imports", "zone"])
def test_what_serving_needs_goes_on(tried, what):
    assert tried[what] == "done"


@pytest.mark.parametrize("what", ["store", "copies", "secrets", "thread", "child", "folder", "home"])
def test_stores_queues_and_keys_cannot_be_opened_any_more(tried, what):
    assert tried[what] != "done"


@pytest.mark.parametrize("what", ["write release", "new file"])
def test_a_release_is_read_only_to_who_serves_it(tried, what):
    assert tried[what] == "PermissionError"


def test_a_system_without_it_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not seal([])
