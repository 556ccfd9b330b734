"""Where tokens are kept, who can read them there, and that they are gone when they should be."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import types
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from connectors.secrets import FileSecrets, KeyringSecrets, all_places, forget, secrets
from store.errors import BadInput, Unreachable

TOKEN = "1//0walnoot-kastanje"
KEY = "google/anna@example.org"


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o177], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


class KeyringError(Exception):
    pass


class Ring:
    """A keyring in memory; `limit` is what the smallest of them takes in one entry."""

    priority = 5

    def __init__(self):
        self.entries = {}
        self.locked = False
        self.limit = 1280

    def _open(self):
        if self.locked:
            raise KeyringError(f"locked, and it says {TOKEN}")

    def get_password(self, service, username):
        self._open()
        return self.entries.get((service, username))

    def set_password(self, service, username, password):
        self._open()
        assert len(password) <= self.limit
        self.entries[service, username] = password

    def delete_password(self, service, username):
        self._open()
        del self.entries[service, username]


@pytest.fixture
def keyring(monkeypatch):
    """The `keyring` package with a keyring behind it."""
    module, errors = types.ModuleType("keyring"), types.ModuleType("keyring.errors")
    errors.KeyringError = KeyringError
    module.ring = Ring()
    module.get_keyring = lambda: module.ring
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return module


@pytest.fixture(params=["file", "keyring"])
def place(request, tmp_path, keyring):
    return FileSecrets(tmp_path / "secrets") if request.param == "file" else KeyringSecrets(keyring.ring)


def test_what_is_saved_is_loaded(place):
    assert (place.load(KEY), place.keys()) == (None, [])
    place.save(KEY, TOKEN)
    place.save("caldav/anna", "pässwörd\n ")
    assert place.load(KEY) == TOKEN
    assert place.load("caldav/anna") == "pässwörd\n "
    assert place.keys() == ["caldav/anna", KEY]
    place.save(KEY, "new")
    assert place.load(KEY) == "new"
    place.forget(KEY)
    place.forget("never there")
    assert (place.load(KEY), place.keys()) == (None, ["caldav/anna"])


steps = some.lists(
    some.tuples(some.sampled_from(["a", "b/c", "keys", "a#0"]), some.none() | some.text(max_size=3000)), max_size=12
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_it_remembers_like_a_dictionary(place, steps):
    list(map(place.forget, place.keys()))
    expected = {}
    for key, value in steps:
        if value is None or "\ud800" <= max(value, default="") <= "\udfff":
            place.forget(key)
            expected.pop(key, None)
        else:
            place.save(key, value)
            expected[key] = value
    assert dict(zip(place.keys(), map(place.load, place.keys()), strict=True)) == expected


def test_the_file_is_the_owners_alone_whatever_the_umask(tmp_path, umask):
    folder = tmp_path / "config" / "meetload" / "secrets"
    place = FileSecrets(folder)
    for value in (TOKEN, "second"):
        place.save(KEY, value)
        assert mode(place.file) == 0o600 & ~umask
        assert [mode(each) for each in (folder, folder.parent, folder.parent.parent)] == [0o700 & ~umask] * 3
        assert not [each for each in folder.iterdir() if mode(each) & 0o077]
    assert place.load(KEY) == "second"


def test_the_file_is_never_open_to_others_not_even_while_it_is_written(tmp_path, monkeypatch):
    before = os.umask(0)
    seen = []
    plain = os.open

    def watching(path, flags, mode=0o777, **named):
        descriptor = plain(path, flags, mode, **named)
        if flags & os.O_CREAT:
            seen.append((Path(path).name, stat.S_IMODE(os.fstat(descriptor).st_mode)))
        return descriptor

    monkeypatch.setattr(os, "open", watching)
    try:
        FileSecrets(tmp_path / "secrets").save(KEY, TOKEN)
    finally:
        os.umask(before)
    assert {"secrets.json.part", "lock"} <= {name for name, _ in seen}
    assert {mode for _, mode in seen} == {0o600}


@pytest.mark.parametrize("opened", [0o644, 0o640, 0o604, 0o660, 0o610])
def test_a_file_that_others_can_read_is_refused(tmp_path, opened):
    place = FileSecrets(tmp_path / "secrets")
    place.save(KEY, TOKEN)
    place.file.chmod(opened)
    for use in (lambda: place.load(KEY), place.keys, lambda: place.save("a", "b"), lambda: place.forget(KEY)):
        with pytest.raises(BadInput, match=r"can be read by others.*chmod 600 .*secrets\.json") as raised:
            use()
        assert TOKEN not in str(raised.value)
    place.file.chmod(0o600)
    assert place.load(KEY) == TOKEN


def test_a_folder_that_others_can_enter_is_refused(tmp_path):
    place = FileSecrets(tmp_path / "secrets")
    place.folder.mkdir(mode=0o755)
    with pytest.raises(BadInput, match="chmod 700"):
        place.save(KEY, TOKEN)
    assert list(place.folder.iterdir()) == []
    place.folder.chmod(0o700)
    place.save(KEY, TOKEN)
    place.folder.chmod(0o755)
    with pytest.raises(BadInput, match="chmod 700"):
        place.load(KEY)


def test_a_file_of_somebody_else_is_refused(tmp_path, monkeypatch):
    place = FileSecrets(tmp_path / "secrets")
    place.save(KEY, TOKEN)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(BadInput, match="belongs to another user"):
        place.load(KEY)


def test_a_link_in_place_of_the_file_or_folder_is_refused(tmp_path):
    place = FileSecrets(tmp_path / "secrets")
    place.save(KEY, TOKEN)
    place.file.rename(tmp_path / "elsewhere")
    place.file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="cannot be opened"):
        place.load(KEY)
    linked = FileSecrets(tmp_path / "linked")
    linked.folder.symlink_to(place.folder, target_is_directory=True)
    with pytest.raises(BadInput, match="chmod 700"):
        linked.save(KEY, TOKEN)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1}', '{"a": null}', "null"])
def test_a_damaged_file_is_said_without_its_content(tmp_path, content):
    place = FileSecrets(tmp_path / "secrets")
    place.save(KEY, TOKEN)
    place.file.write_text(content and content + " " + TOKEN if content == "{" else content)
    with pytest.raises(BadInput, match="is damaged") as raised:
        place.load(KEY)
    assert TOKEN not in str(raised.value)


def test_two_at_once_lose_nothing(tmp_path):
    place = FileSecrets(tmp_path / "secrets")
    threads = [threading.Thread(target=place.save, args=(f"key {number}", TOKEN)) for number in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(place.keys()) == 12


def test_a_crash_while_writing_leaves_the_old_secrets(tmp_path, monkeypatch):
    place = FileSecrets(tmp_path / "secrets")
    place.save(KEY, TOKEN)

    def crash(*_):
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("pathlib.Path.replace", crash)
        with pytest.raises(OSError, match="disk is full"):
            place.save(KEY, "newer")
    assert place.load(KEY) == TOKEN
    assert forget("google", [place]).keys == (KEY,)
    assert not [path for path in place.folder.iterdir() if path.read_bytes()]


def test_secrets_are_in_no_environment_and_no_description(tmp_path, place):
    place.save(KEY, TOKEN)
    assert TOKEN not in repr(place) + str(place)
    assert not [value for value in os.environ.values() if TOKEN in value]
    shown = subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
    assert TOKEN not in shown


def test_the_keyring_is_used_where_there_is_a_real_one(tmp_path, keyring):
    assert isinstance(secrets(tmp_path / "s"), KeyringSecrets)
    assert len(all_places(tmp_path / "s")) == 2
    keyring.ring.priority = 0.5
    assert secrets(tmp_path / "s") == FileSecrets(tmp_path / "s")
    keyring.ring.priority = 5
    keyring.ring.locked = True
    assert all_places(tmp_path / "s") == [FileSecrets(tmp_path / "s")]


def test_without_the_package_the_file_is_used(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    place = secrets()
    assert isinstance(place, FileSecrets)
    assert place.folder.name == "secrets"
    assert "meetload" in str(place.folder)


def test_a_locked_keyring_is_said_without_its_words(keyring):
    place = KeyringSecrets(keyring.ring)
    place.save(KEY, TOKEN)
    keyring.ring.locked = True
    with pytest.raises(Unreachable, match="unlock it") as raised:
        place.load(KEY)
    assert TOKEN not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_long_secret_fits_the_smallest_keyring(keyring):
    place = KeyringSecrets(keyring.ring)
    cache = json.dumps({"secret": "x" * 20_000})
    place.save(KEY, cache)
    assert place.load(KEY) == cache
    place.save(KEY, "short")
    assert len(keyring.ring.entries) == 2
    place.forget(KEY)
    assert keyring.ring.entries == {}


def test_forgetting_a_source_takes_all_of_it_and_nothing_else(tmp_path, keyring):
    places = all_places(tmp_path / "s")
    for place in places:
        for key in (KEY, "google/bob@example.org", "google", "googleplex/carl", "caldav/anna"):
            place.save(key, TOKEN if key == KEY else f"token of {key}")
    done = forget("google", places)
    assert done.keys == ("google", KEY, "google/bob@example.org")
    assert str(done) == f"removed and found gone: google, {KEY}, google/bob@example.org"
    assert [place.keys() for place in places] == [["caldav/anna", "googleplex/carl"]] * 2
    assert TOKEN not in str(keyring.ring.entries)
    assert TOKEN not in places[1].file.read_text()
    assert str(forget("google", places)) == "there were no secrets of google"


def test_forgetting_leaves_no_folder_behind_where_there_was_none(tmp_path):
    place = FileSecrets(tmp_path / "s")
    assert forget("google", [place]).keys == ()
    assert not place.folder.exists()


def test_the_proof_finds_what_was_not_removed(place, monkeypatch):
    place.save(KEY, TOKEN)
    monkeypatch.setattr(type(place), "forget", lambda *_: None)
    with pytest.raises(Unreachable, match=f"could not be removed: {KEY}"):
        forget("google", [place])


def test_the_proof_finds_copies_in_the_folder(tmp_path):
    place = FileSecrets(tmp_path / "s")
    place.save(KEY, TOKEN)
    (place.folder / "secrets.json.bak").write_bytes(place.file.read_bytes())
    with pytest.raises(Unreachable, match=r"secrets\.json\.bak") as raised:
        forget("google", [place])
    assert TOKEN not in str(raised.value)


def test_the_proof_finds_entries_the_index_has_lost(keyring):
    place = KeyringSecrets(keyring.ring)
    place.save(KEY, "x" * 2500)
    keyring.ring.entries["meetload", "keys"] = json.dumps({KEY: 1})
    with pytest.raises(Unreachable, match="could not be removed"):
        forget("google", [place])
