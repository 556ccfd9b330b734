from __future__ import annotations

import json
import os
from datetime import datetime

import pytest

from classify import signing
from store.errors import BadInput

NOW = datetime(2026, 11, 22, 9, 0)


def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    file = tmp_path / "config" / "signing.key"
    with pytest.raises(BadInput, match="no signing key"):
        signing.own_key(file)
    made = signing.own_key(file, make=True)
    assert signing.own_key(file).private_bytes_raw() == made.private_bytes_raw()
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
        with pytest.raises(BadInput, match="chmod 600"):
            signing.own_key(file)


def test_a_damaged_key_says_what_to_do(tmp_path):
    file = tmp_path / "signing.key"
    file.write_bytes(b"short")
    file.chmod(0o600)
    with pytest.raises(BadInput, match="damaged"):
        signing.own_key(file)


def test_a_signature_holds_for_one_digest_one_person_and_one_key(tmp_path):
    key = signing.own_key(tmp_path / "key", make=True)
    signing.sign(tmp_path, "digest", "ann", NOW, key)
    signing.verify(tmp_path, "digest", key)
    with pytest.raises(BadInput, match="changed after ann accepted it"):
        signing.verify(tmp_path, "another", key)
    with pytest.raises(BadInput, match="not accepted by this installation"):
        signing.verify(tmp_path, "digest", signing.own_key(tmp_path / "other key", make=True))
    said = json.loads((tmp_path / signing.SIGNATURE).read_text())
    (tmp_path / signing.SIGNATURE).write_text(json.dumps(said | {"accepted_by": "bob"}))
    with pytest.raises(BadInput, match="not accepted"):
        signing.verify(tmp_path, "digest", key)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"signature": "?"}'])
def test_a_broken_signature_is_none(tmp_path, text):
    (tmp_path / signing.SIGNATURE).write_text(text)
    with pytest.raises(BadInput, match="not accepted"):
        signing.verify(tmp_path, "digest", signing.own_key(tmp_path / "key", make=True))
